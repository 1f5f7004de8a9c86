"""Who may come in: accounts, their roles and their passwords."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kneeclinic.actions import guessing
from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.passwords import check_policy, hash_password, verify_password
from kneeclinic.store.accounts import account_by_name, read_account, read_accounts, save_account, save_sessions_ended
from kneeclinic.store.reading import Reader
from kneeclinic.store.second_factors import save_provider_identity_removed
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Conflict, NotAllowed, Refused, Role, new_id

NAME_LENGTH = 60
COMMAND_LINE = "command line"
DEMO = "demo"


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


def add_account(
    clinic: Clinic, actor: Actor, name: str, display_name: str, role: Role, password: str, *, must_change: bool = False,
) -> Account:
    """The new account. Conflict when the name is taken, small and capital letters being the same. `must_change`: the password is only for
    the first sign-in, which asks for one of the person's own."""
    permit(clinic, actor, "add_account", "account")
    account = replace(new_account(clinic.now, name, display_name, role, password), must_change_password=must_change)
    if account_by_name(clinic.database, account.name) is not None:
        raise Conflict(f"name: {account.name} has an account already; choose another name.")
    write(clinic, actor, "add_account", "account", account.id, {"role": role.value}, lambda tx: save_account(tx, account))
    return account


def change_role(clinic: Clinic, actor: Actor, account_id: str, role: Role) -> Account:
    """The account with another role. The last active lead keeps theirs."""
    permit(clinic, actor, "change_role", "account", account_id)
    detail: dict[str, str] = {}

    def change(tx: Transaction) -> Account:
        account = read_account(tx, account_id)
        if account.role is Role.LEAD and role is not Role.LEAD:
            _keep_one_lead(tx, account_id)
        detail.update(was=account.role.value, now=role.value)
        return _saved(tx, replace(account, role=role))

    return write(clinic, actor, "change_role", "account", account_id, detail, change)


def disable_account(clinic: Clinic, actor: Actor, account_id: str) -> Account:
    """The account as closed; all its sessions end at once. The last active lead cannot be closed."""
    permit(clinic, actor, "disable_account", "account", account_id)

    def change(tx: Transaction) -> Account:
        account = read_account(tx, account_id)
        if not account.active:
            raise Refused(f"{account.name} is disabled already.")
        if account.role is Role.LEAD:
            _keep_one_lead(tx, account_id)
        save_sessions_ended(tx, account_id, clinic.now, "the account was disabled")
        return _saved(tx, replace(account, active=False, disabled_at=clinic.now))

    return write(clinic, actor, "disable_account", "account", account_id, {}, change)


def enable_account(clinic: Clinic, actor: Actor, account_id: str) -> Account:
    """The account as open again."""
    permit(clinic, actor, "enable_account", "account", account_id)

    def change(tx: Transaction) -> Account:
        account = read_account(tx, account_id)
        if account.active:
            raise Refused(f"{account.name} is not disabled.")
        return _saved(tx, replace(account, active=True, disabled_at=None))

    return write(clinic, actor, "enable_account", "account", account_id, {}, change)


def set_password(clinic: Clinic, actor: Actor, account_id: str, password: str, current: str = "") -> Account:
    """The account with a new password; all its sessions end. Anybody may set their own and gives the `current` one with it. The lead may set
    everybody's without: whoever gets one that way chooses another at the next sign-in."""
    own = account_id == actor.account_id
    permit(clinic, actor, "set_own_password" if own else "set_password", "account", account_id)
    account = read_account(clinic.database, account_id)
    if own:
        prove_password(clinic, actor, current)
    check_policy(password, account.name)
    hashed = hash_password(password)

    def change(tx: Transaction) -> Account:
        """Everything but the password stays as it is now: hashing takes its time, and the account may be disabled meanwhile."""
        save_sessions_ended(tx, account_id, clinic.now, "the password was changed")
        return _saved(tx, replace(read_account(tx, account_id), password_hash=hashed, password_set_at=clinic.now, must_change_password=not own))

    return write(clinic, actor, "set_password", "account", account_id, {"own": own}, change)


def prove_password(clinic: Clinic, actor: Actor, current: str) -> None:
    """Whoever sits at an open screen proves to be its person before anything of their way in is changed; raises NotAllowed. Wrong ones
    count as wrong tries at sign-in."""
    account = read_account(clinic.database, actor.account_id)
    subjects = guessing.by_name(account.name, actor.origin)
    with guessing.one_try(subjects):
        states = guessing.wait_first(clinic, subjects)
        if not verify_password(current, account.password_hash):
            guessing.note_wrong(clinic, account, actor.origin, subjects, "wrong current password")
            raise NotAllowed("The current password is wrong. Nothing was changed.")
        if any(state.failures for state in states):
            clinic.database.write(lambda tx: guessing.save_forgiven(tx, states))


def unlink_provider(clinic: Clinic, actor: Actor, account_id: str) -> None:
    """Takes the link to a person of the single sign-on away; the next sign-in through it links the account anew."""
    permit(clinic, actor, "unlink_provider", "account", account_id)

    def change(tx: Transaction) -> None:
        if not save_provider_identity_removed(tx, account_id):
            raise Refused("This account is not linked to the single sign-on.")

    write(clinic, actor, "unlink_provider", "account", account_id, {}, change)


def _saved(tx: Transaction, account: Account) -> Account:
    save_account(tx, account)
    return account


def _keep_one_lead(db: Reader, account_id: str) -> None:
    leads = [one for one in read_accounts(db) if one.role is Role.LEAD and one.active and one.id != account_id]
    if not leads:
        raise Refused("This is the last lead clinician who may sign in; give another account that role first.")


def accounts_of(clinic: Clinic) -> tuple[Account, ...]:
    """All accounts, in the order in which they were made."""
    return read_accounts(clinic.database)
