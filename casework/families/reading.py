"""What a family reads of its own case: no more of the other parent, of staff or of other files than it is told."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework import audit, guides, printing, sharing
from casework.families import attaching, consenting, saying
from casework.refusals import NotFound
from casework.transactions import Transaction

LOG_LENGTH = 200


@dataclass(frozen=True, slots=True)
class FamilyCase:
    """A case as the family meets it: whose, where it stands, and who holds it together."""

    id: UUID
    municipality_id: UUID
    child_name: str
    is_me: bool
    about_me: bool
    has_parents: bool
    state: str
    guide_id: UUID
    level_id: str
    unit_name: str
    holder_name: str
    holder_title: str
    holder_phone: str
    shared_log: bool
    opened_at: datetime
    closed_at: datetime | None
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class FamilyMeasure:
    """What is tried: with which goal, by whom, and how it goes."""

    id: UUID
    title: str
    goal: str
    state: str
    responsible: str
    evaluate_on: date | None
    result: str | None


@dataclass(frozen=True, slots=True)
class FamilyMeeting:
    """A meeting, and its minutes when it was held."""

    id: UUID
    kind: str
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str
    minutes: str


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """One entry in the log, with what the family has said to it."""

    id: UUID
    kind: str
    code: str | None
    facts: dict[str, Any]
    body: str
    written_at: datetime
    author_name: str
    author_title: str
    corrects_id: UUID | None
    replies: tuple[saying.Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looked in, on which day; without a name it was one of the family."""

    name: str
    title: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """A whole case for one of the family. `hidden` counts what is not shown, by the written reason."""

    case: FamilyCase
    level_name: str
    services: tuple[str, ...]
    measures: tuple[FamilyMeasure, ...]
    meetings: tuple[FamilyMeeting, ...]
    entries: tuple[FamilyEntry, ...]
    hidden: dict[str, int]
    consents: tuple[consenting.Asked, ...]
    attachments: tuple[attaching.FamilyAttachment, ...]
    words: tuple[saying.Word, ...] = field(default=())

    @property
    def next_meeting(self) -> FamilyMeeting | None:
        """The next one called and not yet held."""
        ahead = [one for one in self.meetings if one.state in ("planned", "summoned")]
        return min(ahead, key=lambda one: one.starts_at) if ahead else None

    @property
    def unanswered(self) -> int:
        """How many consents wait for this reader's answer, where it counts."""
        return sum(one.waits and one.counts for one in self.consents)


_CASES = """
    SELECT c.id, c.municipality_id, k.first_name AS child_name, k.id = ANY (app.myself()) AS is_me,
      k.id = ANY (app.myself()) OR k.kind <> 'child' AS about_me,
      k.kind = 'child' AND k.born_on > app.today() - interval '18 years' AS has_parents, c.state, c.guide_id,
      c.level_id, u.name AS unit_name, h.name AS holder_name, h.title AS holder_title, u.phone AS holder_phone,
      c.shared_log, c.opened_at, c.closed_at, c.paused_until
    FROM cases c
    JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    JOIN practitioners h ON h.id = c.holder_id
"""


def home(tx: Transaction) -> list[FamilyCase]:
    """Every case about the reader or the reader's children, the open ones first."""
    found = tx.ask_for(FamilyCase, _CASES + " ORDER BY (c.state = 'closed'), c.opened_at DESC, c.id")
    return [_masked(tx, case) for case in found]


def _masked(tx: Transaction, found: FamilyCase) -> FamilyCase:
    """Where the child goes is told only as the municipality to a parent who must not know of it."""
    if sharing.place_for_me(tx, found.id, sharing.Channel.PORTAL).allowed:
        return found
    town = tx.scalar("SELECT name FROM municipalities WHERE id = :town", town=found.municipality_id)
    return replace(found, unit_name=town, holder_phone="")


def one(tx: Transaction, case_id: UUID) -> FamilyCase:
    """One case without its content; raises NotFound for anybody else's."""
    found = tx.ask_for(FamilyCase, _CASES + " WHERE c.id = :case", {"case": case_id})
    if not found:
        raise NotFound
    return _masked(tx, found[0])


def case(tx: Transaction, case_id: UUID) -> FamilyPage:
    """The whole case as this reader may see it; reading it is noted. Raises NotFound."""
    found = one(tx, case_id)
    tx.note("case", case_id, "family_read", municipality_id=found.municipality_id)
    return _page(tx, found)


def copy(tx: Transaction, case_id: UUID) -> FamilyPage:
    """The same to take away, as access to one's own data (personvernforordningen article 15); it is noted."""
    found = one(tx, case_id)
    tx.note("case", case_id, "family_copy", municipality_id=found.municipality_id)
    return _page(tx, found, most=None)


def printed(page: FamilyPage, *, name: str, language: str, at: datetime) -> bytes:
    """What `copy` gave as a PDF to keep, in the reader's language: that page, and nothing looked up besides."""
    return printing.pdf(
        "families/copy.html",
        language,
        key=str(page.case.id),
        made_at=at.isoformat(),
        page=page,
        name=name,
        at=at,
    )


def _page(tx: Transaction, found: FamilyCase, *, most: int | None = LOG_LENGTH) -> FamilyPage:
    words = saying.said(tx, found.id)
    shown = sharing.place_for_me(tx, found.id, sharing.Channel.PORTAL).allowed
    return FamilyPage(
        case=found,
        level_name=guides.level_name(tx, found.guide_id, found.level_id),
        services=_services(tx, found.id),
        measures=_measures(tx, found.id),
        meetings=tuple(one if shown else replace(one, place="") for one in _meetings(tx, found.id)),
        entries=_entries(tx, found.id, words, most),
        hidden={
            row.reason: row.number
            for row in tx.ask("SELECT * FROM app.family_hidden(:case)", {"case": found.id})
        },
        consents=tuple(consenting.asked(tx, found.id)),
        attachments=attaching.attached(tx, found.id),
        words=tuple(one for one in words if one.entry_id is None),
    )


def _services(tx: Transaction, case_id: UUID) -> tuple[str, ...]:
    sql = """
        SELECT DISTINCT s.name FROM participations p JOIN services s ON s.id = p.service_id
        WHERE p.case_id = :case AND p.kind = 'service' AND p.until IS NULL ORDER BY s.name
    """
    return tuple(row.name for row in tx.ask(sql, {"case": case_id}))


def _measures(tx: Transaction, case_id: UUID) -> tuple[FamilyMeasure, ...]:
    sql = """
        SELECT m.id, m.title, m.goal, m.state, coalesce(p.name, '') AS responsible, m.evaluate_on,
          (SELECT e.result FROM evaluations e WHERE e.measure_id = m.id ORDER BY e.evaluated_at DESC LIMIT 1) AS result
        FROM measures m LEFT JOIN practitioners p ON p.id = m.responsible_id
        WHERE m.case_id = :case ORDER BY m.starts_on DESC, m.id
    """
    return tuple(tx.ask_for(FamilyMeasure, sql, {"case": case_id}))


def _meetings(tx: Transaction, case_id: UUID) -> tuple[FamilyMeeting, ...]:
    sql = """
        SELECT id, kind, state, starts_at, ends_at, place, CASE WHEN state = 'held' THEN minutes ELSE '' END AS minutes
        FROM meetings WHERE case_id = :case ORDER BY starts_at DESC, id
    """
    return tuple(tx.ask_for(FamilyMeeting, sql, {"case": case_id}))


def _entries(
    tx: Transaction, case_id: UUID, words: list[saying.Word], most: int | None
) -> tuple[FamilyEntry, ...]:
    sql = """
        SELECT l.id, l.kind, l.code, l.facts, l.body, l.written_at, coalesce(p.name, '') AS author_name,
          coalesce(p.title, '') AS author_title, l.corrects_id
        FROM log_entries l LEFT JOIN practitioners p ON p.id = l.author_id
        WHERE l.case_id = :case ORDER BY l.written_at DESC, l.id DESC LIMIT CAST(:most AS bigint)
    """
    found = tx.ask(sql, {"case": case_id, "most": most})
    replies: dict[UUID, list[saying.Word]] = {}
    for word in words:
        if word.entry_id is not None:
            replies.setdefault(word.entry_id, []).append(word)
    return tuple(FamilyEntry(**row._asdict(), replies=tuple(replies.get(row.id, ()))) for row in found)


def readers(tx: Transaction, case_id: UUID, *, limit: int = 200) -> tuple[FamilyCase, list[Reader]]:
    """Who has read the case, newest first, once a day each; raises NotFound."""
    found = one(tx, case_id)
    tx.note("case", case_id, "family_read_readers", municipality_id=found.municipality_id)
    values = {"case": case_id, "acts": [*audit.READS, "family_read", "family_read_attachment"], "most": limit}
    return found, tx.ask_for(Reader, "SELECT * FROM app.family_readers(:case, :acts, :most)", values)
