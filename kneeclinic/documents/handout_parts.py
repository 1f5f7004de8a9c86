"""Every part of a handout, in one language and one size: cards, week, pain rule, tape or brace, running and diary."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from kneeclinic.documents import typeface
from kneeclinic.documents.diary_grid import DiaryGrid, DiaryRow
from kneeclinic.documents.exercise_card import CardStyle, ExerciseCard
from kneeclinic.documents.layout import Block, Row, Sheet, Words
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.pain_rule import Band, PainRule
from kneeclinic.documents.panels import LARGE_PRINT, Line, Panel, WeekDay, WeekStrip
from kneeclinic.documents.running_panel import running_panels
from kneeclinic.documents.speech import Speech
from kneeclinic.documents.worn_panels import device_panel, device_words, is_over, stop_panel, tape_panel, worn_panels
from kneeclinic.figures import exercise_scene
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.difference import Change, difference
from kneeclinic.progress.load import run_ceiling
from kneeclinic.progress.running_week import running_week
from kneeclinic.record import Case, ClinicProfile, LoadPlan, Program, ProgramItem
from kneeclinic.vocabulary import Paper, Units

STRIP = ("strength", "mobility", "balance", "run", "walk", "other_sport")
CHANGE_KINDS = ("new", "harder", "easier", "changed", "stopped")
USUAL_LIMIT = 2
"""Points of pain up to which the pain rule lets a patient go on."""
LONG_CLINIC = 34
"""Letters of a clinic's name that stand beside its number."""
LONG_PANEL = 1200
"""Letters from which a panel may go over to the next page."""


@dataclass(frozen=True)
class Style:
    """Sizes of one layout in points: cards, running text, columns, scale of the head, drawings of tape, gaps, rows of the diary."""

    card: CardStyle
    text: float
    columns: int
    scale: float
    figure: float
    leading: float = typeface.LEADING
    gap: float = 9
    margin: float = 34
    row: float = 20
    pad: float = 8


@dataclass(frozen=True)
class Parts:
    """Every part of the handout of one program, in one language, so that all layouts say the same."""

    case: Case
    program: Program
    knowledge: Knowledge
    speech: Speech
    today: date
    profile: ClinicProfile
    therapist: str

    @cached_property
    def stopped(self) -> bool:
        """Whether nothing is run or jumped today, whatever the program says: fluid in the knee or a flag."""
        return run_ceiling(self.case, self.knowledge, self.today).stop != ""

    @cached_property
    def load(self) -> LoadPlan | None:
        """The running of the program as it stands today."""
        plan = self.program.load
        if plan is None or not self.stopped:
            return plan
        return replace(plan, weekly_km=0.0, longest_run_km=None, runs_per_week=None, walk_run_stage=None, rest_days=(), cadence_cue="")

    def rests(self, item: ProgramItem) -> bool:
        """Whether an exercise is left out for now, because it lands on the leg while nothing is run or jumped."""
        return self.knowledge.exercise(item.exercise).impact and self.stopped

    @property
    def title(self) -> str:
        return self.speech.say("handout_head", week=self.case.episode.week_on(self.today), version=self.program.version)

    @property
    def first_name(self) -> str:
        """The first name as far as a font can write it, else the clinic number."""
        name = self.case.patient.given_name
        return typeface.writable(name) or self.case.patient.number

    def sheet(self, style: Style, paper: Paper) -> Sheet:
        say = self.speech.say
        sheet = letterhead(
            self.profile, self.title, subtitle="", language=self.speech.language,
            today=self.today, paper=paper, scale=style.scale, page_text=say("page_of", page="{page}", pages="{pages}"), margin=style.margin,
            right=(say("handout_for", name=self.first_name), say("therapist", name=self.therapist), self.speech.day(self.today)), name_first=True,
        )
        return replace(sheet, gap=style.gap)

    def blocks(self, style: Style) -> list[Block]:
        found: list[Block] = []
        if self.program.paused:
            found.append(Panel(self.speech.say("handout_title"), (Line(self.speech.say("program_paused")),), style.text, strong=True))
        found += self._changed(style)
        found.append(self.week_strip(style.text))
        cards = [self.card(item, style.card, number) for number, item in enumerate(self.program.items, start=1)]
        needs = self.speech.needs((self.knowledge.exercise(one.exercise) for one in self.program.items), self.case.patient.equipment)
        rest: list[Block] = [Words(needs, style.text, bold=True)] if needs else []
        rest += [self.pain_rule(style.text, stacked=style.text > LARGE_PRINT, leading=style.leading)]
        rest += self._in_pairs(self.supports(style) + self.running(style.text, style.leading, style.pad), style)
        if self.program.note:
            rest.append(Panel(self.speech.say("therapist_note"), (Line(self.program.note),), style.text, leading=style.leading, pad=style.pad))
        if style.card.beside is False:
            found += [*rest, *(replace(one, starts_page=True) for one in cards)]
        elif style.columns == 1:
            found += [*cards, *rest]
        else:
            rows = [cards[start:start + 2] for start in range(0, len(cards), 2)]
            found += [*(Row(tuple(row), 2, gap=style.gap) if len(row) == 2 else replace(row[0], wide=True) for row in rows), *rest]
        found.append(self.diary(min(style.text, 13), style.row))
        return [self._splittable(one) for one in found]

    def _in_pairs(self, panels: list[Panel], style: Style) -> list[Block]:
        """Short panels without much to say stand two by two where the layout has two columns; the others have its width."""
        wide = [one for one in panels if one.columns > 1 or style.columns == 1 or _letters(one) > LONG_PANEL / 2]
        narrow = [one for one in panels if one not in wide]
        pairs = [narrow[start:start + 2] for start in range(0, len(narrow), 2)]
        return [*wide, *(Row(tuple(pair), 2, gap=style.gap) if len(pair) == 2 else replace(pair[0], columns=2) for pair in pairs)]

    def _splittable(self, block: Block) -> Block:
        """A panel with very much in it has one column, so that it can go over to the next page."""
        return replace(block, columns=1) if isinstance(block, Panel) and _letters(block) > LONG_PANEL + 400 else block

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is not as in the version before; empty for the first version."""
        return difference(self.case.programs[-2], self.program, self.knowledge) if len(self.case.programs) > 1 else ()

    def _changed(self, style: Style) -> list[Block]:
        say = self.speech.say
        lines = []
        for kind in CHANGE_KINDS:
            named = [self._changed_name(one) for one in self.changes if one.kind == kind]
            if any(named):
                lines.append(Line(say(f"change_{kind}", name=", ".join(one for one in dict.fromkeys(named) if one))))
        if not lines:
            return []
        if style.columns == 1:
            return [Panel(say("what_changed"), tuple(lines), style.text, strong=True, leading=style.leading)]
        said = ".  ".join(one.words for one in lines)
        return [Panel("", (Line(f"{said}.", f"{say('what_changed')}:"),), style.text, strong=True, leading=style.leading, pad=style.pad - 2)]

    def _changed_name(self, change: Change) -> str:
        """The patient's word for what changed."""
        if change.what in self.knowledge.exercises:
            return self.speech.words(change.what).name
        return self.speech.say({"load": "running_title", "tape_patellar": "tape_title"}.get(change.what, f"{device_words(change.what)}_title"))

    def mark_of(self, item: ProgramItem) -> str:
        kinds = [one.kind for one in self.changes if one.what == item.exercise and one.kind != "stopped"]
        return self.speech.say(f"mark_{kinds[0]}") if kinds else ""

    def card(self, item: ProgramItem, style: CardStyle, number: int = 0) -> ExerciseCard:
        exercise, words = self.knowledge.exercise(item.exercise), self.speech.words(item.exercise)
        if self.rests(item):
            return self._resting(item, style, number)
        return ExerciseCard(
            name=words.name, leg=self.speech.leg(item.side, exercise.sided), dose=self.speech.dose(item.dose),
            dose_details=self.speech.dose_details(item), cues=words.cues, mistake=words.mistake, feel=words.feel,
            labels=(self.speech.say("common_mistake") + ":", self.speech.say("you_should_feel") + ":"),
            scene=exercise_scene(item.exercise, self.knowledge.poses, item.side.value), style=style, mark=self.mark_of(item),
            note=item.note, limit=self._limit(item), number=number,
            alt="" if self.speech.language == "en" else f"{words.name}: {' '.join(words.cues)}",
        )

    def _limit(self, item: ProgramItem) -> str:
        """How much an exercise may hurt where it is not what the pain rule says."""
        if item.pain_limit == USUAL_LIMIT:
            return ""
        return self.speech.say("pain_limit", limit=item.pain_limit) if item.pain_limit else self.speech.say("pain_limit_none")

    def _resting(self, item: ProgramItem, style: CardStyle, number: int) -> ExerciseCard:
        """The card of an exercise that is left out for now: its drawing and name, and that it waits."""
        words, say = self.speech.words(item.exercise), self.speech.say
        return ExerciseCard(
            name=words.name, leg="", dose=say("not_now"), dose_details=(), cues=(), mistake="", feel="", labels=("", ""), note=say("not_now_what"),
            scene=exercise_scene(item.exercise, self.knowledge.poses, item.side.value), style=style, number=number,
            alt="" if self.speech.language == "en" else words.name,
        )

    def week_strip(self, size: float) -> Block:
        """What is due on which day; in large print a list, because seven columns cannot hold large letters."""
        say = self.speech.say
        first, runs = self.profile.week_start, self._runs()
        days = []
        for day in ((first + one) % 7 for one in range(7)):
            things = [runs[day] if kind == "run" and runs.get(day) else say(f"week_{kind}")
                      for kind in STRIP if self._does(kind, day) or (kind == "run" and day in runs)]
            days.append(WeekDay(say(f"day_short_{day}"), tuple(things) or (say("week_rest"),), rest=not things))
        if size > LARGE_PRINT:
            return Panel(say("week_title"), tuple(Line(", ".join(one.things), f"{one.name}:") for one in days), size, columns=2)
        return WeekStrip(say("week_title"), tuple(days), min(size, 12))

    def _runs(self) -> dict[int, str]:
        """Day of each run of the plan to what the strip says of it, with its distance where there is one."""
        if self.load is None:
            return {}
        word = self.speech.say("week_run")
        return {
            one.day: f"{word} {self.speech.one_run(one.km)}" if one.km else word
            for one in running_week(self.load, self.knowledge, self.program.items) if one.kind == "run"
        }

    def _does(self, kind: str, day: int) -> bool:
        return any(day in item.planned_days and self._kind(item) == kind and not self.rests(item) for item in self.program.items)

    def _kind(self, item: ProgramItem) -> str:
        """Under which word of the week strip an exercise stands."""
        exercise = self.knowledge.exercise(item.exercise)
        if exercise.category == "gait and load":
            return "run" if exercise.impact else "walk" if item.exercise == "walk_base" else "other_sport"
        kinds = {"flexibility": "mobility", "soft tissue": "mobility", "neuromuscular control": "balance"}
        return kinds.get(exercise.category, "strength")

    def pain_rule(self, size: float, stacked: bool, leading: float = typeface.LEADING) -> PainRule:
        say = self.speech.say
        bands = tuple(Band(shape, say(f"pain_{key}_range"), say(f"pain_{key}_name"), say(f"pain_{key}_what"))
                      for shape, key in (("circle", "go_on"), ("square", "keep"), ("triangle", "step_back")))
        return PainRule(say("pain_rule_title"), (bands[0], bands[1], bands[2]), say("stop_and_call"), say("call_emergency"), self.call(), size,
                        stacked, leading)

    def call(self) -> str:
        """Whom to call; a clinic's name is shortened before its number is."""
        name = self.profile.name if len(self.profile.name) <= LONG_CLINIC else f"{self.profile.name[:LONG_CLINIC].rstrip()}…"
        return self.speech.say("call_whom", clinic=name, phone=self.profile.phone) if self.profile.phone else ""

    def supports(self, style: Style) -> list[Panel]:
        found: list[Panel] = []
        tape, speech = self.program.tape, self.speech
        over = [one for one in (*((tape,) if tape else ()), *self.program.devices) if is_over(one, self.today)]
        found += [stop_panel(one, speech, style.text, style.leading, style.pad) for one in over]
        if tape is not None and tape not in over:
            found.append(tape_panel(tape, speech, style.text, style.figure, style.columns, style.leading, style.pad))
        return found + [device_panel(one, speech, style.text, style.figure, style.leading, style.pad) for one in self.program.devices
                        if one not in over]

    def in_words(self, size: float) -> list[Panel]:
        """Tape and devices with all their steps, for a place without room for drawings."""
        return self.supports(Style(CardStyle(size, size, size, size), size, 1, 1.0, 0))

    def worn(self, size: float) -> list[Panel]:
        """Tape and devices in the fewest words."""
        return worn_panels(self.program, self.speech, size, self.today)

    def running(self, size: float, leading: float = typeface.LEADING, pad: float = 8) -> list[Panel]:
        return running_panels(self.load, self.speech, size, leading, pad)

    def diary_code(self) -> str:
        """Program, version and ISO week; no name."""
        year, week, _ = (self._diary_begins() + timedelta(days=3)).isocalendar()
        return f"KC1;{self.program.id};{self.program.version};{year}-W{week:02d}"

    def _diary_begins(self) -> date:
        """The first day of this week; of the next one when at most two days of this are left."""
        gone = (self.today.weekday() - self.profile.week_start) % 7
        return self.today + timedelta(days=(7 if gone > 4 else 0) - gone)

    def _short_day(self, on: date) -> str:
        return self.speech.say("date_short", day=on.day, month=self.speech.say(f"month_short_{on.month}"))

    def diary(self, size: float, row: float) -> DiaryGrid:
        say, first = self.speech.say, self.profile.week_start
        rows = [
            DiaryRow(item.exercise, self.speech.words(item.exercise).name, tuple((day - first) % 7 for day in item.days), number=number)
            for number, item in enumerate(self.program.items, start=1) if not self.rests(item)
        ]
        rows += [DiaryRow("pain_worst", say("worst_pain"), written=True), DiaryRow("pain_next_morning", say("next_morning"), written=True)]
        if self.program.tape is not None and not is_over(self.program.tape, self.today):
            rows.append(DiaryRow("tape_worn", say("tape_worn"), written=True))
        if self.program.load is not None:
            rows.append(DiaryRow("km", say("run_distance_miles" if self.speech.units is Units.IMPERIAL else "run_distance_km"), written=True))
        begins = self._diary_begins()
        days = tuple(f"{say(f'day_short_{(first + one) % 7}')} {(begins + timedelta(days=one)).day}" for one in range(7))
        title = f"{say('diary_title')}  ·  {say('diary_week_of', date=self._short_day(begins))}"
        how = " ".join(say(key) for key in ("diary_how", "diary_pain_how", "bring_this_sheet"))
        return DiaryGrid(title, tuple(rows), days, self.diary_code(), how, size, row)


def _letters(panel: Panel) -> int:
    return sum(len(one.words) for one in panel.lines)
