"""The command that draws exercises into files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kneeclinic.commands.parser import Arguments, Command, Parser, say
from kneeclinic.vocabulary import NotFound, Refused

if TYPE_CHECKING:
    from kneeclinic.figures import Scene

SVG_WIDTH = 480


def _options(parser: Parser) -> None:
    parser.add_argument("exercise", nargs="?", metavar="EXERCISE", help="id of the exercise")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.svg|.pdf", help="file to write; with --all a folder")
    parser.add_argument("--side", choices=("left", "right", "both"), default="right", help="the side treated (right)")
    parser.add_argument("--list", action="store_true", help="print the ids")
    parser.add_argument("--all", action="store_true", help="draw all, one ID.svg each")


def _figure(arguments: Arguments) -> int:
    from kneeclinic.commands.findings import _usage
    from kneeclinic.knowledge import load_knowledge

    if arguments.list + arguments.all + (arguments.exercise is not None) != 1:
        raise _usage("figure", "give one EXERCISE, or --list, or --all")
    if not arguments.list and arguments.output is None:
        raise _usage("figure", "-o is missing")
    poses = load_knowledge().poses
    if arguments.list:
        for one in poses:
            say(one)
        return 0
    if arguments.all:
        return _draw_all(list(poses), poses, arguments)
    if arguments.exercise not in poses:
        raise NotFound(f"{arguments.exercise}: nothing is drawn under this id; `figure --list` prints the ids.")
    _draw(arguments.exercise, poses, arguments.side, arguments.output)
    return 0


def _draw_all(ids: list[str], poses: dict, arguments: Arguments) -> int:
    folder: Path = arguments.output
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder}: this is a file; with --all name a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for one in ids:
        _draw(one, poses, arguments.side, folder / f"{one}.svg")
    say(f"{len(ids)} drawings in {folder}")
    return 0


def _draw(exercise: str, poses: dict, side: str, path: Path) -> None:
    from kneeclinic.commands.clinic_file import write_bytes
    from kneeclinic.figures import exercise_scene

    ending = path.suffix.lower()
    if ending not in (".svg", ".pdf"):
        raise Refused(f"{path}: a drawing ends in .svg or .pdf.")
    write_bytes(path, _rendered(exercise_scene(exercise, poses, side), ending), is_private=False)


def _rendered(scene: Scene, ending: str) -> bytes:
    if ending == ".svg":
        from kneeclinic.figures.svg import render_svg

        return render_svg(scene, SVG_WIDTH).encode()
    from kneeclinic.figures.paper import scene_pdf

    return scene_pdf(scene)


COMMANDS = {"figure": Command("draw one exercise, or all", _options, _figure)}
