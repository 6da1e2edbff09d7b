"""Logs tell operators what went wrong without telling them about anybody."""

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from server import logs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def said():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Line())
    logger = logging.getLogger("tests.said")
    logger.addHandler(handler)
    logger.propagate = False
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_what_an_exception_says_about_a_child_stays_out_of_the_log(said):
    try:
        try:
            raise ValueError("Kari Nordmann, 01010150074, is worried")
        except ValueError as inner:
            raise RuntimeError("while saving Kari Nordmann") from inner
    except RuntimeError:
        logging.getLogger("tests.said").exception("could not save case %s", "0190b3a0")
    (line,) = said()
    assert "Nordmann" not in json.dumps(line)
    assert "01010150074" not in json.dumps(line)
    assert line["said"] == "could not save case 0190b3a0"
    assert [fault["kind"] for fault in line["faults"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert "test_logs.py" in line["faults"][0]["places"][0]


def test_each_record_is_one_line_with_its_time_in_utc(said):
    logging.getLogger("tests.said").warning("two\nlines")
    (line,) = said()
    assert line["level"] == "warning"
    assert line["at"].endswith("Z")


def test_a_process_that_ends_by_a_fault_says_so_without_the_message():
    code = "from server import logs; logs.configure('info'); raise ValueError('Kari Nordmann')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "Nordmann" not in done.stderr
    assert json.loads(done.stderr)["faults"][0]["kind"] == "builtins.ValueError"


def test_only_known_extras_are_told(said):
    logging.getLogger("tests.said").warning("flow_crashed", extra={"flow": "invite", "child": "Kari"})
    (line,) = said()
    assert (line["flow"], "child" in line) == ("invite", False)
