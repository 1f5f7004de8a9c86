"""Pain, sessions done and running, one above the other on one axis of time."""

from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go

from kneeclinic.charts.course import chart_with_events, draw_course
from kneeclinic.charts.events import draw_events, events
from kneeclinic.charts.style import ORANGE, PAPER, QUIET, SLATE, TEAL, Chart, Label, axes, day_text, edge_labels, message, plain, time_axis
from kneeclinic.charts.units import runs_in
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import WeekDone, adherence
from kneeclinic.progress.load import LoadWeek, load_history, load_rise
from kneeclinic.progress.series import Point, pain_series
from kneeclinic.progress.week import pain_week
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import Units

PAIN_PLOT, LOW_PLOT, BETWEEN = 152, 94, 34
"""Pixels of the row of pain, of each row below it, and between two rows."""
TARGET, TOO_FEW = 80.0, 60.0
"""Drawn lines; the decisions read the same figures from the knowledge (WR6, WR4)."""
WEEKS_SHOWN = 26


def pain_adherence_load_figure(case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC) -> go.Figure:
    """Up to three rows: worst and usual pain, per cent of sessions, kilometres a week; a row of which nothing was told is left out."""
    case, unit = runs_in(case, units)
    worst, usual, done, runs = _data(case, today)
    days = [point.on for point in (*worst, *usual)] + [_middle(week) for week in done] + [week.last_day for week in runs]
    if not days:
        return message("No pain, no check-in and no run told yet.")
    shown = events(case, knowledge, today)
    heights = [PAIN_PLOT] * bool(worst or usual) + [LOW_PLOT] * bool(done) + [LOW_PLOT] * bool(runs)
    plot = sum(heights) + BETWEEN * (len(heights) - 1)
    on = chart_with_events(plot, shown)
    on.rows(heights, BETWEEN / plot)
    first, last = min([*days, *(one.on for one in shown)]), max([*days, today])
    draw_events(on, shown, last)
    row = 1
    if worst or usual:
        _pain(on, worst, usual, row)
        row += 1
    if done:
        _sessions(on, done, row)
        row += 1
    if runs:
        _running(on, case, knowledge, runs, today, row, unit)
    time_axis(on, first, last, case.episode.opened_on, rows=len(heights))
    return on.drawn()


def pain_adherence_load_sentence(case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC) -> str:
    """The week in one breath: pain against last week, sessions done, distance and its rise."""
    case, unit = runs_in(case, units)
    pain, done, rise = pain_week(case, "pain_worst", today), adherence(case, today), load_rise(case, knowledge, today)
    before, week = (one.km for one in load_history(case, today, weeks=2))
    if pain.now is None:
        parts = ["No pain told in the last two weeks"]
    elif pain.last is None:
        parts = [f"Worst pain {pain.now:g}/10"]
    else:
        when = "the week" if pain.apart <= 1 else f"{pain.apart} weeks"
        parts = [f"Worst pain {pain.now:g}/10, {_step(pain.rise or 0)} {when} before ({pain.last:g})"]
    parts.append("no sessions told" if done.percent_7d is None else f"{done.percent_7d:.0f} % of sessions done")
    parts.append(f"{plain(week, 1)} {unit} run" if week is not None else f"{plain(before, 1)} {unit} run the week before" if before is not None
                 else "no running told")
    if rise.percent is not None:
        warning = f", above the {rise.warn_from:g} % that is warned of" if rise.is_warning else ""
        parts.append(f"running {rise.percent:+.0f} % in 14 days{warning}")
    return "; ".join(parts) + "."


def pain_adherence_load_table(
    case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC, *, first_day: int = 0,
) -> list[dict[str, object]]:
    """One row a week of the episode, newest last: what the three rows show. Weeks begin on `first_day` (0 = Monday); a week that was told
    when the clinic counted otherwise stands in the row that holds its middle."""
    case, unit = runs_in(case, units)
    worst, usual, done, _ = _data(case, today)
    rows: list[dict[str, object]] = []
    opened = case.episode.opened_on - timedelta(days=(case.episode.opened_on.weekday() - first_day) % 7)
    for at in range(max(0, (today - opened).days) // 7 + 1):
        start = opened + timedelta(weeks=at)
        end = start + timedelta(days=6)
        week = next((one for one in done if start <= _middle(one) <= end), None)
        known = load_history(case, min(end, today), weeks=1)[0].km
        km = None if known is None else round(known, 1)
        rows.append({
            "Week of": start, "Worst pain": _highest(worst, start, end), "Usual pain": _highest(usual, start, end),
            "Sessions done": week.done if week else None, "Prescribed": week.prescribed if week else None,
            "Done %": None if week is None or week.percent is None else round(week.percent), f"Run {unit}": km,
        })
    return rows


def _data(case: Case, today: date) -> tuple[tuple[Point, ...], tuple[Point, ...], tuple[WeekDone, ...], tuple[LoadWeek, ...]]:
    worst, usual = (tuple(one for one in pain_series(case, kind) if one.on <= today) for kind in ("pain_worst", "pain_usual"))
    done = tuple(week for week in adherence(case, today).by_week if week.percent is not None)
    shown = min(WEEKS_SHOWN, max(1, (today - case.episode.opened_on).days // 7 + 1))
    runs = tuple(week for week in load_history(case, today, weeks=shown) if week.km is not None)
    return worst, usual, done, runs


def _pain(on: Chart, worst: tuple[Point, ...], usual: tuple[Point, ...], row: int) -> None:
    labels = []
    for points, name, color, symbol, dash in ((usual, "usual", SLATE, "diamond-open", "dot"), (worst, "worst", ORANGE, "triangle-up", "solid")):
        if not points:
            continue
        draw_course(on, points, color=color, symbol=symbol, dash=dash, hover=f"{name} %{{y}}/10", name=name, edge=1.6, row=row)
        labels.append(Label(points[-1].value, f"<b>{name} {points[-1].value:g}</b>", color))
    axes(on, row=row, y_title="pain 0-10, lower is better", range=(-0.3, 10.3), dtick=2)
    edge_labels(on, labels, (-0.3, 10.3), PAIN_PLOT, row=row)


def _sessions(on: Chart, done: tuple[WeekDone, ...], row: int) -> None:
    percents = [min(100.0, week.percent or 0.0) for week in done]
    on.bars(
        [_middle(week).isoformat() for week in done], percents, row=row, width=5 * 86_400_000,
        marker={"color": TEAL, "opacity": 0.85, "line": {"width": 0},
                "pattern": {"shape": ["/" if percent < TOO_FEW else "" for percent in percents], "fgcolor": PAPER, "size": 5}},
        text=[f"{percent:.0f}" for percent in percents], textposition="inside", insidetextanchor="end", textfont={"color": PAPER, "size": 10},
        textangle=0,
        customdata=[[day_text(week.week_start), week.done, week.prescribed] for week in done],
        hovertemplate="week of %{customdata[0]}<br><b>%{customdata[1]} of %{customdata[2]} sessions</b><extra></extra>",
    )
    on.across(TARGET, "longdash", QUIET, row=row)
    on.across(TOO_FEW, "dot", QUIET, row=row)
    axes(on, row=row, y_title="sessions done, %", range=(0, 105), dtick=50)
    edge_labels(on, [Label(TARGET, f"{TARGET:g} % wanted"), Label(TOO_FEW, f"{TOO_FEW:g} % too few")], (0, 105), LOW_PLOT, row=row)


def _running(on: Chart, case: Case, knowledge: Knowledge, runs: tuple[LoadWeek, ...], today: date, row: int, unit: str) -> None:
    top = max([1.0, *(week.km or 0.0 for week in runs)]) * 1.2
    on.bars(
        [(week.last_day - timedelta(days=3)).isoformat() for week in runs], [week.km for week in runs], row=row, width=5 * 86_400_000,
        marker={"color": SLATE, "opacity": 0.85, "line": {"width": 0}},
        text=[plain(week.km, 0 if (week.km or 0) >= 10 else 1) for week in runs], textposition="outside",
        textfont={"color": QUIET, "size": 10}, cliponaxis=False, textangle=0,
        customdata=[[day_text(week.last_day)] for week in runs],
        hovertemplate=f"seven days to %{{customdata[0]}}<br><b>%{{y}} {unit}</b><extra></extra>",
    )
    axes(on, row=row, y_title=f"running, {unit} a week", range=(0, top))
    rise = load_rise(case, knowledge, today)
    if rise.percent is not None:
        words = f"<b>{rise.percent:+.0f} %</b> in 14 days" + ("<br>▲ too fast" if rise.is_warning else "")
        edge_labels(on, [Label(runs[-1].km or 0.0, words, ORANGE if rise.is_warning else QUIET)], (0, top), LOW_PLOT, row=row)


def _middle(week: WeekDone) -> date:
    return week.week_start + timedelta(days=3)


def _highest(points: tuple[Point, ...], first: date, last: date) -> float | None:
    return max((point.value for point in points if first <= point.on <= last), default=None)


def _step(rise: float) -> str:
    return "as" if rise == 0 else f"{abs(rise):g} {'more' if rise > 0 else 'less'} than"
