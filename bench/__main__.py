"""`python -m bench`: acts against plain SQL, a chart's move, pages at two sizes, and dispatch, in one run."""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from uuid import UUID

from bench import dispatch, pages, plain, region
from casework import Casework, cases, logs
from levels.cases import CaseChart, CaseFacts
from levels.charts import decided, move, offers
from records.base import new_id
from server import database
from server.postgres import EmbeddedPostgres
from tests.factories import Town


def row(name: str, *figures: str) -> None:
    """One line of the table."""
    print(f"{name:<58}" + "".join(f"{figure:>16}" for figure in figures), flush=True)


def chart_cost(rounds: int) -> None:
    """One move and one set of offers on a pooled machine."""
    facts = CaseFacts(holder_named=True, guide_permits=True, sharing_settled=True, child_view_known=True)
    for name, act in (
        (
            "chart: one move, never asked before",
            lambda: decided.__wrapped__(CaseChart, "level_1", "raise_to_2", facts),
        ),
        ("chart: one move, asked before", lambda: move(CaseChart, "level_1", "raise_to_2", facts)),
        ("chart: offers of one state", lambda: offers(CaseChart, "level_2", facts)),
    ):
        act()
        began = time.perf_counter()
        for _ in range(rounds):
            act()
        row(name, f"{(time.perf_counter() - began) / rounds * 1000:.3f} ms")


def rate(threads: int, seconds: float, worker: Callable[[int, threading.Event], int]) -> tuple[float, float]:
    """Acts per second and CPU milliseconds of this process per act."""
    stop, done = threading.Event(), [0] * threads
    began, cpu = time.perf_counter(), time.process_time()

    def run(n: int) -> None:
        done[n] = worker(n, stop)

    crew = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for one in crew:
        one.start()
    time.sleep(seconds)
    stop.set()
    for one in crew:
        one.join()
    spent = time.perf_counter() - began
    total = sum(done)
    return total / spent, (time.process_time() - cpu) / max(total, 1) * 1000


class Acts:
    """The same act, by the house and by plain SQL, each thread on a case of its own."""

    def __init__(self, house: Casework, owner_url: str, town: Town, case_ids: list[UUID]) -> None:
        self.house, self.owner_url, self.town, self.case_ids = house, owner_url, town, case_ids
        self.actor = town.actor("teacher")

    def by_house(self, n: int, stop: threading.Event) -> int:
        """Write in the log through casework, with a key, until told to stop."""
        done = 0
        while not stop.is_set():
            with self.house.begin(self.actor) as tx:
                logs.write(tx, self.case_ids[n], logs.WriteEntry("Snakket med mor.", key=str(new_id())))
            done += 1
        return done

    def by_sql(self, n: int, stop: threading.Event) -> int:
        """The same rows in plain SQL."""
        done = 0
        with plain.connect(self.owner_url) as connection:
            while not stop.is_set():
                plain.write_log(connection, self.case_ids[n], self.town.id, self.actor.id)
                done += 1
        return done


def act_rates(acts: Acts, rounds: int, seconds: float) -> None:
    """House and plain SQL in turn, so that both meet the same machine."""
    for threads in (1, 4):
        shares, house, sql = [], [], []
        for _ in range(rounds):
            mine, theirs = rate(threads, seconds, acts.by_house), rate(threads, seconds, acts.by_sql)
            house.append(mine)
            sql.append(theirs)
            shares.append(mine[0] / theirs[0])
        row(
            f"act «write in the log», {threads} at once: house",
            f"{statistics.median(r for r, _ in house):.0f} /s",
            f"{statistics.median(c for _, c in house):.2f} ms CPU",
        )
        row(
            f"the same writes in plain SQL, {threads} at once",
            f"{statistics.median(r for r, _ in sql):.0f} /s",
            f"{statistics.median(c for _, c in sql):.2f} ms CPU",
        )
        row("  house / plain SQL (median of pairs)", f"{statistics.median(shares):.0%}")


def page_times(house: Casework, holder: UUID, label: str, rounds: int) -> None:
    """The worklist and the case page: casework alone, and the whole page through Flask."""
    actor = house.actor(holder)

    def worklist() -> object:
        with house.begin(actor) as tx:
            return cases.mine(tx)

    case_ids = _held_by(house, holder)
    turn, again = cycle(case_ids), cycle(case_ids)

    def page() -> object:
        with house.begin(actor) as tx:
            return cases.details(tx, next(turn))

    browser = pages.Browser(house, holder)
    row(f"worklist read, {label}", *pages.timed(worklist, rounds))
    row(f"case page read (its line in the trail written), {label}", *pages.timed(page, rounds))
    row(f"worklist, whole page, {label}", *pages.timed(lambda: browser.get("/cases"), rounds))
    row(f"case page, whole page, {label}", *pages.timed(lambda: browser.get(f"/cases/{next(again)}"), rounds))


def _held_by(house: Casework, holder: UUID) -> list[UUID]:
    with house.begin(house.actor(holder)) as tx:
        return [one.id for one in cases.mine(tx).cases]


def side_by_side(house: Casework, owner_url: str, app_url: str, salt: str, label: str) -> None:
    """Pages from the real server, for one reader alone and for four at once."""
    holders = [region.holder(number, salt, owner_url) for number in range(1, 5)]
    visitors = [
        (pages.signed_in(house, who), ["/cases", *(f"/cases/{each}" for each in _held_by(house, who)[:9])])
        for who in holders
    ]
    with pages.served(app_url) as address:
        pages.together(address, visitors[:1], seconds=2)
        for crew in (visitors[:1], visitors):
            speed, times = pages.together(address, crew, seconds=8)
            row(f"over HTTP, {len(crew)} at once, {speed:.0f} pages/s, {label}", *pages.quantiles(times))


def main() -> None:
    """Measure everything and print it."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--cases", type=int, default=100_000)
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--seconds", type=float, default=3.0)
    chosen = wanted.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    chart_cost(2000)
    folder = Path(tempfile.mkdtemp(prefix="stb-"))
    with EmbeddedPostgres(folder / "pg", durable=True) as server:
        database.upgrade(server.owner_url)
        house = Casework.from_url(server.app_url, field_key=b"k" * 32)
        town = Town.build(house, server.owner_url)
        mine = [town.case(child_id=town.child(first=f"Barn{n}")) for n in range(4)]
        act_rates(Acts(house, server.owner_url, town, mine), chosen.rounds, chosen.seconds)
        for count, salt in ((1_000, "s"), (chosen.cases, "m")):
            assert town.guide_id is not None  # noqa: S101
            region.fill(
                server.owner_url,
                town=town.id,
                unit=town.services["school"],
                guide=town.guide_id,
                cases=count,
                salt=salt,
            )
            holder = region.holder(1, salt, server.owner_url)
            label = f"{count:,} cases".replace(",", " ")
            page_times(house, holder, label, 60)
            side_by_side(house, server.owner_url, server.app_url, salt, label)
        house.close()
    dispatch.main()
    dispatch.demo_start()


if __name__ == "__main__":
    main()
