"""What a server process connects to: as Python tells it (an audit hook from the first line on), and as the system lists its sockets."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

HOOK = '''
"""Loaded by Python before anything else: writes down every connection and look-up, and lets none beyond this machine happen."""
import os, sys
def note(event, args):
    if event not in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"):
        return
    to = args[0] if event.startswith("socket.get") else args[1]
    host = to[0] if isinstance(to, tuple) else to
    if not isinstance(host, str):
        host = host.decode() if isinstance(host, bytes) else str(host)
    with open(os.environ["NOTED_CONNECTIONS"], "a") as out:
        out.write(f"{event} {host}\\n")
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not host.startswith(("127.", "::1", "/", "\\0", "localhost")) and host:
        raise PermissionError(f"a connection to {host} was about to leave this machine")
sys.addaudithook(note)
with open(os.environ["NOTED_CONNECTIONS"], "a") as out:
    out.write("watching\\n")
'''
HERE = ("127.", "::1", "localhost", "/", "\0")


class Watch:
    """Put into the environment of a process before it starts; read while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "watch"
        self.folder.mkdir()
        self.noted = folder / "connections"
        (self.folder / "sitecustomize.py").write_text(HOOK)

    @property
    def environment(self) -> dict[str, str]:
        before = os.environ.get("PYTHONPATH", "")
        return {"PYTHONPATH": f"{self.folder}{os.pathsep}{before}" if before else str(self.folder), "NOTED_CONNECTIONS": str(self.noted)}

    def lines(self) -> list[str]:
        return self.noted.read_text().splitlines() if self.noted.exists() else []

    def outside(self) -> list[str]:
        """Every connection or look-up that was not for this machine itself."""
        return [one for one in self.lines() if one != "watching" and not one.partition(" ")[2].startswith(HERE) and one.partition(" ")[2] != "None"]


def sockets_outside(pid: int) -> list[str]:
    """Open sockets of a process and its children whose other end is another machine, as the system lists them: native code included."""
    inodes = set()
    for process in (pid, *children(pid)):
        for one in Path(f"/proc/{process}/fd").iterdir():
            try:
                target = os.readlink(one)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        path = Path(f"/proc/{pid}/net/{table}")
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            cells = line.split()
            address = ipaddress.ip_address(bytes.fromhex(cells[2].split(":")[0])[::-1] if table.endswith(("tcp", "udp")) else six(cells[2]))
            local = getattr(address, "ipv4_mapped", None) or address
            if cells[9] in inodes and not (local.is_loopback or local.is_unspecified):
                found.append(f"{table} {address}")
    return found


def six(cell: str) -> bytes:
    raw = bytes.fromhex(cell.split(":")[0])
    return b"".join(raw[at:at + 4][::-1] for at in range(0, 16, 4))


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in path.read_text().split()] if path.exists() else []
