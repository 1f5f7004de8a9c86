"""The weekly decision, agreed visits, and alerts put to sleep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kneeclinic.actions.gate import not_before, permit, write, written_reason
from kneeclinic.actions.program_checks import Override
from kneeclinic.actions.programs import next_version, program_detail
from kneeclinic.clinic import Clinic
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, PlannedVisit, Program, Review, Snooze
from kneeclinic.record.forms import PlanForm, ProgramForm, ReviewForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.read import read_account, read_case, read_planned, read_review
from kneeclinic.store.save import save_planned, save_program, save_review, save_snooze
from kneeclinic.vocabulary import Conflict, Decision, PlannedState, Refused, new_id

CHANGES_PROGRAM = (Decision.PROGRESS, Decision.REGRESS, Decision.STOP_SUPPORT)
LONGEST_SNOOZE_DAYS = 56
FURTHEST_PLAN_DAYS = 730


def decide_review(clinic: Clinic, actor: Actor, episode_id: str, form: ReviewForm, expected_version: int | None = None) -> Review:
    """The decision of one week, with the rule that suggested it, and in the same transaction the program version that follows from it.

    The version is the form's, or for progress, regress and stop_support the one the review proposes; `refer` pauses the program.
    `expected_version`: the program version that was on the screen; None = take the current one. A decision that differs from the
    suggestion needs a reason; a second decision for the same week is a Conflict (undo the first).
    """
    permit(clinic, actor, "decide_review", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    if not case.episode.is_open:
        raise Refused(f"The episode is {case.episode.status.value.replace('_', ' ')}; reopen it before a review.")
    _check_week(clinic, case, form.week_start)
    found = weekly_review(case, clinic.knowledge, clinic.today)
    differs = form.decision is not found.decision.decision
    reason = written_reason("reason", form.reason, f"deciding {form.decision.value} where {found.decision.rule} suggests "
                            f"{found.decision.decision.value}") if differs else form.reason.strip()
    program, overrides = _program_after(clinic, actor, case, form, found.proposal, expected_version)
    review = Review(
        id=new_id(), episode_id=episode_id, patient_id=case.patient.id, week_start=form.week_start, suggested_rule=found.decision.rule,
        suggested=found.decision.decision, decision=form.decision, because=_sentences(found.decision.because, clinic), reason=reason,
        clinician=actor.account_id, edition=clinic.knowledge.edition.edition, note=form.note, program_id=program.id if program else "",
        decided_at=clinic.now,
    )

    def change(tx: Any) -> None:
        if program is not None:
            save_program(tx, program)
        save_review(tx, review)

    detail: dict[str, Any] = {
        "episode": episode_id, "week_start": str(form.week_start), "rule": review.suggested_rule, "suggested": review.suggested.value,
        "decision": review.decision.value, "edition": review.edition,
    }
    if program is not None:
        detail["program"] = program_detail(program, overrides)
    write(clinic, actor, "decide_review", "review", review.id, detail, change)
    return review


def undo_review(clinic: Clinic, actor: Actor, review_id: str) -> Review:
    """The decision as undone. If it made the current program, a new version with what stood before takes its place."""
    permit(clinic, actor, "undo_review", "review", review_id)
    review = read_review(clinic.database, review_id)
    if review.undone_at is not None:
        raise Refused("The review was undone already.")
    case = read_case(clinic.database, review.episode_id)
    restored = None
    if review.program_id:
        made = next((one for one in case.programs if one.id == review.program_id), None)
        if made is not None and case.program is not None and case.program.id != made.id:
            raise Conflict(f"Version {case.program.version} of the program came after this review; change the program instead.")
        before = next((one for one in reversed(case.programs) if made is not None and one.version < made.version), None)
        if made is not None:
            restored = _restored(clinic, actor, made, before)
    undone = replace(review, undone_at=clinic.now)

    def change(tx: Any) -> None:
        save_review(tx, undone)
        if restored is not None:
            save_program(tx, restored)

    detail = {"episode": review.episode_id, "program": restored.version if restored else None}
    write(clinic, actor, "undo_review", "review", review_id, detail, change)
    return undone


def plan_visit(clinic: Clinic, actor: Actor, episode_id: str, form: PlanForm) -> PlannedVisit:
    """A visit to come."""
    permit(clinic, actor, "plan_visit", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    if not case.episode.is_open:
        raise Refused(f"The episode is {case.episode.status.value.replace('_', ' ')}; reopen it before planning a visit.")
    _check_plan_day(clinic, form.on)
    _check_hour(form.at)
    therapist = form.therapist or case.episode.therapist
    _check_therapist(clinic, form.therapist)
    if any(one.on == form.on and one.at == form.at and one.state is PlannedState.PLANNED for one in case.planned):
        raise Refused(f"on: a visit is planned for {form.on} {form.at}".rstrip() + " already.")
    planned = PlannedVisit(
        id=new_id(), episode_id=episode_id, patient_id=case.patient.id, on=form.on, therapist=therapist, kind=form.kind, at=form.at,
        note=form.note, entered_by=actor.account_id, entered_at=clinic.now,
    )
    write(clinic, actor, "plan_visit", "planned_visit", planned.id, {"episode": episode_id, "on": str(form.on)},
          lambda tx: save_planned(tx, planned))
    return planned


def change_planned(
    clinic: Clinic, actor: Actor, planned_id: str, *, state: PlannedState | None = None, on: date | None = None, at: str | None = None,
    therapist: str | None = None,
) -> PlannedVisit:
    """The planned visit, moved or with its new state."""
    permit(clinic, actor, "change_planned", "planned_visit", planned_id)
    current = read_planned(clinic.database, planned_id)
    if on is not None:
        _check_plan_day(clinic, on)
    if state in (PlannedState.DONE, PlannedState.MISSED) and (on or current.on) > clinic.today:
        raise Refused(f"state: the visit of {on or current.on} is still to come; it cannot be {state.value}.")
    _check_hour(at or "")
    _check_therapist(clinic, therapist or "")
    changed = replace(
        current, state=state or (PlannedState.PLANNED if on is not None else current.state), on=on or current.on,
        at=current.at if at is None else at, therapist=therapist or current.therapist, entered_by=actor.account_id, entered_at=clinic.now,
    )
    detail = {"was": [str(current.on), current.at, current.state.value], "now": [str(changed.on), changed.at, changed.state.value]}
    write(clinic, actor, "change_planned", "planned_visit", planned_id, detail, lambda tx: save_planned(tx, changed))
    return changed


def snooze_alert(clinic: Clinic, actor: Actor, episode_id: str, alert: str, until: date, reason: str) -> Snooze:
    """The alert sleeps until that day; `alert` is the reason id of the caseload."""
    permit(clinic, actor, "snooze_alert", "episode", episode_id)
    read_case(clinic.database, episode_id)
    words = written_reason("reason", reason, "putting an alert to sleep")
    if not alert.strip():
        raise Refused("alert: it is missing; choose which alert is to sleep.")
    if not clinic.today < until <= clinic.today + timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Refused(f"until: {until} is not within the next {LONGEST_SNOOZE_DAYS} days; choose a nearer day after today.")
    snooze = Snooze(new_id(), episode_id, alert.strip(), until, words, actor.account_id, clinic.now)
    write(clinic, actor, "snooze_alert", "episode", episode_id, {"alert": snooze.alert, "until": str(until)},
          lambda tx: save_snooze(tx, snooze))
    return snooze


def _program_after(
    clinic: Clinic, actor: Actor, case: Case, form: ReviewForm, proposal: ProgramForm | None, expected_version: int | None,
) -> tuple[Program | None, tuple[Override, ...]]:
    current = case.program.version if case.program else None
    version = current if expected_version is None else expected_version
    if form.decision is Decision.REFER:
        if case.program is None or case.program.paused:
            return None, ()
        pause = ProgramForm(starts_on=max(clinic.today, case.program.starts_on), items=(), note="Paused: referred. " + form.reason)
        return next_version(clinic, actor, case, pause, version, paused=True)
    wanted = form.program
    if wanted is None and form.decision in CHANGES_PROGRAM:
        wanted = proposal
    return next_version(clinic, actor, case, wanted, version) if wanted is not None else (None, ())


def _check_week(clinic: Clinic, case: Case, week_start: date) -> None:
    if week_start.weekday() != clinic.profile.week_start:
        raise Refused(f"week_start: {week_start} is not the first day of a week of this clinic.")
    if week_start > clinic.today:
        raise Refused(f"week_start: the week of {week_start} has not begun.")
    not_before("week_start", week_start + timedelta(days=6), case.episode.opened_on, "the day the episode was opened")
    if case.program is not None and week_start + timedelta(days=6) < case.program.starts_on <= clinic.today:
        raise Refused(f"week_start: the week of {week_start} ends before the current program began ({case.program.starts_on}); "
                      "review a later week.")
    if any(one.week_start == week_start and one.undone_at is None for one in case.reviews):
        raise Conflict(f"week_start: the week of {week_start} was decided already; undo that review first.")


def _sentences(because: tuple[Any, ...], clinic: Clinic) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else one.sentence(clinic.knowledge) for one in because)


def _restored(clinic: Clinic, actor: Actor, made: Program, before: Program | None) -> Program:
    base = before if before is not None else replace(made, items=(), tape=None, devices=(), load=None, paused=True)
    return replace(
        base, id=new_id(), version=made.version + 1, starts_on=max(clinic.today, made.starts_on), edition=clinic.knowledge.edition.edition,
        entered_by=actor.account_id, entered_at=clinic.now,
    )


def _check_plan_day(clinic: Clinic, on: date) -> None:
    not_before("on", on, clinic.today, "today")
    if on > clinic.today + timedelta(days=FURTHEST_PLAN_DAYS):
        raise Refused(f"on: {on} is more than two years ahead; enter a nearer day.")


def _check_hour(at: str) -> None:
    hour, _, minute = at.partition(":")
    if at and not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise Refused(f"at: {at!r} is no time; write for example 09:30.")


def _check_therapist(clinic: Clinic, account_id: str) -> None:
    if account_id and not read_account(clinic.database, account_id).active:
        raise Refused("therapist: this account may no longer sign in; choose another therapist.")
