"""The sheet that a patient takes home: what to do, how often, when to stop, and a diary to bring back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kneeclinic.documents import typeface
from kneeclinic.documents.diary_grid import DiaryGrid, DiaryRow
from kneeclinic.documents.exercise_card import LARGE, SINGLE, STANDARD, CardStyle, ExerciseCard
from kneeclinic.documents.layout import Block, Heights, Row, Sheet, Words, lay_out, paged
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.pain_rule import Band, PainRule
from kneeclinic.documents.panels import LARGE_PRINT, Line, Panel, WeekDay, WeekStrip
from kneeclinic.documents.pocket import pocket_pdf
from kneeclinic.documents.speech import Speech
from kneeclinic.figures import exercise_scene, support_scene, tape_scene
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.difference import difference
from kneeclinic.progress.running_week import running_week
from kneeclinic.record import Case, ClinicProfile, DeviceNote, Program, ProgramItem, TapeNote
from kneeclinic.vocabulary import Layout, NotFound, Paper, Units

TAPE_STEPS = (1, 2, 3, 4, 5, 6)
ORTHOSIS_STEPS = (1, 2, 3)
STRIP = ("strength", "mobility", "balance", "run", "walk", "other_sport")
DEVICE_WORDS = {"brace_sleeve": "sleeve", "brace_strap": "strap", "brace_realign": "brace", "orthosis_prefab": "orthosis",
                "footwear_comfort": "footwear"}
"""Support id to the start of its keys in the wording files."""
ONE_SHEET = 2
"""Pages of one sheet, printed on both sides."""
SHORT_CUES = 3
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
    sheet = parts.sheet(style, paper or profile.paper)
    blocks = parts.blocks(style)
    if layout is Layout.STANDARD:
        known: Heights = {}
        candidates = _rule_moved_up(blocks)
        if len(paged(blocks, sheet, known)) > ONE_SHEET:
            short = replace(style, card=replace(style.card, most_cues=SHORT_CUES))
            candidates += _rule_moved_up(parts.blocks(short))
        blocks = min(candidates, key=lambda one: _waste(one, sheet, known))
    return lay_out(blocks, sheet)


def _rule_moved_up(blocks: list[Block]) -> list[list[Block]]:
    """The blocks as they are, and with the pain rule before the last row of cards, the last two, and so on, to fill the first page."""
    place = next(number for number, one in enumerate(blocks) if isinstance(one, PainRule))
    found = [blocks]
    while place > 0 and isinstance(blocks[place - 1], Row):
        blocks = [*blocks[:place - 1], blocks[place], blocks[place - 1], *blocks[place + 1:]]
        found.append(blocks)
        place -= 1
    return found


def _waste(blocks: list[Block], sheet: Sheet, known: Heights) -> tuple[int, float]:
    """Pages needed, then how far the first page is from full: the less of both, the better the sheet."""
    pages = paged(blocks, sheet, known)
    used = sum(known[id(one)][1] + sheet.gap for one in pages[0] if id(one) in known)
    return len(pages), round(sheet.room(1) - used)


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
        return self.speech.say("handout_head", week=self.case.episode.week_on(self.today), version=self.program.version)

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
            found.append(Panel(self.speech.say("handout_title"), (Line(self.speech.say("program_paused")),), style.text, strong=True))
        found += self._changed(style)
        found.append(self.week_strip(style.text))
        cards = [self.card(item, style.card) for item in self.program.items]
        rest: list[Block] = [self.pain_rule(style.text, stacked=style.text > 14)]
        rest += self._in_pairs(self.supports(style) + self.running(style.text), style)
        if self.program.note:
            rest.append(Panel(self.speech.say("therapist_note"), (Line(self.program.note),), style.text))
        if style.card is SINGLE:
            found += [*rest, *(self.card(item, style.card, starts_page=True) for item in self.program.items)]
        elif style.columns == 1:
            found += [*cards, *rest]
        else:
            found += [*(Row(tuple(cards[start:start + 2]), 2, gap=9) for start in range(0, len(cards), 2)), *rest]
        found.append(self.diary(min(style.text, 13)))
        return [self._splittable(one, style) for one in found]

    def _in_pairs(self, panels: list[Panel], style: Style) -> list[Block]:
        """Panels without a drawing of their own stand two by two where the layout has two columns."""
        wide = [one for one in panels if one.columns > 1 or style.columns == 1]
        narrow = [one for one in panels if one not in wide]
        pairs = [narrow[start:start + 2] for start in range(0, len(narrow), 2)]
        return [*wide, *(Row(tuple(pair), 2, gap=9) if len(pair) == 2 else replace(pair[0], columns=2) for pair in pairs)]

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
            Line(self.speech.say(f"change_{wanted}", name=", ".join(self.speech.words(what).name for kind, what in self.changes() if kind == wanted)))
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
            labels=(self.speech.say("common_mistake") + ":", self.speech.say("you_should_feel") + ":"),
            scene=exercise_scene(item.exercise, self.knowledge.poses, item.side.value), style=style, mark=self.mark_of(item),
            note=item.note, starts_page=starts_page,
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
        if self.program.load is None:
            return {}
        word = self.speech.say("week_run")
        return {
            one.day: f"{word} {self.speech.short_distance(one.km)}" if one.km else word
            for one in running_week(self.program.load, self.knowledge, self.program.items) if one.kind == "run"
        }

    def _does(self, kind: str, day: int) -> bool:
        return any(day in item.planned_days and self._kind(item) == kind for item in self.program.items)

    def _kind(self, item: ProgramItem) -> str:
        """Under which word of the week strip an exercise stands."""
        exercise = self.knowledge.exercise(item.exercise)
        if exercise.category == "gait and load":
            return "run" if exercise.impact else "walk" if item.exercise == "walk_base" else "other_sport"
        kinds = {"flexibility": "mobility", "soft tissue": "mobility", "neuromuscular control": "balance"}
        return kinds.get(exercise.category, "strength")

    def pain_rule(self, size: float, stacked: bool) -> PainRule:
        say = self.speech.say
        bands = tuple(Band(shape, say(f"pain_{key}_range"), say(f"pain_{key}_name"), say(f"pain_{key}_what"))
                      for shape, key in (("circle", "go_on"), ("square", "keep"), ("triangle", "step_back")))
        call = say("call_whom", clinic=self.profile.name, phone=self.profile.phone) if self.profile.phone else ""
        return PainRule(say("pain_rule_title"), (bands[0], bands[1], bands[2]), say("stop_and_call"), say("call_emergency"), call, size, stacked)

    def supports(self, style: Style) -> list[Panel]:
        found: list[Panel] = []
        if self.program.tape is not None:
            found.append(self._tape(self.program.tape, style))
        found += [self._device(one, style) for one in self.program.devices]
        return found

    def _tape(self, tape: TapeNote, style: Style) -> Panel:
        say = self.speech.say
        lines = [Line(say("tape_side", knee=self.speech.knee(tape.side)), bullet=True)]
        lines += [Line(say(f"tape_direction_{one.value}"), bullet=True) for one in tape.components]
        if tape.direction:
            lines.append(Line(tape.direction, say("tape_direction_title") + ":", bullet=True))
        if tape.wear:
            lines.append(Line(say("tape_wear", wear=tape.wear), bullet=True))
        if tape.retest_before is not None and tape.retest_after is not None:
            lines.append(Line(say("tape_retest", before=tape.retest_before, after=tape.retest_after, task=tape.retest_task or "–"), bullet=True))
        if tape.note:
            lines.append(Line(tape.note, bullet=True))
        lines.append(Line("", say("tape_stop_date", date=self.speech.day(tape.stop_on)), bullet=True))
        lines += [Line(say(f"tape_step_{step}"), f"{step}.") for step in TAPE_STEPS]
        lines.append(Line(say("tape_take_off_if"), say("tape_take_off_title") + ":"))
        side = tape.side.sides[0].value
        scenes = tuple(tape_scene(one.value, side) for one in tape.components[:2])
        return Panel(say("tape_title"), tuple(lines), style.text, scenes, style.figure, columns=style.columns)

    def worn(self, size: float) -> list[Panel]:
        """Tape and devices in the fewest words: which way, and the last day."""
        say, found = self.speech.say, []
        if self.program.tape is not None:
            tape = self.program.tape
            lines = [Line("", say("tape_stop_date", date=self.speech.day(tape.stop_on))), Line(say("tape_side", knee=self.speech.knee(tape.side)))]
            lines += [Line(say(f"tape_direction_{one.value}")) for one in tape.components]
            found.append(Panel(say("tape_title"), tuple(lines), size))
        for device in self.program.devices:
            title = say(f"{DEVICE_WORDS.get(device.device, 'brace')}_title")
            found.append(Panel(title, (Line("", say("device_stop_date", date=self.speech.day(device.stop_on))),), size))
        return found

    def _device(self, device: DeviceNote, style: Style) -> Panel:
        say, words = self.speech.say, DEVICE_WORDS.get(device.device, "brace")
        lines = [Line(say(f"{words}_text"))]
        if words == "orthosis":
            lines += [Line(say(f"orthosis_step_{step}"), bullet=True) for step in ORTHOSIS_STEPS]
        elif words != "footwear":
            lines.append(Line(say("device_side", knee=self.speech.knee(device.side)), bullet=True))
        if device.reason:
            lines.append(Line(say("device_why", reason=device.reason), bullet=True))
        if device.wear:
            lines.append(Line(say("device_wear", wear=device.wear), bullet=True))
        if device.note:
            lines.append(Line(device.note, bullet=True))
        lines.append(Line("", say("device_stop_date", date=self.speech.day(device.stop_on)), bullet=True))
        if words != "footwear":
            lines.append(Line(say("device_take_off_if"), bullet=True))
        scene = support_scene(device.device, device.side.sides[0].value)
        return Panel(say(f"{words}_title"), tuple(lines), style.text, (scene,), style.figure * 0.7)

    def running(self, size: float) -> list[Panel]:
        load, say = self.program.load, self.speech.say
        if load is None:
            return []
        lines: list[Line] = []
        if load.weekly_km is not None:
            lines.append(Line("", self.speech.distance("weekly", load.weekly_km) if load.weekly_km else say("no_running"), bullet=True))
        if load.longest_run_km:
            lines.append(Line("", self.speech.distance("longest_run", load.longest_run_km), bullet=True))
        stage = next((one for one in self.knowledge.running.stages if one.stage == load.walk_run_stage), None)
        if stage is not None:
            text = say("run_stage_line", run=f"{stage.run_min:g}", walk=f"{stage.walk_min:g}", times=stage.repeats) if stage.walk_min else \
                say("run_stage_whole", run=f"{stage.run_min:g}")
            whole = say("run_stage_total", total=f"{stage.total_min:g}")
            lines.append(Line(f"{text}. {whole}.", say("run_stage", stage=stage.stage) + ":", bullet=True))
            lines += [Line(say(key), bullet=True) for key in ("run_stage_twice", "running_go_on", "running_keep", "running_step_back")]
        if load.runs_per_week:
            lines.append(Line(say("runs_per_week", runs=load.runs_per_week) if load.runs_per_week != 1 else say("runs_per_week_one"), bullet=True))
        if load.rest_days:
            lines.append(Line(say("rest_days", days=", ".join(say(f"day_{one}") for one in sorted(load.rest_days))), bullet=True))
        if load.cross_training:
            lines.append(Line(say("cross_training", what=load.cross_training), bullet=True))
        if load.cadence_cue:
            lines.append(Line(say("step_rate", cue=load.cadence_cue), bullet=True))
        if load.footwear_note:
            lines.append(Line(say("shoe_note", note=load.footwear_note), bullet=True))
        if load.note:
            lines.append(Line(load.note, bullet=True))
        return [Panel(say("running_title"), tuple(lines), size)] if lines else []

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
        rows += [DiaryRow("pain_worst", say("worst_pain"), written=True), DiaryRow("pain_next_morning", say("next_morning"), written=True)]
        if self.program.tape is not None:
            rows.append(DiaryRow("tape_worn", say("tape_worn"), written=True))
        if self.program.load is not None:
            rows.append(DiaryRow("km", say("run_distance_miles" if self.speech.units is Units.IMPERIAL else "run_distance_km"), written=True))
        days = tuple(say(f"day_short_{(first + one) % 7}") for one in range(7))
        how = " ".join(say(key) for key in ("diary_how", "diary_pain_how", "bring_this_sheet"))
        return DiaryGrid(say("diary_title"), tuple(rows), days, self.diary_code(), how, size)
