"""Opens the knowledge folder: all of it, checked, or one error that names everything that is wrong."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.check import cross_faults
from kneeclinic.knowledge.contents import Contents, read_contents, read_files
from kneeclinic.knowledge.faults import Fault, KnowledgeFaults
from kneeclinic.knowledge.schema import RunningFacts

PACKAGED = Path(__file__).resolve().parents[2] / "data" / "knowledge"
FOLDER_VARIABLE = "KNEECLINIC_KNOWLEDGE"


def load_knowledge(folder: Path | None = None) -> Knowledge:
    """The knowledge of `folder`; of the folder named by KNEECLINIC_KNOWLEDGE, or the packaged one, if none is given.

    Every file is read anew; only when no byte differs from an earlier reading is that result given out again.
    Raises KnowledgeFaults with all faults of all files.
    """
    folder = Path(folder or os.environ.get(FOLDER_VARIABLE) or PACKAGED)
    if not folder.is_dir():
        raise KnowledgeFaults([Fault(str(folder), "", "", f"there is no such folder; name one that holds the knowledge files ({FOLDER_VARIABLE})")])
    return _knowledge_of(folder, tuple(read_files(folder).items()))


@lru_cache(maxsize=4)
def _knowledge_of(folder: Path, files: tuple[tuple[str, bytes], ...]) -> Knowledge:
    contents = read_contents(dict(files), folder)
    faults = [*contents.faults, *cross_faults(contents)]
    if faults:
        raise KnowledgeFaults(faults)
    return _assembled(contents)


def _assembled(contents: Contents) -> Knowledge:
    assert contents.edition, "an edition that is missing is a fault"
    sections = contents.values("section")
    place = {section.id: number for number, section in enumerate(sections)}
    measures = sorted(contents.values("measure"), key=lambda measure: place[measure.section])
    return Knowledge(
        edition=contents.edition.value,
        sources=contents.by_id("source"),
        sections=tuple(sections),
        measures={measure.id: measure for measure in measures},
        exercises=contents.by_id("exercise"),
        supports=contents.by_id("support"),
        templates=contents.by_id("template"),
        phases=tuple(sorted(contents.values("phase"), key=lambda phase: phase.number)),
        red_flags=tuple(contents.values("red_flag")),
        advice=contents.by_id("advice"),
        rules=tuple(contents.values("rule")),
        precautions=tuple(contents.values("precaution")),
        reviews=tuple(sorted(contents.values("review"), key=lambda review: review.order)),
        running=RunningFacts(
            stages=tuple(sorted(contents.values("stage"), key=lambda stage: stage.stage)),
            thresholds=tuple(contents.values("threshold")),
        ),
        pain_zones=tuple(sorted(contents.values("pain_zone"), key=lambda zone: zone.low)),
        education=contents.by_id("education"),
        wording=dict(contents.wording),
        poses=dict(contents.poses),
    )
