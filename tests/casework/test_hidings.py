"""What is kept from the family is looked at again: who may answer, what the family sees, and what stays behind."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from casework import (
    attachments,
    cases,
    consents,
    coordinations,
    deadlines,
    disqualifications,
    families,
    followups,
    hidings,
    logs,
    meetings,
    notices,
    relays,
)
from casework.access import Actor
from casework.attachments import PutAttachment, TakeAway
from casework.hidings import Review
from casework.refusals import AlreadyDone, Invalid, NotFound, NotPermitted, Refused, Stale
from records.migrations import sql_files
from tests import papers
from tests.casework.test_archives import close
from tests.casework.test_families import Family

REASON = "Fare for barnet"


class Holder:
    """Hides and looks again, as the teacher unless somebody else is named."""

    def __init__(self, town):
        self.town = town

    def day(self, days):
        return self.town.casework.clock.now().date() + timedelta(days=days)

    def kept(self, days=10, reason=REASON):
        return {"for_family": False, "hidden_reason": reason, "hidden_until": self.day(days)}

    def write(self, case_id, body="Iben alene.", by="teacher", **more):
        with self.town.begin(by) as tx:
            return logs.write(tx, case_id, logs.WriteEntry(body, **{**self.kept(), **more}))

    def put(self, case_id, title="Brev", by="teacher", **more):
        with self.town.begin(by) as tx:
            return attachments.put(tx, case_id, PutAttachment(title, papers.PDF, **{**self.kept(), **more}))

    def review(self, hiding_id, answer, by="teacher", **more):
        with self.town.begin(by) as tx:
            return hidings.review(tx, hiding_id, Review(answer, **more))

    def keep(self, hiding_id, days=60, **more):
        return self.review(hiding_id, "keep", **{"reason": "Ny grunn", "until": self.day(days), **more})

    def one(self, hiding_id, by="teacher"):
        with self.town.begin(by) as tx:
            return hidings.one(tx, hiding_id)

    def due(self, case_id, by="teacher"):
        """What of the hidden things is waited for: by which day, and in which state."""
        with self.town.begin(by) as tx:
            found = [one for one in deadlines.of_case(tx, case_id) if one.due == "hiding"]
        return {one.subject_id: (one.target_on, one.state) for one in found}

    def sweep(self, days):
        self.town.casework.clock.at += timedelta(days=days)
        with self.town.casework.begin(Actor.system()) as tx:
            followups.remind_due(tx)
        with self.town.casework.begin(Actor.system()) as tx:
            followups.expire_due(tx)

    def told(self, who):
        with self.town.begin(who) as tx:
            return {(one.kind, one.subject_kind, one.subject_id) for one in notices.mine(tx)}


@pytest.fixture
def holder(town):
    return Holder(town)


@pytest.fixture
def mother(town, casework):
    """What the mother of a case reads: page and copy are the same."""

    def reads(case_id, *, who={}):  # noqa: B006 - comes in once for a case
        if case_id not in who:
            who[case_id] = Family(town, casework).joined(case_id, "mother")
        with casework.begin(who[case_id]) as tx:
            page = families.copy(tx, case_id)
        with casework.begin(who[case_id]) as tx:
            assert families.case(tx, case_id) == page
        return page

    return reads


def test_the_holder_is_reminded_and_what_is_shown_is_read_by_the_family_at_once(town, holder, mother):
    case_id = town.case()
    entry = holder.write(case_id)
    assert holder.due(case_id) == {entry: (holder.day(10), "running")}
    before = mother(case_id)
    assert before.hidden == {REASON: 1} and "Iben alene." not in {one.body for one in before.entries}
    holder.sweep(8)
    assert ("deadline_near", "hiding", entry) in holder.told("teacher")
    assert notices.link_of("hiding", entry) == f"/hidings/{entry}"
    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id)
    assert (page.next_action.code, page.next_action.link) == ("review_hiding", f"/hidings/{entry}")
    holder.review(entry, "show", version=page.head.version, key="k1")
    with pytest.raises(AlreadyDone):
        holder.review(entry, "show", version=page.head.version, key="k1")
    after = mother(case_id)
    assert after.hidden == {} and "Iben alene." in {one.body for one in after.entries}
    assert after.entries[0].code == "hiding_shown" and after.entries[0].facts == {}
    assert holder.due(case_id) == {}
    with pytest.raises(Refused, match="not_from_here"):
        holder.keep(entry)
    [look] = holder.one(entry).looks
    assert (look.state, look.who, look.former_reason) == ("shown", "Teacher Test", REASON)


def test_what_is_kept_needs_a_reason_and_a_later_day_and_the_former_ones_stay_behind(
    town, holder, mother, as_owner
):
    case_id = town.case()
    entry = holder.write(case_id)
    for asked, faults in (
        ({"answer": "keep"}, {"reason": "write_why", "until": "choose_a_later_day"}),
        ({"answer": "keep", "reason": "x" * 1001, "until": holder.day(0)}, {"reason": "too_long", "until": "choose_a_later_day"}),
        ({"answer": "both"}, {"answer": "choose_one"}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            holder.review(entry, **asked)
        assert refused.value.errors == faults
    holder.keep(entry)
    assert mother(case_id).hidden == {"Ny grunn": 1}
    told = mother(case_id).entries[0]
    assert (told.code, told.facts, told.body) == ("hiding_kept", {}, ""), "not what, not why, not until when"
    assert holder.due(case_id) == {entry: (holder.day(60), "running")}
    with town.begin("principal") as tx:
        [line] = [one for one in logs.entries(tx, case_id) if one.id == entry]
    assert (line.hidden_reason, line.hidden_until) == ("Ny grunn", holder.day(60))
    seen = holder.one(entry, "principal")
    assert [(one.former_reason, one.former_until) for one in seen.looks] == [(REASON, holder.day(10))]
    assert not seen.may_answer, "the leader reads what is hidden, and does not answer"
    [trail] = as_owner("SELECT body FROM audit WHERE file_id = :id AND act = 'review_hiding'", id=case_id)
    assert json.loads(trail.body).keys() == {"hiding", "answer", "former_until", "until"}, (
        "codes and days alone"
    )
    with pytest.raises(Stale):
        holder.keep(entry, version=1)


def test_a_day_that_passes_shows_nothing_and_the_leader_hears_of_it(town, holder, mother, clock):
    case_id = town.case(services=("health",))
    entry = holder.write(case_id)
    holder.sweep(11)
    assert holder.due(case_id)[entry][1] == "missed"
    assert mother(case_id).hidden == {REASON: 1}, "the law's ground may still stand"
    for who in ("teacher", "principal"):
        assert ("deadline_missed", "hiding", entry) in holder.told(who)
    with town.begin("teacher") as tx:
        [row] = cases.mine(tx).cases
        at = tx.now + timedelta(days=1)
        called = meetings.call(
            tx, case_id, meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["teacher"],))
        )
    assert (row.due, row.group) == ("hiding", "overdue")
    with town.begin("coordinator") as tx:
        assert case_id in {one.id for one in cases.overview(tx, group="overdue")[0] if one.due == "hiding"}
    with town.begin("teacher") as tx:
        points = meetings.one(tx, called).agenda
    assert "hiding" not in {point.get("due") for point in points}, "the family sits at that table"
    holder.review(entry, "show")
    with town.begin("teacher") as tx:
        states = tx.ask("SELECT state FROM deadlines WHERE subject_id = :id", {"id": entry})
    assert [one.state for one in states] == ["met_late"]


def test_others_do_not_answer_and_strangers_find_nothing(town, holder, mother):
    case_id = town.case(services=("health", "welfare"))
    entry, document = holder.write(case_id), holder.put(case_id)
    assert mother(case_id).hidden == {REASON: 2}
    for service, who in (("health", "nurse"), ("welfare", "worker")):
        with town.begin("teacher") as tx:
            coordinations.invite(tx, case_id, (coordinations.Ask(town.services[service], "Råd."),))
        with town.begin("teacher") as tx:
            [asked] = [
                one.id
                for one in coordinations.of_case(tx, case_id)
                if one.service_id == town.services[service]
            ]
        with town.begin(who) as tx:
            coordinations.reply(tx, asked, coordinations.Reply("yes"))
    for who in ("principal", "nurse"):
        for thing in (entry, document):
            with pytest.raises(NotPermitted):
                holder.review(thing, "show", by=who)
    for who in ("colleague", "adviser", "coordinator", "administrator"):
        for act in (holder.one, lambda thing, by: holder.review(thing, "show", by=by)):
            with pytest.raises(NotFound):
                act(entry, by=who)
        with pytest.raises(NotFound), town.begin(who) as tx:
            hidings.of_case(tx, case_id)
    open_entry = holder.write(case_id, "Åpent.", for_family=True)
    for never_hidden in (open_entry, case_id):
        with pytest.raises(NotFound):
            holder.one(never_hidden)
    holder.keep(entry, by="worker")  # child welfare, from inside the case
    assert holder.due(case_id)[entry] == (holder.day(60), "running")
    with town.begin("teacher") as tx:
        theirs = consents.of_case(tx, case_id)
        row = next(one for one in theirs if one.service_id == town.services["welfare"])
        consents.record(tx, row.id, consents.Answer("withdrawn", "oral"))
    with pytest.raises(NotFound):
        holder.review(entry, "show", by="worker")
    with town.begin("teacher") as tx:
        disqualifications.declare(
            tx, case_id, disqualifications.Declare("family", "Slekt.", stand_in_id=town.people["colleague"])
        )
    for act in (holder.one, lambda thing: holder.review(thing, "show")):
        with pytest.raises(NotFound):
            act(entry)
    assert mother(case_id).hidden == {"Ny grunn": 1, REASON: 1}


def test_a_document_is_shown_with_the_lines_that_tell_of_it_and_never_before_its_entry(town, holder, mother):
    case_id = town.case()
    entry = holder.write(case_id)
    inside = holder.put(
        case_id, "Tegning", entry_id=entry, for_family=True, hidden_reason=None, hidden_until=None
    )
    alone = holder.put(case_id, "Brev")
    assert holder.due(case_id).keys() == {entry, inside, alone}
    assert [one.id for one in holder.one(entry).attachments] == [inside]
    with pytest.raises(Refused, match="entry_is_shown"):
        holder.review(inside, "show")
    holder.review(alone, "show")
    page = mother(case_id)
    assert [one.title for one in page.attachments] == ["Brev"]
    assert [one.facts["title"] for one in page.entries if one.code == "attachment_put"] == ["Brev"]
    assert page.hidden == {REASON: 2}
    holder.keep(entry, with_attachments=True)
    assert mother(case_id).hidden == {"Ny grunn": 2}
    assert holder.due(case_id) == {one: (holder.day(60), "running") for one in (entry, inside)}
    holder.review(entry, "show", with_attachments=True)
    assert {one.title for one in mother(case_id).attachments} == {"Brev", "Tegning"}
    assert mother(case_id).hidden == holder.due(case_id) == {}
    gone = holder.put(case_id, "Feil")
    with town.begin("teacher") as tx:
        attachments.take_away(tx, gone, TakeAway("Feil barn."))
    assert holder.due(case_id) == {}
    with town.begin("teacher") as tx:
        assert hidings.of_case(tx, case_id) == []
    assert not holder.one(gone).may_answer
    with pytest.raises(NotFound):
        holder.keep(gone)


def test_a_correction_is_as_hidden_as_what_it_corrects_and_is_asked_about_instead(town, holder, mother):
    case_id = town.case()
    first = holder.write(case_id, "Iben aleine.")
    second = holder.write(
        case_id, "Iben alene.", corrects_id=first, for_family=True, hidden_reason=None, hidden_until=None
    )
    assert holder.due(case_id) == {second: (holder.day(10), "running")}
    assert mother(case_id).hidden == {REASON: 2}
    assert "Iben" not in " ".join(one.body for one in mother(case_id).entries)
    found = holder.one(first)
    assert (found.thing.id, found.thing.body, found.former_wordings) == (
        second,
        "Iben alene.",
        ("Iben aleine.",),
    )
    with town.begin("teacher") as tx:
        assert [one.id for one in hidings.of_case(tx, case_id)] == [second]
    holder.review(first, "show")
    assert mother(case_id).hidden == {} and holder.due(case_id) == {}
    assert {"Iben aleine.", "Iben alene."} <= {one.body for one in mother(case_id).entries}


def test_the_deadline_follows_the_baton_waits_for_no_pause_ends_with_the_case_and_begins_again(
    town, holder, as_owner
):
    case_id = town.case()
    entry = holder.write(case_id)
    with town.begin("teacher") as tx:
        cases.pause(tx, case_id, cases.PauseCase(holder.day(5), "Ferie"))
    assert holder.due(case_id) == {entry: (holder.day(10), "running")}
    with town.begin("teacher") as tx:
        cases.go_on(tx, case_id)
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["colleague"], reason="Permisjon")
    owner = "SELECT owner_id FROM deadlines WHERE subject_id = :id AND settled_at IS NULL"
    assert as_owner(owner, id=entry) == [(town.people["colleague"],)]
    with pytest.raises(NotPermitted):
        holder.review(entry, "show")
    close(town, case_id, who="colleague")
    assert holder.due(case_id, "colleague") == {}
    with pytest.raises(NotPermitted):
        holder.review(entry, "show", by="colleague")
    assert not holder.one(entry, "colleague").may_answer
    town.casework.clock.at += timedelta(days=30)
    with town.begin("principal") as tx:
        cases.reopen(tx, case_id, to="1", reason="Nytt")
    assert holder.due(case_id, "principal") == {entry: (holder.day(0), "running")}, "late, and so asked today"
    assert as_owner(owner, id=entry) == [(town.people["principal"],)]


def test_the_archive_keeps_every_reason_there_was(town, holder):
    case_id = town.case()
    shown, kept = holder.write(case_id), holder.put(case_id)
    holder.review(shown, "show")
    holder.keep(kept)
    close(town, case_id)
    with town.begin("principal") as tx:
        content = json.loads(cases.package(tx, case_id)[1])
    assert [(one["state"], one["former_reason"]) for one in content["hidings"]] == [
        ("shown", REASON), ("hidden", REASON),
    ]  # fmt: skip
    assert {one["id"]: one["for_family"] for one in content["log"]}[str(shown)] is True
    assert content["attachments"][0]["hidden_reason"] == "Ny grunn"


def test_the_database_itself_lets_nobody_hide_what_was_shown_or_change_what_was_written(town, holder):
    case_id = town.case()
    entry, shown = holder.write(case_id), holder.write(case_id, "Åpent.", for_family=True)
    show = "UPDATE log_entries SET for_family = true WHERE id = :id RETURNING id"
    with town.begin("principal") as tx:
        assert tx.ask(show, {"id": entry}) == [], "inside, and not the one who may"
    with town.begin("teacher") as tx:
        hide = "UPDATE log_entries SET for_family = false, hidden_reason = 'x' WHERE id = :id RETURNING id"
        assert tx.ask(hide, {"id": shown}) == []
    for change in ("UPDATE log_entries SET body = '' WHERE id = :id", "DELETE FROM hiding_reviews",
                   "UPDATE hiding_reviews SET former_reason = ''"):  # fmt: skip
        with pytest.raises(DBAPIError, match="permission denied"), town.begin("teacher") as tx:
            tx.ask(change, {"id": entry} if ":id" in change else {})


def test_what_was_hidden_before_gets_its_deadline_and_a_week_where_the_day_has_passed(town, holder, as_owner):
    case_id, closed = town.case(), town.case(child_id=town.child(first="Bo"))
    ahead, late, document = holder.write(case_id), holder.write(case_id), holder.put(case_id)
    holder.write(closed)
    close(town, closed)
    as_owner("DELETE FROM deadlines WHERE due = 'hiding' AND municipality_id = :town", town=town.id)
    as_owner("UPDATE log_entries SET hidden_until = current_date + 40 WHERE id = :id", id=ahead)
    as_owner("UPDATE log_entries SET hidden_until = current_date - 40 WHERE id = :id", id=late)
    as_owner("UPDATE log_entries SET facts = facts - 'attachment' WHERE case_id = :id", id=case_id)
    before = Path(sql_files.FOLDER / "0031_hidden_before.sql").read_text(encoding="utf-8")
    for _ in range(2):
        as_owner(before.replace(":", "\\:"))
    found = as_owner(
        "SELECT subject_id, target_on - current_date, owner_id FROM deadlines WHERE due = 'hiding' AND"
        " municipality_id = :town",
        town=town.id,
    )
    assert {row[0]: row[1] for row in found} | {document: 0} == {ahead: 40, late: 7, document: 0}
    assert {row[2] for row in found} == {town.people["teacher"]} and len(found) == 3
    holder.review(document, "show")
    assert as_owner(
        "SELECT for_family FROM log_entries WHERE code = 'attachment_put' AND case_id = :id", id=case_id
    ) == [(True,)]
