"""Starting the server: opens the clinic, builds the doors around the screens, and says in one sentence why it cannot."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import anyio
import streamlit as st
import uvicorn.config
from starlette.middleware import Middleware
from streamlit import config

from kneeclinic import serving
from kneeclinic.clinic import open_clinic
from kneeclinic.vocabulary import KneeClinicError, new_id
from kneeclinic.web import addresses, demo_clinic, downloads, health, keys, logs, memory, nightly, setup, signin, sso, steps
from kneeclinic.web.edge import Edge
from kneeclinic.web.gate import ACCOUNT_HEADER, SESSION_HEADER, Gate
from kneeclinic.web.headers import SecurityHeaders
from kneeclinic.web.listening import listening, public_name, refuse_clear_text, speaks_tls

ROOT = Path(__file__).resolve().parents[2]
SHELL = Path(__file__).resolve().parents[1] / "ui" / "shell.py"
CLINIC_FILE = ROOT / "data" / "clinic.duckdb"
DEMO_FILE = ROOT / "data" / "demo.duckdb"
DEFAULT_PORT = 8501
TRUSTED_HEADERS = {SESSION_HEADER: "session", ACCOUNT_HEADER: "account"}
"""What the gate writes into the headers, and what `st.user` calls it."""


def settings(root: Path = ROOT) -> dict[str, Any]:
    """The options of `.streamlit/config.toml`, so that the server behaves the same from whichever folder it is started."""
    def flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in table.items():
            key = f"{before}{name}"
            if isinstance(value, dict):
                found |= flat(value, f"{key}.")
            else:
                found[key] = value
        return found

    return flat(tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8")))


def build_edge(clinic: Path | None = None, *, demo: bool = False) -> Edge:
    """The state of the doors for the clinic file that was asked for (argument, KNEECLINIC_CLINIC, or data/clinic.duckdb)."""
    asked = clinic or (Path(os.environ["KNEECLINIC_CLINIC"]) if os.environ.get("KNEECLINIC_CLINIC") else None)
    path = (asked or CLINIC_FILE).expanduser()
    demo_path = path if demo and asked else DEMO_FILE if asked is None else path.with_name("demo.duckdb")
    return Edge(path=path, demo_path=demo_path, demo=demo, tls=speaks_tls(), public=public_name(), provider=sso.provider_from_environment())


def open_for_service(edge: Edge) -> None:
    """Opens the clinic of this server; leaves it closed when the file does not exist yet (then the set-up page answers)."""
    if serving.is_open():
        return
    if edge.demo:
        demo_clinic.open_demo(edge)
    elif edge.path.exists():
        serving.keep_open(open_clinic(edge.path))


def close() -> None:
    if serving.is_open():
        clinic = serving.the_clinic()
        serving.keep_open(None)
        clinic.database.close()


def build_app(edge: Edge, *, address: str = "") -> st.App:
    """The one app object: doors, screens, lifespan."""
    return st.App(SHELL, **parts(edge, address=address))


def parts(edge: Edge, *, address: str = "") -> dict[str, Any]:
    """What goes around the screens: doors, gate, headers, lifespan. `app.py` hands it to `st.App` by that name, which `streamlit run` looks for."""
    believe_no_header()

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
        logs.start()
        config.set_option("server.trustedUserHeaders", TRUSTED_HEADERS)
        try:
            refuse_clear_text(str(config.get_option("server.address") or ""), is_encrypted=edge.tls or bool(config.get_option("server.sslCertFile")))
            await anyio.to_thread.run_sync(lambda: open_for_service(edge))
        except KneeClinicError as no:
            sys.stderr.write(f"{no}\n")
            sys.stderr.flush()
            os._exit(1)
        if edge.needs_set_up:
            setup.print_code(edge, address or f"http://127.0.0.1:{DEFAULT_PORT}")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(nightly.keep_watch)
            tasks.start_soon(warm_up)
            try:
                yield {}
            finally:
                tasks.cancel_scope.cancel()
        close()

    return {
        "lifespan": lifespan,
        "routes": [*health.routes(), *keys.routes(), *addresses.routes(), *signin.routes(edge), *steps.routes(edge), *sso.routes(edge),
                   *setup.routes(edge), *downloads.routes(edge)],
        "middleware": [Middleware(SecurityHeaders, tls=edge.tls), Middleware(Gate, edge=edge)],
        "on_script_error": script_error,
    }


def believe_no_header() -> None:
    """Left to itself the web server takes the word of whoever connects from this machine on where a request came from: behind a proxy here that
    hands on what a browser wrote, anybody would choose their place in the log and have a fresh one for every guess. `edge.origin_of` asks, and it
    believes a proxy that was named."""
    def as_it_came(app: Any, **_: Any) -> Any:
        return app

    uvicorn.config.ProxyHeadersMiddleware = as_it_came  # type: ignore[assignment,misc]


async def warm_up() -> None:
    """Loads what the first page and the first sheet need, once the server answers, and sees to it that searching all of it holds nobody up."""
    await anyio.sleep(1)
    for name in ("pandas", "plotly.graph_objects", "kneeclinic.documents.handout", "kneeclinic.documents.visit_note",
                 "kneeclinic.documents.review_sheet", "kneeclinic.exchange.runs"):
        await anyio.to_thread.run_sync(import_module, name)
    await memory.keep_settled()


def script_error(problem: Exception) -> bool:
    """The last net under a screen: the fault is logged under a short id and shown as a calm sentence, never as a traceback."""
    fault = new_id()[:8]
    logging.getLogger("kneeclinic.ui").error("fault %s in a screen: %s", fault, type(problem).__name__, exc_info=problem)
    st.error(f"Something went wrong on this screen; nothing was saved. Try again. If it stays, report fault {fault}.", icon=":material/error:")
    return True


def serve(clinic: Path | None = None, port: int | None = None, demo: bool = False) -> int:
    """Serves until stopped. 0 = stopped in order, 1 = could not start (one sentence on stderr)."""
    logs.start()
    options = settings()
    try:
        door = listening(str(options["server.address"]), int(options["server.port"]), port)
        edge = build_edge(clinic, demo=demo)
        door.check()
        open_for_service(edge)
    except KneeClinicError as no:
        sys.stderr.write(f"{no}\n")
        return 1
    options |= door.options()
    sys.stdout.write(f"\n  KneeClinic: {door.shown}   (stop with Ctrl+C)\n")
    if serving.sign_in_hint():
        sys.stdout.write(f"  {serving.sign_in_hint()}\n")
    sys.stdout.flush()
    try:
        with told_to_stop():
            build_app(edge, address=door.shown).run(config=options)
    except (KeyboardInterrupt, Stopped):
        sys.stdout.write("\n")
    finally:
        close()
    return 0


class Stopped(BaseException):
    """Somebody asked the program to stop (SIGTERM)."""


@contextmanager
def told_to_stop() -> Iterator[None]:
    """A service manager's wish to stop ends the server as Ctrl+C does: what is being saved is saved, the file is closed, the exit code is 0."""
    def stop(*_: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
