"""Which lines of the log are asked for, and how they stand in a table for a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kneeclinic.clinic import Clinic
from kneeclinic.security.audit import AuditEntry
from kneeclinic.store import account_names, known_names, patient_by_number
from kneeclinic.vocabulary import NotFound, Refused

HEADER = ("line", "at", "who", "role", "from", "did", "kind", "record", "patient number", "detail", "link")


def from_query(clinic: Clinic, asked: dict[str, str]) -> dict[str, Any]:
    """`since`, `until` (days of the clinic, both included), `who` (account), `did` (action), `number` (clinic number of a patient)."""
    zone = clinic.zone
    found: dict[str, Any] = {}
    for name, days in (("since", 0), ("until", 1)):
        if asked.get(name):
            try:
                day = date.fromisoformat(asked[name])
            except ValueError:
                raise Refused(f"{name}: {asked[name]!r} is no date; write for example {clinic.today}.") from None
            try:
                found[name] = datetime.combine(day + timedelta(days=days), time.min, tzinfo=zone).astimezone(UTC)
            except OverflowError:
                raise Refused(f"{name}: {asked[name]} lies at the end of the calendar; write for example {clinic.today}.") from None
    if asked.get("who"):
        found["account_id"] = asked["who"]
    if asked.get("did"):
        found["action"] = asked["did"]
    if asked.get("number"):
        patient = patient_by_number(clinic.database, asked["number"])
        if patient is None:
            raise NotFound(f"Nobody has the clinic number {asked['number']}; check it.")
        found["patient_id"] = patient.id
    return found


def table(clinic: Clinic, lines: Iterable[AuditEntry]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Header and rows; times are UTC, names of patients stay out: their clinic numbers say enough."""
    team, known = account_names(clinic.database), known_names(clinic.database)
    rows: list[tuple[object, ...]] = []
    for one in lines:
        number = known[one.patient_id].number if one.patient_id in known else ""
        rows.append((one.seq, one.at, one.actor_name or team.get(one.account_id, one.account_id), one.role, one.origin, one.action, one.entity,
                     one.entity_id, number, json.dumps(one.detail, ensure_ascii=False, sort_keys=True, default=str) if one.detail else "", one.link))
    return HEADER, rows
