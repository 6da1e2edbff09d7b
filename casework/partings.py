"""Siblings' meetings that part: from then on each file's meeting stands alone, and whoever must know is told.

They part by an act of somebody who answers for one file alone, by the end of the link, by a lost consent, and when
somebody called for both steps aside from one file. No word of it tells of a sibling.
"""

from typing import Any
from uuid import UUID

from casework import notices
from casework.transactions import Transaction
from records.cases import Case


def hold(tx: Transaction, case_id: UUID) -> None:
    """Hold a case and the files it shares meetings with, in one order for everybody, before anything in them."""
    tx.ask("SELECT app.hold_with_siblings(:case)", {"case": case_id})


def locked(tx: Transaction, case_id: UUID) -> Case:
    """The case, held for the act together with those files; raises NotFound."""
    hold(tx, case_id)
    return tx.lock(Case, case_id)


_FILES = """
    SELECT unnest(ARRAY[l.case_id, l.other_case_id]) AS case_id
    FROM sibling_shares x JOIN sibling_links l ON l.id = x.link_id
    WHERE x.parted_at IS NULL AND x.meeting_id IS NOT NULL AND :case IN (l.case_id, l.other_case_id)
"""


def hold_if_free(tx: Transaction, case_id: UUID) -> bool:
    """The same without waiting, for jobs: False when somebody is at work on one of them."""
    files = {case_id, *(row.case_id for row in tx.ask(_FILES, {"case": case_id}))}
    return all(tx.hold(Case, one) for one in sorted(files))


def part(tx: Transaction, share_id: UUID) -> None:
    """From now on each meeting stands alone, and whoever must know is told; nothing when they have parted already.

    Whoever had one letter for both gets one for the other too, while they sit in that file.
    """
    tx.session.flush()
    if not tx.scalar("SELECT app.part_meetings(:share, :at)", share=share_id, at=tx.now):
        return
    pair = tx.ask("SELECT * FROM app.parted_meetings(:share)", {"share": share_id})
    first, second = sorted(pair, key=lambda one: not one.leads)
    for one in pair:
        tx.note(
            "case", one.case_id, "part_meetings", municipality_id=one.municipality_id, meeting=one.meeting_id
        )
        if one.ahead and one.holder_id != tx.actor.id:
            _write(tx, one, "meeting_to_check", practitioner_id=one.holder_id)
    if not second.ahead:
        return
    sql = """
        SELECT practitioner_id, guardian_id FROM app.called_in_both(:first, :second)
        WHERE practitioner_id IS NULL OR app.sits_in(practitioner_id, :case)
    """
    values = {"first": first.meeting_id, "second": second.meeting_id, "case": second.case_id}
    for seat in tx.ask(sql, values):
        _write(
            tx, second, "meeting_summons", practitioner_id=seat.practitioner_id, guardian_id=seat.guardian_id
        )


def _write(
    tx: Transaction, one: Any, kind: str, *, practitioner_id: UUID | None, guardian_id: UUID | None = None
) -> None:
    notices.write(
        tx,
        kind,
        municipality_id=one.municipality_id,
        subject=("meeting", one.meeting_id),
        case_id=one.case_id,
        edition=one.sequence,
        practitioner_id=practitioner_id,
        guardian_id=guardian_id,
    )


def part_by_link(tx: Transaction, link_id: UUID) -> None:
    """Part every meeting a link has in common, when it ends; both files are held already."""
    sql = (
        "SELECT id FROM sibling_shares WHERE link_id = :link AND meeting_id IS NOT NULL AND parted_at IS NULL"
    )
    for row in tx.ask(sql, {"link": link_id}):
        part(tx, row.id)


def part_unreached(tx: Transaction, case_id: UUID) -> None:
    """Part every meeting ahead that consent lets two siblings share no longer: the link's own, or that of somebody
    called for both who may no longer sit in one of the files. The act that brought it about holds both files.
    """
    tx.session.flush()
    for row in tx.ask("SELECT app.unreached_shares(:case) AS id", {"case": case_id}):
        part(tx, row.id)


# A day alone may end a link: the one a youth decides from, or the last one of a yes.
_ENDED = """
    SELECT DISTINCT l.case_id FROM sibling_shares x JOIN sibling_links l ON l.id = x.link_id
    WHERE x.parted_at IS NULL AND NOT app.siblings_live(l.id)
      AND EXISTS (SELECT 1 FROM meetings m WHERE m.id IN (x.meeting_id, x.other_meeting_id) AND m.state = 'summoned')
"""


def part_all_unreached(tx: Transaction) -> None:
    """The same wherever a link holds no more, for jobs; a file somebody is at work on waits for the next time."""
    tx.session.flush()
    for row in tx.ask(_ENDED):
        if hold_if_free(tx, row.case_id):
            part_unreached(tx, row.case_id)
