"""Weekly review: one patient after another, decide, next."""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, kept, review_round, review_view, session

at = session.desk()
cases = {one.episode.id: one for one in kept.in_treatment(at)}
session.note_shown(at, "weekly review", [one.patient.id for one in cases.values()])
waiting = review_round.queue(at, cases)
if not waiting:
    cards.title("Weekly review", "One patient after another: look, decide, next.")
    cards.empty("Nobody is in treatment", "Register a patient and save a program; the review then takes one patient after another.",
                icon="event_repeat")
    st.stop()
here = review_round.place(at, waiting)
on = review_round.week(at)
done = sum(review_round.decided(one, on) for one in cases.values())
review_round.bring_into_context(waiting, here)
review_view.head(at, waiting, here, done)
if here >= len(waiting):
    review_view.summary(at, cases)
else:
    review_view.patient(at, cases[waiting[here]])
review_view.keys(at, cases, waiting, here)
