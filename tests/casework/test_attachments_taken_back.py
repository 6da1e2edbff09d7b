"""A family takes back a document it has sent: its own alone, at once, and never out of the archive."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from casework import attachments, cases, families, logs, notices
from casework.attachments import PutAttachment, TakeAway
from casework.refusals import AlreadyDone, NotFound, Refused, Stale
from tests import papers, pdfs
from tests.casework.test_archives import close, fetched, files, packed
from tests.casework.test_families import Family


@pytest.fixture
def family(town):
    return Family(town, town.casework)


def sent(family, who, case_id, title="Epikrise", **said):
    """Something said with a document along; answers the document."""
    attached = families.Attach(title, papers.JPEG)
    family.do(who, families.say, case_id, families.Say("question", "Se her.", attached=attached, **said))
    return next(one.id for one in page(family, who, case_id).attachments if one.title == title)


def page(family, who, case_id):
    return family.do(who, families.case, case_id)


def told(family, who, case_id, code="attachment_taken_back"):
    return [one.facts["title"] for one in page(family, who, case_id).entries if one.code == code]


def test_what_a_parent_sent_is_gone_at_once_and_only_those_who_could_see_it_read_that_it_was_there(
    town, family, as_owner
):
    case_id = town.case()
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    own = sent(family, mother, case_id)
    with town.begin("teacher") as tx:
        put = attachments.put(tx, case_id, PutAttachment("Rapport", papers.PDF))
        before = cases.details(tx, case_id).head.version
    stranger = family.joined(town.case(child_id=town.child(first="Nora")), "mother")
    for who, one in ((father, own), (stranger, own), (mother, put)):
        for act in (families.to_take_back, families.take_back):
            with pytest.raises(NotFound):
                family.do(who, act, one)
    with pytest.raises(Stale):
        family.do(mother, families.take_back, own, version=9)
    assert family.do(mother, families.take_back, own, version=1, key="once") == case_id
    with pytest.raises(AlreadyDone):
        family.do(mother, families.take_back, own, version=1, key="once")
    assert as_owner("SELECT content, taken_away_by_id FROM attachments WHERE id = :id", id=own) == [
        (None, None)
    ]
    gone = next(one for one in page(family, mother, case_id).attachments if one.id == own)
    assert (gone.title, gone.gone, gone.opens) == ("Epikrise", True, False), "title and line stay"
    copy = family.do(mother, families.copy, case_id)
    printed = families.printed(copy, name="Lena Myrvold", language="nb", at=town.casework.clock.now())
    kept = " ".join(pdfs.text(printed).split())
    assert "Rapport : PDF" in kept and "Epikrise : Bilde" in kept and kept.count("Tatt bort") == 1, (
        "so does the copy"
    )
    for act in (families.fetch_attachment, families.take_back):
        with pytest.raises(NotFound):
            family.do(mother, act, own)
    assert (told(family, mother, case_id), told(family, father, case_id)) == (["Epikrise"], [])
    assert page(family, father, case_id).hidden == {}, "not even counted: it is none of his"
    with town.begin("teacher") as tx:
        entry, listed = logs.entries(tx, case_id)[0], attachments.shown(tx, case_id)
        assert "family_took_back" in {one.kind for one in notices.mine(tx)}
        assert cases.details(tx, case_id).head.version == before + 1
        with pytest.raises(NotFound):
            attachments.fetch(tx, own)
    assert (entry.code, entry.facts["by"], entry.author_id) == ("attachment_taken_back", "Lena Myrvold", None)
    one = next(one for one in listed if one.id == own)
    assert (one.taken_away_by, one.taken_away_why) == ("Lena Myrvold", "")
    acts = as_owner("SELECT role, act FROM audit WHERE file_id = :c AND act LIKE '%take_back%'", c=case_id)
    assert acts == [("family", "family_take_back_attachment")]


def test_a_youths_document_is_the_youths_to_take_back_and_the_parents_read_of_it_where_they_could_see_it(
    town, family
):
    born = date(2013, 3, 14)
    case_id = town.case(child_id=town.child(born=born))
    mother, child = family.joined(case_id, "mother", born), family.joined(case_id, born=born)
    shared = sent(family, child, case_id, "Tegning")
    secret = sent(family, child, case_id, "Dagbok", for_guardians=False)
    assert [one.title for one in page(family, mother, case_id).attachments] == ["Tegning"]
    with pytest.raises(NotFound):
        family.do(mother, families.take_back, shared)
    for one in (shared, secret):
        family.do(child, families.take_back, one)
    assert told(family, mother, case_id) == ["Tegning"]
    assert sorted(told(family, child, case_id)) == ["Dagbok", "Tegning"]
    with town.begin("teacher") as tx:
        assert {one.taken_away_by for one in attachments.shown(tx, case_id)} == {""}, "the child, by no name"


def test_what_the_house_takes_away_of_a_parents_is_told_to_that_parent_alone(town, family):
    case_id = town.case()
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    own = sent(family, mother, case_id)
    with town.begin("teacher") as tx:
        attachments.take_away(tx, own, TakeAway("Gjelder et annet barn"))
    assert told(family, mother, case_id, "attachment_taken_away") == ["Epikrise"]
    assert told(family, father, case_id, "attachment_taken_away") == []


def test_what_has_gone_to_the_archive_stays_there_and_the_archive_says_what_was_taken_back(
    town, family, as_owner, clock
):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    kept, back = sent(family, mother, case_id), sent(family, mother, case_id, "Feil brev")
    family.do(mother, families.take_back, back)
    close(town, case_id)
    assert family.do(mother, families.to_take_back, kept).archived
    with pytest.raises(Refused, match="attachment_archived"):
        family.do(mother, families.take_back, kept)
    found = files(fetched(town, packed(town, case_id, as_owner)).content)
    said = " ".join(pdfs.text(found["stafettlogg.pdf"]).split())
    assert "Feil brev" in said and "av Lena Myrvold" in said
    assert [found[name] for name in found if name.startswith("vedlegg-")] == [papers.JPEG]
    with town.begin("principal") as tx:
        cases.reopen(tx, case_id, to="1", reason="Nytt")
    with pytest.raises(Refused, match="attachment_archived"):
        family.do(mother, families.take_back, kept)
    with town.casework.begin(mother) as tx, pytest.raises(DBAPIError):
        tx.ask("UPDATE attachments SET title = 'x' WHERE id = :id", {"id": kept})
    with town.casework.begin(mother) as tx:
        sql = "UPDATE attachments SET content = NULL, taken_away_at = now() WHERE id = :id RETURNING id"
        assert tx.ask(sql, {"id": kept}) == [], "the database itself says no"
        tx.without_trail()
    clock.at += timedelta(days=1)
    later = sent(family, mother, case_id, "Nytt brev")
    assert family.do(mother, families.take_back, later) == case_id
    last = sent(family, mother, case_id, "Enda et brev")
    as_owner("UPDATE guardians SET kept_out = true WHERE member_id = :id", id=mother.id)
    with pytest.raises(NotFound):
        family.do(mother, families.take_back, last)
