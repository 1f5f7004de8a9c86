"""The later steps of signing in, as a browser takes them."""

from __future__ import annotations

import pytest

from kneeclinic import actions, serving
from kneeclinic.security.second_factor import code_at
from kneeclinic.vocabulary import Role

from .conftest import PASSWORD, Door


@pytest.fixture
def guarded_account(door: Door, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, tuple[str, ...]]:
    """Name, secret and recovery codes of a clinician with a second factor."""
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 2)
    name = f"mia{door.clock.now:%H%M%S%f}"
    clinic = serving.the_clinic()
    account = actions.add_account(clinic, actions.command_line_actor("test"), name, "Mia", Role.CLINICIAN, PASSWORD)
    actor = actions.Actor.of(account, "test")
    secret = actions.begin_second_factor(clinic, actor, PASSWORD).secret
    codes = actions.confirm_second_factor(clinic, actor, code_at(secret, clinic.now))
    door.clock.pass_(seconds=30)
    return name, secret, codes


def send(door: Door, path: str, **fields: str):
    token = door.client.get(path).text.split('name="form_token" value="')[1].split('"')[0]
    return door.client.post(path, data={"form_token": token, **fields}, follow_redirects=False)


def is_in(door: Door) -> bool:
    return door.client.get("/_stcore/health").status_code == 200


def test_after_the_password_comes_the_code_and_then_where_one_wanted_to_go(door: Door, guarded_account) -> None:
    name, secret, _ = guarded_account
    half = door.sign_in(name=name, next_path="/patient?patient=0a1b")
    assert half.headers["location"] == "/signin/code" and not door.session_token and not is_in(door)
    cookie = half.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and "Max-Age=300" in cookie
    page = door.client.get("/signin/code")
    assert 'autocomplete="one-time-code"' in page.text and "recovery code" in page.text
    whole = send(door, "/signin/code", code=code_at(secret, door.clock.now))
    assert whole.status_code == 303 and whole.headers["location"] == "/patient?patient=0a1b"
    assert is_in(door)


def test_the_last_step_ends_the_session_that_this_browser_had_before_and_the_first_does_not(door: Door, guarded_account) -> None:
    name, secret, _ = guarded_account
    door.sign_in()
    before = door.session_token
    door.sign_in(name=name)
    assert serving.peek(before), "half a sign-in ends nobody's session"
    send(door, "/signin/code", code=code_at(secret, door.clock.now))
    assert is_in(door) and door.session_token != before and serving.peek(before) is None


def test_a_wrong_code_says_so_and_the_step_stays(door: Door, guarded_account) -> None:
    name, secret, codes = guarded_account
    door.sign_in(name=name)
    wrong = send(door, "/signin/code", code="000000" if code_at(secret, door.clock.now) != "000000" else "111111")
    assert wrong.status_code == 403 and 'role="alert"' in wrong.text and not is_in(door)
    assert send(door, "/signin/code", code=codes[0]).status_code == 303 and is_in(door)


def test_the_half_token_in_the_session_cookie_opens_nothing(door: Door, guarded_account) -> None:
    name, _, _ = guarded_account
    door.sign_in(name=name)
    half = door.client.cookies.get(door.edge.cookies.step_name)
    door.client.cookies.set(door.edge.cookies.session_name, half)
    for path in ("/_stcore/health", "/download/export/clinic", "/download/form/first"):
        assert door.client.get(path, follow_redirects=False).status_code == 401
    assert door.client.get("/", headers={"accept": "text/html"}, follow_redirects=False).status_code == 303


def test_the_code_page_without_a_first_step_leads_to_sign_in(door: Door) -> None:
    for path in ("/signin/code", "/signin/password", "/signin/factor"):
        assert door.client.get(path, follow_redirects=False).headers["location"] == "/signin"
        assert door.client.post(path, data={"code": "123456"}, follow_redirects=False).headers["location"] == "/signin?out=late"
    door.client.cookies.set(door.edge.cookies.step_name, "invented")
    assert door.client.get("/signin/code", follow_redirects=False).headers["location"] == "/signin"


def test_a_step_form_without_its_token_is_refused(door: Door, guarded_account) -> None:
    name, secret, _ = guarded_account
    door.sign_in(name=name)
    door.client.get("/signin/code")
    for token in ("", "0" * 64):
        answer = door.client.post("/signin/code", data={"form_token": token, "code": code_at(secret, door.clock.now)}, follow_redirects=False)
        assert answer.status_code == 403 and not is_in(door)


def test_five_minutes_later_one_begins_again(door: Door, guarded_account) -> None:
    name, secret, _ = guarded_account
    door.sign_in(name=name)
    door.clock.pass_(minutes=5)
    answer = door.client.post("/signin/code", data={"form_token": "x", "code": code_at(secret, door.clock.now)}, follow_redirects=False)
    assert answer.headers["location"] == "/signin?out=late"
    assert "not finished in time" in door.client.get(answer.headers["location"]).text


def test_who_got_a_password_from_the_lead_chooses_one_first(door: Door) -> None:
    clinic, name = serving.the_clinic(), f"leo{door.clock.now:%H%M%S%f}"
    actions.add_account(clinic, actions.command_line_actor("test"), name, "Leo", Role.CLINICIAN, PASSWORD, must_change=True)
    assert door.sign_in(name=name).headers["location"] == "/signin/password"
    assert not is_in(door)
    for one, two, says in (("nine wet boots dry", "nine wet boots", "differ"), ("xq7", "xq7", "too few"), (PASSWORD, PASSWORD, "chosen for you")):
        answer = send(door, "/signin/password", password=one, again=two)
        assert answer.status_code == 403 and says in answer.text and one not in answer.text.split("<form")[1]
    assert send(door, "/signin/password", password="nine wet boots dry", again="nine wet boots dry").headers["location"] == "/"
    assert is_in(door)
    door.client.cookies.clear()
    assert door.sign_in(name=name, password="nine wet boots dry").headers["location"] == "/"


def test_who_must_have_a_second_factor_sets_it_up_on_the_way_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 2)
    clinic, name = serving.the_clinic(), f"noa{door.clock.now:%H%M%S%f}"
    lead = actions.command_line_actor("test")
    actions.add_account(clinic, lead, name, "Noa", Role.ASSISTANT, PASSWORD)
    actions.require_second_factor(clinic, lead, [Role.ASSISTANT])
    try:
        half = door.sign_in(name=name, next_path="/library")
        assert half.headers["location"] == "/signin/factor" and "Max-Age=900" in half.headers["set-cookie"] and not is_in(door)
        for path in ("/_stcore/health", "/download/form/first"):
            assert door.client.get(path).status_code == 401
        page = door.client.get("/signin/factor")
        assert 'src="data:image/svg+xml' in page.text and "no-store" in page.headers["cache-control"]
        secret = page.text.split('<code id="secret"')[1].split(">", 1)[1].split("<")[0].replace(" ", "")
        assert send(door, "/signin/factor", code="12 34").status_code == 403 and not is_in(door)
        refused = door.client.post("/signin/factor", data={"form_token": "0" * 64, "code": code_at(secret, door.clock.now)})
        assert refused.status_code == 403 and not is_in(door)
        done = send(door, "/signin/factor", code=code_at(secret, door.clock.now))
        assert done.status_code == 200 and done.text.count("<code style") == 2 and 'href="/library"' in done.text
        assert is_in(door) and secret not in done.text
        assert door.client.get("/signin/factor", follow_redirects=False).headers["location"] == "/signin", "shown this once"
    finally:
        actions.require_second_factor(serving.the_clinic(), lead, [])


def test_what_was_typed_as_a_code_is_never_read_as_markup(door: Door, guarded_account) -> None:
    name, _, _ = guarded_account
    door.sign_in(name=name)
    page = send(door, "/signin/code", code="\"><script>alert('x')</script>").text
    assert "<script" not in page and "alert(" not in page


def test_every_form_route_refuses_a_post_without_its_token(door: Door) -> None:
    """Walks the routes: whatever takes a POST outside Streamlit's own doors is a form of ours, and asks for the token of this browser."""
    posts = {route.path for route in door.client.app._starlette_app.routes
             if "POST" in (getattr(route, "methods", None) or ()) and not route.path.startswith(("/_stcore", "/oauth2", "/auth"))}
    assert posts == {"/signin", "/signin/code", "/signin/password", "/signin/factor", "/signout", "/setup"}
    door.sign_in()
    for path in posts - {"/setup"}:
        answer = door.client.post(path, data={"form_token": "0" * 64, "name": "ada", "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 403 or answer.headers["location"] in ("/signout", "/signin?out=late"), path
    assert is_in(door), "not even the sign-out was taken"
