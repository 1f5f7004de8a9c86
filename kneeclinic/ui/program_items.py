"""The exercises of the program being written: cards in their order, dose grid, and what the day and the week add up to."""

from __future__ import annotations

import re
from collections import Counter

import streamlit as st

from kneeclinic import actions
from kneeclinic.knowledge.schema import DoseDefault
from kneeclinic.record import Case, Dose, ProgramItem
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.assembly import item_minutes
from kneeclinic.ui import cards, errors, pictures, program_draft, program_versions, session, words
from kneeclinic.vocabulary import AffectedSide, Refused, Role, Units

TEMPO = re.compile(r"\d{1,2}-\d{1,2}-\d{1,2}")
LONG_HOLD_S = 10
KG_PER_LB = 0.45359237
AREAS = {"hip strength": "hip", "knee strength": "knee", "core": "core", "foot and ankle": "foot"}
RuledOut = dict[str, tuple[str, ...]]
row = program_draft.row


def exercises(at: session.Desk, case: Case, form: ProgramForm, ruled_out: RuledOut) -> None:
    budget(at, case, form)
    if not form.items:
        cards.empty("Empty so far", "Build from the suggestions at the left, take a template or an earlier version, or add an exercise below.",
                    icon="fitness_center")
    opened = st.session_state.get(f"p_{case.episode.id}_open")
    for place, item in enumerate(form.items):
        with st.container(border=True, gap="xsmall", key=f"card_item_{row(item)}"):
            item_head(at, case, item, place, len(form.items), opened == row(item), ruled_out)
            if opened == row(item):
                item_form(at, case, item, ruled_out.get(item.exercise, ()))
    adding(at, case, form, ruled_out)


def budget(at: session.Desk, case: Case, form: ProgramForm) -> None:
    """Minutes of a full day against what the patient has, and the load of the week."""
    minutes = {one: item_minutes(one, at.clinic.knowledge) for one in form.items}
    whole, most = sum(minutes.values()), case.patient.minutes_a_day
    over = f" :orange[over by {whole - most:.0f}]" if whole > most else ""
    st.progress(min(1.0, whole / most) if most else 0.0, text=f"{whole:.0f} of {most} minutes on a full day · {len(form.items)} exercises{over}")
    if not form.items:
        return
    sets: Counter[str] = Counter()
    for one in form.items:
        area = AREAS.get(at.clinic.knowledge.exercise(one.exercise).category)
        if area and one.dose.sets:
            sets[area] += one.dose.sets * one.dose.days_per_week
    weekly = [f"{sum(minutes[one] * one.dose.days_per_week for one in form.items):.0f} minutes",
              *(f"{count} {area} sets" for area, count in sets.items())]
    if form.load is not None and form.load.weekly_km:
        weekly.append(f"{words.distance(form.load.weekly_km, at.units)} of running")
    st.caption(f"A week: {', '.join(weekly)}")


def adding(at: session.Desk, case: Case, form: ProgramForm, ruled_out: RuledOut) -> None:
    have = {item.exercise for item in form.items}
    known = sorted((one for one in at.clinic.knowledge.exercises if one not in have), key=lambda one: cards.item_name(at.clinic.knowledge, one))

    def label(one: str) -> str:
        exercise = at.clinic.knowledge.exercise(one)
        against = ", ruled out" if one in ruled_out else ""
        return f"{cards.item_name(at.clinic.knowledge, one)} ({exercise.category}{against})"

    chosen = st.selectbox("Add an exercise", known, index=None, format_func=label, placeholder="Type a name or an area",
                          key=f"p_{case.episode.id}_add_{len(form.items)}")
    if chosen is None:
        return
    if chosen in ruled_out and at.actor.role is not Role.LEAD:
        st.error(refusal(at, chosen, ruled_out[chosen]), icon=":material/block:")
        return
    with errors.calmly():
        program_draft.change(case.episode.id, program_draft.add(at, chosen, "Chosen by the therapist", ""))
        if chosen in ruled_out:
            open_item(case.episode.id, f"{chosen}_{program_draft.side_for(at.clinic.knowledge, chosen, case)}")
        st.rerun(scope="fragment")


def refusal(at: session.Desk, exercise: str, because: tuple[str, ...]) -> str:
    name = words.safe(cards.item_name(at.clinic.knowledge, exercise))
    return f"{name} is ruled out: {words.safe('; '.join(because))}. Only the lead clinician may put it in, with a written reason."


def item_head(at: session.Desk, case: Case, item: ProgramItem, place: int, count: int, is_open: bool, ruled_out: RuledOut) -> None:
    episode, name = case.episode.id, words.safe(cards.item_name(at.clinic.knowledge, item.exercise))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.container(width=92):
            pictures.exercise(at.clinic.knowledge, item.exercise, item.side, 92, most_high=74)
        with st.container(width="stretch"):
            st.markdown(f"**{name}** {words.SIDE_MARK[item.side]} {item.side}  \n{dose_line(at, item)}{below(at, case, item, ruled_out)}")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            st.button("Edit", key=f"edit_{row(item)}", icon=":material/expand_less:" if is_open else ":material/tune:", type="tertiary",
                      on_click=open_item, args=(episode, "" if is_open else row(item)), help=f"Dose, days, note of {name}")
            st.button("", key=f"move_up_{row(item)}", icon=":material/arrow_upward:", type="tertiary", disabled=place == 0,
                      on_click=program_draft.apply, args=(episode, program_draft.move(row(item), -1)), help=f"Move {name} up")
            st.button("", key=f"move_down_{row(item)}", icon=":material/arrow_downward:", type="tertiary", disabled=place == count - 1,
                      on_click=program_draft.apply, args=(episode, program_draft.move(row(item), 1)), help=f"Move {name} down")
            st.button("Out", key=f"out_{row(item)}", icon=":material/close:", type="tertiary", on_click=program_draft.apply,
                      args=(episode, program_draft.remove(row(item))), help=f"Take {name} out")


def dose_line(at: session.Desk, item: ProgramItem) -> str:
    """Dose, tempo, days."""
    line = words.dose_words(item.dose, at.clinic.knowledge.exercise(item.exercise), at.units)
    if item.dose.tempo:
        line += f", tempo {words.safe(item.dose.tempo)}"
    return line + (f" ({', '.join(words.WEEKDAYS[one] for one in item.days)})" if item.days else "")


def below(at: session.Desk, case: Case, item: ProgramItem, ruled_out: RuledOut) -> str:
    """Reason, note, and what speaks against it, in small lines."""
    lines = [f":small[:gray[{words.safe(item.reason)}]]"] if item.reason else []
    missing = missing_at_home(at, case, item)
    if missing:
        lines.append(f":orange[:material/home: not at home: {words.safe(words.listed(one.replace('_', ' ') for one in missing))}]")
    if item.note:
        lines.append(f":small[“{words.safe(item.note)}”]")
    if item.exercise in ruled_out:
        kept = f" Kept: {words.safe(item.override_reason)}" if item.override_reason else " Needs a written reason of the lead clinician."
        lines.append(f":orange[:material/block: {words.safe('; '.join(ruled_out[item.exercise]))}.{kept}]")
    return "".join(f"  \n{one}" for one in lines)


def missing_at_home(at: session.Desk, case: Case, item: ProgramItem) -> list[str]:
    """What the exercise needs and the patient does not have, as registered or as asked on this page."""
    known, (_, have) = at.clinic.knowledge.exercise(item.exercise), program_versions.asked_means(case)
    missing = [one for one in known.equipment if one not in have]
    return missing + ([" or ".join(known.any_equipment)] if known.any_equipment and not set(known.any_equipment) & set(have) else [])


def open_item(episode_id: str, item: str) -> None:
    st.session_state[f"p_{episode_id}_open"] = item


def item_form(at: session.Desk, case: Case, item: ProgramItem, against: tuple[str, ...]) -> None:
    """Dose, days, note; harder and easier neighbours; the reason where the findings are overruled."""
    knowledge, dose = at.clinic.knowledge, item.dose
    usual = knowledge.exercise(item.exercise).dose
    imperial = at.units is Units.IMPERIAL
    with st.form(f"item_{case.episode.id}_{row(item)}", border=False):
        one, two, three, four, five = st.columns(5, vertical_alignment="bottom")
        sets = one.number_input("Sets", 1, 10, dose.sets, step=1)
        reps = two.number_input("Reps", 1, 100, dose.reps, step=1)
        step = 5.0 if (usual.hold_s or dose.hold_s or 0) >= LONG_HOLD_S else 1.0
        hold = three.number_input("Hold (s)", 0.0, 300.0, dose.hold_s, step=step, format="%.0f")
        minutes = four.number_input("Minutes", 0.0, 300.0, dose.minutes, step=1.0 if (usual.minutes or 0) < LONG_HOLD_S else 5.0, format="%.0f")
        weekly = five.number_input("A week", 1, 14, dose.days_per_week, step=1, help=range_words(usual))
        side = st.segmented_control("Leg", list(AffectedSide), default=item.side, required=True, format_func=words.side_label, wrap=True)
        two, three, four = st.columns(3, vertical_alignment="bottom")
        shown = None if dose.load_kg is None else round(dose.load_kg / (KG_PER_LB if imperial else 1), 1)
        load = two.number_input(f"Load ({'lb' if imperial else 'kg'})", 0.0, 660.0, shown, step=1.0 if imperial else 0.5, format="%.1f")
        tempo = three.text_input("Tempo (s)", dose.tempo, max_chars=8, placeholder="3-0-1", help="Seconds to lower, hold and lift")
        limit = four.number_input("Pain up to", 0, 10, item.pain_limit, step=1)
        days = st.pills("Days (none = spread over the week)", list(range(7)), selection_mode="multi", default=list(item.days),
                        format_func=lambda one: words.WEEKDAYS[one])
        note = st.text_input("Note for the patient", item.note, max_chars=500)
        override = item.override_reason
        if against and at.actor.role is Role.LEAD:
            override = st.text_input("Reason to keep it against the findings", item.override_reason, max_chars=500,
                                     help="Goes into the log and onto the review sheet")
        habit = st.checkbox("From now on my usual dose of this exercise", help="New programs of yours begin with it; the load is left to the patient")
        if st.form_submit_button("Keep", type="primary"):
            kilos = None if not load else round(load * KG_PER_LB, 2) if imperial else load
            made = Dose(sets, reps, hold or None, minutes or None, int(weekly or 1), kilos, tempo.strip())
            with errors.calmly():
                keep(at, case, item, made, habit, side=AffectedSide(side), pain_limit=int(limit or 0),
                     days=tuple(sorted(days)), note=note, override_reason=override)
                st.rerun(scope="fragment")
    neighbours(at, case, item)


def range_words(usual: DoseDefault) -> str:
    """The catalogue's dose, for a look beside the field."""
    first = Dose(usual.sets, usual.reps, usual.hold_s, usual.minutes, usual.days_per_week)
    return f"Catalogue: {words.dose_words(first)}"


def keep(at: session.Desk, case: Case, item: ProgramItem, dose: Dose, habit: bool, **fields: object) -> None:
    """The edited item into the draft. Raises Refused for a dose or tempo that cannot be."""
    if dose.tempo and not TEMPO.fullmatch(dose.tempo):
        raise Refused(f"Tempo: {dose.tempo} cannot be read; write seconds to lower, hold and lift, such as 3-0-1.")
    actions.check_dose(ProgramItem(item.exercise, AffectedSide.BOTH, dose, days=fields["days"]))  # type: ignore[arg-type]
    program_draft.change(case.episode.id, program_draft.edit(row(item), dose=dose, **fields))
    open_item(case.episode.id, f"{item.exercise}_{fields['side']}")
    if habit:
        actions.set_usual_dose(at.clinic, at.actor, item.exercise, dose)
        errors.say("Kept as your usual dose.")


def neighbours(at: session.Desk, case: Case, item: ProgramItem) -> None:
    known = at.clinic.knowledge.exercise(item.exercise)
    with st.container(horizontal=True, gap="small"):
        for word, icon, others in (("Easier", ":material/trending_down:", known.easier), ("Harder", ":material/trending_up:", known.harder)):
            for other in others:
                st.button(f"{word}: {cards.item_name(at.clinic.knowledge, other)}", key=f"swap_{row(item)}_{word}_{other}", icon=icon,
                          on_click=program_draft.apply, args=(case.episode.id, program_draft.swap(at, row(item), other, f"{word} step")))
        if item.exercise in program_draft.habits(at):
            st.button("Forget my usual dose", key=f"forget_{row(item)}", type="tertiary", icon=":material/undo:", on_click=forget,
                      args=(item.exercise,))


@errors.on_click
def forget(exercise: str) -> None:
    at = session.desk()
    actions.set_usual_dose(at.clinic, at.actor, exercise, None)
    errors.say("Back to the catalogue's dose.")
