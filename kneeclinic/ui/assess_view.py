"""The assessment on the screen: sections at the left, the open one in the middle, what follows at the right; every field is kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kneeclinic.knowledge.schema import Measure, Section
from kneeclinic.record import Case, Visit
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.red_flags import RaisedFlag, red_flags
from kneeclinic.rules.shorthand import read_line
from kneeclinic.rules.suggest import suggest
from kneeclinic.ui import (
    body_chart_view,
    clashes,
    drafts,
    errors,
    field_names,
    findings_view,
    flowsheet_view,
    links,
    measure_form,
    open_fields,
    session,
    undo_view,
    visit_note,
    words,
)
from kneeclinic.vocabulary import Side, VisitKind

NOT_READ = "_shorthand_not_read"
"""Session state: what the shorthand line still holds because it was not understood, and why; told as long as it stands there."""
KEYS = (("/", "search a patient"), ("Tab, Shift+Tab", "next field, field before"), ("Enter", "keep the field, or read the shorthand line"),
        ("Alt+J", "next section"), ("Alt+L", "carry the last values of this section"), ("Alt+0", "no pain: the other knee, or what is open of both"),
        ("Alt+Z", "take the last change back; after saving or signing, that"), ("Ctrl+S", "save the values"), ("Alt+N", "note and sign"),
        ("Alt+S", "save and sign, in the note"), ("Esc", "leave a field"), ("?", "this list"))
MARKS = {"untouched": ":material/radio_button_unchecked:", "partly": ":material/clock_loader_40:", "done": ":material/check_circle:",
         "flag": ":red[:material/flag:]"}
NOTE, FLOW, CHART = "note_and_sign", "all_visits", "body_chart"
EXTRA = {CHART: "Body chart", FLOW: "All visits", NOTE: "Note and sign"}
EXTRA_ICON = {CHART: "accessibility_new", FLOW: "table", NOTE: "draw"}
WIDE = (FLOW, CHART)
"""Take the place of what follows at the right."""
BEGINS_WITH = {VisitKind.WEEKLY: "pain"}
"""Where a visit of this kind opens; others at their first section."""


def open_visit(at: session.Desk, case: Case) -> Visit | None:
    """The visit on the desk: the one chosen, else the newest that this person left unsigned."""
    asked = st.session_state.get("_visit") or st.query_params.get("visit", "")
    found = next((one for one in case.visits if one.id == asked), None)
    if found is None:
        mine = [one for one in case.visits if not one.is_signed and one.clinician == at.actor.account_id]
        found = mine[-1] if mine else None
    if found is not None:
        st.session_state["_visit"] = found.id
        st.query_params["visit"] = found.id
    return found


def start(at: session.Desk, case: Case) -> None:
    """No visit on the desk: start one, or look at one that was signed."""
    from kneeclinic.ui import cards, patient_view

    findings_view.alarm(at, case, red_flags(case, at.clinic.knowledge, at.clinic.today))
    with st.container(border=True):
        cards.empty("No visit is open", "Start today's visit; an unfinished one is offered again, even after a power cut.", icon="stethoscope")
        if at.may("start_visit") and case.episode.is_open:
            patient_view.new_visit(at, case)
        links.download("Blank form to print", "form/follow_up" if case.visits else "form/first", icon=":material/print:")
    signed = [one for one in reversed(case.visits) if one.is_signed]
    if signed:
        chosen = st.selectbox("Look at an earlier visit", signed, index=None, placeholder="Choose a visit",
                              format_func=lambda one: f"{words.VISIT_WORD[one.kind]}, {words.day(one.on, year=True)}")
        if chosen is not None:
            st.session_state["_visit"] = chosen.id
            st.rerun()


def measures_of(at: session.Desk, section: Section, visit: Visit, *, everything: bool) -> list[Measure]:
    """The fields of a section on this kind of visit, or all of them."""
    found = [one for one in at.clinic.knowledge.measures.values() if one.section == section.id and not one.derived]
    return found if everything else [one for one in found if not one.visit_kinds or visit.kind in one.visit_kinds]


def state_of(at: session.Desk, section: Section, visit: Visit, filled: set[str], flags: tuple[RaisedFlag, ...]) -> tuple[str, int, int]:
    """Untouched, partly, done or flag; how many fields hold a value, and how many there are."""
    fields = measures_of(at, section, visit, everything=False)
    usual = {one.id for one in fields}
    extra = [one for one in measures_of(at, section, visit, everything=True) if one.id not in usual]
    names = [drafts.key_of(one.id, side) for one in fields for side in measure_form.sides_of(one)]
    extras = [drafts.key_of(one.id, side) for one in extra for side in measure_form.sides_of(one)]
    have = sum(one in filled for one in names)
    more = sum(one in filled for one in extras)
    ids = {one.id for one in (*fields, *extra)}
    if any(reason.measure in ids for flag in flags for reason in flag.because):
        return "flag", have + more, len(names) + more
    if have + more == 0:
        return "untouched", 0, len(names)
    return ("done" if have == len(names) else "partly"), have + more, len(names) + more


@st.fragment
def desk(visit_id: str) -> None:
    """The three columns. A committed field reruns only this part."""
    at = session.desk()
    case = at.clinic.case(session.open_episode_id())
    visit = next((one for one in case.visits if one.id == visit_id), None)
    if visit is None or st.session_state.pop(undo_view.ANEW, False):  # taken back, signed, or another patient was opened: the whole page
        st.rerun()
    errors.show_said()
    draft = drafts.follow(at, visit.id)
    drafts.look(case, visit)
    seen = case if visit.is_signed else drafts.with_draft(at, case, visit, draft)
    found = suggest(seen, at.clinic.knowledge, at.clinic.today)
    findings_view.alarm(at, case, found.flags)
    differing: list[clashes.Clash] = []
    if not visit.is_signed:
        differing = clashes.found(at, case, visit, draft)
        clashes.show(at, visit, differing)
        clashes.others(at, case, visit)
        line(at, case, visit.id, draft)
        not_kept(at, visit.id, field_names.shown(visit.id))
    shown = field_names.shown(visit.id)
    if visit.is_signed:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if shown != NOTE and at.may("undo_last"):
                undo_view.offer(at, case)
            keys()
    left, middle, right = st.columns((22, 77, 1) if shown in WIDE else (22, 50, 28), gap="medium")
    filled = {drafts.key_of(one.measure, one.side) for one in case.observations if one.visit_id == visit.id}
    filled |= set() if visit.is_signed else set(draft["values"])
    with left:
        chosen, following = sections(at, visit, filled, found.flags)
        foot(at, visit, following)
    with middle:
        if chosen == FLOW:
            flowsheet_view.show(at, seen)
        elif chosen == CHART:
            body_chart_view.show(case, visit, draft)
        elif chosen == NOTE:
            visit_note.show(at, case, seen, visit, draft, differing)
        else:
            section(at, case, visit, draft, chosen)
        if visit.is_signed:
            visit_note.left_over(at, visit, draft)
    if chosen in WIDE:
        return
    with right:
        follows(at, seen, visit, found)


def line(at: session.Desk, case: Case, visit_id: str, draft: drafts.Draft) -> None:
    """The shorthand line, with the way back and the list of keys beside it."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.text_input("Shorthand", key="shorthand", placeholder="Shorthand: stroke R 1+; fpi L 6 R 8; worst R 5; akps R 74   then Enter",
                      label_visibility="collapsed", on_change=take_line, args=(visit_id,), icon=":material/keyboard:")
        steps = draft["steps"]
        if steps or not undo_view.offer(at, case):
            st.button("Undo", key="undo", icon=":material/undo:", on_click=undo, args=(visit_id,), shortcut="Alt+Z",
                      help=f"Takes back: {steps[-1]['said']}" if steps else "Nothing to take back yet")
        keys()
    left, why = st.session_state.get(NOT_READ, ("", ""))
    if left and st.session_state.get("shorthand") == left:
        st.error(words.safe(why), icon=":material/error:")


def not_kept(at: session.Desk, visit_id: str, section_id: str) -> None:
    """Values that were refused in a section that is not open now: they are told until they are corrected or left out."""
    for measure_id, side, why in field_names.refused(visit_id):
        measure = at.clinic.knowledge.measure(measure_id)
        if measure.section != section_id:
            knee = "" if side is Side.NONE else f" ({side.value})"
            st.error(f"Not kept{knee}: {words.safe(why)}", icon=":material/block:")
            st.button("Leave it out", key=f"out_{visit_id}_{measure_id}_{side}", type="tertiary", on_click=field_names.leave_out,
                      args=(visit_id, measure_id, side))


def keys() -> None:
    """The list of shortcuts; the key ? opens it."""
    with st.popover("Keys", key="shortcuts", icon=":material/keyboard_command_key:", on_change="rerun") as opened:
        if opened.open:
            st.markdown("  \n".join(f"**{key}**  {what}" for key, what in KEYS))


@errors.on_click
def undo(visit_id: str) -> None:
    said = drafts.undo(session.desk(), visit_id)
    errors.say(f"Taken back: {said}." if said else "There is nothing to take back.")


@errors.on_click
def take_line(visit_id: str) -> None:
    """Puts what the line says into the draft and tells it; what was not understood stays in the field, with the reason."""
    at = session.desk()
    reading = read_line(at.clinic.knowledge, st.session_state.get("shorthand", ""))
    problems = [f"“{one.part}”: {errors.plain(one.why)}" for one in reading.problems]
    left = [one.part for one in reading.problems]
    noted: list[str] = []
    entries: dict[str, drafts.Entry] = {}
    for one in reading.values:
        measure = at.clinic.knowledge.measure(one.measure)
        key = drafts.key_of(one.measure, one.side)
        st.session_state.pop(field_names.refusal(visit_id, one.measure, one.side), None)
        entries[key] = {"value": one.value} | ({"question": one.question} if one.question else {})
        drafts.forget_field(visit_id, key)
        noted.append(f"{words.measure_name(measure, one.side)} {one.value if isinstance(one.value, str) else f'{one.value:g}'}")
    if entries:
        drafts.put_many(at, visit_id, entries, "the shorthand line")
    st.session_state["shorthand"] = "; ".join(left)
    if noted:
        errors.say(f"Noted: {', '.join(noted)}.")
    st.session_state[NOT_READ] = (st.session_state["shorthand"], "Not understood: " + "; ".join(problems)) if problems else ("", "")


def sections(at: session.Desk, visit: Visit, filled: set[str], flags: tuple[RaisedFlag, ...]) -> tuple[str, str]:
    """The list of sections with their states. Returns the id of the open one, and of the one that follows."""
    states = {one.id: state_of(at, one, visit, filled, flags) for one in at.clinic.knowledge.sections}
    labels = {one.id: one.label for one in at.clinic.knowledge.sections} | EXTRA
    shown = [one for one in states if states[one][2] > 0 or states[one][1] > 0]

    def words_of(one: str) -> str:
        if one in EXTRA:
            return f":material/{EXTRA_ICON[one]}: {EXTRA[one]}"
        state, have, total = states[one]
        return f"{MARKS[state]} {labels[one]} :gray[{have}/{total}]" if have else f"{MARKS[state]} {labels[one]}"

    done = sum(states[one][0] in ("done", "flag") for one in shown)
    st.caption(f"{words.VISIT_WORD[visit.kind]}, {words.day(visit.on)} · {done} of {len(shown)} sections done")
    slot, key = f"_section_{visit.id}", field_names.sections(visit.id)
    offered = [*shown, *EXTRA]
    first = BEGINS_WITH.get(visit.kind, "")
    st.session_state[key] = next(one for one in (st.session_state.get(slot), first, offered[0]) if one in offered)
    chosen = str(st.radio("Sections", offered, format_func=words_of, key=key, label_visibility="collapsed", on_change=turn_to,
                          args=(visit.id, key, labels)))
    return chosen, [*offered, offered[0]][offered.index(chosen) + 1]


def open_section(visit_id: str, section_id: str) -> None:
    st.session_state[f"_section_{visit_id}"] = section_id


def turn_to(visit_id: str, key: str, labels: Mapping[str, str]) -> None:
    """Remembers the open section. The browser names it by the words it saw, and those change with the state of a section: who clicks while a
    value is on its way to the store names it by its old words."""
    said = str(st.session_state.get(key))
    named = [one for one, label in labels.items() if label in said]
    st.session_state[f"_section_{visit_id}"] = said if said in labels or not named else max(named, key=lambda one: len(labels[one]))


def section(at: session.Desk, case: Case, visit: Visit, draft: dict[str, Any], section_id: str) -> None:
    """The open section, drawn from the catalogue."""
    part = next(one for one in at.clinic.knowledge.sections if one.id == section_id)
    field_names.show(visit.id, section_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"#### {words.safe(part.label)}  \n:gray[{words.safe(part.hint)}]")
        st.space("stretch")
        everything = st.toggle("All measures", key=f"all_{visit.id}_{section_id}", help="Also those that this kind of visit usually leaves out")
    fields = measures_of(at, part, visit, everything=everything)
    if not fields:
        st.caption("Nothing of this section belongs to this kind of visit.")
        return
    if not visit.is_signed:
        open_fields.offer(case, visit, fields)
    if any(len(measure_form.sides_of(one)) == 2 for one in fields):
        measure_form.head()
    for one in fields:
        measure_form.row(at, case, visit, one, draft)
    key = field_names.note(visit.id, section_id)
    st.text_area(f"Note on {part.label.lower()}", draft["note"].get(section_id) or visit.note.get(section_id, ""), key=key, height=68,
                 on_change=visit_note.keep_text, args=(visit.id, section_id, key),
                 disabled=visit.is_signed)


def follows(at: session.Desk, seen: Case, visit: Visit, found: Any) -> None:
    """At the right: what follows from what is typed, red flags first."""
    with st.container(border=True, gap="xsmall", key="card_follows"):
        findings_view.flag_list(at, seen, found.flags)
        findings_view.scores(at, seen, visit.id)
        findings_view.symmetry(at, facts_of(seen, at.clinic.knowledge, at.clinic.today), seen)
    with st.container(border=True, gap="xsmall", key="card_suggests"):
        st.markdown(f"**Suggests, phase {found.phase}**")
        findings_view.suggestions(at, found, most=6)


def foot(at: session.Desk, visit: Visit, following: str) -> None:
    """Below the sections: on to the next one, to the note, and saving; when the draft was stored."""
    with st.container(gap="xsmall", key="foot"):
        st.button("Next section", width="stretch", on_click=open_section, args=(visit.id, following),
                  shortcut="Alt+J")
        st.button("To the note", width="stretch", on_click=open_section, args=(visit.id, NOTE), shortcut="Alt+N")
        if not visit.is_signed:
            st.button("Save values", width="stretch", on_click=visit_note.save, args=(visit.id,), shortcut="Ctrl+S")
    saved = drafts.saved_at(at, drafts.read(at, visit.id))
    if saved and not visit.is_signed:
        st.caption(f":material/cloud_done: Draft saved {saved:%H:%M:%S}")
