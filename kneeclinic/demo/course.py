"""A demo runner's weeks, lived through the same actions that a clinic uses: visits, programs, check-ins, runs, reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.clinic import Clinic
from kneeclinic.demo.people import first_findings, later_findings, patient_form
from kneeclinic.demo.stories import THIS_WEEK, Story
from kneeclinic.record import DeviceNote, LoadPlan, Patient, Program, TapeNote
from kneeclinic.record.forms import (
    CheckInDayForm,
    CheckInForm,
    EpisodeForm,
    PlanForm,
    ProgramForm,
    ReviewForm,
    RunForm,
)
from kneeclinic.vocabulary import AffectedSide, CheckInSource, PlannedState, TapeComponent, VisitKind

RUN_DAYS = (1, 3, 6)
RED_PAIN, MOST_MORE, LAST_STAGE = 6, 1.2, 8
ICD10 = {AffectedSide.RIGHT: ("M22.2X1",), AffectedSide.LEFT: ("M22.2X2",), AffectedSide.BOTH: ("M22.2X1", "M22.2X2")}


@dataclass(order=True)
class Event:
    """Something that happens in the clinic on a day; events of all runners are lived in the order of time."""

    when: datetime
    place: int
    what: str = field(compare=False)
    week: int = field(compare=False, default=0)


@dataclass
class Course:
    """One runner's way through the clinic."""

    story: Story
    name: str
    place: int
    number: str
    first_monday: date
    today: date
    week_start: int
    therapist: Actor
    rng: Random
    patient: Patient | None = None
    episode_id: str = ""
    program: Program | None = None

    @property
    def length(self) -> int:
        return len(self.story.worst)

    @property
    def first_day(self) -> date:
        """The first visit: a working day of the first week, so that all visits of the course fall on that weekday."""
        day = self.first_monday + timedelta(days=self.place % 5)
        return min(day, self.today)

    @property
    def next_visit(self) -> date:
        """The day that was agreed; a day of the coming week is a working day."""
        days = self.story.next_visit_days
        if days is not None and days != THIS_WEEK:
            return self.today + timedelta(days=days)
        day = self.today + timedelta(days=1 + self.place % 7)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def monday(self, week: int) -> date:
        return self.first_monday + timedelta(weeks=week)

    def events(self) -> Iterator[Event]:
        """All that happens, in no particular order; nothing after today."""
        yield from (one for one in self._events() if one.when.date() <= self.today)

    def _events(self) -> Iterator[Event]:
        yield self._event(self.first_day, 9, "first visit")
        yield self._event(self.first_day, 11, "first program")
        for week in range(1, self.length):
            if self.story.adherence[week] is not None:
                yield self._event(self.monday(week + 1), 8, "check-in", week)
            if self._is_visit_week(week):
                yield self._event(self.monday(week) + timedelta(days=self.place % 5), 10, "visit", week)
            if week < self.length - 1 or self.story.ending is not None:
                yield self._event(self.monday(week + 1), 16, "review", week)
        if self.story.ending is not None:
            yield self._event(self.monday(self.length) + timedelta(days=2), 15, "ending")
        elif self.story.next_visit_days is not None:
            made = max(self.first_day, min(self.next_visit, self.today) - timedelta(days=1))
            yield self._event(made, 17, "plan")
            if self.next_visit < self.today and self.story.is_missed:
                yield self._event(self.next_visit + timedelta(days=1), 7, "missed")

    def _is_visit_week(self, week: int) -> bool:
        return week % 2 == 0 or (week == self.length - 1 and -1 in self.story.later)

    def _event(self, day: date, hour: int, what: str, week: int = 0) -> Event:
        return Event(datetime.combine(day, time(hour, (self.place * 7) % 60), UTC), self.place, what, week)

    def live(self, clinic: Clinic, event: Event) -> None:
        """Does one event in the clinic as it was on that day; nothing happens after now."""
        then = clinic.at(event.when.date(), min(event.when, clinic.now))
        {
            "first visit": self._first_visit, "first program": self._first_program, "check-in": self._check_in, "visit": self._visit,
            "review": self._review, "ending": self._ending, "plan": self._plan, "missed": self._missed,
        }[event.what](then, event.week)

    def _first_visit(self, clinic: Clinic, _: int) -> None:
        story = self.story
        self.patient = actions.register_patient(clinic, self.therapist, patient_form(story, self.name, self.number, clinic.today, self.rng))
        episode = actions.open_episode(clinic, self.therapist, self.patient.id, EpisodeForm(
            side=story.side, opened_on=clinic.today, problem=story.problem, onset_on=clinic.today - timedelta(days=100),
            cause_groups=(story.cause,), primary_cause=story.cause, icd10=ICD10[story.side], referrer="self-referred",
        ))
        self.episode_id = episode.id
        visit = actions.start_visit(clinic, self.therapist, episode.id, VisitKind.FIRST, clinic.today)
        actions.record_observations(clinic, self.therapist, visit.id, first_findings(story, clinic.knowledge, self.rng),
                                    {"subjective": story.problem, "plan": story.note})
        if story.goal is not None:
            goal = story.goal.model_copy(update={"by": clinic.today + timedelta(weeks=12)})
            actions.set_goal(clinic, self.therapist, episode.id, goal)
        if not story.draft:
            actions.sign_visit(clinic, self.therapist, visit.id)

    def _first_program(self, clinic: Clinic, _: int) -> None:
        """What the rules propose, with the story's tape, insert or brace; a runner with a red flag gets none."""
        if self.story.draft:
            return
        proposal = actions.proposed_program(clinic, self.therapist, self.episode_id)
        if proposal is None:
            return
        tape = self._tape(clinic) if self.story.tape_weeks_ago is not None and self._weeks_left(0) <= self.story.tape_weeks_ago else None
        form = proposal.model_copy(update={
            "load": self._load(proposal.load), "tape": tape, "devices": self._devices(clinic), "note": self.story.note,
        })
        self.program = actions.revise_program(clinic, self.therapist, self.episode_id, ProgramForm.model_validate(dict(form)), None)

    def _visit(self, clinic: Clinic, week: int) -> None:
        visit = actions.start_visit(clinic, self.therapist, self.episode_id, VisitKind.FOLLOW_UP, clinic.today)
        found = later_findings(self.story, week, week, clinic.knowledge, self.rng)
        actions.record_observations(clinic, self.therapist, visit.id, found,
                                    {"assessment": f"Week {week + 1}: worst pain {self.story.worst[week]} of 10.", "plan": self.story.note})
        actions.sign_visit(clinic, self.therapist, visit.id)
        self._put_tape_on(clinic, week)
        self._keep_up(clinic, week)

    def _keep_up(self, clinic: Clinic, week: int) -> None:
        """The plan follows what the knee has shown that it takes: exercises of a phase that is new, and running at most a fifth more than planned.

        A plan of less than half of what is run without harm was no plan; it takes up what is run.
        """
        story, program = self.story, self.program
        if program is None or program.paused or program.load is None or story.worst[week] >= RED_PAIN or week == self.length - 1:
            return
        proposal = actions.proposed_program(clinic, self.therapist, self.episode_id)
        if proposal is None:
            return
        km, before = story.km[week], program.load.weekly_km or 0.0
        allowed = before if not km else km if before < km / 2 else round(min(km, before * MOST_MORE + 1), 1)
        stage = min(LAST_STAGE, (program.load.walk_run_stage or 0) + 1) if story.stage is not None and km else program.load.walk_run_stage
        number = max(program.phase, proposal.phase or 0)
        items = proposal.items if number > program.phase and proposal.items else program.items
        if (allowed, stage, number, items) == (before, program.load.walk_run_stage, program.phase, program.items):
            return
        load = replace(program.load, weekly_km=allowed, walk_run_stage=stage, runs_per_week=3 if allowed else None, note="")
        form = ProgramForm(starts_on=clinic.today, items=items, tape=program.tape, devices=program.devices, load=load, note=program.note,
                           phase=number)
        self.program = actions.revise_program(clinic, self.therapist, self.episode_id, form, program.version)

    def _put_tape_on(self, clinic: Clinic, week: int) -> None:
        """Tape comes at the visit nearest to the week that the story names."""
        story, program = self.story, self.program
        if story.tape_weeks_ago is None or program is None or program.tape is not None or self._weeks_left(week) > story.tape_weeks_ago:
            return
        form = ProgramForm(starts_on=clinic.today, items=program.items, tape=self._tape(clinic), devices=program.devices, load=program.load,
                           note=program.note, phase=program.phase)
        self.program = actions.revise_program(clinic, self.therapist, self.episode_id, form, program.version)

    def _check_in(self, clinic: Clinic, week: int) -> None:
        story, monday = self.story, self.monday(week)
        share = story.adherence[week]
        if share is None:
            return
        program = self.program
        days = [CheckInDayForm(on=monday + timedelta(days=day)) for day in range(7)]
        if program is not None and program.items:
            slots = [(day, item.exercise) for item in program.items for day in _days_of(item.dose.days_per_week, item.days)]
            done = set(self.rng.sample(slots, round(len(slots) * share / 100)))
            days = [one.model_copy(update={"done": tuple(exercise for day, exercise in slots if day == place and (day, exercise) in done)})
                    for place, one in enumerate(days)]
        worst_day = self.rng.choice(RUN_DAYS)
        worst, runs = story.worst[week], self._runs(week)
        by_day = {run.started.date(): run.km for run in runs}
        told = []
        for place, one in enumerate(days):
            pain = worst if place == worst_day else max(0, worst - self.rng.randint(1, 2))
            told.append(one.model_copy(update={
                "pain_worst": pain, "pain_usual": max(0, pain - 2), "pain_next_morning": max(0, pain - 2), "km": by_day.get(one.on, 0.0),
                "tape_worn": place in RUN_DAYS if program is not None and program.tape is not None else None,
            }))
        actions.record_check_in(clinic, self.therapist, self.episode_id, CheckInForm(
            week_start=monday, source=self.rng.choice((CheckInSource.TOLD, CheckInSource.PHONE, CheckInSource.PAPER)),
            pain_usual=max(0, worst - 3), pain_worst=worst, pain_next_morning=max(0, worst - 3), km=story.km[week], days=tuple(told),
        ))
        if runs:
            actions.record_runs(clinic, self.therapist, self.episode_id, runs)

    def _runs(self, week: int) -> list[RunForm]:
        """The week's kilometres in three runs, the last one longest."""
        km, worst = self.story.km[week], self.story.worst[week]
        if km <= 0:
            return []
        runs = []
        for day, share in zip(RUN_DAYS, (0.28, 0.30, 0.42), strict=True):
            pain = max(0, worst - (2 if share < 0.4 else 1))
            runs.append(RunForm(
                started=datetime.combine(self.monday(week) + timedelta(days=day), time(7, 10)),
                km=round(km * share, 1), minutes=round(km * share * self.rng.uniform(5.7, 6.6), 1),
                cadence_spm=self.rng.randint(160, 174), pain_during=pain, pain_next_morning=max(0, pain - 2), settled_within_60_min=pain <= 3,
            ))
        return runs

    def _review(self, clinic: Clinic, week: int) -> None:
        """The therapist follows the suggestion, as the rules made it on that day."""
        found = actions.proposed_review(clinic, self.therapist, self.episode_id)
        form = ReviewForm(week_start=self.monday(week), decision=found.decision.decision, reason="As suggested.")
        if actions.decide_review(clinic, self.therapist, self.episode_id, form).program_id:
            self.program = actions.current_program(clinic, self.therapist, self.episode_id)

    def _ending(self, clinic: Clinic, _: int) -> None:
        ending = self.story.ending
        if ending is not None:
            actions.close_episode(clinic, self.therapist, self.episode_id, ending.status, ending.reason)

    def _plan(self, clinic: Clinic, _: int) -> None:
        hour = f"{8 + self.place % 9:02d}:{(self.place % 2) * 30:02d}"
        actions.plan_visit(clinic, self.therapist, self.episode_id, PlanForm(on=self.next_visit, at=hour))

    def _missed(self, clinic: Clinic, _: int) -> None:
        for planned in actions.planned_visits(clinic, self.therapist, self.episode_id):
            if planned.state is PlannedState.PLANNED and planned.on < clinic.today:
                actions.change_planned(clinic, self.therapist, planned.id, state=PlannedState.MISSED)

    def _weeks_left(self, week: int) -> int:
        """Weeks from that week of the course to today."""
        return self.length - week

    def _tape(self, clinic: Clinic) -> TapeNote:
        support = clinic.knowledge.support("tape_patellar")
        before, after = self.story.found.get("tape_trial_before", 6), self.story.found.get("tape_trial_after", 2)
        return TapeNote(
            side=self.story.side, components=(TapeComponent.GLIDE,), direction=support.directions.get("glide", "From the outer edge to the inside."),
            wear=support.wear or "While active; off at night.", started_on=clinic.today,
            stop_on=clinic.today + timedelta(weeks=support.stop_weeks or 4), retest_task="step-down from 20 cm",
            retest_before=int(float(before)), retest_after=int(float(after)),
        )

    def _devices(self, clinic: Clinic) -> tuple[DeviceNote, ...]:
        story, today = self.story, clinic.today
        if story.brace:
            return (DeviceNote("brace_sleeve", story.side, story.brace, "For races only.", today, self._end_of(clinic, "brace_sleeve")),)
        if story.orthosis_weeks_ago is not None:
            return (DeviceNote("orthosis_prefab", story.side, "Pain on the step fell by more than half with the insert.",
                               "One hour on day 1, an hour more each day.", today, self._end_of(clinic, "orthosis_prefab")),)
        return ()

    def _end_of(self, clinic: Clinic, device: str) -> date:
        return clinic.today + timedelta(weeks=clinic.knowledge.support(device).stop_weeks or 6)

    def _load(self, proposed: LoadPlan | None) -> LoadPlan:
        km = self.story.km[min(1, self.length - 1)]
        base = proposed or LoadPlan()
        if self.story.stage is not None:
            base = replace(base, walk_run_stage=1)
        return replace(
            base, weekly_km=base.weekly_km if base.weekly_km is not None else km, longest_run_km=None,
            runs_per_week=3 if km else None, rest_days=base.rest_days or (0, 4),
            cross_training=base.cross_training or "Bike with a high saddle, 20 minutes.",
        )


def _days_of(days_per_week: int, days: tuple[int, ...]) -> tuple[int, ...]:
    """The days on which an exercise was due; spread over the week when the patient chooses."""
    if days:
        return days
    return tuple(sorted({round(place * 7 / min(7, days_per_week)) % 7 for place in range(min(7, days_per_week))}))


