"""Moves no guide speaks of: a case comes from another municipality, goes to one, or ends with a pregnancy."""

from typing import Any
from uuid import UUID

from casework import guides, logs
from casework.cases.moves import ChangeLevel, follow, put_down, write_move
from casework.transactions import Transaction
from levels.cases import CaseChart, CaseFacts
from levels.charts import move
from records.cases import Case


def arrive(tx: Transaction, case: Case, *, reason: str) -> None:
    """Let a case that another municipality has handed over in, at the guide's first level of measures.

    However high it stood there: services and consent are found anew here, and the case is raised when they are.
    """
    facts = CaseFacts(holder_named=case.holder_id is not None, handed_over=True)
    moved = move(CaseChart, case.state, "take_in", facts)
    level_id, step_id = guides.first_position(tx, case.guide_id, 1)
    wanted = ChangeLevel(level_id, reason=reason)
    write_move(tx, case, moved.event, moved.after, wanted, guides.Judgement("allowed", (), None))
    case.state, case.level_id, case.step_id = moved.after, level_id, step_id
    tx.session.flush()
    follow(tx, case, moved.consequences)


def leave(tx: Transaction, case: Case, *, reason: str, reference: str, by: UUID | None = None) -> None:
    """Close a case that another municipality has taken, with where it is now; its measures are theirs to evaluate.

    `by` is who took it there, when that is somebody of this house. Raises Refused while the baton is on its way to
    somebody.
    """
    facts = CaseFacts(taken_elsewhere=True, baton_settled=case.relay_state != "offered")
    closing = {"reason": reason, "moved_away": True, "reference_there": reference}
    _end(tx, case, "move_away", facts, closing, by=by)


def end_with_pregnancy(tx: Transaction, case: Case, *, reason: str) -> None:
    """Close the case of a pregnancy that ended: nothing is left to evaluate, and nobody is asked for anything.

    Raises Refused while the baton is on its way to somebody.
    """
    facts = CaseFacts(pregnancy_ended=True, baton_settled=case.relay_state != "offered")
    _end(tx, case, "end_with_pregnancy", facts, {"reason": reason, "pregnancy_ended": True})


def _end(
    tx: Transaction,
    case: Case,
    event: str,
    facts: CaseFacts,
    closing: dict[str, Any],
    *,
    by: UUID | None = None,
) -> None:
    moved = move(CaseChart, case.state, event, facts)
    out = ChangeLevel("close", reason=closing["reason"])
    write_move(tx, case, event, moved.after, out, guides.Judgement("allowed", (), None), by=by)
    case.state, case.closed_at, case.closing = moved.after, tx.now, closing
    tx.session.flush()
    follow(tx, case, moved.consequences)
    logs.touch(tx, case)
    tx.note("case", case.id, event, municipality_id=case.municipality_id, version=case.version)
    put_down(tx, case, closing["reason"])
