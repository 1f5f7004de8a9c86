"""Who may come in: accounts, passwords, signing in and out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.fields import blind_index
from kneeclinic.security.passwords import check_policy, hash_password, needs_new_hash, verify_password
from kneeclinic.security.sessions import Session, is_alive, needs_noting, new_token, token_hash, why_over
from kneeclinic.security.throttling import FailedSignIns, after_failure, wait_seconds
from kneeclinic.store.accounts import (
    account_by_name,
    read_account,
    read_accounts,
    read_failed_sign_ins,
    read_session,
    save_account,
    save_failed_sign_ins,
    save_session,
    save_sessions_ended,
    save_signed_in,
    session_by_id,
)
from kneeclinic.store.audit import save_audit
from kneeclinic.store.reading import Reader
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Conflict, NotAllowed, NotFound, Refused, Role, new_id

NAME_LENGTH = 60
COMMAND_LINE = "command line"
DEMO = "demo"
WRONG = "Name or password is wrong. Try again, or ask the lead clinician to set a new password."


def command_line_actor(user: str) -> Actor:
    """Who acts in a command: the operating-system user, who holds the key of the file and therefore may do all that a lead may."""
    return Actor(f"os:{user}", user, Role.LEAD, COMMAND_LINE)


def new_account(now: datetime, name: str, display_name: str, role: Role, password: str) -> Account:
    """A checked account that is not stored yet. Raises Refused when name or password will not do."""
    typed = name.strip()
    if not typed or len(typed) > NAME_LENGTH or any(ord(one) < 32 for one in typed):
        raise Refused(f"name: a sign-in name has 1 to {NAME_LENGTH} characters.")
    if len(display_name) > 200:
        raise Refused("display_name: at most 200 characters.")
    check_policy(password, typed)
    return Account(
        id=new_id(), name=typed, display_name=display_name.strip() or typed, role=role, active=True,
        password_hash=hash_password(password), created_at=now, password_set_at=now,
    )


def add_account(clinic: Clinic, actor: Actor, name: str, display_name: str, role: Role, password: str) -> Account:
    """The new account. Conflict when the name is taken, small and capital letters being the same."""
    permit(clinic, actor, "add_account", "account")
    account = new_account(clinic.now, name, display_name, role, password)
    if account_by_name(clinic.database, account.name) is not None:
        raise Conflict(f"name: {account.name} has an account already; choose another name.")
    write(clinic, actor, "add_account", "account", account.id, {"role": role.value}, lambda tx: save_account(tx, account))
    return account


def change_role(clinic: Clinic, actor: Actor, account_id: str, role: Role) -> Account:
    """The account with another role. The last active lead keeps theirs."""
    permit(clinic, actor, "change_role", "account", account_id)
    account = read_account(clinic.database, account_id)
    changed = replace(account, role=role)

    def change(tx: Transaction) -> None:
        if account.role is Role.LEAD and role is not Role.LEAD:
            _keep_one_lead(tx, account_id)
        save_account(tx, changed)

    write(clinic, actor, "change_role", "account", account_id, {"was": account.role.value, "now": role.value}, change)
    return changed


def disable_account(clinic: Clinic, actor: Actor, account_id: str) -> Account:
    """The account as closed; all its sessions end at once. The last active lead cannot be closed."""
    permit(clinic, actor, "disable_account", "account", account_id)
    account = read_account(clinic.database, account_id)
    if not account.active:
        raise Refused(f"{account.name} is disabled already.")
    closed = replace(account, active=False, disabled_at=clinic.now)

    def change(tx: Transaction) -> None:
        if account.role is Role.LEAD:
            _keep_one_lead(tx, account_id)
        save_account(tx, closed)
        save_sessions_ended(tx, account_id, clinic.now, "the account was disabled")

    write(clinic, actor, "disable_account", "account", account_id, {}, change)
    return closed


def enable_account(clinic: Clinic, actor: Actor, account_id: str) -> Account:
    """The account as open again."""
    permit(clinic, actor, "enable_account", "account", account_id)
    account = read_account(clinic.database, account_id)
    if account.active:
        raise Refused(f"{account.name} is not disabled.")
    opened = replace(account, active=True, disabled_at=None)
    write(clinic, actor, "enable_account", "account", account_id, {}, lambda tx: save_account(tx, opened))
    return opened


def set_password(clinic: Clinic, actor: Actor, account_id: str, password: str) -> Account:
    """The account with a new password; all its sessions end. Anybody may set their own, the lead everybody's."""
    own = account_id == actor.account_id
    permit(clinic, actor, "set_own_password" if own else "set_password", "account", account_id)
    account = read_account(clinic.database, account_id)
    check_policy(password, account.name)
    changed = replace(account, password_hash=hash_password(password), password_set_at=clinic.now)

    def change(tx: Transaction) -> None:
        save_account(tx, changed)
        save_sessions_ended(tx, account_id, clinic.now, "the password was changed")

    write(clinic, actor, "set_password", "account", account_id, {"own": own}, change)
    return changed


def sign_in(clinic: Clinic, name: str, password: str, origin: str) -> str:
    """A fresh session token. NotAllowed with the same words and in the same time for a wrong name and a wrong password;
    after a few wrong tries for one name or from one place the next has to wait."""
    subjects = _subjects(clinic.database, clinic, name, origin)
    wait = max((wait_seconds(state, clinic.now) for state in subjects), default=0)
    if wait:
        raise NotAllowed(f"Too many wrong tries. Wait {wait} seconds, then try again.")
    account = account_by_name(clinic.database, name.strip())
    usable = account if account is not None and account.active else None
    if not verify_password(password, usable.password_hash if usable else None) or usable is None:
        _note_failure(clinic, account, name, origin)
        raise NotAllowed(WRONG)
    token = new_token()
    session = Session(new_id(), token_hash(token), usable.id, origin, clinic.now, clinic.now)
    rehashed = replace(usable, password_hash=hash_password(password)) if needs_new_hash(usable.password_hash) else None
    actor = Actor.of(usable, origin)

    def change(tx: Transaction) -> None:
        if rehashed is not None:
            save_account(tx, rehashed)
        save_signed_in(tx, usable.id, clinic.now)
        save_session(tx, session)
        for state in subjects:
            if state.failures:
                save_failed_sign_ins(tx, replace(state, failures=0, last_failed_at=None))

    write(clinic, actor, "sign_in", "session", session.id, {}, change)
    return token


def session_actor(clinic: Clinic, token: str) -> Actor | None:
    """Who a session token belongs to, or None when it does not count (any more). Notes that the person was here."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    if session is None or not is_alive(session, clinic.now):
        return None
    try:
        account = read_account(clinic.database, session.account_id)
    except NotFound:
        return None
    if not account.active:
        return None
    if needs_noting(session, clinic.now):
        clinic.database.write(lambda tx: save_session(tx, replace(session, last_seen_at=clinic.now)))
    return Actor.of(account, session.origin)


def sign_out(clinic: Clinic, token: str) -> None:
    """Ends the session everywhere; a token that does not count any more is no error."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    if session is None or session.ended_at is not None:
        return
    ended = replace(session, ended_at=clinic.now, ended_why=why_over(session, clinic.now) or "signed out")
    actor = Actor.of(read_account(clinic.database, session.account_id), session.origin)
    write(clinic, actor, "sign_out", "session", session.id, {}, lambda tx: save_session(tx, ended))


def end_session(clinic: Clinic, actor: Actor, session_id: str) -> None:
    """Ends one session: anybody their own, the lead anybody's."""
    session = session_by_id(clinic.database, session_id)
    own = session.account_id == actor.account_id
    permit(clinic, actor, "end_own_session" if own else "end_session", "session", session_id)
    if session.ended_at is not None:
        raise Refused("The session has ended already.")
    ended = replace(session, ended_at=clinic.now, ended_why=f"ended by {actor.name}")
    write(clinic, actor, "end_session", "session", session_id, {"own": own}, lambda tx: save_session(tx, ended))


def _subjects(db: Reader, clinic: Clinic, name: str, origin: str) -> tuple[FailedSignIns, ...]:
    keys = (f"name:{name.strip().casefold()}", f"from:{origin}")
    return tuple(read_failed_sign_ins(db, blind_index(clinic.keys, key)) for key in keys)


def _note_failure(clinic: Clinic, account: Account | None, name: str, origin: str) -> None:
    """Counted inside the transaction, so that tries side by side all count."""
    actor = Actor(account.id if account else "", "", account.role if account else Role.READ_ONLY, origin)

    def change(tx: Transaction) -> None:
        for state in _subjects(tx, clinic, name, origin):
            save_failed_sign_ins(tx, after_failure(state, clinic.now))
        why = "disabled" if account is not None and not account.active else "wrong name or password"
        save_audit(tx, actor, "sign_in_refused", "account", account.id if account else "", {"why": why}, clinic.now)

    clinic.database.write(change)


def _keep_one_lead(db: Reader, account_id: str) -> None:
    leads = [one for one in read_accounts(db) if one.role is Role.LEAD and one.active and one.id != account_id]
    if not leads:
        raise Refused("This is the last lead clinician who may sign in; give another account that role first.")


def accounts_of(clinic: Clinic) -> tuple[Account, ...]:
    """All accounts, in the order in which they were made."""
    return read_accounts(clinic.database)
