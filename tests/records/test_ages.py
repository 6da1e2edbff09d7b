"""The ages from which somebody looks in alone, and parents no longer, stand in the rules and again in the database."""

import re
from pathlib import Path

from levels.families import OF_AGE, YOUTH_AGE

ROOT = Path(__file__).parents[2]
YEARS = re.compile(r"interval '(\d+) years'")


def ages(source):
    return {int(age) for age in YEARS.findall(source)}


def test_the_database_opens_and_closes_the_familys_door_at_the_ages_of_the_rules(as_owner):
    functions = as_owner(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'app'"
    )
    found = {row.proname: ages(row.prosrc) for row in functions if ages(row.prosrc)}
    assert found == {"my_guardianships": {OF_AGE}, "myself": {YOUTH_AGE}, "family_by_number": {YOUTH_AGE}}
    policies = as_owner("SELECT coalesce(qual, '') || coalesce(with_check, '') AS said FROM pg_policies")
    assert not [row.said for row in policies if ages(row.said)], "no age stands in a policy itself"


def test_questions_put_to_the_database_know_nobody_of_age_but_at_the_age_of_the_rules():
    asking = {
        str(path.relative_to(ROOT)): ages(path.read_text(encoding="utf-8"))
        for room in ("casework", "workflows", "api", "web")
        for path in (ROOT / room).rglob("*.py")
    }
    found = {name: said for name, said in asking.items() if said}
    assert found and set().union(*found.values()) == {OF_AGE}, found
