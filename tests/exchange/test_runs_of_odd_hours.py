"""One activity in three formats, runs of other time zones and of odd hours, and archives inside archives."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kneeclinic import actions
from kneeclinic.actions.house import ProfileForm
from kneeclinic.exchange.runs import RunStatus, files_inside, import_runs, read_run_file
from kneeclinic.progress.load import load_history
from tests.actions.conftest import NOW, TODAY

from .fit_files import a_fit_file, a_session
from .test_run_files import a_gpx, a_tcx, points

NIGHT = datetime(2026, 3, 25, 22, 50, tzinfo=UTC)


def a_track(start: datetime, count: int, *, every_s: int = 60, km_h: float = 10, extra: str = "", climb: float = 0) -> bytes:
    """A straight line north from `start` on, a point every so many seconds."""
    step = km_h * every_s / 3600 / 111.19
    return a_gpx("".join(
        f'<trkpt lat="{45 + step * at:.7f}" lon="14.0"><ele>{100 + climb * at}</ele>'
        f"<time>{start + timedelta(seconds=every_s * at):%Y-%m-%dT%H:%M:%SZ}</time>{extra}</trkpt>" for at in range(count)), "running")


def a_zip(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "."), data)
    return held.getvalue()


def test_one_activity_in_three_formats_and_in_one_archive_is_one_run(clinic, staff, episode):
    """The track is a little shorter than what the watch measured, and begins some seconds later."""
    fit = a_fit_file(a_session(km=5.0))
    [told] = read_run_file("a.fit", fit)
    start = told.started.astimezone(UTC)
    tcx = a_tcx().replace(b"2026-03-24T07:00:00Z", f"{start:%Y-%m-%dT%H:%M:%SZ}".encode())
    track = a_gpx(points(30, 9.7, start=f"{start:%Y-%m-%dT%H}"), "running")
    assert read_run_file("a.tcx", tcx)[0].km == 5.0
    assert 4.8 < read_run_file("a.gpx", track)[0].km < 4.9
    answers = import_runs(clinic, staff.clinician, episode.id, [("a.fit", fit), ("a.tcx", tcx), ("all.zip", a_zip(a__gpx=track, b__fit=fit))])
    assert [one.status.value for one in answers] == ["imported", "duplicate", "duplicate", "duplicate"]
    assert len(clinic.case(episode.id).runs) == 1


@pytest.mark.parametrize(("zone", "day"), [("UTC", date(2026, 3, 25)), ("Europe/Berlin", date(2026, 3, 25)), ("Pacific/Auckland", date(2026, 3, 26)),
                                           ("America/Los_Angeles", date(2026, 3, 25))])
def test_a_run_belongs_to_the_day_on_which_it_began_where_the_clinic_is(clinic, staff, episode, zone, day):
    """It began at 22:50 of Greenwich and went on past midnight in Berlin; it is counted once, on one day."""
    actions.revise_profile(clinic, staff.lead, ProfileForm(name="Test clinic", time_zone=zone))
    [answer] = import_runs(clinic, staff.clinician, episode.id, [("night.gpx", a_track(NIGHT, 91))])
    assert answer.status is RunStatus.IMPORTED
    [run] = clinic.case(episode.id).runs
    assert (run.on, run.minutes) == (day, pytest.approx(90, abs=0.1))
    week = [one.km or 0.0 for one in load_history(clinic.case(episode.id), day, weeks=1)]
    assert week == [pytest.approx(15.0, abs=0.1)]


@pytest.mark.parametrize(("start", "local"), [
    (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 2, 30)),
    (datetime(2025, 10, 26, 1, 30, tzinfo=UTC), datetime(2025, 10, 26, 2, 30)),
    (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 59)),
    (datetime(2026, 3, 29, 1, 1, tzinfo=UTC), datetime(2026, 3, 29, 3, 1)),
])
def test_a_run_over_the_change_of_the_clocks_keeps_its_length(start, local):
    [found] = read_run_file("a.gpx", a_track(start, 61), ZoneInfo("Europe/Berlin"))
    assert found.form.started == local
    assert found.minutes == pytest.approx(60, abs=0.1)


def test_an_archive_inside_an_archive_is_not_opened_and_its_neighbours_are_read(clinic, staff, episode):
    fit, other = a_fit_file(a_session(km=5)), a_fit_file(a_session(km=7, after=600))
    outer = a_zip(deep__zip=a_zip(a__fit=other), run__gpx=a_zip(a__fit=other), b__fit=fit)
    for answers in (read_run_file("all.zip", outer), import_runs(clinic, staff.clinician, episode.id, [("all.zip", outer)]),
                    import_runs(clinic, staff.clinician, episode.id, files_inside("all.zip", outer))):
        assert [one.status for one in answers[:2]] == [RunStatus.REFUSED] * 2
        assert "unpack it first" in answers[0].why
        assert answers[0].file == "all.zip/deep.zip"
    assert [round(run.km) for run in clinic.case(episode.id).runs] == [5]


def test_a_track_of_ten_megabytes_is_read_and_kept(clinic, staff, episode):
    """One point a second for a long day, with all that watches add."""
    space = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
    extra = (f'<extensions><g:TrackPointExtension xmlns:g="{space}"><g:hr>150</g:hr><g:cad>82</g:cad></g:TrackPointExtension></extensions>')
    data = a_track(NOW - timedelta(days=3), 36_000, every_s=1, km_h=8, extra=extra, climb=0.01)
    assert len(data) > 9_000_000
    [answer] = import_runs(clinic, staff.clinician, episode.id, [("day.gpx", data)])
    assert answer.status is RunStatus.IMPORTED
    [run] = clinic.case(episode.id).runs
    assert (run.km, run.cadence_spm) == (pytest.approx(80, abs=0.5), 164)
    assert run.on == TODAY - timedelta(days=3)


def test_one_row_at_the_end_of_the_calendar_or_with_odd_digits_does_not_take_the_others_with_it():
    rows = ("started,km,minutes,pain_during", "2026-03-01 07:00,5,30,2", "9999-12-31T23:59:59-12:00,5,30,2", "2026-03-02 07:00,6,36,\u00b2",
            "2026-03-03,7,40,10")
    told = read_run_file("runs.csv", "\n".join(rows).encode(), ZoneInfo("Pacific/Auckland"))
    assert [one.status.value for one in told] == ["imported", "refused", "refused", "imported"]
    assert "line 3" in told[1].why and "calendar" in told[1].why
    assert "line 4" in told[2].why and "from 0 to 10" in told[2].why
    assert told[3].form.pain_during == 10
