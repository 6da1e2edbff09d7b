"""Words: every text in three languages, dates and numbers as people write them, no code word ever shown."""

from datetime import UTC, date, datetime

import pytest

from server import texts
from web import texts as words

MORNING = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


@pytest.fixture(params=["nb", "nn", "en"])
def reader(request, site):
    with site.test_request_context("/", headers={"Accept-Language": request.param}):
        yield request.param


@pytest.fixture
def norwegian(site):
    with site.test_request_context("/", headers={"Accept-Language": "nb"}):
        yield


def test_every_text_is_there_in_three_languages():
    assert texts.check() == []


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (lambda: words.day(date(2026, 11, 24)), "24. november 2026"),
        (lambda: words.day(date(2026, 11, 24), short=True), "24. nov."),
        (lambda: words.day(date(2026, 11, 24), weekday=True), "tirsdag 24. november 2026"),
        (lambda: words.clock(MORNING), "kl. 10.42"),
        (lambda: words.lately(MORNING), "i dag kl. 10.42"),
        (lambda: words.lately(date(2026, 11, 23)), "i går"),
        (lambda: words.lately(date(2026, 11, 16)), "16. nov."),
        (lambda: words.lately(date(2025, 11, 16)), "16. november 2025"),
        (lambda: words.days_left(0), "I dag"),
        (lambda: words.days_left(1), "I morgen"),
        (lambda: words.days_left(2), "Torsdag"),
        (lambda: words.days_left(12), "12 dager igjen"),
        (lambda: words.days_left(-1), "1 dag over"),
        (lambda: words.figure(1234.5), "1 234,5"),
    ],
)
def test_dates_times_and_numbers_are_written_the_norwegian_way(norwegian, shown, expected):
    assert shown().replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    "text",
    ["24. november", "kl. 10.42", "nivå 2", "8 %", "24. nov.", "00 00 00 00", "Level 2", "24 November"],
)
def test_a_date_a_time_a_level_and_a_telephone_number_never_break_across_lines(text):
    assert " " not in words.tight(text)


def test_ordinary_words_do_break(norwegian):
    assert words.tight("Møtet er i morgen tidlig") == "Møtet er i morgen tidlig"


def test_midnight_in_norway_is_not_midnight_in_london(norwegian):
    assert words.day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), short=True).startswith("24.")


def test_a_code_has_words_in_the_readers_language(reader):
    shown = words.word("unmet", "holder_named")

    assert {"nb": "Velg hvem", "nn": "Vel kven", "en": "Choose who"}[reader] in shown


def test_a_code_that_means_different_things_has_words_for_each(norwegian):
    assert words.word("state", "expired", of="consents") == "Gått ut"
    assert words.word("state", "expired", of="coordinations") == "Svarte ikke i tide"


def test_a_code_without_words_is_marked_for_us_and_plain_for_people(site, make_site):
    with site.test_request_context("/"):
        assert words.word("state", "not_a_code") == "⟦state:not_a_code⟧"
    with make_site(environment="production").test_request_context("/"):
        assert words.word("state", "not_a_code") == "not a code"


@pytest.fixture
def catalogues(tmp_path):
    for language in texts.LANGUAGES:
        texts.folder(language, tmp_path).mkdir(parents=True)
    templates = tmp_path / "web" / "templates" / "cases"
    templates.mkdir(parents=True)
    (templates / "show.html").write_text("{{ _('Hello %(name)s', name=x) }} {{ word('state', 'open') }}")
    return tmp_path


def _write(root, language: str, text: str) -> None:
    (texts.folder(language, root) / "cases.po").write_text(text)


HELLO = 'msgid "Hello %(name)s"\nmsgstr "{}"\n\nmsgctxt "state"\nmsgid "open"\nmsgstr "{}"\n'


def _faults(root, monkeypatch) -> str:
    monkeypatch.setattr(texts, "demanded_codes", lambda _root: set())
    return "\n".join(texts.check(root))


def test_what_is_missing_is_named_with_its_language_and_feature(catalogues, monkeypatch):
    faults = _faults(catalogues, monkeypatch)

    assert "nb: missing 'Hello %(name)s' (used by cases)" in faults
    assert "en: missing state:'open'" in faults
    assert "en: missing 'Hello" not in faults, "English sentences are their own translation"


def test_a_complete_catalogue_has_no_faults(catalogues, monkeypatch):
    _write(catalogues, "nb", HELLO.format("Hei %(name)s", "Åpen"))
    _write(catalogues, "nn", HELLO.format("Hei %(name)s", "Open"))
    _write(catalogues, "en", 'msgctxt "state"\nmsgid "open"\nmsgstr "Open"\n')

    assert _faults(catalogues, monkeypatch) == ""


@pytest.mark.parametrize(
    ("norwegian", "fault"),
    [
        (HELLO.format("Hei %(navn)s", "Åpen"), "differ from the source"),
        (HELLO.format("", "Åpen"), "not translated"),
        ("#, fuzzy\n" + HELLO.format("Hei %(name)s", "Åpen"), "fuzzy"),
        (HELLO.format("Hei %(name)s", "Åpen") + '\nmsgid "Gone"\nmsgstr "Borte"\n', "nb: unused 'Gone'"),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(catalogues, monkeypatch, norwegian, fault):
    _write(catalogues, "nb", norwegian)

    assert fault in _faults(catalogues, monkeypatch)


def test_what_a_feature_lacks_is_added_to_its_own_fragment_only(catalogues):
    assert texts.extract(root=catalogues) == {"nb": 2, "nn": 2, "en": 1}
    assert texts.extract(root=catalogues) == {"nb": 0, "nn": 0, "en": 0}
    assert [path.name for path in texts.folder("nb", catalogues).iterdir()] == ["cases.po"]


def test_fragments_become_one_catalogue(catalogues):
    _write(catalogues, "nb", HELLO.format("Hei %(name)s", "Åpen"))
    texts.compile_catalogues(catalogues)

    from babel.support import Translations

    made = Translations.load(catalogues / "locale", ["nb"])
    assert made.pgettext("state", "open") == "Åpen"
