"""How each exercise looks: start pose, end pose, camera, props and marks, as a clinician can review them.

The files of `data/knowledge/poses/` hold one table for each exercise. Joint angles are degrees in the field's terms; places are metres,
x to the front of a person who stands, y to the left, z up. The right side is the treated one; the drawing is mirrored for the left.
`docs/figures/poses.md` explains every field with examples.
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Triple = tuple[float, float, float]

WHOLE_FIELDS = ("reach", "pin")  # said anew or not at all: half of one and half of another would be a third
# Outward distances are counted from the midline for either side, so that `legs` and `arms` can say both sides at once.
LIMB_PAIRS = {"legs": ("right_leg", "left_leg"), "arms": ("right_arm", "left_arm")}

Position = Literal[
    "standing",
    "sitting",
    "long sitting",
    "supine",
    "prone",
    "all fours",
    "half-kneeling",
    "side-lying",
    "side-lying on the treated side",
    "forearm support",
    "side support",
    "running",
    "reclined",
    "back on bench",
    "walking",
]
PropKind = Literal[
    "wall", "box", "step", "bench", "chair", "board", "loop_band", "band", "strap", "cuff", "ball", "roller", "towel",
    "dumbbells", "barbell", "bike", "treadmill", "leg_press", "leg_extension", "water", "line", "metronome", "pad", "hill", "belt", "gauge", "weight",
]  # fmt: skip


class PoseEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plant(PoseEntry):
    """A foot set down: `at` is the ball of the foot (the heel while the toes are up), y counted outward from the midline."""

    at: Triple
    heading: float = Field(default=0, ge=-180, le=180, description="degrees the toes point outward from straight ahead")
    pitch: float = Field(default=0, ge=-90, le=90, description="degrees the heel is up (+) or the toes are up (-)")
    slope: float = Field(default=0, ge=-40, le=40, description="degrees the ground falls towards the toes")
    roll: float = Field(default=0, ge=-45, le=45)
    knee: Triple | None = Field(default=None, description="direction the knee points, y outward; the foot's own heading if absent")


class Reach(PoseEntry):
    """What a hand (or an ankle) holds, leans on or lies on: a point of the body by name, or a place with y counted outward."""

    to: str | None = None
    at: Triple | None = None
    flat: Literal["floor", "wall"] | None = Field(default=None, description="palm laid on it, instead of the hand in line with the forearm")
    forearm: bool = Field(default=False, description="the whole forearm lies along the floor, elbow at `at`")
    heading: float = 0
    bend: Triple | None = Field(default=None, description="direction the elbow (of a leg: the knee) points, y outward")


class Leg(PoseEntry):
    hip: Triple = (0, 0, 0)  # flexion, abduction, external rotation
    knee: float = Field(default=0, ge=-10, le=160)
    ankle: float = Field(default=0, ge=-70, le=50)  # dorsiflexion
    toes: float = Field(default=0, ge=-40, le=90)
    plant: Plant | None = None
    reach: Reach | None = Field(default=None, description="the ankle is brought to a point of the body, such as across the other thigh")
    opened: float = Field(default=0, ge=-60, le=60, description="degrees the whole leg is turned out about the line from hip to heel")


class Arm(PoseEntry):
    shoulder: Triple = (0, 0, 0)  # flexion, abduction, external rotation
    elbow: float = Field(default=0, ge=-5, le=160)
    wrist: float = Field(default=0, ge=-95, le=95)
    reach: Reach | None = None


class Pin(PoseEntry):
    """Where the body is hung up: a named point, at a place or (`at` absent) where the start pose had it."""

    point: str
    at: Triple | None = None
    lies: bool = Field(default=False, description="then raised or lowered until trunk or head lies on `rest_on`")


class BodyPose(PoseEntry):
    turn: Triple = Field(default=(0, 0, 0), description="pelvis: forward tilt, drop of the right side, turn to the left")
    trunk: Triple = Field(default=(0, 0, 0), description="flexion, bend to the right, turn to the left")
    neck: Triple = (0, 0, 0)
    right_leg: Leg = Leg()
    left_leg: Leg = Leg()
    right_arm: Arm = Arm()
    left_arm: Arm = Arm()
    support: Literal["rest", "pin", "both feet", "right foot", "left foot"] = "rest"
    rest_on: float = Field(default=0, description="height of what the lowest part of the body rests on")
    pin: Pin | None = None
    also_down: str | None = Field(default=None, description="a second point brought to the floor by tilting the body about the pin")
    lean: tuple[float, float] | None = Field(default=(0, 0), description="centre of mass ahead and left of the middle of the standing feet")
    touch: tuple[str, ...] = Field(default=(), description="points that lie on the floor, or `point@height`")


class Prop(PoseEntry):
    kind: PropKind
    at: Triple = (0, 0, 0)
    size: Triple = (0.3, 0.3, 0.1)
    turn: float = 0
    tilt: float = 0
    on: tuple[str, ...] = Field(default=(), description="points of the body that the thing is held at or runs along")
    to: Triple | None = None
    layer: Literal["back", "front", "body"] = "back"


class Arrow(PoseEntry):
    point: str
    kind: Literal["along", "both ways", "push", "to", "next"] = "along"
    push: Triple | None = Field(default=None, description="direction of a push, for an effort that moves nothing")
    rise: float = Field(default=0, description="metres the path is arched upwards, for a flight")
    aside: float = Field(default=0, description="metres a straight arrow is moved to the right on the paper")
    size: float | None = Field(default=None, gt=0, le=1.5, description="metres a straight arrow is long")
    stop: bool = Field(default=False, description="a bar at the tip: so far and no further")
    gap: float | None = Field(default=None, description="distance beside the path, metres; looked for if absent")


class Inset(PoseEntry):
    shows: Literal["short foot", "toe yoga", "patella up", "patella in", "glute squeeze", "foot strike"]


Muscle = Literal["hamstrings", "quadriceps", "calf", "soleus", "hip flexors", "outer hip", "buttock"]


class ExercisePose(PoseEntry):
    view: Literal["side", "front", "rear", "top"]
    camera: tuple[float, float] = (0, 6)  # degrees round from the right side, degrees above the floor
    position: Position
    floor: Literal["mat", "ground", "none"] = "ground"
    bare_feet: bool = False
    start: BodyPose
    end: BodyPose
    still: tuple[str, ...] = Field(default=(), description="points that do not move between start and end")
    props: tuple[Prop, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    hold: bool = False
    both_legs: bool = Field(default=False, description="both legs are treated alike, so neither is marked")
    travels: bool = Field(default=False, description="start and end are shown side by side instead of one upon the other")
    ghost: bool = Field(default=True, description="the start pose shows behind the end pose; not where it would only blur it")
    aside: float = Field(default=0.85, description="metres between start and end where they are shown side by side")
    wrong_right: bool = Field(default=False, description="the start is how not to do it: a cross beside the start, a tick beside the end")
    feels: tuple[Muscle, ...] = Field(default=(), description="where a stretch or an effort is felt; hatched on the treated side")
    pelvis_line: bool = Field(default=False, description="a line through both hips, where level or not is the point")
    inset: Inset | None = None
    says: str = Field(description="what happens, with numbers in braces, for the alt text")


class PoseFileError(ValueError):
    """A pose file cannot be used; the message names file, entry, field and what is allowed."""


def load_poses(folder: Path) -> dict[str, ExercisePose]:
    """The pose of every exercise by its id, from all TOML files of the folder.

    Raises PoseFileError with every fault of every file at once.
    """
    entries, faults = _read(folder)
    poses: dict[str, ExercisePose] = {}
    for exercise_id, (file, entry) in entries.items():
        try:
            poses[exercise_id] = ExercisePose.model_validate(_completed(entry, entries))
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"])
                faults.append(f"{file}: [{exercise_id}] {field}: {fault['msg']} (found {fault['input']!r})")
        except PoseFileError as error:
            faults.append(f"{file}: [{exercise_id}] {error}")
    if not poses and not faults:
        faults.append(f"{folder}: no pose files here; expected one TOML file or more")
    if faults:
        raise PoseFileError("\n".join(faults))
    return poses


def _read(folder: Path) -> tuple[dict[str, tuple[str, Any]], list[str]]:
    """Every entry as it was typed, by exercise, with the name of its file; and what could not be read."""
    entries: dict[str, tuple[str, Any]] = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            typed = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{file.name}: not readable as TOML: {error}")
            continue
        for exercise_id, entry in typed.items():
            if exercise_id in entries:
                faults.append(f"{file.name}: [{exercise_id}] has a pose in {entries[exercise_id][0]} already")
            else:
                entries[exercise_id] = (file.name, entry)
    return entries, faults


def _completed(entry: Any, entries: dict[str, tuple[str, Any]]) -> Any:
    """An entry laid over the one it is `like`, `legs` and `arms` said for both sides, the end pose filled up from the start pose."""
    spread = _spread(entry, entries, seen=())
    if isinstance(spread, dict) and isinstance(spread.get("start"), dict):
        return {**spread, "end": laid_over(spread["start"], spread.get("end", {}))}
    return spread


def _spread(entry: Any, entries: dict[str, tuple[str, Any]], seen: tuple[str, ...]) -> Any:
    if not isinstance(entry, dict):
        return entry
    own = {field: with_both_sides(value) if field in ("start", "end") and isinstance(value, dict) else value for field, value in entry.items()}
    model = own.pop("like", None)
    if model is None:
        return own
    if not isinstance(model, str) or model not in entries or model in seen:
        raise PoseFileError(f"like: {model!r} is not another exercise with a pose")
    return laid_over(_spread(entries[model][1], entries, (*seen, model)), own)


def with_both_sides(pose: dict[str, Any]) -> dict[str, Any]:
    spread: dict[str, Any] = {}
    for field, value in pose.items():
        for side in LIMB_PAIRS.get(field, ()):
            spread[side] = value
    for field, value in pose.items():
        if field not in LIMB_PAIRS:
            spread[field] = laid_over(spread[field], value) if field in spread else value
    return spread


def laid_over(base: Any, change: Any) -> Any:
    """`change` over `base`, table by table; an empty table takes the field away, a `reach` replaces the other whole."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    merged = dict(base)
    for field, value in change.items():
        if value == {}:
            merged.pop(field, None)
        elif field in base and field not in WHOLE_FIELDS:
            merged[field] = laid_over(base[field], value)
        else:
            merged[field] = value
    return merged
