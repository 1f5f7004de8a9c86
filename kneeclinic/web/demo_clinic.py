"""The demo: a clinic file of its own with invented patients, made when it is first asked for."""

from __future__ import annotations

import sys

from kneeclinic import serving
from kneeclinic.clinic import open_clinic
from kneeclinic.web.edge import Edge


def open_demo(edge: Edge) -> None:
    """Makes the demo file if it is not there yet, and serves it from now on."""
    from kneeclinic import demo

    if not edge.demo_path.exists():
        sys.stdout.write("  Making the demo clinic (24 invented patients, 12 weeks). This takes a moment.\n")
        sys.stdout.flush()
        edge.demo_path.parent.mkdir(parents=True, exist_ok=True)
        demo.make_demo(edge.demo_path, patients=24, weeks=12, seed=7)
    serving.keep_open(open_clinic(edge.demo_path), sign_in_hint=demo.SIGN_IN_HINT)
    edge.demo = True
