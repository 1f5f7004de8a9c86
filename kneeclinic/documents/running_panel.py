"""This week's running on paper: how far at most, the walk-run stage and when to go on, how often, and what else was agreed."""

from __future__ import annotations

import re

from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.speech import Speech
from kneeclinic.record import LoadPlan
from kneeclinic.rules.running_plan import CROSS_TRAINING, NO_IMPACT

STEPS = re.compile(r"(?P<low>\d+) to (?P<high>\d+) steps a minute \(now (?P<now>\d+)\)")
MORE_STEPS = re.compile(r"(?P<low>\d+) to (?P<high>\d+) % more steps a minute")
"""The cues that the findings propose, as they stand in the plan; whatever else stands there a therapist has typed."""


def _cue(cue: str, speech: Speech) -> str:
    """A proposed cue in the patient's language; a typed one as typed."""
    for key, pattern in (("step_rate_steps", STEPS), ("step_rate_more", MORE_STEPS)):
        if (found := pattern.fullmatch(cue.strip())) is not None:
            return speech.say(key, **found.groupdict())
    return cue


def running_panels(load: LoadPlan | None, speech: Speech, size: float, leading: float, pad: float) -> list[Panel]:
    """The panel of the plan as it stands today; none where there is no plan or nothing to say."""
    say = speech.say
    if load is None:
        return []
    lines: list[Line] = []
    aside = ""
    if load.weekly_km is not None:
        aside = speech.distance("weekly", load.weekly_km) if load.weekly_km else say("no_running")
    if load.longest_run_km:
        lines.append(Line("", speech.distance("longest_run", load.longest_run_km), bullet=True))
    stage = next((one for one in speech.knowledge.running.stages if one.stage == load.walk_run_stage), None)
    if stage is not None:
        text = say("run_stage_line", run=f"{stage.run_min:g}", walk=f"{stage.walk_min:g}", times=stage.repeats) if stage.walk_min else \
            say("run_stage_whole", run=f"{stage.run_min:g}")
        whole = say("run_stage_total", total=f"{stage.total_min:g}")
        lines.append(Line(f"{text}. {whole}.", say("run_stage", stage=stage.stage) + ":", bullet=True))
        lines += [Line(say(key), bullet=True) for key in ("run_stage_twice", "running_go_on", "running_keep", "running_step_back")]
    often = []
    if load.runs_per_week:
        often.append(say("runs_per_week", runs=load.runs_per_week) if load.runs_per_week != 1 else say("runs_per_week_one"))
    if load.rest_days:
        often.append(say("rest_days", days=", ".join(say(f"day_{one}") for one in sorted(load.rest_days))))
    if often:
        lines.append(Line("  ·  ".join(often), bullet=True))
    if load.cross_training:
        other = say("cross_training_usual") if load.cross_training == CROSS_TRAINING else load.cross_training
        lines.append(Line(say("cross_training", what=other), bullet=True))
    if load.cadence_cue:
        lines.append(Line(say("step_rate", cue=_cue(load.cadence_cue, speech)), bullet=True))
    if load.footwear_note:
        lines.append(Line(say("shoe_note", note=load.footwear_note), bullet=True))
    if load.note:
        lines.append(Line(say("no_impact_note") if load.note == NO_IMPACT else load.note, bullet=True))
    if not lines and not aside:
        return []
    return [Panel(say("running_title"), tuple(lines), size, leading=leading, pad=pad, aside=aside)]
