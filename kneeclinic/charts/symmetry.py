"""Strength of one leg against the other, test by test: first value, newest value, and the line that counts as even."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from kneeclinic.charts.style import INK, LINE, MARKS, ORANGE, QUIET, axes, chart, day_text, message
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.series import Point, values_of
from kneeclinic.record.case import Case
from kneeclinic.rules.derived import STRENGTH_TESTS
from kneeclinic.vocabulary import AffectedSide, Side

EVEN_FROM = 90.0
"""Drawn line; the decisions read the figure from the knowledge (WR10)."""
ROW, TOP, BOTTOM, RIGHT = 40, 28, 64, 92
HOP = "hop"


@dataclass(frozen=True)
class Symmetry:
    """One test: affected / other leg in per cent (both affected: weaker / stronger), first and newest."""

    label: str
    test: str
    points: tuple[Point, ...]


def symmetries(case: Case, knowledge: Knowledge, today: date) -> tuple[Symmetry, ...]:
    """The tests done on both legs, in the order of the form."""
    side = case.episode.side.sides[0]
    found = []
    for test in (*STRENGTH_TESTS, HOP):
        points = values_of(case, knowledge, f"{test}_lsi", side, today)
        if points:
            found.append(Symmetry(knowledge.measure(f"{test}_lsi").label.removesuffix(" symmetry"), test, points))
    return tuple(found)


def symmetry_figure(case: Case, knowledge: Knowledge, today: date) -> go.Figure:
    """One row a test: the way from the first to the newest symmetry; left of 90 % is shaded."""
    found = symmetries(case, knowledge, today)
    if not found:
        return message("No strength test of both legs yet.")
    mark = MARKS[case.episode.side.sides[0]]
    shape = mark.symbol.removesuffix("-open")
    values = [point.value for one in found for point in one.points]
    low, high = min(50.0, min(values) - 5), max(112.0, max(values) + 8)
    on = chart(TOP + BOTTOM + ROW * len(found), right=RIGHT, top=TOP)
    on.layout["margin"]["b"] = BOTTOM
    on.band(low, EVEN_FROM, upright=True)
    on.down(100, "solid", LINE)
    on.down(EVEN_FROM, "dash", QUIET, width=1.4)
    for at, one in enumerate(reversed(found)):
        first, last = one.points[0], one.points[-1]
        on.across(at, "dot", LINE, width=1)
        if len(one.points) > 1:
            on.dots([first.value, last.value], [at, at], mode="lines", line={"color": mark.color, "width": 2.4}, hoverinfo="skip")
            on.dots([first.value], [at], hovertemplate=f"{day_text(first.on)}<br><b>%{{x:.0f}} %</b><extra></extra>",
                    marker={"symbol": f"{shape}-open", "size": 10, "color": mark.color, "line": {"width": 2}})
        on.dots([last.value], [at], hovertemplate=f"{day_text(last.on)}<br><b>%{{x:.0f}} %</b><extra></extra>",
                marker={"symbol": shape, "size": 13, "color": mark.color})
        weak = last.value < EVEN_FROM
        on.write(f"<b>{last.value:.0f} %</b> {'▼ weak' if weak else 'even'}", color=ORANGE if weak else INK, xref="paper", x=1, xanchor="left", y=at,
                 xshift=6)
    axes(on, range=(-0.6, len(found) - 0.4), tickvals=list(range(len(found))), ticktext=[one.label for one in reversed(found)], showgrid=False,
         automargin=True)
    on.axis("x", range=[low, high], tickvals=[50, 70, 90, 110], ticktext=["50", "70", "90", "110 %"])
    on.write("even from 90 %", x=EVEN_FROM, yref="paper", y=1, yanchor="bottom", yshift=3)
    on.write(_what(case), xref="paper", x=1, yref="paper", y=0, xanchor="right", yanchor="top", align="right", xshift=RIGHT - 6, yshift=-28)
    return on.drawn()


def symmetry_sentence(case: Case, knowledge: Knowledge, today: date) -> str:
    """The lowest symmetry first, and how many are even."""
    found = symmetries(case, knowledge, today)
    if not found:
        return "No strength test of both legs yet."
    lowest = min(found, key=lambda one: one.points[-1].value)
    even = sum(one.points[-1].value >= EVEN_FROM for one in found)
    course = f", {lowest.points[0].value:.0f} % at first" if len(lowest.points) > 1 else ""
    both = " Both knees are affected: the weaker leg against the stronger, so a low figure alone holds nothing back." if (
        case.episode.side is AffectedSide.BOTH) else ""
    return f"Lowest: {lowest.label.lower()} {lowest.points[-1].value:.0f} %{course}; {even} of {len(found)} tests even (90 % or more).{both}"


def symmetry_table(case: Case, knowledge: Knowledge, today: date) -> list[dict[str, object]]:
    """One row a test and day: both legs and their symmetry."""
    rows: list[dict[str, object]] = []
    for one in symmetries(case, knowledge, today):
        raw = "single_leg_hop" if one.test == HOP else f"{one.test}_force"
        unit = knowledge.measure(raw).unit
        for point in one.points:
            legs = {side: case.latest(raw, side, point.on) for side in (Side.LEFT, Side.RIGHT)}
            carried = " and ".join(side.value for side, leg in legs.items() if leg and leg.carried)
            rows.append({
                "Test": one.label, "Date": point.on, f"Left {unit}": _number(legs[Side.LEFT]), f"Right {unit}": _number(legs[Side.RIGHT]),
                "Symmetry %": round(point.value),
            } | ({"Carried": carried} if carried else {}))
    return rows


def _number(found: object) -> float | None:
    return getattr(found, "number", None)


def _what(case: Case) -> str:
    if case.episode.side is AffectedSide.BOTH:
        return "weaker leg in % of the stronger<br>hollow: first, full: newest"
    return f"{case.episode.side.value} leg in % of the other<br>hollow: first, full: newest"
