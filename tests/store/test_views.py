"""Every list that SQL makes agrees with a slow and obvious twin in Python, on random records."""

from __future__ import annotations

import inspect
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from record_builders import (
    DAY,
    NOW,
    a_check_in,
    a_patient,
    a_planned,
    a_program,
    a_review,
    a_run,
    a_visit,
    an_episode,
    an_observation,
)

from kneeclinic import store
from kneeclinic.record import CheckIn, DeviceNote, Episode, Observation, PlannedVisit, Program, Review, Run, TapeNote, Visit
from kneeclinic.store import CaseloadLine, Database, LatestValue
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, PlannedState, Side, TapeComponent


class Record:
    """Everything that was entered, in order of entry."""

    def __init__(self) -> None:
        self.episodes: list[Episode] = []
        self.visits: list[Visit] = []
        self.observations: list[Observation] = []
        self.programs: list[Program] = []
        self.check_ins: list[CheckIn] = []
        self.runs: list[Run] = []
        self.planned: list[PlannedVisit] = []
        self.reviews: list[Review] = []


def random_record(chance: random.Random) -> Record:
    record = Record()
    for _ in range(14):
        patient = a_patient()
        for _ in range(chance.choice([1, 1, 2])):
            episode = an_episode(
                patient, opened_on=DAY + timedelta(chance.randrange(30)), status=chance.choice(list(EpisodeStatus)),
                side=chance.choice(list(AffectedSide)), therapist=chance.choice(["ada", "eva"]),
            )
            record.episodes.append(episode)
            for _ in range(chance.randrange(4)):
                visit = a_visit(episode, on=DAY + timedelta(chance.randrange(60)))
                record.visits.append(visit)
                for _ in range(chance.randrange(12)):
                    measure = chance.choice(["pain_worst", "akps", "stairs_pattern", "story"])
                    value = {
                        "stairs_pattern": chance.choice(["step_by_step", "alternating", "In Words"]),
                        "story": chance.choice(["", f"words {chance.random()}"]),
                    }.get(measure, float(chance.randrange(11)))
                    record.observations.append(an_observation(
                        visit, measure=measure, side=chance.choice(list(Side)), value=value, on=visit.on + timedelta(chance.randrange(-1, 2)),
                        invalidated_at=NOW if chance.random() < 0.25 else None, invalidated_by="", invalidated_why=""))
            for version in range(1, chance.randrange(4) + 1):
                day = DAY + timedelta(chance.randrange(60))
                record.programs.append(a_program(
                    episode, version=version, starts_on=day, phase=chance.randrange(5), paused=chance.random() < 0.3,
                    tape=TapeNote(AffectedSide.LEFT, (TapeComponent.TILT,), "", "", day, day + timedelta(chance.randrange(50)))
                    if chance.random() < 0.5 else None,
                    devices=tuple(DeviceNote("brace", AffectedSide.LEFT, "", "", day, day + timedelta(chance.randrange(50)))
                                  for _ in range(chance.randrange(3))),
                ))
            for _ in range(chance.randrange(5)):
                record.check_ins.append(a_check_in(
                    episode, week_start=DAY + timedelta(7 * chance.randrange(4)), days=(), pain_worst=chance.randrange(11),
                    invalidated_at=NOW if chance.random() < 0.3 else None))
                record.planned.append(a_planned(
                    episode, on=DAY + timedelta(chance.randrange(40)), state=chance.choice(list(PlannedState))))
                record.reviews.append(a_review(
                    episode, week_start=DAY + timedelta(7 * chance.randrange(4)), undone_at=NOW if chance.random() < 0.3 else None))
                record.runs.append(a_run(
                    episode, started=datetime(2026, 3, 1) + timedelta(hours=chance.randrange(900)),
                    invalidated_at=NOW if chance.random() < 0.3 else None))
    chance.shuffle(record.observations)
    return record


def save(db: Database, record: Record, chance: random.Random) -> None:
    def change(tx: Any) -> None:
        for patient_id in {one.patient_id for one in record.episodes}:
            store.save_patient(tx, a_patient(id=patient_id))
        for episode in record.episodes:
            store.save_episode(tx, episode)
        for visit in record.visits:
            store.save_visit(tx, visit)
        half = len(record.observations) // 2
        store.save_observations(tx, record.observations[:half])
        if chance.random() < 0.5:
            store.save_reclustered(tx)
        store.save_observations(tx, record.observations[half:])
        for program in record.programs:
            store.save_program(tx, program)
        for check_in in record.check_ins:
            store.save_check_in(tx, check_in)
        store.save_runs(tx, record.runs)
        for planned in record.planned:
            store.save_planned(tx, planned)
        for review in record.reviews:
            store.save_review(tx, review)

    db.write(change)


TWINS = {"v_observation": "slow_counting", "v_latest": "slow_latest", "v_check_in": "slow_weeks", "v_caseload": "slow_caseload"}
"""Each view and its slow twin in this file."""


def test_every_view_has_a_slow_twin_that_is_compared_with_it(db: Database) -> None:
    made = {name for (name,) in db.rows("select view_name from duckdb_views() where not internal")}
    assert made == set(TWINS), "a view without a twin, or a twin without a view"
    compared = inspect.getsource(test_lists_and_cases_agree_with_their_slow_twins)
    for view, twin in TWINS.items():
        assert callable(globals()[twin])
        assert f"{twin}(" in compared, f"{view} is not compared with {twin}"


def slow_weeks(record: Record, episode_id: str) -> tuple[CheckIn, ...]:
    """Of each week the check-in entered last that is valid, in the order of the weeks."""
    weeks: dict[date, CheckIn] = {}
    for one in record.check_ins:
        if one.episode_id == episode_id and one.invalidated_at is None:
            weeks[one.week_start] = one
    return tuple(weeks[day] for day in sorted(weeks))


def slow_counting(record: Record) -> dict[str, list[Observation]]:
    """Of each episode, measure, side and day the value entered last that is valid; in order of day, then of entry."""
    found: dict[str, list[Observation]] = {}
    for episode in record.episodes:
        own = [one for one in record.observations if one.episode_id == episode.id and one.is_valid]
        last = [
            one for place, one in enumerate(own)
            if not any((later.measure, later.side, later.on) == (one.measure, one.side, one.on) for later in own[place + 1 :])
        ]
        found[episode.id] = [one for _, one in sorted(enumerate(last), key=lambda pair: (pair[1].on, pair[0]))]
    return found


def slow_latest(record: Record) -> tuple[LatestValue, ...]:
    best: dict[tuple[str, str, Side], Observation] = {}
    for one in record.observations:
        key = (one.episode_id, one.measure, one.side)
        if one.is_valid and (key not in best or one.on >= best[key].on):
            best[key] = one
    return tuple(
        LatestValue(one.episode_id, one.patient_id, one.measure, one.side, one.id, one.value, one.on)
        for _, one in sorted(best.items(), key=lambda pair: (pair[0][0], pair[0][1], pair[0][2].value))
    )


def slow_caseload(record: Record) -> tuple[CaseloadLine, ...]:
    lines = []
    for one in sorted(record.episodes, key=lambda one: (one.opened_on, one.id)):
        if one.status not in (EpisodeStatus.OPEN, EpisodeStatus.PAUSED):
            continue
        visits = [visit.on for visit in record.visits if visit.episode_id == one.id]
        planned = [plan.on for plan in record.planned if plan.episode_id == one.id and plan.state is PlannedState.PLANNED]
        weeks = [week.week_start for week in record.check_ins if week.episode_id == one.id and week.invalidated_at is None]
        programs = sorted((program for program in record.programs if program.episode_id == one.id), key=lambda program: program.version)
        now = programs[-1] if programs else None
        reviews = [review.week_start for review in record.reviews if review.episode_id == one.id and review.undone_at is None]
        runs = [run.started for run in record.runs if run.episode_id == one.id and run.invalidated_at is None]
        lines.append(CaseloadLine(
            episode_id=one.id, patient_id=one.patient_id, side=one.side, status=one.status, therapist=one.therapist, opened_on=one.opened_on,
            first_visit_on=min(visits, default=None), last_visit_on=max(visits, default=None), visits=len(visits),
            next_planned_on=min(planned, default=None), last_check_in_week=max(weeks, default=None),
            program_id=now.id if now else None, program_version=now.version if now else None,
            program_starts_on=now.starts_on if now else None,
            first_program_on=min((program.starts_on for program in programs), default=None), phase=now.phase if now else None,
            paused=now.paused if now else None, tape_stop_on=now.tape.stop_on if now and now.tape else None,
            device_stop_on=min((device.stop_on for device in now.devices), default=None) if now else None,
            last_review_week=max(reviews, default=None), last_run_at=max(runs, default=None),
        ))
    return tuple(lines)


@pytest.mark.parametrize("seed", range(8))
def test_lists_and_cases_agree_with_their_slow_twins(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    record = random_record(chance)
    save(db, record, chance)
    assert store.caseload_lines(db) == slow_caseload(record)
    assert store.caseload_lines(db, "eva") == tuple(one for one in slow_caseload(record) if one.therapist == "eva")
    latest = slow_latest(record)
    assert store.latest_values(db) == latest
    assert store.latest_values(db, "story") == tuple(one for one in latest if one.measure == "story")
    counting = slow_counting(record)
    cases = {one.episode.id: one for one in store.read_cases(db, [one.id for one in record.episodes])}
    assert {id_: list(case.observations) for id_, case in cases.items()} == counting
    by_view: dict[str, list[str]] = defaultdict(list)
    for episode_id, id_ in db.rows("select episode_id, id from v_observation order by place"):
        by_view[episode_id].append(id_)
    assert dict(by_view) == {episode: [one.id for one in values] for episode, values in counting.items() if values}
    for episode_id, case in cases.items():
        assert case.check_ins == slow_weeks(record, episode_id)
        assert case == store.read_case(db, episode_id)
        assert case.programs == tuple(one for one in record.programs if one.episode_id == episode_id)


def test_the_list_of_open_episodes_is_the_one_the_caseload_shows(db: Database) -> None:
    record = random_record(random.Random(99))
    save(db, record, random.Random(1))
    assert set(store.open_episode_ids(db)) == {one.episode_id for one in store.caseload_lines(db)}
    assert set(store.open_episode_ids(db, "ada")) == {one.episode_id for one in store.caseload_lines(db, "ada")}
    assert set(store.all_episode_ids(db)) == {one.id for one in record.episodes}
    first, last = DAY + timedelta(5), DAY + timedelta(20)
    assert {one.id for one in store.planned_between(db, first, last)} == {one.id for one in record.planned if first <= one.on <= last}
    assert {one.id for one in store.visits_between(db, first, last)} == {one.id for one in record.visits if first <= one.on <= last}
    closed = replace(record.episodes[0], status=EpisodeStatus.DISCHARGED, version=2)
    db.write(lambda tx: store.save_episode(tx, closed))
    assert closed.id not in store.open_episode_ids(db)
