"""Two versions of one field: both are shown, with who wrote the other one, and nothing is saved over it until one is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from kneeclinic.record import Case, Visit
from kneeclinic.store.drafts import drafts_on
from kneeclinic.ui import drafts, errors, field_names, session, words
from kneeclinic.ui.drafts import KIND
from kneeclinic.vocabulary import MeasureKind


@dataclass(frozen=True)
class Clash:
    """One field, what stands here and what stands there. `base` is the stored value that the choice answers to."""

    slot: str
    name: str
    mine: Any
    theirs: Any
    who: str
    base: str = ""
    window: bool = False


def found(at: session.Desk, case: Case, visit: Visit, draft: drafts.Draft) -> list[Clash]:
    """Where another window of mine, or somebody else on the same visit, wrote something different."""
    clashes = [
        Clash(slot, _name(at, slot), mine, drafts.get(draft, slot), "your other window", window=True)
        for slot, mine in draft["mine"].items() if not drafts.same(mine, drafts.get(draft, slot))
    ]
    stored = {drafts.key_of(one.measure, one.side): one for one in case.observations if one.visit_id == visit.id and one.is_valid}
    for key, entry in draft["values"].items():
        one = stored.get(key)
        if one is None or one.id == draft["base"].get(key, "") or one.entered_by == at.actor.account_id:
            continue
        theirs = {"value": None if one.items else one.value, "items": list(one.items) if one.items else None}
        if not drafts.same(entry, theirs):
            who = f"{case.therapist_name(one.entered_by)}, {when(at, one.entered_at)}"
            clashes.append(Clash(key, _name(at, key), entry, {"value": one.value}, who, base=one.id))
    for part, text in draft["note"].items():
        slot, theirs_text = drafts.note_slot(part), visit.note.get(part, "")
        if theirs_text.strip() and theirs_text not in (draft["base"].get(slot, ""), text):
            who = "an earlier version of yours" if visit.entered_by == at.actor.account_id else case.therapist_name(visit.entered_by)
            clashes.append(Clash(slot, _name(at, slot), text, theirs_text, who or "somebody else on this visit", base=theirs_text))
    return clashes


def show(at: session.Desk, visit: Visit, clashes: list[Clash]) -> None:
    """Both versions of each field, and a button for each way on."""
    if not clashes:
        return
    with st.container(border=True, gap="xsmall", key="clashes"):
        st.warning(f"{'One field was' if len(clashes) == 1 else f'{len(clashes)} fields were'} changed in two places. Both versions are kept; "
                   "choose one before you save.", icon=":material/sync_problem:")
        for one in clashes:
            mine, theirs = _words(at, one.slot, one.mine), _words(at, one.slot, one.theirs)
            st.markdown(f"**{words.safe(one.name)}**  \nHere: {words.safe(mine)}  \nBy {words.safe(one.who)}: {words.safe(theirs)}")
            with st.container(horizontal=True, gap="small"):
                short = drafts.is_value(one.slot)
                st.button(f"Keep {mine} (here)" if short else "Keep the text from here", key=f"mine_{one.slot}", on_click=decide,
                          args=(visit.id, one, "mine"))
                st.button(f"Keep {theirs} (theirs)" if short else "Keep the other text", key=f"theirs_{one.slot}", on_click=decide,
                          args=(visit.id, one, "theirs"))
                if not short:
                    st.button("Keep both, one below the other", key=f"both_{one.slot}", on_click=decide, args=(visit.id, one, "both"))


@errors.on_click
def decide(visit_id: str, clash: Clash, choice: str) -> None:
    """One version stands; the other is gone because a person said so."""
    at = session.desk()
    draft = drafts.read(at, visit_id)
    draft["mine"].pop(clash.slot, None)
    draft["base"][clash.slot] = clash.base or draft["base"].get(clash.slot, "")
    kept: Any = clash.mine if choice == "mine" else clash.theirs if clash.window else None
    if choice == "both":
        kept = f"{clash.theirs}\n{clash.mine}"
    if drafts.is_value(clash.slot):
        drafts.change(at, visit_id, {clash.slot: kept}, said=clash.name)
        drafts.forget_field(visit_id, clash.slot)
    else:
        part = clash.slot.removeprefix("note:")
        drafts.change(at, visit_id, note={part: kept})
        field_names.note_anew(visit_id, part)


def others(at: session.Desk, case: Case, visit: Visit) -> None:
    """Says who else has unsaved entries on this visit."""
    for one in drafts_on(at.clinic.database, KIND, visit.id):
        count = len(one.payload.get("values", {})) + len(one.payload.get("note", {}))
        if one.owner != at.actor.account_id and count:
            st.caption(f":material/group: {words.safe(case.therapist_name(one.owner) or 'Somebody else')} has {count} unsaved entries on this visit, "
                       f"last at {when(at, one.saved_at)}. Nothing is overwritten: where you differ, you are asked.")


def left_over(at: session.Desk, visit: Visit, draft: drafts.Draft) -> str:
    """What this person typed into a visit that somebody signed meanwhile, in words for an amendment; nothing when all is in the visit."""
    lines = [f"{_name(at, key)}: {_words(at, key, entry)}" for key, entry in draft["values"].items()]
    lines += [f"{_name(at, drafts.note_slot(part))}: {text}" for part, text in draft["note"].items()
              if text.strip() and text != visit.note.get(part, "")]
    return "\n".join(lines)


def when(at: session.Desk, moment: datetime | None) -> str:
    """A moment of the log as the clock of the clinic shows it."""
    return words.moment(moment.astimezone(at.clinic.zone)) if moment else ""


def _name(at: session.Desk, slot: str) -> str:
    if drafts.is_value(slot):
        measure, side = drafts.parts_of(slot)
        return words.measure_name(at.clinic.knowledge.measure(measure), side)
    part = slot.removeprefix("note:")
    return next((f"Note on {one.label.lower()}" for one in at.clinic.knowledge.sections if one.id == part), part.capitalize())


def _words(at: session.Desk, slot: str, what: Any) -> str:
    if what is None:
        return "nothing"
    if isinstance(what, str):
        return what
    measure = at.clinic.knowledge.measure(drafts.parts_of(slot)[0])
    value = drafts.value_of(measure, what)
    if value is None and what.get("items"):
        return f"{sum(one is not None for one in what['items'])} of {len(what['items'])} items"
    if measure.kind is MeasureKind.FLAG and value is not None:
        return "Yes" if value else "No"
    return words.value_words(measure, value)
