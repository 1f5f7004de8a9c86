"""The second factor of an account: shown once, confirmed by a first code, with ten recovery codes; taken away when the telephone is lost."""

from __future__ import annotations

from dataclasses import replace

from kneeclinic.actions.accounts import prove_password
from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.second_factor import SecondFactor, new_recovery_codes, new_secret, step_of_code
from kneeclinic.store.accounts import read_account, save_sessions_ended
from kneeclinic.store.second_factors import (
    read_second_factor,
    save_recovery_codes,
    save_second_factor,
    save_second_factor_removed,
)
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Refused


def begin_second_factor(clinic: Clinic, actor: Actor, current: str) -> SecondFactor:
    """A fresh secret to scan. It counts for nothing until `confirm_second_factor`; beginning again throws the last one away."""
    permit(clinic, actor, "set_second_factor", "account", actor.account_id)
    prove_password(clinic, actor, current)
    fresh = SecondFactor(actor.account_id, new_secret(), clinic.now)

    def change(tx: Transaction) -> None:
        _refuse_a_second(read_second_factor(tx, actor.account_id))
        save_second_factor(tx, fresh)

    write(clinic, actor, "begin_second_factor", "account", actor.account_id, {}, change)
    return fresh


def confirm_second_factor(clinic: Clinic, actor: Actor, typed: str) -> tuple[str, ...]:
    """From now on sign-in asks for a code. Returns ten recovery codes, which are shown this once and kept as hashes only; the other sessions
    of the account end."""
    permit(clinic, actor, "set_second_factor", "account", actor.account_id)
    shown, kept = new_recovery_codes(actor.account_id)

    def change(tx: Transaction) -> None:
        factor = read_second_factor(tx, actor.account_id)
        if factor is None:
            raise Refused("Begin with the picture to scan; there is none yet.")
        _refuse_a_second(factor)
        used = step_of_code(factor.secret, typed, clinic.now, factor.last_step)
        if used is None:
            raise Refused("This is not the code that the telephone shows now. Check that its clock is right, and type the newest code.")
        save_second_factor(tx, replace(factor, confirmed_at=clinic.now, last_step=used))
        save_recovery_codes(tx, kept)
        save_sessions_ended(tx, actor.account_id, clinic.now, "a second factor was set", but=actor.session_id)

    write(clinic, actor, "set_second_factor", "account", actor.account_id, {}, change)
    return shown


def renew_recovery_codes(clinic: Clinic, actor: Actor, current: str) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones open nothing any more."""
    permit(clinic, actor, "set_second_factor", "account", actor.account_id)
    prove_password(clinic, actor, current)
    shown, kept = new_recovery_codes(actor.account_id)

    def change(tx: Transaction) -> None:
        factor = read_second_factor(tx, actor.account_id)
        if factor is None or not factor.confirmed_at:
            raise Refused("There is no second factor to recover; set one first.")
        save_recovery_codes(tx, kept)

    write(clinic, actor, "renew_recovery_codes", "account", actor.account_id, {}, change)
    return shown


def remove_second_factor(clinic: Clinic, actor: Actor, account_id: str, current: str = "") -> None:
    """Sign-in asks for the password alone again. Anybody takes away their own with their password; the lead anybody's, when it was lost:
    all sessions of that account end."""
    own = account_id == actor.account_id
    permit(clinic, actor, "set_second_factor" if own else "remove_second_factor", "account", account_id)
    if own:
        prove_password(clinic, actor, current)
    name = read_account(clinic.database, account_id).name

    def change(tx: Transaction) -> None:
        if not save_second_factor_removed(tx, account_id):
            raise Refused(f"{name} has no second factor.")
        save_sessions_ended(tx, account_id, clinic.now, "the second factor was taken away", but=actor.session_id if own else "")

    write(clinic, actor, "remove_second_factor", "account", account_id, {"own": own}, change)


def _refuse_a_second(factor: SecondFactor | None) -> None:
    if factor is not None and factor.confirmed_at:
        raise Refused("This account has a second factor already; take it away first to set another.")
