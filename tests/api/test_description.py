"""The description of the API: complete, and true under a property-based fuzzer."""

import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from api import refusals
from api.app import create_api
from api.identity import SCOPES
from api.words import word
from casework import sign_ins
from casework.access import Actor


@pytest.fixture
def described(casework):
    return create_api(casework, None).openapi()


def test_every_route_says_what_it_does_and_how_it_refuses(described):
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            assert one["summary"], (path, method)
            assert one["tags"], (path, method)
            assert {"401", "403", "404", "422", "503"} <= set(one["responses"]), (path, method)
            assert one["security"], (path, method)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_refusal_is_titled_in_words(language):
    source = Path(refusals.__file__).read_text("utf-8")
    codes = {code for _status, code in refusals._PLAIN.values()} | set(re.findall(r'\d{3}: "(\w+)"', source))
    codes |= {"refused", "invalid", "stale"}
    assert [code for code in codes if word(language, "refusal", code) == code.replace("_", " ")] == []


@pytest.fixture
def fuzzed(casework, town):
    """The API with a token for the teacher and something there to find."""
    town.case()
    town.worry(town.child(first="Even"))
    with casework.begin(Actor.stranger()) as tx:
        return create_api(casework, None), {
            name: sign_ins.issue_token(tx, town.people[name], name="fuzz", scopes=SCOPES)
            for name in ("teacher", "administrator")
        }


@pytest.mark.parametrize("who", ["teacher", "administrator"])
def test_no_request_makes_the_api_fall_over_or_break_its_word(fuzzed, who):
    app, tokens = fuzzed
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    checks = [
        CHECKS.get_one(name)
        for name in ("not_a_server_error", "response_schema_conformance", "content_type_conformance")
    ]
    made = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=7,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @operation_strategy(operation)
        def ask(case):
            nonlocal made
            made += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {tokens[who]}"}, checks=checks)

        ask()
    assert made > 300


def operation_strategy(operation):
    from hypothesis import given

    return given(case=operation.as_strategy())
