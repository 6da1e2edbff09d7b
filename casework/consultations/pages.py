"""Questions as their readers see them: the asker's own, those put to one's services, and one as a thread."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.consultations.limits import in_town
from casework.consultations.threads import facts_of, note
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.charts import offers
from levels.consultations import ASKERS, ConsultationChart
from records.consultations import Consultation


@dataclass(frozen=True, slots=True)
class Question:
    """A question in a list. `asker` is empty when the asker is not named; `mine` for one's own."""

    id: UUID
    service_name: str
    municipality_name: str
    age_band: str
    sector: str
    theme: str
    state: str
    question: str
    asked_at: datetime
    answer_by: date | None
    named: bool
    asker: str
    taker: str
    mine: bool
    taken_by_me: bool
    knowledge_state: str
    version: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in the thread; `by` is empty for an asker who is not named."""

    kind: str
    body: str
    by: str
    mine: bool
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """One question with all that was said, what the reader may do, and the wording proposed as knowledge."""

    question: Question
    lines: tuple[Line, ...]
    may: frozenset[str]
    knowledge_question: str
    knowledge_answer: str
    kept_months: int


_QUESTIONS = """
    SELECT c.id, s.name AS service_name, m.name AS municipality_name, c.age_band, c.sector, c.theme, c.state,
      (SELECT t.body FROM consultation_messages t WHERE t.consultation_id = c.id ORDER BY t.id LIMIT 1) AS question,
      c.asked_at,
      (SELECT d.target_on FROM deadlines d WHERE d.subject_id = c.id AND d.due = 'advice' AND d.settled_at IS NULL)
        AS answer_by, c.named,
      CASE WHEN c.named OR c.asker_id = app.actor_id() THEN a.name ELSE '' END AS asker,
      coalesce(p.name, '') AS taker, c.asker_id = app.actor_id() AS mine,
      coalesce(c.taken_by_id = app.actor_id(), false) AS taken_by_me, c.knowledge_state, c.version
    FROM consultations c
    JOIN services s ON s.id = c.service_id
    JOIN municipalities m ON m.id = c.municipality_id
    JOIN practitioners a ON a.id = c.asker_id
    LEFT JOIN practitioners p ON p.id = c.taken_by_id
"""
_MINE = (
    _QUESTIONS
    + " WHERE c.asker_id = app.actor_id() ORDER BY array_position(ARRAY['answered', 'taken', 'asked'], c.state),"
    " c.asked_at DESC LIMIT :most"
)
_PUT_TO_US = (
    _QUESTIONS + " WHERE c.service_id = ANY (app.my_practice()) AND c.state <> 'withdrawn'"
    " ORDER BY (c.state NOT IN ('asked', 'taken')), answer_by, c.asked_at DESC LIMIT :most"
)
_LINES = """
    SELECT m.kind, m.body,
      CASE WHEN m.kind = 'answer' OR c.named OR m.author_id = app.actor_id() THEN p.name ELSE '' END AS by,
      m.author_id = app.actor_id() AS mine, m.written_at
    FROM consultation_messages m
    JOIN consultations c ON c.id = m.consultation_id
    JOIN practitioners p ON p.id = m.author_id
    WHERE m.consultation_id = :one ORDER BY m.id
"""
WAITING = """
    SELECT
      (SELECT count(*) FROM consultations c WHERE c.asker_id = app.actor_id()
        AND (c.state = 'answered' OR c.knowledge_state = 'proposed')) AS answers,
      (SELECT count(*) FROM consultations c WHERE c.service_id = ANY (app.my_practice())
        AND (c.state = 'asked' OR (c.state = 'taken' AND c.taken_by_id = app.actor_id()))) AS questions
"""
MOST = 100


def mine(tx: Transaction) -> list[Question]:
    """What one has asked; answers to be read come first."""
    return tx.ask_for(Question, _MINE, {"most": MOST})


def put_to_us(tx: Transaction) -> list[Question]:
    """What is put to the services in which one meets children; what waits comes first, by its day."""
    return tx.ask_for(Question, _PUT_TO_US, {"most": MOST})


def waiting(tx: Transaction) -> tuple[int, int]:
    """How many answers the actor has to read, and how many questions the actor's services have to answer."""
    [found] = tx.ask(WAITING)
    return found.answers, found.questions


def thread(tx: Transaction, consultation_id: UUID) -> Thread:
    """One question with all that was said; raises NotFound to others than the asker and the asked service."""
    row = tx.get(Consultation, consultation_id)
    found = tx.ask_for(Question, _QUESTIONS + " WHERE c.id = :one", {"one": consultation_id})
    if not found:
        raise NotFound
    lines = tx.ask_for(Line, _LINES, {"one": consultation_id})
    note(tx, row, "read_consultation")
    months = in_town(tx, row.municipality_id).kept_months
    return Thread(found[0], tuple(lines), _may(tx, row), row.knowledge_question, row.knowledge_answer, months)


def _may(tx: Transaction, row: Consultation) -> frozenset[str]:
    """The open moves that are the reader's to make, and those about keeping what was learnt."""
    asks = row.asker_id == tx.actor.id
    serves = any(one.service_id == row.service_id for one in tx.actor.practice())
    open_ones = {
        one.event
        for one in offers(ConsultationChart, row.state, facts_of(tx, row, consent=True))
        if one.open and (asks if one.event in ASKERS else serves)
    }
    if row.knowledge_state == "proposed":
        open_ones |= {"agree", "decline"} if asks else {"decline"}
    elif row.knowledge_state == "unproposed" and row.state in ("answered", "closed") and serves and not asks:
        open_ones.add("propose")
    if row.taken_by_id == tx.actor.id:
        open_ones.discard("take")
    return frozenset(open_ones)
