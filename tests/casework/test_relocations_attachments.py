"""A family moves with its documents: those it said yes to, as copies there, and nothing of what must stay."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from casework import attachments, audit, cases, consents, families, logs, readings, relocations, signals
from casework.access import Actor
from casework.attachments import PutAttachment, TakeAway, Verdict
from casework.refusals import Invalid, NotFound, NotPermitted, Refused
from casework.relocations import OfferCase, TakeCase
from levels.relocations import Part
from tests import papers, pdfs
from tests.casework.test_families import Family


@pytest.fixture
def away(town, casework, postgres):
    """The town the family moves to, in the same house."""
    return type(town).build(casework, postgres.owner_url)


@pytest.fixture
def family(town):
    return Family(town, town.casework)


def put(town, case_id, title, content=papers.PDF, **more):
    with town.begin("teacher") as tx:
        return attachments.put(tx, case_id, PutAttachment(title, content, **more))


def say(family, who, case_id, title, **more):
    sent = families.Attach(title, papers.JPEG)
    family.do(who, families.say, case_id, families.Say("question", "Se.", attached=sent, **more))
    return next(one.id for one in family.do(who, families.attached, case_id) if one.title == title)


def mark(town, one, *, infected):
    with town.casework.begin(Actor.system()) as tx:
        attachments.scanned(tx, one, Verdict(infected, "ClamAV"))


def movable(town, case_id):
    with town.begin("teacher") as tx:
        return {one.title for one in relocations.movable(tx, case_id)}


def offer(town, case_id, chosen, *, missing=0, **more):
    with town.begin("teacher") as tx:
        agreed = tuple(consents.consenters(tx, case_id))[missing:]
        where = {"receiver": "Fjellvik kommune"} if "unit_id" not in more else {}
        wanted = OfferCase(attachments=tuple(chosen), agreed=agreed, **where, **more)
        return relocations.offer(tx, case_id, wanted)


def take(away, made):
    with away.begin("principal") as tx:
        return relocations.take(tx, made, TakeCase(away.people["teacher"]))


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def many(town, family, case_id):
    """Documents that may go along, and one of each that may not."""
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    until = town.casework.clock.now().date() + timedelta(days=9)
    hiding = {"for_family": False, "hidden_reason": "Fare for barnet", "hidden_until": until}
    with town.begin("teacher") as tx:
        entry = logs.write(tx, case_id, logs.WriteEntry("Bekymret.", **hiding))
    found = {
        "Rapport": put(town, case_id, "Rapport"),
        "=HYPERLINK(../x)": put(town, case_id, "=HYPERLINK(../x)", papers.PNG),
        "Epikrise": say(family, mother, case_id, "Epikrise"),
        "Skjult": put(town, case_id, "Skjult", **hiding),
        "Ved skjult": put(town, case_id, "Ved skjult", entry_id=entry),
        "Virus": put(town, case_id, "Virus", papers.EICAR),
        "Feil": put(town, case_id, "Feil"),
        "Mitt": say(family, father, case_id, "Mitt"),
    }
    mark(town, found["Virus"], infected=True)
    mark(town, found["Rapport"], infected=False)
    with town.begin("teacher") as tx:
        attachments.take_away(tx, found["Feil"], TakeAway("Et annet barn"))
    return mother, father, found


def test_only_what_the_family_sees_and_has_said_yes_to_may_go_along(town, family, as_owner):
    case_id = town.case()
    _, _, found = many(town, family, case_id)
    may = {"Rapport", "=HYPERLINK(../x)", "Epikrise", "Mitt"}
    assert movable(town, case_id) == may
    as_owner(
        "UPDATE guardians SET responsible = false WHERE id = :id", id=family.guardians(case_id)["father"]
    )
    assert movable(town, case_id) == may - {"Mitt"}, "whoever is not asked has said no yes to it"
    for title in ("Skjult", "Ved skjult", "Virus", "Feil", "Mitt"):
        with pytest.raises(Invalid, match="may_not_go_along"):
            offer(town, case_id, [found["Rapport"], found[title]])
    other = put(town, town.case(child_id=town.child(first="Nora")), "Rapport")
    with pytest.raises(Invalid, match="may_not_go_along"):
        offer(town, case_id, [other])
    with pytest.raises(Refused, match="family_consents"):
        offer(town, case_id, [found["Rapport"]], missing=1)
    for who, refusal in (("principal", NotPermitted), ("colleague", NotFound)):
        with pytest.raises(refusal), town.begin(who) as tx:
            relocations.movable(tx, case_id)
    made = offer(town, case_id, [])
    with town.begin("teacher") as tx:
        assert relocations.with_contents(tx, made)[1] == {}, "nothing goes that nobody chose"


def test_a_youths_document_goes_by_the_yes_of_whoever_answers_for_it(town, family):
    young, older = date(2013, 3, 14), date(2009, 3, 14)
    for born, may in ((young, {"Tegning"}), (older, {"Tegning", "Dagbok"})):
        child_id = town.child(born=born)
        by_whom = {} if born == young else {"agreed": (signals.Agreed(None, None),)}
        case_id = town.case(child_id=child_id, **by_whom)
        child = family.joined(case_id, born=born)
        say(family, child, case_id, "Tegning")
        say(family, child, case_id, "Dagbok", for_guardians=False)
        assert movable(town, case_id) == may


def test_out_of_the_house_the_pack_is_one_file_with_every_document_under_a_name_of_our_own(
    town, family, as_owner
):
    case_id = town.case()
    mother, _, found = many(town, family, case_id)
    chosen = [found[one] for one in ("Rapport", "=HYPERLINK(../x)", "Epikrise", "Mitt")]
    made = offer(town, case_id, chosen, parts=(Part.LOG,))
    family.do(family.joined(case_id, "father"), families.take_back, found["Mitt"])
    with town.begin("teacher") as tx:
        pack, contents = relocations.with_contents(tx, made)
    whole = relocations.zipped(pack, contents, "nb")
    files = unzipped(whole)
    assert set(files) == {
        "overforing.pdf",
        "overforing.json",
        "vedlegg-01.pdf",
        "vedlegg-02.png",
        "vedlegg-03.jpg",
    }
    assert [files[name] for name in sorted(files)[2:]] == [papers.PDF, papers.PNG, papers.JPEG]
    listed = json.loads(files["overforing.json"])["attachments"]
    assert [(one["title"], one["by"], one["file"]) for one in listed] == [
        ("Rapport", "Teacher Test", "vedlegg-01.pdf"),
        ("=HYPERLINK(../x)", "Teacher Test", "vedlegg-02.png"),
        ("Epikrise", "Lena Myrvold", "vedlegg-03.jpg"),
    ]
    said = " ".join(pdfs.text(files["overforing.pdf"]).split())
    for words in ("Overføring av Iben Solvang", "Epikrise", "vedlegg-03.jpg"):
        assert words in said, words
    assert "Mitt" not in said and "Bekymret" not in said
    assert relocations.zipped(pack, contents, "nb") == whole, "the same pack, the same bytes"
    for who, refusal in (("principal", NotPermitted), ("colleague", NotFound)):
        with pytest.raises(refusal), town.begin(who) as tx:
            relocations.with_contents(tx, made)
    acts = as_owner("SELECT act, body FROM audit WHERE file_id = :c AND act LIKE '%_attachments'", c=case_id)
    noted = {row.act: set(json.loads(row.body)["attachments"]) for row in acts}
    assert noted["offer_attachments"] == {str(one) for one in chosen}
    assert noted["hand_over_attachments"] == {str(one) for one in chosen[:3]}
    assert not any("Epikrise" in row.body for row in acts)
    with town.casework.begin(mother) as tx:
        assert "Teacher Test" in {one.name for one in families.readers(tx, case_id)[1]}


def test_within_the_house_the_new_case_gets_copies_that_are_its_own(town, family, away, clock, as_owner):
    case_id = town.case()
    mother, father, found = many(town, family, case_id)
    chosen = [found[one] for one in ("Rapport", "=HYPERLINK(../x)", "Epikrise", "Mitt")]
    made = offer(town, case_id, chosen, unit_id=away.services["school"])
    mark(town, found["=HYPERLINK(../x)"], infected=True)
    with away.begin("principal") as tx:
        _, pack = relocations.seen(tx, made)
        assert {one.title for one in pack.attachments} == {"Rapport", "Epikrise", "Mitt"}, (
            "found infected since"
        )
        with pytest.raises(NotFound):
            attachments.fetch(tx, found["Rapport"])
    clock.at += timedelta(hours=1)
    there = take(away, made)
    with away.begin("teacher") as tx:
        listed = {one.title: one for one in attachments.of_case(tx, there)}
        head = cases.details(tx, there).head
        arrived = relocations.arrival(tx, there)
        told = {one.facts["title"]: one.facts["town"] for one in logs.entries(tx, there) if "came_along" in (one.code or "")}  # fmt: skip
        got = attachments.fetch(tx, listed["Rapport"].id)
    assert set(listed) == set(told) == {"Rapport", "Epikrise", "Mitt"} and set(told.values()) == {
        "Fjordvik kommune"
    }
    assert head.attachments == 3 and {one.id for one in arrived.attachments} == {
        one.id for one in listed.values()
    }
    report = listed["Rapport"]
    assert (report.who, report.came_from, report.scan_state) == ("Teacher Test", "Fjordvik kommune", "clean")
    assert (got.content, got.digest) == (papers.PDF, hashlib.sha256(papers.PDF).hexdigest())
    asked = {
        row[0]["attachment_id"] for row in as_owner("SELECT ids FROM outbox WHERE flow = 'scan-attachments'")
    }
    assert str(listed["Epikrise"].id) in asked and str(report.id) not in asked, (
        "the scan goes on where it was"
    )
    for who, sees, not_his in ((mother, "Epikrise", "Mitt"), (father, "Mitt", "Epikrise")):
        page = family.do(who, families.case, there)
        assert {one.title for one in page.attachments} == {"Rapport", sees}
        assert {one.facts["title"] for one in page.entries if one.code == "attachment_came_along"} == {
            "Rapport",
            sees,
        }
        assert not_his not in str(page)
    back = listed["Epikrise"]
    assert (back.who, back.by_family) == ("Lena Myrvold", True)
    family.do(mother, families.take_back, back.id)
    with town.begin("teacher") as tx:
        assert attachments.fetch(tx, found["Epikrise"]).content == papers.JPEG, "the old file's is its own"
        assert ("Principal Test", "hand_over_attachments") in {
            (one.name, one.act) for one in audit.readings(tx, case_id)
        }
    kept = as_owner("SELECT attachments FROM relocations WHERE id = :id", id=made)
    assert kept == [([str(one) for one in chosen],)], "what the family said yes to stays told"
    noted = as_owner("SELECT act FROM audit WHERE file_id = :c AND act LIKE '%in_attachments'", c=there)
    assert noted == [("take_in_attachments",)]
    clock.at += timedelta(days=1)
    with town.casework.begin(Actor.system()) as tx:
        readings.hunt(tx)
    odd = "SELECT a.act FROM odd_readings r JOIN audit a ON a.id = ANY (r.entry_ids) WHERE r.reader_id = :who"
    assert as_owner(odd, who=away.people["principal"]) == []


def test_a_copy_that_moves_on_still_says_where_it_was_first(town, family, away, clock):
    case_id = town.case()
    report = put(town, case_id, "Rapport")
    there = take(away, offer(town, case_id, [report], unit_id=away.services["school"]))
    with away.begin("teacher") as tx:
        [copy] = relocations.movable(tx, there)
    clock.at += timedelta(days=1)
    back = take(town, offer(away, there, [copy.id], unit_id=town.services["school"]))
    with town.begin("teacher") as tx:
        [one] = attachments.of_case(tx, back)
    assert (one.who, one.came_from) == ("Teacher Test", "Fjordvik kommune") and one.id not in (
        report,
        copy.id,
    )
