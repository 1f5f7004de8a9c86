"""Forms about a person and a problem: register, correct, open an episode, goals, imaging, the next visit, closing."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from kneeclinic import actions
from kneeclinic.progress.goals import active_goals
from kneeclinic.record import Case, Episode, Imaging, Patient
from kneeclinic.record.forms import EpisodeForm, GoalForm, ImagingForm, PatientForm, PlanForm
from kneeclinic.ui import errors, records, session, words
from kneeclinic.vocabulary import (
    EQUIPMENT,
    HOME_EQUIPMENT,
    LANGUAGES,
    AffectedSide,
    CauseGroup,
    EpisodeStatus,
    MeasureKind,
    MeasureSides,
    Refused,
    Sex,
    Side,
    Units,
    VisitKind,
)

TWINS = "_known_already"
"""Session state: patients of the same names and birth date as the person who is being registered."""
OLDEST = date(1920, 1, 1)
IMAGING = ("x-ray", "mri", "ct", "ultrasound", "other")
GOALS_FIRST = ("akps", "pain_worst", "psfs", "km_week", "koos_pf", "lefs", "longest_run_km", "pain_running")


def equipment_word(one: str) -> str:
    return one.replace("_", " ")


def person(at: session.Desk, patient: Patient | None = None) -> Patient | None:
    """Registers a patient, or corrects one. Returns the patient once it is saved."""
    new = patient is None
    twins: tuple[Patient, ...] = st.session_state.get(TWINS, ()) if new else ()
    with st.form(f"person_{patient.id if patient else 'new'}", border=False):
        one, two, three = st.columns(3)
        first = one.container(key="focus_given_name") if new else one  # the cursor stands in the first field of a form that a key opens
        given = first.text_input("Given name", patient.given_name if patient else "", max_chars=200, required=True)
        family = two.text_input("Family name", patient.family_name if patient else "", max_chars=200)
        number = three.text_input("Clinic number", patient.number if patient else "", max_chars=40, required=True)
        one, two, three = st.columns(3)
        birth = one.date_input("Birth date", patient.birth_date if patient else None, min_value=OLDEST, max_value=at.clinic.today,
                               format="YYYY-MM-DD")
        sex = two.segmented_control("Sex", list(Sex), default=patient.sex if patient else None, format_func=words.SEX_WORD.__getitem__)
        sport = three.text_input("Sport and activity", patient.sport if patient else "Running", max_chars=200)
        one, two, three = st.columns(3)
        phone = one.text_input("Telephone", patient.phone if patient else "", max_chars=60, type="phone")
        email = two.text_input("E-mail", patient.email if patient else "", max_chars=200, type="email")
        minutes = three.number_input("Minutes a day for exercises", 5, 90, patient.minutes_a_day if patient else 20, step=5)
        one, two, three = st.columns(3)
        language = one.selectbox("Language of handouts", LANGUAGES, LANGUAGES.index(patient.language) if patient else 0,
                                 format_func=words.LANGUAGE_WORD.__getitem__)
        units = two.segmented_control("Units", list(Units), default=patient.units if patient else at.units, required=True,
                                      format_func=lambda one: "km, kg" if one is Units.METRIC else "miles, lb")
        consent = three.date_input("Consent given on", patient.consent_on if patient else at.clinic.today, min_value=OLDEST,
                                   max_value=at.clinic.today, format="YYYY-MM-DD")
        equipment = st.multiselect("Equipment at home", EQUIPMENT, list(patient.equipment if patient else HOME_EQUIPMENT),
                                   format_func=equipment_word)
        note = st.text_area("Note", patient.note if patient else "", height=68)
        another = bool(twins) and known_already(at, twins)
        sent = st.form_submit_button("Register patient" if new else "Save the person", type="primary", icon=":material/save:")
    if not sent:
        return None
    if birth is None or sex is None:
        st.error("Birth date and sex are needed: some safety rules read them.", icon=":material/error:")
        return None
    with errors.calmly():
        form = PatientForm(number=number, given_name=given, family_name=family, birth_date=birth, sex=sex, phone=phone, email=email,
                           language=language, units=units or Units.METRIC, sport=sport, equipment=tuple(equipment), minutes_a_day=int(minutes),
                           consent_on=consent, note=note)
        if patient is None:
            return registered(at, form, frozenset(one.id for one in twins) if another else frozenset())
        return actions.revise_patient(at.clinic, at.actor, patient.id, form, patient.version)
    return None


def known_already(at: session.Desk, twins: tuple[Patient, ...]) -> bool:
    """Who has the same names and birth date, and whether this is somebody else: one person with two records is half a history each."""
    told = "; ".join(f"{words.safe(one.full_name)}, born {words.day(one.birth_date, year=True)}, clinic number {words.safe(one.number)}"
                     for one in twins)
    st.warning(f"Known already: {told}. Search for that number to open the record.", icon=":material/person_alert:")
    return st.checkbox("This is another person of the same names and birth date", key="another_person")


def registered(at: session.Desk, form: PatientForm, besides: frozenset[str]) -> Patient | None:
    """The new patient; None when the form has to ask first whether this is one of those who are known."""
    try:
        made = actions.register_patient(at.clinic, at.actor, form, besides=besides)
    except actions.KnownPerson as known:
        st.session_state[TWINS] = known.twins
        session.note_shown(at, "same names and birth date", [one.id for one in known.twins])
        st.rerun()
    st.session_state.pop(TWINS, None)
    return made


def problem(at: session.Desk, patient_id: str, episode: Episode | None = None) -> Episode | None:
    """Opens an episode, or corrects one. Returns it once it is saved."""
    with st.form(f"episode_{episode.id if episode else patient_id}", border=False):
        one, two, three = st.columns(3)
        first = one.container(key="focus_knee") if episode is None else one
        side = first.segmented_control("Knee", list(AffectedSide), default=episode.side if episode else None, required=episode is not None,
                                       format_func=words.side_label)
        opened = two.date_input("First seen on", episode.opened_on if episode else at.clinic.today, max_value=at.clinic.today, format="YYYY-MM-DD")
        onset = three.date_input("Began on", episode.onset_on if episode else None, min_value=OLDEST, max_value=at.clinic.today, format="YYYY-MM-DD")
        causes = st.pills("Cause groups", list(CauseGroup), selection_mode="multi", default=list(episode.cause_groups) if episode else [],
                          format_func=words.CAUSE_WORD.__getitem__)
        one, two, three = st.columns(3)
        primary = one.selectbox("Primary cause", list(CauseGroup), format_func=words.CAUSE_WORD.__getitem__, placeholder="Not decided",
                                index=list(CauseGroup).index(episode.primary_cause) if episode and episode.primary_cause else None)
        codes = two.text_input("ICD-10-CM codes", " ".join(episode.icd10) if episode else "", placeholder="M22.2X1",
                               help="Right M22.2X1, left M22.2X2; there is no code for both, so write both codes.")
        referrer = three.text_input("Referred by", episode.referrer if episode else "", max_chars=500)
        team = records.therapists(at)
        chosen = episode.therapist if episode else at.actor.account_id
        therapist = one.selectbox("Therapist", list(team), index=list(team).index(chosen) if chosen in team else 0, format_func=team.__getitem__)
        text = st.text_area("The problem in a few words", episode.problem if episode else "", height=68)
        sent = st.form_submit_button("Save the episode" if episode else "Open the episode", type="primary", icon=":material/save:")
    if not sent:
        return None
    if side is None or opened is None:
        st.error("Choose the knee and the day the patient was first seen.", icon=":material/error:")
        return None
    with errors.calmly():
        form = EpisodeForm(side=side, opened_on=opened, therapist=therapist or "", problem=text, onset_on=onset, cause_groups=tuple(causes),
                           primary_cause=primary, icd10=tuple(codes.replace(",", " ").split()), referrer=referrer)
        if episode is None:
            return actions.open_episode(at.clinic, at.actor, patient_id, form)
        return actions.revise_episode(at.clinic, at.actor, episode.id, form, episode.version)
    return None


def goal(at: session.Desk, case: Case) -> None:
    """A value to reach by a date."""
    numeric = [one.id for one in at.clinic.knowledge.measures.values()
               if one.kind not in (MeasureKind.FLAG, MeasureKind.CHOICE, MeasureKind.TEXT) and one.better != "neither"]
    known = [*(one for one in GOALS_FIRST if one in numeric), *(one for one in numeric if one not in GOALS_FIRST)]
    measure_id = st.selectbox("Measure", known, format_func=lambda one: at.clinic.knowledge.measure(one).label, key="goal_measure")
    measure = at.clinic.knowledge.measure(measure_id)
    with st.form("goal", border=False):
        one, two, three = st.columns(3)
        sides = list(case.episode.side.sides) if measure.sides is MeasureSides.EACH else [Side.NONE]
        side = one.segmented_control("Knee", sides, default=sides[0], required=True, format_func=words.side_label)
        target = two.number_input(f"Target{f' ({measure.unit})' if measure.unit else ''}", value=None, step=1.0)
        by = three.date_input("By", at.clinic.today + timedelta(weeks=6), min_value=at.clinic.today, format="YYYY-MM-DD")
        note = st.text_input("In the patient's words", max_chars=2000)
        if st.form_submit_button("Set the goal", type="primary"):
            with errors.calmly():
                if target is None:
                    st.error("Enter the value to reach.", icon=":material/error:")
                else:
                    actions.set_goal(at.clinic, at.actor, case.episode.id, GoalForm(measure=measure_id, side=side, target=target, by=by, note=note))
                    errors.say("Goal set.")
                    st.rerun()
    standing_goals(at, case)


def drop(episode_id: str, goal_id: str) -> None:
    at = session.desk()
    actions.drop_goal(at.clinic, at.actor, episode_id, goal_id)
    errors.say("The goal is dropped; it stays in the record.")


def standing_goals(at: session.Desk, case: Case) -> None:
    """Each goal that stands, with the way to give it up."""
    for one in active_goals(case, at.clinic.today):
        measure = at.clinic.knowledge.measure(one.measure)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"{words.safe(words.measure_name(measure, one.side))} {words.safe(words.value_words(measure, one.target))} "
                        f"by {words.day(one.by, year=True)}")
            if at.may("drop_goal"):
                st.button("Drop this goal", key=f"drop_{one.id}", type="tertiary", on_click=errors.on_click(drop), args=(case.episode.id, one.id))


def imaging(at: session.Desk, case: Case) -> None:
    """A picture that is ordered, or what came of one that was."""
    known = {one.id: one for one in reversed(case.episode.imaging)}
    chosen = st.selectbox("Picture", ["", *known], key="imaging_which", format_func=lambda one: picture_name(known[one]) if one else "A new one")
    which = (case.episode.id, str(chosen))
    if st.session_state.get("_imaging_seen", (None, None))[0] != which:
        st.session_state["_imaging_seen"] = (which, known.get(str(chosen)))
    old: Imaging | None = st.session_state["_imaging_seen"][1]  # as it was when the form was drawn: somebody else may write meanwhile
    with st.form(f"imaging_{chosen or 'new'}", border=False):
        one, two, three = st.columns(3)
        kinds = IMAGING if old is None or old.kind in IMAGING else (*IMAGING, old.kind)
        kind = one.selectbox("Kind", kinds, kinds.index(old.kind) if old else 0)
        ordered = two.date_input("Ordered on", old.ordered_on if old else at.clinic.today, max_value=at.clinic.today, format="YYYY-MM-DD")
        done = three.date_input("Done on", old.done_on if old else None, max_value=at.clinic.today, format="YYYY-MM-DD")
        result = st.text_area("Result", old.result if old else "", height=68)
        if st.form_submit_button("Save the picture" if old else "Record imaging", type="primary"):
            with errors.calmly():
                if ordered is None:
                    raise Refused("Ordered on: choose the day on which the picture was ordered.")
                actions.record_imaging(at.clinic, at.actor, case.episode.id,
                                       ImagingForm(kind=kind, ordered_on=ordered, done_on=done, result=result), old.id if old else "", seen=old)
                st.session_state.pop("_imaging_seen", None)
                errors.say("Imaging recorded.")
                st.rerun()


def picture_name(one: Imaging) -> str:
    state = "result known" if one.result.strip() else "done, no result yet" if one.done_on else "ordered, not done yet"
    return f"{one.kind.upper()} of {words.day(one.ordered_on, year=True)}, {state}"


def other_problems(at: session.Desk, case: Case) -> None:
    """The other episodes of this person, to look at; and a new one for the other knee or a second problem."""
    others = [one for one in records.episodes(at, case.patient.id) if one.id != case.episode.id]
    for one in others:
        name = f"{words.knee(one.side)}, {words.STATUS_WORD[one.status].lower()}, since {words.day(one.opened_on, year=True)}"
        st.button(name, key=f"episode_{one.id}", icon=":material/folder_open:", type="tertiary", on_click=session.choose, args=(one.id,))
    if at.may("open_episode"):
        st.markdown("**A second problem, or the other knee**")
        opened = problem(at, case.patient.id)
        if opened is not None:
            session.choose(opened.id)
            errors.say("The episode is open.")
            st.rerun()


def next_visit(at: session.Desk, episode_id: str) -> None:
    with st.form(f"plan_{episode_id}", border=False):
        one, two, three = st.columns(3)
        on = one.date_input("Next visit on", at.clinic.today + timedelta(days=7), min_value=at.clinic.today, format="YYYY-MM-DD")
        hour = two.text_input("Time", placeholder="09:30", max_chars=5)
        kind = three.selectbox("Kind of visit", list(VisitKind), 1, format_func=words.VISIT_WORD.__getitem__)
        if st.form_submit_button("Plan the visit", type="primary"):
            with errors.calmly():
                actions.plan_visit(at.clinic, at.actor, episode_id, PlanForm(on=on, kind=kind, at=hour))
                errors.say(f"Visit planned for {words.day(on)}.")
                st.rerun()


def closing(at: session.Desk, case: Case) -> None:
    """Closes, pauses or reopens the episode; both need a reason."""
    if not case.episode.is_open or case.episode.status is EpisodeStatus.PAUSED:
        reason = st.text_input("Why it is opened again", key="reopen_reason")
        if st.button("Reopen the episode", icon=":material/restart_alt:"):
            with errors.calmly():
                actions.reopen_episode(at.clinic, at.actor, case.episode.id, reason)
                errors.say("The episode is open again.")
                st.rerun()
    if case.episode.is_open:
        ends = [one for one in EpisodeStatus if one not in (EpisodeStatus.OPEN, case.episode.status)]
        with st.form("closing", border=False):
            status = st.segmented_control("How it ends", ends, format_func=words.STATUS_WORD.__getitem__)
            why = st.text_input("Reason")
            if st.form_submit_button("Close the episode", icon=":material/inventory_2:"):
                if status is None:
                    st.error("Choose how it ends.", icon=":material/error:")
                    return
                with errors.calmly():
                    actions.close_episode(at.clinic, at.actor, case.episode.id, status, why)
                    errors.say(f"Episode: {words.STATUS_WORD[status].lower()}.")
                    st.rerun()
