"""The pages on a real house: a site, and people at browsers."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask

from casework import Casework
from server import assets, texts
from tests.factories import Town
from tests.web.browsers import validator
from tests.web.visitors import Visitor
from web.app import create_web

__all__ = ["validator"]


def settings(**other: object) -> SimpleNamespace:
    """What a developer's machine would be told."""
    return SimpleNamespace(
        **{
            "environment": "development",
            "secret_key": "a key for tests that guards nothing",
            "public_url": "http://localhost",
            "persona_picker": True,
            "oidc_issuer": "",
            "oidc_client_id": "",
            "oidc_client_secret": "",
            "family_oidc_issuer": "",
            "family_oidc_client_id": "",
            "family_oidc_client_secret": "",
            "demo_mailbox": None,
            "backup_stamp": None,
            **other,
        }
    )


@pytest.fixture(scope="session")
def dressed() -> None:
    """Styles, scripts, icons and words, built when something has changed."""
    assets.build()
    texts.compile_catalogues()


@pytest.fixture
def make_site(casework: Casework, dressed: None) -> Callable[..., Flask]:
    """Make the pages under other settings; a fault of ours reaches the test as it is."""

    def make(*, faults_reach_the_test: bool = True, **other: object) -> Flask:
        site = create_web(casework, settings(**other))
        site.config["PROPAGATE_EXCEPTIONS"] = faults_reach_the_test
        return site

    return make


@pytest.fixture
def site(make_site: Callable[..., Flask]) -> Flask:
    """The pages."""
    return make_site()


@pytest.fixture
def stranger(site: Flask, casework: Casework) -> Visitor:
    """Somebody at a browser who has not signed in."""
    return Visitor(site, casework)


@pytest.fixture
def browse(site: Flask, casework: Casework, town: Town) -> Callable[[str], Visitor]:
    """Somebody of the town at a browser: `browse("teacher").get("/signals/new")`. Every page is checked."""
    return lambda name: Visitor(site, casework).sign_in(town.people[name])
