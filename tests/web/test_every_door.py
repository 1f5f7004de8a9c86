"""Every door of the running server, tried with every kind of key: none, invented, run out, signed out, disabled, and each role's own."""

from __future__ import annotations

import io
from collections import Counter

import pypdfium2
import pytest
from starlette.websockets import WebSocketDisconnect

from kneeclinic import actions, serving
from kneeclinic.record.forms import ObservationForm
from kneeclinic.security.roles import may
from kneeclinic.security.sessions import new_token, token_hash
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import DocumentKind, Role, Side, VisitKind
from kneeclinic.web.gate import OPEN_PATHS
from kneeclinic.web.server import settings

from .conftest import PASSWORD, Door
from .test_downloads import episode
from .test_gate import EXAMPLES, paths_of

__all__ = ["episode"]

HEADERS = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
           "cross-origin-resource-policy", "permissions-policy")


def every_path(door: Door) -> set[str]:
    return set(paths_of(door.client.app._starlette_app.routes)) | set(EXAMPLES)


def refused_everywhere(door: Door) -> None:
    for path in every_path(door) - OPEN_PATHS:
        answer = door.client.get(path, follow_redirects=False)
        to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/signin")
        assert to_sign_in or answer.status_code in (401, 403), f"{path} answered {answer.status_code}"
    with pytest.raises(WebSocketDisconnect), door.client.websocket_connect("/_stcore/stream"):
        pass


def test_a_session_that_ran_out_opens_no_door(door: Door) -> None:
    door.sign_in()
    door.clock.pass_(minutes=16)
    refused_everywhere(door)


def test_a_copied_cookie_opens_no_door_after_sign_out(door: Door) -> None:
    door.sign_in()
    copied = door.session_token
    actions.sign_out(serving.the_clinic(), copied)
    door.client.cookies.clear()
    door.client.cookies.set(door.edge.cookies.session_name, copied)
    door.clock.pass_(seconds=4)
    refused_everywhere(door)


def test_a_disabled_account_finds_every_door_shut(door: Door) -> None:
    door.sign_in()
    lead = actions.session_actor(serving.the_clinic(), door.session_token)
    name = f"leaver{door.clock.now:%H%M%S%f}"
    account = actions.add_account(serving.the_clinic(), lead, name, "", Role.CLINICIAN, PASSWORD)
    door.client.cookies.clear()
    door.sign_in(name)
    assert door.client.get("/", headers={"accept": "text/html"}, follow_redirects=False).status_code == 200
    actions.disable_account(serving.the_clinic(), lead, account.id)
    door.clock.pass_(seconds=4)
    refused_everywhere(door)


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "a" * 43, "'; drop table session; --", "%00", "0" * 5000])
def test_an_invented_cookie_opens_no_door(door: Door, token: str) -> None:
    door.client.cookies.set(door.edge.cookies.session_name, token)
    for path in ("/", "/media/x.pdf", "/_stcore/stream", "/_stcore/agent/openapi.json", "/download/export/clinic"):
        assert door.client.get(path, follow_redirects=False).status_code in (303, 401, 403)


def test_every_answer_of_every_route_carries_the_headers_signed_in_or_not(door: Door) -> None:
    for signed_in in (False, True):
        if signed_in:
            door.sign_in()
        for path in every_path(door):
            answer = door.client.get(path, follow_redirects=False)
            assert not [one for one in HEADERS if one not in answer.headers], path
            if not path.startswith(("/static/", "/favicon.png")):
                assert answer.headers["cache-control"] == "no-store", path


ROUTES = {"handout/{episode}": "open_case", "review/{episode}": "open_case", "review/all": "open_case", "visit/{visit}": "open_case",
          "flowsheet/{episode}": "open_case", "document/{document}": "open_document", "pack/{document}": "open_document",
          "form/first": None, "export/clinic": "export_clinic", "log/table": "see_audit"}


def a_page() -> bytes:
    """A PDF of one empty page."""
    paper, target = pypdfium2.PdfDocument.new(), io.BytesIO()
    paper.new_page(200, 200)
    paper.save(target)
    return target.getvalue()


def test_every_role_downloads_exactly_what_the_table_says(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    document = actions.issue_document(clinic, lead, episode, DocumentKind.VISIT_NOTE, a_page()).id
    served = {route.path.removeprefix("/download/").split("/")[0] for route in door.client.app._starlette_app.routes
              if getattr(route, "path", "").startswith("/download/")}
    assert served <= {one.split("/")[0] for one in ROUTES}, "a download without its line in this table"
    visit = actions.start_visit(clinic, lead, episode, VisitKind.FOLLOW_UP, clinic.today).id
    actions.record_observations(clinic, lead, visit, [ObservationForm(measure="pain_worst", side=Side.LEFT, value=3)])
    for role in Role:
        name = f"{role.value}{door.clock.now:%H%M%S%f}"
        actions.add_account(clinic, lead, name, "", role, PASSWORD)
        door.client.cookies.clear()
        door.sign_in(name)
        for route, action in ((one, action) for one, action in ROUTES.items() if one.split("/")[0] in served):
            path = "/download/" + route.format(episode=episode, document=document, visit=visit)
            allowed = action is None or may(role, action)
            assert door.client.get(path).status_code == (200 if allowed else 403), (role, path)
            if not allowed:
                assert read_audit(serving.the_clinic().database, limit=1)[0].action == "download_refused"


def test_the_media_store_of_streamlit_answers_nobody_without_a_session(door: Door) -> None:
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

    storage = MemoryMediaFileStorage("/media")
    identity = storage.load_and_get_id(b"%PDF-1.7 a name", "application/pdf", "downloadable", "a.pdf")
    door.client.cookies.clear()
    assert door.client.get(storage.get_url(identity)).status_code == 401


def test_the_drivers_door_for_programs_is_shut_also_for_who_is_signed_in(door: Door) -> None:
    door.sign_in()
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        for method in ("GET", "POST"):
            answer = door.client.request(method, path, json={"script": ""} if method == "POST" else None)
            assert 400 <= answer.status_code < 500, (method, path, answer.status_code)
    assert settings()["server.enableAgentApi"] is False


def test_ten_thousand_tokens_are_long_random_and_never_the_same() -> None:
    tokens = [new_token() for _ in range(10_000)]
    assert len(set(tokens)) == 10_000 and {len(one) for one in tokens} == {43}
    counts = Counter("".join(tokens))
    del counts[max(counts)]
    each = sum(counts.values()) / len(counts)
    assert len(counts) >= 63
    # the 43rd character carries 4 bits only, so sixteen characters are a little more frequent
    assert all(0.9 * each < count < 1.2 * each for count in counts.values())
    assert len({token_hash(one) for one in tokens}) == 10_000
