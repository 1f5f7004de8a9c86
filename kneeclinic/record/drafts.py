"""A form that was begun and not finished, kept so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Draft:
    """What one person has typed so far into one form. `revision` grows with each save; `subject_id` is the visit, episode or patient."""

    kind: str
    owner: str
    subject_id: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 1
    saved_at: datetime | None = None
