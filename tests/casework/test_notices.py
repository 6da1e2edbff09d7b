"""How far a letter came is told as it is, and a letter that came nowhere is somebody's task."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework import (
    cases,
    children,
    concern_reports,
    consents,
    coordinations,
    meetings,
    notices,
    relays,
    staff,
)
from casework.access import Actor
from casework.refusals import AlreadyDone, Invalid, NotFound, NotPermitted

PPT = "samarbeid_andre_tjenester"


def _jobs(town):
    return town.casework.begin(Actor.system())


def _invited(town, **service):
    """A case with PPT invited; answers the case and the notice of the invitation."""
    case_id = town.case(services=("ppt",), to="2", when=PPT)
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    return case_id, _letter(town, case_id, "invitation").id


def _letter(town, case_id, kind):
    with town.begin("teacher") as tx:
        return next(one for one in notices.of_case(tx, case_id) if one.kind == kind)


def _hand_over(town, notice_id, **more):
    """What a sender does; answers the letter."""
    with _jobs(town) as tx:
        letter = notices.to_send(tx, notice_id, **more)
    if letter is not None:
        with _jobs(town) as tx:
            notices.mark_sent(tx, notice_id, transport_id=f"t-{notice_id}")
    return letter


def _bounce(town, notice_id, *addresses, code="5.1.1"):
    with _jobs(town) as tx:
        return notices.bounced(tx, notice_id, addresses=addresses, code=code)


def _kinds(town, who):
    with town.begin(who) as tx:
        return [one.kind for one in notices.mine(tx)]


def _change_mailbox(town, service, mailbox):
    with town.begin("administrator") as tx:
        found = next(one for one in staff.services(tx) if one.id == town.services[service])
        wanted = staff.KeepService(
            found.kind, found.name, mailbox, leader_id=found.leader_id, version=found.version
        )
        staff.change_service(tx, found.id, wanted)


def test_a_letter_is_written_then_handed_over_then_delivered_then_opened(town):
    case_id, notice_id = _invited(town)
    assert _letter(town, case_id, "invitation").step == "written"
    letter = _hand_over(town, notice_id)
    handed = _letter(town, case_id, "invitation")
    assert (handed.step, handed.sent_at is not None, handed.opened_at) == ("sent", True, None)
    with _jobs(town) as tx:
        assert notices.delivered(tx, notice_id, addresses=(letter.address,))
    assert _letter(town, case_id, "invitation").step == "delivered"
    with town.begin("teacher") as tx:
        asked = coordinations.of_case(tx, case_id)[0]
    with town.begin("adviser") as tx:
        notices.opened(tx, "invitation", asked.id)
    assert _letter(town, case_id, "invitation").step == "opened"


def test_only_the_receiver_can_open_a_letter(town):
    case_id, notice_id = _invited(town)
    _hand_over(town, notice_id)
    with town.begin("teacher") as tx:
        asked = coordinations.of_case(tx, case_id)[0]
        assert notices.opened(tx, "invitation", asked.id) == 0
    with town.begin("worker") as tx:
        assert notices.opened(tx, "invitation", asked.id) == 0
    assert _letter(town, case_id, "invitation").opened_at is None


def test_a_bounce_is_a_task_for_the_holder_and_the_administrator(town):
    case_id, notice_id = _invited(town)
    letter = _hand_over(town, notice_id)

    assert _bounce(town, notice_id, letter.address.upper())

    found = _letter(town, case_id, "invitation")
    assert (found.step, found.bounce_code, found.open_task) == ("bounced", "5.1.1", True)
    assert "letter_bounced" in _kinds(town, "teacher")
    assert "letter_bounced" in _kinds(town, "administrator")
    assert "letter_bounced" not in _kinds(town, "principal")
    assert not _bounce(town, notice_id, letter.address), "the same bounce once more changes nothing"
    assert _kinds(town, "teacher").count("letter_bounced") == 1


def test_a_forged_bounce_changes_nothing(town):
    case_id, notice_id = _invited(town)
    letter = _hand_over(town, notice_id)

    assert not _bounce(town, notice_id, "somebody.else@example.test")
    assert not _bounce(town, uuid4(), letter.address)

    assert _letter(town, case_id, "invitation").step == "sent"
    assert "letter_bounced" not in _kinds(town, "teacher")


def test_a_letter_that_has_not_left_cannot_bounce(town):
    case_id, notice_id = _invited(town)
    assert not _bounce(town, notice_id, f"ppt-{notice_id}@example.test")
    assert _letter(town, case_id, "invitation").step == "written"


def test_a_letter_about_a_letter_never_begins_a_circle(town):
    case_id, notice_id = _invited(town)
    _bounce(town, notice_id, _hand_over(town, notice_id).address)
    with town.begin("teacher") as tx:
        told = next(one.id for one in notices.mine(tx) if one.kind == "letter_bounced")
    letter = _hand_over(town, told)

    assert _bounce(town, told, letter.address)

    assert _kinds(town, "administrator").count("letter_bounced") == 1
    with town.begin("coordinator") as tx:
        assert {one.kind for one in notices.unmatched(tx)} == {"invitation", "letter_bounced"}


def test_a_refusal_for_good_is_the_same_task_as_a_bounce(town):
    case_id, notice_id = _invited(town)
    with _jobs(town) as tx:
        notices.mark_failed(tx, notice_id, code="smtp_550", permanent=True)
    found = _letter(town, case_id, "invitation")
    assert (found.step, found.unmatched, found.bounce_code) == ("failed", "given_up", "smtp_550")
    assert "letter_bounced" in _kinds(town, "teacher")


def test_sending_again_needs_a_corrected_address_and_then_reaches_it(town):
    case_id, notice_id = _invited(town)
    _bounce(town, notice_id, _hand_over(town, notice_id).address)
    again = notices.Settle("sent_again", "Fikk riktig adresse på telefon")
    with town.begin("teacher") as tx, pytest.raises(Invalid) as refused:
        notices.settle(tx, notice_id, again)
    assert refused.value.errors == {"how": "address_unchanged"}
    _change_mailbox(town, "ppt", "ny-ppt@example.test")

    with town.begin("teacher") as tx:
        notices.settle(tx, notice_id, again)

    with town.begin("teacher") as tx:
        letters = [one for one in notices.of_case(tx, case_id) if one.kind == "invitation"]
    assert [(one.step, one.settled_as) for one in letters] == [("written", ""), ("bounced", "sent_again")]
    assert _hand_over(town, letters[0].id).address == "ny-ppt@example.test"
    with town.begin("teacher") as tx, pytest.raises(NotFound):
        notices.settle(tx, notice_id, again)


def test_no_task_is_closed_without_a_reason(town, as_owner):
    case_id, notice_id = _invited(town)
    _bounce(town, notice_id, _hand_over(town, notice_id).address)
    for who in ("teacher", "coordinator", "administrator"):
        with town.begin(who) as tx, pytest.raises(Invalid) as refused:
            notices.settle(tx, notice_id, notices.Settle("otherwise", "  "))
        assert refused.value.errors == {"reason": "write_something"}
    wanted = notices.Settle("otherwise", "Ringte PPT, de har den", key="once")
    with town.begin("teacher") as tx:
        notices.settle(tx, notice_id, wanted)
    with town.begin("teacher") as tx, pytest.raises(AlreadyDone):
        notices.settle(tx, notice_id, wanted)
    found = _letter(town, case_id, "invitation")
    assert (found.settled_as, found.settled_reason, found.open_task) == (
        "otherwise", "Ringte PPT, de har den", False,
    )  # fmt: skip
    acts = [row.act for row in as_owner("SELECT act FROM audit WHERE file_id = :c", c=case_id)]
    assert "settle_delivery" in acts


def test_those_inside_who_do_not_hold_the_case_do_not_see_its_letters(town):
    case_id, notice_id = _invited(town)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx, pytest.raises(NotPermitted):
        notices.of_case(tx, case_id)
    for who in ("colleague", "coordinator"):
        with town.begin(who) as tx, pytest.raises(NotFound):
            notices.of_case(tx, case_id)
    with town.begin("principal") as tx:
        assert "invitation" in [one.kind for one in notices.of_case(tx, case_id)]


def test_a_service_that_consent_reaches_no_more_hears_of_its_invitation_alone(town):
    case_id, _notice = _invited(town)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        called = meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["adviser"],))
        meetings.call(tx, case_id, called)
    with town.begin("adviser") as tx:
        assert notices.unseen(tx) == 1 and [one.kind for one in notices.mine(tx)] == ["meeting_summons"]
    with town.begin("teacher") as tx:
        ours = next(one for one in consents.of_case(tx, case_id) if one.service_id == town.services["ppt"])
    with town.begin("teacher") as tx:
        consents.record(tx, ours.id, consents.Answer("withdrawn", "oral"))
    with town.begin("adviser") as tx:
        assert (notices.unseen(tx), notices.mine(tx)) == (0, [])


def test_what_went_to_the_family_shows_the_relation_and_no_address(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        child_id = cases.head(tx, case_id).child.id
        mother = next(g for g in children.guardians(tx, child_id) if g.relation == "mother")
    with town.begin("teacher") as tx:
        children.keep_guardian(
            tx, mother.id, children.KeepGuardian(mother.name, "mother", email="lena@example.test")
        )
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        meetings.call(
            tx,
            case_id,
            meetings.CallMeeting(
                "joint", at, at + timedelta(hours=1), (town.people["teacher"],), (mother.id,)
            ),
        )
    with town.begin("teacher") as tx:
        found = next(one for one in notices.of_case(tx, case_id) if one.to_kind == "guardian")
    assert found.to == "mother"
    assert "lena" not in repr(found).lower()


def test_a_service_without_a_mailbox_is_reached_through_its_leader(town):
    _change_mailbox(town, "ppt", "")
    _case, notice_id = _invited(town)
    letter = _hand_over(town, notice_id)
    assert letter.address.startswith("ppt_leader-")


def test_the_night_lists_what_nobody_can_vouch_for_and_no_more(town, clock):
    case_id, notice_id = _invited(town)
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    _hand_over(town, notice_id)
    clock.at += timedelta(days=4)
    with _jobs(town) as tx:
        notices.reconcile(tx)
    with town.begin("coordinator") as tx:
        found = {(one.kind, one.unmatched) for one in notices.unmatched(tx)}
    assert ("baton_offered", "not_handed_over") in found
    assert ("invitation", "unanswered") not in found, "a service has some days"
    clock.at += timedelta(days=2)
    with _jobs(town) as tx:
        notices.reconcile(tx)
    with town.begin("administrator") as tx:
        found = {(one.kind, one.unmatched) for one in notices.unmatched(tx)}
    assert ("invitation", "unanswered") in found


def test_an_answer_takes_the_letter_off_the_list_by_itself(town, clock):
    _case, notice_id = _invited(town)
    _hand_over(town, notice_id)
    clock.at += timedelta(days=6)
    with _jobs(town) as tx:
        notices.reconcile(tx)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with _jobs(town) as tx:
        notices.reconcile(tx)
    with town.begin("coordinator") as tx:
        assert "invitation" not in [one.kind for one in notices.unmatched(tx)]


def test_the_list_shows_the_own_municipality_and_nothing_of_any_case(town, postgres):
    from tests.factories import Town

    case_id, notice_id = _invited(town)
    _bounce(town, notice_id, _hand_over(town, notice_id).address)
    with town.begin("coordinator") as tx:
        [found] = notices.unmatched(tx)
    assert str(case_id) not in repr(found)
    other = Town.build(town.casework, postgres.owner_url)
    with other.begin("coordinator") as tx:
        assert notices.unmatched(tx) == []
    with other.begin("administrator") as tx, pytest.raises(NotFound):
        notices.settle(tx, notice_id, notices.Settle("otherwise", "Ikke min"))
    with town.begin("manager") as tx, pytest.raises(NotFound):
        notices.unmatched(tx)


def test_a_coordinator_closes_with_a_reason_and_cannot_send_again(town):
    _case, notice_id = _invited(town)
    _bounce(town, notice_id, _hand_over(town, notice_id).address)
    with town.begin("coordinator") as tx, pytest.raises(Invalid):
        notices.settle(tx, notice_id, notices.Settle("sent_again", "Prøver"))
    with town.begin("coordinator") as tx:
        notices.settle(tx, notice_id, notices.Settle("otherwise", "PPT er ringt"))
    with town.begin("coordinator") as tx:
        assert notices.unmatched(tx) == []


def test_the_one_who_reported_a_concern_hears_that_the_letter_came_back(town, as_owner):
    child_id = town.child()
    with town.begin("teacher") as tx:
        report_id = concern_reports.about_child(tx, child_id, concern_reports.SendReport("Redd"))
    [row] = as_owner("SELECT id FROM notices WHERE subject_id = :r AND service_id IS NOT NULL", r=report_id)
    _bounce(town, row.id, _hand_over(town, row.id).address)
    assert "letter_bounced" in _kinds(town, "teacher")
    with town.begin("teacher") as tx:
        notices.settle(tx, row.id, notices.Settle("otherwise", "Ringte vakttelefonen"))
    with town.begin("coordinator") as tx:
        assert notices.unmatched(tx) == []


def _choose(town, who, **ways):
    with town.begin(who) as tx:
        wanted = tuple(notices.Chosen(about, way) for about, way in ways.items())
        notices.choose(tx, notices.Choose(wanted))


def test_what_is_urgent_cannot_be_put_off_or_switched_off(town):
    for about in ("reports", "batons", "deliveries"):
        for way in ("digest", "inside"):
            with pytest.raises(Invalid):
                _choose(town, "teacher", **{about: way})
    with town.begin("teacher") as tx, pytest.raises(Invalid):
        notices.choose(tx, notices.Choose((notices.Chosen("weather", "mail"),)))


def test_a_text_message_needs_a_phone(town, as_owner):
    with pytest.raises(Invalid) as refused:
        _choose(town, "teacher", batons="sms")
    assert refused.value.errors == {"batons": "phone_missing"}
    as_owner("UPDATE practitioners SET phone = '+4790000001' WHERE id = :p", p=town.people["teacher"])
    _choose(town, "teacher", batons="sms")
    with town.begin("teacher") as tx:
        assert {one.about: one.way for one in notices.choices(tx).choices}["batons"] == "sms"


def _offered_to_colleague(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    return case_id, _letter(town, case_id, "baton_offered").id


def test_a_text_message_goes_to_the_phone_and_its_receipt_counts_once(town, as_owner):
    as_owner("UPDATE practitioners SET phone = '+4790000002' WHERE id = :p", p=town.people["colleague"])
    _choose(town, "colleague", batons="sms")
    case_id, notice_id = _offered_to_colleague(town)
    letter = _hand_over(town, notice_id, sms=True)
    assert (letter.channel, letter.address) == ("sms", "+4790000002")
    assert _letter(town, case_id, "baton_offered").step == "texted"
    with _jobs(town) as tx:
        assert notices.texted(tx, f"t-{notice_id}", arrived=True)
    with _jobs(town) as tx:
        assert not notices.texted(tx, f"t-{notice_id}", arrived=True)
        assert not notices.texted(tx, "unknown", arrived=False)
    assert _letter(town, case_id, "baton_offered").step == "delivered"


def test_without_a_gateway_a_text_message_goes_by_mail_instead_of_nowhere(town, as_owner):
    as_owner("UPDATE practitioners SET phone = '+4790000003' WHERE id = :p", p=town.people["colleague"])
    _choose(town, "colleague", batons="sms")
    _case, notice_id = _offered_to_colleague(town)
    letter = _hand_over(town, notice_id)
    assert (letter.channel, "@" in letter.address) == ("mail", True)


def _level_changed(town):
    """Something not urgent to the principal: a deadline is near."""
    case_id = town.case()
    with _jobs(town) as tx:
        tx.without_trail()
        return notices.write(
            tx,
            "deadline_near",
            municipality_id=town.id,
            subject=("case", case_id),
            practitioner_id=town.people["principal"],
            case_id=case_id,
        )


def test_the_digest_says_once_a_working_day_how_much_waits_and_nothing_else(town, clock):
    _choose(town, "principal", deadlines="digest")
    for _ in range(2):
        assert _hand_over(town, _level_changed(town)) is None
    clock.at += timedelta(days=1)
    with _jobs(town) as tx:
        assert notices.write_digests(tx) >= 1
    with _jobs(town) as tx:
        notices.write_digests(tx)
        waiting = notices.waiting(tx, limit=100_000)
        tx.without_trail()
    letters = [one for one in (_hand_over(town, each) for each in waiting) if one and one.kind == "digest"]
    mine = [one for one in letters if one.address.startswith("principal-")]
    assert [(one.values, one.link_path) for one in mine] == [({"count": "2"}, "/notices")]


def test_no_digest_on_a_day_off_and_none_to_somebody_who_has_seen_it_all(town, clock):
    _choose(town, "principal", deadlines="digest")
    _hand_over(town, _level_changed(town))
    clock.at += timedelta(days=4)  # Saturday
    with _jobs(town) as tx:
        assert notices.write_digests(tx) == 0
    clock.at += timedelta(days=2)
    with town.begin("principal") as tx:
        notices.see_all(tx)
    with _jobs(town) as tx:
        notices.write_digests(tx)
    assert "digest" not in _kinds(town, "principal")


def test_whoever_wants_it_only_inside_gets_no_letter_and_finds_it_there(town):
    _choose(town, "principal", deadlines="inside")
    assert _hand_over(town, _level_changed(town)) is None
    with town.begin("principal") as tx:
        [found] = [one for one in notices.mine(tx) if one.kind == "deadline_near"]
    assert found.state == "inside"


def test_what_came_to_the_mailbox_is_counted_and_not_kept(town):
    with _jobs(town) as tx:
        before = notices.inbox_counts(tx).get("bounce_ignored", 0)
        notices.count_inbox(tx, "bounce_ignored")
        notices.count_inbox(tx, "bounce_ignored")
    with town.begin("operator") as tx:
        assert notices.inbox_counts(tx)["bounce_ignored"] == before + 2
    with town.begin("teacher") as tx:
        assert notices.inbox_counts(tx) == {}
