"""Nobody without a session gets anything of the clinic."""

from __future__ import annotations

import pytest
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from kneeclinic.web.gate import OPEN_PATHS

from .conftest import Door

EXAMPLES = ("/", "/patient", "/caseload?patient=0a", "/media/abc.pdf", "/_stcore/health", "/_stcore/host-config", "/_stcore/agent/openapi.json",
            "/_stcore/metrics", "/static/js/index.js", "/favicon.png", "/component/x/index.html", "/download/handout/0a", "/download/review/all",
            "/download/document/0a", "/download/export/clinic", "/download/form/first", "/desk.js", "/nothing", "//evil", "/signin/", "/Signin",
            "/health/../media/x", "/_stcore/upload_file/a/b", "/auth/login", "/oauth2callback")


def paths_of(routes: list[BaseRoute], before: str = "") -> list[str]:
    found = []
    for route in routes:
        if isinstance(route, Mount):
            found += [before + route.path + "/x", *paths_of(list(route.routes or []), before + route.path)]
        elif isinstance(route, Route | WebSocketRoute):
            found.append(before + route.path)
    return [one.replace("{", "").replace("}", "").replace(":path", "") for one in found]


def test_every_route_of_the_server_refuses_a_browser_without_a_session(door: Door) -> None:
    door.client.get("/health")
    every = set(paths_of(door.client.app._starlette_app.routes)) | set(EXAMPLES)
    assert len(every) > 20
    for path in every - OPEN_PATHS:
        for accept in ("text/html", "*/*"):
            answer = door.client.get(path, headers={"accept": accept}, follow_redirects=False)
            sent_to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/signin")
            assert sent_to_sign_in or answer.status_code in (401, 403), f"{path} answered {answer.status_code}"
            assert b"<script" not in answer.content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_method_slips_past_the_gate(door: Door, method: str) -> None:
    for path in ("/_stcore/upload_file/a/b", "/_stcore/agent/interact", "/download/handout/0a", "/"):
        assert door.client.request(method, path, follow_redirects=False).status_code in (401, 403), path


def test_the_live_connection_is_refused_without_a_session(door: Door) -> None:
    with pytest.raises(WebSocketDisconnect), door.client.websocket_connect("/_stcore/stream"):
        pass


def test_the_live_connection_is_refused_with_an_invented_session(door: Door) -> None:
    door.client.cookies.set(door.edge.cookies.session_name, "x" * 43)
    with pytest.raises(WebSocketDisconnect), door.client.websocket_connect("/_stcore/stream"):
        pass


def test_a_signed_in_browser_gets_the_page_and_its_scripts(door: Door) -> None:
    door.sign_in()
    assert "<script" in door.client.get("/", headers={"accept": "text/html"}).text
    assert door.client.get("/_stcore/health").status_code == 200


def test_identity_headers_of_the_browser_are_thrown_away(door: Door) -> None:
    seen: list[dict[bytes, bytes]] = []

    async def inside(scope, receive, send):
        seen.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    from starlette.testclient import TestClient

    from kneeclinic.web.gate import Gate

    door.sign_in()
    client = TestClient(Gate(inside, edge=door.edge), cookies={door.edge.cookies.session_name: door.session_token})
    client.get("/x", headers={"X-KneeClinic-Account": "somebody", "x-kneeclinic-session": "stolen", "X-KneeClinic-Role": "lead"})
    assert seen[0][b"x-kneeclinic-session"] == door.session_token.encode()
    assert b"somebody" not in seen[0].values() and b"stolen" not in seen[0].values()
    assert b"x-kneeclinic-role" not in seen[0]
    client = TestClient(Gate(inside, edge=door.edge))
    client.get("/health", headers={"X-KneeClinic-Account": "somebody"})
    assert not [one for one in seen[1] if one.startswith(b"x-kneeclinic-")]


def test_a_session_ends_after_fifteen_quiet_minutes(door: Door) -> None:
    door.sign_in()
    door.clock.pass_(minutes=14)
    assert door.client.get("/", headers={"accept": "text/html"}, follow_redirects=False).status_code == 200
    door.clock.pass_(minutes=16)
    assert door.client.get("/", headers={"accept": "text/html"}, follow_redirects=False).status_code == 303


def test_fetching_scripts_is_nobodys_activity(door: Door) -> None:
    door.sign_in()
    for _ in range(4):
        door.clock.pass_(minutes=4)
        last = door.client.get("/_stcore/health").status_code
    assert last == 401


def test_a_session_ends_after_twelve_hours_in_any_case(door: Door) -> None:
    door.sign_in()
    for _ in range(60):
        door.clock.pass_(minutes=12)
        last = door.client.get("/", headers={"accept": "text/html"}, follow_redirects=False).status_code
    assert last == 303


def test_a_page_asked_for_is_where_sign_in_leads(door: Door) -> None:
    asked = door.client.get("/patient?patient=0a1b", headers={"accept": "text/html"}, follow_redirects=False)
    assert asked.headers["location"] == "/signin?next=%2Fpatient%3Fpatient%3D0a1b"
    assert door.sign_in(next_path="/patient?patient=0a1b").headers["location"] == "/patient?patient=0a1b"


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/signout", ""])
def test_sign_in_never_leads_to_another_site(door: Door, evil: str) -> None:
    assert door.sign_in(next_path=evil).headers["location"] == "/"
