"""What a clinic writes down of a simulated runner: every value with the measurement error of its measure, weeks left out, visits missed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from kneeclinic.knowledge import Knowledge
from kneeclinic.record import (
    Case,
    CheckIn,
    CheckInDay,
    Dose,
    Episode,
    Goal,
    Observation,
    Patient,
    PlannedVisit,
    Program,
    ProgramItem,
    Run,
    TapeNote,
    Visit,
)
from kneeclinic.record.visits import Value
from kneeclinic.vocabulary import AffectedSide, CheckInSource, MeasureSides, PlannedState, Sex, Side, TapeComponent, VisitKind, VisitState
from tests.simulation.courses import Course, Kind, TrueWeek, a_course, kinds

START = date(2026, 1, 5)
"""A Monday. Week 1 are the seven days from here; every week is looked at on the Monday after it."""
PATIENTS, WEEKS, SEED = 300, 12, 20260105
EXERCISES = ("clamshell", "bridge", "quad_set", "mini_squat", "slr_hold", "side_plank")
RETEST_DAYS = 28
"""Questionnaire and strength are taken again after four weeks."""
TAPE_WEEKS_MOST = 4
MINUTES_PER_KM = 6.2


@dataclass
class Agreed:
    """A visit that was agreed: how it stood until `settled_on`, and how it ended."""

    visit: PlannedVisit
    agreed_on: date
    settled_on: date | None = None
    ended: PlannedState = PlannedState.DONE

    def on_day(self, day: date) -> PlannedVisit:
        is_settled = self.settled_on is not None and self.settled_on <= day
        return replace(self.visit, state=self.ended) if is_settled else self.visit


@dataclass
class Runner:
    """One simulated patient: the truth, and everything that was entered with the day on which it was known."""

    course: Course
    patient: Patient
    episode: Episode
    visits: list[Visit] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    """Share of the sessions that were truly done, week by week."""

    def case_on(self, day: date) -> Case:
        """The record as it stood on a day."""
        return Case(
            self.patient, self.episode, tuple(one for one in self.visits if one.on <= day),
            tuple(one for one in self.observations if one.on <= day), tuple(one for one in self.programs if one.starts_on <= day),
            tuple(one for one in self.check_ins if one.entered_at is not None and one.entered_at.date() <= day),
            tuple(one for one in self.runs if one.on <= day), tuple(one.on_day(day) for one in self.agreed if one.agreed_on <= day),
        )

    def was_heard_of(self, first: int, last: int) -> bool:
        """Whether pain was told, at a visit or in a check-in, of any week from `first` to `last` by the day that `last` is looked at."""
        since, until = monday(first), look_day(last)
        case = self.case_on(until)
        return any(one.week_start >= since for one in case.check_ins) or any(one.on >= since for one in case.visits)


def monday(week: int) -> date:
    """First day of week 1, 2, 3 …"""
    return START + timedelta(weeks=week - 1)


def look_day(week: int) -> date:
    """The day on which a week is looked at: the Monday after it."""
    return monday(week + 1)


def runners(knowledge: Knowledge, patients: int = PATIENTS, weeks: int = WEEKS, seed: int = SEED) -> list[Runner]:
    return [_Desk(knowledge, kind, weeks, at, Random(f"{seed}-{at}")).runner for at, kind in enumerate(kinds(patients))]


class _Desk:
    """Lives one course through the clinic and writes it down."""

    def __init__(self, knowledge: Knowledge, kind: Kind, weeks: int, number: int, chance: Random) -> None:
        self.knowledge, self.chance, self.number = knowledge, chance, number
        self.course = a_course(kind, weeks, chance)
        self.weekday = chance.randint(1, 4)
        self.side = chance.choices((AffectedSide.RIGHT, AffectedSide.LEFT, AffectedSide.BOTH), (45, 40, 15))[0]
        self.milder = chance.uniform(0.5, 2.0)
        self.tells_days, self.tells_km = chance.random() < 0.35, chance.random() < 0.6
        self.skips = chance.uniform(0.2, 0.4) if kind is Kind.NON_ADHERENT else chance.uniform(0.0, 0.2)
        self.force = {"hip_abduction_force": chance.uniform(120, 220), "knee_extension_force": chance.uniform(280, 520)}
        self.retested = date.min
        patient, episode = self._people(), self._episode()
        self.runner = Runner(self.course, patient, episode)
        self._live()

    def _people(self) -> Patient:
        birth = date(2026 - self.chance.randint(18, 50), self.chance.randint(1, 12), self.chance.randint(1, 28))
        return Patient(f"patient-{self.number}", f"{1000 + self.number}", "Runner", f"{self.number:03}", birth,
                       self.chance.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE)))

    def _episode(self) -> Episode:
        opened = START + timedelta(days=self.weekday)
        first, by = self.course.weeks[0], opened + timedelta(weeks=12)
        side = self.side.sides[0]
        goals = (
            Goal("goal-pain", "pain_worst", side, 2, by, round(first.worst), opened),
            Goal("goal-akps", "akps", side, 85, by, round(first.akps), opened),
        )
        kept = self.chance.choices((goals, goals[1:], ()), (80, 10, 10))[0]
        return Episode(f"episode{self.number}", f"patient-{self.number}", self.side, opened, "anna", "runner's knee", goals=kept)

    # ------------------------------------------------------------------ weeks

    def _live(self) -> None:
        first_visit = self.runner.episode.opened_on
        self._visit(first_visit, VisitKind.FIRST, self.course.weeks[0])
        self._first_program(first_visit)
        following = self._agree(first_visit, self._interval())
        for at, week in enumerate(self.course.weeks):
            number = at + 1
            if week.gone:
                self._left(following)
                break
            self._tell(number, week)
            self._run(number, week)
            if following is not None and following.visit.on < monday(number + 1):
                following = self._follow_up(following, week)

    def _interval(self) -> int:
        """Weeks to the next visit."""
        return self.chance.choices((1, 2, 3), (30, 45, 25))[0]

    def _agree(self, on: date, weeks: int) -> Agreed:
        visit = PlannedVisit(f"planned-{self.number}-{len(self.runner.agreed)}", self.runner.episode.id, self.runner.patient.id,
                             on + timedelta(weeks=weeks), "anna", VisitKind.FOLLOW_UP)
        self.runner.agreed.append(Agreed(visit, on))
        return self.runner.agreed[-1]

    def _left(self, following: Agreed) -> None:
        """Who stays away does not come to the agreed visit; now and then the desk notes it."""
        if self.chance.random() < 0.4:
            following.settled_on, following.ended = following.visit.on, PlannedState.MISSED

    def _follow_up(self, agreed: Agreed, week: TrueWeek) -> Agreed:
        on, luck = agreed.visit.on, self.chance.random()
        if luck < 0.06:
            agreed.settled_on, agreed.ended = on - timedelta(days=1), PlannedState.CANCELLED
            return self._agree(on, 1)
        if luck < 0.11:
            noted = self.chance.random() < 0.7
            agreed.settled_on, agreed.ended = on if noted else on + timedelta(weeks=1), PlannedState.MISSED
            return self._agree(on, 1)
        agreed.settled_on, agreed.ended = on, PlannedState.DONE
        self._visit(on, VisitKind.FOLLOW_UP, week)
        self._revise_program(on)
        return self._agree(on, self._interval())

    # ------------------------------------------------------------------ values

    def _measured(self, measure: str, true: float) -> float:
        """The value with the measurement error that its smallest detectable change stands for, rounded as the scale is."""
        entry = self.knowledge.measure(measure)
        sdc = entry.sdc if entry.sdc is not None else abs(true) * (entry.sdc_percent or 0) / 100
        low, high = entry.hard or (-math.inf, math.inf)
        value = true + self.chance.gauss(0, sdc / (1.96 * math.sqrt(2)))
        return min(high, max(low, round(value, entry.decimals) + 0.0))

    def _observe(self, on: date, measure: str, side: Side, value: Value) -> None:
        visit, number = self.runner.visits[-1].id, len(self.runner.observations)
        self.runner.observations.append(
            Observation(f"{visit}-{number}", visit, self.runner.episode.id, self.runner.patient.id, measure, side, value, on)
        )

    def _measure(self, on: date, measure: str, true: float, side: Side) -> None:
        sides = self.knowledge.measure(measure).sides
        self._observe(on, measure, Side.NONE if sides is MeasureSides.NONE else side, self._measured(measure, true))

    def _visit(self, on: date, kind: VisitKind, week: TrueWeek) -> None:
        self.runner.visits.append(
            Visit(f"visit-{self.number}-{on}", self.runner.episode.id, self.runner.patient.id, kind, on, "anna", VisitState.SIGNED)
        )
        for place, side in enumerate(self.side.sides):
            milder = self.milder * place
            worst = self._measured("pain_worst", max(0.0, week.worst - milder))
            usual = self._measured("pain_usual", max(0.0, week.usual - milder))
            self._observe(on, "pain_worst", side, worst)
            self._observe(on, "pain_usual", side, min(worst, usual))
            if self.chance.random() < 0.6:
                self._measure(on, "pain_rest_24h", max(0.0, week.rest - milder), side)
            if self.chance.random() < 0.5:
                self._observe(on, "lateral_step_down", side, float(round(min(6.0, max(0.0, week.step_down + self.chance.gauss(0, 0.7))))))
            self._search(on, side, week, kind, is_worse_knee=not place)
        if self.chance.random() < 0.5:
            self._measure(on, "walk_30_pain", max(0.0, week.worst - 2), Side.NONE)
        if kind is not VisitKind.FIRST and (on - START).days >= 14 and self.chance.random() < 0.5:
            gain = (self.course.weeks[0].worst - week.worst) * 1.3
            self._observe(on, "groc", Side.NONE, float(round(min(7.0, max(-7.0, gain + self.chance.gauss(0, 1))))))
        if (on - self.retested).days >= RETEST_DAYS:
            self.retested = on
            self._retest(on, week)

    def _search(self, on: date, side: Side, week: TrueWeek, kind: VisitKind, *, is_worse_knee: bool) -> None:
        """Fluid and red-flag questions. Two raters differ by a grade: one test in ten is read a grade too high or too low."""
        is_there, fluid = week.sign and is_worse_knee, week.fluid if is_worse_knee else 0
        if self.chance.random() < 0.85:
            grades = self.knowledge.measure("stroke_test").choices
            read = (3 if is_there else fluid) + (self.chance.choice((-1, 1)) if self.chance.random() < 0.1 else 0)
            self._observe(on, "stroke_test", side, grades[max(0, read)])
        if kind is VisitKind.FIRST or self.chance.random() < 0.8:
            self._observe(on, "locking", side, float(is_there))

    def _retest(self, on: date, week: TrueWeek) -> None:
        for place, side in enumerate(self.side.sides):
            self._measure(on, "akps", min(100.0, week.akps + 4 * self.milder * place), side)
        treated = self.side.sides[0]
        for test, force in self.force.items():
            self._measure(on, test, force * week.symmetry / 100, treated)
            self._measure(on, test, force, treated.opposite)

    # ------------------------------------------------------------------ programs

    def _first_program(self, on: date) -> None:
        leg = self.side
        items = tuple(
            ProgramItem(exercise, leg, Dose(sets=3, reps=12, days_per_week=self.chance.choice((3, 3, 4))))
            for exercise in self.chance.sample(EXERCISES, self.chance.randint(4, 5))
        )
        tape = None
        if self.chance.random() < 0.35:
            tape = TapeNote(leg, (TapeComponent.GLIDE,), "medial", "sport", on, on + timedelta(weeks=TAPE_WEEKS_MOST), "step-down", 6, 3)
        self.tape_leaves_after = self.chance.choice((21, 28, 28, 28, 49, 63))
        self.runner.programs.append(
            Program(f"program-{self.number}-1", self.runner.episode.id, self.runner.patient.id, 1, on, 1, items, tape)
        )

    def _revise_program(self, on: date) -> None:
        """A new version every second visit, and whenever the tape is stopped."""
        current = self.runner.programs[-1]
        ends = current.tape is not None and (on - current.tape.started_on).days >= self.tape_leaves_after
        if not ends and self.chance.random() < 0.5:
            return
        version = current.version + 1
        items = tuple(replace(item, dose=replace(item.dose, reps=min(15, (item.dose.reps or 12) + 1))) for item in current.items)
        if self.chance.random() < 0.3:
            items = items[:-1] if len(items) > 3 else items
        self.runner.programs.append(replace(current, id=f"program-{self.number}-{version}", version=version, starts_on=on, items=items,
                                            tape=None if ends else current.tape))

    # ------------------------------------------------------------------ weeks between visits

    def _tell(self, number: int, week: TrueWeek) -> None:
        """The check-in of a week, entered on the Monday after it, or two days late, or never. A total is told wrong by a session or so."""
        first = monday(number)
        program = self._program_on(first + timedelta(days=6))
        ticks = [(day, item.exercise) for item in program.items for day in item.planned_days if self.chance.random() < week.adherence]
        prescribed = sum(item.dose.days_per_week for item in program.items)
        self.runner.done.append(len(ticks) / prescribed)
        if self.chance.random() < self.skips:
            return
        entered = datetime.combine(first + timedelta(days=9 if self.chance.random() < 0.08 else 7), time(7), UTC)
        worst, usual = int(self._measured("pain_worst", week.worst)), int(self._measured("pain_usual", week.usual))
        morning = int(self._measured("pain_rest_24h", week.rest))
        told = min(prescribed, max(0, round(len(ticks) + self.chance.gauss(0, 1))))
        days = tuple(
            CheckInDay(first + timedelta(days=day), tuple(exercise for on, exercise in ticks if on == day)) for day in range(7)
        ) if self.tells_days else ()
        km = round(week.km * self.chance.uniform(0.85, 1.15), 1) if self.tells_km and week.km else None
        self.runner.check_ins.append(CheckIn(
            f"check-in-{self.number}-{number}", self.runner.episode.id, self.runner.patient.id, first, CheckInSource.TOLD,
            sessions_done=None if days else told, sessions_prescribed=prescribed if self.chance.random() < 0.5 else None,
            pain_usual=min(worst, usual), pain_worst=worst, pain_next_morning=min(worst, morning) if self.chance.random() < 0.7 else None,
            tape_days=self.chance.randint(2, 5) if program.tape else None, km=km, days=days, program_id=program.id, entered_at=entered,
        ))

    def _program_on(self, day: date) -> Program:
        return [one for one in self.runner.programs if one.starts_on <= day][-1]

    def _run(self, number: int, week: TrueWeek) -> None:
        if not week.km:
            return
        for day in (1, 3, 5):
            if self.chance.random() < 0.85:
                km = round(week.km / 3 * self.chance.uniform(0.85, 1.15), 1)
                pain = int(self._measured("pain_running", week.running)) if self.chance.random() < 0.7 else None
                self.runner.runs.append(Run(
                    f"run-{self.number}-{number}-{day}", self.runner.patient.id, self.runner.episode.id,
                    datetime.combine(monday(number) + timedelta(days=day), time(18), UTC), km,
                    minutes=round(km * MINUTES_PER_KM, 1), pain_during=pain, settled_within_60_min=None if pain is None else pain <= 3,
                ))
