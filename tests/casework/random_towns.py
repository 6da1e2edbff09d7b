"""A town acted upon by anybody in any order: what property tests let happen before they look."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st

from casework import (
    cases,
    children,
    consents,
    coordinations,
    disqualifications,
    families,
    followups,
    logs,
    measures,
    relays,
)
from casework.access import Actor
from casework.ports import SetClock
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale
from casework.transactions import Transaction
from tests.factories import Town

PEOPLE = (
    "teacher",
    "colleague",
    "principal",
    "nurse",
    "adviser",
    "ppt_leader",
    "worker",
    "coordinator",
    "carer",
)
REFUSALS = (Invalid, NotFound, NotPermitted, Refused, Stale)
ACTS = (
    "offer", "answer", "take_over", "raise", "close", "reopen", "consent", "invite", "reply", "write", "child",
    "measure", "days", "sweep", "withdraw_invitation",
)  # fmt: skip
# What takes sight away from somebody, or lets a family in: for tests that look at who sees what.
BY_FAMILY = ("take_back", "say")
ACTS_ON_SIGHT = (*ACTS, "step_aside", "send_away", "let_in", *BY_FAMILY)


def steps(kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str, int]]:
    """One act: what, by whom, and a number that decides the rest."""
    return st.tuples(st.sampled_from(kinds), st.sampled_from(PEOPLE), st.integers(0, 7))


class RandomTown:
    """One case in a town. `members` are those of the family who have come in."""

    def __init__(self, town: Town, clock: SetClock, **first: tuple[str, ...]) -> None:
        self.town, self.clock, self.child_id = town, clock, town.child()
        self.case_id = town.case(child_id=self.child_id, **first)
        self.members: list[UUID] = []

    def act(self, kind: str, who: str, number: int) -> None:
        """Try one act; a refusal is an answer, anything else is a fault."""
        if kind == "days":
            self.clock.at += timedelta(days=number)
            return
        if kind in BY_FAMILY and not self.members:
            return
        try:
            if kind == "let_in":
                self._let_in(who, number)
                return
            with self.town.casework.begin(self._actor(kind, who, number)) as tx:
                getattr(self, "_" + kind)(tx, number)
        except REFUSALS:
            return

    def _let_in(self, who: str, number: int) -> None:
        with self.town.begin(who) as tx:
            family = children.guardians(tx, self.child_id)
            born = children.one(tx, self.child_id).born_on
        if not family:  # whoever only knows the child from their unit sees no guardian
            return
        with self.town.begin(who) as tx:
            code = families.hand_out(tx, self.case_id, family[number % len(family)].id)
        with self.town.casework.begin(Actor.stranger()) as tx:
            member = families.by_code(tx, code.code, born)
        if member and member not in self.members:
            self.members.append(member)

    def _actor(self, kind: str, who: str, number: int) -> Actor:
        if kind == "sweep":
            return Actor.system()
        if kind in BY_FAMILY:
            return Actor.of_family(self.members[number % len(self.members)])
        return self.town.actor(who)

    def _sweep(self, tx: Transaction, _: int) -> None:
        followups.expire_due(tx)

    def _offer(self, tx: Transaction, number: int) -> None:
        to = self.town.people[PEOPLE[number]]
        relays.offer(tx, self.case_id, relays.OfferBaton(to, family_told_on=tx.today if number % 3 else None))

    def _answer(self, tx: Transaction, number: int) -> None:
        for waiting in relays.offered_to_me(tx):
            if number % 2:
                relays.accept(tx, waiting.handover_id)
            else:
                relays.decline(tx, waiting.handover_id, reason="travelt")

    def _take_over(self, tx: Transaction, number: int) -> None:
        relays.take_over(
            tx, self.case_id, to_id=self.town.people[PEOPLE[number]], reason="syk" if number else ""
        )

    def _raise(self, tx: Transaction, number: int) -> None:
        cases.change_level(
            tx, self.case_id, cases.ChangeLevel(str(number % 4), reason="prøver" if number > 3 else "")
        )

    def _close(self, tx: Transaction, number: int) -> None:
        cases.close(tx, self.case_id, cases.CloseCase("ferdig" if number % 2 else ""))

    def _reopen(self, tx: Transaction, number: int) -> None:
        cases.reopen(tx, self.case_id, to=str(number % 4), reason="igjen" if number > 2 else "")

    def _consent(self, tx: Transaction, number: int) -> None:
        service = self.town.services[("ppt", "health")[number % 2]]
        asked = consents.ask(tx, self.case_id, (consents.Question(service, "samarbeid"),))
        answer = ("yes", "no", "withdrawn", "yes")[number % 4]
        for consent_id in asked:
            consents.record(tx, consent_id, consents.Answer(answer, "oral"))

    def _invite(self, tx: Transaction, number: int) -> None:
        service = self.town.services[("ppt", "health", "welfare", "kindergarten")[number % 4]]
        coordinations.invite(tx, self.case_id, (coordinations.Ask(service, "råd"),))

    def _reply(self, tx: Transaction, number: int) -> None:
        for one in coordinations.asked_of_me(tx):
            coordinations.reply(tx, one.id, coordinations.Reply(("yes", "no", "more")[number % 3], "fordi"))

    def _withdraw_invitation(self, tx: Transaction, _: int) -> None:
        for one in coordinations.of_case(tx, self.case_id):
            coordinations.withdraw(tx, one.id)

    def _write(self, tx: Transaction, number: int) -> None:
        logs.write(tx, self.case_id, logs.WriteEntry("hei" if number else ""))

    def _child(self, tx: Transaction, number: int) -> None:
        logs.write_child_view(tx, self.case_id, words="det går bra" if number else "")

    def _measure(self, tx: Transaction, number: int) -> None:
        who = self.town.people[PEOPLE[number]]
        measure_id = measures.plan(tx, self.case_id, measures.PlanMeasure("tiltak", "mål", who))
        if number % 2:
            measures.evaluate(tx, measure_id, measures.EvaluateMeasure("reached", "end", child_said="bra"))

    def _step_aside(self, tx: Transaction, number: int) -> None:
        stand_in = self.town.people[PEOPLE[number]]
        disqualifications.declare(
            tx, self.case_id, disqualifications.Declare("family", "slekt", stand_in_id=stand_in)
        )

    def _send_away(self, tx: Transaction, number: int) -> None:
        who = self.town.people[PEOPLE[number]]
        disqualifications.declare(
            tx, self.case_id, disqualifications.Declare("friend", "venn", practitioner_id=who)
        )

    def _take_back(self, tx: Transaction, _: int) -> None:
        for one in families.asked(tx, self.case_id):
            if one.state in ("given", "limited"):
                families.withdraw(tx, one.id)

    def _say(self, tx: Transaction, number: int) -> None:
        kind = ("question", "correction", "complaint", "close")[number % 4]
        families.say(tx, self.case_id, families.Say(kind, "Hva skjer?"))
