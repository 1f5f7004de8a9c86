"""Pain of each run against its distance, and the distance at which pain passes what is tolerated."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go

from kneeclinic.charts.style import BOTTOM, ORANGE, QUIET, TEAL, Label, axes, chart, edge_labels, message
from kneeclinic.charts.units import runs_in
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.load import PainThreshold, descent_threshold, pain_threshold, rated_runs, run_ceiling, running_threshold
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import Units

HEIGHT, TOP = 286, 40
HALF = 0.5
"""A run older than the half-life counts less than that: it is drawn hollow."""


def not_yet(knowledge: Knowledge) -> str:
    needed = running_threshold(knowledge, "runs_needed")
    return f"From {needed:g} runs of clearly different length, with their pain, the pain-threshold distance shows here."


def pain_threshold_figure(case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC) -> go.Figure:
    """Runs as dots, expected pain as a rising staircase, the tolerated pain as a line, the threshold with its interval as a band."""
    case, unit = runs_in(case, units)
    found = pain_threshold(case, knowledge, today)
    if found is None:
        return message(not_yet(knowledge), HEIGHT)
    runs = rated_runs(case, knowledge, today)
    top = max(8.4, max(run.pain for run in runs) + 0.4)
    on = chart(HEIGHT, top=TOP)
    if found.low is not None and found.high is not None and found.km is not None:
        on.band(found.low, found.high, upright=True)
        on.down(found.km, "dash", ORANGE, width=2)
        on.write(f"<b>{found.km:.1f} {unit}</b> ({found.low:.1f}-{found.high:.1f})", color=ORANGE, x=found.km, yref="paper", y=1, yanchor="bottom",
                 yshift=18)
    if found.ceiling_km is not None:
        on.down(found.ceiling_km, "dot", TEAL, width=2)
        on.write(f"ceiling {found.ceiling_km:.1f} {unit}", color=TEAL, x=found.ceiling_km, xanchor="right", xshift=-4, yref="paper", y=1,
                 yanchor="top")
    on.across(found.limit, "dash", QUIET)
    on.dots([km for km, _ in found.steps], [pain for _, pain in found.steps], mode="lines", line={"color": TEAL, "width": 2.4}, hoverinfo="skip")
    on.dots([run.dose for run in runs], [run.pain for run in runs], text=["newer run" if run.weight >= HALF else "older run" for run in runs],
            marker={"symbol": ["circle" if run.weight >= HALF else "circle-open" for run in runs], "size": 9, "color": TEAL, "opacity": 0.6},
            hovertemplate=f"%{{text}}: %{{x:.1f}} {unit}, pain %{{y}}/10<extra></extra>")
    if any(run.weight < HALF for run in runs):
        on.write("hollow: older run, counts less", xref="paper", x=1, yref="paper", y=0, xanchor="left", yanchor="top", xshift=-96, yshift=-24)
    axes(on, y_title="pain 0-10, lower is better", range=(-0.4, top), dtick=2)
    on.axis("x", ticksuffix=f" {unit}", nticks=5)
    labels = [Label(found.limit, f"tolerated {found.limit:g}"), Label(found.steps[-1][1], "expected pain", TEAL)]
    edge_labels(on, labels, (-0.4, top), HEIGHT - TOP - BOTTOM)
    return on.drawn()


def pain_threshold_sentence(case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC) -> str:
    """The distance that stayed tolerable, the ceiling of next week, and the metres downhill where enough runs know them."""
    case, unit = runs_in(case, units)
    found, downhill = pain_threshold(case, knowledge, today), descent_threshold(case, knowledge, today)
    alone = f"{not_yet(knowledge)} {run_ceiling(case, knowledge, today).sentence}".strip() if found is None else found.sentence
    return " ".join([alone.replace(" km", f" {unit}"), *((downhill.sentence,) if downhill else ())])


def pain_threshold_table(case: Case, knowledge: Knowledge, today: date, units: Units = Units.METRIC) -> list[dict[str, object]]:
    """One row a rated run, shortest first, with the pain that is expected at its distance."""
    case, unit = runs_in(case, units)
    found: PainThreshold | None = pain_threshold(case, knowledge, today)
    expected = dict(found.steps) if found else {}
    return [{unit.capitalize(): km, "Pain": pain, "Expected pain": round(expected[km], 1) if km in expected else None}
            for km, pain, _ in rated_runs(case, knowledge, today)]
