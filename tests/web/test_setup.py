"""The first start: only who stands at the machine may claim the clinic."""

from __future__ import annotations

from kneeclinic import serving

from .conftest import PASSWORD, Door

FORM = {"clinic": "New clinic", "display_name": "Dr Bo", "name": "bo", "password": PASSWORD, "again": PASSWORD, "units": "metric", "paper": "a4",
        "time_zone": "Europe/Berlin", "week_start": "0", "phone": "555-0100", "what": "clinic"}


def send(door: Door, **fields: str):
    token = door.form_token("/setup")
    return door.client.post("/setup", data=FORM | {"form_token": token, "code": door.edge.code} | fields, follow_redirects=False)


def test_before_set_up_everything_leads_to_the_set_up_page(closed_door: Door) -> None:
    for path in ("/", "/signin", "/patient", "/download/handout/0a"):
        assert closed_door.client.get(path, headers={"accept": "text/html"}, follow_redirects=False).headers["location"] == "/setup"
    assert closed_door.client.get("/health").json() == {"status": "not set up"}
    assert closed_door.client.get("/media/x").status_code == 401


def test_a_wrong_code_makes_nothing(closed_door: Door) -> None:
    answer = send(closed_door, code="AAAA-BBBB-CCCC")
    assert answer.status_code == 403 and "not the code" in answer.text
    assert not closed_door.edge.path.exists() and not serving.is_open()


def test_guessing_the_code_is_held_back(closed_door: Door) -> None:
    answers = [send(closed_door, code=f"GUES-S{number:03}-XXXX").status_code for number in range(8)]
    assert 429 in answers
    closed_door.edge.throttle.right(("set-up", "from:testclient"))


def test_the_printed_code_makes_the_clinic_and_signs_its_lead_in(closed_door: Door) -> None:
    old_code = closed_door.edge.code
    answer = send(closed_door, code=old_code.lower().replace("-", " "))
    assert answer.status_code == 200 and closed_door.edge.path.exists()
    assert "no-store" in answer.headers["cache-control"]
    code = serving.the_clinic().database.outer_key.recovery_code
    assert code in answer.text and "set-cookie" in answer.headers
    assert serving.the_clinic().profile.name == "New clinic"
    assert closed_door.client.get("/_stcore/health").status_code == 200
    assert closed_door.client.get("/setup", follow_redirects=False).headers["location"] == "/"
    assert closed_door.edge.code != old_code


def test_what_is_refused_is_said_and_what_was_typed_stays(closed_door: Door) -> None:
    for fields, says in (({"again": "something else"}, "differ"), ({"password": "short", "again": "short"}, "too few"), ({"clinic": ""}, "needed")):
        answer = send(closed_door, **fields)
        assert answer.status_code == 422 and says in answer.text, says
        assert 'value="Dr Bo"' in answer.text and PASSWORD not in answer.text
    assert not serving.is_open()


def test_a_set_up_form_without_its_token_is_refused(closed_door: Door) -> None:
    answer = closed_door.client.post("/setup", data=FORM | {"code": closed_door.edge.code}, follow_redirects=False)
    assert answer.status_code == 403 and not closed_door.edge.path.exists()
