"""From a pose in the file to a body that holds its contacts: placed, feet set down, hands on what they hold, in balance when it stands."""

from math import cos, radians

from kneeclinic.figures.body import (
    BALL_AHEAD,
    SHANK,
    SIDES,
    THIGH,
    Body,
    outward,
)
from kneeclinic.figures.feet import planted_ankle, sole_axes, with_feet
from kneeclinic.figures.flesh import lowest_point
from kneeclinic.figures.hands import with_hands
from kneeclinic.figures.vectors import (
    ORIGIN,
    Rotation,
    Vector,
    about_x,
    about_y,
    about_z,
    add,
    blend,
    compose,
    from_columns,
    subtract,
    turn,
    yxz_angles,
)
from kneeclinic.knowledge.poses import Arm, BodyPose, ExercisePose, Leg

_BALANCE_STEPS = 8
_TILT_STEPS = 14

# How a person who stands facing x must be turned as a whole to lie, kneel or lean in each position.
_WHOLE_BODY: dict[str, Rotation] = {
    "supine": about_y(-90),
    "prone": about_y(90),
    "all fours": about_y(90),
    "forearm support": about_y(90),
    "side-lying": from_columns((0.0, -1.0, 0.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0)),
    "side-lying on the treated side": from_columns((0.0, -1.0, 0.0), (0.0, 0.0, 1.0), (-1.0, 0.0, 0.0)),
    "side support": from_columns((0.0, -1.0, 0.0), (0.0, 0.0, 1.0), (-1.0, 0.0, 0.0)),
}


def settle(exercise: ExercisePose) -> tuple[Body, Body]:
    """The bodies of the start and the end pose. Raises KeyError for a point that no body has."""
    start = settled(exercise.start, exercise.position, None)
    return start, settled(exercise.end, exercise.position, start)


def settled(pose: BodyPose, position: str, held: Body | None) -> Body:
    """The body of one pose; `held` is the body of the start pose, for points that stay where they were."""
    body = _posed(pose, position)
    if pose.support == "rest":
        body = body.moved((0.0, 0.0, pose.rest_on - lowest_point(body, _borne(pose))))
    elif pose.support == "pin":
        body = _pinned(body, pose, held)
    else:
        body = _in_balance(body, pose)
    body = with_feet(body, pose)
    return with_hands(body, pose, held)


def leg_angles(body: Body, side: str) -> dict[str, float]:
    """Hip flexion, abduction and external rotation, knee flexion and ankle dorsiflexion of a settled body, degrees."""
    out = outward(side)
    flexion, sideways, twist = yxz_angles(body.turns[f"thigh_{side}"])
    knee, _, _ = yxz_angles(body.turns[f"shank_{side}"])
    ankle, roll, _ = yxz_angles(body.turns[f"foot_{side}"])
    toes, _, _ = yxz_angles(body.turns[f"toes_{side}"])
    return {
        "hip": -flexion,
        "hip_abduction": sideways * out,
        "hip_rotation": twist * out,
        "knee": knee,
        "ankle": -ankle,
        "ankle_roll": roll,
        "toes": -toes,
    }


def _posed(pose: BodyPose, position: str) -> Body:
    tilt, drop, about = pose.turn
    whole = _WHOLE_BODY.get(position, about_y(0))
    half_trunk = tuple(angle / 2 for angle in pose.trunk)
    turns = {
        "pelvis": compose(about_z(about), whole, about_y(tilt), about_x(drop)),
        "waist": _spine(half_trunk),
        "chest": _spine(half_trunk),
        "neck": _spine(tuple(angle / 2 for angle in pose.neck)),
        "head": _spine(tuple(angle / 2 for angle in pose.neck)),
    }
    for side in SIDES:
        leg: Leg = getattr(pose, f"{side}_leg")
        arm: Arm = getattr(pose, f"{side}_arm")
        turns[f"thigh_{side}"] = _ball_joint(leg.hip, side)
        turns[f"shank_{side}"] = about_y(leg.knee)
        turns[f"foot_{side}"] = about_y(-leg.ankle)
        turns[f"toes_{side}"] = about_y(-leg.toes)
        turns[f"upper_arm_{side}"] = _ball_joint(arm.shoulder, side)
        turns[f"forearm_{side}"] = about_y(-arm.elbow)
        turns[f"hand_{side}"] = about_y(-arm.wrist)
    return Body(ORIGIN, turns)


def _borne(pose: BodyPose) -> tuple[str, ...]:
    """The members that the body can rest on: all but the limbs that are brought to their place afterwards."""
    names = ["trunk", "head"]
    for side in SIDES:
        leg, arm = getattr(pose, f"{side}_leg"), getattr(pose, f"{side}_arm")
        names += [f"thigh_{side}", f"shank_{side}", f"foot_{side}"] if leg.plant is None and leg.reach is None else []
        names += [f"upper_arm_{side}", f"forearm_{side}"] if arm.reach is None else []
    return tuple(names)


def _spine(angles: tuple[float, ...]) -> Rotation:
    flexion, bend, about = angles
    return compose(about_z(about), about_y(flexion), about_x(bend))


def _ball_joint(angles: Vector, side: str) -> Rotation:
    flexion, abduction, rotation = angles
    out = outward(side)
    return compose(about_y(-flexion), about_x(abduction * out), about_z(rotation * out))


def _pinned(body: Body, pose: BodyPose, held: Body | None) -> Body:
    pin = pose.pin
    if pin is None:
        raise ValueError("support = 'pin' needs a pin")
    goal = pin.at
    if goal is None:
        if held is None:
            raise ValueError("a pin of the start pose needs a place: at = [x, y, z]")
        goal = held.point(pin.point)
    body = body.moved(subtract(goal, body.point(pin.point)))
    if pin.lies:
        body = body.moved((0.0, 0.0, pose.rest_on - lowest_point(body, ("trunk", "head"))))
    return _tilted_down(body, pose, goal) if pose.also_down else body


def _tilted_down(body: Body, pose: BodyPose, goal: Vector) -> Body:
    """The body tilted about the pinned point until a second point is on the floor (secant steps)."""
    point, _, height = (pose.also_down or "").partition("@")
    level = float(height or 0)

    def tilted(angle: float) -> Body:
        leaned = Body(body.place, {**body.turns, "pelvis": compose(about_y(angle), body.turns["pelvis"])})
        return leaned.moved(subtract(goal, leaned.point(pose.pin.point)))  # type: ignore[union-attr]

    before, angle = 0.0, 2.0
    error_before = body.point(point)[2] - level
    for _ in range(_TILT_STEPS):
        error = tilted(angle).point(point)[2] - level
        if abs(error) < 1e-5 or error == error_before:
            break
        before, angle, error_before = angle, angle - error * (angle - before) / (error - error_before), error
    return tilted(angle)


def _in_balance(body: Body, pose: BodyPose) -> Body:
    """The body with its lead foot where it stands, its lead knee bent as asked, and its centre of mass over what it stands on."""
    lead = "left" if pose.support == "left foot" else "right"
    leg: Leg = getattr(pose, f"{lead}_leg")
    if leg.plant is None:
        raise ValueError(f"support = {pose.support!r} needs {lead}_leg.plant")
    ankle = planted_ankle(leg.plant, lead)
    knee = radians(leg.knee)
    leg_length_squared = THIGH**2 + SHANK**2 + 2 * THIGH * SHANK * cos(knee)
    goal = _middle_of_support(pose, lead)
    hip_from_place = subtract(body.point(f"hip_{lead}"), body.place)
    across = (goal[0], goal[1])
    for _ in range(_BALANCE_STEPS):
        dx, dy = (across[i] + hip_from_place[i] - ankle[i] for i in (0, 1))
        height = max(leg_length_squared - dx * dx - dy * dy, 0.01) ** 0.5
        body = Body((across[0], across[1], ankle[2] + height - hip_from_place[2]), body.turns)
        body = with_feet(body, pose)
        if pose.lean is None:
            break
        mass = body.centre_of_mass
        across = (across[0] + goal[0] - mass[0], across[1] + goal[1] - mass[1])
    return body


def _middle_of_support(pose: BodyPose, lead: str) -> tuple[float, float]:
    feet = SIDES if pose.support == "both feet" else (lead,)
    middles = []
    for side in feet:
        plant = getattr(pose, f"{side}_leg").plant
        if plant is None:
            raise ValueError(f"support = {pose.support!r} needs {side}_leg.plant")
        ankle = planted_ankle(plant, side)
        ball = add(ankle, turn(sole_axes(plant, side), (BALL_AHEAD, 0.0, 0.0)))
        middles.append(blend(ankle, ball, 0.4 if plant.pitch <= 0 else 0.95))
    forward, left = pose.lean or (0.0, 0.0)
    return (sum(m[0] for m in middles) / len(middles) + forward, sum(m[1] for m in middles) / len(middles) + left)
