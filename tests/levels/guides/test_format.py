"""docs/guides.md says what the format is: its example is sound, and no key, code or floor is left out."""

import re
from pathlib import Path

import pytest

from levels import guides
from levels.guides import codes, models

TEXT = (Path(__file__).parents[3] / "docs" / "guides.md").read_text(encoding="utf-8")
PARTS = [one for one in vars(models).values() if isinstance(one, type) and issubclass(one, models.Part)]
SETS = (
    codes.Evidence,
    codes.ClockStart,
    codes.ClockDue,
    codes.Gate,
    codes.Writer,
    codes.Documentation,
    codes.Reader,
)


def test_the_example_in_the_documentation_can_be_published():
    [example] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)

    assert guides.check_text(example) == ()


@pytest.mark.parametrize("part", PARTS, ids=lambda one: one.__name__)
def test_every_key_of_the_format_is_described(part):
    assert [key for key in part.model_fields if f"`{key}`" not in TEXT] == []


@pytest.mark.parametrize("known", SETS, ids=lambda one: one.__name__)
def test_every_word_of_a_closed_set_is_described(known):
    assert [str(one) for one in known if f"`{one}`" not in TEXT] == []


def test_every_floor_is_described_with_how_sure_we_are():
    rows = {
        row.split("`")[1]: row for row in TEXT.splitlines() if row.startswith("| `") and "verified |" in row
    }

    assert set(rows) == set(guides.FLOORS)
    for code, row in rows.items():
        assert row.endswith(f"| {guides.FLOORS[code].status.replace('_', ' ')} |")
