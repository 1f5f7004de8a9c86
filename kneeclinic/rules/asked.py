"""How much of a screen was asked: silence is no answer, so nothing found is told apart from nothing asked."""

from __future__ import annotations

from dataclasses import dataclass

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case

SCREENS = ("red_flags", "injury_screen", "clot_screen", "precautions")
"""Sections that are questions about safety."""


@dataclass(frozen=True)
class Asked:
    """Answers on record among the questions of one section."""

    section: str
    label: str
    have: int
    total: int

    @property
    def words(self) -> str:
        if not self.have:
            return f"{self.label}: not asked yet (0 of {self.total})"
        return f"{self.label}: {self.have} of {self.total} asked"


def asked(case: Case, knowledge: Knowledge, section: str) -> Asked:
    """How many questions of the section have an answer on record, on either knee."""
    label = next(one.label for one in knowledge.sections if one.id == section)
    questions = [one.id for one in knowledge.measures.values() if one.section == section and not one.derived]
    known = {one.measure for one in case.observations if one.is_valid}
    return Asked(section, label, sum(one in known for one in questions), len(questions))


def unasked_words(case: Case, knowledge: Knowledge) -> str:
    """One line on the safety screens that are open, or an empty text."""
    found = [one for one in (asked(case, knowledge, section) for section in SCREENS) if one.have < one.total]
    none = [one.label.lower() for one in found if not one.have]
    some = [f"{one.label.lower()} {one.have} of {one.total}" for one in found if one.have]
    told = [f"Not asked: {', '.join(none)}."] if none else []
    return " ".join([*told, *([f"Asked in part: {', '.join(some)}."] if some else [])])
