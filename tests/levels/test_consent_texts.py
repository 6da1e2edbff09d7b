"""The texts people read before they answer: everything that must be told is told, in every language, and stays."""

import hashlib

import pytest

from levels import consent_texts as texts
from levels.consent_texts import Kind

# A text that has been shown to somebody is never changed. A better one is a new file, with a new version.
RELEASED = {
    "ar.2026-1": "224646242ccd9cf9",
    "en.2026-1": "6d308a4b784ab12e",
    "nb.2026-1": "7abe9d97662bc33b",
    "nn.2026-1": "c6e0705269132d5b",
    "pl.2026-1": "7a32c023724b4540",
    "se.2026-1": "2053c38f1757053e",
    "so.2026-1": "9960677edc1195b1",
    "ti.2026-1": "4d5e5b7efbadf83c",
    "uk.2026-1": "5a3c9007ff367793",
}


@pytest.mark.parametrize("path", sorted(texts.LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_text_that_comes_along_is_without_faults(path):
    assert [texts.sentence(fault) for fault in texts.check_text(path.read_bytes())] == []
    found = texts.read(path.read_text(encoding="utf-8"))
    assert path.stem == f"{found.language}.{found.version}"


def test_the_languages_families_here_speak_are_there_and_only_those_of_the_house_stand_alone():
    assert set(texts.languages()) >= {"nb", "nn", "en", "se", "uk", "ar", "pl", "so", "ti"}
    alone = {code for code in texts.languages() if texts.library(code).stands_alone}
    assert alone == {"nb", "nn", "en"}
    assert all(texts.library(code).draft_note for code in set(texts.languages()) - alone)
    assert texts.library("ar").direction == "rtl"


def test_a_text_that_has_been_released_is_word_for_word_what_it_was():
    now = {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in texts.LIBRARY.glob("*.yaml")
    }
    assert now == RELEASED


def changed(old, new):
    return (texts.LIBRARY / "nb.2026-1.yaml").read_text(encoding="utf-8").replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("    take_back: Du kan ta", "    take_it: Du kan ta", "missing", "kinds.service.take_back"),
        ("så spør {holder}.", "så spør oss.", "field_missing", "kinds.service.ask"),
        ("til {until}.", "lenge.", "field_missing", "kinds.service.how_long"),
        ("{unit} vil", "{navn} vil", "unknown_field", "kinds.service.purpose"),
        ("{unit} vil", "{unit vil", "unknown_field", "kinds.service.purpose"),
        ("stands_alone: true", "stands_alone: false", "draft_note_missing", "stands_alone"),
        ("language: nb", "language: [", "not_yaml", ""),
    ],
)
def test_a_text_that_tells_too_little_is_named_with_its_place(old, new, code, path):
    faults = texts.check_text(changed(old, new))
    assert (code, path) in {(fault.code, fault.path) for fault in faults}
    assert all(texts.sentence(fault) for fault in faults)
    with pytest.raises(texts.FaultyTexts):
        texts.read(changed(old, new))


def test_a_municipality_may_say_more_and_never_less():
    common = texts.library("nb").wording(Kind.SERVICE)
    own = common.model_dump()
    assert texts.weakened(Kind.SERVICE, own, common) == {}
    more = {**own, "take_back": f"{own['take_back']} Ring oss gjerne.", "purpose": "Vi vil hjelpe."}
    assert texts.weakened(Kind.SERVICE, more, common) == {}
    wrong = {**own, "take_back": "Du kan ta det tilbake til jul.", "who": "Bare PPT.", "what": " ",
             "ask": "Spør {noen}."}  # fmt: skip
    assert texts.weakened(Kind.SERVICE, wrong, common) == {
        "take_back": "right_taken_away", "what": "write_something", "ask": "field_unknown",
    }  # fmt: skip
    assert texts.weakened(Kind.SERVICE, {**own, "who": "Bare PPT."}, common) == {"who": "field_missing"}


def test_what_a_case_tells_is_put_in_as_it_stands_and_never_read_as_a_field():
    assert texts.filled("Spør {holder}.", {"holder": "{child}"}) == "Spør {child}."


def test_who_answers_for_oneself_reads_another_text_than_a_parent():
    assert texts.kind_of(about_log=False, asks_child=False, age=10) is Kind.SERVICE
    assert texts.kind_of(about_log=True, asks_child=False, age=10) is Kind.LOG
    assert texts.kind_of(about_log=True, asks_child=True, age=15) is Kind.YOUTH
    assert texts.kind_of(about_log=False, asks_child=True, age=18) is Kind.ADULT
