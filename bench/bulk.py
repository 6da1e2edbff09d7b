"""`python -m bench.bulk`: many waiting invitations and reminders due at once, next to people reading pages."""

import argparse
import statistics
import threading
import time

import httpx
from sqlalchemy import create_engine, text

from bench import pages, region
from tests.machinery import Machinery, standing, wait_until

# Four services asked in every case; the reminder of every fourth invitation has come due.
FILL = """
INSERT INTO coordinations (id, municipality_id, case_id, state, started_at, version)
SELECT md5('o' || c.id)::uuid, c.municipality_id, c.id, 'gathering', now(), 1 FROM cases c WHERE c.number LIKE '2025-b%';
INSERT INTO invitations (id, municipality_id, coordination_id, case_id, service_id, state, needed, reply_by, asked_by_id,
  asked_at, sent_at, reminders, answer, version)
SELECT md5('i' || c.id || s.id)::uuid, c.municipality_id, md5('o' || c.id)::uuid, c.id, s.id, 'sent', 'Råd', current_date + 3,
  c.holder_id, now(), now(), 0, '', 1
FROM cases c CROSS JOIN (SELECT id FROM services WHERE municipality_id = :town AND kind <> 'school'
  AND kind <> 'administration' ORDER BY id LIMIT 4) s WHERE c.number LIKE '2025-b%';
INSERT INTO deadlines (id, municipality_id, case_id, subject_kind, subject_id, clock, source, due, owner_id, started_at,
  target_on, due_at, remind_at, suspensions, state, rung)
SELECT md5('e' || i.id)::uuid, i.municipality_id, i.case_id, 'invitation', i.id, 'agreed', 'agreement', 'reply',
  i.asked_by_id, now(), i.reply_by, now() + interval '4 days',
  now() + CASE WHEN row_number() OVER (ORDER BY i.id) <= :due THEN interval '-1 minute' ELSE interval '9 days' END,
  '[]', 'running', 0
FROM invitations i JOIN cases c ON c.id = i.case_id WHERE c.number LIKE '2025-b%';
"""


def fill(machinery: Machinery, *, invitations: int, due: int) -> None:
    """So many invitations that wait, and so many of their reminders due."""
    town = machinery.town
    assert town.guide_id is not None  # noqa: S101
    region.fill(
        machinery.postgres.owner_url, town=town.id, unit=town.services["school"], guide=town.guide_id,
        cases=invitations // 4, salt="b",
    )  # fmt: skip
    engine = create_engine(machinery.postgres.owner_url)
    values = {"town": town.id, "due": due}
    with engine.begin() as connection:
        for statement in FILL.split(";"):
            if statement.strip():
                wanted = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(text(statement), wanted)
    engine.dispose()


def main() -> None:
    """Fill, let the clockwork run, read pages meanwhile, and print what it took."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--invitations", type=int, default=10_000)
    wanted.add_argument("--due", type=int, default=2_500)
    chosen = wanted.parse_args()
    with standing() as machinery:
        fill(machinery, invitations=chosen.invitations, due=chosen.due)
        address = f"http://127.0.0.1:{machinery.ports['web']}"
        visitors = _visitors(machinery)
        _warm(address, visitors)
        _row("pages before", pages.together(address, visitors, seconds=15)[1])
        began = time.time()
        readers = _Readers(address, visitors)
        machinery.tick("remind")
        written = time.time() - began
        wait_until(lambda: _sent(machinery) >= chosen.due, "every reminder sent", seconds=3600)
        took = time.time() - began
        _row("pages meanwhile", readers.stop())
        print(
            f"reminders {chosen.due} of {chosen.invitations} waiting: written {written:.1f} s, all sent {took:.1f} s"
        )
        _age(machinery)


def _visitors(machinery: Machinery) -> list[tuple[str, list[str]]]:
    holders = [region.holder(number, "b", machinery.postgres.owner_url) for number in (1, 2)]
    return [
        (pages.signed_in(machinery.casework, who), ["/cases", "/invitations", "/notices"]) for who in holders
    ]


def _warm(address: str, visitors: list[tuple[str, list[str]]]) -> None:
    with httpx.Client(
        base_url=address, cookies={pages.COOKIE: visitors[0][0]}, trust_env=False, timeout=60
    ) as one:
        for path in visitors[0][1]:
            one.get(path).raise_for_status()


class _Readers:
    """People who read until told to stop."""

    def __init__(self, address: str, visitors: list[tuple[str, list[str]]]) -> None:
        self.address, self.visitors = address, visitors
        self.times: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.times += pages.together(self.address, self.visitors, seconds=5)[1]

    def stop(self) -> list[float]:
        """Every page's milliseconds."""
        self._stop.set()
        self._thread.join()
        return sorted(self.times)


def _sent(machinery: Machinery) -> int:
    found = machinery.rows(
        "SELECT count(*) FROM notices WHERE kind = 'invitation_reminder' AND state = 'sent'"
    )
    return int(found[0][0])


def _age(machinery: Machinery) -> None:
    rows = machinery.rows(
        "SELECT extract(epoch FROM sent_at - written_at) FROM notices WHERE kind = 'invitation_reminder'"
        " AND sent_at IS NOT NULL"
    )
    ages = sorted(float(row[0]) for row in rows)
    p95 = ages[int(len(ages) * 0.95) - 1]
    print(f"written → sent, seconds: p50 {statistics.median(ages):.1f}   p95 {p95:.1f}")


def _row(name: str, times: list[float]) -> None:
    print(f"{name:<18} {len(times)} pages   " + "   ".join(pages.quantiles(sorted(times))), flush=True)


if __name__ == "__main__":
    main()
