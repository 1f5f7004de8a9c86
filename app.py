"""The product: `python app.py` or `streamlit run app.py` serves the clinic on this machine."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

gc.disable()  # what is loaded now stays to the end: looking through it for waste is a quarter of the start

import streamlit as st  # noqa: E402

from kneeclinic.vocabulary import Refused  # noqa: E402
from kneeclinic.web.server import SHELL, build_edge, parts, serve  # noqa: E402
from kneeclinic.web.settings import take_from  # noqa: E402

gc.enable()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve KneeClinic on this machine.")
    parser.add_argument("--clinic", type=Path, help="clinic file (default data/clinic.duckdb)")
    parser.add_argument("--port", type=int, help="port (default 8501)")
    parser.add_argument("--demo", action="store_true", help="serve a clinic of invented patients")
    parser.add_argument("--settings", type=Path, help="TOML file with settings; the environment wins where both speak")
    asked = parser.parse_args(arguments)
    if asked.settings:
        try:
            take_from(asked.settings)
        except Refused as no:
            sys.stderr.write(f"{no}\n")
            return 1
    return serve(asked.clinic, asked.port, asked.demo)


if __name__ == "__main__":
    sys.exit(main())

app = st.App(SHELL, **parts(build_edge(demo=bool(os.environ.get("KNEECLINIC_DEMO")))))
"""What `streamlit run app.py` and an ASGI server start; it is found by its name and its call, so both stay as they are."""
