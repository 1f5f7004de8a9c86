"""One runner against the band of those who are done."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go

from kneeclinic.charts.style import BOTTOM, CALM_TOP, MARKS, SIZE, Label, axes, chart, edge_labels, message, plain
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.load import running_threshold
from kneeclinic.progress.recovery import RecoveryBands, course_of
from kneeclinic.progress.series import fitting_side
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import Better, MeasureKind, Side

HEIGHT = 284
OUTER, INNER, MIDDLE = "rgba(65, 86, 107, 0.12)", "rgba(65, 86, 107, 0.22)", "#41566B"


def not_yet(knowledge: Knowledge) -> str:
    return f"The recovery chart begins with {running_threshold(knowledge, 'recovery_episodes'):g} discharged episodes that have this measure."


def recovery_figure(bands: RecoveryBands | None, case: Case, knowledge: Knowledge, measure_id: str, today: date) -> go.Figure:
    """Weeks across; 10 to 90 and 25 to 75 % of past patients shaded, the median dashed, this patient on top."""
    if bands is None or not bands.weeks:
        return message(not_yet(knowledge), HEIGHT)
    measure, weeks = knowledge.measure(measure_id), [one.week for one in bands.weeks]
    on = chart(HEIGHT, top=CALM_TOP)
    for low, high, color in (("p10", "p90", OUTER), ("p25", "p75", INNER)):
        edge = [*(getattr(one, high) for one in bands.weeks), *(getattr(one, low) for one in reversed(bands.weeks))]
        on.dots([*weeks, *reversed(weeks)], edge, fill="toself", fillcolor=color, line={"width": 0}, mode="lines", hoverinfo="skip")
    on.dots(weeks, [one.p50 for one in bands.weeks], customdata=[week + 1 for week in weeks], mode="lines",
            line={"color": MIDDLE, "width": 1.6, "dash": "dash"},
            hovertemplate="week %{customdata}: median %{y}<extra></extra>")
    last = bands.weeks[-1]
    labels = [Label(last.p50, f"median of {bands.episodes}"), Label(last.p90, "10 to 90 %"), Label(last.p75, "25 to 75 %")]
    side = fitting_side(case, knowledge, measure_id, Side.NONE, today)
    own = sorted(course_of(case, knowledge, measure_id, today, side).items())
    values = [value for one in bands.weeks for value in (one.p10, one.p90)] + [value for _, value in own]
    if own:
        mark = MARKS[side]
        on.dots([week for week, _ in own], [value for _, value in own], customdata=[week + 1 for week, _ in own], mode="lines+markers",
                line={"color": mark.color, "width": 2.4, "dash": mark.dash},
                marker={"symbol": mark.symbol, "size": 9, "color": mark.color, "line": {"width": 2, "color": mark.color}},
                hovertemplate="week %{customdata}: <b>%{y}</b><extra></extra>")
        on.write(f"<b>{plain(own[-1][1], measure.decimals)}</b>", color=mark.color, size=SIZE, x=own[-1][0], y=own[-1][1], yshift=15)
    if measure.kind in (MeasureKind.SCORE, MeasureKind.INTEGER) and measure.hard and measure.mic:
        span = measure.hard[1] - measure.hard[0]
        y_range = (measure.hard[0] - 0.02 * span, measure.hard[1] + 0.02 * span)
    else:
        y_range = (min(values) * 0.95, max(values) * 1.05 + 1e-6)
    axes(on, y_title=f"{measure.short or measure.label}{_direction(measure)}; shaded: past patients of this clinic", range=y_range)
    end = max([weeks[-1], *(week for week, _ in own)])
    on.axis("x", range=[-0.4, end + 0.4], tickvals=list(range(0, end + 1, 4)), ticktext=[f"week {week + 1}" for week in range(0, end + 1, 4)])
    edge_labels(on, labels, y_range, HEIGHT - CALM_TOP - BOTTOM)
    return on.drawn()


def recovery_sentence(bands: RecoveryBands | None, case: Case, knowledge: Knowledge, measure_id: str, today: date) -> str:
    """Where the newest value stands among past patients of the same week."""
    if bands is None or not bands.weeks:
        return not_yet(knowledge)
    side = fitting_side(case, knowledge, measure_id, Side.NONE, today)
    own = course_of(case, knowledge, measure_id, today, side)
    week = max((one for one in own if any(band.week == one for band in bands.weeks)), default=None)
    label = knowledge.measure(measure_id).label
    if week is None:
        return f"{label}: no value of this patient in a week that past patients have."
    band, value = next(one for one in bands.weeks if one.week == week), own[week]
    place = ("in the lowest tenth" if value < band.p10 else "in the lower quarter" if value < band.p25 else "in the middle half"
             if value <= band.p75 else "in the upper quarter" if value <= band.p90 else "in the highest tenth")
    better = _direction(knowledge.measure(measure_id))
    return f"{label}: {value:g} in week {week + 1}, {place} of {band.n} past patients (median {band.p50:g}){better}."


def _direction(measure: Measure) -> str:
    return {Better.HIGHER: "; higher is better", Better.LOWER: "; lower is better", Better.NEITHER: ""}[measure.better]


def recovery_table(bands: RecoveryBands | None, case: Case, knowledge: Knowledge, measure_id: str, today: date) -> list[dict[str, object]]:
    """One row a week."""
    own = course_of(case, knowledge, measure_id, today, fitting_side(case, knowledge, measure_id, Side.NONE, today))
    return [
        {"Week": one.week + 1, "Patients": one.n, "10 %": one.p10, "25 %": one.p25, "Median": one.p50, "75 %": one.p75, "90 %": one.p90,
         "This patient": own.get(one.week)}
        for one in (bands.weeks if bands else ())
    ]
