"""The lead tries the newest backup and restores one into a new file, on the page."""

from __future__ import annotations

from pathlib import Path

from kneeclinic import actions
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.store import latest_backup

from .conftest import Desk, said
from .test_first_jobs import press
from .test_trust_on_the_page import part


def test_a_backup_is_tried_and_restored_from_the_page(lead: Desk, clinic: Clinic) -> None:
    at = part(lead, "Backups")
    assert not [one for one in at.button if one.label == "Try the newest"], "nothing to try yet"
    press(at, "Back up now")
    press(at, "Try the newest")
    assert any("came back whole" in one.value for one in at.toast)
    noted = latest_backup(clinic.database)
    assert noted is not None and noted.drilled_at is not None
    choice = next(one for one in at.selectbox if one.label == "Restore")
    choice.set_value(noted.id).run()
    press(at, "Into a new file")
    assert "Restored into" in said(at) or any("Restored into" in one.value for one in at.success)
    (new,) = clinic.path.parent.glob("*-restored-*.duckdb")
    assert any(str(new) in one.value for one in at.code)
    with open_clinic(new) as restored:
        assert restored.profile.name == clinic.profile.name


def test_a_backup_that_is_no_longer_there_is_counted_and_not_listed(lead: Desk, tmp_path: Path) -> None:
    kept, gone = (actions.backup(lead.clinic.at(), lead.actor, tmp_path / f"{name}.duckdb") for name in ("kept", "gone"))
    Path(gone.path).unlink()
    at = part(lead, "Backups")
    assert list(at.dataframe[0].value["File"]) == [Path(kept.path).name]
    assert "no longer where they were put" in said(at) and ": 1." in said(at)
