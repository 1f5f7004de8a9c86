"""A course over time as every chart draws it: a chart with room for what happened, and a line through dated values."""

from __future__ import annotations

from collections.abc import Sequence

from kneeclinic.charts.events import Event
from kneeclinic.charts.style import BOTTOM, CALM_TOP, TOP, Chart, chart, day_text
from kneeclinic.progress.series import Point


def chart_with_events(plot: int, shown: Sequence[Event]) -> Chart:
    """An empty chart whose plot is `plot` pixels high; room for words above it only where something happened."""
    top = TOP if shown else CALM_TOP
    return chart(plot + top + BOTTOM, top=top)


def draw_course(
    on: Chart, points: Sequence[Point], *, color: str, symbol: str, dash: str, hover: str, name: str = "", size: int = 9, width: float = 2,
    edge: float = 0, row: int = 1,
) -> None:
    """A line with a mark at each value, which tells its day and where it came from; `hover` says the value, `edge` is the rim of a mark."""
    on.dots(
        [point.on.isoformat() for point in points], [point.value for point in points], row=row, mode="lines+markers", name=name,
        line={"color": color, "width": width, "dash": dash},
        marker={"symbol": symbol, "size": size, "color": color, "line": {"width": edge, "color": color}}, cliponaxis=False,
        text=[f"{day_text(point.on)}, {point.source}" for point in points], hovertemplate=f"%{{text}}<br><b>{hover}</b><extra></extra>",
    )
