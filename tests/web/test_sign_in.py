"""Coming in and going out."""

from __future__ import annotations

from kneeclinic import actions, serving
from kneeclinic.security.sessions import token_hash
from kneeclinic.store import read_session
from kneeclinic.vocabulary import Role

from .conftest import PASSWORD, Door


def test_the_right_name_and_password_open_the_clinic(door: Door) -> None:
    answer = door.sign_in()
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and "Path=/" in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(door: Door) -> None:
    door.edge.tls = True
    try:
        assert door.edge.cookies.session_name.startswith("__Host-")
        page = door.client.get("https://testserver/signin")
        assert "Secure" in page.headers["set-cookie"]
    finally:
        door.edge.tls = False


def test_a_wrong_password_and_a_wrong_name_get_the_same_words(door: Door) -> None:
    one, two = door.sign_in(password="not this one"), door.sign_in(name="nobody-here", password="not this one")
    assert one.status_code == two.status_code == 403
    says = [page.text.split('role="alert">')[1].split("<")[0] for page in (one, two)]
    assert says[0] == says[1] and not door.session_token


def test_every_sign_in_gets_a_fresh_token(door: Door) -> None:
    tokens = set()
    for _ in range(5):
        door.sign_in()
        tokens.add(door.session_token)
    assert len(tokens) == 5 and all(len(one) >= 43 for one in tokens)


def test_a_sign_in_ends_the_session_that_this_browser_had_before(door: Door) -> None:
    """Its cookie is overwritten, so nobody could sign it out any more; a copy of it must not stay good for another quarter of an hour."""
    clinic = serving.the_clinic()
    door.sign_in()
    before = door.session_token
    assert serving.peek(before)
    assert door.sign_in(password="not this one").status_code == 403 and serving.peek(before), "a wrong try ends nobody's session"
    door.sign_in()
    assert door.session_token != before and serving.peek(door.session_token)
    assert serving.peek(before) is None and actions.session_actor(clinic, before) is None
    ended = read_session(clinic.database, token_hash(before))
    assert ended is not None and ended.ended_why == "another sign-in in this browser"


def test_a_sign_in_in_another_browser_ends_nothing(door: Door) -> None:
    from starlette.testclient import TestClient

    door.sign_in()
    other = Door(TestClient(door.client.app), door.edge, door.clock)
    assert other.sign_in().status_code == 303
    assert serving.peek(door.session_token) and serving.peek(other.session_token)


def test_guessing_is_held_back_by_the_tenth_try(door: Door) -> None:
    says = [door.sign_in(name="guessed", password=f"guess number {number}").text for number in range(10)]
    assert "Wait" in says[-1]
    door.clock.pass_(hours=25)
    assert door.sign_in().status_code == 303


def test_a_form_without_its_token_is_refused(door: Door) -> None:
    door.form_token()
    for token in ("", "0" * 64):
        answer = door.client.post("/signin", data={"form_token": token, "name": "ada", "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 403 and not door.session_token


def test_a_form_token_of_another_browser_is_refused(door: Door) -> None:
    from starlette.testclient import TestClient

    other = Door(TestClient(door.client.app), door.edge, door.clock)
    stolen = other.form_token()
    door.form_token()
    answer = door.client.post("/signin", data={"form_token": stolen, "name": "ada", "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 403


def test_what_was_typed_is_never_read_as_markup(door: Door) -> None:
    page = door.sign_in(name="\"><script>alert('x')</script>", password="wrong wrong").text
    assert "<script" not in page and "&lt;script&gt;" in page


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(door: Door) -> None:
    door.sign_in()
    copied = door.session_token
    out = door.client.get(f"/signout?proof={serving.leave_proof(copied)}", follow_redirects=False)
    assert out.headers["location"] == "/signin?out=1"
    door.client.cookies.set(door.edge.cookies.session_name, copied)
    assert door.client.get("/_stcore/health").status_code == 401


def test_a_sign_out_link_without_its_proof_only_asks(door: Door) -> None:
    door.sign_in()
    page = door.client.get("/signout?proof=guessed")
    assert page.status_code == 200 and "<form" in page.text
    assert door.client.get("/_stcore/health").status_code == 200
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    assert door.client.post("/signout", data={"form_token": token}, follow_redirects=False).status_code == 303
    assert door.client.get("/_stcore/health").status_code == 401


def test_a_disabled_account_is_out_at_once(door: Door) -> None:
    clinic = serving.the_clinic()
    door.sign_in()
    lead = actions.session_actor(clinic, door.session_token)
    name = f"temp{door.clock.now:%H%M%S%f}"
    account = actions.add_account(clinic, lead, name, "Temp", Role.CLINICIAN, PASSWORD)
    door.sign_in(name=name)
    assert door.client.get("/_stcore/health").status_code == 200
    actions.disable_account(clinic, lead, account.id)
    assert door.client.get("/_stcore/health").status_code == 401
    assert door.sign_in(name=name).status_code == 403
