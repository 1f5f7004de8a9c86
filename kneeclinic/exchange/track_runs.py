"""Runs out of GPX and TCX files, the two XML formats of watches and running apps."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeTree
import gpxpy
import gpxpy.gpx
from defusedxml.common import DefusedXmlException

from kneeclinic.exchange.elevation import climb_and_descent
from kneeclinic.exchange.run_results import RunResult, Session, Unreadable, not_a_run, run_from, steps_per_minute

RUN_WORDS = ("run", "jog", "trail", "treadmill")
RUN_NUMBERS = ("9",)
"""What one large site writes for a run instead of a word."""
OTHER_WORDS = {
    "cycl": "a ride", "bik": "a ride", "ride": "a ride", "walk": "a walk", "hik": "a hike", "swim": "a swim", "row": "rowing",
    "paddl": "paddling", "kayak": "paddling", "ski": "skiing", "driv": "a drive", "skat": "skating",
}
WALK_ENDS_KM_H, RUN_ENDS_KM_H = 6.0, 22.0
"""Only for a track that names no sport: slower while moving is taken for a walk, faster for wheels (product default)."""
STANDING_M_S = 0.5
TIMED_SHARE = 0.5
"""Fewer timed points than this, and the times are not those of a recording."""


def xml_root(data: bytes) -> Element:
    """The root of an XML file. Document types, entities and references outside are refused. Raises Unreadable."""
    try:
        return SafeTree.fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Unreadable("the file declares a document type or entities, which no watch writes; it was not opened") from error
    except (SafeTree.ParseError, ValueError, RecursionError) as error:
        raise Unreadable(f"the XML is cut off or damaged ({error})") from error


def local_name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def read_gpx(file: str, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    """One result a recorded track. Routes, way points and tracks without times are not runs: without a clock there are no minutes."""
    try:
        gpx = gpxpy.parse(data.decode("utf-8-sig", errors="replace"))
    except (gpxpy.gpx.GPXException, ValueError, TypeError) as error:
        raise Unreadable(f"the GPX file cannot be read ({str(error).splitlines()[0] if str(error) else 'damaged'})") from error
    tracks = [track for track in gpx.tracks if track.get_points_no() > 1]
    recorded = [track for track in tracks if _is_timed(track)]
    if recorded:
        return tuple(_gpx_result(file, track, zone, data) for track in recorded)
    if tracks:
        return (not_a_run(file, "the track has no times, so it has no date and no minutes; export it again with times"),)
    if gpx.routes:
        return (not_a_run(file, "the file is a route: a plan, nothing was recorded"),)
    return (not_a_run(file, "the file holds no track, only places" if gpx.waypoints else "the file holds no track"),)


def _is_timed(track: gpxpy.gpx.GPXTrack) -> bool:
    times = [point.time for segment in track.segments for point in segment.points]
    known = [one for one in times if one is not None]
    return len(known) >= 2 and len(known) >= TIMED_SHARE * len(times)


def _gpx_result(file: str, track: gpxpy.gpx.GPXTrack, zone: tzinfo, data: bytes) -> RunResult:
    metres = seconds = 0.0
    heights: list[float | None] = []
    strides: list[float] = []
    start: datetime | None = None
    for segment in track.segments:
        before = None
        for point in segment.points:
            heights.append(point.elevation)
            strides += [one for one in _gpx_cadence(point) if one > 0]
            if point.time is None:
                continue
            start = min(start, _utc(point.time)) if start else _utc(point.time)
            if before is not None and before.time is not None:
                step = point.distance_2d(before) or 0.0
                lapse = (_utc(point.time) - _utc(before.time)).total_seconds()
                if lapse > 0 and step / lapse >= STANDING_M_S:
                    seconds += lapse
                metres += step
            before = point
    if start is None:
        return not_a_run(file, "the track has no times")
    climb, descent = climb_and_descent(heights)
    cadence = steps_per_minute(sum(strides) / len(strides)) if strides else None
    session = Session(start, seconds, metres, cadence, climb, descent)
    return _judged(file, session, track.type or "", zone, data, "gpx")


def _judged(file: str, session: Session, kind: str, zone: tzinfo, data: bytes, source: str) -> RunResult:
    """A run by the sport that the file names; where it names none, by the speed, and that is said."""
    word = kind.strip().lower()
    if word in RUN_NUMBERS or any(one in word for one in RUN_WORDS):
        return run_from(file, session, zone, data, source)
    other = next((name for part, name in OTHER_WORDS.items() if part in word), None)
    if other:
        return not_a_run(file, f"the activity is {other} ({kind.strip()})", session, zone)
    if not session.seconds or not session.metres:
        return not_a_run(file, "the track does not move", session, zone)
    speed = session.metres / session.seconds * 3.6
    if speed < WALK_ENDS_KM_H:
        return not_a_run(file, f"the file names no sport, and {speed:.1f} km/h is a walk", session, zone)
    if speed > RUN_ENDS_KM_H:
        return not_a_run(file, f"the file names no sport, and {speed:.1f} km/h is faster than a runner", session, zone)
    remark = f"the file names no sport; taken for a run by its speed of {speed:.1f} km/h"
    taken = Session(session.started, session.seconds, session.metres, session.cadence_spm, session.climb_m, session.descent_m, remark)
    return run_from(file, taken, zone, data, source)


def _gpx_cadence(point: gpxpy.gpx.GPXTrackPoint) -> list[float]:
    found = []
    for extension in point.extensions:
        for element in extension.iter():
            if local_name(element) in ("cad", "cadence", "RunCadence"):
                found.append(_number(element.text) or 0.0)
    return found


def read_tcx(file: str, root: Element, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    """One result an activity; a file of courses or workouts is a plan."""
    activities = [one for one in root.iter() if local_name(one) == "Activity"]
    if not activities:
        return (not_a_run(file, "the file is a plan or a course: it holds no recorded activity"),)
    return tuple(_tcx_result(file, activity, data, zone) for activity in activities)


def _tcx_result(file: str, activity: Element, data: bytes, zone: tzinfo) -> RunResult:
    laps = [one for one in activity if local_name(one) == "Lap"]
    started = next((at for lap in laps if (at := _moment(lap.get("StartTime")))), None) or _moment(_text(activity, "Id"))
    sport = (activity.get("Sport") or "").strip()
    if started is None:
        return not_a_run(file, f"the activity ({sport or 'no sport'}) has no start time")
    points = [one for lap in laps for one in lap.iter() if local_name(one) == "Trackpoint"]
    metres = sum(_number(_text(lap, "DistanceMeters")) or 0.0 for lap in laps)
    seconds = sum(_number(_text(lap, "TotalTimeSeconds")) or 0.0 for lap in laps)
    if not metres:
        metres = max((_number(_text(point, "DistanceMeters")) or 0.0 for point in points), default=0.0)
    climb, descent = climb_and_descent([_number(_text(point, "AltitudeMeters")) for point in points])
    session = Session(started, seconds or None, metres, _tcx_cadence(laps, points), climb, descent)
    if sport.lower() == "running":
        return run_from(file, session, zone, data, "tcx")
    return not_a_run(file, f"the sport of the activity is {sport or 'not given'}, not Running", session, zone)


def _tcx_cadence(laps: list[Element], points: list[Element]) -> float | None:
    values = [value for point in points for one in point.iter() if local_name(one) == "RunCadence" and (value := _number(one.text))]
    if not values:
        values = [value for lap in laps for one in lap.iter() if local_name(one) == "AvgRunCadence" and (value := _number(one.text))]
    return steps_per_minute(sum(values) / len(values)) if values else None


def _text(parent: Element, name: str) -> str:
    """Text of the first direct child of that name."""
    return next((child.text or "" for child in parent if local_name(child) == name), "")


def _moment(text: str | None) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat((text or "").strip()))
    except ValueError:
        return None


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None
