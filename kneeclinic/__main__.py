"""The command line: `python -m kneeclinic COMMAND`; the commands are in kneeclinic/commands."""

from __future__ import annotations

import sys

from kneeclinic.commands.entry import main

if __name__ == "__main__":
    sys.exit(main())
