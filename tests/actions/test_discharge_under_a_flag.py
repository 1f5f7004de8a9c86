"""Nobody is discharged, and nobody is given more, by a weekly decision while a red flag stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.record.forms import ReviewForm
from kneeclinic.vocabulary import Decision, Refused

from .conftest import TODAY, found


@pytest.mark.parametrize("decision", [Decision.DISCHARGE, Decision.PROGRESS])
def test_a_discharge_and_more_exercise_are_refused_while_a_red_flag_stands(clinic, staff, episode, decision):
    found(clinic, staff.clinician, episode, {"locking": 1})
    form = ReviewForm(week_start=TODAY - timedelta(days=TODAY.weekday()), decision=decision, reason="Moves away")
    with pytest.raises(Refused, match="red flag stands"):
        actions.decide_review(clinic, staff.clinician, episode.id, form)
