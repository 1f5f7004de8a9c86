"""Knowledge: reading all files anew, and one full suggestion."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.measure import Row, median_ms
from benchmarks.paper import TODAY, a_case
from kneeclinic.knowledge import load_knowledge, loader
from kneeclinic.record import Observation
from kneeclinic.rules.suggest import suggest
from kneeclinic.vocabulary import Side

VALUES = {"pain_worst": 5.0, "pain_usual": 3.0, "lateral_step_down": 3.0,
          "hip_abduction_force": 150.0, "hip_er_force": 90.0, "knee_extension_force": 300.0,
          "stroke_test": "0", "fpi6": 7.0, "ely": 110.0, "slr_passive": 60.0, "tape_trial_before": 6.0, "tape_trial_after": 2.0}


def rows() -> list[Row]:
    knowledge = load_knowledge()

    def anew() -> object:
        loader._knowledge_of.cache_clear()
        return load_knowledge()

    case = a_case(knowledge)
    seen = tuple(
        Observation(f"{measure}{side}", "visit", "episode", "patient", measure, side, value, TODAY)
        for measure, value in VALUES.items() for side in (Side.LEFT, Side.RIGHT)
    )
    full = replace(case, observations=seen)
    return [
        Row("knowledge: every file read and checked anew", median_ms(anew, 7), note="aim under 150 ms"),
        Row("one full suggestion (24 values)", median_ms(lambda: suggest(full, knowledge, TODAY), 30), note="aim under 20 ms"),
    ]


