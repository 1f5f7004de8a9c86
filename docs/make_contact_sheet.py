"""Prints every drawing of an exercise, taping and support on contact sheets, as one PDF and as pictures, so that somebody can look at them all.

Run from the folder of the project: .venv/bin/python docs/make_contact_sheet.py [ID …] [--columns 4] [--side left] [-o docs/figures/contact-sheet]
"""

import argparse
import sys
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kneeclinic.figures import exercise_scene, support_scene, tape_scene  # noqa: E402
from kneeclinic.figures.paper import draw_scene  # noqa: E402
from kneeclinic.figures.supports import SUPPORTS, TAPINGS  # noqa: E402
from kneeclinic.knowledge.poses import load_poses  # noqa: E402

CELL, CAPTION = 190.0, 12.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("ids", nargs="*")
    options.add_argument("--columns", type=int, default=4)
    options.add_argument("--rows", type=int, default=6)
    options.add_argument("--side", default="right")
    options.add_argument("--grey", action="store_true", help="as a photocopier would print it")
    options.add_argument("-o", type=Path, default=HERE / "figures" / "contact-sheet")
    asked = options.parse_args()
    poses = load_poses(HERE.parent / "data" / "knowledge" / "poses")
    ids = asked.ids or list(poses)
    scenes = [exercise_scene(exercise_id, poses, asked.side) for exercise_id in ids]
    if not asked.ids:
        scenes += [tape_scene(component, asked.side) for component in TAPINGS] + [support_scene(support, asked.side) for support in SUPPORTS]
    pdf = sheets(scenes, asked.columns, asked.rows)
    asked.o.parent.mkdir(parents=True, exist_ok=True)
    asked.o.with_suffix(".pdf").write_bytes(pdf)
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=2, grayscale=asked.grey).to_pil()
        name = asked.o.with_suffix(".png") if len(document) == 1 else asked.o.with_name(f"{asked.o.name}-{number}.png")
        picture.convert("RGB").quantize(255, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(name, optimize=True)
        print(name)


def sheets(scenes: list, columns: int, rows: int) -> bytes:
    """Contact sheets with `columns` x `rows` drawings a page, each over its name."""
    buffer = BytesIO()
    per_page = columns * rows
    canvas = Canvas(buffer, invariant=1)
    for first in range(0, len(scenes), per_page):
        some = scenes[first : first + per_page]
        height = CELL * -(-len(some) // columns)
        canvas.setPageSize((CELL * columns, height))
        for i, scene in enumerate(some):
            x, y = CELL * (i % columns), height - CELL * (i // columns + 1)
            draw_scene(canvas, scene, x + 5, y + CAPTION + 5, CELL - 10, CELL - CAPTION - 10)
            canvas.setFont("Helvetica", 8)
            canvas.drawCentredString(x + CELL / 2, y + 5, scene.name)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    main()
