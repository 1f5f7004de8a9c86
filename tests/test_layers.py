"""The import laws: the table in this file is the law of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kneeclinic"

EDGES = {"pages", "app", "__main__", "commands"}
LOWER = {"vocabulary", "knowledge", "record", "security", "rules", "progress", "store", "clinic", "figures", "charts", "documents",
         "diary", "actions", "exchange", "demo", "serving"}
MAY_IMPORT: dict[str, set[str]] = {
    "vocabulary": set(),
    "knowledge": set(),
    "record": set(),
    "security": set(),
    "rules": {"record", "knowledge"},
    "progress": {"record", "knowledge", "rules"},
    "store": {"record", "security"},
    "clinic": {"store", "knowledge", "security"},
    "figures": {"knowledge"},
    "charts": {"progress", "rules", "record", "knowledge"},
    "documents": {"progress", "rules", "record", "knowledge", "figures"},
    "diary": {"record", "documents"},
    "actions": {"clinic", "store", "rules", "progress", "record", "knowledge", "security"},
    "exchange": {"actions", "clinic", "store", "security", "rules", "record", "knowledge", "diary"},
    "demo": {"actions", "clinic", "record", "knowledge"},
    "ui": LOWER,
    "serving": {"clinic", "store", "security"},
    "web": {"actions", "store", "security", "documents", "exchange", "clinic", "serving", "record", "progress", "demo"},
    "pages": LOWER - {"store"} | {"ui"},
    "commands": LOWER | {"ui", "web"},
    "app": LOWER | {"ui", "web", "commands"},
    "__main__": LOWER | {"ui", "web", "commands"},
}
ALONE: dict[str, set[str]] = {
    "argon2": {"security"},
    "cryptography": {"security"},
    "duckdb": {"store"},
    "reportlab": {"figures", "documents"},
    "plotly": {"charts"},
    "cv2": {"diary"},
    "streamlit": {"ui", "pages", "app", "web"},
    "starlette": {"web", "app"},
    "uvicorn": {"web", "app"},
    "garmin_fit_sdk": {"exchange"},
    "gpxpy": {"exchange"},
    "pyotp": {"security"},
    "authlib": {"web"},
    "pypdfium2": {"documents"},
}


def files() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        room = inside.parts[0].removesuffix(".py") if len(inside.parts) == 1 else inside.parts[0]
        if room != "__init__":
            yield room, path
    for path in sorted((ROOT / "pages").glob("*.py")):
        yield "pages", path
    yield "app", ROOT / "app.py"


def imported(path: Path) -> Iterator[str]:
    """Dotted names of every import in the file, relative ones made absolute, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = path.relative_to(ROOT).with_suffix("").parts
                base = ".".join([*parts[: len(parts) - node.level], *([base] if base else [])])
            yield base
            if base == "kneeclinic":
                yield from (f"kneeclinic.{one.name}" for one in node.names)


@pytest.mark.parametrize(("room", "path"), list(files()), ids=lambda one: str(one) if isinstance(one, str) else one.name)
def test_a_file_imports_only_what_the_table_allows(room: str, path: Path) -> None:
    assert room in MAY_IMPORT, f"the room {room!r} is not in the table"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "kneeclinic" and len(parts) > 1 and parts[1] not in {room, "vocabulary", "__version__"}:
            assert parts[1] in MAY_IMPORT[room], f"{path.name}: {room} may not import {name}"
        assert parts[0] not in ALONE or room in ALONE[parts[0]], f"{path.name}: only {ALONE[parts[0]]} may import {parts[0]}"


def test_only_one_module_touches_the_library_that_bears_one_thread_only() -> None:
    """PDFium ends the process when two threads use it; the module that imports it holds a lock."""
    assert [path.name for _, path in files() if any(one.split(".")[0] == "pypdfium2" for one in imported(path))] == ["finished.py"]


def test_only_actions_call_the_functions_of_the_store_that_write() -> None:
    writers = {"store", "actions"}
    for room, path in files():
        if room in writers:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "id", getattr(node, "attr", ""))
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(name, str):
                assert not name.startswith("save_") or name == "save_draft", f"{path.name} calls {name}: only actions write"


def test_no_page_holds_sql_or_asks_the_clock() -> None:
    for room, path in files():
        if room != "pages":
            continue
        text = path.read_text(encoding="utf-8")
        assert "date.today(" not in text and "datetime.now(" not in text, f"{path.name} asks the clock"
        assert not any(word in text for word in ("SELECT ", "INSERT ", "UPDATE ", "DELETE FROM")), f"{path.name} holds SQL"


def test_no_room_is_called_a_drawer() -> None:
    drawers = {"utils", "helpers", "manager", "common", "util", "misc"}
    assert not [path for _, path in files() if path.stem in drawers]
