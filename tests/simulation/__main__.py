"""`python -m tests.simulation [PATIENTS] [SEED]`: recall and precision of every alert on a simulated caseload."""

from __future__ import annotations

import sys

from kneeclinic.knowledge import load_knowledge
from tests.simulation.report import report
from tests.simulation.runners import PATIENTS, SEED, WEEKS
from tests.simulation.scores import simulate

patients = int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS
seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
print(f"{patients} runners, {WEEKS} weeks, seed {seed}")
print(report(simulate(load_knowledge(), patients, seed)))
