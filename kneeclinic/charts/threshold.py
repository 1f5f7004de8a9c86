"""Pain of each run against its distance, and the distance at which pain passes what is tolerated."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go

from kneeclinic.charts.style import NOISE_FILL, ORANGE, QUIET, TEAL, Label, axes, edge_labels, figure, message, rule
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.load import RUNS_NEEDED, PainThreshold, pain_threshold, rated_runs
from kneeclinic.record.case import Case

HEIGHT = 300
NOT_YET = f"From {RUNS_NEEDED} runs of clearly different length, with their pain, the pain-threshold distance shows here."


def pain_threshold_figure(case: Case, knowledge: Knowledge, today: date) -> go.Figure:
    """Runs as dots, expected pain as a rising staircase, the tolerated pain as a line, the threshold with its interval as a band."""
    found = pain_threshold(case, knowledge, today)
    if found is None:
        return message(NOT_YET, HEIGHT)
    runs = rated_runs(case, today)
    top = max(8.4, max(pain for _, pain in runs) + 0.4)
    fig = figure(HEIGHT)
    if found.low is not None and found.high is not None and found.km is not None:
        fig.add_vrect(x0=found.low, x1=found.high, fillcolor=NOISE_FILL, line_width=0, layer="below")
        fig.add_vline(x=found.km, line={"color": ORANGE, "width": 2, "dash": "dash"})
        fig.add_annotation(x=found.km, yref="paper", y=1, yanchor="bottom", text=f"<b>{found.km:.1f} km</b> ({found.low:.1f}-{found.high:.1f})",
                           showarrow=False, yshift=18, font={"color": ORANGE})
    rule(fig, found.limit, "dash", QUIET)
    fig.add_scatter(x=[km for km, _ in found.steps], y=[pain for _, pain in found.steps], mode="lines", line={"color": TEAL, "width": 2.4},
                    hoverinfo="skip")
    fig.add_scatter(x=[km for km, _ in runs], y=[pain for _, pain in runs], mode="markers",
                    marker={"symbol": "circle", "size": 9, "color": TEAL, "opacity": 0.55}, hovertemplate="%{x:.1f} km, pain %{y}/10<extra></extra>")
    axes(fig, y_title="pain 0-10, lower is better", y_range=(-0.4, top), y_step=2)
    fig.update_xaxes(ticksuffix=" km")
    labels = [Label(found.limit, f"tolerated {found.limit:g}"), Label(found.steps[-1][1], "expected pain", TEAL)]
    edge_labels(fig, labels, (-0.4, top), HEIGHT - 88)
    return fig


def pain_threshold_sentence(case: Case, knowledge: Knowledge, today: date) -> str:
    found = pain_threshold(case, knowledge, today)
    return NOT_YET if found is None else found.sentence


def pain_threshold_table(case: Case, knowledge: Knowledge, today: date) -> list[dict[str, object]]:
    """One row a rated run, shortest first, with the pain that is expected at its distance."""
    found: PainThreshold | None = pain_threshold(case, knowledge, today)
    expected = dict(found.steps) if found else {}
    return [{"Km": km, "Pain": pain, "Expected pain": round(expected[km], 1) if km in expected else None} for km, pain in rated_runs(case, today)]
