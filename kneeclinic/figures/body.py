"""A body of joints and lengths: given the angles of its joints, where every part of it is.

Proportions follow a grown person of 1.70 m (segment lengths and masses after Winter, Biomechanics and Motor Control of Human Movement, rounded).
"""

from dataclasses import dataclass
from functools import cached_property

from kneeclinic.figures.vectors import ORIGIN, UPRIGHT, Rotation, Vector, add, blend, compose, part_way, scale, subtract, transpose, turn

SIDES = ("right", "left")
THIGH, SHANK, ANKLE_HEIGHT = 0.42, 0.41, 0.08
UPPER_ARM, FOREARM, PALM = 0.285, 0.25, 0.08
BALL_AHEAD, HEEL_BEHIND = 0.125, 0.055  # of the ankle, along the sole


def outward(side: str) -> float:
    """The sign of y that points away from the midline."""
    return -1.0 if side == "right" else 1.0


def _joint_tree() -> dict[str, tuple[str | None, Vector]]:
    """Each part, the part it hangs on, and where it is joined to it (in the axes of that part)."""
    tree: dict[str, tuple[str | None, Vector]] = {
        "pelvis": (None, ORIGIN),
        "waist": ("pelvis", (0.0, 0.0, 0.10)),
        "chest": ("waist", (0.0, 0.0, 0.13)),
        "neck": ("chest", (-0.01, 0.0, 0.255)),
        "head": ("neck", (0.012, 0.0, 0.075)),
    }
    for side in SIDES:
        out = outward(side)
        tree[f"thigh_{side}"] = ("pelvis", (0.0, 0.088 * out, 0.0))
        tree[f"shank_{side}"] = (f"thigh_{side}", (0.0, 0.0, -THIGH))
        tree[f"foot_{side}"] = (f"shank_{side}", (0.0, 0.0, -SHANK))
        tree[f"toes_{side}"] = (f"foot_{side}", (BALL_AHEAD, 0.0, -0.054))
        tree[f"upper_arm_{side}"] = ("chest", (-0.005, 0.178 * out, 0.2))
        tree[f"forearm_{side}"] = (f"upper_arm_{side}", (0.0, 0.0, -UPPER_ARM))
        tree[f"hand_{side}"] = (f"forearm_{side}", (0.0, 0.0, -FOREARM))
    return tree


JOINTS = _joint_tree()

# Share of body mass and centre of each part (in its own axes).
_MASSES: dict[str, tuple[float, Vector]] = {
    "pelvis": (0.142, (0.0, 0.0, 0.03)),
    "waist": (0.139, (0.0, 0.0, 0.06)),
    "chest": (0.216, (0.0, 0.0, 0.12)),
    "head": (0.081, (0.01, 0.0, 0.08)),
} | {
    f"{part}_{side}": (mass, centre)
    for side in SIDES
    for part, mass, centre in (
        ("thigh", 0.100, (0.0, 0.0, -0.182)),
        ("shank", 0.0465, (0.0, 0.0, -0.178)),
        ("foot", 0.0145, (0.05, 0.0, -0.05)),
        ("upper_arm", 0.028, (0.0, 0.0, -0.124)),
        ("forearm", 0.016, (0.0, 0.0, -0.108)),
        ("hand", 0.006, (0.0, 0.0, -0.07)),
    )
}


def _named_points() -> dict[str, tuple[str, Vector]]:
    """Points of the body that a pose can name: the part each belongs to, and its place on that part."""
    points: dict[str, tuple[str, Vector]] = {
        "pelvis": ("pelvis", ORIGIN),
        "buttocks": ("pelvis", (-0.105, 0.0, -0.01)),
        "sit_bones": ("pelvis", (-0.02, 0.0, -0.098)),
        "belly": ("pelvis", (0.088, 0.0, 0.05)),
        "upper_back": ("chest", (-0.098, 0.0, 0.12)),
        "shoulder_blades": ("chest", (-0.096, 0.0, 0.15)),
        "chest_front": ("chest", (0.1, 0.0, 0.12)),
        "head": ("head", (0.02, 0.0, 0.08)),
        "head_back": ("head", (-0.083, 0.0, 0.095)),
        "neck": ("neck", ORIGIN),
    }
    for side in SIDES:
        out = outward(side)
        points |= {
            f"hip_{side}": (f"thigh_{side}", ORIGIN),
            f"hip_outside_{side}": ("pelvis", (0.0, 0.168 * out, 0.0)),
            f"waist_{side}": ("pelvis", (0.02, 0.155 * out, 0.085)),
            f"buttock_{side}": ("pelvis", (-0.05, 0.075 * out, -0.085)),
            f"buttock_back_{side}": ("pelvis", (-0.103, 0.075 * out, 0.0)),
            f"thigh_front_{side}": (f"thigh_{side}", (0.082, 0.0, -0.2)),
            f"thigh_back_{side}": (f"thigh_{side}", (-0.066, 0.0, -0.24)),
            f"thigh_outside_{side}": (f"thigh_{side}", (0.0, 0.079 * out, -0.2)),
            f"thigh_front_high_{side}": (f"thigh_{side}", (0.09, 0.0, -0.12)),
            f"thigh_front_low_{side}": (f"thigh_{side}", (0.07, 0.0, -0.32)),
            f"thigh_back_high_{side}": (f"thigh_{side}", (-0.078, 0.0, -0.14)),
            f"thigh_back_low_{side}": (f"thigh_{side}", (-0.057, 0.0, -0.33)),
            f"thigh_outside_high_{side}": (f"thigh_{side}", (0.0, 0.085 * out, -0.12)),
            f"thigh_outside_low_{side}": (f"thigh_{side}", (0.0, 0.06 * out, -0.33)),
            f"thigh_top_{side}": (f"thigh_{side}", (0.066, 0.0, -0.33)),
            f"thigh_mid_{side}": (f"thigh_{side}", (0.0, 0.0, -0.21)),
            f"thigh_lower_{side}": (f"thigh_{side}", (0.0, 0.0, -0.33)),
            f"knee_{side}": (f"shank_{side}", ORIGIN),
            f"knee_front_{side}": (f"shank_{side}", (0.052, 0.0, 0.0)),
            f"knee_back_{side}": (f"shank_{side}", (-0.05, 0.0, 0.0)),
            f"knee_outside_{side}": (f"shank_{side}", (0.0, 0.052 * out, 0.0)),
            f"knee_inside_{side}": (f"shank_{side}", (0.0, -0.052 * out, 0.0)),
            f"shin_front_{side}": (f"shank_{side}", (0.03, 0.0, -0.32)),
            f"shin_top_{side}": (f"shank_{side}", (0.045, 0.0, -0.1)),
            f"calf_{side}": (f"shank_{side}", (-0.066, 0.0, -0.13)),
            f"calf_low_{side}": (f"shank_{side}", (-0.045, 0.0, -0.28)),
            f"ankle_{side}": (f"foot_{side}", ORIGIN),
            f"ankle_outside_{side}": (f"foot_{side}", (0.0, 0.042 * out, 0.0)),
            f"heel_{side}": (f"foot_{side}", (-HEEL_BEHIND, 0.0, -ANKLE_HEIGHT)),
            f"heel_back_{side}": (f"foot_{side}", (-0.078, 0.0, -0.045)),
            f"ball_{side}": (f"foot_{side}", (BALL_AHEAD, 0.0, -ANKLE_HEIGHT)),
            f"instep_{side}": (f"foot_{side}", (0.075, 0.0, 0.005)),
            f"sole_{side}": (f"foot_{side}", (0.06, 0.0, -ANKLE_HEIGHT)),
            f"toe_{side}": (f"toes_{side}", (0.085, 0.0, -0.026)),
            f"shoulder_{side}": (f"upper_arm_{side}", ORIGIN),
            f"elbow_{side}": (f"forearm_{side}", ORIGIN),
            f"elbow_tip_{side}": (f"forearm_{side}", (-0.03, 0.0, 0.02)),
            f"elbow_under_{side}": (f"forearm_{side}", (-0.04, 0.0, 0.0)),
            f"wrist_{side}": (f"hand_{side}", ORIGIN),
            f"palm_{side}": (f"hand_{side}", (0.0, 0.0, -PALM)),
            f"palm_down_{side}": (f"hand_{side}", (-0.03, 0.0, -PALM)),
            f"finger_{side}": (f"hand_{side}", (0.0, 0.0, -0.16)),
        }
    return points


POINTS = _named_points()


@dataclass(frozen=True)
class Body:
    """A body in one posture: where it hangs and how each part is turned on the part that bears it."""

    place: Vector
    turns: dict[str, Rotation]

    @cached_property
    def frames(self) -> dict[str, tuple[Vector, Rotation]]:
        """Origin and axes of each part in the world."""
        frames: dict[str, tuple[Vector, Rotation]] = {}
        for part, (bearer, joined_at) in JOINTS.items():
            own = self.turns.get(part, UPRIGHT)
            if bearer is None:
                frames[part] = (self.place, own)
            else:
                origin, axes = frames[bearer]
                frames[part] = (add(origin, turn(axes, joined_at)), compose(axes, own))
        return frames

    def point(self, name: str) -> Vector:
        """Where a named point is. Raises KeyError with the names allowed."""
        if name not in POINTS:
            raise KeyError(f"no point of the body is called {name!r}; known are {', '.join(sorted(POINTS))}")
        part, offset = POINTS[name]
        return self.on_part(part, offset)

    def on_part(self, part: str, offset: Vector) -> Vector:
        origin, axes = self.frames[part]
        return add(origin, turn(axes, offset))

    def axes(self, part: str) -> Rotation:
        return self.frames[part][1]

    @cached_property
    def centre_of_mass(self) -> Vector:
        total, weighted = 0.0, ORIGIN
        for part, (mass, centre) in _MASSES.items():
            weighted = add(weighted, scale(self.on_part(part, centre), mass))
            total += mass
        return scale(weighted, 1 / total)

    def moved(self, by: Vector) -> "Body":
        return Body(add(self.place, by), self.turns)

    def with_turn(self, part: str, world_axes: Rotation) -> "Body":
        """The same body with one part turned to given axes in the world."""
        bearer, _ = JOINTS[part]
        own = world_axes if bearer is None else compose(transpose(self.axes(bearer)), world_axes)
        return Body(self.place, {**self.turns, part: own})


def between(start: Body, end: Body, share: float) -> Body:
    """The body on its way from start to end, every joint turning evenly."""
    turns = {part: part_way(start.turns.get(part, UPRIGHT), end.turns.get(part, UPRIGHT), share) for part in JOINTS}
    return Body(blend(start.place, end.place, share), turns)


def shift(start: Body, end: Body, point: str) -> float:
    """How far a named point moves from start to end, metres."""
    step = subtract(end.point(point), start.point(point))
    return (step[0] ** 2 + step[1] ** 2 + step[2] ** 2) ** 0.5
