"""Locks, keys and the visitors' book: who may come in, what they may do, and how secrets are kept."""

from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.audit import AuditEntry
from kneeclinic.security.keys import Keys, OuterKey, WrongKey, load_or_create_keys
from kneeclinic.security.roles import ACTIONS, may
from kneeclinic.security.sessions import Session
from kneeclinic.security.throttling import FailedSignIns

__all__ = [
    "ACTIONS", "Account", "Actor", "AuditEntry", "FailedSignIns", "Keys", "OuterKey", "Session", "WrongKey", "load_or_create_keys", "may",
]
