"""How long a drawing takes: posed from nothing, out of the store, as SVG and on paper, against a floor drawn in the same run.

Run: .venv/bin/python benchmarks/figures_speed.py
The floor is a ReportLab page with as many plain rectangles as the drawing has shapes; ratios are to that floor.
"""

import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from kneeclinic.figures import exercise_scene  # noqa: E402
from kneeclinic.figures.paper import draw_scene, scene_pdf  # noqa: E402
from kneeclinic.figures.scene import Scene, compose_scene  # noqa: E402
from kneeclinic.figures.svg import render_svg  # noqa: E402
from kneeclinic.knowledge.poses import load_poses  # noqa: E402


def milliseconds(action: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken)


def rectangles(scene: Scene) -> bytes:
    """As many filled and stroked rectangles as the scene has shapes, on one page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for i in range(len(scene.shapes)):
        canvas.rect(i, i, 20, 20, stroke=1, fill=1)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def eight_on_a_page(scenes: list[Scene]) -> None:
    canvas = Canvas(BytesIO(), invariant=1)
    for i, scene in enumerate(scenes):
        draw_scene(canvas, scene, 30 + 270 * (i % 2), 30 + 190 * (i // 2), 250, 170)
    canvas.showPage()
    canvas.save()


def main() -> None:
    folder = ROOT / "data" / "knowledge" / "poses"
    load = milliseconds(lambda: load_poses(folder))
    poses = load_poses(folder)
    scenes = [exercise_scene(exercise_id, poses) for exercise_id in poses]
    rows = {
        "posed and resolved from nothing": [milliseconds(lambda i=i: compose_scene(i, poses[i], "right")) for i in poses],
        "resolved scene out of the store": [milliseconds(lambda i=i: exercise_scene(i, poses)) for i in poses],
        "as SVG text": [milliseconds(lambda s=s: render_svg.__wrapped__(s)) for s in scenes],
        "as a page of PDF": [milliseconds(lambda s=s: scene_pdf(s)) for s in scenes],
        "floor: page of plain rectangles": [milliseconds(lambda s=s: rectangles(s)) for s in scenes],
    }
    floor = median(rows["floor: page of plain rectangles"])
    print(f"{len(poses)} drawings; reading and checking all pose files {load:.0f} ms")
    print(f"{'':34}{'median ms':>10}{'worst ms':>10}{'x floor':>9}")
    for name, taken in rows.items():
        print(f"{name:34}{median(taken):10.3f}{max(taken):10.3f}{median(taken) / floor:9.2f}")
    some = scenes[:: len(scenes) // 8][:8]
    print(f"{'eight drawings on one page':34}{milliseconds(lambda: eight_on_a_page(some)):10.3f}")
    print(f"SVG {sum(len(render_svg(s)) for s in scenes) / len(scenes) / 1000:.0f} kB on average")


if __name__ == "__main__":
    main()
