"""What do they, and the referrer, take away?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, documents_view, errors, links, session
from kneeclinic.vocabulary import KneeClinicError

at = session.desk()
try:
    case = session.case_in_context(at)
except KneeClinicError as problem:
    errors.show(problem)
    case = None
cards.title("Documents", "What do they, and the referrer, take away?")
left, right = st.columns((3, 7), gap="medium")
with left:
    kind, wish, whom = documents_view.choose(at, case)
    if case is not None:
        documents_view.history(at, case)
    with st.container(horizontal=True):
        links.download("Blank first assessment", "form/first", icon=":material/print:")
        links.download("Blank follow-up", "form/follow_up", icon=":material/print:")
with right:
    if whom != documents_view.FOR_ONE or case is None:
        documents_view.several(at, kind, wish, whom)
    else:
        documents_view.one(at, case, kind, wish)
