"""Some of the region's families have come in by their own door: asked, answered, and said what they think."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from casework import attachments, cases, children, consents, families, logs
from casework.access import Actor
from casework.cases import CaseHead
from casework.refusals import Invalid, NotPermitted, Refused
from levels.families import YOUTH_AGE
from server import demo_papers
from server.demo_stories import Place, Teller

SAID = ("Når er neste møte, og kan bestemor være med?", "Det går bedre om morgenen nå.")
ANSWER = "Ja, hun er hjertelig velkommen. Vi sender dere tid i morgen."
KEPT = "Barnet fortalte hva det er redd for, og ba om at vi venter med å si det hjemme."
GROUND = "Av hensyn til barnet, forvaltningsloven § 19"


def let_families_in(tell: Teller) -> None:
    """In every town both parents of one child and one youth, with a question that waits for them.

    What the child has told is kept from the parents until a day that is near.
    """
    for place in tell.places:
        tell.clock.at = (tell.now - timedelta(days=3)).replace(hour=10)
        found = _open_cases(tell, place)
        young = [one for one in found if (one[1].child.age(tell.clock.at.date()) or 0) < YOUTH_AGE]
        old = [one for one in found if (one[1].child.age(tell.clock.at.date()) or 0) >= YOUTH_AGE]
        with suppress(Refused, Invalid, NotPermitted):
            for holder, head in young[:1]:
                _parents(tell, place, holder, head)
        with suppress(Refused, Invalid, NotPermitted):
            for holder, head in old[:1]:
                _youth(tell, holder, head)


def _open_cases(tell: Teller, place: Place) -> list[tuple[UUID, CaseHead]]:
    found = []
    for holder in place.people["teacher"]:
        with tell.by(holder) as tx:
            mine = cases.mine(tx, cases.Wanted(mine_only=True)).cases
        for one in mine:
            with tell.by(holder) as tx:
                head = cases.head(tx, one.id)
            if head.holder_is_me and head.state != "closed":  # the baton may have gone on since
                found.append((holder, head))
    return found


def _come_in(tell: Teller, holder: UUID, head: CaseHead, guardian_id: UUID | None) -> Actor:
    with tell.by(holder) as tx:
        code = families.hand_out(tx, head.id, guardian_id)
    with tell.house.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.code, head.child.born_on)
    assert member is not None  # noqa: S101 - the code was made a line ago
    return Actor.of_family(member)


def _ask(tell: Teller, place: Place, holder: UUID, head: CaseHead, service: str) -> None:
    question = consents.Question(
        place.services[service],
        "Vi vil be om råd om hvordan skolen kan hjelpe.",
        "Hva vi har prøvd, og hvordan det går.",
        "Det dere har fortalt om hjemmet.",
    )
    with tell.by(holder) as tx:
        consents.ask(tx, head.id, (question,))


def _parents(tell: Teller, place: Place, holder: UUID, head: CaseHead) -> None:
    with tell.by(holder) as tx:
        guardians = [one for one in children.guardians(tx, head.child.id) if one.responsible]
    members = [_come_in(tell, holder, head, one.id) for one in guardians]
    if not members:
        return
    with tell.house.begin(members[0]) as tx:
        letter = families.Attach(demo_papers.LETTER, demo_papers.letter())
        word_id = families.say(tx, head.id, families.Say("question", SAID[0], attached=letter))
    tell.clock.at += timedelta(hours=3)
    with tell.by(holder) as tx:
        attachments.put(tx, head.id, attachments.PutAttachment(demo_papers.REPORT, demo_papers.report()))
    with tell.by(holder) as tx:
        soon = (tell.now + timedelta(days=2)).date()
        kept = logs.WriteEntry(KEPT, for_family=False, hidden_reason=GROUND, hidden_until=soon)
        logs.write(tx, head.id, kept)
    with tell.by(holder) as tx:
        families.answer_word(tx, word_id, families.AnswerWord(ANSWER))
    for service in ("ppt", "leisure"):
        if service in place.services:
            _ask(tell, place, holder, head, service)


def _youth(tell: Teller, holder: UUID, head: CaseHead) -> None:
    youth = _come_in(tell, holder, head, None)
    with tell.house.begin(youth) as tx:
        families.say(tx, head.id, families.Say("view", SAID[1], mood=1, for_guardians=False))
