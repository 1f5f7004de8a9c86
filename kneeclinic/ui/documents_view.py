"""The documents page: choose, look, issue, download, and what was issued before."""

from __future__ import annotations

import streamlit as st

from kneeclinic.documents.finished import page_count, page_pictures
from kneeclinic.record import Case, DocumentIssued
from kneeclinic.ui import blocked, cards, enlarged, errors, links, papers, pictures, records, session, words
from kneeclinic.ui.kept import in_treatment
from kneeclinic.vocabulary import LANGUAGES, DocumentKind, KneeClinicError, Layout, Paper

LAYOUT_WORD = {Layout.STANDARD: "Standard", Layout.LARGE: "Large print", Layout.SINGLE: "One a page", Layout.POCKET: "Pocket"}
PAPER_WORD = {Paper.A4: "A4", Paper.LETTER: "Letter"}
SHOWN_PAGES = 4
FOR_ONE, FOR_TODAY, FOR_ALL = "This patient", "Today's visits", "Everybody"


def choose(at: session.Desk, case: Case | None) -> tuple[DocumentKind, papers.Wish, str]:
    """What kind, for whom, in which layout, language and paper."""
    with cards.card("What to make", icon="tune", key="choose"):
        offered = [FOR_ONE, FOR_TODAY, FOR_ALL] if case else [FOR_TODAY, FOR_ALL]
        whom = st.segmented_control("For", offered, default=offered[0], required=True, wrap=True) or offered[0]
        everybody = whom != FOR_ONE
        stopped = case is not None and not everybody and bool(blocked.flags(at, case))
        swapped = DocumentKind.HANDOUT if stopped else DocumentKind.STOP_SHEET
        kinds = [one for one in papers.MAKERS if one is not swapped]
        if st.session_state.get("document_kind") is swapped:
            st.session_state["document_kind"] = kinds[0]
        kind = st.radio("Document", kinds, format_func=lambda one: papers.MAKERS[one][0], key="document_kind")
        is_handout = kind is DocumentKind.HANDOUT
        layout = st.segmented_control("Layout", list(Layout), default=Layout.STANDARD, required=True, disabled=not is_handout, wrap=True,
                                      format_func=LAYOUT_WORD.__getitem__)
        own = case.patient.language if case else at.clinic.profile.language
        to_patient = is_handout or kind is DocumentKind.STOP_SHEET
        language = st.segmented_control("Language", list(LANGUAGES), default=own, required=True, disabled=not to_patient or everybody,
                                        format_func=words.LANGUAGE_WORD.__getitem__, help="For everybody: each in the language of the patient")
        paper = st.segmented_control("Paper", list(Paper), default=at.clinic.profile.paper, required=True, format_func=PAPER_WORD.__getitem__)
        to = reason = ""
        if kind is DocumentKind.REFERRAL_LETTER and not everybody:
            to = st.text_area("To", case.episode.referrer if case else "", height=68, max_chars=400)
            reason = st.text_area("Reason, in your words", height=100, max_chars=2000)
        return kind, papers.Wish(language, layout, paper, to, reason), whom


def one(at: session.Desk, case: Case, kind: DocumentKind, wish: papers.Wish) -> None:
    """Preview, issue and download for the patient that is open."""
    mark = (papers.mark(at, case), kind, wish)
    slot = "_document_preview"
    kept = st.session_state.get(slot)
    if kept is None or kept[0] != mark:
        try:
            with st.spinner("Drawing the pages"):
                data = papers.make(at, case, kind, wish)
                kept = (mark, page_pictures(data, most=SHOWN_PAGES, width=760), data)
        except KneeClinicError as no:
            cards.empty("Cannot be made yet", str(no), icon="description")
            return
        st.session_state[slot] = kept
    with st.container(horizontal=True, vertical_alignment="center"):
        if at.may("issue_document"):
            st.button("Issue and keep", type="primary", icon=":material/task_alt:", on_click=issue, args=(case.episode.id, kind, wish), shortcut="I",
                      help="Recorded with its bytes; it opens again exactly as it left")
        if kind is DocumentKind.HANDOUT:
            links.download("Download without issuing", f"handout/{case.episode.id}", lang=wish.language, layout=wish.layout.value,
                           paper=wish.paper.value)
        elif kind is DocumentKind.STOP_SHEET:
            links.download("Download without issuing", f"handout/{case.episode.id}", lang=wish.language, paper=wish.paper.value, sheet="stop")
        elif kind is DocumentKind.REVIEW_SHEET:
            links.download("Download without issuing", f"review/{case.episode.id}", paper=wish.paper.value)
        enlarged.button(kept[2], papers.MAKERS[kind][0], key="enlarge_paper")
        st.caption(pages_words(kept[2], len(kept[1])))
    columns = st.columns(2, gap="small")
    for number, page in enumerate(kept[1]):
        with columns[number % 2], st.container(border=True, gap=None, key=f"card_page_{number}"):
            st.image(pictures.png_uri(page), width="stretch", alt=f"{papers.MAKERS[kind][0]}, page {number + 1}")


def pages_words(data: bytes, shown: int) -> str:
    """How many pages there are, and that not all of them stand here."""
    count = page_count(data)
    return f"{count} {'page' if count == 1 else 'pages'}" + (f", the first {shown} shown here" if count > shown else "")


@errors.on_click
def issue(episode_id: str, kind: DocumentKind, wish: papers.Wish) -> None:
    at = session.desk()
    made = papers.issue(at, at.clinic.case(episode_id), kind, wish)
    errors.say(f"{made.file_name} is issued and kept.")


def several(at: session.Desk, kind: DocumentKind, wish: papers.Wish, whom: str) -> None:
    """The print pack: one document for each patient of the day, or of the house, with a progress bar; one file to print."""
    cases = in_treatment(at)
    if whom == FOR_TODAY:
        due = records.episodes_today(at)
        cases = tuple(one for one in cases if one.episode.id in due)
    if not cases:
        cards.empty("Nobody to print for", "No visit is planned for today." if whom == FOR_TODAY else "Register a patient and open an episode first.")
        return
    st.markdown(f"**{len(cases)} {'patient' if len(cases) == 1 else 'patients'}.** Each document is issued and kept; then all are one file to print.")
    if kind is DocumentKind.REVIEW_SHEET and whom == FOR_ALL:
        links.download("Download the review pack for the team meeting", "review/all", primary=True, paper=wish.paper.value)
        return
    if at.may("issue_document") and st.button(f"Issue for all {len(cases)}", type="primary", icon=":material/print:"):
        bar = st.progress(0.0, text="Drawing")

        def tell(number: int, count: int) -> None:
            bar.progress(number / count, text=f"{number} of {count}")

        st.session_state["_pack"] = (kind, whom, *papers.issue_for_all(at, cases, kind, wish, tell))
        bar.empty()
        st.rerun()
    kept = st.session_state.get("_pack")
    if kept and kept[:2] == (kind, whom):
        issued_pack(kept[2], kept[3])


def issued_pack(done: list[DocumentIssued], left: list[tuple[Case, str]]) -> None:
    """What was issued just now, as one file and one by one; and for whom it could not be made."""
    st.success(f"{len(done)} issued.", icon=":material/task_alt:")
    for case, why in left:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{words.safe(case.patient.full_name)}: {words.safe(why)}")
            if blocked.flags(session.desk(), case):
                blocked.stop_sheet(case, key=f"pack_stop_{case.episode.id}")
    if done:
        links.download(f"Print all {len(done)} as one file", "pack/" + "-".join(one.id for one in done), primary=True,
                       icon=":material/print:")
        with st.expander("One by one"):
            for made in done:
                links.download(made.file_name, f"document/{made.id}", key=f"pack_{made.id}")


def history(at: session.Desk, case: Case) -> None:
    """What was issued before, newest first; each opens as the same bytes."""
    with cards.card("Issued before", icon="history", key="issued"):
        found = records.documents(at, case.patient.id)
        if not found:
            cards.empty("Nothing issued yet", "What is issued is kept here with its date, and opens again as the same bytes.")
        team = records.team(at)
        for document in found[:30]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{words.safe(document.file_name)}**  \n:small[:gray[{words.moment(document.issued_at)}, "
                            f"{words.safe(team.get(document.issued_by, document.issued_by))}, {words.LANGUAGE_WORD.get(document.language, '')}]]")
                st.space("stretch")
                links.download("Open", f"document/{document.id}", key=f"open_{document.id}", icon=":material/download:")
