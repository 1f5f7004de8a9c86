"""A disk that loses power: what a program wrote is recorded call by call, and the files are laid as they can stand after a cut at any moment.

What was flushed (fsync, fdatasync) is there. Of what was written since, anything can be: nothing, all, the first part, or single sectors in any
order. Names (made, renamed, removed) reach the disk in their order, as journalling file systems keep them, and with any flush.
"""

from __future__ import annotations

import codecs
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,truncate,rename,renameat,renameat2,unlink,unlinkat,fallocate"
WAYS = ("nothing", "all", "first part", "pages", "sectors")
PAGE, SECTOR = 4096, 512
UNFINISHED = b"<unfinished ...>"


def can_record() -> bool:
    """Whether this machine has strace and lets it watch."""
    tool = shutil.which("strace")
    return tool is not None and subprocess.run([tool, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def recorded(command: list[str], trace: Path, environment: dict[str, str]) -> None:
    """Runs a program and records what it writes."""
    strace = ["strace", "-f", "-qq", "-y", "-s", "4000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    done = subprocess.run([*strace, *command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@dataclass(frozen=True)
class Call:
    """What one call did to a file: open, write, truncate, begin (of a flush), flush, rename, unlink; or `told` on the standard output."""

    kind: str
    path: str = ""
    at: int | None = None
    data: bytes = b""
    thread: bytes = b""
    to: str = ""


def calls(trace: Path, folder: Path) -> Iterator[Call]:
    waiting: dict[bytes, bytes] = {}
    for raw in trace.read_bytes().split(b"\n"):
        thread, _, text = raw.partition(b" ")
        text = text.strip()
        if text.endswith(UNFINISHED):
            waiting[thread] = text[:-len(UNFINISHED)]
            if text.startswith((b"fsync", b"fdatasync")):
                yield from _inside(Call("begin", _of_handle(text), thread=thread), folder)
            continue
        if resumed := re.match(rb"<\.\.\. \w+ resumed>(.*)", text, re.DOTALL):
            text = waiting.pop(thread) + resumed[1]
        if done := re.match(rb"(\w+)\((.*)\)\s+= (\d+)", text, re.DOTALL):
            yield from _inside(_call(done[1].decode(), done[2], thread), folder)


def _call(name: str, given: bytes, thread: bytes) -> Call:
    quoted = [codecs.escape_decode(one)[0] for one in re.findall(rb'"((?:[^"\\]|\\.)*)"', given)]
    if name == "openat":
        kind = "truncate" if b"O_TRUNC" in given else "open"
        return Call(kind if b"O_CREAT" in given or b"O_TRUNC" in given else "", quoted[0].decode(), at=0)
    if name == "write":
        return Call("told", data=quoted[0]) if given.startswith(b"1<") else Call("write", _of_handle(given), data=quoted[0])
    if name == "pwrite64":
        return Call("write", _of_handle(given), int(given.rsplit(b", ", 1)[1]), quoted[0])
    if name in ("fsync", "fdatasync"):
        return Call("flush", _of_handle(given), thread=thread)
    if name == "ftruncate":
        return Call("truncate", _of_handle(given), int(given.rsplit(b", ", 1)[1]))
    if name == "rename":
        return Call("rename", quoted[0].decode(), to=quoted[1].decode())
    if name == "unlink":
        return Call("unlink", quoted[0].decode())
    return Call(f"unknown {name}", _of_handle(given) or (quoted[0].decode() if quoted else ""))


def _of_handle(given: bytes) -> str:
    found = re.search(rb"\d+<(.*?)>", given)
    return found[1].decode() if found else ""


def _inside(call: Call, folder: Path) -> Iterator[Call]:
    if call.kind == "told" or (call.kind and call.path.startswith(str(folder))):
        assert not call.kind.startswith("unknown"), f"{call.kind} of {call.path} is not understood"
        yield call


@dataclass(frozen=True)
class Change:
    """Bytes at a place, or (without bytes) the length of the file."""

    at: int
    data: bytes | None

    def on(self, held: bytearray) -> None:
        if self.data is None:
            del held[self.at:]
        held.extend(bytes(max(0, self.at - len(held))))
        if self.data is not None:
            held[self.at:self.at + len(self.data)] = self.data

    def in_pieces(self, size: int) -> list[Change]:
        if self.data is None:
            return [self]
        end, cuts = self.at + len(self.data), [self.at]
        cuts += range(self.at - self.at % size + size, end, size)
        return [Change(a, self.data[a - self.at:b - self.at]) for a, b in zip(cuts, [*cuts[1:], end], strict=True)]


@dataclass(eq=False)
class Held:
    """One file: what is on the disk for certain, and what was written since."""

    certain: bytearray = field(default_factory=bytearray)
    since: list[Change] = field(default_factory=list)
    size: int = 0


class Disk:
    def __init__(self) -> None:
        self.names: dict[str, Held] = {}
        self.names_since: list[dict[str, Held]] = [{}]
        self._begun: dict[bytes, tuple[Held, int]] = {}

    @property
    def is_settled(self) -> bool:
        """Whether a cut leaves no choice."""
        return len(self.names_since) == 1 and not any(one.since for one in self.names.values())

    def does(self, call: Call) -> None:
        if call.kind in ("rename", "unlink"):
            held = self.names[call.path]
            self._named({name: one for name, one in self.names.items() if name != call.path} | ({call.to: held} if call.to else {}))
            return
        if call.path not in self.names:
            self._named(self.names | {call.path: Held()})
        held = self.names[call.path]
        if call.kind == "write":
            at = held.size if call.at is None else call.at
            held.since.append(Change(at, call.data))
            held.size = max(held.size, at + len(call.data))
        elif call.kind == "truncate":
            held.since.append(Change(call.at or 0, None))
            held.size = call.at or 0
        elif call.kind == "begin":
            self._begun[call.thread] = held, len(held.since)
        elif call.kind == "flush":
            held, count = self._begun.pop(call.thread, (held, len(held.since)))
            for one in held.since[:count]:
                one.on(held.certain)
            del held.since[:count]
            self.names_since = [self.names]

    def _named(self, names: dict[str, Held]) -> None:
        self.names = names
        self.names_since.append(names)

    def after_a_cut(self, way: str, chance: random.Random) -> dict[str, bytes]:
        """The files as they can stand when the power comes back."""
        names = self.names_since[{"nothing": 0, "all": -1}.get(way, chance.randrange(len(self.names_since)))]
        found = {}
        for name, held in names.items():
            now = bytearray(held.certain)
            for one in _survivors(held.since, way, chance):
                one.on(now)
            found[name] = bytes(now)
        return found


def _survivors(since: list[Change], way: str, chance: random.Random) -> list[Change]:
    if way in ("nothing", "all"):
        return since if way == "all" else []
    if way == "first part":
        pieces = [piece for one in since for piece in one.in_pieces(SECTOR)]
        return pieces[:chance.randint(0, len(pieces))]
    kept_of_ten = chance.choice((1, 5, 9))
    pieces = [piece for one in since for piece in one.in_pieces(PAGE if way == "pages" else SECTOR)]
    return [piece for piece in pieces if chance.randrange(10) < kept_of_ten]
