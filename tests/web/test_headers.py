"""What every answer says about itself."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from .conftest import Door

PATHS = ("/signin", "/setup", "/health", "/", "/media/x", "/nothing", "/download/handout/0a")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(door: Door, path: str) -> None:
    headers = door.client.get(path, follow_redirects=False).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy and "form-action 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0] and "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"


def test_the_policy_names_the_inline_script_of_the_page_that_is_served(door: Door) -> None:
    door.sign_in()
    page = door.client.get("/", headers={"accept": "text/html"})
    inline = re.findall(rb"<script>(.*?)</script>", page.content, re.DOTALL)
    assert inline
    for body in inline:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["content-security-policy"]


def test_pages_before_sign_in_ask_nothing_of_another_machine(door: Door) -> None:
    for path in ("/signin", "/setup"):
        text = door.client.get(path).text
        assert not re.findall(r'(?:src|href)="(?!data:,|/)[^"]+"', text) and "http" not in text and "<script" not in text


def test_over_tls_the_browser_is_told_to_stay_there() -> None:
    from kneeclinic.web.headers import security_headers

    assert "Strict-Transport-Security" in security_headers(tls=True)
    assert "Strict-Transport-Security" not in security_headers(tls=False)
