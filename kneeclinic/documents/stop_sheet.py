"""The one page that a patient takes home instead of exercises while a red flag stands: stop, when to be seen, when to get help at once."""

from __future__ import annotations

from datetime import date

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Space, Words, lay_out
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.speech import Speech
from kneeclinic.knowledge import Knowledge
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.rules.red_flags import red_flags, standing_flags
from kneeclinic.vocabulary import FlagLevel, NotFound, Paper

TEXT, LEAD = 14.0, 19.0
MOST_REASONS = 4
DO = ("stop_do_none", "stop_do_impact", "stop_do_bring", "stop_do_after")
HELP = ("stop_help_breath", "stop_help_fever", "stop_help_calf", "stop_help_weight")


def stop_sheet_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str, language: str = "",
                   paper: Paper | None = None) -> bytes:
    """One page in the patient's language, in large letters, without a single exercise. Raises NotFound when no red flag stands."""
    standing = standing_flags(red_flags(case, knowledge, today), case, today)
    if not standing:
        raise NotFound("No red flag stands for this patient: print the handout instead.")
    speech = Speech(knowledge, language or case.patient.language, case.patient.units)
    say = speech.say
    name = typeface.writable(case.patient.given_name) or case.patient.number
    sheet = letterhead(
        profile, say("stop_sheet_title"), subtitle="", language=speech.language, today=today, paper=paper or profile.paper, scale=1.35,
        page_text=say("page_of", page="{page}", pages="{pages}"), name_first=True,
        right=(say("handout_for", name=name), say("therapist", name=therapist), speech.day(today)),
    )
    reasons = dict.fromkeys(stop_sentence(flag.id, speech) for flag in standing[:MOST_REASONS])
    when = say("stop_when_today" if any(one.level is FlagLevel.EMERGENCY or one.id in SAME_DAY for one in standing) else "stop_when_soon")
    phone = say("call_whom", clinic=profile.name[:60], phone=profile.phone) if profile.phone else ""
    blocks: list[Block] = [Space(6), *(Words(one, LEAD, bold=True) for one in reasons), Words(when, LEAD), Space(4)]
    blocks.append(Panel(say("stop_do_title"), tuple(Line(say(one), bullet=True) for one in DO), TEXT, aside=phone))
    blocks.append(Panel(say("stop_help_title"), tuple(Line(say(one), bullet=True) for one in HELP), TEXT, strong=True))
    return lay_out(blocks, sheet)


SAME_DAY = ("RF6",)
"""Flags that are looked at on the same day without being an emergency."""


def stop_sentence(flag: str, speech: Speech) -> str:
    """What must be looked at, in the patient's words."""
    key = f"stop_until_{flag.lower()}"
    return speech.say(key if key in speech.knowledge.wording[speech.language].text else "stop_until")
