"""The words of the trade: closed sets, limited numbers and the small error tree that every room shares."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NO_SIDE = "none"


class KneeClinicError(Exception):
    """Anything the product says no to; the message tells what is wrong, where, and what to do."""


class Refused(KneeClinicError):
    """What was entered cannot be accepted (limit, date order, unknown id); nothing was stored."""


class NotAllowed(KneeClinicError):
    """The person signed in may not do this."""


class NotFound(KneeClinicError):
    """The record, measure, exercise or file that was named does not exist."""


class Conflict(KneeClinicError):
    """Somebody else changed the record first; nothing was overwritten."""


class Side(StrEnum):
    """Which knee a value belongs to; `none` = the person."""

    LEFT = "left"
    RIGHT = "right"
    NONE = NO_SIDE

    @property
    def opposite(self) -> Side:
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.NONE: Side.NONE}[self]


class AffectedSide(StrEnum):
    """Which knee an episode treats, or which leg an exercise is for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def sides(self) -> tuple[Side, ...]:
        if self is AffectedSide.BOTH:
            return (Side.LEFT, Side.RIGHT)
        return (Side(self.value),)


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Units(StrEnum):
    METRIC = "metric"
    IMPERIAL = "imperial"


class Role(StrEnum):
    LEAD = "lead"
    CLINICIAN = "clinician"
    ASSISTANT = "assistant"
    FRONT_DESK = "front_desk"
    READ_ONLY = "read_only"


class VisitKind(StrEnum):
    FIRST = "first"
    FOLLOW_UP = "follow_up"
    WEEKLY = "weekly"
    DISCHARGE = "discharge"


class VisitState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


class EpisodeStatus(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    DISCHARGED = "discharged"
    DROPPED_OUT = "dropped_out"
    REFERRED = "referred"


class CauseGroup(StrEnum):
    """The five cause groups of the history section; several may be ticked, one is primary."""

    OVERUSE = "overuse"
    TRAUMA = "trauma"
    MALALIGNMENT = "malalignment"
    FOOT = "foot"
    MUSCLE = "muscle"


class Standing(StrEnum):
    """How sure a fact is: checked against its source, common practice, or chosen by the product."""

    CHECKED = "checked"
    COMMON_PRACTICE = "common-practice"
    PRODUCT_DEFAULT = "product-default"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class MeasureKind(StrEnum):
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    FLAG = "flag"
    SCORE = "score"
    TEXT = "text"


class MeasureSides(StrEnum):
    EACH = "each"
    NONE = NO_SIDE


class Stress(StrEnum):
    """Load on the joint behind the kneecap, four steps."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return list(Stress).index(self)


class FlagLevel(StrEnum):
    """What a red flag does: emergency and refer block the program, limit takes out impact, inform is shown."""

    EMERGENCY = "emergency"
    REFER = "refer"
    LIMIT = "limit"
    INFORM = "inform"

    @property
    def blocks(self) -> bool:
        return self in (FlagLevel.EMERGENCY, FlagLevel.REFER)


class SuggestionKind(StrEnum):
    EXERCISE = "exercise"
    SUPPORT = "support"
    LOAD = "load"
    ADVICE = "advice"
    REFER = "refer"


class Precedence(StrEnum):
    RED_FLAG = "red_flag"
    IRRITABILITY = "irritability"
    IMPAIRMENT = "impairment"
    ADJUNCT = "adjunct"


class Verdict(StrEnum):
    BETTER = "better"
    POSSIBLY_BETTER = "possibly_better"
    NO_REAL_CHANGE = "no_real_change"
    POSSIBLY_WORSE = "possibly_worse"
    WORSE = "worse"
    NOT_JUDGED = "not_judged"


class Decision(StrEnum):
    """What a weekly review may decide."""

    PROGRESS = "progress"
    HOLD = "hold"
    REGRESS = "regress"
    REASSESS = "reassess"
    REFER = "refer"
    DISCHARGE = "discharge"
    STOP_SUPPORT = "stop_support"


class CheckInSource(StrEnum):
    TOLD = "told"
    PHONE = "phone"
    PAPER = "paper"
    PHOTO = "photo"


class PlannedState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class TapeComponent(StrEnum):
    GLIDE = "glide"
    TILT = "tilt"
    ROTATION = "rotation"
    AP_TILT = "ap_tilt"


class DocumentKind(StrEnum):
    HANDOUT = "handout"
    STOP_SHEET = "stop_sheet"
    REVIEW_SHEET = "review_sheet"
    REVIEW_PACK = "review_pack"
    PROGRESS_REPORT = "progress_report"
    REFERRAL_LETTER = "referral_letter"
    DISCHARGE_SUMMARY = "discharge_summary"
    VISIT_NOTE = "visit_note"
    ASSESSMENT_FORM = "assessment_form"


class Layout(StrEnum):
    STANDARD = "standard"
    LARGE = "large"
    SINGLE = "single"
    POCKET = "pocket"


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


LANGUAGES = ("en", "es")
EQUIPMENT = (
    "floor", "chair", "wall", "step", "towel", "strap", "loop_band", "ball", "roller",
    "dumbbell", "bench", "box", "long_band", "ankle_weight", "machine", "bike", "treadmill",
    "pool", "metronome", "decline_board", "bfr_cuff", "barbell", "route",
)
HOME_EQUIPMENT = ("floor", "chair", "wall", "step", "towel", "strap", "loop_band", "ball", "roller", "route")
DEFAULT_MINUTES_A_DAY = 20


@dataclass(frozen=True)
class LimitedNumber:
    """A number a person may type: `hard` refuses, `soft` asks; `reason` says why the limit is there."""

    name: str
    unit: str
    hard: tuple[float, float]
    soft: tuple[float, float]
    reason: str
    integer: bool = False

    def refusal(self, value: float) -> str | None:
        """One sentence when `value` is outside the hard limits or not a number, else None."""
        low, high = self.hard
        if value != value or not low <= value <= high:
            highest = f"{high:g}" if self.unit.startswith("/") else self._told(high)
            return f"{self.name}: {self._told(value)} is not allowed; enter {low:g} to {highest}."
        if self.integer and value != int(value):
            return f"{self.name}: {value:g} is not a whole number."
        return None

    def question(self, value: float) -> str | None:
        """One sentence when `value` is allowed but unusual, else None."""
        low, high = self.soft
        if low <= value <= high:
            return None
        return f"{self.name}: {self._told(value)} is unusual ({low:g} to {high:g} expected). Is it right?"

    def _told(self, value: float) -> str:
        return f"{value:g}{self.unit}" if self.unit.startswith("/") else f"{value:g} {self.unit}".rstrip()


AGE_YEARS = LimitedNumber("Age", "years", (8, 100), (12, 60), "A child under 8 is outside the knowledge of this product.")
SESSION_MINUTES = LimitedNumber("Minutes", "min", (0, 300), (5, 90), "Longer than five hours is a typing error.")
SETS = LimitedNumber("Sets", "", (1, 10), (1, 5), "More than ten sets is a typing error.", integer=True)
REPS = LimitedNumber("Repetitions", "", (1, 100), (3, 30), "More than a hundred is a typing error.", integer=True)
HOLD_SECONDS = LimitedNumber("Hold", "s", (0, 300), (0, 60), "Longer than five minutes is a typing error.")
DAYS_PER_WEEK = LimitedNumber("Sessions a week", "", (1, 14), (2, 7), "Twice a day is the most.", integer=True)
PAIN = LimitedNumber("Pain", "/10", (0, 10), (0, 10), "The scale runs from 0 to 10.", integer=True)
KM_WEEK = LimitedNumber("Kilometres a week", "km", (0, 300), (0, 120), "More than 300 km a week is a typing error.")
KM_RUN = LimitedNumber("Distance", "km", (0, 200), (0, 45), "More than 200 km in one run is a typing error.")
LOAD_KG = LimitedNumber("Load", "kg", (0, 300), (0, 100), "More than 300 kg is a typing error.")


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def new_id() -> str:
    """A fresh opaque id: 20 hexadecimal characters, 80 random bits."""
    return secrets.token_hex(10)
