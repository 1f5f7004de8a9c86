"""Signing in, step by step: the password, the code of the second factor, a new password where somebody else chose the last one; and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kneeclinic.actions import guessing
from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.security import second_factor
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.passwords import check_policy, hash_password, needs_new_hash, verify_password
from kneeclinic.security.sessions import CODE, FACTOR, PASSWORD, Session, is_alive, needs_noting, new_token, token_hash, waits_for, why_over
from kneeclinic.store.accounts import (
    account_by_name,
    read_account,
    read_session,
    save_account,
    save_session,
    save_session_ended,
    save_session_seen,
    save_sessions_ended,
    save_signed_in,
    session_by_id,
)
from kneeclinic.store.audit import save_audit
from kneeclinic.store.profile import read_profile
from kneeclinic.store.second_factors import (
    account_of_provider_identity,
    has_provider_identity,
    read_recovery_code,
    read_second_factor,
    recovery_codes_left,
    save_provider_identity,
    save_recovery_codes,
    save_second_factor,
)
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import KneeClinicError, NotAllowed, NotFound, Refused, new_id

WRONG = "Name or password is wrong. Try again, or ask the lead clinician to set a new password."
WRONG_CODE = "This code is wrong, or it was used before. Wait for the next one on your telephone, or use a recovery code."
TOO_LATE = "This sign-in was not finished in time. Begin again with your name and password."
NO_ACCOUNT = "You have no account in this clinic under that name. Ask the lead clinician."


class WrongCode(NotAllowed):
    """Counted as a wrong try; anything else that came between is not."""

    def __init__(self) -> None:
        super().__init__(WRONG_CODE)


def sign_in(clinic: Clinic, name: str, password: str, origin: str) -> str:
    """A fresh session token. NotAllowed with the same words and in the same time for a wrong name and a wrong password;
    after a few wrong tries for one name or from one place the next has to wait. `step_of` says whether another step follows."""
    subjects = guessing.by_name(name, origin)
    with guessing.one_try(subjects):
        states = guessing.wait_first(clinic, subjects)
        account = account_by_name(clinic.database, name.strip())
        usable = account if account is not None and account.active else None
        if not verify_password(password, usable.password_hash if usable else None) or usable is None:
            why = "disabled" if account is not None and not account.active else "wrong name or password"
            guessing.note_wrong(clinic, account, origin, subjects, why)
            raise NotAllowed(WRONG)
        rehashed = hash_password(password) if needs_new_hash(usable.password_hash) else ""

        def besides(tx: Transaction) -> str:
            now = _unchanged(tx, usable)
            if rehashed:
                save_account(tx, replace(now, password_hash=rehashed))
            guessing.save_forgiven(tx, states)
            factor = read_second_factor(tx, now.id)
            return CODE if factor is not None and factor.confirmed_at else step_without_factor(tx, now)

        return let_in(clinic, usable, origin, {}, besides)


def sign_in_by_provider(clinic: Clinic, issuer: str, subject: str, name: str, origin: str) -> str:
    """A fresh session token for whom the provider of the single sign-on vouches for. The first time the account is found by its sign-in name
    and linked to that person for good: another person who is given the same name there later is refused."""
    linked = account_of_provider_identity(clinic.database, issuer, subject)
    try:
        account = read_account(clinic.database, linked) if linked else account_by_name(clinic.database, name.strip())
    except NotFound:
        account = None
    why = "" if account is not None and account.active else "disabled" if account is not None else "no account of that name"
    if not why and account is not None and not linked and has_provider_identity(clinic.database, account.id):
        why = "the account belongs to another person of the provider"
    if why or account is None:
        guessing.note_wrong(clinic, account, origin, (), f"single sign-on: {why}")
        raise NotAllowed(NO_ACCOUNT)
    known = account

    def besides(tx: Transaction) -> str:
        if not read_account(tx, known.id).active:
            raise NotAllowed(NO_ACCOUNT)
        if not linked:
            if has_provider_identity(tx, known.id):
                raise NotAllowed(NO_ACCOUNT)
            save_provider_identity(tx, known.id, issuer, subject, clinic.now)
            save_audit(tx, Actor.of(known, origin), "link_provider", "account", known.id, {"issuer": issuer}, clinic.now)
        return ""

    return let_in(clinic, known, origin, {"by": "single sign-on"}, besides)


def step_of(clinic: Clinic, token: str) -> str:
    """What a half sign-in still waits for: "code", "password", "factor"; empty when it is whole or over."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    return waits_for(session, clinic.now) if session else ""


def give_code(clinic: Clinic, token: str, typed: str, origin: str) -> str:
    """The second step: a code of the telephone, or a recovery code, for a fresh token. Every code opens once."""
    half, account = half_of(clinic, token, CODE)
    subjects = guessing.by_code(account.id, origin)
    with guessing.one_try(subjects):
        states = guessing.wait_first(clinic, subjects)
        place = second_factor.place_of(typed)
        kept = read_recovery_code(clinic.database, account.id, place) if place is not None else None
        recovery = kept if place is not None and second_factor.is_recovery_code(typed, kept) else None
        detail: dict[str, Any] = {"with": "recovery code" if recovery else "code"}

        def besides(tx: Transaction) -> str:
            """The codes are looked at again where they are marked as used: the same one may come twice in one moment."""
            person = taken(tx, clinic, half, CODE)
            if recovery is not None:
                now = read_recovery_code(tx, account.id, recovery.place)
                if now is None or now.used_at is not None or now.code_hash != recovery.code_hash:
                    raise WrongCode
                save_recovery_codes(tx, [replace(now, used_at=clinic.now)])
                detail["recovery codes left"] = recovery_codes_left(tx, account.id)
            else:
                factor = read_second_factor(tx, account.id)
                used = second_factor.step_of_code(factor.secret, typed, clinic.now, factor.last_step) if factor else None
                if factor is None or used is None:
                    raise WrongCode
                save_second_factor(tx, replace(factor, last_step=used))
            guessing.save_forgiven(tx, states)
            return PASSWORD if person.must_change_password else ""

        try:
            return let_in(clinic, account, origin, detail, besides)
        except WrongCode:
            guessing.note_wrong(clinic, account, origin, subjects, "wrong code")
            raise


def give_new_password(clinic: Clinic, token: str, password: str, origin: str) -> str:
    """The last step where somebody else chose the password: one of the person's own, for a fresh token."""
    half, account = half_of(clinic, token, PASSWORD)
    check_policy(password, account.name)
    if verify_password(password, account.password_hash):
        raise Refused("Password: this is the one that was chosen for you; choose one of your own.")
    hashed = hash_password(password)

    def besides(tx: Transaction) -> str:
        now = taken(tx, clinic, half, PASSWORD)
        if now.password_hash != account.password_hash:
            raise NotAllowed(TOO_LATE)
        chosen = replace(now, password_hash=hashed, password_set_at=clinic.now, must_change_password=False)
        save_account(tx, chosen)
        save_sessions_ended(tx, account.id, clinic.now, "the password was changed")
        save_audit(tx, Actor.of(account, origin, half.id), "set_password", "account", account.id, {"own": True}, clinic.now)
        factor = read_second_factor(tx, account.id)
        return "" if factor is not None and factor.confirmed_at else step_without_factor(tx, chosen)

    return let_in(clinic, account, origin, {"with": "new password"}, besides)


def session_actor(clinic: Clinic, token: str) -> Actor | None:
    """Who a session token belongs to, or None when it does not count (any more, or yet). Notes that the person was here."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    if session is None or not is_alive(session, clinic.now):
        return None
    try:
        account = read_account(clinic.database, session.account_id)
    except NotFound:
        return None
    if not account.active:
        return None
    if needs_noting(session, clinic.now) and not clinic.database.write(lambda tx: save_session_seen(tx, session.id, clinic.now)):
        return None
    return Actor.of(account, session.origin, session.id)


def sign_out(clinic: Clinic, token: str, because: str = "signed out") -> None:
    """Ends the session everywhere; a token that does not count any more is no error."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    if session is None or session.ended_at is not None:
        return
    why = why_over(session, clinic.now) or because
    actor = Actor.of(read_account(clinic.database, session.account_id), session.origin, session.id)
    write(clinic, actor, "sign_out", "session", session.id, {}, lambda tx: save_session_ended(tx, session.id, clinic.now, why))


def end_session(clinic: Clinic, actor: Actor, session_id: str) -> None:
    """Ends one session: anybody their own, the lead anybody's."""
    session = session_by_id(clinic.database, session_id)
    own = session.account_id == actor.account_id
    permit(clinic, actor, "end_own_session" if own else "end_session", "session", session_id)

    def change(tx: Transaction) -> None:
        if not save_session_ended(tx, session_id, clinic.now, f"ended by {actor.name}"):
            raise Refused("The session has ended already.")

    write(clinic, actor, "end_session", "session", session_id, {"own": own}, change)


def end_other_sessions(clinic: Clinic, actor: Actor) -> int:
    """Ends every session of one's own but this one; returns how many."""
    permit(clinic, actor, "end_own_session", "account", actor.account_id)
    return write(clinic, actor, "end_session", "account", actor.account_id, {"own": True, "others": True},
                 lambda tx: save_sessions_ended(tx, actor.account_id, clinic.now, f"ended by {actor.name}", but=actor.session_id))


def half_of(clinic: Clinic, token: str, step: str) -> tuple[Session, Account]:
    """The half sign-in that waits for this step, and whose it is; raises NotAllowed."""
    session = read_session(clinic.database, token_hash(token)) if token else None
    if session is None or waits_for(session, clinic.now) != step:
        raise NotAllowed(TOO_LATE)
    try:
        account = read_account(clinic.database, session.account_id)
    except KneeClinicError:
        raise NotAllowed(TOO_LATE) from None
    if not account.active:
        raise NotAllowed(TOO_LATE)
    return session, account


def _unchanged(tx: Transaction, account: Account) -> Account:
    """The account as it is now; raises NotAllowed when it was disabled, or got another password, while this one was being looked at."""
    now = read_account(tx, account.id)
    if not now.active or now.password_hash != account.password_hash:
        raise NotAllowed(WRONG)
    return now


def taken(tx: Transaction, clinic: Clinic, half: Session, step: str) -> Account:
    """Ends a half sign-in whose step is being taken, and whose it is as of now; raises NotAllowed when it ended meanwhile: each opens once."""
    now = session_by_id(tx, half.id)
    account = read_account(tx, half.account_id)
    if waits_for(now, clinic.now) != step or not account.active:
        raise NotAllowed(TOO_LATE)
    save_session_ended(tx, half.id, clinic.now, "the next step was taken")
    return account


def step_without_factor(tx: Transaction, account: Account) -> str:
    """What is missing for an account without a second factor once its password was right."""
    if account.must_change_password:
        return PASSWORD
    return FACTOR if account.role in read_profile(tx).second_factor_roles else ""


def let_in(
    clinic: Clinic, account: Account, origin: str, detail: dict[str, Any], besides: Callable[[Transaction], str],
) -> str:
    """Stores the session, whole or half, with what belongs to it in the same transaction; returns its token, which is new at every step.
    `besides` looks once more at what the sign-in stands on, may add to `detail`, and says which step is still missing."""
    token, session_id = new_token(), new_id()
    actor = Actor.of(account, origin, session_id)

    def change(tx: Transaction) -> None:
        step = besides(tx)
        told = {**detail, "waits for": step} if step else detail
        if not step:
            save_signed_in(tx, account.id, clinic.now)
        save_session(tx, Session(session_id, token_hash(token), account.id, origin, clinic.now, clinic.now, step=step))
        save_audit(tx, actor, "sign_in_step" if step else "sign_in", "session", session_id, told, clinic.now)

    clinic.database.write(change)
    return token
