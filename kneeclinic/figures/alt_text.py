"""The words for a picture, made from the same numbers that drew it."""

import re

from kneeclinic.figures.body import Body
from kneeclinic.figures.posture import leg_angles
from kneeclinic.figures.vectors import angle_between, distance, turn
from kneeclinic.knowledge.poses import ExercisePose

_VIEWS = {"side": "Side view.", "front": "Front view.", "rear": "View from behind.", "top": "View from above."}
_POSITIONS = {
    "standing": "Standing",
    "sitting": "Sitting",
    "long sitting": "Sitting on the floor",
    "supine": "Lying on the back",
    "prone": "Lying face down",
    "all fours": "On hands and knees",
    "half-kneeling": "Kneeling on one knee",
    "side-lying": "Lying on the side, {this} side up",
    "side-lying on the treated side": "Lying on {this} side",
    "forearm support": "Face down on the forearms",
    "side support": "On {this} forearm, facing sideways",
    "running": "Running",
    "reclined": "Leaning back in a seat",
    "back on bench": "Shoulder blades on a bench",
    "walking": "Walking",
}
_MENTIONED_FROM_DEG = 10
_ROUND_TO_DEG = 5


def describe(exercise: ExercisePose, start: Body, end: Body, side: str) -> str:
    """View, position, angles of the legs at the start, what happens, how the legs end."""
    numbers = measured(start, end)
    words = {"right": {"this": "the right"}, "left": {"this": "the left"}}.get(side, {"this": "one"})
    position = _POSITIONS[exercise.position].format(**words)
    angles = _leg_words(start)
    says = re.sub(r"\{(\w+)\}", lambda m: f"{numbers[m[1]]:.0f}", exercise.says)
    sentences = [_VIEWS[exercise.view], f"{position}, {angles}.", says]
    if exercise.hold:
        sentences.append("Held.")
    return " ".join(sentences)


def measured(start: Body, end: Body) -> dict[str, float]:
    """Every number a pose sentence can name: joint angles of both poses, swings of segments in degrees, travel of points in cm."""
    numbers: dict[str, float] = {}
    for when, body in (("start", start), ("end", end)):
        for which, side in (("this", "right"), ("that", "left")):
            for joint, angle in leg_angles(body, side).items():
                numbers[f"{when}_{joint}_{which}"] = _rounded(angle)
        numbers[f"{when}_trunk"] = _rounded(angle_between(turn(body.axes("chest"), (0.0, 0.0, 1.0)), (0.0, 0.0, 1.0)))
    for which, side in (("this", "right"), ("that", "left")):
        for part in ("thigh", "shank", "foot"):
            down = (1.0, 0.0, 0.0) if part == "foot" else (0.0, 0.0, -1.0)
            swing = angle_between(turn(start.axes(f"{part}_{side}"), down), turn(end.axes(f"{part}_{side}"), down))
            numbers[f"{part}_swing_{which}"] = _rounded(swing)
        for point in ("knee", "heel", "ball", "palm", "hip"):
            numbers[f"{point}_travel_{which}"] = round(distance(start.point(f"{point}_{side}"), end.point(f"{point}_{side}")) * 100)
            numbers[f"{point}_rise_{which}"] = round((end.point(f"{point}_{side}")[2] - start.point(f"{point}_{side}")[2]) * 100)
        numbers[f"end_point_{which}"] = -numbers[f"end_ankle_{which}"]
    for when, body in (("start", start), ("end", end)):
        numbers[f"overstride_{when}"] = round((body.point("ankle_right")[0] - body.point("hip_right")[0]) * 100)
        across = turn(body.axes("pelvis"), (0.0, 1.0, 0.0))
        numbers[f"{when}_drop"] = round(abs(90 - angle_between(across, (0.0, 0.0, 1.0))))
    numbers["pelvis_travel"] = round(distance(start.point("pelvis"), end.point("pelvis")) * 100)
    return numbers


def _rounded(angle: float) -> float:
    """To 5 degrees, as the poses are meant; small angles stay exact."""
    return _ROUND_TO_DEG * round(angle / _ROUND_TO_DEG) if abs(angle) >= _MENTIONED_FROM_DEG else round(angle) + 0.0


def _leg_words(body: Body) -> str:
    right, left = leg_angles(body, "right"), leg_angles(body, "left")
    parts = []
    for joint, plural in (("hip", "hips"), ("knee", "knees")):
        a, b = _rounded(right[joint]), _rounded(left[joint])
        if abs(a - b) <= _MENTIONED_FROM_DEG:
            parts.append(f"{plural} {_bent(_rounded((a + b) / 2))}")
        else:
            parts.append(f"one {joint} {_bent(max(a, b))}, the other {_bent(min(a, b))}")
    return ", ".join(parts)


def _bent(angle: float) -> str:
    if angle <= -_MENTIONED_FROM_DEG:
        return f"extended {-angle:.0f} degrees"
    return "straight" if angle < _MENTIONED_FROM_DEG else f"bent {angle:.0f} degrees"
