"""Twenty-four invented runners, each with a story of its own; no one of them exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kneeclinic.record.forms import GoalForm
from kneeclinic.vocabulary import AffectedSide, CauseGroup, EpisodeStatus, Sex, Side

RIGHT, LEFT, BOTH = AffectedSide.RIGHT, AffectedSide.LEFT, AffectedSide.BOTH
FEMALE, MALE, OTHER = Sex.FEMALE, Sex.MALE, Sex.OTHER
Found = float | str
Weekly = tuple[int | None, ...]
THIS_WEEK = 99


@dataclass(frozen=True)
class Ending:
    """How an episode ended, and how many weeks before today."""

    status: EpisodeStatus
    reason: str
    weeks_ago: int = 0


@dataclass(frozen=True)
class Story:
    """One course. Tuples run from the first visit (place 0) to the last complete week; `worst` sets their length.

    `worst` is worst pain; `adherence` in per cent, None = no check-in that week (place 0 is not used); `km` of the week; `akps` at weeks
    0, 4, 8; `symmetry` of hip and thigh in per cent at the same weeks. `found` is added to the first visit, `later` to the visit of a week
    (negative = counted from the end). Values of measures with sides are those of the treated knee; a name with `@other` is the other knee.
    """

    plot: str
    age: int
    sex: Sex
    side: AffectedSide
    worst: tuple[int, ...]
    adherence: Weekly
    km: tuple[float, ...]
    akps: tuple[int, ...]
    symmetry: tuple[int, ...] = (80, 86, 92)
    found: Mapping[str, Found] = field(default_factory=dict)
    later: Mapping[int, Mapping[str, Found]] = field(default_factory=dict)
    problem: str = "Pain around the kneecap when running, worse downhill."
    cause: CauseGroup = CauseGroup.OVERUSE
    sport: str = "running"
    language: str = "en"
    minutes: int = 20
    tape_weeks_ago: int | None = None
    brace: str = ""
    orthosis_weeks_ago: int | None = None
    stage: int | None = None
    goal: GoalForm | None = None
    ending: Ending | None = None
    next_visit_days: int | None = THIS_WEEK
    """Days from today, or some working day of the next week; negative = it lies back; None = nothing is planned."""
    is_missed: bool = True
    """A visit that lies back was noted as missed; else nobody has noticed yet."""
    note: str = ""
    draft: bool = False
    """The last visit is not signed yet."""
    clinician: int = 0
    """0 = the clinician, 1 = the lead."""


def steady(value: int, weeks: int) -> Weekly:
    return (None, *([value] * (weeks - 1)))


def shortened(story: Story, weeks: int) -> Story:
    """The story in at most so many weeks: its first visit and its last weeks."""
    length = len(story.worst)
    if length <= weeks:
        return story
    kept = [0, *range(length - weeks + 1, length)]
    return replace(story, worst=tuple(story.worst[at] for at in kept), adherence=tuple(story.adherence[at] for at in kept),
                   km=tuple(story.km[at] for at in kept))


STORIES: tuple[Story, ...] = (
    Story("improves steadily with hip work", 31, FEMALE, RIGHT, (6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 2), steady(86, 11),
          (24, 14, 14, 15, 16, 17, 18, 20, 21, 22, 24), (62, 72, 82), (76, 80, 84), {"hip_abduction": 76, "side_plank_hold": 34},
          next_visit_days=1, note="Hip work goes well; will run a 10 km in spring."),
    Story("does all exercises and has not changed for weeks", 38, MALE, LEFT, (5, 5, 4, 5, 5, 4, 5), steady(82, 7),
          (30, 25, 25, 25, 26, 25, 25), (66, 67, 66), (88, 90, 91), {"slr_passive": 62, "wb_lunge_cm": 7.5},
          note="Asks why it does not move on."),
    Story("was doing well and has a flare this week", 27, FEMALE, RIGHT, (5, 4, 4, 3, 3, 3, 6), steady(84, 7),
          (26, 20, 20, 22, 23, 25, 27), (68, 78), (84, 90), {"fppa": 12}, note="Ran stairs with a friend on Saturday."),
    Story("has a swollen knee: stop and refer", 34, FEMALE, LEFT, (5, 4, 4, 5, 7), steady(80, 5), (20, 16, 16, 18, 12), (70, 71), (86, 88),
          later={-1: {"stroke_test": "2+", "swelling_reported": 1, "girth_joint_line": 39.5}}, note="Knee puffy since the weekend."),
    Story("dropped out after a month", 29, MALE, RIGHT, (5, 5, 4, 4), (None, 60, 40, 20), (22, 18, 18, 20), (70,), (82,),
          ending=Ending(EpisodeStatus.DROPPED_OUT, "Moved to another town.", 3), next_visit_days=None),
    Story("is near the end: goals met, strength even", 33, FEMALE, LEFT, (6, 5, 4, 4, 3, 2, 2, 1, 1, 1, 0, 0), steady(92, 12),
          (28, 18, 18, 20, 22, 24, 26, 28, 30, 31, 32, 33), (60, 80, 92), (78, 91, 97), later={-1: {"psfs": 9, "walk_30_pain": 0, "groc": 6}},
          goal=GoalForm(measure="akps", side=Side.LEFT, target=88, by="2099-01-01", note="Back to the half marathon"),
          note="Runs without thinking of the knee."),
    Story("has both knees", 41, FEMALE, BOTH, (6, 6, 5, 5, 4, 3, 2), steady(78, 7), (18, 12, 12, 12, 13, 14, 15), (58, 68), (88, 92),
          {"pain_kneeling": 2}, problem="Both knees ache behind the kneecap on stairs and after sitting."),
    Story("is helped by tape and trains under it", 24, FEMALE, RIGHT, (7, 5, 3, 2), steady(88, 4), (25, 14, 15, 16), (60,), (80,),
          {"tape_trial_before": 6, "tape_trial_after": 2, "pain_step_down": 6}, tape_weeks_ago=2, clinician=1),
    Story("is not helped by tape", 36, MALE, LEFT, (6, 5, 5, 4, 4), steady(75, 5), (32, 20, 20, 21, 22), (64, 76), (83, 84),
          {"tape_trial_before": 6, "tape_trial_after": 5, "pain_step_down": 6}, note="Tape tried twice, no gain; taken off."),
    Story("is fourteen with a hip that does not turn: hip first, today", 14, MALE, LEFT, (6,), (None,), (15,), (62,), (85,),
          {"limp": 1, "hip_ir_loss": 1, "obligate_er": 1}, sport="football, cross-country", problem="Thigh and knee pain for three weeks, limps.",
          ending=None, next_visit_days=2, note="Sent for hip pictures the same day.", clinician=1),
    Story("asks for a brace", 45, FEMALE, RIGHT, (5, 5, 4, 3, 2, 2), steady(81, 6), (16, 12, 12, 13, 14, 14), (66, 78), (82, 84),
          {"brace_requested": 1}, brace="Owns a sleeve and feels safer in races; told that it adds nothing to the exercises."),
    Story("gains from an insert at once", 35, FEMALE, LEFT, (6, 4, 3, 2, 2), steady(83, 5), (27, 16, 17, 18, 19), (63, 78), (82, 84),
          {"fpi6": 8, "navicular_drop": 12, "insert_trial_before": 5, "insert_trial_after": 2}, cause=CauseGroup.FOOT, orthosis_weeks_ago=4),
    Story("is afraid to load the knee", 40, FEMALE, RIGHT, (6, 6, 5, 4, 3), steady(66, 5), (5, 3, 3, 4, 5), (52, 64), (74, 80),
          {"tsk11": 34, "avoids_activity": 1}, {4: {"tsk11": 29}}, problem="Has stopped running for fear of wearing out the knee.", minutes=15),
    Story("cannot kneel", 48, MALE, RIGHT, (5, 5, 4, 4, 3, 3, 3), steady(84, 7), (12, 10, 10, 11, 12, 12, 13), (67, 76), (81, 88),
          {"pain_kneeling": 6}, sport="running, tiling floors for a living", clinician=1, next_visit_days=-2,
          is_missed=False),
    Story("runs more every week than the knee takes", 30, MALE, LEFT, (3, 2, 2, 2, 5), steady(80, 5), (24, 25, 26, 36, 47), (74, 76), (80, 83),
          {"longest_run_km": 15}, note="Marathon plan from a magazine."),
    Story("has stopped checking in", 26, OTHER, RIGHT, (5, 4, 4, 4, 4, 4), (None, 85, 80, None, None, None), (20, 16, 16, 0, 0, 0), (69,), (85,),
          next_visit_days=-6, note="Did not come to the last visit."),
    Story("finished: discharged with all goals", 37, FEMALE, RIGHT, (6, 5, 4, 3, 2, 2, 1, 1, 0), steady(90, 9),
          (22, 15, 16, 18, 20, 22, 24, 26, 28), (64, 80, 95), (80, 90, 96), ending=Ending(EpisodeStatus.DISCHARGED, "All goals reached.", 2),
          next_visit_days=None),
    Story("does less than half of the program", 32, MALE, LEFT, (5, 5, 4, 3, 2), (None, 55, 45, 40, 38), (18, 15, 14, 12, 10), (68, 72), (80, 82),
          minutes=10, note="Two small children, no quiet quarter of an hour."),
    Story("has worn tape for five weeks", 28, FEMALE, LEFT, (7, 5, 4, 3, 2), steady(87, 5), (23, 14, 15, 17, 19), (61, 76), (79, 83),
          {"tape_trial_before": 7, "tape_trial_after": 3, "pain_step_down": 7}, tape_weeks_ago=5),
    Story("is back to walk-run intervals", 44, MALE, RIGHT, (5, 4, 3, 3, 2, 2, 2), steady(91, 7), (2.4, 2.4, 2.6, 2.8, 3.2, 3.6, 4.0), (65, 79),
          (84, 91),
          {"walk_30_pain": 2}, {4: {"walk_30_pain": 1, "calf_raise_reps": 22}}, stage=3, clinician=1, next_visit_days=0),
    Story("has a little fluid: look again within three days", 39, FEMALE, RIGHT, (4, 4, 3, 4), steady(82, 4), (21, 18, 19, 20), (73,), (87,),
          later={-1: {"stroke_test": "1+"}}, next_visit_days=1),
    Story("came for the first time this week", 22, FEMALE, LEFT, (6,), (None,), (30,), (63,), (81,), {"fppa": 16, "lateral_step_down": 4},
          draft=True, next_visit_days=0, note="Draft: strength of the other leg still to measure."),
    Story("has had it for years and gains slowly", 43, FEMALE, BOTH, (7, 7, 6, 6, 6, 5, 5, 4, 4, 3, 3, 2), steady(81, 12),
          (14, 8, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12), (54, 60, 67), (86, 90, 93), {"symptom_months": 30}, language="es", minutes=25,
          problem="Dolor en las dos rodillas desde hace años."),
    Story("was referred on after eight weeks without gain", 51, MALE, LEFT, (6, 6, 6, 5, 6, 6, 6, 6, 6), steady(80, 9),
          (10, 4, 0, 0, 0, 0, 0, 0, 0), (58, 58, 57), (80, 86, 88), {"novice_runner": 1, "body_mass": 104, "height": 176},
          ending=Ending(EpisodeStatus.REFERRED, "No gain in eight weeks of steady work; pictures and an orthopedic opinion asked for.", 1),
          next_visit_days=None),
)

PLANTS = (
    "Aster", "Birch", "Clover", "Dahlia", "Elder", "Fern", "Gorse", "Hazel", "Iris", "Juniper", "Kerria", "Larch", "Mallow", "Nettle",
    "Olive", "Poppy", "Quince", "Rowan", "Sage", "Thistle", "Ulex", "Violet", "Willow", "Yarrow", "Alder", "Bramble", "Cedar", "Daisy",
    "Elm", "Foxglove", "Gentian", "Heather", "Ivy", "Jasmine", "Kale", "Lilac", "Maple", "Narcissus", "Oak", "Pine", "Quillwort", "Rush",
    "Sorrel", "Tansy", "Umbel", "Verbena", "Walnut", "Yew",
)


def demo_name(place: int) -> str:
    """A name that nobody bears: a plant, with a number once the plants are used up."""
    round_, plant = divmod(place, len(PLANTS))
    return PLANTS[plant] if round_ == 0 else f"{PLANTS[plant]} {round_ + 1}"
