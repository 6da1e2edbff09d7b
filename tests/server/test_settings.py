"""Settings: where they come from, what production refuses, and that the document tells all."""

import base64
from pathlib import Path

import pytest

from server.settings import BadSettings, Settings, document, load, problems

ROOT = Path(__file__).resolve().parents[2]
FIELD_KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "environment": "production",
    "database_url": "postgresql+psycopg://app:x@db/stafetten",
    "secret_key": "kQ2v9Xb7Lr4TzW8mNc1HsJd6PfYg3AeU5oRi0VqB",
    "anchor_key": "uN7wS2cK9rTe4YhX6bGm3QzLp8VdJf1A5oRi0WqE",
    "field_key": FIELD_KEY,
    "public_url": "https://bti.kommune.example",
    "smtp_host": "mail.kommune.example",
    "smtp_sender": "bti@kommune.example",
    "oidc_issuer": "https://login.kommune.example",
    "oidc_client_id": "stafetten",
    "oidc_client_secret": "a-secret-of-theirs",
}


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    import os

    for name in [name for name in os.environ if name.startswith("STAFETTEN_")]:
        monkeypatch.delenv(name)


def codes(**changed: object) -> set[str]:
    return {problem.code for problem in problems(Settings(**{**GOOD, **changed}))}


def test_good_settings_have_no_problem():
    assert codes() == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"persona_picker": True}, "demo_doors"),
        ({"demo_mailbox": "/tmp/mail"}, "demo_doors"),
        ({"clock_shift": "/tmp/clock"}, "clock_shifted"),
        ({"secret_key": "short"}, "secret_key_weak"),
        ({"secret_key": "change-me-change-me-change-me-change-me"}, "secret_key_weak"),
        ({"secret_key": "a" * 64}, "secret_key_weak"),
        ({"secret_key": ""}, "secret_key_missing"),
        ({"anchor_key": ""}, "anchor_key_weak"),
        ({"field_key": ""}, "field_key_unusable"),
        ({"field_key": base64.b64encode(b"too short").decode()}, "field_key_unusable"),
        ({"field_key": "not base64!"}, "field_key_unusable"),
        ({"database_url": ""}, "database_url_missing"),
        ({"database_url": "sqlite:///file.db"}, "database_dialect"),
        ({"public_url": "http://bti.kommune.example"}, "public_url_plain"),
        ({"smtp_tls": "none"}, "smtp_plain"),
        ({"smtp_sender": "stafetten@localhost"}, "smtp_sender_missing"),
        ({"oidc_client_secret": ""}, "sign_in_missing"),
        ({"oidc_issuer": "http://login.kommune.example"}, "oidc_plain"),
        ({"prefect_api_url": "http://prefect.internal:4200/api"}, "prefect_auth_string_missing"),
    ],
)
def test_production_refuses(changed, code):
    assert codes(**changed) == {code}


def test_mail_without_encryption_is_allowed_to_this_machine_only():
    assert codes(smtp_tls="none", smtp_host="127.0.0.1") == set()
    assert codes(smtp_tls="none", smtp_host="localhost") == set()
    assert codes(smtp_tls="none", smtp_host="10.0.0.1") == {"smtp_plain"}


def test_the_demo_may_have_its_persona_picker():
    assert codes(environment="demo", persona_picker=True, public_url="http://127.0.0.1:8400") == set()


def test_each_problem_says_what_and_how_to_mend_it():
    for problem in problems(Settings(environment="production", persona_picker=True)):
        assert problem.what.endswith(".")
        assert len(problem.remedy) > 10


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    monkeypatch.setenv("STAFETTEN_SECRET_KEY_FILE", str(file))
    assert load().secret_key == "from the file"
    monkeypatch.setenv("STAFETTEN_SECRET_KEY", "from the environment")
    assert load().secret_key == "from the environment"


def test_a_file_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("STAFETTEN_FIELD_KEY_FILE", "/nowhere/key")
    with pytest.raises(BadSettings, match="/nowhere/key"):
        load()


def test_a_value_that_cannot_be_read_is_named_without_a_trace(monkeypatch):
    monkeypatch.setenv("STAFETTEN_PORT", "many")
    monkeypatch.setenv("STAFETTEN_SMTP_TLS", "perhaps")
    with pytest.raises(BadSettings) as refused:
        load()
    assert {problem.what.split()[0] for problem in refused.value.problems} == {
        "STAFETTEN_PORT",
        "STAFETTEN_SMTP_TLS",
    }


def test_secrets_do_not_show_when_settings_are_printed():
    shown = repr(Settings(**GOOD))
    for name in ("database_url", "secret_key", "field_key", "oidc_client_secret"):
        assert GOOD[name] not in shown


def test_settings_survive_the_way_to_another_process(monkeypatch):
    given = Settings(**GOOD, demo_mailbox="/some/where", threads=3)
    for name, value in given.variables().items():
        monkeypatch.setenv(name, value)
    assert load() == given


def test_the_document_lists_every_setting():
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == document(), "run `make charts`"
    for field in Settings.model_fields.values():
        assert field.description
