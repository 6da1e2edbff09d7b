"""A school's roll: shown before anything is written, the same twice is nothing, and no case is touched."""

from datetime import date, timedelta

import pytest

from casework import cases, children, consents, identities, leavers, notices, relays, rosters
from casework import staff as staff_acts
from casework.refusals import Invalid, NotFound, Stale
from levels.rosters import read
from tests.casework.test_absences import _holder
from tests.levels.test_rosters import PIFU

HEAD = "Fornavn;Etternavn;Fødselsdato;Klasse;Enhet;Fødselsnummer;Foresatt 1 navn;Foresatt 1 relasjon;Foresatt 1 telefon\n"


@pytest.fixture
def roll(town):
    """Upload a file as the administrator; answers the id and what would change."""

    def upload(content, *, whole=True, by="administrator", synthetic_only=True):
        roster = read(content.encode() if isinstance(content, str) else content)
        with town.begin(by) as tx:
            wanted = rosters.Reading(roster, whole=whole, synthetic_only=synthetic_only)
            draft = rosters.upload(tx, wanted, keys=town.casework.keys)
        with town.begin(by) as tx:
            return draft, rosters.preview(tx, draft, keys=town.casework.keys)[1]

    return upload


def _confirm(town, draft, found, **more):
    with town.begin("administrator") as tx:
        return rosters.confirm(tx, draft, shown=found.fingerprint, keys=town.casework.keys, **more)


def _row(first, last, born, group="4A", more=";;;"):
    return f"{first};{last};{born};{group};Fjordvik school;{more}\n"


def test_a_roll_is_taken_in_once_and_the_second_time_is_nothing(town, roll, as_owner):
    draft, found = roll(PIFU.format(type="full"))
    assert found.counts == {"new_child": 1, "new_colleague": 1, "left_colleague": 2}
    assert [fault.code for fault in found.faults] == ["person_unknown"]
    with town.begin("principal") as tx:
        assert children.search(tx, "Ada") == [], "nothing is written before it is confirmed"
    _confirm(town, draft, found)
    with town.begin("principal") as tx:
        [ada] = children.search(tx, "Ada")
        assert (ada.group_name, ada.born_on) == ("7A", date(2013, 9, 14))
    [kept] = as_owner("SELECT identity_cipher, identity_index FROM children WHERE id = :id", id=ada.id)
    assert b"14891352442" not in kept.identity_cipher
    assert town.casework.keys.decrypt(kept.identity_cipher) == "14891352442"
    assert as_owner("SELECT 1 FROM roster_drafts WHERE id = :id", id=draft) == []
    draft, again = roll(PIFU.format(type="full"))
    assert (again.changes, again.unchanged) == ([], 2)
    with town.begin("administrator") as tx:
        [receipt] = rosters.receipts(tx)
        assert (receipt.counts["new_child"], receipt.left_out) == (1, 1)


def test_where_people_live_is_compared_also_when_nothing_else_is_new_and_never_for_whoever_is_protected(
    town, roll, as_owner
):
    plain = "Fornavn;Etternavn;Fødselsdato;Gateadresse;Postnummer;Foresatt 1 navn;Foresatt 1 gateadresse;Foresatt 1 postnummer\n"
    here, hidden = (
        town.child(first="Ada", last="Dal", guardians=1),
        town.child(first="Bo", last="Dal", guardians=1),
    )
    as_owner("UPDATE guardians SET protected_address = true WHERE child_id = :child", child=hidden)
    mail = f"liv.{town.id.hex[:8]}@e.example"
    as_owner("UPDATE practitioners SET email = :mail WHERE id = :id", mail=mail, id=town.people["teacher"])
    street, same_house = ";Storgata 14 B;9008", ";Storgt. 14B;9008 Fjordvik"
    pupils = plain + "".join(
        f"{first};Dal;14.03.2017{street};Lena Myrvold{street}\n" for first in ("Ada", "Bo", "Ny")
    )
    staff = f"Navn;E-post;Rolle;Enhet;Gateadresse;Postnummer\nLiv;{mail};lærer;Fjordvik school{same_house}\n"
    for text in (pupils, staff):
        with town.begin("administrator") as tx:
            unit = town.services["school"]
            wanted = rosters.Reading(read(text.encode()), unit_id=unit, synthetic_only=True)
            draft = rosters.upload(tx, wanted, keys=town.casework.keys)
        with town.begin("administrator") as tx:
            found = rosters.preview(tx, draft, keys=town.casework.keys)[1]
        assert {one.kind for one in found.changes} <= {"new_child"} and "Storg" not in f"{found}"
        _confirm(town, draft, found)
    kept = as_owner(
        "SELECT coalesce(h.child_id, g.child_id) AS child, h.house FROM homes h"
        " LEFT JOIN guardians g ON g.id = h.guardian_id WHERE h.municipality_id = :town",
        town=town.id,
    )
    assert len(kept) == 5 and len({one.house for one in kept}) == 1, (
        "two children, two guardians, one teacher"
    )
    assert [one.child for one in kept].count(here) == 2 and hidden not in {one.child for one in kept}
    with town.begin("administrator") as tx:
        staff_acts.leave(tx, town.people["teacher"])
    assert as_owner("SELECT 1 FROM homes WHERE practitioner_id = :id", id=town.people["teacher"]) == []


def test_moved_changed_left_and_new_guardians_are_told_apart(town, roll, as_owner):
    here, gone = town.child(first="Ada", last="Dal"), town.child(first="Bo", last="Dal", guardians=0)
    with town.begin("principal") as tx:
        assert {one.id for one in children.search(tx, "dal")} == {here, gone}
    text = HEAD + _row("Ada", "Dal", "14.03.2017", "4B", "14891352442;Lena Myrvold;mor;99 88 77 66").replace(
        "14891352442", ""
    ) + _row("Cato", "Dal", "01.02.2017", "4A")  # fmt: skip
    draft, found = roll(text)
    kinds = {(one.kind, one.name, one.before, one.after) for one in found.changes}
    assert kinds == {
        ("moved_class", "Ada Dal", "4A", "4B"),
        ("changed_guardian", "Lena Myrvold", "", "99 88 77 66"),
        ("new_child", "Cato Dal", "", "4A"),
        ("left_child", "Bo Dal", "4A", ""),
    }
    _confirm(town, draft, found)
    with town.begin("principal") as tx:
        assert {one.first_name for one in children.search(tx, "dal")} == {"Ada", "Cato"}
    assert roll(text)[1].changes == []


def test_an_open_case_is_not_touched_when_its_pupil_leaves_and_the_leader_sees_it(town, roll, as_owner):
    child = town.child(first="Ada", last="Dal")
    held = town.case(child_id=child)
    before = as_owner("SELECT version, state, holder_id, unit_id FROM cases WHERE id = :id", id=held)
    draft, found = roll(HEAD + _row("Cato", "Dal", "01.02.2017"))
    _confirm(town, draft, found)
    assert as_owner("SELECT version, state, holder_id, unit_id FROM cases WHERE id = :id", id=held) == before
    with town.begin("principal") as tx:
        [one] = leavers.pupils(tx)
        assert (one.case_id, one.child_name, one.now_at) == (held, "Ada Dal", "")
        assert "pupil_left" in [message.kind for message in notices.mine(tx)]
    with town.begin("colleague") as tx:
        assert children.search(tx, "Ada") == [] and leavers.pupils(tx) == []
    with town.begin("teacher") as tx:
        assert cases.details(tx, held), "who goes on with it"


def test_a_new_guardian_is_one_more_who_must_consent(town, roll):
    child = town.child(first="Ada", last="Dal", guardians=1)
    held = town.case(child_id=child, services=("ppt",))
    with town.begin("teacher") as tx:
        assert town.services["ppt"] in consents.settled(tx, held)
    draft, found = roll(HEAD + _row("Ada", "Dal", "14.03.2017", "4A", ";Anders Dal;far;"), whole=False)
    assert found.counts == {"new_guardian": 1}
    _confirm(town, draft, found)
    with town.begin("teacher") as tx:
        assert town.services["ppt"] not in consents.settled(tx, held)


def test_what_was_shown_is_what_is_done_or_nothing(town, roll, clock):
    draft, found = roll(HEAD + _row("Ada", "Dal", "14.03.2017"))
    town.child(first="Ada", last="Dal")
    with pytest.raises(Stale):
        _confirm(town, draft, found)
    clock.at += timedelta(hours=3)
    with pytest.raises(NotFound):
        _confirm(town, draft, found)
    with town.casework.begin(__import__("casework.access", fromlist=["Actor"]).Actor.system()) as tx:
        assert rosters.forget(tx) >= 1


def test_wrong_numbers_leave_their_row_out_and_nobody_out_of_the_register(town, roll, casework, postgres):
    here = town.child(first="Eli", last="Dal")
    away = type(town).build(casework, postgres.owner_url)
    with away.begin("teacher") as tx:
        wanted = children.RegisterChild(
            away.services["school"], "Per", "Fjell", date(2010, 12, 31), "", "31921054443"
        )
        children.register(tx, wanted, keys=casework.keys)
    text = HEAD + "".join((
        _row("Eli", "Dal", "14.03.2017", more="14891352441;;;"),
        _row("Ada", "By", "15.09.2013", more="14891352442;;;"),
        _row("Per", "Fjell", "31.12.2010", more="31921054443;;;"),
        _row("Real", "Person", "17.09.1970", more="17097055654;;;"),
        _row("Bo", "By", "29.02.2016", more="29821652926;;;"),
        _row("Bo", "By", "29.02.2016", more="29821652926;;;"),
        "Uten;Enhet;01.01.2015;;Ukjent skole;;;;\n",
    ))  # fmt: skip
    _draft, found = roll(text)
    assert [(one.line, one.code) for one in found.faults] == [
        (2, "number_wrong"), (3, "number_and_birth_date_differ"), (5, "number_wrong"),
        (7, "twice_in_the_file"), (8, "unit_unknown"),
    ]  # fmt: skip
    assert found.counts == {"new_child": 2}, "and the child whose number is wrong has not left"
    assert here


def test_only_the_municipalitys_administrator_takes_a_roll_in(town, roll, casework, postgres):
    for name in ("teacher", "principal", "coordinator", "manager", "operator"):
        with pytest.raises(NotFound):
            roll(HEAD + _row("Ada", "Dal", "14.03.2017"), by=name)
    draft, found = roll(HEAD + _row("Ada", "Dal", "14.03.2017"))
    away = type(town).build(casework, postgres.owner_url)
    with away.begin("administrator") as tx, pytest.raises(NotFound):
        rosters.preview(tx, draft, keys=casework.keys)
    with town.begin("administrator") as tx, pytest.raises(Exception, match="permission denied|0"):
        assert tx.ask("SELECT count(*) FROM children")[0][0] != 0, "0"


def test_half_a_file_does_not_empty_a_school_by_mistake(town, roll):
    for n in range(8):
        town.child(first="Barn" + "abcdefgh"[n], last="Dal", guardians=0)
    draft, found = roll(HEAD + _row("Barna", "Dal", "14.03.2017"))
    assert found.many_leave and found.counts["left_child"] == 7
    with pytest.raises(Invalid):
        _confirm(town, draft, found)
    _confirm(town, draft, found, really=True)


def test_a_teacher_the_school_no_longer_has_is_out_and_her_batons_stand(town, roll, as_owner):
    held = town.case()
    sheet = f"Navn;E-post;Rolle;Enhet\nNy Lærer;ny-{town.id}@fjordvik.example;Lærer;Fjordvik school\n"
    draft, found = roll(sheet)
    assert found.counts == {"new_colleague": 1, "left_colleague": 2}, (
        "the leader is never shown out by a roll"
    )
    _confirm(town, draft, found)
    with pytest.raises(NotFound):
        town.actor("teacher")
    assert _holder(as_owner, held) == town.people["teacher"]
    with town.begin("principal") as tx:
        assert [one.batons for one in leavers.listed(tx)] == [1]
    assert relays and identities
