"""Second factors, their recovery codes, and who somebody is at the provider of the single sign-on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from kneeclinic.security.fields import blind_index
from kneeclinic.security.second_factor import RecoveryCode, SecondFactor
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import from_utc, instant, open_text, seal_text, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import Conflict

_FACTOR = valued("second_factor", "account_id sealed_secret made_at confirmed_at last_step") + """
    on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, made_at = excluded.made_at,
        confirmed_at = excluded.confirmed_at, last_step = excluded.last_step
"""
_CODE = valued("recovery_code", "account_id place code_hash used_at") + """
    on conflict (account_id, place) do update set code_hash = excluded.code_hash, used_at = excluded.used_at
"""


def save_second_factor(tx: Transaction, one: SecondFactor) -> None:
    """The factor of an account as it is now; an account has at most one."""
    tx.run(_FACTOR, [one.account_id, seal_text(tx.keys, "second_factor", "sealed_secret", one.account_id, one.secret), to_utc(one.made_at),
                     to_utc(one.confirmed_at), one.last_step])


def save_second_factor_removed(tx: Transaction, account_id: str) -> bool:
    """Takes the factor and its recovery codes away; False when there was none."""
    tx.run("delete from recovery_code where account_id = ?", [account_id])
    return bool(tx.rows("delete from second_factor where account_id = ? returning account_id", [account_id]))


def save_recovery_codes(tx: Transaction, codes: Sequence[RecoveryCode]) -> None:
    """New codes of an account, or one that was used."""
    for one in codes:
        tx.run(_CODE, [one.account_id, one.place, one.code_hash, to_utc(one.used_at)])


def read_second_factor(db: Reader, account_id: str) -> SecondFactor | None:
    row = db.one("select sealed_secret, made_at, confirmed_at, last_step from second_factor where account_id = ?", [account_id])
    if row is None:
        return None
    secret = open_text(db.keys, "second_factor", "sealed_secret", account_id, row[0])
    return SecondFactor(account_id, secret, instant(row[1]), from_utc(row[2]), row[3])


def accounts_with_second_factor(db: Reader) -> frozenset[str]:
    """Ids of the accounts that confirmed theirs."""
    return frozenset(row[0] for row in db.rows("select account_id from second_factor where confirmed_at is not null"))


def read_recovery_code(db: Reader, account_id: str, place: int) -> RecoveryCode | None:
    row = db.one("select code_hash, used_at from recovery_code where account_id = ? and place = ?", [account_id, place])
    return RecoveryCode(account_id, place, row[0], from_utc(row[1])) if row else None


def recovery_codes_left(db: Reader, account_id: str) -> int:
    row = db.one("select count(*) from recovery_code where account_id = ? and used_at is null", [account_id])
    return int(row[0]) if row else 0


def save_provider_identity(tx: Transaction, account_id: str, issuer: str, subject: str, at: datetime) -> None:
    """From now on this account is this person at the provider. Raises Conflict when that person has another account here."""
    index = _subject_index(tx, issuer, subject)
    holder = tx.one("select account_id from provider_identity where subject_index = ?", [index])
    if holder and holder[0] != account_id:
        raise Conflict("This person of the sign-in provider belongs to another account already; ask the lead clinician.")
    tx.run(valued("provider_identity", "account_id subject_index linked_at"), [account_id, index, to_utc(at)])


def save_provider_identity_removed(tx: Transaction, account_id: str) -> bool:
    """The next sign-in through the provider links the account anew; False when it was not linked."""
    return bool(tx.rows("delete from provider_identity where account_id = ? returning account_id", [account_id]))


def account_of_provider_identity(db: Reader, issuer: str, subject: str) -> str | None:
    """The account that is linked to this person of the provider."""
    row = db.one("select account_id from provider_identity where subject_index = ?", [_subject_index(db, issuer, subject)])
    return str(row[0]) if row else None


def has_provider_identity(db: Reader, account_id: str) -> bool:
    return db.one("select 1 from provider_identity where account_id = ?", [account_id]) is not None


def accounts_with_provider_identity(db: Reader) -> frozenset[str]:
    return frozenset(row[0] for row in db.rows("select account_id from provider_identity"))


def _subject_index(db: Reader, issuer: str, subject: str) -> str:
    """Small and capital letters of a subject differ, so it is hashed before the look-up key folds them."""
    return blind_index(db.keys, sha256(f"{issuer}\0{subject}".encode()).hexdigest())
