"""The discharge summary: why the patient came, what was done, what changed, what remains, and how to go on."""

from __future__ import annotations

from datetime import date

from kneeclinic.documents.clinical_sheet import BODY, GAP, FactGrid, SignLine, about, clinical_sheet, part
from kneeclinic.documents.finding_tables import flags_panel, goal_rows, outcomes_of, program_table, verdict_table
from kneeclinic.documents.layout import Block, Heading, Space, lay_out
from kneeclinic.documents.letter import imaging_lines, treatment_sentence
from kneeclinic.documents.progress_report import REPORTED, last_day, phase_lines, sessions_sentence
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import counted, day_text, distance_text, knee_text, sentence
from kneeclinic.progress.goals import goals_status
from kneeclinic.progress.load import load_history, running_threshold
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.vocabulary import CauseGroup, EpisodeStatus, Units

ENDED = {
    EpisodeStatus.DISCHARGED: "Discharged", EpisodeStatus.DROPPED_OUT: "Left treatment", EpisodeStatus.REFERRED: "Referred",
    EpisodeStatus.OPEN: "Still in treatment", EpisodeStatus.PAUSED: "Treatment paused",
}
CAUSES = {
    CauseGroup.OVERUSE: "overuse", CauseGroup.TRAUMA: "a blow or fall", CauseGroup.MALALIGNMENT: "alignment", CauseGroup.FOOT: "the foot",
    CauseGroup.MUSCLE: "weak or unbalanced thigh muscles",
}


def discharge_summary_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str) -> bytes:
    """The summary as PDF bytes; of an open episode it says that it is one, as of today."""
    on = last_day(case, today)
    units = profile.units
    title = "Discharge summary" if not case.episode.is_open else "Discharge summary, preliminary"
    blocks: list[Block] = [FactGrid((*about(case, on), ("Outcome", _ending(case, on))))]
    blocks += flags_panel(red_flags(case, knowledge, on), case, knowledge, on, title="Red flags that stand at the end")
    blocks += part("Why the patient came", _why(case))
    blocks += part("What was done", _done(case, knowledge, on, units))
    blocks += [Space(4), Heading("What changed", BODY + 2), *verdict_table(outcomes_of(case, knowledge, REPORTED, on), units)]
    goals = goals_status(case, knowledge, on)
    blocks += [Space(4), Heading("Goals", BODY + 2), *goal_rows(goals, knowledge, units)] if goals else part("Goals", [], empty="No goal was set.")
    where = phase(case, knowledge, on)
    blocks += part(f"At the end: phase {where.number}, {where.label.lower()}", phase_lines(where.met, where.not_met, where.missing),
                   empty="Every criterion of full return is met.")
    program = case.program
    head = "To go on with" if program is None or not program.paused else "Last program, paused"
    version = f" (program version {program.version}, from {day_text(program.starts_on)})" if program else ""
    blocks += [Space(4), Heading(f"{head}{version}", BODY + 2), *program_table(program, knowledge, on, units)]
    blocks += part("When to come back", [_come_back(knowledge)])
    blocks.append(SignLine(therapist, profile.name))
    return lay_out(blocks, clinical_sheet(case, profile, title, today), gap=GAP)


def _come_back(knowledge: Knowledge) -> str:
    """The advice of every handout, and the pain in running that is still tolerated."""
    most = running_threshold(knowledge, "run_pain_most")
    return (f"Advice to the patient: {knowledge.wording['en'].education['stop_and_call']} Come back when pain in running stays above {most:g}/10, or "
            "is still up the next morning.")


def _ending(case: Case, on: date) -> str:
    episode = case.episode
    if episode.is_open:
        return f"{ENDED[episode.status]} on {day_text(on)}: this summary is preliminary"
    return f"{ENDED[episode.status]} on {day_text(episode.closed_on)}" + (f": {episode.closing_reason}" if episode.closing_reason else "")


def _why(case: Case) -> list[str]:
    episode = case.episode
    onset = f", since {day_text(episode.onset_on)}" if episode.onset_on else ""
    lines = [f"Pain around the kneecap (patellofemoral pain), {knee_text(episode.side)}{onset}."]
    lines += [episode.problem] if episode.problem else []
    causes = [CAUSES[one] for one in episode.cause_groups]
    if causes:
        primary = f"; first of all {CAUSES[episode.primary_cause]}" if episode.primary_cause and len(causes) > 1 else ""
        lines.append(f"Seen as due to: {', '.join(causes)}{primary}.")
    return lines


def _done(case: Case, knowledge: Knowledge, on: date, units: Units) -> list[str]:
    visits = [one for one in case.visits if one.is_signed and one.on <= on]
    span = f" from {day_text(visits[0].on)} to {day_text(visits[-1].on)}" if len(visits) > 1 else f" on {day_text(visits[0].on)}" if visits else ""
    weeks = max(1, ((on - case.episode.opened_on).days + 6) // 7)
    lines = [f"{counted(len(visits), 'signed visit')}{span}; {counted(weeks, 'week')}; {counted(len(case.programs), 'program version')}.",
             treatment_sentence(case, knowledge, on, units), sessions_sentence(case, on)]
    told = [one.km for one in load_history(case, on, weeks=weeks) if one.km is not None]
    if told:
        lines.append(_running(told, units))
    return lines + [sentence(f"Imaging: {one}") for one in imaging_lines(case)]


def _running(km: list[float], units: Units) -> str:
    return f"Running: {distance_text(km[0], units)} in the first week that was told, {distance_text(km[-1], units)} in the last."
