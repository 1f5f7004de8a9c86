"""While fluid or a flag stops running, no kilometres leave on paper."""

from __future__ import annotations

import dataclasses

from kneeclinic.documents.handout import handout_pdf
from kneeclinic.record import Observation
from kneeclinic.vocabulary import Side

from .paper_builders import CLINIC, TODAY, a_program, a_runner, knowledge, some_load, text_of


def test_the_running_of_a_plan_gives_way_to_no_running_while_there_is_fluid():
    calm = a_runner(a_program(load=dataclasses.replace(some_load(), walk_run_stage=None)))
    fluid = Observation(id="o", visit_id="v", episode_id="episode", patient_id="patient", measure="stroke_test", side=Side.RIGHT, value="1+",
                        on=TODAY)
    swollen = dataclasses.replace(calm, observations=(fluid,))
    plain, stopped = (text_of(handout_pdf(one, knowledge(), TODAY, CLINIC, therapist="Linden")) for one in (calm, swollen))
    assert "12 km" in plain and "No running this week" not in plain
    assert "12 km" not in stopped and "No running this week" in stopped
