"""A therapist at a real server without a browser: signs in, opens pages, types and clicks over the live connection, as fast as it answers."""

from __future__ import annotations

import http.client
import re
import ssl
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 60.0
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Gone(Exception):
    """The server went away in the middle."""


class LiveDesk:
    """One person in one window. After each `open`, `click` or `fill` the page has been drawn to its end."""

    def __init__(self, url: str, *, cookies: str = "", trusts: ssl.SSLContext | None = None, origin: str = "") -> None:
        """`trusts`: the certificate of a server over TLS; `origin`: what the address line of the browser says, where it is another than `url`."""
        self.url, self.cookies, self.trusts, self.origin = url, cookies, trusts, origin or url
        self.elements: dict[tuple[int, ...], Element] = {}
        self.pages: dict[str, str] = {}
        self.page, self.query = "", ""
        self._kept: dict[str, ForwardMsg] = {}
        self._socket: ClientConnection | None = None

    def sign_in(self, name: str, password: str) -> LiveDesk:
        """Through the form; the cookie is good for a server that is started again, too."""
        token = FORM_TOKEN.search(self.ask("GET", "/signin")[1])
        assert token, "the sign-in page holds no form"
        self.ask("POST", "/signin", {"form_token": token[1], "name": name, "password": password, "next": "/"})
        return self

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One answer, its cookies kept as a browser keeps them."""
        to = urllib.parse.urlsplit(self.url)
        assert to.hostname
        line = (http.client.HTTPSConnection(to.hostname, to.port, timeout=PATIENCE_S, context=self.trusts) if to.scheme == "https"
                else http.client.HTTPConnection(to.hostname, to.port, timeout=PATIENCE_S))
        headers = {"Cookie": self.cookies} | ({"Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"} if form else {})
        try:
            line.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        kept = dict(one.split("=", 1) for one in self.cookies.split("; ") if one)
        kept |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("Set-Cookie") or [])
        self.cookies = "; ".join(f"{name}={value}" for name, value in kept.items() if value.strip('"'))
        return answer.status, text

    def connect(self) -> LiveDesk:
        self._socket = connect(
            f"{self.url.replace('http', 'ws', 1)}/_stcore/stream", additional_headers={"Cookie": self.cookies}, origin=self.origin,  # type: ignore[arg-type]
            subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE_S, close_timeout=0.2, ssl=self.trusts,  # type: ignore[list-item]
        )
        self.elements.clear()
        self.page, self.query = "", ""
        self._rerun([])
        return self

    def close(self) -> None:
        if self._socket is not None:
            with suppress(ConnectionClosed, OSError):
                self._socket.close()

    def open(self, page: str, query: str = "") -> LiveDesk:
        """The page of that address (`caseload`, `assess`, …)."""
        self.page, self.query = self.pages[page], query
        self._rerun([])
        return self

    def fill(self, label: str, text: str) -> None:
        """Types into a field of one line and leaves it."""
        field = self._one("text_input", lambda one: one.label == label)
        self._rerun([WidgetState(id=field.id, string_value=text)])

    def choose(self, label: str, words: str) -> None:
        """The radio button whose words hold these."""
        field = self._one("radio", lambda one: one.label == label)
        option = next(one for one in field.options if words in one)
        self._rerun([WidgetState(id=field.id, string_value=option)])

    def click(self, label: str) -> None:
        button = self._one("button", lambda one: one.label == label and not one.disabled)
        self._rerun([WidgetState(id=button.id, trigger_value=True)])

    def offers(self, label: str) -> bool:
        return any(one.label == label and not one.disabled for one in self.of_kind("button"))

    def says(self) -> str:
        """Every word that stands on the page."""
        found = []
        for element in self.elements.values():
            kind = element.WhichOneof("type")
            part = getattr(element, kind) if kind else None
            found += [str(getattr(part, name)) for name in ("body", "label", "default", "value") if getattr(part, name, "")]
        return "\n".join(found)

    def of_kind(self, kind: str) -> Iterator[Any]:
        return (getattr(one, kind) for one in self.elements.values() if one.WhichOneof("type") == kind)

    def _one(self, kind: str, fits: Callable[[Any], bool]) -> Any:
        found = next((one for one in self.of_kind(kind) if fits(one)), None)
        if found is None:
            raise LookupError(f"no such {kind}; there are {[one.label for one in self.of_kind(kind)]}; the page says: {self.says()[:1500]}")
        return found

    def _rerun(self, states: list[WidgetState]) -> None:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.CopyFrom(WidgetStates(widgets=states))
        message.rerun_script.context_info.timezone = "UTC"
        assert self._socket is not None
        try:
            self._socket.send(message.SerializeToString())
            while not self._take(self._socket.recv(timeout=PATIENCE_S)):
                pass
        except (ConnectionClosed, OSError) as gone:
            raise Gone(str(gone)) from gone

    def _take(self, data: str | bytes) -> bool:
        """Keeps one message of the server; True when the script has come to its end and none follows."""
        message = ForwardMsg()
        assert isinstance(data, bytes)
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            stored = self._kept[message.ref_hash]
            path = list(message.metadata.delta_path)
            message = ForwardMsg()
            message.CopyFrom(stored)
            del message.metadata.delta_path[:]
            message.metadata.delta_path.extend(path)
            kind = message.WhichOneof("type")
        elif message.hash and message.metadata.cacheable:
            kept = ForwardMsg()
            kept.CopyFrom(message)
            self._kept[message.hash] = kept
        if kind == "navigation":
            self.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "new_session":
            self.elements.clear()
        elif kind == "delta":
            at = tuple(message.metadata.delta_path)
            if message.delta.WhichOneof("type") == "new_element":
                self.elements[at] = message.delta.new_element
            else:
                self.elements = {place: one for place, one in self.elements.items() if place[:len(at)] != at}
        elif kind == "script_finished":
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False
