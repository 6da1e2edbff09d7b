"""The household of processes: waits, restarts, stops in order, leaves nobody behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from server.demonstration import SideBySide, free_port, listening
from server.processes import Failed, Household, Program, Stopping, clean
from tests.server.test_postgres import is_gone, wait_until_gone

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
SUPERVISOR = """
import sys
from pathlib import Path
from server.processes import Household, Program
home = Household(print)
folder = Path(sys.argv[1])
for name in ("one", "two"):
    program = Program(name, [sys.executable, "-c", sys.argv[2]], folder)
    program.ready = lambda program=program: program.log.stat().st_size > 0
    home.start(program)
print("ready", flush=True)
home.watch()
"""


def sleeper(name: str, folder: Path, code: str = "import time; time.sleep(600)", **more) -> Program:
    return Program(name, [PYTHON, "-c", code], folder, **more)


def until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def pid_of(program: Program) -> int:
    until(lambda: program.pid_file.exists() and program.pid_file.read_text().endswith("\n"))
    return int(program.pid_file.read_text())


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def household(said):
    home = Household(said.append)
    yield home
    home.stop()


def watched(household: Household) -> threading.Thread:
    thread = threading.Thread(target=household.watch)
    thread.start()
    return thread


def test_what_dies_is_started_again_and_that_is_said(household, said, tmp_path):
    program = sleeper("worker", tmp_path)
    household.start(program)
    first = pid_of(program)
    thread = watched(household)
    os.kill(first, signal.SIGKILL)
    until(lambda: program.pid_file.exists() and program.pid_file.read_text().strip() not in ("", str(first)))
    assert not is_gone(pid_of(program))
    assert said[0].startswith("worker ended; starting it again")
    household.stop()
    thread.join()


def test_what_keeps_dying_is_tried_with_growing_pauses(household, said, tmp_path):
    household.start(sleeper("courier", tmp_path, "raise SystemExit(3)"))
    thread = watched(household)
    until(lambda: len(said) >= 3)
    household.stop()
    thread.join()
    assert said[:3] == [
        "courier ended; starting it again",
        "courier ended; starting it again in 1 s",
        "courier ended; starting it again in 3 s",
    ]


def test_what_dies_while_starting_is_told_with_its_last_words(household, tmp_path):
    program = sleeper("web", tmp_path, "raise SystemExit('the port is taken')", ready=lambda: False)
    with pytest.raises(Failed, match="the port is taken"):
        household.start(program)


def test_what_never_answers_is_given_up(household, tmp_path):
    with pytest.raises(Failed, match="not ready within 0 s"):
        household.start(sleeper("prefect", tmp_path, ready=lambda: False, patience=0.3))


def test_everything_is_stopped_the_last_started_first(household, tmp_path):
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    print(time.monotonic(), flush=True); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    programs = [sleeper(name, tmp_path, code) for name in ("first", "second", "third")]
    for program in programs:
        program.ready = lambda program=program: program.log.stat().st_size > 0
        household.start(program)
    household.stop()
    ends = [float(program.log.read_text().split()[-1]) for program in programs]
    assert ends == sorted(ends, reverse=True)
    assert not any(program.pid_file.exists() for program in programs)


def test_who_does_not_listen_is_killed_after_its_grace(household, tmp_path):
    program = sleeper("stubborn", tmp_path, STUBBORN, grace=0.5)
    household.start(program)
    pid = pid_of(program)
    time.sleep(0.2)
    household.stop()
    assert is_gone(pid)


def test_children_of_a_stopped_process_are_stopped_too(household, tmp_path):
    program = sleeper("parent", tmp_path, PARENT)
    program.ready = lambda: program.log.stat().st_size > 0
    household.start(program)
    grandchild = int(program.log.read_text())
    household.stop()
    wait_until_gone(grandchild)
    assert is_gone(grandchild)


def test_no_process_is_left_when_the_supervisor_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [PYTHON, "-c", SUPERVISOR, str(tmp_path), PARENT]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout.readline() == "ready\n"
        logs = [int((tmp_path / "logs" / f"{name}.log").read_text()) for name in ("one", "two")]
        pids = [int((tmp_path / "run" / f"{name}.pid").read_text()) for name in ("one", "two")]
        supervisor.kill()
    for pid in [*pids, *logs]:
        wait_until_gone(pid)
    assert all(is_gone(pid) for pid in [*pids, *logs])


def test_nothing_starts_once_everything_is_to_stop(household, tmp_path):
    household.stopping.set()
    with pytest.raises(Stopping):
        household.start(sleeper("late", tmp_path))


def test_a_run_to_the_end_tells_how_it_went(household, tmp_path):
    household.run(sleeper("fill", tmp_path, "print('120 cases')"))
    with pytest.raises(Failed, match="fill failed"):
        household.run(sleeper("fill", tmp_path, "raise SystemExit(1)"))


def test_settings_of_another_installation_do_not_leak_into_a_process(monkeypatch):
    monkeypatch.setenv("STAFETTEN_DATABASE_URL", "postgresql+psycopg://production")
    monkeypatch.setenv("PREFECT_API_URL", "https://elsewhere")
    given = clean({"STAFETTEN_PORT": "1"})
    assert "STAFETTEN_DATABASE_URL" not in given
    assert "PREFECT_API_URL" not in given
    assert given["STAFETTEN_PORT"] == "1"


def test_the_first_step_that_fails_is_the_one_told_of():
    stopping = threading.Event()

    def waits() -> None:
        if stopping.wait(20):
            raise Stopping

    def fails() -> None:
        raise Failed("the mail server did not come up")

    with pytest.raises(Failed, match="mail server"), SideBySide(stopping) as side:
        side.begin(waits)
        side.begin(fails)
        waits()


def test_ctrl_c_asks_to_stop_and_the_old_handler_comes_back():
    stopping = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    with listening(stopping):
        os.kill(os.getpid(), signal.SIGINT)
        until(stopping.is_set)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_next_free_port_is_taken_when_the_usual_one_is_busy():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert free_port(port) > port
    assert json.dumps(free_port()) != "0"
