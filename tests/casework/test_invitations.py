"""Answers that come at the wrong moment: two at once, to a question taken back, from somebody not asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from casework import coordinations, notices
from casework.refusals import NotFound, Stale


@pytest.fixture
def invitation(town) -> tuple[UUID, UUID, int]:
    """A case with PPT asked; answers the case, the invitation and the version its page carries."""
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        [row] = coordinations.of_case(tx, case_id)
    return case_id, row.id, row.version


def test_of_two_answers_at_once_one_holds_and_the_other_is_shown_it(town, invitation, as_owner):
    case_id, asked, version = invitation
    ready = Barrier(2)

    def say(who: str, answer: str) -> str:
        try:
            with town.begin(who) as tx:
                coordinations.asked_of_me(tx)
                ready.wait(10)
                said = coordinations.Reply(answer, message="Vi har ikke kapasitet.", version=version)
                coordinations.reply(tx, asked, said)
        except Stale as stale:
            assert stale.version == version + 1
            return "stale"
        return answer

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(say, ("adviser", "ppt_leader"), ("yes", "no")))

    assert sorted(said) in (["no", "stale"], ["stale", "yes"])
    with town.begin("teacher") as tx:
        [row] = coordinations.of_case(tx, case_id)
    assert row.state == {"yes": "accepted", "no": "declined"}[next(one for one in said if one != "stale")]
    inside = as_owner(
        "SELECT 1 FROM participations WHERE case_id = :case AND service_id = :ppt AND until IS NULL",
        case=case_id, ppt=town.services["ppt"],
    )  # fmt: skip
    assert bool(inside) == ("yes" in said), "whoever said yes and their leader, or nobody"
    with town.begin("teacher") as tx:
        told = [one for one in notices.mine(tx) if one.subject_id == asked]
    assert len(told) == 1, "the holder is told of the answer that holds and of no other"


def test_a_question_taken_back_is_answered_no_more_and_lets_nobody_in(town, invitation, as_owner):
    case_id, asked, version = invitation
    with town.begin("teacher") as tx:
        coordinations.withdraw(tx, asked)
    for said in (coordinations.Reply("yes"), coordinations.Reply("yes", version=version)):
        with pytest.raises(NotFound), town.begin("adviser") as tx:
            coordinations.reply(tx, asked, said)
    assert as_owner(
        "SELECT count(*) FROM participations WHERE case_id = :case AND service_id = :ppt",
        case=case_id, ppt=town.services["ppt"],
    )[0][0] == 0  # fmt: skip
    with town.begin("adviser") as tx:
        assert coordinations.asked_of_me(tx) == []


def test_only_the_service_that_was_asked_answers(town, invitation):
    _case_id, asked, _version = invitation
    for who in ("colleague", "worker", "coordinator", "teacher"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            coordinations.reply(tx, asked, coordinations.Reply("yes"))
