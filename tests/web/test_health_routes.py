"""What a watcher may ask without signing in: alive, and ready to serve."""

from __future__ import annotations

from kneeclinic import serving
from kneeclinic.vocabulary import NotFound
from tests.web.conftest import Door


def test_an_open_clinic_is_alive_and_ready_and_says_nothing_else(door: Door) -> None:
    for path in ("/health", "/ready"):
        answer = door.client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "serving"})
        assert door.client.post(path).status_code in (401, 403, 405)


def test_before_the_set_up_the_program_is_alive_but_not_ready(closed_door: Door) -> None:
    assert closed_door.client.get("/health").status_code == 200
    answer = closed_door.client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "not set up"})


def test_a_clinic_that_cannot_be_read_is_neither(door: Door, monkeypatch) -> None:
    def no_profile(_: object) -> None:
        raise NotFound("gone")

    monkeypatch.setattr(serving._place.clinic.__class__, "profile", property(no_profile))
    for path in ("/health", "/ready"):
        answer = door.client.get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "not readable"})
