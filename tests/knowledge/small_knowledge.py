"""A whole knowledge folder, as small as it can be and without a fault, so that a test can plant one fault and see it named."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from kneeclinic.knowledge import Fault, KnowledgeFaults, load_knowledge

World = dict[str, dict[str, Any]]
FACT = {"source": "a_book", "standing": "checked"}
LIMITS = {"hard": [0, 10], "soft": [0, 8], "limit_reason": "The scale ends there."}


def a_measure(id: str, **fields: Any) -> dict[str, Any]:
    """A number of each knee unless `fields` say otherwise; None takes a default away."""
    base = {"id": id, "label": id, "section": "pain", "kind": "number", "sides": "each", "how": "Ask.", **LIMITS, **FACT}
    return without_none({**base, **fields})


def an_exercise(id: str, **fields: Any) -> dict[str, Any]:
    base = {
        "id": id,
        "category": "hip strength",
        "target": "hip",
        "trains": id,
        "position": "supine",
        "dose": {"sets": 3, "reps": 10, "days_per_week": 3},
        "sided": True,
        "weight_bearing": "no",
        "stress": "low",
        "level": 1,
        "phase_from": 0,
        "end": "alone",
        **FACT,
    }
    return without_none({**base, **fields})


def a_rule(id: str = "R01", **fields: Any) -> dict[str, Any]:
    base = {
        "id": id,
        "title": "Weak",
        "precedence": "impairment",
        "grade": "A",
        "why": "It helps.",
        "when": when("worst", ">=", 6, "affected"),
        "gives": [{"kind": "exercise", "items": ["bridge"]}],
        **FACT,
    }
    return without_none({**base, **fields})


def when(measure: str, op: str, value: Any, side: str = "none") -> dict[str, Any]:
    return {"any": [{"measure": measure, "side": side, "op": op, "value": value}]}


def without_none(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def small() -> World:
    """One to three entries of every table, every one of them right."""
    flag = {"hard": None, "soft": None, "limit_reason": None}
    choice = {**flag, "kind": "choice", "choices": ["low", "high"], "choice_labels": ["Low", "High"]}
    words = {"name": "Bridge", "cues": ["Lie down.", "Push up.", "Lower."], "mistake": "Do not arch.", "feel": "Your buttock."}

    def wording(language: str) -> dict[str, Any]:
        return {
            "language": language,
            "exercises": {"bridge": words, "high_bridge": words},
            "education": {"rest": "Rest well."},
            "text": {"hello": "For {name}", "bye": "Bye"},
        }

    world = {
        "edition.toml": {"edition": "1", "date": "2026-01-01"},
        "sources.toml": {"source": [{"id": "a_book", "title": "A book", "year": 2020, "seen": "itself"}]},
        "measures/sections.toml": {"section": [{"id": "pain", "label": "Pain"}]},
        "measures/pain.toml": {
            "measure": [
                a_measure("worst", aliases=["worst pain"], visit_kinds=["first"]),
                a_measure("age", sides="none", derived=True),
                a_measure("locking", kind="flag", **flag),
                a_measure("place", **choice),
                a_measure("grade", **choice, ordered=True),
                a_measure("remark", kind="text", **flag),
                a_measure(
                    "quality",
                    kind="score",
                    better="lower",
                    hard=[0, 3],
                    soft=[0, 3],
                    scoring="sum",
                    min_answered=2,
                    items=[{"label": "Arms", "allowed": [0, 1], "labels": ["good", "bad"]}, {"label": "Knee", "allowed": [0, 1, 2]}],
                    bands=[{"low": 0, "high": 1, "label": "good"}, {"low": 2, "high": 3, "label": "poor"}],
                ),
            ]
        },
        "exercises/hip.toml": {
            "exercise": [
                an_exercise("bridge", harder=["high_bridge"], end="easiest", equipment=["floor"]),
                an_exercise("high_bridge", easier=["bridge"], end="hardest", level=2),
            ]
        },
        "supports.toml": {
            "support": [
                {
                    "id": "tape",
                    "label": "Tape",
                    "kind": "tape",
                    "guideline": "May help.",
                    "grade": "B",
                    "recommended": True,
                    "components": ["glide"],
                    "directions": {"glide": "Inwards."},
                    "steps": ["Dry the skin."],
                    "skin": ["No rash."],
                    "retest": "Half.",
                    "stop_weeks": 4,
                    **FACT,
                }
            ]
        },
        "templates.toml": {
            "template": [{"id": "start", "label": "Start", "description": "To start.", "phase": 1, "items": [{"exercise": "bridge"}], **FACT}]
        },
        "phases.toml": {
            "phase": [
                {
                    "id": f"phase_{number}",
                    "number": number,
                    "label": "Phase",
                    "weeks": "0-2",
                    "content": "Work.",
                    "enter": [],
                    "progress": [],
                    "hold": [],
                    **FACT,
                }
                for number in range(5)
            ]
        },
        "red_flags.toml": {
            "red_flag": [{"id": "RF1", "level": "refer", "title": "Locked", "action": "Refer.", "when": when("locking", "==", 1, "any"), **FACT}]
        },
        "advice.toml": {
            "advice": [
                {"id": "see_doctor", "kind": "refer", "label": "See a doctor", "text": "Refer.", **FACT},
                {"id": "no_tape", "kind": "avoid", "label": "No tape", "text": "No tape.", **FACT},
            ]
        },
        "rules.toml": {
            "rule": [a_rule()],
            "precaution": [{"id": "skin", "when": when("place", "==", "low", "any"), "avoid": [{"items": ["tape"], "because": "skin"}], **FACT}],
        },
        "reviews.toml": {"review": [{"id": "WR1", "order": 1, "title": "Flag", "decision": "refer", "then": "Refer.", **FACT}]},
        "running.toml": {
            "stage": [
                {"id": f"stage_{n}", "stage": n, "run_min": n, "walk_min": 1, "repeats": 2, "total_min": 2 * (n + 1), **FACT} for n in range(1, 9)
            ],
            "threshold": [{"id": "weekly_rise", "label": "Rise", "value": 10, "unit": "%", **FACT}],
            "pain_zone": [
                {"id": name, "zone": name, "low": low, "high": high, "next_morning": "calm", "action": "Go on.", **FACT}
                for name, low, high in (("green", 0, 2), ("amber", 3, 5), ("red", 6, 10))
            ],
        },
        "education.toml": {"education": [{"id": "rest", "topic": "Rest.", **FACT}]},
        "wording/en.toml": wording("en"),
        "wording/es.toml": wording("es"),
        "poses/hip.toml": {id: {"view": "side", "position": "supine", "says": "Up.", "start": {}, "end": {}} for id in ("bridge", "high_bridge")},
    }
    return deepcopy(world)


def write(folder: Path, world: World) -> Path:
    """The world as TOML files under `folder`."""
    for name, tables in world.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in tables.items()) + "\n", encoding="utf-8")
    return folder


def toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return "nan" if value != value else json.dumps(value, ensure_ascii=False)


def faults_in(folder: Path) -> tuple[Fault, ...]:
    """Every fault that loading the folder names; none when it loads."""
    try:
        load_knowledge(folder)
    except KnowledgeFaults as error:
        return error.faults
    return ()
