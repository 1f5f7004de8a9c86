"""Requests that no browser of ours sends: each gets an answer, none a fault of the program, and nobody chooses where they come from."""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from kneeclinic import actions, serving
from kneeclinic.vocabulary import Role, new_id
from kneeclinic.web.edge import origin_of
from tests.actions.conftest import a_person, a_problem
from tests.actions.test_programs import CLAM, a_program

from .conftest import PASSWORD, Door


@pytest.mark.parametrize("path", ["/signin", "/signout", "/setup"])
def test_a_form_token_in_other_letters_is_a_wrong_token(door: Door, path: str) -> None:
    door.sign_in()
    door.client.get("/signin")
    answer = door.client.post(path, data={"form_token": "ключ" * 16, "name": "ada", "password": "x"}, follow_redirects=False)
    assert answer.status_code in (303, 403)


def test_a_sign_out_link_with_a_proof_in_other_letters_only_asks(door: Door) -> None:
    door.sign_in()
    answer = door.client.get("/signout", params={"proof": "ключ"}, follow_redirects=False)
    assert answer.status_code == 200 and "<form" in answer.text
    assert door.client.get("/_stcore/health").status_code == 200


@pytest.mark.parametrize("asked", [
    {"until": "9999-12-31"}, {"since": "0001-01-01"}, {"since": "9999-12-31", "until": "0001-01-01"}, {"since": "31.12."},
])
def test_days_at_the_ends_of_the_calendar_are_no_fault_of_the_log(door: Door, asked: dict[str, str]) -> None:
    door.sign_in()
    assert door.client.get("/download/log/table", params=asked).status_code in (200, 422)


@pytest.mark.parametrize("path", ["/download/review/all?week=0001-01-01", "/download/review/all?week=9999-12-31"])
def test_weeks_at_the_ends_of_the_calendar_are_refused_in_a_sentence(door: Door, path: str) -> None:
    door.sign_in()
    clinic, lead = serving.the_clinic(), actions.command_line_actor("test")
    patient = actions.register_patient(clinic, lead, a_person(number=f"W{new_id()[:8]}"))
    episode = actions.open_episode(clinic, lead, patient.id, a_problem(opened_on=clinic.today))
    for one in (path, path.replace("all", episode.id)):
        assert door.client.get(one).status_code in (404, 422)


def connection(*forwarded: str) -> HTTPConnection:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return HTTPConnection({"type": "http", "client": ("127.0.0.1", 40000), "headers": headers})


def test_the_last_word_on_where_somebody_comes_from_is_the_proxys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy may write a header of its own below the one that the browser invented."""
    monkeypatch.setenv("KNEECLINIC_TRUSTED_PROXY", "127.0.0.1")
    assert origin_of(connection("10.1.1.1")) == "10.1.1.1"
    assert origin_of(connection("1.2.3.4, 10.1.1.1")) == "10.1.1.1"
    assert origin_of(connection("1.2.3.4", "10.1.1.1")) == "10.1.1.1"
    assert origin_of(connection("1.2.3.4", "")) == "1.2.3.4"
    monkeypatch.delenv("KNEECLINIC_TRUSTED_PROXY")
    assert origin_of(connection("10.1.1.1")) == "127.0.0.1"


@pytest.mark.parametrize("asked", [
    "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\\\\evil.example",
    "///evil.example", "/signout?proof=x", "evil.example", "@evil.example", "/%0d%0aset-cookie:x=1",
])
def test_no_next_page_leads_to_another_house(door: Door, asked: str) -> None:
    """Where the browser would go is worked out as it does it: against our own address."""
    from urllib.parse import urljoin, urlsplit

    went = door.sign_in(next_path=asked).headers["location"]
    assert urlsplit(urljoin("http://clinic.example/signin", went)).netloc == "clinic.example"
    assert not went.startswith(("//", "/\\", "/signout")) and "\n" not in went and "\t" not in went


ODD = ("%00", "..%2f..%2f..%2fetc%2fpasswd", "a" * 20_000, "%ff%fe", "%D0%BA", "'%3B%20drop%20table%20patient--", "-", "%0d%0aX-Evil:1", "%25s%25n")


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_odd_name_of_a_record_is_a_fault(door: Door, odd: str) -> None:
    door.sign_in()
    for kind in ("handout", "review", "document", "pack", "visit", "flowsheet", "form"):
        answer = door.client.get(f"/download/{kind}/{odd}")
        assert answer.status_code in (400, 404, 422), (kind, answer.status_code)
        assert "x-evil" not in answer.headers


@pytest.mark.parametrize("asked", [
    {"lang": "zz"}, {"lang": "../../en"}, {"layout": "huge"}, {"paper": "a0"}, {"sheet": "stop", "lang": "zz"}, {"sheet": "stop", "paper": "a0"},
    {"lang": "x" * 20_000}, {"x" * 5_000: "y"},
])
def test_no_odd_choice_of_a_paper_is_a_fault(door: Door, asked: dict[str, str]) -> None:
    door.sign_in()
    clinic = serving.the_clinic()
    lead = actions.command_line_actor("test")
    patient = actions.register_patient(clinic, lead, a_person(number=f"H{new_id()[:8]}"))
    episode = actions.open_episode(clinic, lead, patient.id, a_problem(opened_on=clinic.today))
    actions.revise_program(clinic, lead, episode.id, a_program(CLAM, starts_on=clinic.today), None)
    assert door.client.get(f"/download/handout/{episode.id}", params=asked).status_code in (200, 404, 422)
    assert door.client.get(f"/download/flowsheet/{episode.id}", params={"section": "no such"}).status_code in (200, 404, 422)


FORMS = ("/signin", "/signout", "/setup", "/signin/code", "/signin/password", "/signin/factor")


def in_parts(**fields: bytes) -> bytes:
    parts = [f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value for name, value in fields.items()]
    return b"\r\n".join(parts) + b"\r\n--part--\r\n"


@pytest.mark.parametrize("alphabet", ["raw_unicode_escape", "unicode_escape", "punycode", "undefined", "idna", "utf-7", "utf-8"])
def test_nobody_chooses_the_alphabet_of_a_form_before_sign_in(door: Door, alphabet: str) -> None:
    """Some give letters that cannot be written, some take minutes for a megabyte: nobody without a session may make the server do either."""
    sent = in_parts(form_token=door.form_token().encode(), name=b"ada\\ud800", password=b"\\ud800 and more", code=b"\\ud800", next=b"/\\ud800")
    for path in FORMS:
        answer = door.client.post(path, content=sent, headers={"content-type": f"multipart/form-data; boundary=part; charset={alphabet}"},
                                  follow_redirects=False)
        assert answer.status_code in (303, 403), (path, answer.status_code)
        assert "content-security-policy" in answer.headers and not door.session_token


def test_a_form_of_many_megabytes_or_fields_is_no_form_of_ours(door: Door) -> None:
    token = door.form_token()
    for more in ({"more": "x" * 3_000_000}, {f"more{place}": "x" for place in range(5_000)}):
        sent = {"form_token": token, "name": "ada", "password": PASSWORD, **more}
        assert door.client.post("/signin", data=sent, follow_redirects=False).status_code == 403 and not door.session_token
    assert door.client.post("/signin", data={"form_token": token, "name": "ada", "password": PASSWORD}, follow_redirects=False).status_code == 303


def test_a_form_of_other_letters_arrives_as_it_was_typed(door: Door) -> None:
    clinic = serving.the_clinic()
    password = "тихая река в полдень & 100 % +1 ü"
    actions.add_account(clinic, actions.command_line_actor("test"), f"Зоя{door.clock.now:%H%M%S%f}", "Зоя", Role.CLINICIAN, password)
    assert door.sign_in(name=f"Зоя{door.clock.now:%H%M%S%f}", password=password).status_code == 303
