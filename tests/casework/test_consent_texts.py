"""What is read before an answer: kept word for word, in the language it was given in, and never weaker by a town's words."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from casework import consent_texts, consents, families
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Stale
from levels import consent_texts as rules
from records.consent_texts import ConsentReading


@pytest.fixture
def mother(town, casework):
    """The mother of a case, come in by the family's own door."""

    def come(case_id):
        with town.begin("teacher") as tx:
            child = tx.ask("SELECT k.id, k.born_on FROM children k JOIN cases c ON c.child_id = k.id"
                           " WHERE c.id = :case", {"case": case_id})[0]  # fmt: skip
            [hers] = tx.ask("SELECT id FROM guardians WHERE child_id = :child AND relation = 'mother'",
                            {"child": child.id})  # fmt: skip
            code = families.hand_out(tx, case_id, hers.id)
        with casework.begin(Actor.stranger()) as tx:
            return Actor.of_family(families.by_code(tx, code.code, child.born_on))

    return come


def asked(town, case_id, service="ppt"):
    with town.begin("teacher") as tx:
        consents.ask(tx, case_id, (consents.Question(town.services[service], "Råd om lesing", "Leseprøver"),))
        found = [one for one in consents.of_case(tx, case_id) if one.service_id == town.services[service]]
    return next(one.id for one in found if one.relation == "mother")


def test_an_answer_on_the_portal_keeps_the_version_the_language_and_every_word_that_was_on_the_page(
    town, casework, mother
):
    case_id = town.case()
    consent_id, her = asked(town, case_id), mother(case_id)
    with casework.begin(her) as tx:
        text = families.texts(tx, case_id, "uk")[consent_id]
    assert text.beside.language == "nb" and text.draft_note, "a draft never stands alone"
    assert "Fjordvik ppt" in text.plain and "Råd om lesing" in text.plain and "Leseprøver" in text.plain
    assert "25. mai 2027" in text.beside.plain and "Teacher Test" in text.plain
    given = families.Given(consent_id, "yes", language="uk", shown=text.digest)
    with casework.begin(her) as tx:
        families.answer(tx, case_id, (given,))
    with town.begin("teacher") as tx:
        [hers] = [one for one in consents.of_case(tx, case_id) if one.id == consent_id]
        [read] = consents.with_text(tx, consent_id).readings
    assert (hers.language, hers.text_version, hers.was_read) == ("uk", "2026-1", True)
    assert read.shown.plain == text.plain and read.unbroken and read.channel == "portal"


def test_an_answer_to_words_that_have_changed_meanwhile_is_stale(town, casework, mother):
    case_id = town.case()
    consent_id, her = asked(town, case_id), mother(case_id)
    with casework.begin(her) as tx:
        text = families.texts(tx, case_id, "nb")[consent_id]
    write_own(town, "service", purpose="{unit} og {service} vil hjelpe.")
    with pytest.raises(Stale), casework.begin(her) as tx:
        families.answer(tx, case_id, (families.Given(consent_id, "yes", language="nb", shown=text.digest),))


def write_own(town, kind, by="coordinator", language="nb", proofread_by="", **words):
    own = rules.library(language).wording(rules.Kind(kind)).model_dump()
    with town.begin(by) as tx:
        wanted = consent_texts.WriteText(kind, language, {**own, **words}, proofread_by)
        return consent_texts.write(tx, wanted)


def test_a_renewal_on_a_new_text_first_shows_what_it_says_that_was_not_said(town, casework, mother, clock):
    case_id = town.case()
    consent_id, her = asked(town, case_id), mother(case_id)
    with casework.begin(her) as tx:
        families.answer(tx, case_id, (families.Given(consent_id, "yes", language="nb"),))
    clock.at += timedelta(days=170)
    with casework.begin(her) as tx:
        assert families.renewal(tx, consent_id).changes == ()
    write_own(town, "service", what="De får lese loggen og planen.")
    with casework.begin(her) as tx:
        renewal = families.renewal(tx, consent_id)
    assert [(one.code, one.text) for one in renewal.changes] == [("what", "De får lese loggen og planen.")]
    with pytest.raises(Stale), casework.begin(her) as tx:
        families.renew(tx, consent_id)
    with casework.begin(her) as tx:
        families.renew(tx, consent_id, language="nb", shown=renewal.text.digest)
    with town.begin("teacher") as tx:
        [now] = [one for one in consents.of_case(tx, case_id) if one.id == consent_id]
        answers = [one.answer for one in consents.with_text(tx, consent_id).readings]
    assert (now.text_version, answers) == ("own-1", ["renewed", "given"])
    assert now.expires_on == clock.at.date() + consents.USUAL_TERM


def test_an_answer_by_word_of_mouth_in_another_language_names_who_interpreted_who_heard_it_and_the_day(
    town, clock
):
    consent_id = asked(town, town.case())
    told = consents.Answer("yes", "oral", language="ti", answered_on=date(2026, 11, 20), witness="Nils Vik")
    with pytest.raises(Invalid) as refused, town.begin("teacher") as tx:
        consents.record(tx, consent_id, told)
    assert refused.value.errors == {"interpreter": "say_who_interpreted"}
    with town.begin("teacher") as tx:
        consents.record(tx, consent_id, consents.Answer(**{**_fields(told), "interpreter": "Tolk 4711"}))
    with town.begin("teacher") as tx:
        [read] = consents.with_text(tx, consent_id).readings
    assert (read.language, read.interpreter, read.witness) == ("ti", "Tolk 4711", "Nils Vik")
    assert (read.received_by, read.answered_at.date()) == ("Teacher Test", date(2026, 11, 20))
    assert read.shown.beside.language == "nb"


def _fields(answer):
    return {name: getattr(answer, name) for name in answer.__slots__}


def test_a_language_without_a_text_is_interpreted_from_the_norwegian_one(town):
    consent_id = asked(town, town.case())
    with town.begin("teacher") as tx:
        consents.record(
            tx, consent_id, consents.Answer("yes", "oral", language="vi", interpreter="Tolk 4711")
        )
    with town.begin("teacher") as tx:
        [read] = consents.with_text(tx, consent_id).readings
    assert (read.language, read.shown.language, read.shown.beside) == ("vi", "nb", None)


def test_taking_a_consent_back_needs_no_text_and_leaves_what_was_read(town):
    consent_id = asked(town, town.case())
    for answer in ("yes", "withdrawn"):
        with town.begin("teacher") as tx:
            consents.record(tx, consent_id, consents.Answer(answer, "oral"))
    with town.begin("teacher") as tx:
        assert [one.answer for one in consents.with_text(tx, consent_id).readings] == ["given"]


def test_a_child_that_answers_itself_reads_a_text_of_its_own_and_somebody_of_age_another(town):
    youth = town.case(child_id=town.child(first="Ola", born=date(2011, 1, 1)), agreed=())
    grown = town.case(child_id=town.child(first="Siv", born=date(2008, 1, 1)), agreed=())
    kinds = []
    for case_id in (youth, grown):
        with town.begin("teacher") as tx:
            consents.ask(tx, case_id, (consents.Question(town.services["ppt"], "Råd"),))
            [row] = [
                one for one in consents.of_case(tx, case_id) if one.service_id and one.relation == "child"
            ]
            kinds.append(consents.with_text(tx, row.id).text.kind)
    assert kinds == ["youth", "adult"]


@pytest.mark.parametrize("name", ["teacher", "principal", "manager", "worker"])
def test_only_whoever_coordinates_or_administers_writes_the_towns_words(town, name):
    with pytest.raises(NotFound):
        write_own(town, "log", by=name)


def test_a_town_cannot_take_a_right_away_and_a_proofread_draft_stands_alone_from_then_on(town):
    with pytest.raises(Invalid) as refused:
        write_own(town, "service", take_back="Du kan ikke angre.")
    assert refused.value.errors == {"take_back": "right_taken_away"}
    write_own(town, "service", by="administrator", language="uk", proofread_by="Olena Kovalenko")
    with town.begin("teacher") as tx:
        text = consent_texts.one(tx, "service", "uk")
        [row] = [one for one in consent_texts.listed(tx) if (one.kind, one.language) == ("service", "uk")]
    assert (text.version, text.beside, row.stands_alone) == ("own-1", None, True)


def test_two_who_write_at_once_do_not_undo_each_other(town):
    own = rules.library("nb").wording(rules.Kind.LOG).model_dump()
    first = consent_texts.WriteText("log", "nb", own, after="2026-1")
    with town.begin("coordinator") as tx:
        consent_texts.write(tx, first)
    with pytest.raises(Stale), town.begin("administrator") as tx:
        consent_texts.write(tx, first)


def test_what_was_read_is_seen_by_nobody_outside_changed_by_nobody_and_read_by_no_job(
    town, casework, as_owner
):
    case_id = town.case()
    consent_id = asked(town, case_id)
    with town.begin("teacher") as tx:
        consents.record(tx, consent_id, consents.Answer("yes", "oral"))
    for name in ("colleague", "adviser", "coordinator"):
        with town.begin(name) as tx:
            assert tx.rows(ConsentReading.__table__.select()) == []
        with pytest.raises(NotFound), town.begin(name) as tx:
            consents.with_text(tx, consent_id)
    for sql in ("UPDATE consent_readings SET digest = ''", "DELETE FROM consent_readings"):
        with pytest.raises(DBAPIError), town.begin("teacher") as tx:
            tx.session.connection().exec_driver_sql(sql)
    with pytest.raises(DBAPIError), casework.begin(Actor.system()) as tx:
        tx.scalar("SELECT count(*) FROM consent_readings")
    as_owner("UPDATE consent_readings SET words = jsonb_set(words, '{title}', '\"Noe annet\"') WHERE consent_id = :id",
             id=consent_id)  # fmt: skip
    with town.begin("teacher") as tx:
        assert not consents.with_text(tx, consent_id).readings[0].unbroken, "tampering shows"


def test_nobody_else_in_the_family_reads_what_one_read(town, casework, mother):
    case_id = town.case()
    her = mother(case_id)
    with casework.begin(her) as tx:
        mine = {one.id for one in families.asked(tx, case_id)}
        read = families.read_before(tx, case_id)
        rows = tx.scalar("SELECT count(*) FROM consent_readings")
    assert set(read) <= mine and rows == len(read) == 1
    assert asdict(next(iter(read.values())))["kind"] == "log"


def test_the_text_on_the_page_that_opens_a_case_is_the_one_kept_with_the_yes(town, as_owner):
    child_id = town.child()
    signal = town.worry(child_id)
    with town.begin("teacher") as tx:
        to_parents, to_child = consent_texts.before_case(tx, signal, until=tx.today + consents.USUAL_TERM)
    case_id = town.case(child_id=child_id)
    kept = as_owner("SELECT DISTINCT digest FROM consent_readings WHERE case_id = :c", c=case_id)
    assert kept == [(to_parents.digest,)] and to_child.kind == "youth"
    with town.begin("colleague") as tx, pytest.raises(NotFound):
        consent_texts.before_case(tx, signal, until=tx.today)
