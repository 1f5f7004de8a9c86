"""No ceiling lies above what hurt lately, whatever was run; sentence, curve, plan and rules agree on it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from progress_builders import START, a_run, a_runner, an_observation

from kneeclinic.charts.threshold import pain_threshold_figure, pain_threshold_sentence
from kneeclinic.knowledge import load_knowledge
from kneeclinic.progress.load import pain_threshold, run_ceiling
from kneeclinic.progress.running_week import propose_load
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.running_plan import running_plan
from kneeclinic.rules.suggest import suggest

TODAY = START + timedelta(weeks=8)
KNOWLEDGE = load_knowledge()
RUN = st.tuples(st.integers(0, 60), st.sampled_from([2.0, 2.4, 3.4, 3.6, 4.8, 6.0, 9.0]), st.integers(0, 9), st.sampled_from([True, False, None]))


def case_of(told, **parts):
    return a_runner(runs=tuple(sorted((a_run(TODAY - timedelta(days=ago), km, pain, settled_within_60_min=settled)
                                       for ago, km, pain, settled in told), key=lambda one: one.started)), **parts)


def hurt(one) -> bool:
    return one[2] > 2 or one[3] is False


def painful_lately(told) -> list[float]:
    """Painful runs of four weeks that were not followed by two tolerated ones of at least the length, told in plain words."""
    recent = [one for one in told if one[0] < 28]
    return [one[1] for one in recent if hurt(one)
            and sum(other[0] < one[0] and other[1] >= one[1] and not hurt(other) and (other[3] is True or other[2] == 0) for other in recent) < 2]


@settings(max_examples=150, deadline=None)
@given(st.lists(RUN, min_size=1, max_size=24, unique_by=lambda one: one[0]))
def test_no_ceiling_lies_above_the_shortest_recent_painful_run_or_the_start_of_pain(told):
    case = case_of(told)
    ceiling, curve = run_ceiling(case, KNOWLEDGE, TODAY), pain_threshold(case, KNOWLEDGE, TODAY)
    if ceiling.km is not None:
        assert all(ceiling.km < km for km in painful_lately(told))
        assert curve is None or curve.km is None or ceiling.km < curve.km
        assert f"{ceiling.km:.1f} km" in ceiling.sentence
    if curve is not None:
        assert curve.ceiling_km == ceiling.km and curve.sentence.endswith(ceiling.sentence)
        if curve.steps[0][1] > curve.limit:
            assert ceiling.km is None and ("no ceiling" in ceiling.sentence or ceiling.stop)
    found = suggest(case, KNOWLEDGE, TODAY)
    proposed, allowed = propose_load(case, found, KNOWLEDGE, TODAY), running_plan(found, facts_of(case, KNOWLEDGE, TODAY))
    if proposed is not None and ceiling.km is not None and proposed.plan.longest_run_km is not None:
        assert proposed.plan.longest_run_km <= ceiling.km
    if proposed is not None and (ceiling.hurts or ceiling.stop):
        assert not proposed.plan.longest_run_km and not proposed.plan.weekly_km
    if allowed is not None and allowed.longest_run_km is not None:
        assert all(allowed.longest_run_km < km for km in painful_lately(told))


def test_the_latest_short_painful_runs_leave_no_ceiling_above_them():
    told = [(50 - 4 * at, km, 2, True) for at, km in enumerate((4.2, 4.4, 4.6, 4.8, 5.4, 6.0))]
    told += [(20, 4.8, 2, True), (4, 3.6, 5, False), (2, 3.4, 5, False)]
    found = pain_threshold(case_of(told), KNOWLEDGE, TODAY)
    assert found.tolerated_km == 4.8
    assert found.ceiling_km is None
    assert "no ceiling; walk-run or rest as the plan says" in found.sentence


def test_a_painful_run_is_forgotten_after_two_tolerated_ones_of_its_length():
    once = [(20, 3.0, 5, True), (16, 5.0, 1, True), (12, 4.0, 1, True)]
    assert run_ceiling(case_of(once), KNOWLEDGE, TODAY).km == 4.5
    assert run_ceiling(case_of(once[:2]), KNOWLEDGE, TODAY).km == 2.7


def test_a_red_flag_or_fluid_stands_in_place_of_a_ceiling():
    easy = [(3 * at + 1, 3.0 + at, 1, True) for at in range(9)]
    for measure, value, words in (("stroke_test", "1+", "No running: fluid 1+ in the knee, tested on 2 Mar."),
                                  ("fever_hot_joint", 1, "No running: red flag, ")):
        case = case_of(easy, observations=[an_observation(measure, value, TODAY)])
        found = pain_threshold(case, KNOWLEDGE, TODAY)
        assert found.ceiling_km is None and words in found.sentence and "Ceiling" not in found.sentence
        assert words in pain_threshold_sentence(case, KNOWLEDGE, TODAY)
        assert propose_load(case, suggest(case, KNOWLEDGE, TODAY), KNOWLEDGE, TODAY).plan.weekly_km == 0


def test_the_chart_draws_the_ceiling_that_the_sentence_names():
    case = case_of([(3 * at + 1, 9.0 - at / 2, 1 if at > 4 else 4, True) for at in range(12)])
    found = pain_threshold(case, KNOWLEDGE, TODAY)
    assert found.ceiling_km is not None
    assert any(f"ceiling {found.ceiling_km:.1f} km" in note.text for note in pain_threshold_figure(case, KNOWLEDGE, TODAY).layout.annotations)
