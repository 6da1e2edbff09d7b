"""What was learnt: proposed by the service that answered, kept when the asker agrees, read by all at work there."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from casework import consequences
from casework.consultations.threads import check, note, scene, theirs
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.charts import move
from levels.consultations import KnowledgeChart, KnowledgeFacts
from records.consultations import Consultation, Knowledge

MOST = 50


@dataclass(frozen=True, slots=True)
class Propose:
    """The wording that others may learn from."""

    question: str
    answer: str
    read_again: bool = False
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is everything."""

    words: str = ""
    theme: str = ""
    age_band: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One piece of knowledge. `may_retire` for those in the service it came from."""

    id: UUID
    service_name: str
    age_band: str
    sector: str
    theme: str
    question: str
    answer: str
    kept_on: date
    may_retire: bool
    municipality_id: UUID
    version: int


_KEPT = """
    SELECT k.id, s.name AS service_name, k.age_band, k.sector, k.theme, k.question, k.answer, k.kept_on,
      k.service_id = ANY (app.my_practice()) AS may_retire, k.municipality_id, k.version
    FROM knowledge k JOIN services s ON s.id = k.service_id
    WHERE k.retired_on IS NULL
"""
# Every word is somewhere in it, whichever marks it is written with.
_FOUND = (
    _KEPT
    + """ AND (:theme = '' OR k.theme = :theme) AND (:age_band = '' OR k.age_band = :age_band)
      AND (:sector = '' OR k.sector = :sector)
      AND NOT EXISTS (
        SELECT 1 FROM unnest(regexp_split_to_array(trim(app.fold(:words)), '\\s+')) AS word
        WHERE strpos(app.fold(k.question || ' ' || k.answer), word) = 0
      )
    ORDER BY k.kept_on DESC, k.id LIMIT :most
"""
)


def learnt(tx: Transaction, wanted: Wanted) -> list[Kept]:
    """What a search finds in the municipalities one works for, the newest first."""
    values = {
        "words": wanted.words,
        "theme": wanted.theme,
        "age_band": wanted.age_band,
        "sector": wanted.sector,
        "most": MOST,
    }
    return tx.ask_for(Kept, _FOUND, values)


def one_kept(tx: Transaction, knowledge_id: UUID) -> Kept:
    """One piece; raises NotFound, also when it is laid aside."""
    found = tx.ask_for(Kept, _KEPT + " AND k.id = :one", {"one": knowledge_id})
    if not found:
        raise NotFound
    return found[0]


def retire(
    tx: Transaction, knowledge_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Lay aside what is no longer right, in the service it came from. Raises NotFound or Stale."""
    tx.once(key, "retire_knowledge", knowledge=knowledge_id)
    if not one_kept(tx, knowledge_id).may_retire:
        raise NotFound
    row = tx.lock(Knowledge, knowledge_id, version=version)
    row.retired_on, row.version = tx.today, row.version + 1
    tx.note("knowledge", row.id, "retire_knowledge", municipality_id=row.municipality_id)
    tx.result(knowledge_id=row.id)
    return knowledge_id


def propose(tx: Transaction, consultation_id: UUID, wanted: Propose) -> UUID:
    """Word the question and the answer so that others may learn from them; the asker is asked.

    Raises NotFound, Invalid, also when the wording names somebody, Stale, or Refused.
    """
    tx.once(wanted.key, "propose_knowledge", consultation=consultation_id, answer=wanted.answer)
    row = _hold(tx, consultation_id, wanted.version, asker=False)
    check(
        tx, row.municipality_id, read_again=wanted.read_again, question=wanted.question, answer=wanted.answer
    )
    row.knowledge_question, row.knowledge_answer = wanted.question.strip(), wanted.answer.strip()
    return _carry(tx, row, "propose")


def agree(
    tx: Transaction, consultation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Let the wording be kept for all: a piece of its own, that nothing joins to the question any more.

    Raises NotFound to anybody but the asker, Stale or Refused.
    """
    tx.once(key, "agree_knowledge", consultation=consultation_id)
    row = _hold(tx, consultation_id, version, asker=True)
    after = move(KnowledgeChart, row.knowledge_state, "agree", _facts(row))
    if not tx.scalar("SELECT app.keep_knowledge(:one, :fresh)", one=row.id, fresh=uuid4()):
        raise NotFound
    return _settle(tx, row, "agree", after.after)


def decline(
    tx: Transaction, consultation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Say no to keeping it, as the asker or in the service. Raises NotFound, Stale or Refused."""
    tx.once(key, "decline_knowledge", consultation=consultation_id)
    asks = tx.get(Consultation, consultation_id).asker_id == tx.actor.id
    row = _hold(tx, consultation_id, version, asker=asks)
    after = move(KnowledgeChart, row.knowledge_state, "decline", _facts(row))
    return _settle(tx, row, "decline", after.after)


def _hold(tx: Transaction, consultation_id: UUID, version: int | None, *, asker: bool) -> Consultation:
    theirs(tx, tx.get(Consultation, consultation_id), asker=asker)
    return tx.lock(Consultation, consultation_id, version=version)


def _facts(row: Consultation) -> KnowledgeFacts:
    return KnowledgeFacts(
        something_written=bool(row.knowledge_question and row.knowledge_answer),
        nobody_named=True,
        answer_given=row.state in ("answered", "closed"),
        asker_agrees=True,
    )


def _carry(tx: Transaction, row: Consultation, event: str) -> UUID:
    moved = move(KnowledgeChart, row.knowledge_state, event, _facts(row))
    row.knowledge_state, row.moved_at, row.version = moved.after, tx.now, row.version + 1
    consequences.carry_out(tx, scene(row), moved.consequences)
    note(tx, row, f"{event}_knowledge")
    tx.result(consultation_id=row.id)
    return row.id


def _settle(tx: Transaction, row: Consultation, event: str, state: str) -> UUID:
    """The wording is gone from the question, whichever way it went."""
    row.knowledge_state, row.moved_at, row.version = state, tx.now, row.version + 1
    row.knowledge_question = row.knowledge_answer = ""
    note(tx, row, f"{event}_knowledge")
    tx.result(consultation_id=row.id)
    return row.id
