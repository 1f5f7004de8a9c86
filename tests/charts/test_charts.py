"""Charts: what they show, the sentence under them, the table behind them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from progress_builders import (
    LEFT,
    RIGHT,
    START,
    a_check_in,
    a_goal,
    a_program,
    a_run,
    a_runner,
    an_item,
    an_observation,
    week,
)

from kneeclinic.charts.events import ROOM_A_LETTER, Event, draw_events, events
from kneeclinic.charts.outcomes import outcomes_figure, outcomes_sentence, outcomes_table
from kneeclinic.charts.recovery import recovery_figure, recovery_sentence, recovery_table
from kneeclinic.charts.style import MARKS, MOST_TICKS, Chart, Label, day_text, draws, edge_labels, plain
from kneeclinic.charts.symmetry import symmetry_figure, symmetry_sentence, symmetry_table
from kneeclinic.charts.threshold import pain_threshold_figure, pain_threshold_sentence, pain_threshold_table
from kneeclinic.charts.trend import trend_figure, trend_sentence, trend_table
from kneeclinic.charts.units import counted_in
from kneeclinic.charts.week import pain_adherence_load_figure, pain_adherence_load_sentence, pain_adherence_load_table
from kneeclinic.progress.change import judge_case
from kneeclinic.progress.outcomes import outcomes
from kneeclinic.progress.recovery import recovery_bands
from kneeclinic.record import DeviceNote, TapeNote
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, Side, TapeComponent, Units

TODAY = week(8)
TAPE = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", week(1), week(5))


def words(fig: go.Figure) -> str:
    """Every word that the figure writes beside its data."""
    return " | ".join(re.sub(r"<[^>]+>", " ", one.text or "") for one in fig.layout.annotations)


def a_full_case(side=AffectedSide.RIGHT):
    course = [an_observation("akps", value, week(at)) for at, value in ((0, 62), (2, 66), (4, 75), (8, 84))]
    other = [an_observation("akps", value, week(at), LEFT) for at, value in ((0, 88), (8, 91))]
    force = [an_observation("hip_abduction_force", value, week(at)) for at, value in ((0, 150), (4, 170))]
    force += [an_observation("hip_abduction_force", 200, week(at), LEFT) for at in (0, 4)]
    checks = tuple(a_check_in(number, pain_worst=pain, pain_usual=max(0, pain - 2), sessions_done=done, sessions_prescribed=14)
                   for number, (pain, done) in enumerate(((7, 9), (6, 12), (4, 7), (3, 14)), 1))
    runs = tuple(a_run(week(1) + timedelta(days=3 * at), km, pain, settled_within_60_min=pain < 3)
                 for at, (km, pain) in enumerate(((3, 1), (4, 1), (5, 2), (6, 3), (7, 4), (8, 5), (5, 1), (6, 2), (4, 1), (9, 6))))
    programs = (a_program(), a_program(an_item("clamshell_band"), version=2, starts_on=week(1), tape=TAPE),
                a_program(an_item("clamshell_band"), version=3, starts_on=week(5)), a_program(version=4, starts_on=week(20)))
    return a_runner(side, observations=[*course, *other, *force], check_ins=checks, runs=runs, programs=programs,
                    episode={"goals": (a_goal("akps", 85, week(10)),)})


def test_the_trend_shows_baseline_noise_importance_goal_and_the_verdict(knowledge):
    fig = trend_figure(a_full_case(), knowledge, "akps", TODAY)
    said = words(fig)
    for expected in ("baseline 62", "noise edge", "important change", "goal 85", "right 84  better", "left 91  no real change", "higher is better"):
        assert expected in said
    verdict = judge_case(a_full_case(), knowledge, "akps", RIGHT, TODAY)
    band = next(shape for shape in fig.layout.shapes if shape.type == "rect")
    assert (band.y0, band.y1) == (pytest.approx(62 - verdict.needed), pytest.approx(62 + verdict.needed))


def test_every_point_of_the_trend_is_a_value_of_the_record(knowledge):
    fig = trend_figure(a_full_case(), knowledge, "akps", TODAY)
    drawn = {trace.name: list(trace.y) for trace in fig.data}
    assert drawn == {"left": [88, 91], "right": [62, 66, 75, 84]}
    assert [(row["Side"], row["Value"], row["Since baseline"]) for row in trend_table(a_full_case(), knowledge, "akps", TODAY)] == [
        ("left", 88, 0), ("right", 62, 0), ("right", 66, 4), ("right", 75, 13), ("left", 91, 3), ("right", 84, 22)]


def test_left_and_right_differ_by_mark_and_line_and_not_by_colour_alone(knowledge):
    left, right = MARKS[Side.LEFT], MARKS[Side.RIGHT]
    assert left.symbol != right.symbol and left.dash != right.dash and left.color != right.color
    by_name = {trace.name: trace for trace in trend_figure(a_full_case(), knowledge, "akps", TODAY).data}
    for mark in (left, right):
        assert (by_name[mark.name].marker.symbol, by_name[mark.name].line.dash) == (mark.symbol, mark.dash)


def test_the_sentence_of_the_trend_names_both_knees_and_their_numbers(knowledge):
    said = trend_sentence(a_full_case(), knowledge, "akps", TODAY)
    assert "right: 62 to 84 (4 values): better." in said
    assert "left: 88 to 91 (2 values): no real change." in said


def test_without_a_value_every_chart_says_what_is_missing(knowledge):
    empty = a_runner()
    assert "no value yet" in words(trend_figure(empty, knowledge, "akps", TODAY))
    assert trend_sentence(empty, knowledge, "akps", TODAY).endswith("no value yet.")
    assert trend_table(empty, knowledge, "akps", TODAY) == []
    assert "No pain" in words(pain_adherence_load_figure(empty, knowledge, TODAY))
    assert pain_adherence_load_sentence(empty, knowledge, TODAY).startswith("No pain told in the last two weeks; no sessions told")
    assert "No strength test" in words(symmetry_figure(empty, knowledge, TODAY)) and "No strength test" in symmetry_sentence(empty, knowledge, TODAY)
    assert "From 8 runs" in words(pain_threshold_figure(empty, knowledge, TODAY)) and pain_threshold_table(empty, knowledge, TODAY) == []
    assert "30 discharged" in words(recovery_figure(None, empty, knowledge, "akps", TODAY))
    assert "30 discharged" in recovery_sentence(None, empty, knowledge, "akps", TODAY)
    assert not draws(pain_threshold_figure(empty, knowledge, TODAY)) and draws(trend_figure(a_full_case(), knowledge, "akps", TODAY))
    nobody = outcomes([], knowledge, TODAY)
    assert "No episode" in words(outcomes_figure(nobody)) and "No episode" in outcomes_sentence(nobody)


@pytest.mark.parametrize(
    ("measure", "value"),
    [("akps", 62), ("pain_worst", 6), ("hip_abduction_force", 150), ("girth_joint_line", 38), ("sane", 60), ("knee_flexion_rom", 140)],
)
def test_a_single_value_is_drawn_with_its_baseline(knowledge, measure, value):
    case = a_runner(observations=[an_observation(measure, value)])
    said = words(trend_figure(case, knowledge, measure, TODAY))
    assert f"baseline {value}" in said and "first value" in said


def test_a_value_of_the_person_has_no_side_and_a_choice_has_no_course(knowledge):
    case = a_runner(observations=[an_observation("lefs", 50, side=Side.NONE), an_observation("stroke_test", "1+")])
    assert [trace.name for trace in trend_figure(case, knowledge, "lefs", TODAY).data] == [""]
    assert trend_table(case, knowledge, "lefs", TODAY)[0]["Side"] == ""
    assert "no value yet" in words(trend_figure(case, knowledge, "stroke_test", TODAY))


def test_where_only_the_other_knee_was_measured_it_carries_the_lines(knowledge):
    case = a_runner(observations=[an_observation("akps", 88, side=LEFT), an_observation("akps", 90, week(4), side=LEFT)])
    assert "baseline 88" in words(trend_figure(case, knowledge, "akps", TODAY))


def test_versions_and_supports_are_marked_on_the_days_they_began(knowledge):
    device = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "pronation", "all day", week(5), week(11))
    case = a_full_case()
    case = replace(case, programs=(*case.programs[:2], replace(case.programs[2], devices=(device,)),
                                   a_program(version=4, starts_on=week(6), paused=True), *case.programs[3:]))
    assert [(one.on, one.text) for one in events(case, knowledge, TODAY)] == [
        (START, "v1"), (week(1), "v2, tape on"), (week(5), "v3, orthosis on, tape off"), (week(6), "v4 paused, orthosis off")]
    assert "v2, tape on" in words(trend_figure(case, knowledge, "akps", TODAY))


def test_a_clear_rise_of_pain_and_a_race_are_marked(knowledge):
    check_ins = tuple(a_check_in(at, pain_worst=pain) for at, pain in enumerate((2, 2, 2, 2, 7, 7, 3), start=1))
    race = a_run(week(2), 10, note="City race")
    case = a_runner(check_ins=check_ins, runs=(race, a_run(week(3), 5, note="raced nobody")))
    found = {one.text: one.on for one in events(case, knowledge, week(8))}
    assert found["race"] == week(2)
    assert found["flare"] == check_ins[4].week_end
    assert [one.text for one in events(case, knowledge, week(8))].count("flare") == 1


def test_the_week_chart_holds_pain_sessions_and_kilometres_on_one_axis(knowledge):
    fig = pain_adherence_load_figure(a_full_case(), knowledge, week(4))
    assert len({trace.yaxis for trace in fig.data}) == 3
    assert "80 % wanted" in words(fig) and "worst 3" in words(fig)
    assert [round(one) for one in fig.data[2].y] == [64, 86, 50, 100]
    assert list(fig.data[2].marker.pattern.shape) == ["", "", "/", ""]


def test_the_week_sentence_compares_with_the_week_before_and_warns_of_a_fast_rise(knowledge):
    calm = pain_adherence_load_sentence(a_full_case(), knowledge, week(4))
    assert calm.startswith("Worst pain 3/10, 1 less than the week before (4); 100 % of sessions done; ")
    fast = replace(a_full_case(), runs=tuple(a_run(week(at), km) for at, km in enumerate((10, 10, 15, 16))))
    said = pain_adherence_load_sentence(fast, knowledge, week(3))
    assert "running +55 % in 14 days, above the 30 % that is warned of" in said
    assert "▲ too fast" in words(pain_adherence_load_figure(fast, knowledge, week(3)))
    once = a_runner(check_ins=(a_check_in(1, pain_worst=4),))
    assert pain_adherence_load_sentence(once, knowledge, week(1)).startswith("Worst pain 4/10; no sessions told; no running told")
    same = a_runner(check_ins=(a_check_in(1, pain_worst=4), a_check_in(2, pain_worst=4)))
    assert "4/10, as the week before" in pain_adherence_load_sentence(same, knowledge, week(2))


def test_the_week_table_has_a_row_a_week(knowledge):
    rows = pain_adherence_load_table(a_full_case(), knowledge, week(4))
    assert [row["Worst pain"] for row in rows] == [7, 6, 4, 3, None]
    assert [row["Done %"] for row in rows] == [64, 86, 50, 100, None]


def test_the_week_table_finds_the_weeks_of_a_clinic_that_begins_them_on_sunday(knowledge):
    """And keeps what was told in the Monday weeks of the years before."""
    sunday = tuple(replace(one, week_start=one.week_start - timedelta(days=1)) for one in a_full_case().check_ins)
    rows = pain_adherence_load_table(replace(a_full_case(), check_ins=sunday), knowledge, week(4), first_day=6)
    assert {row["Week of"].weekday() for row in rows} == {6}
    assert [row["Done %"] for row in rows][:4] == [64, 86, 50, 100]
    changed = pain_adherence_load_table(a_full_case(), knowledge, week(4), first_day=6)
    assert [row["Done %"] for row in changed][:4] == [64, 86, 50, 100]


def test_a_week_of_which_nobody_told_is_no_week_before(knowledge):
    missed = a_runner(check_ins=(a_check_in(1, pain_worst=4), a_check_in(3, pain_worst=3)))
    assert pain_adherence_load_sentence(missed, knowledge, week(3)).startswith("Worst pain 3/10, 1 less than 2 weeks before (4)")


def test_the_band_of_a_first_value_is_the_noise_that_the_second_will_be_judged_by(knowledge):
    """Rounding of a short scale included: otherwise the band would widen the day a second value comes."""
    for measure in ("pain_worst", "akps"):
        one = a_runner(observations=[an_observation(measure, 6, START)])
        two = a_runner(observations=[an_observation(measure, 6, START), an_observation(measure, 6, week(1))])
        heights = [next((shape["y0"], shape["y1"]) for shape in trend_figure(case, knowledge, measure, week(1)).to_dict()["layout"]["shapes"]
                        if shape["type"] == "rect") for case in (one, two)]
        assert heights[0] == pytest.approx(heights[1])


def test_symmetry_tells_first_newest_and_what_is_weak(knowledge):
    fig = symmetry_figure(a_full_case(), knowledge, TODAY)
    assert "85 %" in words(fig) and "▼ weak" in words(fig)
    assert symmetry_sentence(a_full_case(), knowledge, TODAY) == "Lowest: hip abduction 85 %, 75 % at first; 0 of 1 tests even (90 % or more)."
    assert symmetry_table(a_full_case(), knowledge, TODAY)[1] == {
        "Test": "Hip abduction", "Date": week(4), "Left N": 200, "Right N": 170, "Symmetry %": 85}


def test_symmetry_of_two_affected_knees_is_named_for_what_it_is(knowledge):
    both = a_full_case(AffectedSide.BOTH)
    assert "weaker leg in % of the stronger" in words(symmetry_figure(both, knowledge, TODAY))
    assert "holds nothing back" in symmetry_sentence(both, knowledge, TODAY)
    hop = a_runner(observations=[an_observation("single_leg_hop", 95), an_observation("single_leg_hop", 100, side=LEFT)])
    assert "even" in words(symmetry_figure(hop, knowledge, TODAY))
    assert symmetry_table(hop, knowledge, TODAY)[0]["Left cm"] == 100


def test_the_threshold_chart_shows_the_distance_with_its_interval(knowledge):
    case = a_full_case()
    fig, said = pain_threshold_figure(case, knowledge, week(6)), pain_threshold_sentence(case, knowledge, week(6))
    km = re.search(r"Up to ([\d.]+) km", said).group(1)
    assert f"{km} km  (" in words(fig)
    assert len(pain_threshold_table(case, knowledge, week(6))) == 10
    painless = replace(case, runs=tuple(replace(run, pain_during=1, settled_within_60_min=True) for run in case.runs))
    assert "km  (" not in words(pain_threshold_figure(painless, knowledge, week(6)))


def a_past_runner(at):
    course = [an_observation("akps", 55 + at % 10 + gain, week(weeks)) for weeks, gain in ((0, 0), (4, 12), (8, 22))]
    return a_runner(observations=[*course, an_observation("pain_worst", 6)], programs=(a_program(template="hip_starter"),),
                    episode={"status": EpisodeStatus.DISCHARGED, "closed_on": week(10)})


@pytest.mark.parametrize(("value", "place"), [(30, "in the lowest tenth"), (78, "in the lower quarter"), (81, "in the middle half"),
                                              (85, "in the upper quarter"), (99, "in the highest tenth")])
def test_the_recovery_sentence_places_the_patient_among_past_ones(knowledge, value, place):
    bands = recovery_bands([a_past_runner(at) for at in range(40)], knowledge, "akps", week(20))
    case = a_runner(observations=[an_observation("akps", 60), an_observation("akps", value, week(8))])
    assert f"{value} in week 9, {place} of 40 past patients" in recovery_sentence(bands, case, knowledge, "akps", week(8))
    assert recovery_sentence(bands, case, knowledge, "akps", week(8)).endswith("; higher is better.")
    fig = recovery_figure(bands, case, knowledge, "akps", week(8))
    assert "median of 40" in words(fig) and f"{value}" in words(fig)
    assert recovery_table(bands, case, knowledge, "akps", week(8))[2]["This patient"] == value


def test_a_patient_without_values_still_sees_the_band(knowledge):
    bands = recovery_bands([a_past_runner(at) for at in range(40)], knowledge, "akps", week(20))
    assert "median" in words(recovery_figure(bands, a_runner(), knowledge, "akps", week(8)))
    assert "no value of this patient" in recovery_sentence(bands, a_runner(), knowledge, "akps", week(8))


def test_a_measure_without_a_fixed_scale_is_scaled_to_its_values(knowledge):
    def strong(at):
        force = tuple(an_observation("hip_abduction_force", 150 + at + weeks, week(weeks)) for weeks in (0, 8))
        return replace(a_past_runner(at), observations=force)

    bands = recovery_bands([strong(at) for at in range(40)], knowledge, "hip_abduction_force", week(20))
    fig = recovery_figure(bands, strong(3), knowledge, "hip_abduction_force", week(8))
    assert fig.layout.yaxis.range[0] > 100


def test_outcomes_show_shares_with_intervals_and_hide_small_groups(knowledge):
    cases = [a_past_runner(at) for at in range(8)] + [replace(a_past_runner(9), programs=(a_program(phase=2),))]
    found = outcomes(cases, knowledge, week(20))
    said = words(outcomes_figure(found))
    assert "100 %  of 9" in said and "really better by week 12" in said
    assert re.search(r"\d+ groups? (is|are) hidden: fewer than 5 patients\.", outcomes_sentence(found))
    hidden = [row for row in outcomes_table(found) if row["Patients"] == "fewer than 5"]
    assert hidden and all(row["Really better %"] is None for row in hidden)
    big = outcomes(cases[:8], knowledge, week(20))
    assert "begun in phase" not in str(outcomes_figure(big).layout.yaxis.ticktext), "a breakdown into one group is none"
    assert "hidden" not in outcomes_sentence(big)


def every_figure(knowledge):
    case, day = a_full_case(), week(6)
    bands = recovery_bands([a_past_runner(at) for at in range(40)], knowledge, "akps", week(20))
    found = outcomes([a_past_runner(at) for at in range(8)], knowledge, week(20))
    return (trend_figure(case, knowledge, "akps", day), pain_adherence_load_figure(case, knowledge, day), symmetry_figure(case, knowledge, day),
            pain_threshold_figure(case, knowledge, day), recovery_figure(bands, case, knowledge, "akps", day), outcomes_figure(found, 6),
            trend_figure(a_runner(), knowledge, "akps", day))


def test_plotly_finds_nothing_wrong_in_any_figure(knowledge):
    """Figures are made unchecked, because checking costs more than drawing; here each is checked, and a wrong one is refused."""
    for fig in every_figure(knowledge):
        assert len(go.Figure(fig.to_dict()).data) == len(fig.data)
    with pytest.raises(ValueError, match="Invalid"):
        go.Figure({"data": [{"type": "scatter", "moed": "lines"}]})


@pytest.mark.parametrize("weeks", [1, 4, 8, 12, 13, 20, 30, 60, 150])
def test_the_axis_of_time_never_has_more_ticks_than_a_narrow_screen_holds(knowledge, weeks):
    case = a_runner(observations=[an_observation("akps", 60), an_observation("akps", 70, week(weeks))])
    axis = trend_figure(case, knowledge, "akps", week(weeks)).layout.xaxis
    assert 2 <= len(axis.tickvals) <= MOST_TICKS
    assert axis.ticktext[0].startswith("week 1")


def test_a_row_of_which_nothing_was_told_is_left_out(knowledge):
    told = a_full_case()
    rows = {
        "pain alone": replace(told, runs=(), check_ins=(), observations=(an_observation("pain_worst", 6),)),
        "running alone": replace(told, check_ins=(), observations=()),
        "all": told,
    }
    heights = {name: pain_adherence_load_figure(case, knowledge, week(4)).layout.height for name, case in rows.items()}
    assert heights["running alone"] < heights["pain alone"] < heights["all"]
    alone = pain_adherence_load_figure(rows["running alone"], knowledge, week(4))
    assert "running, km a week" in words(alone) and "sessions done" not in words(alone) and "pain" not in words(alone)
    assert alone.layout.yaxis.domain == (0, 1)


def test_the_rows_of_the_week_share_the_height_and_the_axis_of_time(knowledge):
    layout = pain_adherence_load_figure(a_full_case(), knowledge, week(4)).layout
    domains = [layout.yaxis.domain, layout.yaxis2.domain, layout.yaxis3.domain]
    assert domains[0][1] == 1 and domains[2][0] == pytest.approx(0, abs=1e-9)
    assert all(above[0] > below[1] for above, below in pairwise(domains))
    assert (layout.xaxis.matches, layout.xaxis2.matches, layout.xaxis3.matches) == ("x3", "x3", None)
    assert list(layout.xaxis.range) == list(layout.xaxis3.range)


def test_running_of_last_week_is_told_when_this_week_is_not_yet(knowledge):
    case = a_runner(check_ins=(a_check_in(1, pain_worst=4, km=12.5),))
    assert "12.5 km run the week before" in pain_adherence_load_sentence(case, knowledge, week(1) + timedelta(days=6))


def test_a_clinic_that_counts_in_miles_sees_miles_and_the_same_verdict(knowledge):
    told = replace(a_full_case(), observations=(*a_full_case().observations, an_observation("km_week", 16.1, side=Side.NONE),
                                                an_observation("girth_joint_line", 38.1), an_observation("girth_joint_line", 35.56, week(4))))
    case = replace(told, episode=replace(told.episode, goals=(a_goal("girth_joint_line", 35.56, week(10), baseline=38.1),)))
    in_inches = (*counted_in(case, knowledge, "girth_joint_line", Units.IMPERIAL), "girth_joint_line", TODAY)
    said = words(trend_figure(*in_inches))
    assert "baseline 15" in said and "goal 14" in said
    assert re.search(r"\bin\b", said) and "cm" not in said
    metric, inches = (judge_case(*case_and_knowledge, "girth_joint_line", RIGHT, TODAY) for case_and_knowledge in ((case, knowledge), in_inches[:2]))
    assert metric.verdict is inches.verdict and inches.last == 14
    assert [row["Value"] for row in trend_table(*counted_in(case, knowledge, "km_week", Units.IMPERIAL), "km_week", TODAY)] == [10.0]
    assert counted_in(case, knowledge, "akps", Units.IMPERIAL) == (case, knowledge)
    assert counted_in(case, knowledge, "wb_lunge_difference", Units.IMPERIAL) == (case, knowledge), "computed from what is stored"


def test_running_is_told_in_miles_where_miles_are_counted(knowledge):
    case, day = a_full_case(), week(6)
    assert "running, mi a week" in words(pain_adherence_load_figure(case, knowledge, day, Units.IMPERIAL))
    assert " km" not in pain_adherence_load_sentence(case, knowledge, day, Units.IMPERIAL)
    assert "Run mi" in pain_adherence_load_table(case, knowledge, day, Units.IMPERIAL)[0]
    km, miles = (float(re.search(r"Up to ([\d.]+) (?:km|mi)", pain_threshold_sentence(case, knowledge, day, units)).group(1)) for units in Units)
    assert km / miles == pytest.approx(1.609, abs=0.08)
    assert " mi" in words(pain_threshold_figure(case, knowledge, day, Units.IMPERIAL))
    assert pain_threshold_table(case, knowledge, day, Units.IMPERIAL)[0]["Mi"] == pytest.approx(1.86, abs=0.01)


def test_words_of_events_never_run_into_each_other_and_supports_are_never_left_out():
    shown = (*(Event(week(at / 2), f"v{at + 1}") for at in range(24)), Event(week(12), "tape off"))
    on = Chart()
    draw_events(on, shown, week(12))
    assert len(on.lines) == len(shown), "every event has its line"
    texts = [one["text"] for one in on.words]
    assert "tape off" in texts and 4 <= len(texts) < len(shown)
    for height in (18, 30):
        row = [one for one in on.words if one["yshift"] == height and one["text"].startswith("v")]
        gaps = [(date.fromisoformat(later["x"]) - date.fromisoformat(one["x"])).days / len(one["text"]) for one, later in pairwise(row)]
        assert min(gaps) >= ROOM_A_LETTER * 84


def test_labels_at_the_edge_never_touch():
    on = Chart()
    edge_labels(on, [Label(y, f"label {y}") for y in (50, 50, 51, 52, 90)], (0, 100), 200)
    heights = sorted(one["y"] * 2 + one["yshift"] for one in on.words)
    assert all(above - below >= 14.9 for below, above in pairwise(heights))
    edge_labels(Chart(), [], (0, 100), 200)


def test_numbers_and_days_are_read_as_people_write_them():
    assert (plain(None), plain(62.0), plain(2.345, 1), day_text(START)) == ("–", "62", "2.3", "5 Jan 2026")


def test_no_figure_asks_another_machine_for_anything(knowledge):
    for fig in (trend_figure(a_full_case(), knowledge, "akps", TODAY), symmetry_figure(a_full_case(), knowledge, TODAY)):
        assert "http" not in fig.to_json()
