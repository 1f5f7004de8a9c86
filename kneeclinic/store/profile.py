"""What the clinic is called and how it counts."""

from __future__ import annotations

from kneeclinic.record.people import ClinicProfile
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import open_blob, open_words, seal_blob, seal_words
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import NotFound, Paper, Role, Units

_ID = "clinic"


def save_profile(tx: Transaction, one: ClinicProfile) -> None:
    """The profile as it is from now on; there is one."""
    words = {"name": one.name, "address": one.address, "phone": one.phone, "reviewed_by": one.knowledge_reviewed_by,
             "second_factor_roles": [role.value for role in one.second_factor_roles]}
    tx.run("delete from clinic_profile")
    tx.run(
        valued(
            "clinic_profile",
            "id sealed_words sealed_logo time_zone week_start units paper language is_demo reviewed_edition reviewed_on",
        ),
        [
            _ID, seal_words(tx.keys, "clinic_profile", _ID, words),
            seal_blob(tx.keys, "clinic_profile", "sealed_logo", _ID, one.logo_png) if one.logo_png else None,
            one.time_zone, one.week_start, one.units.value, one.paper.value, one.language, one.is_demo, one.knowledge_reviewed_edition,
            one.knowledge_reviewed_on,
        ],
    )
    tx.touch_everything()


def read_profile(db: Reader) -> ClinicProfile:
    """The clinic; raises NotFound until it was set up."""
    row = db.one(
        "select sealed_words, sealed_logo, time_zone, week_start, units, paper, language, is_demo, reviewed_edition, reviewed_on from clinic_profile"
    )
    if row is None:
        raise NotFound("This clinic has not been set up yet; open the set-up page.")
    words = open_words(db.keys, "clinic_profile", _ID, row[0])
    return ClinicProfile(
        name=words.get("name", ""), address=words.get("address", ""), phone=words.get("phone", ""),
        logo_png=open_blob(db.keys, "clinic_profile", "sealed_logo", _ID, row[1]) if row[1] is not None else b"",
        time_zone=row[2], week_start=row[3], units=Units(row[4]), paper=Paper(row[5]), language=row[6], is_demo=row[7],
        knowledge_reviewed_by=words.get("reviewed_by", ""), knowledge_reviewed_edition=row[8], knowledge_reviewed_on=row[9],
        second_factor_roles=tuple(Role(one) for one in words.get("second_factor_roles", ())),
    )


def is_set_up(db: Reader) -> bool:
    """Does the clinic have a profile and an account?"""
    row = db.one("select (select count(*) from clinic_profile), (select count(*) from account)")
    return row is not None and row[0] > 0 and row[1] > 0
