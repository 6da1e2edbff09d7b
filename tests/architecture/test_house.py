"""The house rules that a linter of imports cannot see."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from levels.consequences import Notify, StartFlow
from levels.diagrams import CHARTS
from server import database

ROOT = Path(__file__).parents[2]
ROOMS = ("levels", "records", "casework", "workflows", "api", "web", "server")
UNFINISHED = re.compile(r"NotImplementedError|\bTODO\b|\bFIXME\b|for now|placeholder(?!=)", re.IGNORECASE)


def _modules():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def _functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_imports_only_run_downwards():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_function_is_over_fifty_lines_and_no_file_over_four_hundred():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _modules()
        for node in _functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > 50
    ]
    big = [str(p.relative_to(ROOT)) for p in _modules() if p.read_text(encoding="utf-8").count("\n") > 400]
    assert (long, big) == ([], [])


def test_nothing_says_that_it_is_unfinished():
    found = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_public_act_says_what_it_means():
    silent = [
        f"{path.relative_to(ROOT)} {node.name}"
        for path in _modules()
        if path.parts[len(ROOT.parts)] in ("levels", "casework")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_only_the_clock_asks_the_machine_what_time_it_is():
    asking = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if path.parts[len(ROOT.parts)] in ("levels", "records", "casework", "api", "web")
        and re.search(r"datetime\.now\(|date\.today\(|time\.time\(", path.read_text(encoding="utf-8"))
    ]
    assert asking == ["casework/ports.py"]


def test_no_door_and_no_act_commits_on_its_own():
    committing = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if path.parts[len(ROOT.parts)] in ("casework", "api", "web", "workflows")
        and ".commit()" in path.read_text(encoding="utf-8")
    ]
    assert committing == ["casework/transactions.py"]


def test_prefect_is_imported_by_the_workflows_only():
    importing = {
        path.relative_to(ROOT).parts[0]
        for path in _modules()
        if re.search(r"^\s*(from|import) prefect\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importing == {"workflows"}


def test_every_flow_a_chart_or_an_act_asks_for_is_deployed():
    asked = {
        c.name
        for chart in CHARTS
        for wanted in chart.follows.values()
        for c in wanted
        if isinstance(c, StartFlow)
    }
    for path in (ROOT / "casework").rglob("*.py"):
        asked |= set(re.findall(r'start_flow\(\s*"([\w-]+)"', path.read_text(encoding="utf-8")))
    flows = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "workflows").glob("*.py"))
    assert asked <= set(re.findall(r'@flow\(\s*name="([\w-]+)"', flows)) and asked


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_notice_has_words_in_every_language(language):
    kinds = {
        c.kind
        for chart in CHARTS
        for wanted in chart.follows.values()
        for c in wanted
        if isinstance(c, Notify)
    }
    for path in (ROOT / "casework").rglob("*.py"):
        kinds |= set(re.findall(r'notices\.write\(\s*tx,\s*"(\w+)"', path.read_text(encoding="utf-8")))
    written = "".join(
        p.read_text(encoding="utf-8") for p in (ROOT / "locale" / language / "LC_MESSAGES").glob("*.po")
    )
    missing = [kind for kind in sorted(kinds) if f'msgctxt "notice"\nmsgid "{kind}"' not in written]
    assert missing == []


def test_the_tables_are_those_of_the_migrations(postgres):
    engine = create_engine(postgres.owner_url)
    with engine.connect() as connection:
        command.check(database.configuration(postgres.owner_url, connection))
    engine.dispose()


def test_no_committed_file_records_a_package_address():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    address = re.compile(rb"https?://[^\s\"']*(/simple/|\.whl|\.tgz|\.tar\.gz)")
    found = [
        name
        for name in listed
        if name and (ROOT / name).is_file() and address.search((ROOT / name).read_bytes())
    ]
    assert found == []


def test_every_word_of_the_rooms_is_in_the_glossary():
    words = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    shared = {"base", "engine", "tables", "charts", "diagrams", "consequences", "workdays", "statutes"}
    rooms = (
        {p.stem for room in ("levels", "records") for p in (ROOT / room).glob("*.py")} - shared - {"__init__"}
    )
    unknown = [word for word in sorted(rooms) if word.rstrip("s") not in words and word not in words]
    assert unknown == []


def test_every_proof_that_is_named_is_there():
    named = set(re.findall(r"`(tests/[\w/.]*)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")))
    assert len(named) > 20 and [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_tests_of_one_group_share_a_worker_and_its_processes(request):
    if not request.config.getoption("loadgroup", False):
        pytest.skip("only where the tests are shared between workers by group")
    grouped = [one for one in request.session.items if one.get_closest_marker("xdist_group")]
    assert [one.nodeid for one in grouped if "@" not in one.nodeid] == []


def test_everything_that_reaches_somebody_outside_asks_the_one_rule_of_sharing():
    """Letters, calendars, the family's pages and copies, exports, invitations, texts, and the API's guardians."""
    channels = (
        "notices/letters.py", "families/coming.py", "families/reading.py", "families/saying.py",
        "coordinations/pages.py", "children/families.py", "cases/archives.py", "consent_texts/showing.py",
        "consents/asking.py", "break_glass.py",
    )  # fmt: skip
    silent = [
        name for name in channels if "sharing." not in (ROOT / "casework" / name).read_text(encoding="utf-8")
    ]
    deciding = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if path.parts[len(ROOT.parts)] in ("casework", "api", "web", "workflows")
        and re.search(r"\bif [^\n]*\.(kept_out|protected_address)\b", path.read_text(encoding="utf-8"))
    ]
    assert (silent, deciding) == ([], [])
