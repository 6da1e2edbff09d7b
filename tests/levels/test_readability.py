"""Families' texts are easy to read, and free of the language of offices; the figure itself is Björnsson's."""

import pytest

from levels import readability
from levels.consent_texts import languages
from levels.readability import measure, office_words
from server.commands import texts

HOUSE = ("nb", "nn", "en")


def test_lix_is_words_per_sentence_and_a_hundred_times_the_share_of_long_words():
    found = measure("Barnet leser en bok. Boka er vanskelig å forstå!")
    assert (found.words, found.sentences, found.long_words) == (9, 2, 1)
    assert found.lix == pytest.approx(4.5 + 100 / 9)
    assert measure("").lix == 0 == measure("– · …").lix


def test_a_line_is_a_sentence_a_blank_is_a_short_word_and_a_bureaucrat_is_found_out():
    assert measure("Hvem\nHvorfor").sentences == 2
    assert measure("Spør {holder} eller %(name)s.").long_words == 0
    heavy = "Kommunen forutsetter gjennomføring av tverrfaglig samhandling vedrørende oppfølgingstiltakene herunder"
    assert measure(heavy).lix > 60 and office_words(heavy, "nb") == ("vedrørende", "herunder")


def test_what_families_read_is_easy_and_free_of_the_words_of_offices():
    hard = [(name, language, found) for name, language, found in texts.rows()
            if found.lix > readability.MOST_LIX or found.mean > readability.MOST_WORDS_A_SENTENCE]  # fmt: skip
    assert hard == []
    strings = [("consent", language, text) for _name, language, text in texts.of_consent()]
    strings += [("portal", language, text) for language in HOUSE for text in texts.of_portal(language)]
    assert [one for one in strings if office_words(one[2], one[1])] == []
    assert [one for one in strings if measure(one[2]).mean > 20] == [], "a string of one endless sentence"


def test_the_table_on_the_command_line_says_so_too(capsys):
    assert texts.table() == 0
    shown = capsys.readouterr().out
    assert "consent, youth" in shown and "the family's pages" in shown and len(languages()) >= 9
