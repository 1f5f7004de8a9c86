"""All visits side by side on the screen: measures as rows, visits as columns, a line of the course, and what the change means."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from kneeclinic.knowledge.body_chart import NOTE_PART
from kneeclinic.progress.flowsheet import Flowsheet, flowsheet
from kneeclinic.record import Case
from kneeclinic.ui import body_chart_view, cards, links, session, words

DIRECTION = {"better": "▲ better", "worse": "▼ worse", "same": "● same", "up": "↑ up", "down": "↓ down", "": ""}
MARK = {"within noise": "○ within noise", "possibly changed": "◐ possibly changed", "beyond noise and important": "● beyond noise, important",
        "not judged": "not judged", "": ""}


def show(at: session.Desk, seen: Case) -> None:
    """The sheet, with a filter by section and the file of it."""
    sections = {"": "All sections"} | {one.id: one.label for one in at.clinic.knowledge.sections}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("#### All visits")
        st.space("stretch")
        asked = st.selectbox("Section of the sheet", list(sections), format_func=sections.__getitem__, key="flow_section", width=230,
                             label_visibility="collapsed")
        links.download("CSV", f"flowsheet/{seen.episode.id}", icon=":material/table:", section=str(asked or ""),
                       help="The saved values as a table for a spreadsheet")
    sheet = flowsheet(seen, at.clinic.knowledge, section=str(asked or ""), units=at.units)
    if not sheet.rows:
        cards.empty("Nothing recorded yet", "The values of each visit stand here side by side.", icon="table")
        return
    frame = table(sheet)
    st.dataframe(frame, hide_index=True, height=min(38 + 35 * len(frame), 620), row_height=35, alt="Values of all visits, one column a visit",
                 column_config={
        "Measure": st.column_config.TextColumn(pinned=True, width=190), "Knee": st.column_config.TextColumn(pinned=True, width=44),
        "Course": st.column_config.LineChartColumn(width=90, help="Measured values in order; carried ones are left out"),
        "Change": st.column_config.TextColumn(alignment="right"),
    })
    st.caption("Change is from the first to the last measured value. Within noise: the test itself varies that much. Important: patients feel it. "
               "Mark cells and press Ctrl+C to copy them.")
    if any(one.note.get(NOTE_PART, "").strip() for one in seen.visits):
        st.markdown("#### Body chart over time")
        body_chart_view.over_time(seen.visits, 8)


def table(sheet: Flowsheet) -> pd.DataFrame:
    """One row a measure and knee; the newest visit stands first after the meaning."""
    rows = []
    for one in sorted(sheet.rows, key=lambda row: len(row.numbers) < 2):  # what has a course stands first
        row: dict[str, object] = {
            "Measure": one.measure.short or one.measure.label, "Knee": words.SIDE_MARK[one.side],
            "Course": list(one.numbers) if len(one.numbers) > 1 else None,
            "Change": "" if one.change is None else f"{one.change:+.{one.measure.decimals}f}", "Direction": DIRECTION[one.direction],
            "Against noise": MARK[one.mark],
        }
        for number, (visit, cell) in reversed(list(enumerate(zip(sheet.visits, one.cells, strict=True)))):
            name = f"{words.day(visit.on)}{'' if visit.is_signed else ' (draft)'}"
            row[name if name not in row else f"{name} #{number + 1}"] = cell
        rows.append(row)
    return pd.DataFrame(rows)
