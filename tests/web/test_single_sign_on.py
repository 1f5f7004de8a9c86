"""Single sign-on against a small provider that tells the truth, and against one that lies in every way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kneeclinic import actions, serving
from kneeclinic.store import read_audit
from kneeclinic.store.second_factors import accounts_with_provider_identity
from kneeclinic.vocabulary import Refused, Role
from kneeclinic.web import signin, sso, steps
from kneeclinic.web.edge import Edge, Provider
from kneeclinic.web.gate import ACCOUNT_HEADER, Gate
from kneeclinic.web.headers import SecurityHeaders

from .conftest import PASSWORD, Clock, Door
from .oidc_provider import CLIENT, SECRET, OidcProvider, running

ROOT = Path(__file__).resolve().parents[2]
OURS = "http://127.0.0.1:9"
LIES = (
    "another issuer", "another audience", "another nonce", "no nonce", "run out", "no end", "no person", "no id token", "another key", "no signature",
    "signed with the public key", "another state", "says no",
)


@pytest.fixture(scope="module")
def the_provider() -> Iterator[OidcProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(the_provider: OidcProvider) -> OidcProvider:
    the_provider.lie = ""
    the_provider.person = {"sub": "p-1", "preferred_username": "ada"}
    return the_provider


def door_with(provider: OidcProvider, keyed: Path, claim: str = "preferred_username") -> Door:
    edge = Edge(path=keyed / "clinic.duckdb", demo_path=keyed / "demo.duckdb")
    edge.provider = Provider(provider.issuer, CLIENT, SECRET, OURS, claim, "Sign in with Riverside Health")

    async def inside(request: Request) -> Response:
        return PlainTextResponse("account " + request.headers[ACCOUNT_HEADER])

    app = Starlette(routes=[*signin.routes(edge), *steps.routes(edge), *sso.routes(edge), Route("/{path:path}", inside)],
                    middleware=[Middleware(SecurityHeaders), Middleware(Gate, edge=edge)])
    return Door(TestClient(app, raise_server_exceptions=False), edge, Clock())


@pytest.fixture
def door(provider: OidcProvider, keyed: Path, the_clinic) -> Iterator[Door]:
    found = door_with(provider, keyed)
    serving.keep_open(the_clinic, clock=found.clock)
    unlink()
    yield found
    unlink()
    serving.keep_open(None)


def unlink() -> None:
    clinic = serving.the_clinic()
    lead = actions.command_line_actor("test")
    for account in accounts_with_provider_identity(clinic.database):
        actions.unlink_provider(clinic, lead, account)


def through(door: Door, start: str = "/sso/start") -> Response:
    """The whole way of a browser: out to the provider, back to our page, and on to where that page leads."""
    import httpx2

    out = door.client.get(start, follow_redirects=False)
    assert out.status_code == 302, out.text
    back = httpx2.get(out.headers["location"], follow_redirects=False).headers["location"]
    return arrive(door, back)


def arrive(door: Door, back: str) -> Response:
    assert back.startswith(f"{OURS}/sso/back?")
    before = door.session_token
    page = door.client.get(back.removeprefix(OURS), follow_redirects=False)
    assert page.status_code == 200 and door.session_token == before
    on = page.text.split('content="0;url=')[1].split('"')[0].replace("&amp;", "&")
    assert on.startswith("/sso/arrive?")
    return door.client.get(on, follow_redirects=False)


def test_the_provider_vouches_and_the_session_is_ours(door: Door, provider: OidcProvider) -> None:
    assert "Sign in with Riverside Health" in door.client.get("/signin").text
    answer = through(door, "/sso/start?next=%2Fpatient%3Fpatient%3D0a1b")
    assert answer.status_code == 303 and answer.headers["location"] == "/patient?patient=0a1b"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    inside = door.client.get("/caseload", headers={"accept": "text/html"})
    assert inside.text.startswith("account ")
    line = read_audit(serving.the_clinic().database, action="sign_in", limit=1)[0]
    assert line.detail == {"by": "single sign-on"}
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) >= 16 and len(asked["state"]) >= 16
    assert asked["redirect_uri"] == f"{OURS}/sso/back" and "openid" in asked["scope"]


def test_it_ends_the_session_that_this_browser_had_before(door: Door) -> None:
    door.sign_in()
    before = door.session_token
    assert serving.peek(before)
    through(door)
    assert door.session_token != before and serving.peek(door.session_token) and serving.peek(before) is None


def test_it_ends_like_any_other_session(door: Door) -> None:
    through(door)
    door.clock.pass_(minutes=16)
    assert door.client.get("/caseload", headers={"accept": "text/html"}, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_does_not_fit_lets_nobody_in(door: Door, provider: OidcProvider, lie: str) -> None:
    provider.lie = lie
    answer = through(door)
    assert answer.status_code == 403 and not door.session_token
    assert "Traceback" not in answer.text and "name and password" in answer.text
    provider.lie = ""
    assert through(door).status_code == 303, "the next honest one gets in"


def test_a_provider_that_calls_itself_by_another_name_is_not_asked(provider: OidcProvider, keyed: Path, door: Door) -> None:
    provider.lie = "another issuer at discovery"
    fresh = door_with(provider, keyed)
    answer = fresh.client.get("/sso/start", follow_redirects=False)
    assert answer.status_code == 502 and "location" not in answer.headers


def test_a_way_back_is_good_once_and_in_the_browser_that_began_it(door: Door, provider: OidcProvider, keyed: Path) -> None:
    import httpx2

    out = door.client.get("/sso/start", follow_redirects=False)
    back = httpx2.get(out.headers["location"], follow_redirects=False).headers["location"]
    stranger = TestClient(door.client.app, raise_server_exceptions=False)
    stolen = stranger.get(back.removeprefix(OURS).replace("/sso/back", "/sso/arrive"), follow_redirects=False)
    assert stolen.status_code == 403 and not stranger.cookies.get(door.edge.cookies.session_name)
    assert arrive(door, back).status_code == 303
    door.client.cookies.delete(door.edge.cookies.session_name)
    assert arrive(door, back).status_code == 403


def test_a_sign_in_that_took_too_long_begins_again(door: Door) -> None:
    import httpx2

    out = door.client.get("/sso/start", follow_redirects=False)
    back = httpx2.get(out.headers["location"], follow_redirects=False).headers["location"]
    door.clock.pass_(minutes=11)
    assert arrive(door, back).status_code == 403


def test_one_machine_that_begins_over_and_over_crowds_out_nobody_else(door: Door) -> None:
    waiting = sso.Waiting()
    waiting.begin("hers", "/caseload", "10.0.0.7")
    for place in range(3):
        waiting.begin(f"theirs-{place}", "/", "10.0.0.8")
    for place in range(sso.MOST_BEGUN * 2):
        waiting.begin(f"flood-{place}", "/", "10.6.6.6")
    begun = waiting.take("hers")
    assert begun is not None and begun.next_path == "/caseload"
    assert all(waiting.take(f"theirs-{place}") for place in range(3))
    assert waiting.take("flood-0") is None and waiting.take(f"flood-{sso.MOST_BEGUN * 2 - 1}") is not None
    assert len(waiting._begun) <= sso.MOST_BEGUN


def test_a_flood_of_begun_sign_ins_from_elsewhere_lets_the_first_one_through(
    door: Door, monkeypatch: pytest.MonkeyPatch, provider: OidcProvider,
) -> None:
    import httpx2

    monkeypatch.setattr(sso, "MOST_BEGUN", 4)
    monkeypatch.setenv("KNEECLINIC_TRUSTED_PROXY", "testclient")
    out = door.client.get("/sso/start", headers={"x-forwarded-for": "10.0.0.7"}, follow_redirects=False)
    for _ in range(6):
        stranger = TestClient(door.client.app, raise_server_exceptions=False)
        assert stranger.get("/sso/start", headers={"x-forwarded-for": "10.6.6.6"}, follow_redirects=False).status_code == 302
    back = httpx2.get(out.headers["location"], follow_redirects=False).headers["location"]
    assert arrive(door, back).status_code == 303


def test_nobody_without_an_account_gets_one(door: Door, provider: OidcProvider) -> None:
    before = len(actions.accounts_of(serving.the_clinic()))
    for person in ({"sub": "p-9", "preferred_username": "stranger"}, {"sub": "p-9"}, {"sub": "p-9", "preferred_username": ["ada"]}):
        provider.person = person
        answer = through(door)
        assert answer.status_code == 403 and "no account" in answer.text and not door.session_token
    assert len(actions.accounts_of(serving.the_clinic())) == before


def test_another_person_who_is_given_a_known_name_there_is_refused(door: Door, provider: OidcProvider) -> None:
    assert through(door).status_code == 303
    door.client.cookies.delete(door.edge.cookies.session_name)
    provider.person = {"sub": "p-2", "preferred_username": "ada"}
    assert through(door).status_code == 403 and not door.session_token


def test_the_role_stays_ours(door: Door, provider: OidcProvider) -> None:
    clinic = serving.the_clinic()
    lead = actions.command_line_actor("test")
    name = f"porter{door.clock.now:%H%M%S%f}"
    account = actions.add_account(clinic, lead, name, "Porter", Role.FRONT_DESK, PASSWORD)
    provider.person = {"sub": name, "preferred_username": name, "role": "lead", "groups": ["lead"], "roles": ["lead"]}
    assert through(door).status_code == 303
    actor = actions.session_actor(clinic, door.session_token)
    assert actor is not None and (actor.account_id, actor.role) == (account.id, Role.FRONT_DESK)


def test_an_address_that_nobody_verified_is_no_name(provider: OidcProvider, keyed: Path, door: Door) -> None:
    clinic = serving.the_clinic()
    name = f"eva{door.clock.now:%H%M%S%f}@clinic.example"
    actions.add_account(clinic, actions.command_line_actor("test"), name, "Eva", Role.CLINICIAN, PASSWORD)
    by_mail = door_with(provider, keyed, "email")
    for verified, status in ((None, 403), (False, 403), ("true", 403), (True, 303)):
        provider.person = {"sub": name, "email": name, "preferred_username": "ada"} | ({} if verified is None else {"email_verified": verified})
        assert through(by_mail).status_code == status, verified


def test_next_never_leads_to_another_site(door: Door) -> None:
    assert through(door, "/sso/start?next=https%3A%2F%2Fevil.example").headers["location"] == "/"


def test_pages_on_the_way_carry_the_headers_and_no_script(door: Door) -> None:
    for path in ("/sso/back?code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&state=x", "/sso/arrive?code=x&state=y"):
        answer = door.client.get(path, follow_redirects=False)
        assert "<script" not in answer.text and answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"] and answer.headers["referrer-policy"] == "no-referrer"
        for found in answer.text.split('url=')[1:]:
            assert parse_qs(urlsplit(found.split('"')[0].replace("&amp;", "&")).query)["code"] == ['"><script>alert(1)</script>']


@pytest.mark.parametrize(("settings", "missing"), [
    ({"CLIENT": "", "SECRET_FILE": "f", "ADDRESS": "https://clinic.example"}, "CLIENT"),
    ({"CLIENT": "c", "SECRET_FILE": "", "ADDRESS": "https://clinic.example"}, "SECRET_FILE"),
    ({"CLIENT": "c", "SECRET_FILE": "f", "ADDRESS": "http://clinic.example"}, "https://"),
    ({"CLIENT": "c", "SECRET_FILE": "/nowhere/f", "ADDRESS": "https://clinic.example"}, "cannot be read"),
    ({"ISSUER": "http://id.example", "CLIENT": "c", "SECRET_FILE": "f", "ADDRESS": "https://clinic.example"}, "https://"),
])
def test_what_is_set_by_half_stops_the_start_in_one_sentence(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], missing: str) -> None:
    for name, value in ({"ISSUER": "https://id.example"} | settings).items():
        monkeypatch.setenv(f"KNEECLINIC_SSO_{name}", value)
    with pytest.raises(Refused, match=missing) as refused:
        sso.provider_from_environment()
    assert "\n" not in str(refused.value)


def test_the_settings_are_read_and_the_secret_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    for name, value in {"ISSUER": "https://id.example/", "CLIENT": "c", "SECRET_FILE": str(tmp_path / "secret"),
                        "ADDRESS": "https://clinic.example/"}.items():
        monkeypatch.setenv(f"KNEECLINIC_SSO_{name}", value)
    found = sso.provider_from_environment()
    assert found is not None and found.secret == SECRET and SECRET not in repr(found)
    assert (found.issuer, found.address, found.claim) == ("https://id.example", "https://clinic.example", "preferred_username")


def test_where_no_provider_is_set_nothing_of_it_is_there_or_loaded(monkeypatch: pytest.MonkeyPatch, keyed: Path) -> None:
    monkeypatch.delenv("KNEECLINIC_SSO_ISSUER", raising=False)
    assert sso.provider_from_environment() is None
    assert sso.routes(Edge(path=keyed / "x", demo_path=keyed / "y")) == []
    told = subprocess.run(
        [sys.executable, "-c", "import sys, kneeclinic.web.server as server; server.build_edge(); "
                               "print([one for one in ('authlib', 'joserfc', 'httpx2', 'httpx') if one in sys.modules])"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )
    assert told.stdout.strip() == "[]"
