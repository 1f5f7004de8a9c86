"""The progress report for the patient's file: the verdicts first, then goals, weeks, the courses as charts and the program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from kneeclinic.documents.body_chart_block import where_it_hurts
from kneeclinic.documents.chart_block import ChartBlock
from kneeclinic.documents.clinical_sheet import BODY, GAP, FactGrid, SignLine, about, clinical_sheet, part
from kneeclinic.documents.course_chart import course_chart
from kneeclinic.documents.finding_tables import (
    Outcome,
    flags_panel,
    goal_rows,
    outcomes_of,
    program_table,
    verdict_table,
    week_table,
)
from kneeclinic.documents.layout import Block, Heading, Row, Space, Words, lay_out, with_fewest_pages
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import adherence
from kneeclinic.progress.amounts import counted, day_text, knee_text, value_text
from kneeclinic.progress.change import VERDICT_WORDS
from kneeclinic.progress.goals import goals_status
from kneeclinic.progress.review import KEY_MEASURES
from kneeclinic.progress.week import groc, main_verdict
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.vocabulary import Verdict

FUNCTION = ("pain_stairs_down", "pain_squat", "pain_running", "walk_30_pain", "lateral_step_down", "step_down_30s", "single_leg_hop")
SYMMETRY = ("hip_abduction_lsi", "hip_er_lsi", "hip_extension_lsi", "knee_extension_lsi", "hop_lsi")
REPORTED = (*KEY_MEASURES, *FUNCTION, *SYMMETRY)
DRAWN = (("pain_worst",), ("akps", "koos_pf", "lefs", "psfs"))
BESIDE = (("hip_abduction_lsi", "hip_er_lsi", "hip_extension_lsi"), ("knee_extension_lsi", "hop_lsi"))
"""Charts over the whole width, and charts side by side; of each group the first that has two values."""
PLOT_HEIGHT = 74
TIGHTER = ((0, GAP), (10, GAP - 0.7), (22, GAP - 1.2))
"""Points less for each chart and the gap: as roomy as the pages allow."""
MARKS = ("Filled circle: left knee. Open square: right knee. Diamond: the person. Dashed line: the other knee. Dotted upright: program, tape or "
         "orthosis.")


def progress_report_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str) -> bytes:
    """The report as PDF bytes; also for a patient of whom nothing was measured yet."""
    on = last_day(case, today)
    units = profile.units
    outcomes = outcomes_of(case, knowledge, REPORTED, on)
    where = phase(case, knowledge, on)
    blocks: list[Block] = [FactGrid(about(case, on))]
    blocks += flags_panel(red_flags(case, knowledge, on), case, knowledge, on)
    blocks += part("In short", summary(case, knowledge, on))
    blocks += [Space(4), Heading("What changed", BODY + 2), *verdict_table(outcomes, units)]
    blocks += part(f"Phase {where.number}: {where.label.lower()}", phase_lines(where.met, where.not_met, where.missing),
                   empty="No criterion is left: the last phase.")
    goals = goals_status(case, knowledge, on)
    blocks += [Space(4), Heading("Goals", BODY + 2), *goal_rows(goals, knowledge, units)] if goals else part("Goals", [], empty="No goal is set.")
    blocks += [Space(4), Heading("Week by week, as told", BODY + 2), *week_table(case, on, units)]
    blocks += where_it_hurts(case, on, BODY)
    blocks += _charts(case, knowledge, outcomes, on, profile)
    program = case.program
    title = "Program" if program is None else f"Program, version {program.version}, from {day_text(program.starts_on)}"
    blocks += [Space(4), Heading(f"{title}{', paused' if program and program.paused else ''}", BODY + 2)]
    blocks += program_table(program, knowledge, on, units)
    blocks.append(SignLine(therapist, profile.name))
    sheet = clinical_sheet(case, profile, "Progress report", today)
    return lay_out(*with_fewest_pages((_lower(blocks, less), replace(sheet, gap=gap)) for less, gap in TIGHTER))


def _lower(blocks: Sequence[Block], points: float) -> list[Block]:
    """The blocks with each chart so many points lower."""
    found: list[Block] = []
    for one in blocks:
        if isinstance(one, ChartBlock):
            found.append(replace(one, plot_height=one.plot_height - points))
        elif isinstance(one, Row):
            found.append(replace(one, blocks=tuple(_lower(one.blocks, points))))
        else:
            found.append(one)
    return found


def last_day(case: Case, today: date) -> date:
    """The day that findings speak of: today, or the day on which a closed episode ended."""
    closed = case.episode.closed_on
    return min(today, closed) if closed is not None and not case.episode.is_open else today


def summary(case: Case, knowledge: Knowledge, on: date) -> list[str]:
    """Three sentences: since when and how much, the main verdict, what was done at home."""
    episode = case.episode
    visits = sum(one.is_signed and one.on <= on for one in case.visits)
    lines = [f"{knee_text(episode.side).capitalize()}, in treatment since {day_text(episode.opened_on)}: week {episode.week_on(on)}, "
             f"{counted(visits, 'signed visit')}, {counted(len(case.programs), 'program version')}."]
    if episode.problem:
        lines.append(f"Problem: {episode.problem}")
    found = main_verdict(case, knowledge, on)
    measure = knowledge.measure(found.measure)
    if found.verdict is not Verdict.NOT_JUDGED and found.first is not None and found.last is not None:
        lines.append(f"Main measure: {measure.label}, {value_text(measure, found.first)} to {value_text(measure, found.last)} "
                     f"({counted(found.n, 'value')}): {VERDICT_WORDS[found.verdict]}. {found.why}")
    else:
        lines.append("No measure was taken often enough to judge a change.")
    rated = groc(case, on)
    if rated is not None:
        asked = knowledge.measure("groc")
        band = next((f", {one.label}" for one in asked.bands if one.low <= rated <= one.high), "")
        lines.append(f"The patient rates the change as {value_text(asked, rated)} of -7 to +7{band}.")
    return [*lines, sessions_sentence(case, on)]


def sessions_sentence(case: Case, on: date) -> str:
    """How much of the program was done over all weeks that were told."""
    told = [one for one in adherence(case, on).by_week if one.done is not None and one.prescribed]
    done, wanted = sum(one.done or 0 for one in told), sum(one.prescribed or 0 for one in told)
    if not wanted:
        return "Whether the program was done at home is not known: no week was told."
    return f"Done at home: {done} of {wanted} sessions ({100 * done / wanted:.0f} %) in {counted(len(told), 'week')} that were told."


def phase_lines(met: Iterable[str], not_met: Iterable[str], missing: Iterable[str]) -> list[str]:
    """Criteria of the next phase by how they stand."""
    named = (("Met", met), ("Not met", not_met), ("Not on record", missing))
    return [f"{label}: {'; '.join(found)}." for label, names in named if (found := tuple(names))]


def _charts(case: Case, knowledge: Knowledge, outcomes: Sequence[Outcome], on: date, profile: ClinicProfile) -> list[Block]:
    known = {one.measure.id for one in outcomes}

    def charts(groups: Iterable[Sequence[str]]) -> list[Block]:
        found = []
        for group in groups:
            made = (course_chart(case, knowledge, one, on, profile.units, plot_height=PLOT_HEIGHT) for one in group if one in known)
            found += [chart for chart in made if chart is not None][:1]
        return list(found)

    drawn, beside = charts(DRAWN), charts(BESIDE)
    if not drawn and not beside:
        return part("Courses", [], empty="No measure has two values yet: nothing to draw.")
    blocks: list[Block] = [Space(4), Heading("Courses", BODY + 2)]
    for chart in [*drawn, *([Row(tuple(beside), len(beside), gap=18)] if beside else [])]:
        blocks += [chart, Space(4)]
    return [*blocks, Words(MARKS, BODY - 1.5, quiet=True)]
