"""Which key fits this clinic file: proven before anything is read or changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from kneeclinic.security.fields import Unreadable, open_sealed, seal
from kneeclinic.security.keys import Keys, OuterKey, WrongKey, fingerprint, unwrap, wrap
from kneeclinic.vocabulary import new_id

_PROOF = b"kneeclinic"


def bear(cursor: duckdb.DuckDBPyConnection, inner: Keys, outer: OuterKey | None) -> None:
    """First words in a new file: its id, the proof of its keys, the envelope of its inner keys."""
    now = datetime.now(UTC).replace(tzinfo=None)
    clinic_id = new_id()
    for name, value in (("clinic_id", clinic_id), ("key_check", seal(inner, _PROOF, _place(clinic_id)).hex()), ("made_at", now.isoformat())):
        cursor.execute("insert into house (name, value) values (?, ?)", [name, value])
    if outer is not None:
        cursor.execute(
            "insert into key_envelope (fingerprint, wrapped, made_at) values (?, ?, ?)", [outer.fingerprint, wrap(outer.secret, inner), now]
        )


def opened_by(cursor: duckdb.DuckDBPyConnection, keys: OuterKey | Keys, path: Path) -> tuple[Keys, OuterKey | None]:
    """The inner keys, and the outer key that opened them; raises WrongKey."""
    if isinstance(keys, Keys):
        inner, outer = keys, None
    else:
        envelopes = dict(cursor.execute("select fingerprint, wrapped from key_envelope").fetchall())
        secret = next((one for one in (keys.secret, *keys.others) if fingerprint(one) in envelopes), None)
        if secret is None:
            raise WrongKey(
                f"The key from {keys.place or 'this program'} does not open {path}; name the right key file in KNEECLINIC_KEY_FILE "
                "or give the printed recovery code in KNEECLINIC_KEY."
            )
        inner, outer = unwrap(secret, envelopes[fingerprint(secret)]), OuterKey(secret, keys.place, keys.anchor)
    house = dict(cursor.execute("select name, value from house").fetchall())
    try:
        proof = open_sealed(inner, bytes.fromhex(house["key_check"]), _place(house["clinic_id"]))
    except Unreadable:
        proof = b""
    if proof != _PROOF:
        raise WrongKey(f"The key is not the one that {path} was made with; name the right key file in KNEECLINIC_KEY_FILE.")
    return inner, outer


def _place(clinic_id: str) -> str:
    return f"house.key_check:{clinic_id}"
