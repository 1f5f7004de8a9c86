"""A large clinic: the same questions to DuckDB, SQLite and pandas with the same answers, and eight therapists at work at once.

20,000 patients with 40 visits of 10 values, unless KNEECLINIC_BENCH_SIZE=small (200 with 20). KNEECLINIC_BENCH_PATIENTS and KNEECLINIC_BENCH_VISITS
say otherwise; KNEECLINIC_BENCH_CLINIC names a clinic that `python -m kneeclinic generate` made before; KNEECLINIC_BENCH_SECONDS (120, small 8) is
how long the eight work: the first half by day, the second half while the night shift copies the clinic and lays its values in order.
"""

from __future__ import annotations

import gc
import os
import random
import sqlite3
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.measure import Row, median_ms, paired_ms
from kneeclinic import actions
from kneeclinic.actions.bulk import MEASURES
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record.forms import ObservationForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store import caseload_lines, find_patients, health, known_names, open_episode_ids, read_case
from kneeclinic.store.observations import observations_by_episode
from kneeclinic.vocabulary import Conflict, KneeClinicError, Role, Side, VisitKind

Answer = list[tuple[object, ...]]
MILLION_ROWS = 1_000_000


def setting(name: str, full: int, small: int) -> int:
    return int(os.environ.get(f"KNEECLINIC_BENCH_{name}", small if os.environ.get("KNEECLINIC_BENCH_SIZE") == "small" else full))


def rows() -> list[Row]:
    known = os.environ.get("KNEECLINIC_BENCH_CLINIC")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if known:
            return measured(Path(known), folder)
        began = time.perf_counter()
        patients, visits = setting("PATIENTS", 20_000, 200), setting("VISITS", 40, 20)
        path = folder / "large.duckdb"
        actions.generate_clinic(path, patients, visits, seed=1)
        made = Row(f"made: {patients:,} patients, {patients * visits * 10:,} values", (time.perf_counter() - began) * 1000)
        return [made, *measured(path, folder)]


def measured(path: Path, folder: Path) -> list[Row]:
    """Each part opens the clinic anew, as the server would find it."""
    found: list[Row] = []
    with open_clinic(path) as clinic:
        found += questions(clinic)
    gc.collect()
    seconds = setting("SECONDS", 120, 8)
    with open_clinic(path) as clinic:
        found += search(clinic)
        found += at_work(clinic, seconds / 2, "")
        night = Night(clinic, folder / "night.duckdb")
        found += at_work(clinic, seconds / 2, " while the night shift works", beside=night.work)
        found += night.rows
    return [*found, *restored(path, folder / "night.duckdb", folder / "restored.duckdb")]


# the same questions to three engines

class Peers:
    """The values of the clinic in a SQLite file (clustered by episode, measure, side, day) and in a pandas table in memory."""

    def __init__(self, clinic: Clinic, folder: Path) -> None:
        self.clinic = clinic
        self.lite = sqlite3.connect(folder / "peer.sqlite")
        self.lite.execute("pragma journal_mode = wal")
        self.lite.execute("pragma cache_size = -400000")
        self.lite.execute(
            "create table observation (episode text, patient text, measure text, side text, day text, value real, "
            "primary key (episode, measure, side, day)) without rowid")
        self.lite.execute("create table episode (id text primary key, therapist text, status text)")
        cursor = clinic.database._con.cursor()
        cursor.execute("create temp table peer as select episode_id as episode, patient_id as patient, measure, side, taken_on as day, value "
                       "from v_observation order by episode_id, measure, side, taken_on")
        cursor.execute("select episode, patient, measure, side, day::varchar, value from peer")
        while batch := cursor.fetchmany(100_000):
            self.lite.executemany("insert into observation values (?, ?, ?, ?, ?, ?)", batch)
        episodes = clinic.database.rows("select id, therapist, status from episode")
        self.lite.executemany("insert into episode values (?, ?, ?)", episodes)
        self.lite.commit()
        self.lite.execute("analyze")
        self.table = cursor.execute("select * from peer").df()
        self.table["day"] = pd.to_datetime(self.table["day"])
        for name in ("episode", "measure", "side"):
            self.table[name] = self.table[name].astype("category")
        self.episodes = pd.DataFrame(episodes, columns=["episode", "therapist", "status"])
        self.count = len(self.table)
        self.therapist = statistics.mode(row[1] for row in episodes)
        self.of_patient, self.patient = (str(one) for one in self.table.loc[self.count // 2, ["episode", "patient"]])
        self.until = self.table["day"].max().date()
        cursor.execute("drop table peer")

    @property
    def since(self) -> date:
        return self.until - timedelta(days=90)  # type: ignore[operator,return-value]


def duck(at: Peers, name: str) -> Answer:
    ask = at.clinic.database.rows
    if name == "latest of one therapist":
        return ask(
            "select o.episode_id, o.measure, o.side, arg_max(o.value, o.place) from observation o join episode e on e.id = o.episode_id "
            "where e.therapist = ? and e.status = 'open' and o.invalidated_at is null group by all", [at.therapist])
    if name == "latest of everybody":
        return ask("select count(*), sum(value) from v_latest")
    if name == "slope over 90 days":
        return ask(
            "select episode_id, side, regr_slope(value, date_diff('day', date '2000-01-01', taken_on)) from observation "
            "where measure = 'pain_worst' and taken_on >= ? and invalidated_at is null group by all having count(*) >= 3", [at.since])
    if name == "no better than at the start":
        return ask(
            "select count(*) from (select 1 from observation where measure = 'pain_worst' and invalidated_at is null "
            "group by episode_id, side having arg_max(value, place) >= arg_min(value, place))")
    return ask("select measure, side, taken_on, value from v_observation where patient_id = ? and episode_id = ?", [at.patient, at.of_patient])


def lite(at: Peers, name: str) -> Answer:
    def ask(sql: str, *values: object) -> Answer:
        return at.lite.execute(sql, values).fetchall()

    if name == "latest of one therapist":
        return [(row[0], row[1], row[2], row[4]) for row in ask(
            "select o.episode, o.measure, o.side, max(o.day), o.value from episode e join observation o on o.episode = e.id "
            "where e.therapist = ? and e.status = 'open' group by o.episode, o.measure, o.side", at.therapist)]
    if name == "latest of everybody":
        return ask("select count(*), sum(value) from (select max(day), value from observation group by episode, measure, side)")
    if name == "slope over 90 days":
        found = ask(
            "select episode, side, count(*), sum(x), sum(value), sum(x * value), sum(x * x) from (select episode, side, value, "
            "julianday(day) - 2451544.5 as x from observation where measure = 'pain_worst' and day >= ?) group by episode, side "
            "having count(*) >= 3", str(at.since))
        return [(row[0], row[1], (row[2] * row[5] - row[3] * row[4]) / (row[2] * row[6] - row[3] * row[3])) for row in found]  # type: ignore[operator]
    if name == "no better than at the start":
        return ask(
            "select count(*) from (select max(day), value as last, episode, side from observation where measure = 'pain_worst' group by "
            "episode, side) l join (select min(day), value as first, episode, side from observation where measure = 'pain_worst' group by "
            "episode, side) f on f.episode = l.episode and f.side = l.side where last >= first")
    found = ask("select measure, side, day, value from observation where episode = ?", at.of_patient)
    return [(row[0], row[1], date.fromisoformat(str(row[2])), row[3]) for row in found]


def panda(at: Peers, name: str) -> Answer:
    table = at.table
    keys = ["episode", "measure", "side"]
    if name == "latest of one therapist":
        own = at.episodes[(at.episodes.therapist == at.therapist) & (at.episodes.status == "open")].episode
        newest = table[table.episode.isin(own)].drop_duplicates(keys, keep="last")
        return list(newest[[*keys, "value"]].itertuples(index=False, name=None))
    if name == "latest of everybody":
        newest = table.drop_duplicates(keys, keep="last")
        return [(len(newest), float(newest.value.sum()))]
    if name == "slope over 90 days":
        part = table[(table.measure == "pain_worst") & (table.day >= pd.Timestamp(at.since))]
        x = (part.day - pd.Timestamp("2000-01-01")).dt.days.astype(float)
        sums = pd.DataFrame({"episode": part.episode, "side": part.side, "x": x, "y": part.value, "xy": x * part.value, "xx": x * x, "n": 1.0})
        found = sums.groupby(["episode", "side"], observed=True).sum()
        found = found[found.n >= 3]
        slope = (found.n * found.xy - found.x * found.y) / (found.n * found.xx - found.x * found.x)
        return [(one[0], one[1], value) for one, value in slope.items()]  # type: ignore[index]
    if name == "no better than at the start":
        part = table[table.measure == "pain_worst"].groupby(["episode", "side"], observed=True).value
        return [(int((part.last() >= part.first()).sum()),)]
    part = table[table.episode == at.of_patient]
    return [(row[0], row[1], row[2].date(), row[3]) for row in part[["measure", "side", "day", "value"]].itertuples(index=False, name=None)]


QUESTIONS = ("latest of one therapist", "latest of everybody", "slope over 90 days", "no better than at the start", "flowsheet of one patient")


def same(one: Answer, other: Answer) -> bool:
    """Equal whatever the order; numbers to a billionth."""
    def plain(answer: Answer) -> Answer:
        return sorted((tuple(round(x, 9) + 0.0 if isinstance(x, float) else str(x) for x in row) for row in answer), key=repr)

    ours, theirs = plain(one), plain(other)
    return len(ours) == len(theirs) and all(
        len(a) == len(b) and all(abs(x - y) < 1e-6 if isinstance(x, float) and isinstance(y, float) else x == y for x, y in zip(a, b, strict=True))
        for a, b in zip(ours, theirs, strict=True))


def questions(clinic: Clinic) -> list[Row]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        at = Peers(clinic, Path(folder))
        rounds = 7 if at.count < MILLION_ROWS else 3
        for name in QUESTIONS:
            answer = duck(at, name)
            for peer, ask in (("SQLite, clustered", lite), ("pandas in memory", panda)):
                theirs = ask(at, name)
                if not same(answer, theirs):
                    raise AssertionError(f"{name}: {peer} answers otherwise ({len(answer)} and {len(theirs)} rows)")
                ours_ms, theirs_ms = paired_ms(lambda name=name: duck(at, name), lambda name=name, ask=ask: ask(at, name), rounds, 1)  # type: ignore[misc]
                found.append(Row(f"{name}, {at.count:,} values", ours_ms, peer, theirs_ms, "same answer"))
        at.lite.close()
    return found


# eight therapists at once

def save_a_visit(clinic: Clinic, actor: Actor, episode_id: str, side: Side, rng: random.Random) -> None:
    """A visit and ten values, each write with its line in the log."""
    visit = actions.start_visit(clinic, actor, episode_id, VisitKind.FOLLOW_UP, clinic.today)
    forms = []
    for name, sided, start, _, _ in MEASURES:
        value = float(round(max(0, start - rng.randint(0, 2)))) if name != "pain_usual" else 0.0
        forms.append(ObservationForm(measure=name, side=side if sided else Side.NONE, value=value))
    with suppress(Conflict):
        actions.record_observations(clinic, actor, visit.id, forms)


def search(clinic: Clinic) -> list[Row]:
    """One person alone looks for somebody."""
    db = clinic.database
    began = time.perf_counter()
    names = list(known_names(db).values())
    first = (time.perf_counter() - began) * 1000
    rng = random.Random(2)

    def mistyped() -> object:
        one = rng.choice(names)
        family = one.family_name
        return find_patients(db, f"{family[0]}{family[2]}{family[1]}{family[3:]} {one.given_name[:3]}", limit=6)

    return [
        Row(f"search by name with a slip, {len(names):,} patients", median_ms(mistyped, 30)),
        Row(f"search by number, {len(names):,} patients", median_ms(lambda: find_patients(db, rng.choice(names).number, limit=6), 30)),
        Row("all names opened for the first search after a start", first, note="once; after a change only the changed one"),
    ]


class Night:
    """What the server does in quiet hours, here while everybody works: a backup, then the values are laid in order."""

    def __init__(self, clinic: Clinic, copy: Path) -> None:
        self.clinic, self.copy, self.rows = clinic, copy, []  # type: tuple[Clinic, Path, list[Row]]
        self.actor = Actor.of(next(one for one in actions.accounts_of(clinic) if one.role is Role.LEAD), "bench")

    def work(self) -> None:
        values = self.clinic.database.rows("select count(*) from observation")[0][0]
        for what, do in (("backup", lambda: actions.backup(self.clinic, self.actor, self.copy)),
                         ("values laid in order", lambda: actions.recluster(self.clinic, self.actor))):
            began = time.perf_counter()
            do()
            self.rows.append(Row(f"{what} with eight at work, {values:,} values", (time.perf_counter() - began) * 1000))


def restored(source: Path, copy: Path, target: Path) -> list[Row]:
    """The backup taken under load becomes a clinic again; every row is compared, with the backup and with the clinic it was taken of."""
    actor = Actor("bench", "bench", Role.LEAD, "bench")
    began = time.perf_counter()
    clinic = actions.restore(copy, target, actor)
    took = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    state = health(clinic.database, deep=False)
    clinic.close()
    if not state.is_good:
        raise AssertionError(state.problems)
    checked = (time.perf_counter() - began) * 1000
    with duckdb.connect() as con:
        for name, path in (("source", source), ("copy", copy), ("new", target)):
            con.execute(f"attach '{path}' as {name} (read_only)")
        tables = [row[0] for row in con.execute("select table_name from duckdb_tables() where database_name = 'copy' and not internal").fetchall()]
        compared = 0
        for one in tables:
            rows_of, differ = con.execute(
                f"select count(a), count(*) filter (a is distinct from b) from (select a from copy.{one} a) positional join "
                f"(select b from new.{one} b) where a is not null").fetchall()[0]
            compared += rows_of
            if differ:
                raise AssertionError(f"{one}: {differ} rows of the restored file are not those of the backup")
        was = ("id", "visit_id", "episode_id", "patient_id", "measure", "side", "value", "taken_on", "place", "entered_by", "entered_at")
        columns = ", ".join(f"b.{name}" for name in was), ", ".join(f"a.{name}" for name in was)
        lost = con.execute(f"select count(*) from new.observation b left join source.observation a on a.id = b.id "
                           f"where ({columns[0]}) is distinct from ({columns[1]})").fetchall()[0][0]
        logged = con.execute(
            "select count(*) from copy.audit b left join source.audit a on a.seq = b.seq where b.link is distinct from a.link").fetchall()
        if lost or logged[0][0]:
            raise AssertionError(f"{lost} values and {logged[0][0]} lines of the log of the backup are not those of the clinic")
    return [Row("restore of the whole clinic", took, note=f"{compared:,} rows compared one by one, 0 differ; the log is whole"),
            Row("the restored clinic checked: no orphans, the chain of the log", checked)]


def at_work(clinic: Clinic, seconds: float, when: str, people: int = 8, beside: Callable[[], None] | None = None) -> list[Row]:
    db = clinic.database
    accounts = [one for one in actions.accounts_of(clinic) if one.role is Role.CLINICIAN][:people]
    everybody = list(open_episode_ids(db))
    lines = {one.episode_id: one for one in caseload_lines(db)}
    numbers = [one.number for one in known_names(db).values()]
    taken: dict[str, list[float]] = defaultdict(list)
    faults: list[BaseException] = []
    end = time.perf_counter() + seconds
    still_beside = threading.Event()

    def flowsheet(rng: random.Random) -> None:
        line = lines[rng.choice(everybody)]
        with db.snapshot() as view:
            found = observations_by_episode(view, [line.episode_id], [line.patient_id])
        if any(one.patient_id != line.patient_id for values in found.values() for one in values):
            raise AssertionError("a foreign value")

    def whole_case(rng: random.Random) -> None:
        with db.snapshot() as view:
            episode = rng.choice(everybody)
            case = read_case(view, episode)
            if case.episode.id != episode or any(one.episode_id != episode for one in case.observations):
                raise AssertionError("a foreign value")

    def save_one(rng: random.Random, actor: Actor) -> None:
        episode = rng.choice(everybody)
        save_a_visit(clinic, actor, episode, Side(lines[episode].side.value), rng)

    def person(number: int) -> None:
        rng = random.Random(number)
        account = accounts[number % len(accounts)]
        actor = Actor.of(account, "bench")
        doings: tuple[tuple[str, int, Callable[[], object]], ...] = (
            ("flowsheet of one patient", 25, lambda: flowsheet(rng)),
            ("open one patient (the whole case)", 15, lambda: whole_case(rng)),
            ("caseload of one therapist (the question)", 30, lambda: caseload_lines(db, account.id)),
            ("search among all patients", 15, lambda: find_patients(db, rng.choice(numbers), limit=6)),
            ("save a visit with 10 values and the log", 15, lambda: save_one(rng, actor)),
        )
        while time.perf_counter() < end or still_beside.is_set():
            name, _, act = rng.choices(doings, [weight for _, weight, _ in doings])[0]
            began = time.perf_counter()
            try:
                act()
            except (KneeClinicError, AssertionError) as fault:
                faults.append(fault)
            taken[name].append((time.perf_counter() - began) * 1000)
            time.sleep(rng.uniform(0.02, 0.12))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    def other() -> None:
        try:
            if beside is not None:
                beside()
        except (KneeClinicError, AssertionError) as fault:
            faults.append(fault)
        finally:
            still_beside.clear()

    if beside is not None:
        still_beside.set()
        threads.append(threading.Thread(target=other))
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if faults:
        raise faults[0]
    found = []
    for name, times in sorted(taken.items()):
        ordered = sorted(times)
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        note = f"{len(times)} times, median {statistics.median(times):.1f}, worst {ordered[-1]:.0f}"
        found.append(Row(f"{name}{when}, p95 of {people}", p95, "", None, note))
    found.append(Row(f"faults and foreign values{when}", float(len(faults)), note="a count, not ms"))
    return found
