"""What in a text tells who somebody is, and by when a question is answered."""

from datetime import date

import pytest

from levels.consultations import Find, Limits, answer_by, fault, finds, limits_of, remind_on

FAMILY = (("Iben", "Solvang"), ("Anne-Marie", "Berg"), ("Liv", "Hagen"), ("Even", "Dahl"))


def kinds(text: str) -> list[str]:
    return [one.find.name for one in finds(text, FAMILY)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Han er født 140317 12345.", ["NATIONAL_NUMBER"]),
        ("Nummeret er 14031712345", ["NATIONAL_NUMBER"]),
        ("Ring meg på 912 34 567 i morgen", ["PHONE"]),
        ("Ring 22 33 44 55, +47 91234567 eller +46 70 123 45 67", ["PHONE", "PHONE", "PHONE"]),
        ("Skriv til mor@example.test.", ["EMAIL"]),
        ("Vi har sett det siden 2024, i 3 av 10 timer, 01.02.2026 og 14.03.2026.", []),
        ("Iben Solvang slår.", ["FULL_NAME"]),
        ("iben solvang slår", ["FULL_NAME"]),
        ("Iben Louise Solvang slår", ["FULL_NAME"]),
        ("Det er Ibens mor som sier det.", ["NAME"]),
        ("iben sier ingenting", ["NAME"]),
        ("Marie vil ikke på skolen", ["NAME"]),
        ("Familien Solvang har flyttet", ["NAME"]),
        ("Barnet vil leve sitt liv ute i hagen ved et berg", []),
        ("Liv vil ikke", ["NAME"]),
        ("En gutt på femte trinn slår når han blir redd.", []),
    ],
)  # fmt: skip
def test_numbers_addresses_and_names_one_may_look_up_are_found_and_ordinary_words_are_not(text, found):
    assert kinds(text) == found


def test_the_first_names_of_one_and_the_last_of_another_are_nobody_in_particular():
    assert kinds("Iben og en fra Berg") == ["NAME", "NAME"]


def test_a_name_that_may_be_a_word_is_let_through_when_read_again_and_nothing_else_is():
    maybe, surely = finds("Even tar han.", FAMILY), finds("Iben Solvang, 91234567", FAMILY)
    assert fault(maybe, read_again=False) == "may_name_somebody"
    assert fault(maybe, read_again=True) is None
    assert fault(surely, read_again=True) == Find.PHONE.value
    assert fault((), read_again=False) is None


def test_a_question_is_answered_within_five_working_days_and_reminded_of_the_day_before():
    friday = date(2026, 12, 18)
    assert (remind_on(friday, Limits()), answer_by(friday, Limits())) == (
        date(2026, 12, 24),
        date(2026, 12, 28),
    )


def test_a_municipality_chooses_its_limits_within_the_bounds():
    chosen = {"advice_answer_workdays": 2, "advice_kept_months": 99, "advice_longest": "mye"}
    assert limits_of(chosen) == Limits(answer_workdays=2)
