"""The shape of every knowledge file: one pydantic model an entry, unknown fields refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kneeclinic.vocabulary import (
    Better,
    Decision,
    FlagLevel,
    MeasureKind,
    MeasureSides,
    Precedence,
    Standing,
    Stress,
    SuggestionKind,
    VisitKind,
)

Grade = Literal["A", "B", "C", "D", "E", "F", "none"]
Op = Literal["<", "<=", ">", ">=", "==", "!=", "in"]
Scoring = Literal["", "sum", "mean", "koos", "lefs"]
"""Every scoring function there is. sum: all points added; mean: mean of the answered items; koos: 100 minus 25 times the mean of the answered
items; lefs: sum scaled up from the answered items to all of them."""

Text = Annotated[str, Field(pattern=r"\S")]
"""What must be said, so it may not be blank."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Entry(Strict):
    """Every fact has an id, a source (id in sources.toml) and a standing."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    source: Text
    standing: Standing


class Edition(Strict):
    edition: Text
    date: date
    reviewed_by: str = ""
    changes: tuple[str, ...] = ()


class Source(Strict):
    """Where a fact was found. `seen`: was the source itself read, or only what others say of it."""

    id: Text
    title: Text
    authors: str = ""
    year: int | None = None
    where: str = ""
    seen: Literal["itself", "summary", "not seen"] = "not seen"
    note: str = ""


class Item(Strict):
    """One question of a questionnaire, with our own short label and the points that it allows (best first)."""

    label: Text
    allowed: tuple[float, ...]
    labels: tuple[str, ...] = ()
    """Own short label for each allowed point, same order as `allowed`; may be empty."""


class Band(Strict):
    """A named range of a score or number, both ends included."""

    low: float
    high: float
    label: Text


class Measure(Entry):
    """The unit of assessment: one entry drives form, validation, flowsheet, chart, verdict, export and rules."""

    label: Text
    short: str = ""
    section: Text
    kind: MeasureKind
    sides: MeasureSides
    unit: str = ""
    choices: tuple[str, ...] = ()
    choice_labels: tuple[str, ...] = ()
    ordered: bool = False
    """The choices stand in rising order, so that a rule may ask for `>=` one of them."""
    better: Better = Better.NEITHER
    hard: tuple[float, float] | None = None
    soft: tuple[float, float] | None = None
    limit_reason: str = ""
    sdc: float | None = None
    """Smallest detectable change; without it a change is never more than a possible one. `mic`: smallest change that matters."""
    mic: float | None = None
    sdc_percent: float | None = None
    """Smallest detectable change as a per cent of the first value, where the noise grows with the value."""
    change_source: str = ""
    """Source id of sdc and mic; where the two have different ones, `note` tells."""
    how: str = ""
    items: tuple[Item, ...] = ()
    scoring: Scoring = ""
    min_answered: int | None = None
    bands: tuple[Band, ...] = ()
    derived: bool = False
    decimals: int = 0
    aliases: tuple[str, ...] = ()
    visit_kinds: tuple[VisitKind, ...] = ()
    """Which visit templates show it; empty = only when asked for, and every derived measure."""
    code: str = ""
    note: str = ""


class Section(Strict):
    """A part of the assessment form, in the order of the form."""

    id: Text
    label: Text
    hint: str = ""


class DoseDefault(Strict):
    """The dose an exercise starts with; None = does not apply. `sets_max`, `reps_max`, `hold_s_max`, `minutes_max` = upper end of a range.

    Sets with a hold and no repetitions are holds: 3 x 30 s. `tempo` is seconds to lower, hold and lift, as in "3-0-1".
    """

    sets: int | None = None
    sets_max: int | None = None
    reps: int | None = None
    reps_max: int | None = None
    hold_s: float | None = None
    hold_s_max: float | None = None
    minutes: float | None = None
    minutes_max: float | None = None
    days_per_week: int
    days_per_week_max: int | None = None
    tempo: str = ""


class Exercise(Entry):
    """Facts of one exercise; the words a patient reads (name, cues, mistake, feel) are in the wording files."""

    category: Literal[
        "hip strength", "knee strength", "core", "flexibility", "soft tissue", "foot and ankle",
        "neuromuscular control", "gait and load",
    ]
    target: Text
    trains: Text
    """One word for what it trains; two exercises with the same word are not put in one program (e.g. hip_abductors)."""
    position: Text
    equipment: tuple[str, ...] = ()
    """Everything that must be there, from vocabulary.EQUIPMENT."""
    any_equipment: tuple[str, ...] = ()
    """At least one of these must be there too (a ball or a roller); () = nothing to choose."""
    optional_equipment: tuple[str, ...] = ()
    dose: DoseDefault
    sided: bool
    """Done one leg at a time."""
    rounds: int = Field(default=1, ge=1, le=4)
    """How often the repetitions are done in one set: 2 = once to each side or each way, 3 = once in each of three directions."""
    weight_bearing: Literal["no", "part", "yes"]
    knee_range: tuple[float, float] | None = None
    stress: Stress
    impact: bool = False
    kneeling: bool = False
    deep_squat: bool = False
    rolling: bool = False
    clinic_only: bool = False
    level: int = Field(ge=1, le=20)
    """1 = easiest; rises along `harder`, falls along `easier`; compares exercises of one ladder only."""
    phase_from: int = Field(ge=0, le=4)
    harder: tuple[str, ...] = ()
    easier: tuple[str, ...] = ()
    end: Literal["", "easiest", "hardest", "alone"] = ""
    """States an end of the ladder: no easier, no harder, or neither."""
    caution: str = ""

    def possible_with(self, equipment: Collection[str]) -> bool:
        """Whether this can be done with what is there: everything of `equipment` and, where named, one of `any_equipment`."""
        return set(self.equipment) <= set(equipment) and (not self.any_equipment or bool(set(self.any_equipment) & set(equipment)))


class Support(Entry):
    """Tape, brace, strap, orthosis, footwear."""

    label: Text
    kind: Literal["tape", "brace", "orthosis", "footwear"]
    guideline: Text
    """What the guideline says, own words."""
    grade: Grade
    recommended: bool
    other_view: str = ""
    """Where the article the product starts from says otherwise."""
    components: tuple[str, ...] = ()
    directions: dict[str, str] = Field(default_factory=dict)
    """For tape: component to direction of pull, own words."""
    steps: tuple[str, ...] = ()
    skin: tuple[str, ...] = ()
    wear: str = ""
    wear_in: tuple[str, ...] = ()
    retest: str = ""
    stop_weeks: int | None = None
    stop_if: tuple[str, ...] = ()


class TemplateItem(Strict):
    exercise: Text
    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    minutes: float | None = None
    days_per_week: int | None = None


class Template(Entry):
    label: Text
    description: Text
    phase: int = Field(ge=0, le=4)
    items: tuple[TemplateItem, ...]


class Phase(Entry):
    number: int = Field(ge=0, le=4)
    label: Text
    weeks: Text
    content: Text
    enter: tuple[str, ...]
    progress: tuple[str, ...]
    hold: tuple[str, ...]
    thresholds: dict[str, float] = Field(default_factory=dict)
    base: tuple[str, ...] = ()
    """Exercises that a program of this phase falls back on where the findings suggest no hip or no knee strength exercise."""


class Condition(Strict):
    """One comparison over a measure (plain or derived). `side`: affected, other, any, or none for a value of the person."""

    measure: Text
    side: Literal["affected", "other", "any", "none"] = "none"
    op: Op
    value: float | str | tuple[float | str, ...]


class When(Strict):
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


class RedFlag(Entry):
    """One row of a red flag; several rows may share an id, the highest level that is true counts."""

    level: FlagLevel
    when: When
    title: Text
    action: Text
    """What to do, own words, one sentence."""
    same_knee: bool = False
    """All conditions that look at either knee must hold on one and the same knee."""
    function: str = ""
    """Named extra condition in rules/red_flags.py where plain comparisons cannot say it."""


class Advice(Entry):
    """Plain advice without an exercise: id, kind, and the sentence."""

    kind: Literal["advice", "refer", "load", "support", "avoid"]
    label: Text
    text: Text
    patient_text: str = ""
    impact: bool = False
    """Asks for running or jumping, so it waits for its phase as they do."""
    about: tuple[str, ...] = ()
    """Exercises or supports it speaks of: when all of them are to be avoided, it is not said."""
    stops_running: bool = False
    """While it is said there is no running; what it is about must be settled first."""
    for_runs: bool = False
    """A word for runs that are done anyway: not said while there is no running."""


class Gives(Strict):
    kind: SuggestionKind
    items: tuple[str, ...]


class Removal(Strict):
    """What is taken out: named items, or everything with a property."""

    items: tuple[str, ...] = ()
    impact: bool = False
    kneeling: bool = False
    deep_squat: bool = False
    rolling: bool = False
    weight_bearing: bool = False
    """Everything that is done standing on the leg."""
    stress_at_least: Stress | None = None
    because: Text


class Rule(Entry):
    """One row of a suggestion rule; several rows may share an id. `instead`: item to the items that replace it."""

    id: str = Field(pattern=r"^[A-Z]{1,3}\d\d$")
    row: str = ""
    title: Text
    precedence: Precedence
    grade: Grade
    when: When
    function: str = ""
    gives: tuple[Gives, ...] = ()
    avoid: tuple[Removal, ...] = ()
    instead: dict[str, str] = Field(default_factory=dict)
    yields_to: tuple[str, ...] = ()
    """Rules that silence this row when they fire."""
    every_side: bool = False
    """Must hold on every affected knee, because what it gives loads both legs."""
    at_start: bool = False
    """Looks at the first value of each measure, not the newest."""
    weaker_side_of: str = ""
    """A measure of each leg whose lower value names the leg to treat, where the row itself looks at both at once."""
    for_current_runs: bool = False
    """Changes the running that the patient does already, so it is not held back until phase 3."""
    why: Text


class Precaution(Entry):
    """A finding that takes things out of every suggestion."""

    when: When
    avoid: tuple[Removal, ...] = ()
    asks: str = ""


class ReviewRule(Entry):
    """One row of the weekly review, read in `order`; the first that matches decides. `added`: joined to any decision."""

    order: int
    added: bool = False
    title: Text
    decision: Decision
    thresholds: dict[str, float] = Field(default_factory=dict)
    then: Text


class RunStage(Entry):
    """One stage of the walk-run table: minutes of running and walking, times."""

    stage: int = Field(ge=1, le=8)
    run_min: float
    walk_min: float
    repeats: int
    total_min: float


class PainZone(Entry):
    zone: Literal["green", "amber", "red"]
    low: float
    high: float
    next_morning: Text
    action: Text


class RunningFacts(Strict):
    """Thresholds of running load, one entry a fact."""

    stages: tuple[RunStage, ...]
    thresholds: tuple[Threshold, ...]


class Threshold(Entry):
    label: Text
    value: float
    unit: str = ""


class Education(Entry):
    """A short message for the patient; the words are in the wording files under `education.ID`."""

    topic: Text
    phases: tuple[int, ...] = (0, 1, 2, 3, 4)


class ExerciseWords(Strict):
    """What a patient reads about an exercise, in one language, grade 6 or below."""

    name: Text
    cues: tuple[str, ...] = Field(min_length=3, max_length=5)
    mistake: Text
    feel: Text


class Wording(Strict):
    """All sentences of one language that reach a patient. `text`: key to sentence, may hold {fields}."""

    language: Text
    exercises: dict[str, ExerciseWords]
    education: dict[str, str] = Field(default_factory=dict)
    text: dict[str, str]
