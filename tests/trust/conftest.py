"""The clinic that the actions are tested with: a lead, a clinician, an assistant, a front desk, a reader, and one runner."""

from __future__ import annotations

from tests.actions.conftest import _own_key, clinic, episode, model, patient, staff

__all__ = ["_own_key", "clinic", "episode", "model", "patient", "staff"]
