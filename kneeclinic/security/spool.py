"""What is on its way out of the clinic and too large for the memory: on the disk for a moment, sealed, without a name, gone when it was sent."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

CHUNK = 1 << 18


class Spool:
    """Written once from the beginning to the end, then read. The key is made for it, is never kept anywhere, and is gone with the program: also
    what the disk still holds of it afterwards tells nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        """In `folder`, or where this machine has its temporary files."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed by whoever holds this)
        self._cipher = Cipher(AES(secrets.token_bytes(32)), CTR(secrets.token_bytes(16)))
        self._sealing = self._cipher.encryptor()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._file.write(self._sealing.update(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def chunks(self) -> Iterator[bytes]:
        """What was written, from the beginning."""
        self._file.seek(0)
        opening = self._cipher.decryptor()
        while sealed := self._file.read(CHUNK):
            yield opening.update(sealed)

    def sent(self) -> Iterator[bytes]:
        """The same once, and then nothing is left of it; nor when whoever asked goes away in the middle."""
        with self:
            yield from self.chunks()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
