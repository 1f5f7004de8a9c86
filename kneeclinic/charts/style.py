"""How every chart looks: one template, one mark for each knee, labels in place of a legend where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

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
TOP, BOTTOM, LEFT, RIGHT = 54, 34, 38, 112
"""Pixels above the chart (events over the axis title), below it (weeks over days), and at its sides (figures; labels)."""
CALM_TOP = 28
"""Pixels above a chart without events."""
WEEK_STEPS, MOST_TICKS = (1, 2, 3, 4, 6, 8, 12, 26, 52), 5
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


@dataclass
class Chart:
    """A chart on the way: its traces, axes, words and lines as plain values, made into a figure once.

    Plotly checks every call anew, which costs milliseconds a word; here nothing is checked while drawing, and a test has plotly check every
    finished figure.
    """

    traces: list[dict[str, Any]] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    words: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def dots(self, x: Sequence[Any], y: Sequence[Any], *, row: int = 1, mode: str = "markers", **how: Any) -> None:
        """Points, or a line through them; `how` as in a plotly scatter trace."""
        self.traces.append({"type": "scatter", "x": list(x), "y": list(y), "mode": mode, **_place(row), **how})

    def bars(self, x: Sequence[Any], y: Sequence[Any], *, row: int = 1, **how: Any) -> None:
        self.traces.append({"type": "bar", "x": list(x), "y": list(y), **_place(row), **how})

    def axis(self, letter: str, *, row: int = 1, **how: Any) -> None:
        """Adds to what is known of the x or y axis of a row."""
        name = f"{letter}axis{'' if row == 1 else row}"
        self.layout[name] = self.layout.get(name, {}) | {part: list(value) if isinstance(value, tuple) else value for part, value in how.items()}

    def write(self, text: str, *, color: str = QUIET, size: int = SIZE - 1, **place: Any) -> None:
        """Words at a place given as in a plotly annotation, without an arrow."""
        self.words.append({"text": text, "showarrow": False, "font": {"color": color, "size": size}, **place})

    def across(self, y: float, dash: str, color: str, *, row: int = 1, width: float = 1.4) -> None:
        """A thin line across the whole chart, below the data."""
        self.lines.append({"type": "line", "xref": f"{_axis('x', row)} domain", "x0": 0, "x1": 1, "yref": _axis("y", row), "y0": y, "y1": y,
                           "line": {"color": color, "width": width, "dash": dash}, "layer": "below"})

    def down(self, x: float | str, dash: str, color: str, *, width: float = 1.0) -> None:
        """A thin line from top to bottom over all rows, below the data."""
        self.lines.append({"type": "line", "xref": "x", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1,
                           "line": {"color": color, "width": width, "dash": dash}, "layer": "below"})

    def band(self, low: float, high: float, *, upright: bool = False) -> None:
        """A shaded band between two heights, or upright between two places on the axis below."""
        ends = {"x0": low, "x1": high, "y0": 0, "y1": 1} if upright else {"x0": 0, "x1": 1, "y0": low, "y1": high}
        self.lines.append({"type": "rect", "xref": "x" if upright else "paper", "yref": "paper" if upright else "y", **ends,
                           "fillcolor": NOISE_FILL, "line": {"width": 0}, "layer": "below"})

    def rows(self, shares: Sequence[float], gap: float) -> None:
        """Rows one above the other on one axis of time, whose ticks stand below the last; `gap` is the share of the height between two."""
        heights = [share * (1 - gap * (len(shares) - 1)) / sum(shares) for share in shares]
        top, last = 1.0, len(shares)
        for row, height in enumerate(heights, start=1):
            below = max(0.0, top - height)
            matched = {} if row == last else {"matches": _axis("x", last), "showticklabels": False}
            self.axis("x", row=row, anchor=_axis("y", row), domain=[0, 1], **matched)
            self.axis("y", row=row, anchor=_axis("x", row), domain=[below, min(1.0, top)])
            top = below - gap

    def drawn(self) -> go.Figure:
        """The figure."""
        layout = self.layout | {"annotations": self.words, "shapes": self.lines}
        return go.Figure({"data": self.traces, "layout": layout}, _validate=False)


def _axis(letter: str, row: int) -> str:
    return letter if row == 1 else f"{letter}{row}"


def _place(row: int) -> dict[str, str]:
    return {"xaxis": _axis("x", row), "yaxis": _axis("y", row)}


def chart(height: int, *, right: int = RIGHT, top: int = TOP) -> Chart:
    """An empty chart in the style of the house; `right` and `top` are the room in pixels for labels and for events."""
    return Chart(layout={
        "height": height, "margin": {"l": LEFT, "r": right, "t": top, "b": BOTTOM}, "paper_bgcolor": PAPER, "plot_bgcolor": PAPER,
        "showlegend": False, "font": {"family": FONT, "size": SIZE, "color": INK}, "hoverlabel": {"font": {"family": FONT, "size": SIZE}},
        "dragmode": False, "hovermode": "closest", "separators": ". ",
    })


def axes(on: Chart, *, row: int = 1, y_title: str = "", **y_axis: Any) -> None:
    """Quiet axes: a thin grid across, none down, ticks outside; the axis title lies flat above the axis. `y_axis`: range, dtick, ticks."""
    on.axis("x", row=row, showgrid=False, zeroline=False, linecolor=LINE, tickcolor=LINE, ticks="outside", ticklen=4, fixedrange=True, tickangle=0,
            tickfont={"color": QUIET, "size": SIZE - 1})
    on.axis("y", row=row, gridcolor=WASH, zeroline=False, showline=False, fixedrange=True, tickfont={"color": QUIET, "size": SIZE - 1}, **y_axis)
    if y_title:
        on.write(y_title, xref=f"{_axis('x', row)} domain", yref=f"{_axis('y', row)} domain", x=0, y=1, xanchor="left", yanchor="bottom",
                 yshift=4, xshift=8 - LEFT)


def time_axis(on: Chart, first: date, last: date, opened: date, *, rows: int = 1) -> None:
    """Weeks of the episode as ticks, counted as at the head of the page (1 for the first seven days), with the day under each.

    Both ends of the record are in sight. At most five ticks: they fit a narrow screen.
    """
    span = max(7, (last - first).days)
    room = timedelta(days=max(2, round(DAYS_OF_ROOM * span)))
    start = (first - opened).days // 7
    weeks = range(start, (last - opened).days // 7 + 2)
    step = next(one for one in (*WEEK_STEPS, len(weeks)) if -(-len(weeks) // one) <= MOST_TICKS)
    shown = weeks[::step]
    days = [opened + timedelta(weeks=week) for week in shown]
    text = [f"{'week ' if at == 0 else ''}{week + 1}<br>{day.day} {day:%b}" for at, (week, day) in enumerate(zip(shown, days, strict=True))]
    for row in range(1, rows + 1):
        on.axis("x", row=row, type="date", range=[(first - room).isoformat(), (last + room).isoformat()],
                tickvals=[day.isoformat() for day in days], ticktext=text)


def edge_labels(on: Chart, labels: Iterable[Label], y_range: Sequence[float], height: int, *, row: int = 1) -> None:
    """Labels to the right of the chart, moved apart where they would touch; `height` is that of the plot in pixels."""
    low, high = y_range
    per_unit = height / (high - low)
    shown = sorted(labels, key=lambda one: one.y)
    for label, at in zip(shown, _apart([(one.y - low) * per_unit for one in shown], [one.text.count("<br>") + 1 for one in shown], height),
                         strict=True):
        on.write(label.text, color=label.color, xref=f"{_axis('x', row)} domain", yref=_axis("y", row), x=1, y=label.y, xanchor="left",
                 yanchor="middle", align="left", xshift=8, yshift=at - (label.y - low) * per_unit)


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
    said = chart(height, right=40, top=20)
    for letter in "xy":
        said.axis(letter, visible=False, range=[0, 1])
    said.write(text, x=0.5, y=0.5, size=SIZE + 1)
    return said.drawn()


def draws(fig: go.Figure) -> bool:
    """Whether there is more than a message in it."""
    return bool(fig.data)


def plain(value: float | None, decimals: int = 0) -> str:
    """A number as it is read: no needless zeros, a dash where nothing is known."""
    return "–" if value is None else f"{round(value, decimals) + 0.0:g}"


def day_text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
