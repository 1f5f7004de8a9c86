"""The server is told to stop while people save: what is being saved is saved, the file is closed, the exit code is 0."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from kneeclinic import actions, demo, store
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server
from tests.trust.test_kills_of_the_server import Saver, held


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_in_the_middle_of_saving_the_server_ends_in_order(tmp_path: Path, how: signal.Signals) -> None:
    server = demo_server.make(tmp_path, patients=2, weeks=2)
    with demo_server.opened(server) as clinic:
        people = (demo.CLINICIAN_NAME, demo.LEAD_NAME)
        visits = [(case.episode.id, actions.start_visit(clinic, demo_server.actor(clinic, name), case.episode.id, VisitKind.WEEKLY, clinic.today).id)
                  for case, name in zip(clinic.cases(), people, strict=False)]
    server.start()
    try:
        savers = [Saver(server, name, *visit) for name, visit in zip(people, visits, strict=False)]
        started = threading.Event()
        threads = [threading.Thread(target=one.work, args=(started,), daemon=True) for one in savers]
        for one in threads:
            one.start()
        assert started.wait(120), server.said()
        assert server.process is not None
        server.process.send_signal(how)
        assert server.process.wait(60) == 0, server.said()
        for one in threads:
            one.join(60)
        assert [one.fault for one in savers] == [None, None]
        assert not server.clinic.with_name(server.clinic.name + ".wal").exists(), "the file was not closed"
        with demo_server.opened(server) as clinic:
            assert sum(held(clinic, one, unfinished=1) for one in savers) >= 1
            assert store.health(clinic.database).is_good
        assert server.faults() == []
    finally:
        server.stop()
