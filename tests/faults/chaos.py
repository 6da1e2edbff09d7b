"""The story for many cases at once while processes are killed or cut off at random; then everything is counted.

What is acknowledged must be there, once; what was written to somebody must have arrived, under one message id. A blow
falls after so many acts, not after so many seconds: a slow machine is struck no harder than a fast one, and comes on.
"""

import contextlib
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from casework import audit
from casework.access import Actor
from casework.ports import local_day
from tests.machinery import LOOK, Caller, Machinery, wait_until

VICTIMS = ("worker", "prefect", "courier", "web", "database", "mail")
PAUSE = (1, 8)  # acts acknowledged between two blows
TWICE = 0.3  # how often two fall at once
AWAY = (0.5, 4.0)  # seconds a process that is cut off does not answer, at most
SERVICES = (("ppt", "adviser"), ("health", "nurse"))
PATIENCE = 240.0  # seconds until everything that was begun is finished


@dataclass
class Ledger:
    """What clients were told was done: the key of each act, and the marks to look for afterwards."""

    acts: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, key: str, act: str) -> None:
        """An act was acknowledged."""
        with self.lock:
            self.acts[key] = act


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted afterwards; every number but the first three must be zero."""

    seed: int
    cases: int
    blows: int
    acknowledged: int
    lost: int
    doubled: int
    notices: int
    notices_lost: int
    notices_doubled: int
    repeats: int
    flows_stuck: int
    trail_broken: int

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled, stuck or broken. A repeat under the same message id is no double."""
        wrong = (
            self.lost,
            self.doubled,
            self.notices_lost,
            self.notices_doubled,
            self.flows_stuck,
            self.trail_broken,
        )
        return self.acknowledged > 0 and not any(wrong)


class Teller:
    """Tells one child's story over the API, repeating each act under its key until it is acknowledged."""

    def __init__(self, machinery: Machinery, ledger: Ledger, callers: dict[str, Caller]) -> None:
        self.town, self.ledger, self.callers = machinery.town, ledger, callers
        self.today = local_day(machinery.casework.clock.now())

    def act(self, who: str, path: str, **body: Any) -> str:
        """Do one thing; answers the id of what it made."""
        key = str(uuid.uuid4())
        while True:
            answer = self.callers[who].act(path, body or None, key=key)
            self.ledger.keep(key, path.rpartition("/")[2])
            if not isinstance(answer, dict) or answer.get("id"):
                return str(answer["id"]) if isinstance(answer, dict) else ""
            time.sleep(0.1)  # acknowledged twice at the same moment: asked again, it says what it made

    def tell(self, number: int, child_id: UUID) -> None:
        """From the worry to the archive."""
        mark = f"M{number}-{uuid.uuid4().hex[:8]}"
        people = {name: str(self.town.people[name]) for name in ("teacher", "nurse")}
        case = self._opened(child_id, people, mark)
        measure = self.act(
            "teacher", f"/cases/{case}/measures", title=mark, goal="Leser", responsible_id=people["teacher"]
        )
        self._shared(case)
        self.act(
            "teacher", f"/cases/{case}/level", to="2", when="flere_tjenester", reason="Vi trenger hjelp."
        )
        asked = [{"service_id": str(self.town.services[name]), "needed": "Råd."} for name, _ in SERVICES]
        self.act("teacher", f"/cases/{case}/invitations", services=asked)
        self._answered(case)
        self._met(case, people)
        self._handed_over(case, people)
        self._closed(case, measure)
        with self.ledger.lock:
            self.ledger.marks.append(mark)
            self.ledger.closed.append(case)

    def _opened(self, child_id: UUID, people: dict[str, str], mark: str) -> str:
        signal_id = self.act("teacher", "/signals", child_id=str(child_id), observation=mark)
        family = [one["id"] for one in self.callers["teacher"].get(f"/children/{child_id}/guardians")]
        case = self.act(
            "teacher", f"/signals/{signal_id}/raise", to="1", when="innsats_egen_enhet", holder_id=people["teacher"],
            guardians_told_on=self.today.isoformat(), child_said="Det er kjedelig.",
            agreed=[{"guardian_id": one} for one in family],
        )  # fmt: skip
        self.act("teacher", f"/cases/{case}/log", body=mark)
        return case

    def _shared(self, case: str) -> None:
        questions = [{"service_id": str(self.town.services[name]), "purpose": "Råd"} for name, _ in SERVICES]
        self.act("teacher", f"/cases/{case}/consents", questions=questions)
        for consent in self.callers["teacher"].get(f"/cases/{case}/consents"):
            if consent["state"] == "asked":
                self.act("teacher", f"/consents/{consent['id']}/answer", answer="yes", channel="paper")

    def _answered(self, case: str) -> None:
        for _service, name in SERVICES:
            waiting = [one for one in self.callers[name].get("/invitations") if one["case_id"] == case]
            self.act(name, f"/invitations/{waiting[0]['id']}/reply", answer="yes")

    def _met(self, case: str, people: dict[str, str]) -> None:
        at = self.callers["teacher"].get(f"/cases/{case}")["head"]["opened_at"][:10]
        day = date.fromisoformat(at) + timedelta(days=14)
        meeting = self.act(
            "teacher", f"/cases/{case}/meetings", kind="joint", starts_at=f"{day}T09:00:00+01:00",
            ends_at=f"{day}T10:00:00+01:00", practitioner_ids=list(people.values()),
        )  # fmt: skip
        self.act("teacher", f"/meetings/{meeting}/hold", minutes="Enige om leseplan.")

    def _handed_over(self, case: str, people: dict[str, str]) -> None:
        told = self.today.isoformat()
        baton = self.act("teacher", f"/cases/{case}/baton", to_id=people["nurse"], family_told_on=told)
        self.act("nurse", f"/batons/{baton}/accept")

    def _closed(self, case: str, measure: str) -> None:
        self.act("nurse", f"/cases/{case}/child-views", words="Det går bra.")
        self.act(
            "nurse", f"/measures/{measure}/evaluations", result="reached", onward="end", child_said="Bra."
        )
        self.act("nurse", f"/cases/{case}/close", reason="Målet er nådd", when="avslutt")


class Trouble:
    """Kills a process, or cuts it off for a while, at random, until it is told to stop."""

    def __init__(self, machinery: Machinery, dice: random.Random, ledger: Ledger) -> None:
        self.machinery, self.dice, self.ledger, self.blows = machinery, dice, ledger, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Trouble":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = self._soon()
        while not self._stop.wait(LOOK):
            if len(self.ledger.acts) < due:
                continue
            for victim in self.dice.sample(VICTIMS, 2 if self.dice.random() < TWICE else 1):
                with contextlib.suppress(OSError, ValueError, AssertionError):
                    self._strike(victim)
                    self.blows += 1
            due = self._soon()

    def _soon(self) -> int:
        """How many acts will be acknowledged when the next thing happens."""
        return len(self.ledger.acts) + self.dice.randint(*PAUSE)

    def _strike(self, victim: str) -> None:
        if self.dice.random() < 0.6:
            self.machinery.kill(victim)
            return
        pid = self.machinery.pid(victim)
        os.kill(pid, signal.SIGSTOP)
        try:
            self._leave(self._soon(), self.dice.uniform(*AWAY))
        finally:
            os.kill(pid, signal.SIGCONT)

    def _leave(self, acts: int, seconds: float) -> None:
        """Wait until so many acts are acknowledged, where they go on without whoever is away, but not for ever."""
        until = time.monotonic() + seconds
        while len(self.ledger.acts) < acts and time.monotonic() < until and not self._stop.wait(LOOK):
            pass


def run(machinery: Machinery, *, cases: int, seed: int, at_once: int = 4) -> Report:
    """Tell so many stories, so many at a time, under trouble drawn from a seed; then count."""
    children = [machinery.town.child(first=f"Barn{seed}x{n}", born=_born(seed, n)) for n in range(cases)]
    ledger = Ledger()
    crews = [
        {name: machinery.caller(name) for name in ("teacher", "nurse", "adviser")} for _ in range(at_once)
    ]

    def tell(n: int) -> None:
        Teller(machinery, ledger, crews[n % at_once]).tell(n, children[n])

    with Trouble(machinery, random.Random(seed), ledger) as trouble, ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(_turns, tell, range(first, cases, at_once)) for first in range(at_once)]:
            done.result()
    _settle(machinery)
    return _counted(machinery, ledger, seed, cases, trouble.blows)


def _born(seed: int, n: int) -> date:
    return date(2014, 1, 1) + timedelta(days=seed * 500 + n)


def _turns(tell: Any, numbers: range) -> None:
    for n in numbers:
        tell(n)


_STUCK = (
    "SELECT flow, carried_at IS NOT NULL AS carried, handovers, attempts, last_error, count(*), min(created_at)"
    " FROM outbox WHERE done_at IS NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC LIMIT 12"
)


def _settle(machinery: Machinery) -> None:
    wait_until(machinery.whole, "every process runs again", seconds=PATIENCE)
    waiting = "SELECT 1 FROM outbox WHERE done_at IS NULL"
    try:
        wait_until(lambda: not machinery.rows(waiting), "an empty outbox", seconds=PATIENCE)
    except AssertionError as late:
        raise AssertionError(f"{late}; {machinery.rows(_STUCK)}") from late
    unsent = "SELECT 1 FROM notices WHERE state = 'written'"
    wait_until(lambda: not machinery.rows(unsent), "every notice sent", seconds=PATIENCE)


def _counted(machinery: Machinery, ledger: Ledger, seed: int, cases: int, blows: int) -> Report:
    stored = Counter(row[0] for row in machinery.rows("SELECT key FROM done_acts"))
    notices = machinery.rows(
        "SELECT id, state, kind, subject_id, edition, coalesce(practitioner_id, service_id, guardian_id), written_at"
        " FROM notices"
    )
    arrived = Counter(mail.id.strip("<>").partition("@")[0] for mail in machinery.letters())
    same = Counter(tuple(row[2:]) for row in notices)
    with machinery.casework.begin(Actor.system()) as tx:
        broken = len(audit.verify(tx))
        tx.without_trail()
    return Report(
        seed=seed,
        cases=cases,
        blows=blows,
        acknowledged=len(ledger.acts),
        lost=sum(stored[key] == 0 for key in ledger.acts),
        doubled=sum(stored[key] > 1 for key in ledger.acts) + _doubled(machinery, ledger),
        notices=len(notices),
        notices_lost=sum(row[1] == "sent" and not arrived[str(row[0])] for row in notices)
        + sum(row[1] == "failed" for row in notices),
        notices_doubled=sum(count - 1 for count in same.values()),
        repeats=sum(count - 1 for count in arrived.values()),
        flows_stuck=len(machinery.rows("SELECT 1 FROM outbox WHERE done_at IS NULL")),
        trail_broken=broken,
    )


_ONCE = (
    "SELECT count(*) FROM signals WHERE observation = :mark",
    "SELECT count(*) FROM log_entries WHERE body = :mark",
    "SELECT count(*) FROM measures WHERE title = :mark",
)
_PER_CASE = (
    ("SELECT count(*) FROM invitations WHERE case_id = :case", len(SERVICES)),
    ("SELECT count(*) FROM meetings WHERE case_id = :case", 1),
    ("SELECT count(*) FROM handovers WHERE case_id = :case", 1),
    ("SELECT count(*) FROM evaluations WHERE case_id = :case", 1),
    ("SELECT count(*) FROM archive_packages WHERE case_id = :case", 1),
)


def _doubled(machinery: Machinery, ledger: Ledger) -> int:
    """Things that are there another number of times than they were done."""
    wrong = 0
    for mark in ledger.marks:
        wrong += sum(machinery.rows(sql, mark=mark)[0][0] != 1 for sql in _ONCE)
    for case in ledger.closed:
        wrong += sum(machinery.rows(sql, case=case)[0][0] != expected for sql, expected in _PER_CASE)
    return wrong
