"""Carries outbox rows to Prefect, each under its own key, and waits when Prefect does not answer."""

import logging
import signal
import threading
import time
from datetime import timedelta
from typing import Any

from casework import Casework, outbox
from casework.access import Actor
from casework.refusals import Unavailable
from server.overseer import Overseer
from workflows.connectors.prefect_api import PrefectApi, PrefectSettings, PrefectUnreachable

log = logging.getLogger("stafetten.courier")
POLL = 0.25
LONGEST = 10.0


class Courier:
    """One carrier; several may work side by side."""

    def __init__(self, house: Casework, api: PrefectApi, *, late: timedelta = outbox.LATE) -> None:
        self.house, self.api, self.late = house, api, late
        self._looked = float("-inf")
        self.stopping = threading.Event()
        self._known: dict[str, str] = {}

    def run(self) -> None:
        """Carry until told to stop."""
        patience = POLL
        while not self.stopping.wait(patience):
            try:
                carried, failed = self.once()
            except Unavailable:
                log.warning("database_unreachable")
                patience = min(patience * 2, LONGEST)
                continue
            patience = min(patience * 2, LONGEST) if failed else 0.0 if carried else POLL

    def once(self) -> tuple[int, int]:
        """Carry what waits; answers how many were carried and how many could not be."""
        self._look_for_lost()
        with self.house.begin(Actor.system("courier")) as tx:
            rows = outbox.claim(tx)
        carried = failed = 0
        for row in rows:
            try:
                run = self._carry(row)
            except PrefectUnreachable as broken:
                failed += 1
                with self.house.begin(Actor.system("courier")) as tx:
                    outbox.mark_failed(tx, row.id, str(broken)[:80])
                continue
            carried += 1
            with self.house.begin(Actor.system("courier")) as tx:
                outbox.mark_carried(tx, row.id, run)
        return carried, failed

    def _look_for_lost(self) -> None:
        """Now and then, take up again what was carried but never done, as when a worker died with it.

        A run that Prefect still keeps for a worker is not lost, only waiting its turn.
        """
        if time.monotonic() - self._looked < self.late.total_seconds() / 4:
            return
        self._looked = time.monotonic()
        with self.house.begin(Actor.system("courier")) as tx:
            given = outbox.late(tx, older_than=self.late)
        if not given:
            return
        try:
            queued = self.api.queued(given.values())
        except PrefectUnreachable:
            return  # then nothing could be handed over either
        lost = {row: run for row, run in given.items() if run not in queued}
        with self.house.begin(Actor.system("courier")) as tx:
            outbox.hand_over_again(tx, lost)

    def _carry(self, row: outbox.Carried) -> str:
        deployment = self._known.get(row.flow) or self.api.deployment_id(row.flow)
        if deployment is None:
            raise PrefectUnreachable("not_registered")
        self._known[row.flow] = deployment
        # The key names the hand-over, not the claim: a courier that died after asking does not ask twice.
        key = f"{row.id}-{row.handover}"
        return self.api.start(deployment, {**row.ids, "outbox_id": str(row.id)}, key)


def run(settings: Any) -> None:
    """Run a courier until SIGTERM or Ctrl-C."""
    house = Casework.from_settings(settings, connections=3)
    auth = settings.prefect_auth_string
    auth = auth.get_secret_value() if hasattr(auth, "get_secret_value") else str(auth or "")
    prefect = PrefectSettings(str(settings.prefect_api_url), auth)
    courier = Courier(house, PrefectApi(prefect), late=timedelta(seconds=settings.late_after))
    overseer = Overseer(house, PrefectApi(prefect))
    threading.Thread(target=overseer.run, args=(courier.stopping,), daemon=True).start()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: courier.stopping.set())
    courier.run()
