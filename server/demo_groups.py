"""Two files of the demo's region that are not about one born child: a pregnancy, and a class."""

from datetime import timedelta
from uuid import UUID

from casework import children, consents, logs, measures, signals
from server.demo_stories import Place, Teller


def tell_of_others(tell: Teller) -> None:
    """In the first town, each a month and a half old and under way."""
    place = tell.places[0]
    _begin(tell, 45)
    _pregnancy(tell, place, place.people["health_leader"][0])
    _begin(tell, 40)
    _class(tell, place, place.people["principal"][0])
    tell.clock.at = tell.now


def _begin(tell: Teller, days: int) -> None:
    tell.clock.at = (tell.now - timedelta(days=days)).replace(hour=9, minute=10)


def _pregnancy(tell: Teller, place: Place, nurse: UUID) -> None:
    expected = tell.now.date() + timedelta(days=95)
    wanted = children.RegisterPregnancy(
        place.services["station"], "Silje", "Haukås", expected, phone="00 00 00 00"
    )
    with tell.by(nurse) as tx:
        child_id = children.register_pregnancy(tx, wanted)
    case_id = _raised(tell, child_id, nurse, "Bor alene, sover lite og er redd for å bli mor.")
    _work(
        tell,
        case_id,
        nurse,
        measures.PlanMeasure("Samtaler på helsestasjonen hver uke", "Silje kjenner seg trygg", nurse),
        "Silje vil gjerne ha hjelp til å ordne leilighet før termin.",
    )
    with tell.by(nurse) as tx:
        question = consents.Question(place.services["leisure"], "Åpen barnehage og treffsted for gravide.")
        consents.ask(tx, case_id, (question,))


def _class(tell: Teller, place: Place, principal: UUID) -> None:
    with tell.by(principal) as tx:
        child_id = children.register_group(tx, children.RegisterGroup(place.services["school"], "7B"))
    saw = "Mye uro i timene, og flere sier at de er redde i gangen."
    case_id = _raised(tell, child_id, principal, saw, said="Vi vil ha ro i timene og voksne i gangen.")
    _work(
        tell,
        case_id,
        principal,
        measures.PlanMeasure("En voksen i gangen i alle friminutt", "Ingen er redde i gangen", principal),
        "Klassen har laget regler sammen.",
    )


def _raised(tell: Teller, child_id: UUID, by: UUID, saw: str, *, said: str = "") -> UUID:
    """Noted, thought over for three days, and raised to the first level of measures."""
    with tell.by(by) as tx:
        signal_id = signals.note(tx, signals.NoteSignal(child_id, saw, "worried", ("wellbeing",)))
    tell.later(3, 3)
    with tell.by(by) as tx:
        first = next(one for one in signals.details(tx, signal_id).outcomes if one.rung == 1)
        answers = tuple(signals.Agreed(g.id, channel="paper") for g in children.guardians(tx, child_id))
        told_on = tx.today if answers else None
        wanted = signals.RaiseSignal(
            first.to,
            first.when,
            by,
            guardians_told_on=told_on,
            child_said=said,
            agreed=answers,
            considered=True,
        )
        return signals.raise_case(tx, signal_id, wanted)


def _work(tell: Teller, case_id: UUID, by: UUID, measure: measures.PlanMeasure, wrote: str) -> None:
    tell.later(2, 2)
    with tell.by(by) as tx:
        measures.plan(tx, case_id, measure)
    tell.later(4, 4)
    with tell.by(by) as tx:
        logs.write(tx, case_id, logs.WriteEntry(wrote))
