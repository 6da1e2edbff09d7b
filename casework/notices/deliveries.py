"""What became of letters after they left: delivered, bounced, unmatched, and how each was settled."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import relations
from casework.access import Relation, Role
from casework.notices.letters import mark_of, receiver, write
from casework.notices.pages import Sent, shown
from casework.notices.tasks import tell_of_undelivered
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from records.base import new_id
from records.cases import Case
from records.notices import Notice

HANDED_OVER = ("sent", "delivered")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A letter nobody can vouch for: an id, a kind, an age. No name, no case, no address."""

    id: UUID
    municipality_id: UUID
    kind: str
    channel: str
    state: str
    unmatched: str
    written_at: datetime
    unmatched_at: datetime


@dataclass(frozen=True, slots=True)
class Settle:
    """How an undelivered letter was dealt with, and why that is enough."""

    how: str
    reason: str = ""
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Task:
    """An undelivered letter as the one who settles it sees it; `letter` only for whoever is inside the file."""

    id: UUID
    kind: str
    case_id: UUID | None
    child_id: UUID | None
    guardian: bool
    unmatched: str
    written_at: datetime
    may_send_again: bool
    settled: bool
    letter: Sent | None = None


def delivered(tx: Transaction, notice_id: UUID, *, addresses: tuple[str, ...]) -> bool:
    """A delivery status notification says that the letter arrived where it was sent; False when it is not ours."""
    notice = _answering(tx, notice_id, addresses)
    if notice is None or notice.state != "sent":
        return False
    notice.state, notice.delivered_at = "delivered", tx.now
    return True


def bounced(tx: Transaction, notice_id: UUID, *, addresses: tuple[str, ...], code: str) -> bool:
    """The letter came back: marked, and made a task. False, and nothing changed, for an address it never went to."""
    notice = _answering(tx, notice_id, addresses)
    return notice is not None and _bounce(tx, notice, code)


def _answering(tx: Transaction, notice_id: UUID, addresses: tuple[str, ...]) -> Notice | None:
    tx.without_trail()
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = tx.session.exec(wanted).first()
    if notice is None or notice.address_mark is None or notice.channel != "mail":
        return None
    marks = {mark_of(notice_id, one) for one in addresses if one}
    return notice if notice.address_mark in marks else None


def _bounce(tx: Transaction, notice: Notice, code: str) -> bool:
    if notice.state not in HANDED_OVER:
        return False
    notice.state, notice.bounced_at, notice.bounce_code = "bounced", tx.now, code[:40]
    tell_of_undelivered(tx, notice, "bounced", write)
    return True


def texted(tx: Transaction, transport_id: str, *, arrived: bool, code: str = "") -> bool:
    """A text message's receipt; the same receipt twice changes nothing, an unknown one neither. For jobs."""
    tx.without_trail()
    wanted = select(Notice).where(Notice.transport_id == transport_id, Notice.channel == "sms")
    notice = tx.session.exec(wanted.with_for_update()).first()
    if notice is None:
        return False
    if not arrived:
        return _bounce(tx, notice, code or "sms_failed")
    if notice.state != "sent":
        return False
    notice.state, notice.delivered_at = "delivered", tx.now
    return True


# Every letter is asked the same question again; one that has been answered, opened or delivered since leaves the list
# by itself, and any other leaves it only with a reason.
_RECONCILE = text(
    """
    WITH asked AS (
      SELECT n.id, n.unmatched AS before, CASE
        WHEN n.state = 'bounced' THEN 'bounced'
        WHEN n.state = 'failed' THEN 'given_up'
        WHEN n.state = 'written' AND n.written_at < CAST(:now AS timestamptz) - interval '1 day'
          THEN 'not_handed_over'
        WHEN n.state = 'sent' AND n.seen_at IS NULL
          AND n.sent_at < CAST(:now AS timestamptz)
            - make_interval(days => coalesce((m.settings ->> 'delivery_days')::int, 5))
          AND (EXISTS (SELECT 1 FROM invitations i WHERE n.kind IN ('invitation', 'invitation_reminder')
              AND i.id = n.subject_id AND i.state IN ('queued', 'sent', 'expired'))
            OR EXISTS (SELECT 1 FROM concern_reports r WHERE n.kind = 'concern_report_received'
              AND r.id = n.subject_id AND r.state <> 'opened'))
          THEN 'unanswered' END AS why
      FROM notices n JOIN municipalities m ON m.id = n.municipality_id
      WHERE n.settled_at IS NULL
        AND (n.unmatched IS NOT NULL OR n.state IN ('written', 'failed', 'bounced')
          OR (n.state = 'sent' AND n.kind IN ('invitation', 'invitation_reminder', 'concern_report_received')))
    )
    UPDATE notices n SET unmatched = a.why,
      unmatched_at = CASE WHEN a.why IS NULL THEN NULL ELSE coalesce(n.unmatched_at, :now) END
    FROM asked a
    WHERE a.id = n.id AND a.why IS DISTINCT FROM a.before
    RETURNING n.unmatched
    """
)


def reconcile(tx: Transaction) -> dict[str, int]:
    """Hold every letter against what is known of it; answers how many newly are unmatched, by why. For jobs."""
    tx.without_trail()
    found: dict[str, int] = {}
    for (why,) in tx.session.execute(_RECONCILE, {"now": tx.now}):
        if why is not None:
            found[why] = found.get(why, 0) + 1
    return found


def unmatched(tx: Transaction, *, limit: int = 500) -> list[Unmatched]:
    """Letters nobody can vouch for where the actor coordinates, administers or operates; the oldest first.

    Raises NotFound to anybody else.
    """
    if not tx.actor.has_role(Role.COORDINATOR, Role.ADMINISTRATOR, Role.OPERATOR):
        raise NotFound
    found = tx.session.execute(text("SELECT * FROM app.unmatched_deliveries(:most)"), {"most": limit})
    return [Unmatched(**row) for row in found.mappings()]


def task(tx: Transaction, notice_id: UUID) -> Task:
    """One undelivered letter, for its case's holder, the report's sender, or whoever keeps the list.

    Raises NotFound for anybody else, and for a letter that nothing is wrong with.
    """
    notice = tx.session.get(Notice, notice_id)
    if notice is not None and notice.unmatched and _is_inside(tx, notice):
        case = tx.session.get(Case, notice.case_id) if notice.case_id else None
        return Task(
            notice.id,
            notice.kind,
            notice.case_id,
            case.child_id if case else None,
            notice.guardian_id is not None,
            notice.unmatched,
            notice.written_at,
            may_send_again=True,
            settled=notice.settled_at is not None,
            letter=shown(tx, notice_id),
        )
    for one in unmatched(tx):
        if one.id == notice_id:
            return Task(
                one.id, one.kind, None, None, False, one.unmatched, one.written_at,
                may_send_again=False, settled=False,
            )  # fmt: skip
    raise NotFound


def _is_inside(tx: Transaction, notice: Notice) -> bool:
    if notice.case_id is None:
        return notice.subject_kind == "concern_report" and notice.practitioner_id != tx.actor.id
    case = tx.session.get(Case, notice.case_id)
    standing = relations.to_case(tx, case) if case else None
    return bool(standing and not standing.barred and standing.relations & {Relation.HOLDER, Relation.LEADER})


def settle(tx: Transaction, notice_id: UUID, wanted: Settle) -> UUID:
    """Close the task: sent again to a corrected address, or dealt with another way, always with a reason.

    Raises NotFound; Invalid without a reason, or when the address is still the one that did not work.
    """
    tx.once(wanted.key, "settle_delivery", notice=notice_id, how=wanted.how)
    found = task(tx, notice_id)
    errors = {}
    if wanted.how not in ("sent_again", "otherwise") or (
        wanted.how == "sent_again" and not found.may_send_again
    ):
        errors["how"] = "choose_one"
    if not wanted.reason.strip():
        errors["reason"] = "write_something"
    elif len(wanted.reason) > LONGEST_REASON:
        errors["reason"] = "too_long"
    if errors:
        raise Invalid(errors)
    if found.may_send_again:
        return _settle_inside(tx, notice_id, wanted)
    values = {"wanted": notice_id, "how": wanted.how, "why": wanted.reason.strip(), "at": tx.now}
    town = tx.scalar("SELECT app.settle_delivery(:wanted, :how, :why, :at)", **values)
    if town is None:
        raise NotFound
    tx.note("notice", notice_id, "settle_delivery", municipality_id=town, how=wanted.how)
    tx.result(notice_id=notice_id)
    return notice_id


def _settle_inside(tx: Transaction, notice_id: UUID, wanted: Settle) -> UUID:
    notice = tx.lock(Notice, notice_id)
    if notice.settled_at is not None:
        raise NotFound
    again = _again(tx, notice) if wanted.how == "sent_again" else None
    notice.settled_as, notice.settled_reason = wanted.how, wanted.reason.strip()
    notice.settled_by_id, notice.settled_at = tx.actor.id, tx.now
    kind, file_id = ("case", notice.case_id) if notice.case_id else ("concern_report", notice.subject_id)
    facts = {"notice": notice_id, "how": wanted.how, "again": again}
    tx.note(kind, file_id, "settle_delivery", municipality_id=notice.municipality_id, **facts)
    tx.result(notice_id=notice_id)
    return notice_id


def _again(tx: Transaction, notice: Notice) -> UUID:
    """The same letter once more, to where it goes now; a new id, so that no server takes it for a repeat."""
    address, _language = receiver(tx, notice)
    if not address:
        raise Invalid({"how": "address_missing"})
    if notice.address_mark == mark_of(notice.id, address) and notice.channel == "mail":
        raise Invalid({"how": "address_unchanged"})
    return write(
        tx,
        notice.kind,
        municipality_id=notice.municipality_id,
        subject=(notice.subject_kind, notice.subject_id),
        practitioner_id=notice.practitioner_id,
        service_id=notice.service_id,
        guardian_id=notice.guardian_id,
        case_id=notice.case_id,
        edition=notice.edition,
    )


def count_inbox(tx: Transaction, outcome: str) -> None:
    """Count one letter that came in, by what it turned out to be; nothing else of it is kept. For jobs."""
    tx.session.execute(
        text(
            "INSERT INTO inbox_counts (id, day, outcome, number) VALUES (:id, :day, :outcome, 1)"
            " ON CONFLICT (day, outcome) DO UPDATE SET number = inbox_counts.number + 1"
        ),
        {"id": new_id(), "day": tx.today, "outcome": outcome},
    )
    tx.without_trail()


def inbox_counts(tx: Transaction) -> dict[str, int]:
    """What the inbox was sent these seven days, by what it turned out to be. Empty for all but operators and jobs."""
    found = tx.session.execute(
        text("SELECT outcome, sum(number) FROM inbox_counts WHERE day > CAST(:day AS date) - 7 GROUP BY 1"),
        {"day": tx.today},
    )
    return {row[0]: int(row[1]) for row in found}
