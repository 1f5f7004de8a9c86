"""A real server in a process of its own, and a real headless Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                  "--no-first-run", "--disable-quic"]


def chromium() -> str | None:
    """The browser of this machine, or None."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """Starts KneeClinic on a clinic file in `folder`; its key lies beside it. Stops it in order, or kills it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.clinic = folder / "clinic.duckdb"
        self.key = folder / "clinic.key"
        self.log = folder / "server.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"KNEECLINIC_KEY_FILE": str(self.key), "PYTHONUNBUFFERED": "1"}

    def start(self) -> Server:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "app.py"), "--clinic", str(self.clinic), "--port", str(self.port), *self.options],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server stopped: {self.said()}")
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not answer: {self.said()}")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def faults(self) -> list[str]:
        """Lines of the log that tell of a fault, anything that looks like a traceback, and an end that nobody asked for."""
        told = [one for one in self.said().splitlines() if '"fault"' in one or "Traceback" in one]
        ended = self.process.poll() if self.process else None
        return told if ended in (None, 0, -signal.SIGKILL) else [*told, f"the server ended by itself with {ended}"]

    def code(self) -> str:
        """The one-time code that the terminal printed."""
        found = re.search(r"one-time code:\s+(\S+)", self.said())
        assert found, self.said()
        return found[1]

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of the command line on this clinic."""
        return subprocess.run([sys.executable, "-m", "kneeclinic", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True,
                              timeout=180, check=False)
