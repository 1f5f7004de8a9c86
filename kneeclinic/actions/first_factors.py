"""The step of sign-in in which somebody whose role needs a second factor sets it up: shown, confirmed by a first code, then let in."""

from __future__ import annotations

from dataclasses import replace

from kneeclinic.actions import guessing
from kneeclinic.actions.signing_in import TOO_LATE, WrongCode, half_of, let_in, taken
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.second_factor import SecondFactor, new_recovery_codes, new_secret, step_of_code
from kneeclinic.security.sessions import FACTOR
from kneeclinic.store.accounts import save_sessions_ended
from kneeclinic.store.audit import save_audit
from kneeclinic.store.reading import Reader
from kneeclinic.store.second_factors import read_second_factor, save_recovery_codes, save_second_factor
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import NotAllowed


def show_first_factor(clinic: Clinic, token: str) -> tuple[SecondFactor, str]:
    """The secret to scan and the sign-in name, for a half sign-in that waits for it. The same one as long as this sign-in lasts, so that a
    wrong code or a page that is loaded again does not make a scanned one worthless; one from before is never taken up."""
    half, account = half_of(clinic, token, FACTOR)

    def change(tx: Transaction) -> SecondFactor:
        kept = read_second_factor(tx, account.id)
        if kept is not None and kept.confirmed_at:
            raise NotAllowed(TOO_LATE)
        if kept is not None and kept.made_at >= half.created_at:
            return kept
        fresh = SecondFactor(account.id, new_secret(), clinic.now)
        save_second_factor(tx, fresh)
        save_audit(tx, Actor.of(account, half.origin, half.id), "begin_second_factor", "account", account.id, {"at": "sign-in"}, clinic.now)
        return fresh

    return clinic.database.write(change), account.name


def give_first_code(clinic: Clinic, token: str, typed: str, origin: str) -> tuple[str, tuple[str, ...]]:
    """A fresh token and ten recovery codes, shown this once, for the first code of the new factor; all other sessions of the account end."""
    half, account = half_of(clinic, token, FACTOR)
    subjects = guessing.by_code(account.id, origin)
    with guessing.one_try(subjects):
        states = guessing.wait_first(clinic, subjects)

        def proven(db: Reader) -> tuple[SecondFactor, int]:
            factor = read_second_factor(db, account.id)
            if factor is None or factor.confirmed_at or factor.made_at < half.created_at:
                raise NotAllowed(TOO_LATE)
            used = step_of_code(factor.secret, typed, clinic.now, factor.last_step)
            if used is None:
                raise WrongCode
            return factor, used

        def besides(tx: Transaction) -> str:
            taken(tx, clinic, half, FACTOR)
            factor, used = proven(tx)
            save_second_factor(tx, replace(factor, confirmed_at=clinic.now, last_step=used))
            save_recovery_codes(tx, kept)
            save_sessions_ended(tx, account.id, clinic.now, "a second factor was set")
            save_audit(tx, Actor.of(account, origin, half.id), "set_second_factor", "account", account.id, {"at": "sign-in"}, clinic.now)
            guessing.save_forgiven(tx, states)
            return ""

        try:
            proven(clinic.database)
            shown, kept = new_recovery_codes(account.id)
            return let_in(clinic, account, origin, {"with": "first code"}, besides), shown
        except WrongCode:
            guessing.note_wrong(clinic, account, origin, subjects, "wrong code")
            raise
