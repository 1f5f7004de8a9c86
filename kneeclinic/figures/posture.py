"""From a pose in the file to a body that holds its contacts: placed, feet set down, hands on what they hold, in balance when it stands."""

from math import cos, radians, sin

from kneeclinic.figures.body import (
    ANKLE_HEIGHT,
    BALL_AHEAD,
    HEEL_BEHIND,
    SHANK,
    SIDES,
    THIGH,
    Body,
    outward,
)  # fmt: skip
from kneeclinic.figures.flesh import lowest_point
from kneeclinic.figures.limbs import bone_axes, with_arm_to, with_leg_to
from kneeclinic.figures.vectors import (
    ORIGIN,
    Rotation,
    Vector,
    about_axis,
    about_x,
    about_y,
    about_z,
    add,
    blend,
    compose,
    from_columns,
    subtract,
    turn,
    unit,
    yxz_angles,
)  # fmt: skip
from kneeclinic.knowledge.poses import Arm, BodyPose, ExercisePose, Leg, Plant, Reach

_BALANCE_STEPS = 8
_TILT_STEPS = 14
_KNEE_UPWARDS = 0.8  # a knee points upwards too: nothing for who stands, everything for who lies or sits
_BELOW_WRIST = 0.03  # half the thickness of a hand laid flat

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
    body = _with_feet(body, pose)
    return _with_hands(body, pose, held)


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


def _sole_axes(plant: Plant, side: str) -> Rotation:
    return compose(about_z(plant.heading * outward(side)), about_x(plant.roll * outward(side)), about_y(plant.slope + plant.pitch))


def _planted_ankle(plant: Plant, side: str) -> Vector:
    ahead = BALL_AHEAD if plant.pitch >= 0 else -HEEL_BEHIND
    pivot = (plant.at[0], plant.at[1] * outward(side), plant.at[2])
    return add(pivot, turn(_sole_axes(plant, side), (-ahead, 0.0, ANKLE_HEIGHT)))


def _knee_direction(plant: Plant, side: str) -> Vector:
    if plant.knee is not None:
        return (plant.knee[0], plant.knee[1] * outward(side), plant.knee[2])
    heading = radians(plant.heading)
    return (cos(heading), sin(heading) * outward(side), _KNEE_UPWARDS)


def _in_balance(body: Body, pose: BodyPose) -> Body:
    """The body with its lead foot where it stands, its lead knee bent as asked, and its centre of mass over what it stands on."""
    lead = "left" if pose.support == "left foot" else "right"
    leg: Leg = getattr(pose, f"{lead}_leg")
    if leg.plant is None:
        raise ValueError(f"support = {pose.support!r} needs {lead}_leg.plant")
    ankle = _planted_ankle(leg.plant, lead)
    knee = radians(leg.knee)
    leg_length_squared = THIGH**2 + SHANK**2 + 2 * THIGH * SHANK * cos(knee)
    goal = _middle_of_support(pose, lead)
    hip_from_place = subtract(body.point(f"hip_{lead}"), body.place)
    across = (goal[0], goal[1])
    for _ in range(_BALANCE_STEPS):
        dx, dy = (across[i] + hip_from_place[i] - ankle[i] for i in (0, 1))
        height = max(leg_length_squared - dx * dx - dy * dy, 0.01) ** 0.5
        body = Body((across[0], across[1], ankle[2] + height - hip_from_place[2]), body.turns)
        body = _with_feet(body, pose)
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
        ankle = _planted_ankle(plant, side)
        ball = add(ankle, turn(_sole_axes(plant, side), (BALL_AHEAD, 0.0, 0.0)))
        middles.append(blend(ankle, ball, 0.4 if plant.pitch <= 0 else 0.95))
    forward, left = pose.lean or (0.0, 0.0)
    return (sum(m[0] for m in middles) / len(middles) + forward, sum(m[1] for m in middles) / len(middles) + left)


def _with_feet(body: Body, pose: BodyPose) -> Body:
    for side in SIDES:
        leg: Leg = getattr(pose, f"{side}_leg")
        if leg.plant is not None:
            body = with_leg_to(body, side, _planted_ankle(leg.plant, side), _knee_direction(leg.plant, side))
            body = body.with_turn(f"foot_{side}", _sole_axes(leg.plant, side))
            if leg.plant.pitch > 0:  # the toes stay on the floor under a raised heel
                flat = leg.plant.model_copy(update={"pitch": max(0.0, leg.plant.pitch - 65.0)})
                body = body.with_turn(f"toes_{side}", _sole_axes(flat, side))
        elif leg.flat:
            front = turn(body.axes(f"shank_{side}"), (1.0, 0.0, 0.0))
            level = unit((front[0], front[1], 0.0))
            body = body.with_turn(f"foot_{side}", from_columns(level, (-level[1], level[0], 0.0), (0.0, 0.0, 1.0)))
        if leg.opened:
            body = _opened(body, side, leg.opened)
    for side in SIDES:
        reach = getattr(pose, f"{side}_leg").reach
        if reach is not None:  # after both legs stand where they stand
            bend = reach.bend or (1.0, 0.0, 0.0)
            body = with_leg_to(body, side, hand_goal(body, side, reach), (bend[0], bend[1] * outward(side), bend[2]))
    return body


def _opened(body: Body, side: str, angle: float) -> Body:
    """The leg turned out as one piece about the line from hip to heel, so that the heel stays."""
    axis = unit(subtract(body.point(f"heel_{side}"), body.point(f"hip_{side}")))
    thigh = body.axes(f"thigh_{side}")
    return body.with_turn(f"thigh_{side}", compose(about_axis(axis, -angle * outward(side)), thigh))


def _with_hands(body: Body, pose: BodyPose, held: Body | None) -> Body:
    for side in SIDES:
        arm: Arm = getattr(pose, f"{side}_arm")
        if arm.reach is not None:
            body = _with_hand(body, side, arm.reach, arm, held)
    return body


def _with_hand(body: Body, side: str, reach: Reach, arm: Arm, held: Body | None) -> Body:
    out = outward(side)
    goal = hand_goal(body, side, reach, held)
    pole = _elbow_direction(body, side, reach)
    if reach.forearm:
        return _with_forearm_down(body, side, goal, reach)
    if reach.flat is None:
        body = with_arm_to(body, side, goal, pole)
        return Body(body.place, {**body.turns, f"hand_{side}": about_y(-arm.wrist)}) if arm.wrist else body
    heading = compose(about_z(reach.heading * out))
    if reach.flat == "floor":
        body = with_arm_to(body, side, add(goal, (0.0, 0.0, _BELOW_WRIST)), pole, palm=False)
        fingers, back = turn(heading, (1.0, 0.0, 0.0)), (0.0, 0.0, 1.0)
    else:
        normal = turn(heading, (1.0, 0.0, 0.0))
        wrist = add(goal, add((0.0, 0.0, -0.06), (-_BELOW_WRIST * normal[0], -_BELOW_WRIST * normal[1], 0.0)))
        body = with_arm_to(body, side, wrist, pole, palm=False)
        fingers, back = (0.0, 0.0, 1.0), (-normal[0], -normal[1], 0.0)
    return body.with_turn(f"hand_{side}", bone_axes(ORIGIN, fingers, back))


def _with_forearm_down(body: Body, side: str, elbow: Vector, reach: Reach) -> Body:
    """Elbow on its place, forearm along the floor towards `heading`."""
    shoulder = body.point(f"shoulder_{side}")
    down = add(elbow, (0.0, 0.0, 0.04))
    ahead = turn(about_z(reach.heading * outward(side)), (1.0, 0.0, 0.0))
    body = body.with_turn(f"upper_arm_{side}", bone_axes(shoulder, down, ahead))
    reached = body.point(f"elbow_{side}")
    return body.with_turn(f"forearm_{side}", bone_axes(reached, add(reached, ahead), (0.0, 0.0, 1.0)))


def hand_goal(body: Body, side: str, reach: Reach, held: Body | None = None) -> Vector:
    """The place a hand (or, for a forearm laid down, the elbow) has to come to."""
    if reach.to is not None:
        if reach.to == "start":
            if held is None:
                raise ValueError("a hand of the start pose cannot reach to 'start'")
            return held.point(f"palm_{side}")
        offset = reach.at or ORIGIN
        return add(body.point(reach.to), (offset[0], offset[1] * outward(side), offset[2]))
    if reach.at is None:
        raise ValueError("a reach needs `to` or `at`")
    return (reach.at[0], reach.at[1] * outward(side), reach.at[2])


def _elbow_direction(body: Body, side: str, reach: Reach) -> Vector:
    if reach.bend is not None:
        return (reach.bend[0], reach.bend[1] * outward(side), reach.bend[2])
    return turn(body.axes("chest"), (-0.7, 0.5 * outward(side), -0.5))


def planted_points(pose: BodyPose) -> list[tuple[str, str, Vector]]:
    """Side, point of the foot and its place, for every foot that a pose sets down."""
    found = []
    for side in SIDES:
        plant = getattr(pose, f"{side}_leg").plant
        if plant is not None:
            point = f"ball_{side}" if plant.pitch >= 0 else f"heel_{side}"
            found.append((side, point, (plant.at[0], plant.at[1] * outward(side), plant.at[2])))
    return found
