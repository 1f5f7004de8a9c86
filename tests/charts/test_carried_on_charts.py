"""A value taken over from an earlier visit is shown as such and moves no verdict."""

from __future__ import annotations

from progress_builders import START, a_runner, an_observation, week

from kneeclinic.charts.symmetry import symmetry_table
from kneeclinic.charts.trend import trend_figure, trend_table
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.change import judge_case
from kneeclinic.vocabulary import Side

RIGHT = Side.RIGHT
TODAY = week(5)


def test_the_trend_marks_a_carried_value_and_the_table_names_it(knowledge: Knowledge) -> None:
    values = (an_observation("akps", 60.0, START, RIGHT), an_observation("akps", 70.0, week(2), RIGHT))
    carried = an_observation("akps", 70.0, week(3), RIGHT, carried=True)
    plain, marked = a_runner(observations=values), a_runner(observations=(*values, carried))
    assert judge_case(marked, knowledge, "akps", RIGHT, TODAY) == judge_case(plain, knowledge, "akps", RIGHT, TODAY)
    trace = next(one for one in trend_figure(marked, knowledge, "akps", TODAY).data if one.name == "carried")
    assert list(trace.x) == [week(3).isoformat()] and "carried, not measured" in trace.text[0] and "thin" in trace.marker.symbol
    assert all(one.name != "carried" for one in trend_figure(plain, knowledge, "akps", TODAY).data)
    assert [(row["Value"], row["From"]) for row in trend_table(marked, knowledge, "akps", TODAY)] == [
        (60.0, "visit"), (70.0, "visit"), (70.0, "carried, not measured")]


def test_a_symmetry_of_a_carried_leg_says_which_leg(knowledge: Knowledge) -> None:
    case = a_runner(observations=(
        an_observation("hip_abduction_force", 150.0, week(1), RIGHT), an_observation("hip_abduction_force", 200.0, week(1), Side.LEFT, carried=True)))
    assert [row["Carried"] for row in symmetry_table(case, knowledge, TODAY)] == ["left"]
