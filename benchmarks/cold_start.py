"""From the command to the first healthy answer: KneeClinic on its demo clinic against an empty Streamlit app, taking turns."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import Row

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start_ms(command: list[str], url: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while time.perf_counter() - began < 60:
                try:
                    with urllib.request.urlopen(url, timeout=1) as answer:
                        if answer.status == 200:
                            return (time.perf_counter() - began) * 1000
                except OSError:
                    time.sleep(0.01)
            raise TimeoutError(url)
        finally:
            process.terminate()


def rows(rounds: int = 5) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('empty')\n", encoding="utf-8")
        clinic = Path(folder) / "demo.duckdb"
        environment = {"KNEECLINIC_KEY_FILE": str(Path(folder) / "demo.key")}
        subprocess.run([sys.executable, "-m", "kneeclinic", "demo", str(clinic)], cwd=ROOT, env=os.environ | environment, check=True,
                       stdout=subprocess.DEVNULL)
        ours, theirs = [], []
        for _ in range(rounds):
            port = free_port()
            ours.append(start_ms([sys.executable, "app.py", "--clinic", str(clinic), "--port", str(port)],
                                 f"http://127.0.0.1:{port}/health", environment))
            port = free_port()
            theirs.append(start_ms([sys.executable, "-m", "streamlit", "run", str(empty), "--server.port", str(port), "--server.headless", "true",
                                    "--browser.gatherUsageStats", "false"], f"http://127.0.0.1:{port}/_stcore/health", {}))
    return [Row("cold start to the first healthy answer", statistics.median(ours), "empty Streamlit app", statistics.median(theirs))]
