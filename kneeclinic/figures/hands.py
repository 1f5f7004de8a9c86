"""Hands that lie on what they hold or lean on."""

from kneeclinic.figures.body import SIDES, Body, outward
from kneeclinic.figures.limbs import bone_axes, with_arm_to
from kneeclinic.figures.vectors import ORIGIN, UP, Vector, about_y, about_z, add, cross, scale, turn
from kneeclinic.knowledge.poses import Arm, BodyPose, Reach

_BELOW_WRIST = 0.03  # half the thickness of a hand laid flat
_WRIST_UNDER_PALM = 0.06  # on a wall, fingers up


def with_hands(body: Body, pose: BodyPose, held: Body | None) -> Body:
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
    ahead = turn(about_z(reach.heading * out), (1.0, 0.0, 0.0))
    body = with_arm_to(body, side, wrist_goal(goal, reach, side), pole, palm=False)
    fingers, back = (ahead, UP) if reach.flat == "floor" else (UP, scale(ahead, -1))
    thumb = cross(back, fingers) if side == "right" else cross(fingers, back)
    return body.with_turn(f"hand_{side}", bone_axes(ORIGIN, fingers, thumb))


def _with_forearm_down(body: Body, side: str, elbow: Vector, reach: Reach) -> Body:
    """Elbow on its place, forearm along the floor towards `heading`."""
    shoulder = body.point(f"shoulder_{side}")
    down = add(elbow, (0.0, 0.0, 0.04))
    ahead = turn(about_z(reach.heading * outward(side)), (1.0, 0.0, 0.0))
    body = body.with_turn(f"upper_arm_{side}", bone_axes(shoulder, down, ahead))
    reached = body.point(f"elbow_{side}")
    return body.with_turn(f"forearm_{side}", bone_axes(reached, add(reached, ahead), (0.0, 0.0, 1.0)))


def wrist_goal(goal: Vector, reach: Reach, side: str) -> Vector:
    """Where the wrist of a hand laid flat is: over the floor, or before the wall and a little below the palm."""
    if reach.flat == "floor":
        return add(goal, (0.0, 0.0, _BELOW_WRIST))
    into_wall = turn(about_z(reach.heading * outward(side)), (1.0, 0.0, 0.0))
    return add(goal, (-_BELOW_WRIST * into_wall[0], -_BELOW_WRIST * into_wall[1], -_WRIST_UNDER_PALM))


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
