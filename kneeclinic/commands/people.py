"""Commands for accounts."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import TYPE_CHECKING

from kneeclinic.commands.parser import Arguments, Command, Parser, clinic_option, json_option, say
from kneeclinic.vocabulary import NotFound, Refused, Role

if TYPE_CHECKING:
    from kneeclinic.clinic import Clinic
    from kneeclinic.security.accounts import Account


def _add_options(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="what the person types to sign in")
    clinic_option(parser)
    parser.add_argument("--role", choices=[one.value for one in Role], required=True)
    parser.add_argument("--display-name", default="", metavar="TEXT", help="what others see (NAME)")


def _add(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened

    with opened(arguments.clinic) as (clinic, actor):
        account = actions.add_account(
            clinic, actor, arguments.name, arguments.display_name, Role(arguments.role), _password(),
        )
        say(f"{account.name} may sign in as {account.role.value}.")
    return 0


def _password() -> str:
    """Asked for twice at a terminal, else the first line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Again: "):
            raise Refused("The two passwords differ; nothing was stored.")
        return first
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line.rstrip("\r\n"):
        raise Refused("No password came; type it, or send it as one line on standard input.")
    return line.rstrip("\r\n")


def _list_options(parser: Parser) -> None:
    clinic_option(parser)
    json_option(parser)


def _list(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import opened
    from kneeclinic.store import read_accounts

    with opened(arguments.clinic) as (clinic, _):
        accounts = sorted(read_accounts(clinic.database), key=lambda one: one.name.casefold())
    if arguments.json:
        say(json.dumps([{"name": one.name, "display_name": one.display_name, "role": one.role.value, "active": one.active}
                        for one in accounts], ensure_ascii=False))
        return 0
    width = max((len(one.name) for one in accounts), default=4)
    for one in accounts:
        say(f"{one.name:<{width}}  {one.role.value:<10}  {'may sign in' if one.active else 'disabled':<11}  {one.display_name}")
    return 0


def _name_options(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME")
    clinic_option(parser)


def _disable(arguments: Arguments) -> int:
    return _switch(arguments, active=False)


def _enable(arguments: Arguments) -> int:
    return _switch(arguments, active=True)


def _switch(arguments: Arguments, *, active: bool) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened

    with opened(arguments.clinic) as (clinic, actor):
        account = _named(clinic, arguments.name)
        (actions.enable_account if active else actions.disable_account)(clinic, actor, account.id)
        say(f"{account.name} {'may sign in again' if active else 'may no longer sign in'}.")
    return 0


def _take_factor(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened

    with opened(arguments.clinic) as (clinic, actor):
        account = _named(clinic, arguments.name)
        actions.remove_second_factor(clinic, actor, account.id)
        say(f"{account.name} signs in with the password alone until another second factor is set.")
    return 0


def _set_password(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened

    with opened(arguments.clinic) as (clinic, actor):
        account = _named(clinic, arguments.name)
        actions.set_password(clinic, actor, account.id, _password())
        say(f"{account.name} signs in with it once and then chooses another.")
    return 0


def _require_options(parser: Parser) -> None:
    parser.add_argument("roles", nargs="*", type=_role, metavar="ROLE", help="these and no others; none = nobody must")
    clinic_option(parser)


def _role(text: str) -> Role:
    if text not in set(Role):
        raise argparse.ArgumentTypeError(f"{text} is no role; there are {', '.join(one.value for one in Role)}")
    return Role(text)


def _require(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened

    with opened(arguments.clinic) as (clinic, actor):
        roles = actions.require_second_factor(clinic, actor, arguments.roles).second_factor_roles
        say(f"Must have a second factor: {', '.join(one.value for one in roles) or 'nobody'}.")
    return 0


def _named(clinic: Clinic, name: str) -> Account:
    from kneeclinic.store import account_by_name

    account = account_by_name(clinic.database, name)
    if account is None:
        raise NotFound(f"{name}: there is no account of this name; `user list --clinic FILE` shows them.")
    return account


COMMANDS = {
    "user add": Command("make an account; the password is asked for, or read from standard input", _add_options, _add),
    "user list": Command("who may sign in", _list_options, _list),
    "user disable": Command("close an account and end its sessions", _name_options, _disable),
    "user enable": Command("open a closed account again", _name_options, _enable),
    "user password": Command("set a password for one sign-in; it is asked for, or read from standard input", _name_options, _set_password),
    "user require-second-factor": Command("the roles that must have a second factor, or none", _require_options, _require),
    "user remove-second-factor": Command("take a lost second factor away", _name_options, _take_factor),
}
