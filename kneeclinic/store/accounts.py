"""Accounts, sign-ins and wrong tries."""

from __future__ import annotations

from datetime import datetime

from kneeclinic.security.accounts import Account
from kneeclinic.security.fields import blind_index
from kneeclinic.security.sessions import Session
from kneeclinic.security.throttling import FailedSignIns
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, instant, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import Conflict, NotFound, Role

_ACCOUNT = valued(
    "account", "id name_index sealed_words role active password_hash created_at password_set_at disabled_at last_sign_in_at "
    "must_change_password"
) + """
    on conflict (id) do update set sealed_words = excluded.sealed_words, role = excluded.role, active = excluded.active,
        password_hash = excluded.password_hash, password_set_at = excluded.password_set_at, disabled_at = excluded.disabled_at,
        last_sign_in_at = excluded.last_sign_in_at, must_change_password = excluded.must_change_password
"""
_ACCOUNT_SELECT = """
    select id, sealed_words, role, active, password_hash, created_at, password_set_at, disabled_at, last_sign_in_at,
        coalesce(must_change_password, false)
    from account
"""
_SESSION = valued("session", "id token_hash account_id origin created_at last_seen_at ended_at ended_why step") + """
    on conflict (id) do update set last_seen_at = excluded.last_seen_at, ended_at = excluded.ended_at, ended_why = excluded.ended_why
"""
_SESSION_SELECT = "select id, token_hash, account_id, origin, created_at, last_seen_at, ended_at, ended_why, coalesce(step, '') from session "


def save_account(tx: Transaction, one: Account) -> None:
    """A new account, or a change to one (same id and name). Raises Conflict when the name belongs to somebody else."""
    name_index = blind_index(tx.keys, one.name)
    holder = tx.one("select id from account where name_index = ?", [name_index])
    if holder and holder[0] != one.id:
        raise Conflict(f"There is an account named {one.name} already; choose another name.")
    if not holder and tx.one("select 1 from account where id = ?", [one.id]):
        raise Conflict("The name of an account cannot be changed; add a new account and disable this one.")
    tx.run(_ACCOUNT, [
        one.id, name_index, seal_words(tx.keys, "account", one.id, {"name": one.name, "display_name": one.display_name}), one.role.value,
        one.active, one.password_hash, to_utc(one.created_at), to_utc(one.password_set_at), to_utc(one.disabled_at), to_utc(one.last_sign_in_at),
        one.must_change_password,
    ])
    tx.touch_everything()


def save_signed_in(tx: Transaction, account_id: str, at: datetime) -> None:
    """Notes the last sign-in of an account."""
    tx.run("update account set last_sign_in_at = ? where id = ?", [to_utc(at), account_id])


def read_account(db: Reader, account_id: str) -> Account:
    """One account; raises NotFound."""
    row = db.one(_ACCOUNT_SELECT + "where id = ?", [account_id])
    if row is None:
        raise NotFound(f"There is no account with the id {account_id}.")
    return _account(db, row)


def read_accounts(db: Reader) -> tuple[Account, ...]:
    """All accounts, disabled ones too, in the order in which they were made."""
    return tuple(_account(db, row) for row in db.rows(_ACCOUNT_SELECT + "order by created_at, id"))


def account_by_name(db: Reader, name: str) -> Account | None:
    """Whoever signs in with this name; case and blanks do not matter."""
    row = db.one(_ACCOUNT_SELECT + "where name_index = ?", [blind_index(db.keys, name)])
    return _account(db, row) if row else None


def account_names(db: Reader) -> dict[str, str]:
    """Account id to the name to show."""
    return {one.id: one.display_name or one.name for one in read_accounts(db)}


def save_session(tx: Transaction, one: Session) -> None:
    """A new session, or that it was seen or ended (same id)."""
    tx.run(_SESSION, [
        one.id, one.token_hash, one.account_id, one.origin, to_utc(one.created_at), to_utc(one.last_seen_at), to_utc(one.ended_at), one.ended_why,
        one.step,
    ])


def save_session_seen(tx: Transaction, session_id: str, at: datetime) -> bool:
    """Notes that the person was here; False when the session has ended meanwhile, which it stays."""
    return bool(tx.rows("update session set last_seen_at = ? where id = ? and ended_at is null returning id", [to_utc(at), session_id]))


def save_session_ended(tx: Transaction, session_id: str, at: datetime, why: str) -> bool:
    """Ends one session; False when it had ended before."""
    return bool(tx.rows("update session set ended_at = ?, ended_why = ? where id = ? and ended_at is null returning id",
                        [to_utc(at), why, session_id]))


def save_sessions_ended(tx: Transaction, account_id: str, at: datetime, why: str, *, but: str = "") -> int:
    """Ends every session of an account (`but` this one); returns how many."""
    return len(tx.rows(
        "update session set ended_at = ?, ended_why = ? where account_id = ? and ended_at is null and id <> ? returning id",
        [to_utc(at), why, account_id, but],
    ))


def read_session(db: Reader, token_hash: str) -> Session | None:
    """The session with this token hash, over or not; None when there never was one."""
    row = db.one(_SESSION_SELECT + "where token_hash = ?", [token_hash])
    return _session(row) if row else None


def session_by_id(db: Reader, session_id: str) -> Session:
    """One session; raises NotFound."""
    row = db.one(_SESSION_SELECT + "where id = ?", [session_id])
    if row is None:
        raise NotFound(f"There is no session with the id {session_id}.")
    return _session(row)


def open_sessions(db: Reader, account_id: str | None = None) -> tuple[Session, ...]:
    """Sessions not ended yet, newest first (`sessions.is_alive` says which have run out); of one account, or of all."""
    rows = db.rows(
        _SESSION_SELECT + "where ended_at is null and (?::varchar is null or account_id = ?) order by created_at desc", [account_id, account_id]
    )
    return tuple(_session(row) for row in rows)


def save_sessions_forgotten(tx: Transaction, before: datetime) -> int:
    """Removes sessions that began before `before`; what happened in them stays in the log."""
    return len(tx.rows("delete from session where created_at < ? returning id", [to_utc(before)]))


def save_wrong_tries_forgotten(tx: Transaction, before: datetime) -> int:
    """Removes wrong tries of which the last was before `before`; they stay in the log."""
    return len(tx.rows("delete from failed_sign_in where last_failed_at < ? returning subject", [to_utc(before)]))


def save_failed_sign_ins(tx: Transaction, state: FailedSignIns) -> None:
    """Where the wrong tries stand; with 0 failures the line goes."""
    tx.run("delete from failed_sign_in where subject = ?", [state.subject])
    if state.failures:
        tx.run(valued("failed_sign_in", "subject failures last_failed_at"), [state.subject, state.failures, to_utc(state.last_failed_at)])


def read_failed_sign_ins(db: Reader, subject: str) -> FailedSignIns:
    """Wrong tries of one subject (make it with `blind_index(db.keys, "name:" + name)` or `"from:" + address`)."""
    row = db.one("select failures, last_failed_at from failed_sign_in where subject = ?", [subject])
    return FailedSignIns(subject, row[0], from_utc(row[1])) if row else FailedSignIns(subject)


def _account(db: Reader, row: Row) -> Account:
    words = open_words(db.keys, "account", row[0], row[1])
    return Account(
        id=row[0], name=words["name"], display_name=words.get("display_name", ""), role=Role(row[2]), active=row[3], password_hash=row[4],
        created_at=instant(row[5]), password_set_at=from_utc(row[6]), disabled_at=from_utc(row[7]), last_sign_in_at=from_utc(row[8]),
        must_change_password=row[9],
    )


def _session(row: Row) -> Session:
    return Session(row[0], row[1], row[2], row[3], instant(row[4]), instant(row[5]), from_utc(row[6]), row[7], row[8])
