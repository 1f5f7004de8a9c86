"""Larger equipment: exercise bike, treadmill, leg press, pool, hill."""

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, hull
from kneeclinic.figures.ink import INK, OUTLINE_CM, PAPER, STEEL, Shape
from kneeclinic.figures.props import block, rod, wave
from kneeclinic.figures.vectors import Vector, add, circle_in_space, cross, scale, subtract, unit
from kneeclinic.knowledge.poses import Prop

Painted = tuple[list[Shape], list[Shape]]


def _disc(camera: Camera, middle: Vector, radius: float, fill: str, axis: Vector = (0.0, 1.0, 0.0)) -> Shape:
    return Shape("prop", hull([camera.on_paper(p) for p in circle_in_space(middle, axis, radius)]), fill, INK, OUTLINE_CM)


def bike(prop: Prop, body: Body, camera: Camera) -> Painted:
    """A stationary bike: `at` is the pedal axle; the saddle is where the body sits."""
    x, y, z = prop.at
    saddle = add(body.point("sit_bones"), (0.03, 0.0, -0.025))
    grip = body.point("palm_right")
    foot = body.point("ball_right")
    back: list[Shape] = []
    back += rod(camera, ((x - 0.38, y, 0.03), (x + 0.62, y, 0.03)), 0.05)
    back += rod(camera, ((x, y, 0.03), (x, y, z)), 0.05)
    back += rod(camera, ((x, y, z), (saddle[0], y, saddle[2] - 0.02)), 0.045)
    back += rod(camera, ((x + 0.42, y, 0.05), (x + 0.36, y, saddle[2] + 0.02), (grip[0] - 0.06, y, grip[2] - 0.03)), 0.045)
    back += rod(camera, ((x, y, z), (x + 0.4, y, z + 0.05)), 0.05)
    back.append(_disc(camera, (x + 0.4, y, 0.27), 0.22, STEEL))
    back.append(_disc(camera, (x + 0.4, y, 0.27), 0.05, PAPER))
    back += rod(camera, ((grip[0] - 0.06, y, grip[2] - 0.03), (grip[0] + 0.02, y, grip[2] - 0.02)), 0.03)
    back += block(camera, (saddle[0], y, saddle[2] - 0.03), (0.26, 0.14, 0.05), tones=("#565d66", "#3d434b"))
    pedal = (foot[0] - 0.02, y, foot[2] - 0.015)
    other = (2 * x - pedal[0], y, 2 * z - pedal[2])
    back += rod(camera, (other, (x, y, z)), 0.022)
    front = rod(camera, ((x, y, z), pedal), 0.022)
    front += rod(camera, ((pedal[0] - 0.05, y, pedal[2]), (pedal[0] + 0.05, y, pedal[2])), 0.02, "#565d66")
    front.append(_disc(camera, (x, y, z), 0.035, STEEL))
    return back, front


def treadmill(prop: Prop, body: Body, camera: Camera) -> Painted:
    """A treadmill: `at` is the middle of the belt on the floor, size its length, width and height, `tilt` its slope."""
    x, y, z = prop.at
    long, wide, high = prop.size
    back = block(camera, (x, y, z), (long, wide, high), turned=prop.turn, tilted=prop.tilt, tones=("#5b626b", "#aeb5bc"))
    post_at = x + long / 2 - 0.1
    for side in (0.48, -0.48):
        back += rod(camera, ((post_at, y + side * wide, high), (post_at + 0.1, y + side * wide, 1.0)), 0.035)
    console = block(camera, (post_at + 0.1, y, 1.0), (0.08, wide, 0.16), tones=("#8a929b", "#6d757e"))
    return back + console, []


def leg_press(prop: Prop, body: Body, camera: Camera) -> Painted:
    """A leg press: reclined seat under the body, plate against the soles, rail between."""
    hip, chest = body.point("buttocks"), body.point("shoulder_blades")
    back_line = unit(subtract(chest, hip))
    normal = cross(back_line, (0.0, 1.0, 0.0))
    top = add(body.point("head_back"), scale(back_line, 0.08))
    seat_end = add(hip, (0.12, 0.0, -0.06))
    back: list[Shape] = []
    heel, ball = body.point("heel_right"), body.point("ball_right")
    across = (0.0, 1.0, 0.0)
    plate_up = unit(subtract(ball, heel))
    plate_mid = add(scale(add(heel, ball), 0.5), scale(cross(across, plate_up), 0.0))
    ends = (add(plate_mid, scale(plate_up, 0.24)), add(plate_mid, scale(plate_up, -0.22)))
    away = cross(plate_up, across)
    if away[0] < 0:
        away = scale(away, -1)
    set_off = [add(p, scale(away, 0.025)) for p in ends]
    rail_height = plate_mid[2] - 0.2
    back += rod(camera, ((top[0] + 0.1, 0.0, 0.03), (plate_mid[0] + 0.75, 0.0, 0.03)), 0.06)
    back += rod(camera, ((hip[0], 0.0, 0.03), (hip[0], 0.0, hip[2] - 0.08)), 0.06)
    back += rod(camera, ((plate_mid[0] + 0.7, 0.0, 0.03), (plate_mid[0] + 0.7, 0.0, 0.9)), 0.06)
    back += rod(camera, ((plate_mid[0] - 0.28, 0.12, rail_height), (plate_mid[0] + 0.7, 0.12, rail_height)), 0.035)
    back += rod(camera, ((plate_mid[0] - 0.28, 0.12, 0.03), (plate_mid[0] - 0.28, 0.12, rail_height)), 0.035)
    back += rod(camera, tuple(set_off), 0.04, "#8d96a1")
    middle = add(scale(add(set_off[0], set_off[1]), 0.5), scale(away, 0.1))
    back += rod(camera, (add(scale(add(set_off[0], set_off[1]), 0.5), scale(away, 0.02)), middle), 0.05)
    back.append(_disc(camera, middle, 0.14, "#8d96a1"))
    back.append(_disc(camera, middle, 0.03, PAPER))
    cushion = [add(p, scale(normal, -0.035 if normal[2] > 0 else 0.035)) for p in (top, hip)]
    back += rod(camera, (cushion[0], cushion[1], seat_end), 0.06, "#56606b")
    return back, []


def leg_extension(prop: Prop, body: Body, camera: Camera) -> Painted:
    """A leg extension machine: seat and back rest, a stack of weights behind, a lever that turns about the knee and its pad on the shin."""
    seat, back_x = body.point("sit_bones"), body.point("buttocks")[0] - 0.045
    knee, shin = body.point("knee_right"), body.point("shin_front_right")
    near = knee[1] - 0.1
    back: list[Shape] = []
    back += rod(camera, ((back_x - 0.42, 0.1, 0.03), (knee[0] - 0.02, 0.1, 0.03)), 0.05)
    for x in (back_x - 0.02, seat[0] + 0.22):
        back += rod(camera, ((x, 0.0, 0.03), (x, 0.0, seat[2] - 0.08)), 0.05)
    back += block(camera, (back_x - 0.34, 0.05, 0.05), (0.16, 0.22, 0.55), tones=("#8d96a1", "#6d757e"))
    for step in range(1, 6):
        line = tuple(camera.on_paper((back_x - 0.42, y, 0.05 + step * 0.092)) for y in (-0.06, 0.16))
        edge = tuple(camera.on_paper((x, -0.06, 0.05 + step * 0.092)) for x in (back_x - 0.42, back_x - 0.26))
        back += [Shape("prop", part, None, INK, OUTLINE_CM * 0.7, closed=False) for part in (line, edge)]
    back += rod(camera, ((back_x - 0.34, 0.05, 0.6), (back_x - 0.34, 0.05, 1.02)), 0.03)
    back += block(camera, ((back_x + seat[0] + 0.34) / 2, 0.0, seat[2] - 0.09), (seat[0] + 0.34 - back_x, 0.42, 0.09), tones=("#6d7a88", "#56606b"))
    back += block(camera, (back_x - 0.015, 0.0, seat[2] + 0.02), (0.07, 0.4, 0.52), tones=("#6d7a88", "#56606b"))
    pad_axis = (0.0, 1.0, 0.0)
    front = rod(camera, ((knee[0] - 0.02, near, knee[2] - 0.01), (shin[0] - 0.02, near, shin[2] - 0.02)), 0.035)
    front.append(_disc(camera, (knee[0] - 0.02, near, knee[2] - 0.01), 0.035, STEEL))
    clear = add(shin, scale(unit(subtract(shin, body.point("calf_low_right"))), 0.05))
    ends = [camera.on_paper(p) for y in (near, knee[1] + 0.12) for p in circle_in_space((clear[0], y, clear[2]), pad_axis, 0.05)]
    front.append(Shape("prop", hull(ends), "#56606b", INK, OUTLINE_CM))
    front.append(_disc(camera, (clear[0], near, clear[2]), 0.05, "#6d7a88"))
    return back, front


def water(prop: Prop, body: Body, camera: Camera) -> Painted:
    """Deep water up to the height of `at`: a tint behind the body and waves before it."""
    x, y, level = prop.at
    half = prop.size[0] / 2
    surface = wave(camera, x - half, x + half, y, level)
    left, right = camera.on_paper((x - half, y, prop.size[2])), camera.on_paper((x + half, y, prop.size[2]))
    tint = Shape("prop", (*surface, right, left), "#e3eff5")
    deeper = [
        Shape("prop", wave(camera, x - half * s, x + half * s, y, level - d, 0.018), None, "#7ba3b8", 0.8, closed=False)
        for s, d in ((0.96, 0.1), (0.9, 0.62))
    ]
    return [tint, *deeper[1:]], [Shape("prop", surface, None, "#2f6f8f", 1.6, closed=False), deeper[0]]


def hill(prop: Prop, body: Body, camera: Camera) -> Painted:
    """Ground that is level and then falls away under the body: `at` is the edge, size its length and its fall."""
    x, y, z = prop.at
    long, _, fall = prop.size
    slope = fall / (long / 2)
    line = [camera.on_paper(p) for p in ((x - long * 0.65, y, z), (x - 0.3, y, z), (x + long / 2, y, z - slope * (long / 2 + 0.3)))]
    (left, _), (right, bottom) = line[0], line[-1]
    ground = Shape("floor", (*line, (right, bottom - 8), (left, bottom - 8)), "#eef0ee")
    return [ground, Shape("floor", tuple(line), None, INK, OUTLINE_CM, closed=False)], []
