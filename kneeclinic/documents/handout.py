"""The sheet that a patient takes home: what to do, how often, when to stop, and a diary to bring back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneeclinic.documents import typeface
from kneeclinic.documents.diary_grid import DiaryGrid, DiaryRow
from kneeclinic.documents.exercise_card import LARGE, SINGLE, STANDARD, CardStyle, ExerciseCard
from kneeclinic.documents.layout import Block, Row, Sheet, Words, lay_out
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.pain_rule import Band, PainRule
from kneeclinic.documents.panels import Line, Panel, WeekDay, WeekStrip
from kneeclinic.documents.pocket import pocket_pdf
from kneeclinic.documents.speech import Speech
from kneeclinic.figures import exercise_scene, support_scene, tape_scene
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.difference import difference
from kneeclinic.record import Case, ClinicProfile, Program, ProgramItem
from kneeclinic.vocabulary import Layout, NotFound, Paper, Side

CHANGE_KINDS = ("new", "harder", "easier", "changed", "stopped")


@dataclass(frozen=True)
class Style:
    """Sizes of one layout: cards, running text, columns, scale of the head."""

    card: CardStyle
    text: float
    columns: int
    scale: float
    figure: float


STYLES = {
    Layout.STANDARD: Style(STANDARD, 9.5, 2, 1.0, 92),
    Layout.LARGE: Style(LARGE, 18, 1, 1.7, 170),
    Layout.SINGLE: Style(SINGLE, 12, 1, 1.2, 120),
}


def handout_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str, language: str = "",
                layout: Layout = Layout.STANDARD, paper: Paper | None = None) -> bytes:
    """The handout of the current program as PDF bytes (invariant: same input, same bytes).

    `language` defaults to the patient's, `paper` to the clinic's. Raises NotFound when the episode has no program yet.
    """
    program = case.program
    if program is None:
        raise NotFound("This episode has no program yet: save one on the program page, then print the handout.")
    speech = Speech(knowledge, language or case.patient.language, case.patient.units)
    parts = Parts(case, program, knowledge, speech, today, profile, therapist)
    if layout is Layout.POCKET:
        return pocket_pdf(parts, paper or profile.paper)
    style = STYLES[layout]
    return lay_out(parts.blocks(style), parts.sheet(style, paper or profile.paper))


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

    @property
    def title(self) -> str:
        return self.speech.say("handout_title", week=self.case.episode.week_on(self.today), version=self.program.version)

    @property
    def first_name(self) -> str:
        """The first name as far as a font can write it, else the clinic number."""
        name = self.case.patient.given_name
        return typeface.writable(name) or self.case.patient.number

    def sheet(self, style: Style, paper: Paper) -> Sheet:
        say = self.speech.say
        return letterhead(
            self.profile, self.title, subtitle=say("handout_for", name=self.first_name), language=self.speech.language,
            today=self.today, paper=paper, scale=style.scale, page_text=say("page_of", page="{page}", pages="{pages}"),
            right=(say("therapist", name=self.therapist), self.speech.day(self.today)),
        )

    def blocks(self, style: Style) -> list[Block]:
        found: list[Block] = []
        if self.program.paused:
            found.append(Panel(self.speech.say("paused_title"), (Line(self.speech.say("paused")),), style.text, strong=True))
        found += self._changed(style)
        found.append(self.week_strip(style.text))
        cards = [self.card(item, style.card) for item in self.program.items]
        if style.columns == 1:
            if style.card is SINGLE:
                cards = [self.card(item, style.card, starts_page=number > 0) for number, item in enumerate(self.program.items)]
            found += cards
        else:
            found += [Row(tuple(cards[start:start + 2]), 2, gap=9) for start in range(0, len(cards), 2)]
        found.append(self.pain_rule(style.text, stacked=style.text > 14))
        found += self.supports(style)
        running = self.running(style.text)
        if running is not None:
            found.append(running)
        if self.program.note:
            found.append(Panel(self.speech.say("note_title"), (Line(self.program.note),), style.text))
        found.append(self.diary(min(style.text, 13)))
        return [self._splittable(one, style) for one in found]

    def _splittable(self, block: Block, style: Style) -> Block:
        """A note as long as a page becomes plain words that can go over to the next page."""
        if isinstance(block, Panel) and not block.scenes and sum(len(one.words) for one in block.lines) > 1200:
            return Words(f"{block.title}\n" + "\n".join(one.words for one in block.lines), style.text)
        return block

    def changes(self) -> tuple[tuple[str, str], ...]:
        """(kind, exercise id) of what is not as in the version before; empty for the first version."""
        if len(self.case.programs) < 2:
            return ()
        found = difference(self.case.programs[-2], self.program, self.knowledge)
        return tuple((one.kind, one.what) for one in found if one.what in self.knowledge.exercises)

    def _changed(self, style: Style) -> list[Block]:
        lines = [
            Line(", ".join(self.speech.words(what).name for kind, what in self.changes() if kind == wanted), self.speech.say(f"change_{wanted}") + ":")
            for wanted in CHANGE_KINDS if any(kind == wanted for kind, _ in self.changes())
        ]
        return [Panel(self.speech.say("what_changed"), tuple(lines), style.text, strong=True)] if lines else []

    def mark_of(self, item: ProgramItem) -> str:
        kinds = [kind for kind, what in self.changes() if what == item.exercise and kind != "stopped"]
        return self.speech.say(f"mark_{kinds[0]}") if kinds else ""

    def card(self, item: ProgramItem, style: CardStyle, starts_page: bool = False) -> ExerciseCard:
        exercise, words = self.knowledge.exercise(item.exercise), self.speech.words(item.exercise)
        return ExerciseCard(
            name=words.name, leg=self.speech.leg(item.side, exercise.sided), dose=self.speech.dose(item.dose),
            dose_details=self.speech.dose_details(item), cues=words.cues, mistake=words.mistake, feel=words.feel,
            labels=(self.speech.say("common_mistake"), self.speech.say("you_should_feel")),
            scene=exercise_scene(item.exercise, self.knowledge.poses, item.side.value), style=style, mark=self.mark_of(item),
            note=item.note, starts_page=starts_page,
        )

    def week_strip(self, size: float) -> WeekStrip:
        say = self.speech.say
        first = self.profile.week_start
        days = []
        for day in ((first + one) % 7 for one in range(7)):
            things = [say(f"strip_{kind}") for kind in ("strength", "mobility", "run") if self._does(kind, day)]
            days.append(WeekDay(say(f"day_short_{day}"), tuple(things) or (say("strip_rest"),), rest=not things))
        return WeekStrip(say("week_strip"), tuple(days), min(size, 12))

    def _does(self, kind: str, day: int) -> bool:
        kinds = {"flexibility": "mobility", "soft tissue": "mobility", "gait and load": "run"}
        return any(day in item.planned_days and kinds.get(self.knowledge.exercise(item.exercise).category, "strength") == kind
                   for item in self.program.items)

    def pain_rule(self, size: float, stacked: bool) -> PainRule:
        say = self.speech.say
        bands = tuple(Band(shape, say(f"pain_{key}_range"), say(f"pain_{key}_name"), say(f"pain_{key}_do"))
                      for shape, key in (("circle", "go_on"), ("square", "keep"), ("triangle", "step_back")))
        return PainRule(say("pain_title"), (bands[0], bands[1], bands[2]), say("stop_and_call"),
                        say("call_whom", clinic=self.profile.name), self.profile.phone, size, stacked)

    def supports(self, style: Style) -> list[Block]:
        say, tape = self.speech.say, self.program.tape
        found: list[Block] = []
        if tape is not None:
            lines = [Line(say(f"tape_direction_{one.value}"), say(f"tape_{one.value}") + ":", bullet=True) for one in tape.components]
            if tape.direction:
                lines.append(Line(tape.direction, say("tape_pull") + ":", bullet=True))
            lines.append(Line(tape.wear or say("tape_wear"), say("wear") + ":", bullet=True))
            if tape.note:
                lines.append(Line(tape.note, bullet=True))
            lines.append(Line(say("tape_off_if"), say("take_off_if") + ":", bullet=True))
            lines.append(Line(self.speech.day(tape.stop_on), say("stop_date") + ":", bullet=True))
            sides = tape.side.sides
            scenes = tuple(tape_scene(one.value, side.value) for side in sides[:1] for one in tape.components[:2])
            found.append(Panel(f"{say('tape_title')} – {self.speech.knee(tape.side)}", tuple(lines), style.text, scenes, style.figure))
        for device in self.program.devices:
            lines = [Line(device.reason, say("why") + ":", bullet=True)] if device.reason else []
            lines.append(Line(device.wear or say(f"wear_{device.device}"), say("wear") + ":", bullet=True))
            if device.note:
                lines.append(Line(device.note, bullet=True))
            lines.append(Line(self.speech.day(device.stop_on), say("stop_date") + ":", bullet=True))
            side = device.side.sides[0] if device.side.sides else Side.RIGHT
            found.append(Panel(f"{say(f'support_{device.device}')} – {self.speech.knee(device.side)}", tuple(lines), style.text,
                               (support_scene(device.device, side.value),), style.figure * 0.8))
        return found

    def running(self, size: float) -> Panel | None:
        load, say = self.program.load, self.speech.say
        if load is None:
            return None
        lines: list[Line] = []
        if load.weekly_km is not None:
            lines.append(Line(self.speech.distance(load.weekly_km), say("run_week_total") + ":", bullet=True))
        if load.longest_run_km is not None:
            lines.append(Line(self.speech.distance(load.longest_run_km), say("run_longest") + ":", bullet=True))
        stage = next((one for one in self.knowledge.running.stages if one.stage == load.walk_run_stage), None)
        if stage is not None:
            key = "run_stage" if stage.walk_min else "run_stage_continuous"
            lines.append(Line(say(key, run=f"{stage.run_min:g}", walk=f"{stage.walk_min:g}", times=stage.repeats),
                              say("run_stage_label", stage=stage.stage) + ":", bullet=True))
        if load.runs_per_week is not None:
            lines.append(Line(str(load.runs_per_week), say("runs_a_week") + ":", bullet=True))
        if load.rest_days:
            lines.append(Line(", ".join(say(f"day_{one}") for one in sorted(load.rest_days)), say("rest_days") + ":", bullet=True))
        for key, words in (("cross_training", load.cross_training), ("cadence", load.cadence_cue), ("shoes", load.footwear_note), ("note_title", load.note)):
            if words:
                lines.append(Line(words, say(key) + ":", bullet=True))
        return Panel(say("running_title"), tuple(lines), size) if lines else None

    def diary_code(self) -> str:
        """Program, version and ISO week; no name."""
        year, week, _ = self.today.isocalendar()
        return f"KC1;{self.program.id};{self.program.version};{year}-W{week:02d}"

    def diary(self, size: float) -> DiaryGrid:
        say, first = self.speech.say, self.profile.week_start
        rows = [
            DiaryRow(item.exercise, self.speech.words(item.exercise).name,
                     tuple((day - first) % 7 for day in item.days))
            for item in self.program.items
        ]
        rows += [DiaryRow("pain_worst", say("diary_worst_pain"), written=True, hint="0-10"),
                 DiaryRow("pain_next_morning", say("diary_next_morning"), written=True, hint="0-10")]
        if self.program.tape is not None:
            rows.append(DiaryRow("tape_worn", say("diary_tape"), written=True))
        if self.program.load is not None:
            rows.append(DiaryRow("km", say("diary_distance_mi" if self.speech.units.value == "imperial" else "diary_distance_km"), written=True))
        days = tuple(say(f"day_short_{(first + one) % 7}") for one in range(7))
        return DiaryGrid(say("diary_title"), tuple(rows), days, self.diary_code(), say("diary_how") + " " + say("bring_this_sheet"), size)
