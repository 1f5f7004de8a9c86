"""The letter to a physician: why, what was found, the course, and the question, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kneeclinic.documents.body_chart_block import drawn_charts, spots_words
from kneeclinic.documents.clinical_sheet import SignLine, clinical_sheet
from kneeclinic.documents.finding_tables import carried_text, flags_panel, outcomes_of, verdict_phrases
from kneeclinic.documents.layout import Block, Heading, Space, Words, lay_out, paged
from kneeclinic.documents.progress_report import last_day, sessions_sentence
from kneeclinic.documents.table_block import TableBlock
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import counted, day_text, knee_text, listed, load_words, sentence, value_text
from kneeclinic.progress.review import KEY_MEASURES
from kneeclinic.progress.supports import support_periods
from kneeclinic.record import Case, ClinicProfile, Observation
from kneeclinic.rules.red_flags import RaisedFlag, red_flags
from kneeclinic.vocabulary import Better, FlagLevel, MeasureKind, Side, Units

FINDINGS = (
    "stroke_test", "pain_worst", "pain_usual", "pain_rest_24h", "akps", "lefs", "knee_extension_rom", "knee_flexion_rom", "giving_way", "locking",
    "block_to_extension", "apprehension", "patellar_tap", "girth_joint_line", "pain_location", "symptom_months", "koos_pf", "hip_abduction_lsi",
    "knee_extension_lsi", "psfs", "tsk11",
)
"""What a physician looks for first, in this order; those on record are printed."""
BETTER = {Better.HIGHER: ", higher is better", Better.LOWER: ", lower is better"}
QUESTIONS = {
    FlagLevel.EMERGENCY: "Please see the patient today. May treatment go on, and with what limits?",
    FlagLevel.REFER: "Would you please examine the patient and arrange what you find necessary? May treatment go on, and with what limits? "
                     "The program rests until we hear from you.",
}
OPINION = "Would you please give us your opinion on the diagnosis, on further examination, and on how treatment should go on?"
TRIALS = ((10.0, 12), (10.0, 8), (9.5, 8), (9.0, 8), (9.0, 6), (8.5, 5))
"""Type size and number of findings, until the letter fits on one page; a reason that was typed is never cut."""


def referral_letter_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str, to: str = "",
                        reason: str = "") -> bytes:
    """The letter as PDF bytes. `to` = the address, lines as typed; `reason` = the clinician's own words, printed as typed.

    Red flags come with what was found, never with instructions for the therapist; the question follows from the most urgent flag.
    """
    sheet = replace(clinical_sheet(case, profile, "Referral", today, right=_sender(profile)), gap=5)
    for size, findings in TRIALS:
        blocks = _blocks(case, knowledge, today, profile, therapist, to, reason, size, findings)
        if len(paged(blocks, sheet)) == 1:
            break
    return lay_out(blocks, sheet)


def _sender(profile: ClinicProfile) -> tuple[str, ...]:
    """Address and telephone at the right of the head, three lines at most."""
    address = [line.strip() for line in profile.address.split("\n") if line.strip()]
    if len(address) > 2:
        address = [", ".join(address[:-1]), address[-1]]
    return tuple(one for one in (*address, profile.phone) if one)


def _blocks(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, therapist: str, to: str, reason: str, size: float,
            findings: int) -> list[Block]:
    on = last_day(case, today)
    flags = red_flags(case, knowledge, on)
    patient = case.patient
    blocks: list[Block] = [Space(4), Words(to, size), Space(4)] if to.strip() else [Space(4)]
    blocks += [Words(f"{day_text(today)}. Confidential.", size), Space(2)]
    born = f"born {day_text(patient.birth_date)} ({patient.age_on(today)} years), patient number {patient.number}"
    blocks.append(Words(f"Re: {patient.full_name}, {born}", size + 1, bold=True))
    blocks += [Space(2), Words("Dear colleague,", size)]
    blocks += [Words(one, size) for one in _why(case, flags, reason, size)]
    blocks += flags_panel(flags, case, knowledge, on, size=size - 0.5, title="Red flags, with what was found", action=False)
    blocks += _findings(case, knowledge, on, profile.units, size, findings)
    blocks += _headed("Course", _course(case, knowledge, on, profile.units), size)
    blocks += _headed("What we ask", [_question(flags)], size)
    return [*blocks, Space(2), Words("With kind regards,", size), SignLine(therapist, profile.name, size)]


def _headed(title: str, texts: Sequence[str], size: float) -> list[Block]:
    return [Heading(title, size + 1), *(Words(one, size) for one in texts)] if texts else []


def _why(case: Case, flags: Sequence[RaisedFlag], reason: str, size: float) -> list[str]:
    """Who is sent, for what, and in the clinician's words why; without a reason, the words with which the episode was closed."""
    episode = case.episode
    pain = f"pain around the kneecap ({knee_text(episode.side)})"
    begun = f"We have treated {case.patient.full_name} for {pain} since {day_text(episode.opened_on)}"
    if len(case.visits) < 2:
        begun = f"We saw {case.patient.full_name} with {pain} on {day_text(episode.opened_on)}"
    onset = f"; it began on {day_text(episode.onset_on)}" if episode.onset_on else ""
    serious = [one for one in flags if one.level.blocks]
    then = "The findings below are not typical of this problem, and we ask for your examination." if serious else \
        "We would be glad of your opinion."
    lines = [f"{begun}{onset}. {then}"]
    return lines + [line for line in (reason or episode.closing_reason).split("\n") if line.strip()]


def _findings(case: Case, knowledge: Knowledge, on: date, units: Units, size: float, most: int) -> list[Block]:
    """The newest value of what matters to a physician, left knee and right, with its day; carried values say so."""
    rows = []
    newest = max((one.on for one in case.observations if one.is_valid and one.on <= on), default=on)
    for measure_id in FINDINGS:
        if (row := _row(case, knowledge.measure(measure_id), on, newest, units)) is not None:
            rows.append(row)
    positive = _positives(case, knowledge, on, tuple(FINDINGS))
    blocks: list[Block] = [Heading("Key findings", size + 1)]
    if rows:
        head = (f"On {day_text(newest)} unless said", "Left", "Right", "Person")
        blocks.append(TableBlock(head, tuple(rows[:most]), (0.46, 0.19, 0.19, 0.16), (), size - 0.5))
    else:
        blocks.append(Words("Nothing has been measured yet.", size, quiet=True))
    if positive:
        blocks.append(Words(f"Also there: {', '.join(positive)}.", size))
    for day, spots in drawn_charts(case, on)[-1:]:
        blocks.append(Words(f"Pain as drawn on {day_text(day)}: {spots_words(spots)}", size))
    return blocks + [Words(f"Imaging: {line}", size) for line in imaging_lines(case)]


def _row(case: Case, measure: Measure, on: date, newest: date, units: Units) -> tuple[str, ...] | None:
    found = {side: one for side in Side if (one := case.latest(measure.id, side, on)) is not None}
    if not found or (measure.kind is MeasureKind.FLAG and not any(one.value for one in found.values())):
        return None
    better = BETTER.get(measure.better, "") if measure.kind is MeasureKind.SCORE else ""
    return (measure.label + better, *(_cell(case, measure, found.get(side), newest, units) for side in (Side.LEFT, Side.RIGHT, Side.NONE)))


def _cell(case: Case, measure: Measure, one: Observation | None, newest: date, units: Units) -> str:
    """The value; with its day when that is not the newest, and where it was carried from."""
    if one is None:
        return ""
    said = carried_text(case, one) or (day_text(one.on, year=one.on.year != newest.year) if one.on != newest else "")
    return f"{value_text(measure, one.value, units)} ({said})" if said else value_text(measure, one.value, units)


def _positives(case: Case, knowledge: Knowledge, on: date, told: Sequence[str]) -> list[str]:
    """Flags of history, screening and precautions that are there and stand in no row."""
    found = []
    for measure in knowledge.measures.values():
        if measure.kind is not MeasureKind.FLAG or measure.derived or measure.id in told or measure.section == "requests":
            continue
        sides = [side for side in Side if (one := case.latest(measure.id, side, on)) is not None and one.value]
        if sides:
            where = listed(side.value for side in sides if side is not Side.NONE)
            found.append(f"{measure.label[:1].lower()}{measure.label[1:]}{f' ({where})' if where else ''}")
    return found


def imaging_lines(case: Case) -> list[str]:
    """Pictures of the knee: kind, days, result as typed."""
    lines = []
    for one in case.episode.imaging:
        done = f"done {day_text(one.done_on)}" if one.done_on else "not done yet"
        lines.append(f"{one.kind}, ordered {day_text(one.ordered_on)}, {done}" + (f": {one.result}" if one.result else "."))
    return lines


def _course(case: Case, knowledge: Knowledge, on: date, units: Units) -> list[str]:
    episode = case.episode
    visits = sum(one.is_signed and one.on <= on for one in case.visits)
    lines = [f"Week {episode.week_on(on)} of treatment, {counted(visits, 'visit')}. {sessions_sentence(case, on)}"]
    both = len(episode.side.sides) > 1
    phrases = verdict_phrases(outcomes_of(case, knowledge, KEY_MEASURES, on), units, both=both)
    lines.append(" ".join(phrases) if phrases else "No measure was taken often enough to judge a change.")
    treated = treatment_sentence(case, knowledge, on, units)
    return [*lines, *([treated] if treated else [])]


def treatment_sentence(case: Case, knowledge: Knowledge, on: date, units: Units) -> str:
    """What was done: kinds of exercise, running, tape and orthoses with their days."""
    program = case.program
    if program is None:
        return "No program was given."
    kinds = list(dict.fromkeys(knowledge.exercise(one.exercise).category for one in program.items if one.exercise in knowledge.exercises))
    parts = [f"{counted(len(program.items), 'exercise')} ({', '.join(kinds)})" if kinds else ""]
    parts += [f"{label[:1].lower()}{label[1:]} from {day_text(begun)}" + (f" to {day_text(ended)}" if ended else "") for label, begun, ended in
              support_periods(case, knowledge, on)]
    running = load_words(program.load, units) if program.load else ""
    return sentence(f"Treatment so far: {'; '.join(one for one in (*parts, f'running: {running}' if running else '') if one)}")


def _question(flags: Sequence[RaisedFlag]) -> str:
    return QUESTIONS.get(flags[0].level, OPINION) if flags else OPINION
