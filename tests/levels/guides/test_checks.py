"""Every fault of a guide is named with its line and what mends it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levels import guides
from levels.guides.faults import floor
from tests.levels.guides.drafts import SOUND, line_of, long_guide, spoiled

MEET = "{id: meet, name: Meet, decision: true}"
REPORTED = "requires: [concern_report_sent]"
# What is written, what is written instead, the fault it makes, and words on the line it is reported on.
FAULTS = [
    ("key: small", "key: small\ncolour: red", "unknown_key", "colour: red"),
    ("name: A small guide\n", "", "missing_key", "key: small"),
    ("name: A small guide", "name: ''", "text_missing", "name: ''"),
    ("name: A small guide", "name:", "text_missing", "name:"),
    ("name: A small guide", "name: " + "long " * 500, "text_too_long", "name: long"),
    ("name: A small guide", "name: [a, b]", "not_a_text", "name: [a, b]"),
    ("key: small", "key: small and odd", "spelling", "key: small and odd"),
    ("link: https://example.org/form", "link: javascript:alert(1)", "not_a_link", "link: java"),
    ('municipality_number: "9999"', "municipality_number: Oslo", "not_a_municipality_number", "Oslo"),
    ("sector: school", "sector: prison", "not_one_of", "sector: prison"),
    ("requires: [goals_set]", "requires: [goal_sets]", "not_one_of", "goal_sets"),
    ("gate: block", "gate: wall", "not_one_of", "gate: wall"),
    ("youth_consent_age: 15", "youth_consent_age: fifteen", "not_a_number", "fifteen"),
    ("youth_consent_age: 15", "youth_consent_age: 11", "number_too_low", "youth_consent_age"),
    ("youth_consent_age: 15", "youth_consent_age: 19", "number_too_high", "youth_consent_age"),
    ("rung: 2", "rung: 4", "number_too_high", "rung: 4"),
    ("any_age: true", "any_age: perhaps", "not_yes_or_no", "any_age: perhaps"),
    ("valid_from: 2026-01-01", "valid_from: soon", "not_a_date", "valid_from: soon"),
    ("valid_from: 2026-01-01", "valid_from: 2026-02-30", "not_a_date", "valid_from: 2026-02-30"),
    ("tools: [form]", "tools: form", "not_a_list", "tools: form"),
    ("target_group: {min_age: 0, max_age: 18}", "target_group: everybody", "not_a_group", "everybody"),
    ("steps:\n      - " + MEET, "steps: []", "list_empty", "steps: []"),
    ("steps:\n      - " + MEET, "steps:", "list_empty", "steps:"),
    ("baton:\n  acceptance: explicit\n", "baton:\n", "not_a_group", "baton:"),
    ("discuss_with: [child_welfare]", "discuss_with: [police, doctor]", "not_one_of", "doctor"),
    (
        "after_assessment\n  discuss_with: [child_welfare]",
        "forbidden_until_discussed\n  discuss_with: []",
        "list_empty",
        "[]",
    ),
    ("key: small", "key: small\nkey: tall", "key_twice", "key: tall"),
    ("      - id: look", "      - id: try", "id_twice", "- id: try"),
    ("{when: again,", "{when: done,", "id_twice", "Go on"),
    ("- id: first-meeting", "- id: decide", "id_twice", "- id: decide"),
    ('- id: "2"', "- id: close", "reserved_id", "- id: close"),
    ("rung: 0", "rung: 1", "first_level_not_zero", "rung: 1"),
    ('log_starts_at: "1"', 'log_starts_at: "7"', "unknown_level", 'log_starts_at: "7"'),
    ('text: Others too, to: "2"', 'text: Others too, to: "9"', "unknown_level", "Others too"),
    ('levels: ["0"]', 'levels: ["8"]', "unknown_level", 'levels: ["8"]'),
    ("to_step: try", "to_step: fly", "unknown_step", "to_step: fly"),
    ("from_step: choose", "from_step: chase", "unknown_step", "from_step: chase"),
    ("from_step: choose", "from_step: notice", "outcome_without_decision", "from_step: notice"),
    ("includes_arenas: [team]", "includes_arenas: [theme]", "unknown_arena", "includes_arenas"),
    ("tools: [form]", "tools: [norm]", "unknown_tool", "tools: [norm]"),
    ("case_types: [absence]", "case_types: [presence]", "unknown_case_type", "case_types: [presence]"),
    ("remind_before: 3", "remind_before: 3\n    statute: no_such", "unknown_statute", "no_such"),
    (
        "        name: Choose\n        decision: true\n",
        "        name: Choose\n",
        "no_decision_step",
        "steps:",
    ),
    (MEET, MEET + "\n      - {id: wave, name: Wave}", "unreachable_step", "id: wave"),
    ('text: Others too, to: "2"', "text: Others too, to: close", "no_way_between", "between:"),
    ("min_age: 0", "min_age: 19", "ages_crossed", "target_group"),
    ("least: 0, preferred", "least: 3, preferred", "services_crossed", "services:"),
    ("length: {days: 14}", "length: {days: 14, weeks: 2}", "one_length_only", "days: 14"),
    ("length: {days: 14}", "length: {}", "one_length_only", "length: {}"),
    ("length: {weeks: 2}", "length: {weeks: 2}\n    counted: working", "working_needs_days", "weeks: 2"),
    ("remind_before: 3", "remind_before: 15", "reminder_before_start", "remind_before: 15"),
    (
        "remind_before: 3",
        "chase: [{after: 5, to: leader}, {after: 2, to: coordinator}]",
        "ladder_goes_down",
        "chase:",
    ),
    ("remind_before: 3", "chase: [{after: 1, to: service_leader}]", "nobody_asked", "service_leader"),
    ("starts: concern_arose", "starts: the_moon_rose", "clock_starts_nowhere", "the_moon_rose"),
    ("starts: concern_arose", "starts: step_done:sleep", "clock_starts_nowhere", "step_done:sleep"),
    ('levels: ["0"]', 'levels: ["1"]', "clock_starts_nowhere", "starts: concern_arose"),
    ("due: decision", "due: step:sleep", "clock_ends_nowhere", "step:sleep"),
    ("due: decision", "due: reply", "clock_ends_nowhere", "due: reply"),
    ("due: decision", "due: dawn", "clock_ends_nowhere", "due: dawn"),
    ("name: Together", "name: Together\n    consent_to_share: false", "consent_to_share_required", "false"),
    (REPORTED, "requires: [concern_report_sent, goals_set]", "concern_report_gated", "goals"),
    ("from_every_step: true", "requires: [leader_agrees]", "concern_report_gated", "leader_agrees"),
    ("from_every_step: true", "from_every_step: false", "report_exit_closed", "from_every_step"),
    ("gate: block", "report_exit: false", "report_exit_closed", "report_exit: false"),
    ("any_age: true", "any_age: false", "child_heard_from_an_age", "any_age: false"),
    ("any_age: true", "min_age: 7", "child_heard_from_an_age", "min_age: 7"),
    ("youth_consent_age: 15", "youth_consent_age: 18", "consent_age_too_high", "youth_consent_age"),
    ("remind_before: 3", "statute: review_of_report", "statutory_term_longer", "days: 14"),
    ("baton:\n", "consent_anew: {until_answered: ends}\nbaton:\n", "nothing_asked_anew", "until_answered"),
    ("acceptance: explicit", "acceptance: automatic", "baton_moves_by_itself", "automatic"),
    ("who_may_write: [holder, member]", "who_may_write: [member]", "holder_cannot_write", "who_may_write"),
    ("key: small", "key: &a small", "anchors_not_allowed", "key: &a"),
    ("key: small", "key: *a", "anchors_not_allowed", "key: *a"),
    ("key: small", "key: !!python/object/apply:os.system [ls]", "tags_not_allowed", "os.system"),
    ("name: A small guide", "name: A: guide", "not_yaml", "name: A: guide"),
    ("name: Together", "name: Together\x07", "wrong_character", "Together"),
    ("baton:\n", "? [a, b]\n: c\nbaton:\n", "key_not_text", "? [a, b]"),
    ("baton:\n", "deep: " + "[" * 20 + "]" * 20 + "\nbaton:\n", "too_deep", "deep:"),
    ("baton:\n", "---\nbaton:\n", "more_than_one_document", "---"),
]


@pytest.mark.parametrize(("before", "after", "code", "words"), FAULTS)
def test_a_fault_is_named_with_its_line_and_what_mends_it(before, after, code, words):
    text = spoiled(before, after)

    found = guides.check_text(text)

    lines = {one.line: one for one in found if one.code == code}
    fault = next((one for line, one in lines.items() if words in text.splitlines()[line - 1]), None)
    assert fault is not None, found
    said = guides.sentence(fault)
    assert said.startswith(f"line {fault.line}")
    assert "…" not in said and "{" not in said
    assert guides.remedy(fault) in said


def test_a_sound_guide_has_no_faults_and_can_be_read():
    assert guides.check_text(SOUND) == ()
    assert guides.read(SOUND).name == "A small guide"


def test_every_fault_the_product_knows_is_provoked_by_a_test():
    elsewhere = {"too_large", "wrong_encoding", "not_a_mapping", "no_way_out", "never_closes"}
    elsewhere |= {"unreachable_level", "list_too_long", "wrong_value"}

    assert set(guides.SENTENCES) == {code for _, _, code, _ in FAULTS} | elsewhere


def test_a_guide_with_faults_cannot_be_read_and_says_which():
    with pytest.raises(guides.FaultyGuide) as refusal:
        guides.read(spoiled("to_step: try", "to_step: fly"))

    assert [fault.code for fault in refusal.value.faults] == ["unknown_step"]
    assert "unknown_step" in str(refusal.value)


def test_the_nearest_key_is_suggested_for_a_misspelt_one():
    [fault] = guides.check_text(spoiled("gate: block", "gaet: block"))

    assert (fault.code, fault.value("nearest")) == ("unknown_key", "gate")
    assert "Did you mean: gate?" in guides.sentence(fault)


def test_all_faults_are_told_at_once_in_the_order_of_the_lines():
    text = spoiled("sector: school", "sector: zoo").replace("rung: 2", "rung: two")

    found = guides.check_text(text)

    assert [(one.line, one.code) for one in found] == [
        (line_of(text, "zoo"), "not_one_of"),
        (line_of(text, "rung: two"), "not_a_number"),
    ]


def test_a_level_without_a_way_out_is_a_fault_even_when_it_goes_round():
    text = SOUND.replace("when: done, text: Well enough, to: close", 'when: done, text: Round again, to: "2"')

    codes = {(one.code, one.value("level")) for one in guides.check_text(text)}

    assert ("no_way_out", "2") in codes
    assert ("never_closes", "1") in codes


def test_a_level_nobody_comes_to_is_a_fault():
    text = SOUND.replace('text: Others too, to: "2"', 'text: Others too, to: "1"')
    text = text.replace('text: Concern about care, to: "2"', 'text: Concern about care, to: "1"')

    found = {(one.code, one.line) for one in guides.check_text(text)}

    assert ("unreachable_level", line_of(text, '- id: "2"')) in found


def test_a_step_after_the_decision_is_reached_when_an_outcome_leads_to_it():
    text = spoiled(MEET, MEET + "\n      - {id: go, name: Go}")
    text = text.replace('text: Others too, to: "2"', 'text: Others too, to: "2", to_step: go')

    assert guides.check_text(text) == ()


def test_ids_that_look_like_numbers_dates_or_no_are_words():
    text = SOUND.replace('"0"', "0").replace('"1"', "no").replace('"2"', "2026-01-01")

    guide = guides.read(text)

    assert [plan.id for plan in guide.levels] == ["0", "no", "2026-01-01"]
    assert guide.version == "no"


def test_more_clocks_than_anybody_could_keep_are_refused():
    many = "".join(
        f"  - {{id: c{n}, name: C, starts: level_entered, due: decision, length: {{days: 1}}}}\n"
        for n in range(201)
    )

    assert "list_too_long" in {
        one.code for one in guides.check_text(spoiled("clocks:\n", "clocks:\n" + many))
    }


def test_a_file_that_is_too_large_is_refused_unread():
    [fault] = guides.check_text(SOUND + "#" * 1_000_001)

    assert (fault.line, fault.code) == (1, "too_large")


def test_norwegian_letters_count_as_the_bytes_they_are():
    [fault] = guides.check_text("#" + "å" * 500_001)

    assert fault.code == "too_large"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp865"])
def test_a_file_in_another_encoding_is_refused(encoding):
    raw = SOUND.replace("name: Together", "name: Sammen på øya").encode(encoding)

    [fault] = guides.check_text(raw)

    assert fault.code in ("wrong_encoding", "wrong_character")


def test_a_letter_from_another_encoding_is_found_on_its_line():
    raw = SOUND.replace("name: Together", "name: Sammen på øya").encode("latin-1")

    assert guides.check_text(raw)[0].line == line_of(SOUND, "name: Together")


def test_a_lone_surrogate_is_refused_as_an_encoding_fault():
    assert [one.code for one in guides.check_text("key: \ud800")] == ["wrong_encoding"]


def test_a_byte_order_mark_does_no_harm():
    assert guides.check_text(SOUND.encode("utf-8-sig")) == ()


def test_lines_that_end_as_on_windows_are_counted_right():
    text = spoiled("sector: school", "sector: zoo").replace("\n", "\r\n")

    assert guides.check_text(text)[0].line == 3


@pytest.mark.parametrize("text", ["", "# nothing", "- a\n- b", "word", "null", "[]"])
def test_a_file_that_is_not_a_guide_at_all_is_told_so(text):
    assert [one.code for one in guides.check_text(text)] == ["not_a_mapping"]


BOMBS = {
    "billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "brackets": "[" * 900_000,
    "braces": "{a: " * 200_000,
    "dashes": "- " * 400_000,
    "questions": "? " * 400_000,
    "one long key": "k" * 900_000 + ": 1",
    "same key": "a: 1\n" * 150_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(70_000)),
    "many bad items": "levels:\n" + "- x\n" * 200_000,
    "many bad steps": "levels:\n- steps:\n" + "  - {id: '?'}\n" * 60_000,
    "merge": "a: &x {b: 1}\nc: {<<: *x}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_hostile_yaml_is_refused_quickly_and_with_few_words(text):
    began = time.process_time()

    found = guides.check_text(text)

    assert 1 <= len(found) <= 200
    assert sum(len(guides.sentence(fault)) for fault in found) < 100_000
    assert time.process_time() - began < 8


def test_a_guide_of_ten_thousand_lines_is_checked_quickly():
    text = long_guide(levels=10, steps=260)
    assert len(text.splitlines()) > 10_000
    began = time.process_time()

    assert guides.check_text(text) == ()

    assert time.process_time() - began < 4


def test_many_statutory_clocks_are_weighed_quickly():
    row = "  - {{id: c{0}, name: C, starts: level_entered, due: decision, {1}, length: {{days: {0}}}}}\n"
    rows = "".join(row.format(n, "counted: working, statute: investigation") for n in range(1, 190))
    text = spoiled("clocks:\n", "clocks:\n" + rows)
    began = time.process_time()

    guides.check_text(text)

    assert time.process_time() - began < 10


def test_the_same_text_is_parsed_once():
    assert guides.read(SOUND) is guides.read("".join([SOUND[:10], SOUND[10:]]))


def test_a_floor_says_where_it_comes_from_and_how_sure_we_are():
    [fault] = guides.check_text(spoiled("any_age: true", "any_age: false"))

    below = floor(fault)

    assert below is not None and below.status == "to_be_verified"
    assert "to be verified" in guides.sentence(fault)


def test_every_floor_has_a_fault_a_source_and_a_status():
    for code, one in guides.FLOORS.items():
        assert code in guides.SENTENCES
        assert one.source and one.status in ("verified", "to_be_verified")


def test_a_guide_may_ask_for_more_than_the_law():
    text = spoiled("remind_before: 3", "statute: review_of_report").replace("days: 14", "days: 5")
    text = text.replace("youth_consent_age: 15", "youth_consent_age: 12")
    text = text.replace("name: Own service", "name: Own service\n    consent_to_share: true")

    assert guides.check_text(text) == ()


@pytest.mark.parametrize(
    ("length", "counted", "longer"),
    [
        ("days: 7", "calendar", False),
        ("days: 8", "calendar", True),
        ("weeks: 1", "calendar", False),
        ("days: 3", "working", True),
        ("days: 1", "working", False),
        ("months: 1", "calendar", True),
    ],
)
def test_a_statutory_week_is_never_lengthened_not_even_over_easter(length, counted, longer):
    text = spoiled("remind_before: 3", "statute: review_of_report").replace(
        "length: {days: 14}", f"length: {{{length}}}\n    counted: {counted}"
    )

    codes = {one.code for one in guides.check_text(text)}

    assert ("statutory_term_longer" in codes) is longer


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_check_fail(text):
    guides.check_text(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_check_fail(raw):
    guides.check_text(raw)


@settings(max_examples=200, deadline=None)
@given(
    place=st.integers(0, len(SOUND) - 1),
    length=st.integers(0, 40),
    put=st.sampled_from(
        ["", "-", ":", "\n", "  ", "[", "{", "}", "'", "0", "close", "\t", "null", "true", "é"]
    ),
)
def test_no_damage_to_a_guide_makes_the_check_fail_and_what_is_sound_can_be_read(place, length, put):
    text = SOUND[:place] + put + SOUND[place + length :]

    if not guides.check_text(text):
        guides.read(text)


def test_a_fault_and_what_mends_it_go_by_the_same_code_in_the_catalogues():
    [fault] = guides.check_text("")

    assert fault.remedy == fault.code == "not_a_mapping"
    assert guides.SENTENCES["not_a_mapping"] == (guides.wrong(fault), guides.remedy(fault))


def test_a_sentence_never_fails_for_want_of_a_value():
    assert "…" in guides.sentence(guides.Fault(1, "", "id_twice"))


def test_a_list_with_one_unsound_item_is_not_called_empty():
    text = spoiled(MEET, "{id: meet, nome: Meet, decision: true}")

    assert {one.code for one in guides.check_text(text)} == {"missing_key", "unknown_key"}
