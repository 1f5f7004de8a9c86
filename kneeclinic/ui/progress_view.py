"""Charts with the sentence that says what they mean, and the table behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from kneeclinic.charts.recovery import recovery_figure, recovery_sentence, recovery_table
from kneeclinic.charts.style import draws
from kneeclinic.charts.symmetry import symmetry_figure, symmetry_sentence, symmetry_table
from kneeclinic.charts.threshold import pain_threshold_figure, pain_threshold_sentence, pain_threshold_table
from kneeclinic.charts.trend import trend_figure, trend_sentence, trend_table
from kneeclinic.charts.units import counted_in
from kneeclinic.charts.week import pain_adherence_load_figure, pain_adherence_load_sentence, pain_adherence_load_table
from kneeclinic.progress.recovery import recovery_bands
from kneeclinic.record import Case
from kneeclinic.rules.phase import phase
from kneeclinic.ui import cards, errors, kept, session, words
from kneeclinic.vocabulary import MeasureKind

BY_PHASE = {
    0: ("pain_worst", "pain_usual", "akps"), 1: ("pain_worst", "akps", "pain_stairs_down"), 2: ("akps", "pain_worst", "lateral_step_down"),
    3: ("akps", "pain_running", "km_week"), 4: ("akps", "psfs", "km_week"),
}
LAYOUT = {"displayModeBar": False}


def offered(at: session.Desk, case: Case) -> list[str]:
    """Measures with at least one number, those of the phase first."""
    known = {one.measure for one in case.observations if one.number is not None}
    measures = [one.id for one in at.clinic.knowledge.measures.values()
                if one.id in known and one.kind in (MeasureKind.NUMBER, MeasureKind.INTEGER, MeasureKind.SCORE)]
    now = kept.of_case("phase", case, at, lambda: phase(case, at.clinic.knowledge, at.clinic.today).number)
    first = BY_PHASE.get(now, BY_PHASE[1])
    return [*(one for one in first if one in measures), *(one for one in measures if one not in first)]


Rows = list[dict[str, object]]


def show(name: str, figure: Any, sentence: str, table: Callable[[], Rows], key: str) -> None:
    """A chart, its sentence, and its table one click away; the table is made when it is opened. Nothing to draw: the sentence says why."""
    with cards.card(name, key=key):
        if not draws(figure):
            st.caption(words.safe(sentence))
            return
        st.markdown(words.safe(sentence))
        st.plotly_chart(figure, key=f"chart_{key}", config=LAYOUT, width="stretch", alt=sentence)
        with st.expander("Table", on_change="rerun", key=f"table_{key}") as opened:
            if opened.open:
                rows = table()
                if rows:
                    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"{name}, values")
                else:
                    st.caption("Nothing recorded yet.")


@st.fragment
def trends(episode_id: str) -> None:
    """The measures that were picked; a change redraws only them."""
    at = session.desk()
    case = at.clinic.case(episode_id)
    measures = offered(at, case)
    if not measures:
        cards.empty("Nothing measured yet", "Start a visit; each measure then draws its own course with the band of measurement noise.",
                    icon="monitoring")
        return
    picked = st.multiselect("Measures", measures, default=measures[:2], max_selections=6, key=f"picked_{episode_id}",
                            format_func=lambda one: at.clinic.knowledge.measure(one).label)
    columns = st.columns(2, gap="small") if len(picked) > 1 else [st.container()]
    for number, measure_id in enumerate(picked):
        with columns[number % len(columns)], errors.calmly():
            trend(at, case, measure_id)


def trend(at: session.Desk, case: Case, measure_id: str) -> None:
    def drawn() -> tuple[object, str]:
        args = (*counted_in(case, at.clinic.knowledge, measure_id, at.units), measure_id, at.clinic.today)
        return trend_figure(*args), trend_sentence(*args)

    def table() -> Rows:
        return trend_table(*counted_in(case, at.clinic.knowledge, measure_id, at.units), measure_id, at.clinic.today)

    figure, sentence = kept.chart(f"trend {measure_id}", case, at, drawn, at.units)
    show(at.clinic.knowledge.measure(measure_id).label, figure, sentence, table, f"trend_{measure_id}")


def weeks(at: session.Desk, case: Case) -> None:
    args = (case, at.clinic.knowledge, at.clinic.today, at.units)
    with errors.calmly():
        figure, sentence = kept.chart("weeks", case, at, lambda: (pain_adherence_load_figure(*args), pain_adherence_load_sentence(*args)), at.units)
        show("Pain, sessions done and running, on one axis of time", figure, sentence,
             lambda: pain_adherence_load_table(*args, first_day=at.clinic.profile.week_start), "weeks")


def threshold(at: session.Desk, case: Case) -> None:
    """How far the knee carries a run, where runs were rated."""
    if not any(one.pain_during is not None for one in case.runs):
        return
    args = (case, at.clinic.knowledge, at.clinic.today, at.units)
    with errors.calmly():
        figure, sentence = kept.chart("threshold", case, at, lambda: (pain_threshold_figure(*args), pain_threshold_sentence(*args)), at.units)
        show("Running below the pain threshold", figure, sentence, lambda: pain_threshold_table(*args), "threshold")


def recovery(at: session.Desk, case: Case) -> None:
    """This course against those of the clinic's runners who are done, once there are enough of them."""
    measures = [one for one in ("akps", "pain_worst") if any(seen.measure == one for seen in case.observations)]
    if not measures:
        return
    with errors.calmly():
        knowledge, today = at.clinic.knowledge, at.clinic.today
        bands = kept.of_ended(f"recovery {measures[0]}", at, lambda ended: recovery_bands(ended, knowledge, measures[0], today))
        args = (bands, case, at.clinic.knowledge, measures[0], at.clinic.today)
        if bands is None:
            st.caption(words.safe(recovery_sentence(*args)))
            return
        figure, sentence = kept.chart("recovery", case, at, lambda: (recovery_figure(*args), recovery_sentence(*args)), bands)
        show("Recovery, against runners of this clinic who are done", figure, sentence, lambda: recovery_table(*args), "recovery")


def symmetry(at: session.Desk, case: Case) -> None:
    args = (case, at.clinic.knowledge, at.clinic.today)
    with errors.calmly():
        figure, sentence = kept.chart("symmetry", case, at, lambda: (symmetry_figure(*args), symmetry_sentence(*args)))
        show("Strength, left against right", figure, sentence, lambda: symmetry_table(*args), "symmetry")
