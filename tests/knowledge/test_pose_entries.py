"""Pose files as data: every fault of every file at once, and a pose that is like another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneeclinic.knowledge.poses import PoseFileError, load_poses

ROOT = Path(__file__).resolve().parents[2]
WHOLE = (ROOT / "data" / "knowledge" / "poses" / "core.toml").read_text(encoding="utf-8")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("x = [", encoding="utf-8")
    (tmp_path / "core.toml").write_text(WHOLE, encoding="utf-8")
    more = '\n[lost]\nlike = "nobody"\n\n[bare]\nview = "below"\n\n[itself]\nlike = "itself"\n'
    (tmp_path / "twice.toml").write_text(WHOLE + more, encoding="utf-8")
    (tmp_path / "word.toml").write_text('word = "no table"\n', encoding="utf-8")
    with pytest.raises(PoseFileError) as faults:
        load_poses(tmp_path)
    told = str(faults.value)
    assert "broken.toml: not readable as TOML" in told
    assert "twice.toml: [dead_bug] has a pose in core.toml already" in told
    assert "[lost] like: 'nobody' is not another exercise with a pose" in told
    assert "[itself] like: 'itself' is not another exercise with a pose" in told
    assert "[bare] view: Input should be 'side'" in told
    assert "word.toml: [word]" in told


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PoseFileError, match="no pose files here"):
        load_poses(tmp_path)
