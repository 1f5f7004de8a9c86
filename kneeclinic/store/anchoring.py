"""Notes the head of the log outside the clinic file, so that a log cut short shows."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from kneeclinic.security.audit import anchor_mark


@dataclass(frozen=True)
class Anchor:
    """The last line of the log as it was noted: its number and link, and since which line there are notes."""

    clinic_id: str
    since: int
    seq: int
    link: bytes


class AnchorFile:
    """The file next to the key. A note that does not fit the log is never written over; see `fault`."""

    def __init__(self, path: Path, audit_key: bytes, clinic_id: str) -> None:
        self.path, self._key, self._clinic_id = path, audit_key, clinic_id
        self.fault: str | None = None
        self.unwritten: str | None = None
        """Why the newest head could not be noted; gone with the next that could."""
        self._since: int | None = None

    @property
    def is_noted(self) -> bool:
        """Whether there is a note and it fits the log as far as it was compared."""
        return self._since is not None and self.fault is None

    def read(self) -> Anchor | None:
        """The note, or None when there is none; sets `fault` when it is not one of ours."""
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))
            anchor = Anchor(raw["clinic_id"], int(raw["since"]), int(raw["seq"]), bytes.fromhex(raw["link"]))
            mark = str(raw["mark"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            self.fault = f"The note of the log's head at {self.path} cannot be read."
            return None
        if anchor.clinic_id != self._clinic_id:
            self.fault = f"The note of the log's head at {self.path} belongs to another clinic file."
            return None
        if not hmac.compare_digest(mark, anchor_mark(self._key, anchor.clinic_id, anchor.seq, anchor.link)):
            self.fault = f"The note of the log's head at {self.path} was changed by hand."
            return None
        self._since = anchor.since
        return anchor

    def write(self, seq: int, link: bytes, *, anew: bool = False) -> None:
        """Notes the head, whole or not at all; with `anew` the notes start here and an old fault is forgotten."""
        if anew:
            self.fault, self._since = None, seq
        if self.fault:
            return
        since = self._since if self._since is not None else seq
        text = json.dumps({
            "clinic_id": self._clinic_id, "since": since, "seq": seq, "link": link.hex(),
            "mark": anchor_mark(self._key, self._clinic_id, seq, link),
        })
        draft = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(draft, 0o600)
            os.replace(draft, self.path)
        except OSError as why:
            self.unwritten = f"The head of the log could not be noted at {self.path} ({why.strerror or why}); make room or give the right to write."
            return
        self._since, self.unwritten = since, None
