"""Where the server listens, with which certificate, and under which name browsers know it."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kneeclinic.vocabulary import Refused
from kneeclinic.web.edge import LOOPBACK_HOSTS

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  (names what is refused without TLS)


@dataclass(frozen=True)
class Listening:
    """Read from the environment by `listening`; checked before anything is opened."""

    address: str
    port: int
    certificate: str = ""
    certificate_key: str = ""
    behind_tls: bool = False
    public: str = ""
    """The name in the browsers' address line, where it is another than `address`."""

    @property
    def is_encrypted(self) -> bool:
        return bool(self.certificate) or self.behind_tls

    @property
    def shown(self) -> str:
        """The address to open."""
        if self.public:
            return f"https://{self.public}" + (f":{self.port}" if self.certificate and self.port != 443 else "")
        host = "127.0.0.1" if self.address in LOOPBACK_HOSTS else "this-machine" if self.address in EVERYWHERE else self.address
        return f"{'https' if self.is_encrypted else 'http'}://{host}:{self.port}"

    def options(self) -> dict[str, Any]:
        """What Streamlit's server has to be told; it reads none of these from the environment when it is started from a program."""
        found: dict[str, Any] = {"server.address": self.address, "server.port": self.port}
        if self.certificate:
            found |= {"server.sslCertFile": self.certificate, "server.sslKeyFile": self.certificate_key}
        if self.public:
            found["browser.serverAddress"] = self.public
        if self.address in LOOPBACK_HOSTS:
            found["server.allowedHosts"] = [*LOOPBACK_HOSTS, *([self.public] if self.public else [])]
        return found

    def check(self) -> None:
        """Refuses to start where it would serve in clear text beyond this machine, could not be reached, or cannot listen."""
        self._check_certificate()
        refuse_clear_text(self.address, is_encrypted=self.is_encrypted)
        if self.behind_tls and not self.public:
            raise Refused(
                "Not started: behind a proxy browsers know this server by the proxy's name, and without it their live connection is refused. "
                "Set STREAMLIT_BROWSER_SERVER_ADDRESS to that name, for example clinic.example."
            )
        self._check_port()

    def _check_certificate(self) -> None:
        if bool(self.certificate) != bool(self.certificate_key):
            missing = "STREAMLIT_SERVER_SSL_KEY_FILE" if self.certificate else "STREAMLIT_SERVER_SSL_CERT_FILE"
            raise Refused(f"Not started: a certificate and its key belong together, and {missing} is not set.")
        if not self.certificate:
            return
        for one in (self.certificate, self.certificate_key):
            if not Path(one).is_file():
                raise Refused(f"Not started: there is no file {one}; correct the certificate's settings.")
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.certificate, self.certificate_key)
        except (ssl.SSLError, OSError) as why:
            raise Refused(f"Not started: {self.certificate} and {self.certificate_key} are no certificate with its key ({why}).") from None

    def _check_port(self) -> None:
        if not 1 <= self.port <= 65_535:
            raise Refused(f"There is no port {self.port}; choose one from 1024 to 65535, for example --port 8501.")
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((self.address, self.port))
            except OSError as taken:
                if taken.errno == errno.EADDRINUSE:
                    raise Refused(f"Port {self.port} is in use; stop the program that uses it, or start with --port {self.port + 1}.") from taken
                raise Refused(f"Cannot listen on {self.address}:{self.port}: {taken.strerror}.") from taken


def told(name: str) -> str:
    return os.environ.get(name, "").strip()


def public_name() -> str:
    """The name in the browsers' address line, or nothing."""
    return told("STREAMLIT_BROWSER_SERVER_ADDRESS").lower()


def speaks_tls() -> bool:
    """Whether what browsers get is encrypted, here or by the proxy before us."""
    return bool(told("STREAMLIT_SERVER_SSL_CERT_FILE") or told("KNEECLINIC_BEHIND_TLS"))


def refuse_clear_text(address: str, *, is_encrypted: bool) -> None:
    """An address that other machines reach needs TLS; an empty one is not known and passes (a server of somebody else's around our app)."""
    if address and address not in LOOPBACK_HOSTS and not is_encrypted:
        raise Refused(
            f"Not started: {address} is reachable from other machines and no TLS certificate is set. Set STREAMLIT_SERVER_SSL_CERT_FILE "
            "and STREAMLIT_SERVER_SSL_KEY_FILE, or KNEECLINIC_BEHIND_TLS=1 behind a proxy that encrypts, or stay on 127.0.0.1."
        )


def listening(default_address: str, default_port: int, port: int | None = None) -> Listening:
    """From the environment. Refused when the port there is no number."""
    asked = told("STREAMLIT_SERVER_PORT")
    if port is None and asked and not asked.isdecimal():
        raise Refused(f"STREAMLIT_SERVER_PORT must be the number of a port; it is {asked}.")
    public = public_name()
    if "/" in public or ":" in public:
        raise Refused(f"STREAMLIT_BROWSER_SERVER_ADDRESS is a name alone, without https:// and port, for example clinic.example; it is {public}.")
    return Listening(
        told("STREAMLIT_SERVER_ADDRESS") or default_address, port or int(asked or default_port),
        told("STREAMLIT_SERVER_SSL_CERT_FILE"), told("STREAMLIT_SERVER_SSL_KEY_FILE"), bool(told("KNEECLINIC_BEHIND_TLS")), public,
    )
