"""The frame around every screen: the patient in context, the search, who is signed in, and until when."""

from __future__ import annotations

import base64

import streamlit as st

from kneeclinic import actions, serving
from kneeclinic.progress.off_plan import standing_fluid
from kneeclinic.record import Case
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.store import episodes_of
from kneeclinic.ui import errors, pages, restricted_view, session, words
from kneeclinic.vocabulary import FlagLevel, KneeClinicError

TURN = "_search_turn"
"""How many searches of this person came to an end."""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 48" width="220" height="48"><g fill="none" stroke="#0e6f6a" stroke-width="3" '
    'stroke-linecap="round"><path d="M16 4v9c0 5-4 7-4 11s4 6 4 11v9"/><path d="M32 4v9c0 5 4 7 4 11s-4 6-4 11v9"/>'
    '<circle cx="24" cy="24" r="6.5" fill="#0e6f6a" stroke="none"/></g><text x="52" y="33" font-family="\'Source Sans 3\',\'Source Sans Pro\','
    'system-ui,sans-serif" font-size="27" font-weight="650" fill="#16211f">KneeClinic</text></svg>'
)

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48"><g fill="none" stroke="#0e6f6a" stroke-width="4" '
    'stroke-linecap="round"><path d="M15 3v10c0 5-4 7-4 11s4 6 4 11v10"/><path d="M33 3v10c0 5 4 7 4 11s-4 6-4 11v10"/>'
    '<circle cx="24" cy="24" r="7" fill="#0e6f6a" stroke="none"/></g></svg>'
)

STYLE = """<style>
[data-testid="stMainBlockContainer"]{padding-left:1.6rem;padding-right:1.6rem}
.st-key-frame{border-bottom:1px solid #d5dedc;padding-bottom:.45rem}
.st-key-frame p{margin:0}
.st-key-search{position:relative;z-index:6}
.st-key-results{position:absolute;top:2.6rem;right:0;width:360px;background:#fff;border:1px solid #d5dedc;border-radius:8px;
box-shadow:0 8px 24px rgba(22,33,31,.14);padding:.35rem .5rem}
.st-key-results button{justify-content:flex-start;text-align:left}
[class*="st-key-title"] h3{padding:0;margin:0}
[class*="st-key-title"] [data-testid="stMarkdownContainer"]{margin-bottom:0}
[class*="st-key-title"] h3 span span{font-weight:400}
[data-testid="stCaptionContainer"],[data-testid="stCaptionContainer"] p{color:#55635f;opacity:1}
.st-key-chart_click{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
input:disabled,textarea:disabled{-webkit-text-fill-color:#35504c!important;opacity:1!important}
kbd[aria-label^="Shortcut"]{color:inherit!important;opacity:1!important}
</style>"""


def style() -> None:
    """The few measures of space that the theme file cannot say."""
    st.html(STYLE)
    st.html('<script src="/desk.js"></script>', unsafe_allow_javascript=True)


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def logo() -> None:
    """The mark at the top left, and in the browser's tab: an icon by name would be fetched from elsewhere."""
    st.logo(data_uri(LOGO), size="large", icon_image=data_uri(ICON))


def show(at: session.Desk) -> None:
    """The line over every page."""
    with st.container(key="frame", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            in_context(at)
        if at.may("find_patients"):
            with st.container(width=300):
                search(at)


def in_context(at: session.Desk) -> None:
    """Name, age, side, phase, week and standing red flags of the open patient."""
    try:
        case = session.case_in_context(at) if at.may("open_case") else None
    except KneeClinicError as problem:
        st.caption(errors.sentence(problem))
        return
    if case is None:
        st.markdown(":gray[No patient open]")
        return
    st.markdown(headline(at, case))


def headline(at: session.Desk, case: Case) -> str:
    today = at.clinic.today
    patient, episode = case.patient, case.episode
    parts = [
        f"**{words.safe(patient.full_name)}**", f"{patient.age_on(today)} y", f"No. {words.safe(patient.number)}", words.knee(episode.side),
        f"week {episode.week_on(today)}",
    ]
    parts.append(f"phase {phase(case, at.clinic.knowledge, today).number}")
    if case.program and case.program.paused:
        parts.append("program paused")
    if not episode.is_open:
        parts.append(words.STATUS_WORD[episode.status].lower())
    return "  ·  ".join(parts) + "  " + flag_badge(at, case) + fluid_badge(at, case) + restricted_view.badge(at, case.patient.id)


def flag_badge(at: session.Desk, case: Case) -> str:
    raised = [one for one in red_flags(case, at.clinic.knowledge, at.clinic.today) if one.level is not FlagLevel.INFORM]
    if not raised:
        return ""
    word, colour = words.FLAG_WORD[raised[0].level]
    return f":{colour}-badge[:material/flag: {word}: {words.safe(raised[0].title)}]"


def fluid_badge(at: session.Desk, case: Case) -> str:
    """Fluid of 1+ or more that stands, and whether it should have been tested again."""
    fluid = standing_fluid(case, at.clinic.knowledge, at.clinic.today)
    if fluid is None or not case.episode.is_open:
        return ""
    due = "re-test was due" if fluid.days_late(at.clinic.today) else "re-test by"
    return f" :orange-badge[:material/water_drop: Fluid {fluid.grade}, {due} {words.day(fluid.due)}]"


@st.fragment
def search(at: session.Desk) -> None:
    """Finds a patient by name or number, forgiving a typing error; results appear while typing."""
    if st.session_state.get("_go"):
        st.rerun()
    with st.container(key="search", gap=None):
        text = st.text_input("Search patients", key=f"people_search_{st.session_state.get(TURN, 0)}", type="search",
                             placeholder="Search patients  ( / )", live="250ms", label_visibility="collapsed")
        if len(text.strip()) < 2:
            return
        now = session.desk()
        with st.container(key="results", gap=None), errors.calmly():
            found = actions.find_patients(now.clinic, now.actor, text, limit=6)
            session.note_shown(now, "search", [one.id for one in found])
            if not found:
                st.caption("Nobody by that name or number.")
            for patient in found:
                episodes = episodes_of(now.clinic.database, patient.id)
                for episode in episodes:
                    label = f"{patient.full_name} · {patient.number} · {words.knee(episode.side)}"
                    st.button(words.safe(label), key=f"found_{episode.id}", on_click=open_patient, args=(episode.id,), width="stretch",
                              type="tertiary", icon=":material/person:")
                if not episodes:
                    st.button(words.safe(f"{patient.full_name} · {patient.number} · no episode yet"), key=f"found_{patient.id}", type="tertiary",
                              on_click=open_person, args=(patient.id,), width="stretch", icon=":material/person_add:")


def empty_search() -> None:
    """A field of its own for the next search: one that is cleared while the browser still sends letters keeps them."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def open_patient(episode_id: str) -> None:
    session.choose(episode_id)
    empty_search()
    st.session_state["_go"] = "patient"


def open_person(patient_id: str) -> None:
    """A patient without an episode: the patient page offers to open one."""
    session.forget_patient()
    empty_search()
    st.session_state["_new_episode_for"] = patient_id
    st.session_state["_go"] = "patient"


def account(at: session.Desk) -> None:
    """At the foot of the navigation: who is signed in, until when, and the way out."""
    with st.sidebar:
        ends = f"Session ends at {at.ends_at:%H:%M}" if at.ends_at else ""
        st.markdown(f":material/account_circle: **{words.safe(at.actor.name)}**  \n:small[:gray[{words.ROLE_WORD[at.actor.role]}. {ends}]]")
        if st.button("Your account", key="your_account", icon=":material/manage_accounts:", type="tertiary",
                     help="Password, second factor, where you are signed in"):
            st.session_state["admin_part"] = "Your account"
            pages.go("admin")
        st.html(f'<a href="/signout?proof={serving.leave_proof(at.token)}" target="_self" style="color:#0b5e5a;font-weight:600;'
                'text-decoration:none;font-size:14px">Sign out</a>')


def banners(at: session.Desk) -> None:
    """What everybody should know of this clinic: it is a demo, or nobody has reviewed its knowledge yet."""
    profile, edition = at.clinic.profile, at.clinic.knowledge.edition.edition
    if profile.is_demo:
        st.caption(":material/science: Demo clinic: every person in it is invented. " + serving.sign_in_hint())
    elif profile.knowledge_reviewed_edition != edition:
        st.caption(f":material/rule: No clinician of this clinic has reviewed knowledge edition {edition} yet. "
                   "The lead clinician does it in the library.")
