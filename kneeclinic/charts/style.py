"""How every chart looks: one template, one mark for each knee, labels in place of a legend where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go

from kneeclinic.progress.isotonic import rising_fit
from kneeclinic.vocabulary import Side

INK, QUIET, LINE, WASH, PAPER = "#16211F", "#55635F", "#C3CECB", "#EEF2F1", "#FFFFFF"
TEAL, ORANGE, SLATE = "#0E6F6A", "#B45309", "#41566B"
"""Teal and orange differ for every kind of colour vision and in grey."""
NOISE_FILL, GOAL = "rgba(100, 115, 111, 0.13)", "#3B6EA5"
FONT = "DejaVu Sans, Noto Sans, sans-serif"
SIZE = 12
LINE_HEIGHT = 15
TOP, BOTTOM = 54, 34
"""Pixels above the chart (events over the axis title) and below it (weeks over days)."""
DAYS_OF_ROOM = 0.04
"""Room to the left and right of the data, as a share of the time shown."""


@dataclass(frozen=True)
class Mark:
    """How values of one side are drawn: never by colour alone."""

    name: str
    color: str
    symbol: str
    dash: str


MARKS: dict[Side, Mark] = {
    Side.LEFT: Mark("left", ORANGE, "square-open", "dash"),
    Side.RIGHT: Mark("right", TEAL, "circle", "solid"),
    Side.NONE: Mark("", SLATE, "diamond", "solid"),
}
"""Left: open square, dashed. Right: full circle, solid. The person: full diamond. The same on every chart."""


@dataclass(frozen=True)
class Label:
    """Words at the right edge, at the height `y`."""

    y: float
    text: str
    color: str = QUIET


def figure(height: int, *, right: int = 112) -> go.Figure:
    """An empty figure in the style of the house; `right` is the room in pixels for labels."""
    empty = go.Figure()
    empty.update_layout(
        height=height, margin={"l": 46, "r": right, "t": TOP, "b": BOTTOM}, paper_bgcolor=PAPER, plot_bgcolor=PAPER, showlegend=False,
        font={"family": FONT, "size": SIZE, "color": INK}, hoverlabel={"font": {"family": FONT, "size": SIZE}},
        dragmode=False, hovermode="closest", separators=". ",
    )
    return empty


def axes(fig: go.Figure, *, row: int | None = None, y_title: str = "", y_range: Sequence[float] | None = None, y_step: float | None = None) -> None:
    """Quiet axes: a thin grid across, none down, ticks outside; the axis title lies flat above the axis."""
    place = {} if row is None else {"row": row, "col": 1}
    fig.update_xaxes(showgrid=False, zeroline=False, linecolor=LINE, tickcolor=LINE, ticks="outside", ticklen=4, fixedrange=True,
                     tickfont={"color": QUIET}, **place)
    fig.update_yaxes(gridcolor=WASH, zeroline=False, showline=False, fixedrange=True, tickfont={"color": QUIET}, range=y_range, dtick=y_step,
                     **place)
    if y_title:
        fig.add_annotation(text=y_title, xref="x domain", yref="y domain", x=0, y=1, xanchor="left", yanchor="bottom", yshift=4, xshift=-38,
                           showarrow=False, font={"color": QUIET, "size": SIZE - 1}, **place)


def time_axis(fig: go.Figure, first: date, last: date, opened: date) -> None:
    """Weeks of the episode as ticks, with the day under every second one; both ends of the record in sight."""
    span = max(7, (last - first).days)
    room = timedelta(days=max(2, round(DAYS_OF_ROOM * span)))
    start = (first - opened).days // 7
    weeks = range(start, (last - opened).days // 7 + 2)
    step = max(1, -(-len(weeks) // 9))
    shown = [week for week in weeks if (week - start) % step == 0]
    days = [opened + timedelta(weeks=week) for week in shown]
    text = [f"{'week ' if at == 0 else ''}{week}<br>{day.day} {day:%b}" for at, (week, day) in enumerate(zip(shown, days, strict=True))]
    fig.update_xaxes(type="date", range=[(first - room).isoformat(), (last + room).isoformat()], tickvals=[day.isoformat() for day in days],
                     ticktext=text)


def rule(fig: go.Figure, y: float, dash: str, color: str, *, row: int | None = None, width: float = 1.4) -> None:
    """A thin line across the whole chart."""
    place = {} if row is None else {"row": row, "col": 1}
    fig.add_hline(y=y, line={"color": color, "width": width, "dash": dash}, layer="below", **place)


def edge_labels(fig: go.Figure, labels: Iterable[Label], y_range: Sequence[float], height: int, *, row: int | None = None) -> None:
    """Labels to the right of the chart, moved apart where they would touch; `height` is that of the plot in pixels."""
    low, high = y_range
    per_unit = height / (high - low)
    place = {} if row is None else {"row": row, "col": 1}
    shown = sorted(labels, key=lambda one: one.y)
    for label, at in zip(shown, _apart([(one.y - low) * per_unit for one in shown], [one.text.count("<br>") + 1 for one in shown], height),
                         strict=True):
        fig.add_annotation(text=label.text, xref="x domain", yref="y", x=1, y=label.y, xanchor="left", yanchor="middle", align="left", xshift=8,
                           yshift=at - (label.y - low) * per_unit, showarrow=False, font={"color": label.color, "size": SIZE - 1}, **place)


def _apart(wanted: Sequence[float], lines: Sequence[int], height: float) -> list[float]:
    """Heights as near to the wanted ones as can be without touching: what is left after taking the needed gaps out may only rise."""
    taken = [0.0]
    for below, above in pairwise(lines):
        taken.append(taken[-1] + LINE_HEIGHT * (below + above) / 2)
    fitted = rising_fit([at - gap for at, gap in zip(wanted, taken, strict=True)], [1.0] * len(wanted)) if wanted else []
    found = [at + gap for at, gap in zip(fitted, taken, strict=False)]
    over = max(0.0, found[-1] + LINE_HEIGHT * lines[-1] / 2 - height - LINE_HEIGHT) if found else 0.0
    return [at - over for at in found]


def message(text: str, height: int = 200) -> go.Figure:
    """What a chart says when there is nothing to draw."""
    fig = figure(height, right=40)
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(visible=False, range=[0, 1])
    fig.add_annotation(text=text, x=0.5, y=0.5, showarrow=False, font={"color": QUIET, "size": SIZE + 1})
    return fig


def plain(value: float | None, decimals: int = 0) -> str:
    """A number as it is read: no needless zeros, a dash where nothing is known."""
    return "–" if value is None else f"{round(value, decimals) + 0.0:g}"


def day_text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
