"""Programs: every version whole, none ever edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kneeclinic.record.programs import DeviceNote, Dose, LoadPlan, Program, ProgramItem, SuggestionAnswer, TapeNote
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, unnested, valued
from kneeclinic.vocabulary import AffectedSide, Conflict, NotFound, TapeComponent

_PROGRAM = valued("program", (
    "id episode_id patient_id version starts_on phase template edition paused has_load load_weekly_km load_longest_run_km load_runs_per_week "
    "load_walk_run_stage load_rest_days sealed_words entered_by entered_at"
))
_ITEM = unnested("program_item", {
    "program_id": "varchar", "line": "integer", "exercise": "varchar", "side": "varchar", "sets": "integer", "reps": "integer",
    "hold_s": "double", "minutes": "double", "days_per_week": "integer", "load_kg": "double", "days": "integer[]", "pain_limit": "integer",
    "rules": "varchar[]",
})
_TAPE = valued("program_tape", "program_id side components started_on stop_on retest_before retest_after tries")
_DEVICE = valued("program_device", "program_id line device side started_on stop_on tries")
_ANSWER = valued("program_answer", "program_id line rule items answer")
_SELECT = """
    select id, episode_id, patient_id, version, starts_on, phase, template, edition, paused, has_load, load_weekly_km, load_longest_run_km,
           load_runs_per_week, load_walk_run_stage, load_rest_days, sealed_words, entered_by, entered_at
    from program
"""


def save_program(tx: Transaction, program: Program) -> None:
    """A whole new version; raises Conflict when somebody else made this version of the episode's program first."""
    newest = tx.one("select max(version) from program where episode_id = ?", [program.episode_id])
    if program.version != ((newest[0] if newest else None) or 0) + 1:
        raise Conflict("The program was revised by somebody else in the meantime; look at the new version and repeat your change.")
    load = program.load
    tx.run(_PROGRAM, [
        program.id, program.episode_id, program.patient_id, program.version, program.starts_on, program.phase, program.template,
        program.edition, program.paused, load is not None, load.weekly_km if load else None, load.longest_run_km if load else None,
        load.runs_per_week if load else None, load.walk_run_stage if load else None, list(load.rest_days) if load else None,
        seal_words(tx.keys, "program", program.id, _words(program)), program.entered_by, to_utc(program.entered_at),
    ])
    tx.insert(_ITEM, [
        [program.id, line, one.exercise, one.side.value, one.dose.sets, one.dose.reps, one.dose.hold_s, one.dose.minutes,
         one.dose.days_per_week, one.dose.load_kg, list(one.days), one.pain_limit, list(one.rules)]
        for line, one in enumerate(program.items)
    ])
    if program.tape:
        tape = program.tape
        tx.run(_TAPE, [
            program.id, tape.side.value, [one.value for one in tape.components], tape.started_on, tape.stop_on, tape.retest_before, tape.retest_after,
            _flat(tape.tries),
        ])
    for line, device in enumerate(program.devices):
        tx.run(_DEVICE, [program.id, line, device.device, device.side.value, device.started_on, device.stop_on, _flat(device.tries)])
    for line, answer in enumerate(program.answers):
        tx.run(_ANSWER, [program.id, line, answer.rule, list(answer.items), answer.answer])
    tx.touch(program.episode_id)


def read_program(db: Reader, program_id: str) -> Program:
    """One version; raises NotFound."""
    row = db.one("select episode_id from program where id = ?", [program_id])
    if row is None:
        raise NotFound(f"There is no program with the id {program_id}.")
    return next(one for one in programs_of(db, row[0]) if one.id == program_id)


def programs_of(db: Reader, episode_id: str) -> tuple[Program, ...]:
    """All versions of one episode, oldest first."""
    return programs_by_episode(db, [episode_id])[episode_id]


def programs_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[Program, ...]]:
    """All versions of several episodes, oldest first; () where there is none."""
    wanted = list(dict.fromkeys(episode_ids))
    with db.snapshot() as view:
        rows = view.rows(_SELECT + "where episode_id in (select unnest(?::varchar[])) order by version", [wanted])
        ids = [row[0] for row in rows]
        items = _lines(view, "select program_id, exercise, side, sets, reps, hold_s, minutes, days_per_week, load_kg, days, pain_limit, rules "
                             "from program_item where program_id in (select unnest(?::varchar[])) order by program_id, line", ids)
        tapes = _lines(view, "select program_id, side, components, started_on, stop_on, retest_before, retest_after, tries from program_tape "
                             "where program_id in (select unnest(?::varchar[]))", ids)
        devices = _lines(view, "select program_id, device, side, started_on, stop_on, tries from program_device "
                               "where program_id in (select unnest(?::varchar[])) order by program_id, line", ids)
        answers = _lines(view, "select program_id, rule, items, answer from program_answer "
                               "where program_id in (select unnest(?::varchar[])) order by program_id, line", ids)
    found: dict[str, list[Program]] = defaultdict(list)
    for row in rows:
        words = open_words(db.keys, "program", row[0], row[15])
        found[row[1]].append(_opened(row, words, items[row[0]], tapes[row[0]], devices[row[0]], answers[row[0]]))
    return {one: tuple(found[one]) for one in wanted}


def _lines(view: Reader, sql: str, ids: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in view.rows(sql, [ids]):
        found[row[0]].append(row[1:])
    return found


def _words(program: Program) -> dict[str, Any]:
    """All free text of one version; lists are kept only where something was written."""
    tape, load = program.tape, program.load
    return {
        "note": program.note,
        "items": _some([[one.note, one.reason, one.override_reason, one.dose.tempo] for one in program.items]),
        "tape": [tape.direction, tape.wear, tape.retest_task, tape.note] if tape else None,
        "devices": _some([[one.reason, one.wear, one.note] for one in program.devices]),
        "load": _some([[load.cross_training, load.cadence_cue, load.footwear_note, load.note]]) if load else None,
        "answers": _some([[one.reason] for one in program.answers]),
    }


def _some(texts: list[list[str]]) -> list[list[str]] | None:
    return texts if any(any(line) for line in texts) else None


def _texts(words: dict[str, Any], name: str, lines: int, width: int) -> Sequence[Sequence[str]]:
    return words.get(name) or [[""] * width] * lines


def _opened(row: Row, words: dict[str, Any], items: list[Row], tapes: list[Row], devices: list[Row], answers: list[Row]) -> Program:
    return Program(
        id=row[0], episode_id=row[1], patient_id=row[2], version=row[3], starts_on=row[4], phase=row[5], template=row[6], edition=row[7],
        paused=row[8], note=words.get("note", ""), entered_by=row[16], entered_at=from_utc(row[17]),
        items=tuple(_item(one, text) for one, text in zip(items, _texts(words, "items", len(items), 4), strict=True)),
        tape=_tape(tapes[0], words["tape"]) if tapes else None,
        devices=tuple(
            DeviceNote(device=one[0], side=AffectedSide(one[1]), reason=text[0], wear=text[1], started_on=one[2], stop_on=one[3], note=text[2],
                       tries=_pairs(one[4]))
            for one, text in zip(devices, _texts(words, "devices", len(devices), 3), strict=True)
        ),
        load=_load(row, _texts(words, "load", 1, 4)[0]) if row[9] else None,
        answers=tuple(
            SuggestionAnswer(rule=one[0], items=tuple(one[1]), answer=one[2], reason=text[0])
            for one, text in zip(answers, _texts(words, "answers", len(answers), 1), strict=True)
        ),
    )


def _item(one: Row, text: Sequence[str]) -> ProgramItem:
    return ProgramItem(
        exercise=one[0], side=AffectedSide(one[1]),
        dose=Dose(sets=one[2], reps=one[3], hold_s=one[4], minutes=one[5], days_per_week=one[6], load_kg=one[7], tempo=text[3]),
        days=tuple(one[8]), pain_limit=one[9], rules=tuple(one[10]), note=text[0], reason=text[1], override_reason=text[2],
    )


def _tape(one: Row, text: Sequence[str]) -> TapeNote:
    return TapeNote(
        side=AffectedSide(one[0]), components=tuple(TapeComponent(part) for part in one[1]), started_on=one[2], stop_on=one[3],
        retest_before=one[4], retest_after=one[5], direction=text[0], wear=text[1], retest_task=text[2], note=text[3], tries=_pairs(one[6]),
    )


def _flat(tries: Sequence[tuple[int, int]]) -> list[int] | None:
    return [pain for pair in tries for pain in pair] or None


def _pairs(flat: Sequence[int] | None) -> tuple[tuple[int, int], ...]:
    """Pain without and with, pair after pair."""
    return tuple(zip(flat[::2], flat[1::2], strict=True)) if flat else ()


def _load(row: Row, text: Sequence[str]) -> LoadPlan:
    return LoadPlan(
        weekly_km=row[10], longest_run_km=row[11], runs_per_week=row[12], walk_run_stage=row[13], rest_days=tuple(row[14] or ()),
        cross_training=text[0], cadence_cue=text[1], footwear_note=text[2], note=text[3],
    )
