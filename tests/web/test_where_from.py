"""Where a request comes from, asked of the real server in a process of its own: nobody chooses it."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.clinic_server import Server


def wrong_code(server: Server, *, said_to_come_from: str) -> None:
    """Opens the set-up page and sends a wrong code, with the header of a proxy."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(f"{server.url}/setup", timeout=30) as page:
        token = page.read().decode().split('name="form_token" value="')[1].split('"')[0]
    form = urllib.parse.urlencode({"form_token": token, "code": "WRONG", "what": "demo"}).encode()
    asked = urllib.request.Request(f"{server.url}/setup", form, {"X-Forwarded-For": said_to_come_from})
    with pytest.raises(urllib.error.HTTPError) as refused:
        browser.open(asked, timeout=30)
    assert refused.value.code == 403


def refused_from(server: Server) -> str:
    said = [json.loads(line)["says"] for line in server.said().splitlines() if line.startswith("{")]
    return next(one for one in reversed(said) if one.startswith("set-up refused")).rsplit("from ", 1)[1]


@pytest.mark.parametrize(("proxy", "expected"), [("", "127.0.0.1"), ("10.9.9.9", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")])
def test_a_forwarded_address_counts_only_behind_a_proxy_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str, expected: str,
) -> None:
    monkeypatch.setenv("KNEECLINIC_TRUSTED_PROXY", proxy)
    server = Server(tmp_path).start()
    try:
        wrong_code(server, said_to_come_from="203.0.113.9")
        assert refused_from(server) == expected
    finally:
        server.stop()
