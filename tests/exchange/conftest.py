"""The same clinic as the actions are tested with."""

from tests.actions.conftest import _own_key, clinic, episode, model, patient, staff

__all__ = ["_own_key", "clinic", "episode", "model", "patient", "staff"]
