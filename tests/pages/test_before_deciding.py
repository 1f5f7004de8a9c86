"""What stands beside the accept button: no discharge under a red flag, and the warnings of the week; fluid stands in the headline."""

from __future__ import annotations

from kneeclinic import actions
from kneeclinic.charts.threshold import pain_threshold_sentence
from kneeclinic.clinic import Clinic
from kneeclinic.record.forms import ObservationForm
from kneeclinic.rules.red_flags import red_flags, standing_flags
from kneeclinic.ui import review_round
from kneeclinic.ui.review_deciding import NO_DISCHARGE
from kneeclinic.vocabulary import Side, VisitKind

from .conftest import Desk, runner, said
from .test_the_week import press


def is_stopped(clinic: Clinic, episode: str) -> bool:
    case = clinic.case(episode)
    return bool(standing_flags(red_flags(case, clinic.knowledge, clinic.today), case, clinic.today))


def test_under_a_red_flag_the_review_offers_the_letter_and_no_discharge(desk: Desk) -> None:
    at = desk.page("review")
    queue = at.session_state[review_round.SLOT]["queue"]
    here = next(number for number, one in enumerate(queue) if is_stopped(desk.clinic, one))
    for _ in range(here):
        press(at, "Next")
    assert NO_DISCHARGE in said(at)
    assert not any(one.label == "Discharge" for one in at.button)
    press(at, "Decide otherwise")
    assert not any(one.label == "Discharge" for one in at.button) and any(one.label == "Hold" for one in at.button)


def test_fluid_stands_in_the_headline_with_the_day_of_its_retest(desk: Desk) -> None:
    episode = runner(desk.clinic)
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.FOLLOW_UP, desk.clinic.today)
    side = desk.clinic.case(episode).episode.side.sides[0]
    actions.record_observations(desk.clinic, desk.actor, visit.id, [ObservationForm(measure="stroke_test", side=Side(side), value="1+")])
    assert "Fluid 1+, re-test by" in said(desk.page("progress", episode))
    sentence = pain_threshold_sentence(desk.clinic.case(episode), desk.clinic.knowledge, desk.clinic.today)
    assert "No running: fluid 1+ in the knee" in sentence and "Ceiling" not in sentence
