"""The weekly decision, and the program version that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kneeclinic.actions.gate import not_before, permit, write, written_reason
from kneeclinic.actions.program_checks import Override
from kneeclinic.actions.programs import next_version, program_detail
from kneeclinic.clinic import Clinic
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, Program, Review
from kneeclinic.record.forms import ProgramForm, ReviewForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.cases import read_case
from kneeclinic.store.programs import save_program
from kneeclinic.store.reviews import read_review, reviews_by_episode, save_review, save_review_undone
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Conflict, Decision, Refused, new_id

CLOSED_UNDER_A_FLAG = (Decision.DISCHARGE, Decision.PROGRESS)
"""While a red flag stands nobody is sent home for good and nobody is given more."""


def decide_review(clinic: Clinic, actor: Actor, episode_id: str, form: ReviewForm, expected_version: int | None = None) -> Review:
    """The decision of one week, with the rule that suggested it, and in the same transaction the program version that follows from it.

    The version is the form's; without one, and where the suggestion is followed, the one that the review proposes, if any. `refer`
    pauses the program.
    `expected_version`: the program version that was on the screen; None = take the current one. A decision that differs from the
    suggestion needs a reason; a second decision for the same week is a Conflict (undo the first).
    """
    permit(clinic, actor, "decide_review", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    if not case.episode.is_open:
        raise Refused(f"The episode is {case.episode.status.value.replace('_', ' ')}; reopen it before a review.")
    _check_week(clinic, case, form.week_start)
    found = weekly_review(case, clinic.knowledge, clinic.today, first_day=clinic.profile.week_start)
    if form.decision in CLOSED_UNDER_A_FLAG and found.facts.blocking_flags:
        raise Refused(f"decision: {form.decision.value} was asked for while a red flag stands ({'; '.join(found.facts.blocking_flags)}); refer, "
                      "or clear the flag first.")
    differs = form.decision is not found.decision.decision
    reason = written_reason("reason", form.reason, f"deciding {form.decision.value} where {found.decision.rule} suggests "
                            f"{found.decision.decision.value}") if differs else form.reason.strip()
    program, overrides = _program_after(clinic, actor, case, form, found.proposal, expected_version, not differs)
    review = Review(
        id=new_id(), episode_id=episode_id, patient_id=case.patient.id, week_start=form.week_start, suggested_rule=found.decision.rule,
        suggested=found.decision.decision, decision=form.decision, because=_sentences(found.decision.because, clinic), reason=reason,
        clinician=actor.account_id, edition=clinic.knowledge.edition.edition, note=form.note, program_id=program.id if program else "",
        decided_at=clinic.now,
    )

    def change(tx: Transaction) -> None:
        if any(one.week_start == form.week_start for one in reviews_by_episode(tx, [episode_id])[episode_id]):
            raise Conflict(f"week_start: the week of {form.week_start} was decided already; undo that review first.")
        if program is not None:
            save_program(tx, program)
        save_review(tx, review)

    detail: dict[str, Any] = {
        "episode": episode_id, "week_start": str(form.week_start), "rule": review.suggested_rule, "suggested": review.suggested.value,
        "decision": review.decision.value, "edition": review.edition,
    }
    if program is not None:
        detail["program"] = program_detail(program, overrides)
    write(clinic, actor, "decide_review", "review", review.id, detail, change, patient_id=case.patient.id)
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

    def change(tx: Transaction) -> None:
        save_review_undone(tx, review_id, clinic.now)
        if restored is not None:
            save_program(tx, restored)

    detail = {"episode": review.episode_id, "program": restored.version if restored else None}
    write(clinic, actor, "undo_review", "review", review_id, detail, change, patient_id=review.patient_id)
    return undone


def _program_after(
    clinic: Clinic, actor: Actor, case: Case, form: ReviewForm, proposal: ProgramForm | None, expected_version: int | None, follows: bool,
) -> tuple[Program | None, tuple[Override, ...]]:
    current = case.program.version if case.program else None
    version = current if expected_version is None else expected_version
    if form.decision is Decision.REFER:
        if case.program is None or case.program.paused:
            return None, ()
        pause = ProgramForm(starts_on=max(clinic.today, case.program.starts_on), items=(), note="Paused: referred. " + form.reason)
        return next_version(clinic, actor, case, pause, version, paused=True)
    wanted = form.program
    if wanted is None and follows:
        wanted = proposal
    return next_version(clinic, actor, case, wanted, version) if wanted is not None else (None, ())


def _check_week(clinic: Clinic, case: Case, week_start: date) -> None:
    if week_start.weekday() != clinic.profile.week_start:
        raise Refused(f"week_start: {week_start} is not the first day of a week of this clinic.")
    if week_start > clinic.today:
        raise Refused(f"week_start: the week of {week_start} has not begun.")
    not_before("week_start", week_start + timedelta(days=6), case.episode.opened_on, "the day the episode was opened")
    begun = case.programs[0].starts_on if case.programs else None
    if begun is not None and week_start + timedelta(days=6) < begun:
        raise Refused(f"week_start: the week of {week_start} ends before the program began ({begun}); review a later week.")


def _sentences(because: tuple[Any, ...], clinic: Clinic) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else one.sentence(clinic.knowledge) for one in because)


def _restored(clinic: Clinic, actor: Actor, made: Program, before: Program | None) -> Program:
    base = before if before is not None else replace(made, items=(), tape=None, devices=(), load=None, paused=True)
    return replace(
        base, id=new_id(), version=made.version + 1, starts_on=max(clinic.today, made.starts_on), edition=clinic.knowledge.edition.edition,
        entered_by=actor.account_id, entered_at=clinic.now,
    )
