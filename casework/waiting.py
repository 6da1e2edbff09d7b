"""What waits for somebody, as the numbers in a menu: each counts the very list its page shows, all in one question."""

from dataclasses import dataclass

from casework import drifts, relays
from casework.consultations import pages as consultations
from casework.coordinations import pages as coordinations
from casework.meetings import proposals
from casework.notices import pages as notices
from casework.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each: batons and moving families to answer, invitations and times to answer, answers to read,
    questions to one's service, messages not seen, and what is left lying.
    """

    batons: int
    moving_in: int
    invitations: int
    times: int
    answers: int
    questions: int
    messages: int
    drifts: int


_ALL = f"""
    SELECT (SELECT count(*) FROM ({relays.OFFERED}) offered) AS batons,
      cardinality(app.offers_here()) AS moving_in,
      (SELECT count(*) FROM ({coordinations.ASKED_OF_ME}) asked
        WHERE asked.state NOT IN ('accepted', 'declined')) AS invitations,
      (SELECT count(*) FROM ({proposals.TIMES_ASKED_OF_ME}) times WHERE NOT times.mine_answered) AS times,
      advice.answers, advice.questions,
      ({notices.UNSEEN}) AS messages, ({drifts.WAITING}) AS drifts
    FROM ({consultations.WAITING}) advice
"""  # noqa: S608 - our own questions only


def waiting(tx: Transaction) -> Waiting:
    """What waits for whoever is at work."""
    [found] = tx.ask_for(Waiting, _ALL, {"actor": tx.actor.id, "today": tx.today})
    return found
