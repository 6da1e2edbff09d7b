"""From commit to started flow to letter, through real Prefect, worker, courier and mail server; and the demo's start."""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from uuid import UUID

from casework import coordinations
from tests.machinery import Machinery, standing, wait_until

START = re.compile(r"is ready")
PATIENCE = 180.0  # seconds
STAGES = ("carried", "started", "sent")


def main(*, acts: int = 20) -> None:
    """Print medians and 95th percentiles of each stage after the commit."""
    with standing() as machinery:
        found = [_one(machinery, number) for number in range(acts + 2)][2:]
    print(f"\ncommit of «invite two services» → its flow, {acts} acts one after another, seconds")
    for stage in STAGES:
        times = sorted(one[stage] for one in found)
        print(
            f"  {stage:<12} p50 {statistics.median(times):.2f}   p95 {times[int(len(times) * 0.95) - 1]:.2f}"
        )


def _one(machinery: Machinery, number: int) -> dict[str, float]:
    town = machinery.town
    child = town.child(first=f"Barn{number}", born=date(2016, 1, 1 + number))
    case_id = town.case(child_id=child, services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        asked = tuple(coordinations.Ask(town.services[name], "Råd") for name in ("ppt", "health"))
        coordination = coordinations.invite(tx, case_id, asked)
    committed = time.time()
    wait_until(lambda: _sent(machinery, case_id) == 2, "both letters sent")
    return {name: at - committed for name, at in _stages(machinery, coordination, case_id).items()}


def _sent(machinery: Machinery, case_id: UUID) -> int:
    rows = machinery.rows("SELECT 1 FROM invitations WHERE case_id = :c AND state = 'sent'", c=case_id)
    return len(rows)


def _stages(machinery: Machinery, coordination: UUID, case_id: UUID) -> dict[str, float]:
    """When the row was carried, when its flow began (by Prefect's own record), when the last letter had left."""
    [row] = machinery.rows(
        "SELECT carried_run, extract(epoch FROM carried_at) FROM outbox WHERE ids ->> 'coordination_id' = :c",
        c=str(coordination),
    )
    wait_until(lambda: _began(machinery, row[0]) is not None, "Prefect's record of the run")
    [sent] = machinery.rows(
        "SELECT extract(epoch FROM max(n.sent_at)) FROM notices n WHERE n.case_id = :c AND n.kind = 'invitation'",
        c=case_id,
    )
    return {"carried": float(row[1]), "started": _began(machinery, row[0]) or 0.0, "sent": float(sent[0])}


def _began(machinery: Machinery, run: str) -> float | None:
    """When a run began; Prefect may write it down after the letters have left."""
    sql = "SELECT extract(epoch FROM min(timestamp)) FROM flow_run_state WHERE flow_run_id = %s AND type = 'RUNNING'"
    with machinery.postgres.connect(database="stafetten_prefect") as prefect:
        [(at,)] = prefect.execute(sql, [run]).fetchall()
    return float(at) if at is not None else None


def demo_start() -> None:
    """Print how long the demo takes from nothing to ready, and from kept data to ready."""
    with tempfile.TemporaryDirectory(prefix="stb-") as folder:
        Path(folder).chmod(0o711)
        for what in ("first start, region told", "second start, data kept"):
            print(f"demo, {what:<28} {_started(Path(folder) / 'demo'):.1f} s", flush=True)


def _started(data: Path) -> float:
    began = time.monotonic()
    command = [str(Path(sys.executable).with_name("stafetten")), "demo", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told: list[str] = []
    try:
        for line in process.stdout or ():
            told.append(line)
            if START.search(line):
                return time.monotonic() - began
        raise SystemExit("the demo did not become ready:\n" + "".join(told[-20:]))
    finally:
        process.terminate()
        process.wait(PATIENCE)
