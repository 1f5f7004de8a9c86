"""Feet that stand where a pose sets them down, legs laid across, legs opened about the heel."""

from math import cos, radians, sin

from kneeclinic.figures.body import ANKLE_HEIGHT, BALL_AHEAD, HEEL_BEHIND, SIDES, Body, outward
from kneeclinic.figures.hands import hand_goal
from kneeclinic.figures.limbs import with_leg_to
from kneeclinic.figures.vectors import Rotation, Vector, about_axis, about_x, about_y, about_z, add, compose, subtract, turn, unit
from kneeclinic.knowledge.poses import BodyPose, Leg, Plant

_KNEE_UPWARDS = 0.8  # a knee points upwards too: nothing for who stands, everything for who lies or sits
_TOES_GIVE_DEG = 65.0  # a heel raised further takes the toes along


def sole_axes(plant: Plant, side: str) -> Rotation:
    return compose(about_z(plant.heading * outward(side)), about_x(plant.roll * outward(side)), about_y(plant.slope + plant.pitch))


def planted_ankle(plant: Plant, side: str) -> Vector:
    ahead = BALL_AHEAD if plant.pitch >= 0 else -HEEL_BEHIND
    pivot = (plant.at[0], plant.at[1] * outward(side), plant.at[2])
    return add(pivot, turn(sole_axes(plant, side), (-ahead, 0.0, ANKLE_HEIGHT)))


def _knee_direction(plant: Plant, side: str) -> Vector:
    if plant.knee is not None:
        return (plant.knee[0], plant.knee[1] * outward(side), plant.knee[2])
    heading = radians(plant.heading)
    return (cos(heading), sin(heading) * outward(side), _KNEE_UPWARDS)


def with_feet(body: Body, pose: BodyPose) -> Body:
    for side in SIDES:
        leg: Leg = getattr(pose, f"{side}_leg")
        if leg.plant is not None:
            body = with_leg_to(body, side, planted_ankle(leg.plant, side), _knee_direction(leg.plant, side))
            body = body.with_turn(f"foot_{side}", sole_axes(leg.plant, side))
            if leg.plant.pitch > 0:  # the toes stay on the floor under a raised heel
                flat = leg.plant.model_copy(update={"pitch": max(0.0, leg.plant.pitch - _TOES_GIVE_DEG)})
                body = body.with_turn(f"toes_{side}", sole_axes(flat, side))
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


def planted_points(pose: BodyPose) -> list[tuple[str, str, Vector]]:
    """Side, point of the foot and its place, for every foot that a pose sets down."""
    found = []
    for side in SIDES:
        plant = getattr(pose, f"{side}_leg").plant
        if plant is not None:
            point = f"ball_{side}" if plant.pitch >= 0 else f"heel_{side}"
            found.append((side, point, (plant.at[0], plant.at[1] * outward(side), plant.at[2])))
    return found
