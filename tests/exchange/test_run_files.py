"""Activity files: what is a run, what is not, and what is refused by name."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kneeclinic.exchange.elevation import climb_and_descent
from kneeclinic.exchange.runs import RunResult, RunStatus, read_run_file

from .fit_files import START, a_fit_file, a_record, a_session

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "runs"
real_files = pytest.mark.skipif(not SHARED.is_dir(), reason="the real activity files lie beside the project and are not here")


def one(name: str, data: bytes) -> RunResult:
    (result,) = read_run_file(name, data)
    return result


def a_gpx(points: str, kind: str = "", *, tag: str = "trk") -> bytes:
    typed = f"<type>{kind}</type>" if kind else ""
    return (f'<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
            f"<{tag}>{typed}<trkseg>{points}</trkseg></{tag}></gpx>").encode()


def points(minutes: int, km_h: float, *, timed: bool = True, start: str = "2026-03-24T07", extra: str = "") -> str:
    """A straight line north, one point a minute."""
    step = km_h / 60 / 111.19
    times = [f"<time>{start}:{minute:02d}:00Z</time>" if timed else "" for minute in range(minutes + 1)]
    return "".join(f'<trkpt lat="{45 + step * at:.7f}" lon="14.0"><ele>{100 + at}</ele>{times[at]}{extra}</trkpt>' for at in range(minutes + 1))


def a_tcx(sport: str = "Running", cadence: int = 82) -> bytes:
    return f"""<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
      xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities><Activity Sport="{sport}"><Id>2026-03-24T07:00:00Z</Id>
      <Lap StartTime="2026-03-24T07:00:00Z"><TotalTimeSeconds>1500</TotalTimeSeconds><DistanceMeters>4000</DistanceMeters>
      <Extensions><x:LX><x:AvgRunCadence>{cadence}</x:AvgRunCadence></x:LX></Extensions></Lap>
      <Lap StartTime="2026-03-24T07:25:00Z"><TotalTimeSeconds>300</TotalTimeSeconds><DistanceMeters>1000</DistanceMeters></Lap>
      </Activity></Activities></TrainingCenterDatabase>""".encode()


@real_files
@pytest.mark.parametrize(("name", "status", "km", "minutes", "cadence"), [
    ("activity-small-fenix2-run.fit", "imported", 9.0, 47, 162), ("garmin-fenix-5-run.fit", "imported", 0.16, 0.95, 167),
    ("garmin-edge-820-bike.fit", "not_a_run", 0.46, 1.1, None), ("WeightScaleSingleUser.fit", "not_a_run", None, None, None),
    ("activity-unexpected-eof.fit", "refused", None, None, None), ("activity-settings-corruptheader.fit", "refused", None, None, None),
    ("sup_activity_1.tcx", "not_a_run", 1.16, 18.5, None), ("route.gpx", "not_a_run", None, None, None),
    ("cerknicko-without-times.gpx", "not_a_run", None, None, None), ("unicode_with_bom.gpx", "not_a_run", None, None, None),
])
def test_a_real_file_is_what_its_description_says(name, status, km, minutes, cadence):
    result = one(name, (SHARED / name).read_bytes())
    assert result.status == status
    assert result.why or status == "imported"
    for came, expected, off in ((result.km, km, 0.05), (result.minutes, minutes, 0.5), (result.cadence_spm, cadence, 0.6)):
        assert came is None if expected is None else came == pytest.approx(expected, abs=off)


@real_files
def test_a_hike_that_names_no_sport_is_not_counted_as_running():
    results = read_run_file("korita-zbevnica.gpx", (SHARED / "korita-zbevnica.gpx").read_bytes())
    assert {one.status for one in results} == {RunStatus.NOT_A_RUN}
    assert all("walk" in one.why for one in results)


@pytest.mark.parametrize(("strides", "fraction", "steps"), [(81, None, 162.0), (83, 0.671875, 167.3), (90, 0.5, 181.0), (170, None, 170.0)])
def test_strides_of_one_foot_become_steps_of_both_fraction_included(strides, fraction, steps):
    more = {"avg_cadence": strides} | ({"avg_fractional_cadence": fraction} if fraction else {})
    assert one("a.fit", a_fit_file(a_session(**more))).cadence_spm == pytest.approx(steps, abs=0.1)


def test_without_a_mean_the_records_while_moving_count():
    records = tuple(a_record(second, cadence=cadence) for second, cadence in enumerate((0, 80, 84, 0)))
    assert one("a.fit", a_fit_file(a_session(), records=records)).cadence_spm == pytest.approx(164)


def test_a_run_has_moving_minutes_distance_and_the_local_start():
    (result,) = read_run_file("a.fit", a_fit_file(a_session(minutes=30, km=5)), ZoneInfo("America/New_York"))
    assert (result.km, result.minutes, result.status) == (5.0, 30.0, RunStatus.IMPORTED)
    assert result.form is not None
    assert result.form.started == datetime(2026, 3, 24, 3, 0)
    assert result.started == START


def test_climb_comes_from_the_heights_when_the_watch_gives_none():
    heights = [*range(100, 160), *range(160, 120, -1)]
    records = tuple(a_record(second * 2, altitude=float(height)) for second, height in enumerate(heights))
    result = one("a.fit", a_fit_file(a_session(), records=records))
    assert result.climb_m == pytest.approx(60, abs=6)
    assert result.descent_m == pytest.approx(40, abs=6)


def test_a_multisport_file_gives_its_runs_as_runs_and_names_the_rest():
    data = a_fit_file(
        a_session("swimming", km=1.5), a_session("transition", km=0.2, minutes=3, after=31),
        a_session("cycling", km=40, minutes=70, after=35), a_session("running", km=10, minutes=50, after=110),
    )
    results = read_run_file("triathlon.fit", data)
    assert [result.status.value for result in results] == ["not_a_run", "not_a_run", "not_a_run", "imported"]
    assert [result.km for result in results if result.form] == [10.0]
    assert "cycling" in results[2].why


@pytest.mark.parametrize("sport", ["cycling", "walking", "hiking", "rowing", "stand_up_paddleboarding", "training", "swimming"])
def test_another_sport_is_named(sport):
    result = one("a.fit", a_fit_file(a_session(sport)))
    assert result.status is RunStatus.NOT_A_RUN
    assert sport.replace("_", " ") in result.why


def test_a_treadmill_run_counts_also_as_old_watches_write_it():
    assert one("a.fit", a_fit_file(a_session(sub_sport="treadmill"))).status is RunStatus.IMPORTED
    assert one("a.fit", a_fit_file(a_session("fitness_equipment", sub_sport="treadmill"))).status is RunStatus.IMPORTED


def test_a_fit_file_without_a_session_and_one_without_distance_are_no_runs():
    assert "workout" in one("plan.fit", a_fit_file(kind="workout")).why
    assert one("a.fit", a_fit_file(a_session(km=0))).status is RunStatus.NOT_A_RUN


def test_a_drive_with_the_watch_on_is_refused():
    assert "running speed" in one("a.fit", a_fit_file(a_session(km=60, minutes=60))).why


@pytest.mark.parametrize("cut", [1, 10, 13, 14, 15, 60, -1, -2, -20])
def test_a_file_cut_anywhere_is_refused(cut):
    assert one("a.fit", a_fit_file(a_session())[:cut]).status is RunStatus.REFUSED


def test_every_flipped_byte_is_refused_or_changes_nothing():
    data = a_fit_file(a_session())
    good = one("a.fit", data)
    for place in range(0, len(data), 3):
        bent = bytearray(data)
        bent[place] ^= 0x55
        for result in read_run_file("a.fit", bytes(bent)):
            assert result.status is RunStatus.REFUSED or (result.km, result.minutes) == (good.km, good.minutes)


def test_zeros_after_the_end_are_no_damage_but_another_broken_part_is():
    data = a_fit_file(a_session())
    assert one("a.fit", data + bytes(512)).status is RunStatus.IMPORTED
    assert one("a.fit", data + b"rubbish that is no header").status is RunStatus.REFUSED


@pytest.mark.parametrize(("name", "data", "names"), [
    ("a.fit", b"", "empty"), ("a.gpx", b"   \n", "empty"), ("a.fit", b"not a fit file at all", "header"), ("a.gpx", b"no xml", "GPX"),
    ("photo.jpg", b"\xff\xd8\xff", "not read"), ("a.gpx", b"<gpx><trk>", "cut off"), ("a.gpx", b"<html></html>", "'html'"),
    ("a.csv", b"a,b\n1,2\n", "date and km"), ("a.csv", b"\xff\xfe\x00", "UTF-8"), ("a.fit", bytes(40_000_001)[:-1] + b"x", "MB"),
    ("x", b"<?xml version='1.0'?><kml/>", "'kml'"),
])
def test_what_cannot_be_read_is_refused_with_the_reason(name, data, names):
    result = one(name, data)
    assert result.status is RunStatus.REFUSED
    assert names in result.why


BOMB = '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)) + "]><gpx><name>&j;</name></gpx>"


@pytest.mark.parametrize("xml", [
    BOMB, '<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>', '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx><name>&x;</name></gpx>',
    BOMB.replace("gpx", "TrainingCenterDatabase"),
])
def test_entities_and_document_types_are_never_opened(xml):
    result = one("a.gpx", xml.encode())
    assert result.status is RunStatus.REFUSED
    assert "document type or entities" in result.why


def test_a_gpx_run_has_distance_moving_time_cadence_and_climb():
    cadence = "<extensions><x:c xmlns:x='urn:x'><x:cad>82</x:cad></x:c></extensions>"
    result = one("a.gpx", a_gpx(points(30, 10, extra=cadence), "running"))
    assert result.status is RunStatus.IMPORTED
    assert (result.km, result.minutes, result.cadence_spm) == (pytest.approx(5, abs=0.02), pytest.approx(30, abs=0.1), 164)
    assert result.climb_m == pytest.approx(30, abs=7)


@pytest.mark.parametrize(("kind", "km_h", "status"), [
    ("running", 5, "imported"), ("9", 10, "imported"), ("trail_running", 8, "imported"), ("cycling", 10, "not_a_run"), ("Hiking", 10, "not_a_run"),
    ("", 10, "imported"), ("", 4, "not_a_run"), ("", 28, "not_a_run"), ("whatever", 10, "imported"),
])
def test_a_track_is_a_run_by_its_sport_and_without_one_by_its_speed(kind, km_h, status):
    result = one("a.gpx", a_gpx(points(30, km_h), kind))
    assert result.status == status
    assert ("names no sport" in result.why) == (kind in ("", "whatever"))


def test_a_watch_started_by_mistake_is_no_run():
    short = one("a.fit", a_fit_file(a_session(km=0.03)))
    assert (short.status, short.why, short.form) == (RunStatus.NOT_A_RUN, "only 30 m were covered", None)
    assert one("a.fit", a_fit_file(a_session(km=0.06))).status is RunStatus.IMPORTED


@pytest.mark.parametrize("data", [BOMB.encode("utf-16"), BOMB.encode("utf-16-le"), b"\xef\xbb\xbf" + BOMB.encode()])
def test_dangerous_xml_in_another_encoding_is_refused_too(data):
    for name in ("a.gpx", "a.tcx", "a.xml", "a"):
        result = one(name, data)
        assert result.status is RunStatus.REFUSED and result.why


def test_standing_still_is_not_moving_time():
    minutes = one("a.gpx", a_gpx(points(10, 10) + points(0, 10, start="2026-03-24T09"), "running")).minutes
    assert minutes is not None
    assert minutes < 15


def test_a_track_without_times_is_no_run_because_it_has_no_minutes():
    result = one("a.gpx", a_gpx(points(30, 10, timed=False), "running"))
    assert result.status is RunStatus.NOT_A_RUN
    assert "no times" in result.why


def test_each_recorded_track_of_a_file_is_a_session():
    both = a_gpx(points(10, 10), "running").decode().replace("</trk></gpx>", "</trk>") + \
        f"<trk><type>cycling</type><trkseg>{points(10, 20, start='2026-03-24T09')}</trkseg></trk></gpx>"
    assert [result.status.value for result in read_run_file("a.gpx", both.encode())] == ["imported", "not_a_run"]


def test_a_tcx_run_adds_its_laps_and_doubles_the_cadence():
    result = one("a.tcx", a_tcx())
    assert (result.km, result.minutes, result.cadence_spm) == (5.0, 30.0, 164)
    assert result.started == datetime(2026, 3, 24, 7, tzinfo=UTC)
    for sport in ("Biking", "Other"):
        assert sport in one("a.tcx", a_tcx(sport)).why
    plan = b"<TrainingCenterDatabase><Courses/></TrainingCenterDatabase>"
    assert one("a.tcx", plan).status is RunStatus.NOT_A_RUN


def test_a_table_gives_a_run_a_row_and_names_the_line_of_each_refusal():
    table = "date,km,minutes,cadence_spm,pain_during,note\n2026-03-24 07:00,5.2,31:12,82,2,flat\n2026-03-25,five,30,,,\n2026-03-26,4,,,11,\n,3,,,,\n"
    good, *bad = read_run_file("runs.csv", table.encode())
    assert good.form is not None
    assert (good.km, good.minutes, good.cadence_spm, good.form.pain_during, good.form.note) == (5.2, 31.2, 164, 2, "flat")
    assert [result.why.split(":")[0] for result in bad] == ["line 3", "line 4", "line 5"]
    assert {result.status for result in bad} == {RunStatus.REFUSED}


def test_the_list_of_a_running_site_is_read_and_its_rides_are_named():
    table = ('Activity Type,Date,Distance,Time,Avg Run Cadence\n'
             'Running,2026-03-24 07:00:00,"10.02",0:55:10,164\nCycling,2026-03-25 07:00:00,30,1:00:00,--\n')
    run, ride = read_run_file("Activities.csv", table.encode())
    assert (run.km, run.minutes, run.cadence_spm) == (pytest.approx(10.02), pytest.approx(55.2, abs=0.1), 164)
    assert ride.status is RunStatus.NOT_A_RUN
    assert "Cycling" in ride.why


def test_miles_become_kilometres_and_a_comma_is_a_decimal_point():
    (miles,) = read_run_file("a.csv", b"date,miles,minutes\n2026-03-24,3.1,30\n")
    (comma,) = read_run_file("a.csv", b"date;km;minutes\n24.03.2026;5,5;33\n")
    assert (miles.km, comma.km) == (pytest.approx(4.989, abs=0.001), 5.5)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "."), data)
    return out.getvalue()


def test_a_zip_gives_each_file_by_its_name_packed_ones_too_and_a_session_once():
    run = a_fit_file(a_session())
    other = gzip.compress(a_fit_file(a_session(km=7, after=600)))
    results = read_run_file("export.zip", zipped(a__fit=run, b__fit__gz=other, c__fit=run, d__txt=b"x"))
    assert [(one.file, one.status.value) for one in results] == [
        ("export.zip/a.fit", "imported"), ("export.zip/b.fit.gz", "imported"), ("export.zip/c.fit", "duplicate"), ("export.zip/d.txt", "refused")]


@pytest.mark.parametrize("data", [zipped(a__fit=a_fit_file(a_session()))[:-30], zipped(), b"PK\x03\x04rubbish"])
def test_a_damaged_or_empty_zip_is_refused_whole(data):
    (result,) = read_run_file("a.zip", data)
    assert result.status is RunStatus.REFUSED


def test_a_zip_bomb_is_stopped_while_unpacking():
    bomb = zipped(**{f"{at}__csv": bytes(39_000_000) for at in range(12)})
    assert len(bomb) < 1_000_000
    (result,) = read_run_file("bomb.zip", bomb)
    assert "larger than" in result.why
    assert one("b.fit.gz", gzip.compress(bytes(50_000_000))).status is RunStatus.REFUSED


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(["a.fit", "a.gpx", "a.tcx", "a.csv", "a.zip", "a"]),
       data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode),
                      st.binary(max_size=60).map(lambda tail: a_fit_file(a_session())[:40] + tail)))
def test_no_file_whatever_makes_the_reader_fall_over(name, data):
    results = read_run_file(name, data)
    assert results
    assert all(result.why for result in results if result.status is not RunStatus.IMPORTED)


@given(st.lists(st.floats(-1, 1), min_size=50, max_size=200))
def test_noise_of_a_metre_on_flat_ground_is_no_climb(noise):
    assert climb_and_descent([100 + one for one in noise]) == (0, 0)


def test_a_known_hill_is_measured_within_a_tenth_through_the_noise():
    import random

    rng = random.Random(3)
    heights = [100 + 80 * (1 - abs(at - 500) / 500) + rng.gauss(0, 1) for at in range(1001)]
    up, down = climb_and_descent(heights)
    assert (up, down) == (pytest.approx(80, abs=8), pytest.approx(80, abs=8))
    assert climb_and_descent([None, 5.0]) == (None, None)
