"""Attachments: who puts them, who opens them, what is never given out, and the trace of what is gone."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from casework import (
    archives,
    attachments,
    audit,
    cases,
    consents,
    coordinations,
    disqualifications,
    families,
    hidings,
    logs,
    notices,
)
from casework.access import Actor
from casework.attachments import PutAttachment, TakeAway, Verdict
from casework.refusals import AlreadyDone, Invalid, NotFound, NotPermitted, Refused, Stale
from levels.attachments import LARGEST, MEGABYTE, MOST_IN_CASE
from tests import papers, pdfs
from tests.casework.test_archives import close, fetched, files, packed
from tests.casework.test_families import Family


@pytest.fixture
def put(town):
    """Puts a document in a case."""

    def act(case_id, content=papers.PDF, title="Rapport fra PPT", by="teacher", **more):
        with town.begin(by) as tx:
            return attachments.put(tx, case_id, PutAttachment(title, content, **more))

    return act


@pytest.fixture
def fetch(town):
    """Fetches one as somebody of the town, or as a family member."""

    def act(attachment_id, who="teacher"):
        if isinstance(who, Actor):
            with town.casework.begin(who) as tx:
                return families.fetch_attachment(tx, attachment_id)
        with town.begin(who) as tx:
            return attachments.fetch(tx, attachment_id)

    return act


@pytest.fixture
def listed(town):
    """What is listed for somebody of the town or of the family."""

    def act(case_id, who="teacher"):
        if isinstance(who, Actor):
            with town.casework.begin(who) as tx:
                return families.case(tx, case_id).attachments
        with town.begin(who) as tx:
            return attachments.of_case(tx, case_id)

    return act


def hidden(town):
    until = town.casework.clock.now().date() + timedelta(days=9)
    return {"for_family": False, "hidden_reason": "Fare for barnet", "hidden_until": until}


def mark(town, attachment_id, *, infected, scanner="ClamAV 1.4.1/27000"):
    with town.casework.begin(Actor.system()) as tx:
        verdict = Verdict(infected, scanner, "Eicar-Signature" if infected else "")
        attachments.scanned(tx, attachment_id, verdict)


def test_a_document_put_in_a_case_is_listed_told_in_the_log_and_opened_by_those_inside(
    town, put, fetch, listed, as_owner
):
    case_id = town.case(services=("health",))
    with town.begin("teacher") as tx:
        before = cases.details(tx, case_id).head
    put_id = put(case_id, papers.docx(), version=before.version, key="k1")
    [one] = listed(case_id)
    assert (one.title, one.kind, one.who, one.scan_state, one.opens) == (
        "Rapport fra PPT", "docx", "Teacher Test", "not_scanned", True,
    )  # fmt: skip
    got = fetch(put_id, "principal")
    assert (got.content, got.digest) == (papers.docx(), hashlib.sha256(papers.docx()).hexdigest())
    assert got.name == f"vedlegg-{put_id}.docx" and got.scan_state == "not_scanned"
    with town.begin("teacher") as tx:
        entry = logs.entries(tx, case_id)[0]
        readers = audit.readings(tx, case_id)
        head = cases.details(tx, case_id).head
    assert (entry.code, entry.facts["title"]) == ("attachment_put", "Rapport fra PPT")
    assert "read_attachment" in {one.act for one in readers if one.name == "Principal Test"}
    assert (before.attachments, head.attachments, head.version) == (0, 1, before.version + 1)
    asked = as_owner("SELECT ids FROM outbox WHERE flow = 'scan-attachments'")
    assert ({"attachment_id": str(put_id)},) in asked, "an opaque id and nothing else"
    with pytest.raises(AlreadyDone):
        put(case_id, papers.docx(), key="k1")
    with pytest.raises(Stale):
        put(case_id, version=before.version)


def test_what_cannot_be_taken_is_refused_with_what_is_wrong(town, put, as_owner, listed):
    case_id = town.case()
    for content, title, faults in (
        (b"<html><script>x()</script>", "Skjema", {"content": "file_not_taken"}),
        (papers.packed(**{"setup.exe": b"MZ"}), "Skjema.docx", {"content": "file_not_taken"}),
        (b"", " ", {"content": "choose_a_file", "title": "required"}),
        (papers.PDF, "x" * 121, {"title": "too_long"}),
        (papers.PDF + bytes(LARGEST), "Stor", {"content": "file_too_big"}),
    ):
        with pytest.raises(Invalid) as refused:
            put(case_id, content, title)
        assert refused.value.errors == faults
    lower = (
        "UPDATE municipalities SET settings = settings || '{\"attachment_megabytes\": 1}' WHERE id = :town"
    )
    as_owner(lower, town=town.id)
    with pytest.raises(Invalid, match="file_too_big"):
        put(case_id, papers.PDF + bytes(MEGABYTE))
    put(case_id)
    as_owner("ALTER TABLE attachments DROP CONSTRAINT ck_attachments_content_has_size")
    as_owner("UPDATE attachments SET size = :most WHERE case_id = :case", most=MOST_IN_CASE, case=case_id)
    try:
        with pytest.raises(Invalid, match="case_is_full"):
            put(case_id)
    finally:
        as_owner("UPDATE attachments SET size = octet_length(content) WHERE case_id = :case", case=case_id)
        as_owner(
            "ALTER TABLE attachments ADD CONSTRAINT ck_attachments_content_has_size"
            " CHECK (content IS NULL OR octet_length(content) = size)"
        )
    assert len(listed(case_id)) == 1
    with pytest.raises(NotFound):
        put(case_id, entry_id=_entry(town, town.case(child_id=town.child(first="Nora"))))
    with town.begin("teacher") as tx:
        houses = next(one.id for one in logs.entries(tx, case_id) if one.code)
    with pytest.raises(NotFound):
        put(case_id, entry_id=houses)
    close(town, case_id)
    with pytest.raises(NotPermitted):
        put(case_id)


def _entry(town, case_id, **more):
    with town.begin("teacher") as tx:
        return logs.write(tx, case_id, logs.WriteEntry("Snakket med PPT.", **more))


def test_strangers_the_barred_and_services_without_consent_find_neither_list_nor_content(
    town, put, fetch, listed, casework, postgres
):
    case_id = town.case(services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester")
    put_id = put(case_id)
    with town.begin("teacher") as tx:
        asked = tuple(coordinations.Ask(town.services[one], "Råd") for one in ("ppt", "health"))
        coordinations.invite(tx, case_id, asked)
    with town.begin("teacher") as tx:
        invited = {one.service_id: one.id for one in coordinations.of_case(tx, case_id)}
    with town.begin("nurse") as tx:
        coordinations.reply(tx, invited[town.services["health"]], coordinations.Reply("yes"))
    assert fetch(put_id, "nurse").content == papers.PDF, "inside by the family's yes and its own"
    away = type(town).build(casework, postgres.owner_url)
    for place, who in (
        (town, "colleague"), (town, "worker"), (town, "coordinator"), (town, "manager"), (town, "administrator"),
        (town, "archivist"), (town, "officer"), (town, "operator"), (away, "teacher"), (away, "principal"),
    ):  # fmt: skip
        for act in (
            lambda tx: attachments.fetch(tx, put_id),
            lambda tx: attachments.of_case(tx, case_id),
            lambda tx: attachments.to_take_away(tx, put_id),
            lambda tx: attachments.take_away(tx, put_id, TakeAway("x")),
            lambda tx: attachments.put(tx, case_id, PutAttachment("x", papers.PDF)),
        ):
            with pytest.raises(NotFound), place.begin(who) as tx:
                act(tx)
    with pytest.raises(NotFound):
        fetch(put_id, "adviser")  # invited, and has not said yes
    with pytest.raises(NotPermitted), town.begin("adviser") as tx:
        attachments.of_case(tx, case_id)
    with town.begin("teacher") as tx:
        yes = next(c.id for c in consents.of_case(tx, case_id) if c.service_id == town.services["health"])
        consents.record(tx, yes, consents.Answer("withdrawn", "oral"))
    with pytest.raises((NotFound, NotPermitted)):
        fetch(put_id, "nurse")
    with town.begin("teacher") as tx:
        tie = disqualifications.Declare("family", "Slekt.", stand_in_id=town.people["colleague"])
        disqualifications.declare(tx, case_id, tie)
    for act in (fetch, lambda one: listed(case_id)):
        with pytest.raises(NotFound):
            act(put_id)


def test_the_family_opens_what_is_shown_to_it_and_nothing_that_is_hidden(town, put, fetch, listed):
    case_id = town.case()
    family = Family(town, town.casework)
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    shown = put(case_id, title="Tegning <b>&</b>", content=papers.PNG)
    secret = put(case_id, title="Bekymring", **hidden(town))
    entry = _entry(town, case_id, **hidden(town))
    beside = put(case_id, title="Notat", entry_id=entry)
    open_entry = _entry(town, case_id)
    with_entry = put(case_id, title="Referat", entry_id=open_entry)
    assert {one.id for one in listed(case_id, mother)} == {shown, with_entry}
    assert {one.id for one in listed(case_id) if not one.for_family} == {secret, beside}
    assert fetch(shown, mother).content == papers.PNG
    for one in (secret, beside):
        with pytest.raises(NotFound):
            fetch(one, mother)
    with town.casework.begin(mother) as tx:
        page = families.case(tx, case_id)
        told = {one.facts.get("title") for one in page.entries if one.code == "attachment_put"}
        who_read = families.readers(tx, case_id)[1]
    assert told == {"Tegning <b>&</b>", "Referat"}
    assert sum(page.hidden.values()) == 3, "the entry and two documents are counted, and not shown"
    fetch(shown)
    with town.casework.begin(father) as tx:
        assert {"Teacher Test", ""} <= {one.name for one in families.readers(tx, case_id)[1]}
    assert who_read is not None
    with pytest.raises(Invalid, match="only_holder_hides"):
        put(case_id, by="principal", **hidden(town))
    with pytest.raises(Invalid, match="write_why"):
        put(case_id, for_family=False)
    stranger = Family(town, town.casework).joined(town.case(child_id=town.child(first="Nora")), "mother")
    with pytest.raises(NotFound):
        fetch(shown, stranger)


def test_a_parent_sends_a_document_that_the_other_parent_does_not_see_and_the_kept_out_sees_none(
    town, fetch, listed, put, as_owner
):
    case_id = town.case()
    family = Family(town, town.casework)
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    sent = families.Attach("Epikrise", papers.JPEG)
    family.do(mother, families.say, case_id, families.Say("question", "Se her.", attached=sent))
    [one] = listed(case_id)
    assert (one.who, one.by_family, one.title, one.kind) == ("Lena Myrvold", True, "Epikrise", "jpeg")
    assert fetch(one.id).content == papers.JPEG
    assert [(mine.id, mine.mine) for mine in listed(case_id, mother)] == [(one.id, True)]
    assert fetch(one.id, mother).content == papers.JPEG
    assert listed(case_id, father) == ()
    with pytest.raises(NotFound):
        fetch(one.id, father)
    with town.casework.begin(father) as tx:
        assert "Epikrise" not in str(families.case(tx, case_id))
    wrong = families.Say("question", "Se.", attached=families.Attach("", b"<svg/>"))
    with pytest.raises(Invalid) as refused:
        family.do(mother, families.say, case_id, wrong)
    assert set(refused.value.errors) == {"title", "content"}
    shown = put(case_id)
    assert fetch(shown, father).content == papers.PDF
    as_owner("UPDATE guardians SET kept_out = true WHERE id = :id", id=family.guardians(case_id)["father"])
    with pytest.raises(NotFound):
        fetch(shown, father)
    close(town, case_id)
    assert fetch(one.id, mother).content == papers.JPEG
    with pytest.raises(Invalid, match="case_is_closed"):
        family.do(mother, families.say, case_id, families.Say("question", "Se.", attached=sent))


def test_taken_away_leaves_who_when_and_why_and_no_content(town, put, fetch, listed, as_owner):
    case_id = town.case()
    by_leader = put(case_id, by="principal")
    own, theirs = put(case_id), put(case_id)
    with pytest.raises(NotPermitted), town.begin("principal") as tx:
        attachments.take_away(tx, own, TakeAway("Feil barn"))
    for who, put_id in (("teacher", own), ("teacher", theirs), ("principal", by_leader)):
        with town.begin(who) as tx:
            attachments.to_take_away(tx, put_id)
    with pytest.raises(Invalid, match="write_why"), town.begin("teacher") as tx:
        attachments.take_away(tx, own, TakeAway(" "))
    with pytest.raises(Stale), town.begin("teacher") as tx:
        attachments.take_away(tx, own, TakeAway("Feil barn", version=9))
    with town.begin("teacher") as tx:
        attachments.take_away(tx, own, TakeAway("Feil barn", version=1, key="k"))
    one = next(one for one in listed(case_id) if one.id == own)
    assert (one.taken_away_by, one.taken_away_why, one.opens) == ("Teacher Test", "Feil barn", False)
    assert as_owner("SELECT content FROM attachments WHERE id = :id", id=own) == [(None,)]
    with town.begin("teacher") as tx:
        entry = logs.entries(tx, case_id)[0]
    assert (entry.code, entry.facts["reason"]) == ("attachment_taken_away", "Feil barn")
    for act in (
        lambda tx: attachments.fetch(tx, own),
        lambda tx: attachments.take_away(tx, own, TakeAway("x")),
    ):
        with pytest.raises(NotFound), town.begin("teacher") as tx:
            act(tx)


def test_infected_is_never_given_out_and_the_mark_follows_the_newest_scan(town, put, fetch, listed, clock):
    case_id = town.case()
    mother = Family(town, town.casework).joined(case_id, "mother")
    put_id = put(case_id, papers.EICAR)
    for _ in range(2):
        mark(town, put_id, infected=True)
    with town.begin("teacher") as tx:
        assert [one.kind for one in notices.mine(tx)].count("attachment_infected") == 1
    [one] = listed(case_id)
    assert (one.scan_state, one.opens) == ("infected", False)
    for who in ("teacher", mother):
        with pytest.raises(Refused, match="attachment_infected"):
            fetch(put_id, who)
    mark(town, put_id, infected=False)
    assert fetch(put_id, mother).scan_state == "clean"
    with town.casework.begin(Actor.system()) as tx:
        assert put_id not in attachments.unscanned(tx)
    clock.at += timedelta(days=8)
    with town.casework.begin(Actor.system()) as tx:
        assert put_id in attachments.unscanned(tx), "once more, when the signatures know more"
    mark(town, put_id, infected=False)
    with town.casework.begin(Actor.system()) as tx:
        assert put_id not in attachments.unscanned(tx)


def test_the_database_itself_holds_content_to_its_digest_and_jobs_read_no_titles(town, put, as_owner):
    put_id = put(town.case())
    with town.begin("teacher") as tx, pytest.raises((IntegrityError, DBAPIError)):
        tx.ask("UPDATE attachments SET content = 'annet' WHERE id = :id", {"id": put_id})
    with pytest.raises(DBAPIError, match="content_is_digest"):
        as_owner("UPDATE attachments SET content = 'annet'::bytea, size = 5 WHERE id = :id", id=put_id)
    for column in ("title", "content", "hidden_reason"):
        with town.casework.begin(Actor.system()) as tx, pytest.raises(Exception, match="permission denied"):
            tx.ask(f"SELECT {column} FROM attachments")
    with town.begin("teacher") as tx, pytest.raises(Exception, match="permission denied"):
        tx.ask("UPDATE attachments SET scan_state = 'clean' WHERE id = :id", {"id": put_id})


def test_they_go_with_the_case_to_the_archive_and_out_of_the_house(town, put, as_owner, clock):
    case_id = town.case()
    mother = Family(town, town.casework).joined(case_id, "mother")
    put(case_id, papers.PDF, "Rapport & <vedtak>")
    drawing = put(case_id, papers.PNG, "Tegning", **{**hidden(town), "hidden_reason": "Barnet ba om det"})
    with town.begin("teacher") as tx:
        again = tx.today + timedelta(days=30)
        hidings.review(tx, drawing, hidings.Review("keep", "Fare for barnet", again))
    gone, bad = put(case_id, papers.TEXT, "Feil ark"), put(case_id, papers.EICAR, "Skadelig")
    sent = families.Attach("Epikrise", papers.JPEG)
    Family(town, town.casework).do(mother, families.say, case_id, families.Say("view", "Se.", attached=sent))
    mark(town, bad, infected=True)
    with town.begin("teacher") as tx:
        attachments.take_away(tx, gone, TakeAway("Et annet barn"))
    close(town, case_id)
    delivery = packed(town, case_id, as_owner)
    found = files(fetched(town, delivery).content)
    kept = [found[name] for name in sorted(found) if name.startswith("vedlegg-")]
    assert sorted(kept) == sorted([papers.PDF, papers.PNG, papers.JPEG])
    message = "".join(found[name].decode() for name in sorted(found) if name.endswith(".xml"))
    for part in (
        "Rapport &amp; &lt;vedtak&gt;",
        "image/png",
        hashlib.sha256(papers.JPEG).hexdigest(),
        "Lena Myrvold",
    ):
        assert part in message, part
    said = " ".join(pdfs.text(found["stafettlogg.pdf"]).split())
    for words in ("Vedlegg", "Tegning", "Ikke vist til familien: Fare for barnet", "Tatt bort", "Et annet barn",
                  "Virus funnet", "Grunnen fram til da: Barnet ba om det"):  # fmt: skip
        assert words in said, words
    assert "content" not in found["stafettlogg.json"].decode().split('"attachments"')[1].split("]")[0]
    with town.begin("archivist") as tx:
        archives.take_over(tx, delivery, archives.TakeOver("2026/1"))
    clock.at += timedelta(days=3 * 366)
    with town.casework.begin(Actor.system()) as tx:
        tx.ask("SELECT app.forget_case(:case)", {"case": case_id})
        tx.without_trail()
    for table in ("attachments", "hiding_reviews"):
        assert as_owner(f"SELECT count(*) FROM {table} WHERE case_id = :case", case=case_id) == [(0,)]
