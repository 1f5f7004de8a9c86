"""The time zones that a clinic may choose from."""

from __future__ import annotations

from zoneinfo import available_timezones

FIRST = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
ZONES = (*FIRST, *sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix/", "right/", "SystemV/"))
                         and one not in FIRST))
"""The common ones first, then all that this machine knows."""
