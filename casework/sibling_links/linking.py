"""Two siblings' files linked by everybody's consent in both, and parted again by anybody's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework import consents, partings, relations
from casework.access import Permission
from casework.refusals import Invalid, NotFound, NotPermitted, Stale
from casework.transactions import Transaction
from levels.charts import move, start
from levels.sibling_links import SiblingLinkChart, SiblingLinkFacts
from records.cases import Case
from records.sibling_links import SiblingConsent, SiblingLink

CHANNELS = ("oral", "paper")
# Those who answer for a file: its holder, and the unit's leader.
_KEEPERS = frozenset({Permission.KEEP_CONSENTS, Permission.TAKE_OVER_BATON})


@dataclass(frozen=True, slots=True)
class Consenter:
    """Somebody whose yes is needed in one of the two files; without a guardian it is the youth."""

    case_id: UUID
    guardian_id: UUID | None
    name: str
    child_name: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """One yes, as it was given to the one who writes it down."""

    case_id: UUID
    guardian_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LinkSiblings:
    """The other file, everybody who said yes, and how."""

    other_case_id: UUID
    agreed: tuple[Agreed, ...]
    channel: str = "oral"
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A linked file, for somebody who may see both. `live` says whether the consents still hold."""

    link_id: UUID
    case_id: UUID
    child_name: str
    first_name: str
    live: bool
    may_keep: bool
    version: int


def _keeper(tx: Transaction, case: Case) -> None:
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE, standing)
    if not relations.granted(standing) & _KEEPERS:
        raise NotPermitted(Permission.KEEP_CONSENTS.value)


def both(tx: Transaction, one: UUID, other: UUID) -> tuple[Case, Case]:
    """Both files held, in the order every act takes them, so that two acts never wait for each other."""
    held = {case_id: tx.lock(Case, case_id) for case_id in sorted((one, other))}
    return held[one], held[other]


def consenters(tx: Transaction, case_id: UUID, other_case_id: UUID) -> list[Consenter]:
    """Everybody who must say yes, in both files; raises NotFound or NotPermitted."""
    found: list[Consenter] = []
    for one in (case_id, other_case_id):
        case = tx.get(Case, one)
        _keeper(tx, case)
        tx.note("case", one, "read_case", municipality_id=case.municipality_id, page="siblings")
        sql = """
            SELECT CAST(:case AS uuid) AS case_id, n.n AS guardian_id,
              coalesce(g.name, k.first_name || ' ' || k.last_name) AS name, k.first_name AS child_name
            FROM app.consenters(:case) AS n(n) JOIN cases c ON c.id = :case JOIN children k ON k.id = c.child_id
            LEFT JOIN guardians g ON g.id = n.n ORDER BY 3
        """
        found += tx.ask_for(Consenter, sql, {"case": one})
    return found


def link(tx: Transaction, case_id: UUID, wanted: LinkSiblings) -> UUID:
    """Link two children's files, with everybody's yes written down in both.

    Raises NotFound, NotPermitted, Invalid, Stale when they are linked already, or Refused with what is missing.
    """
    tx.once(wanted.key, "link_siblings", case=case_id, other=wanted.other_case_id)
    if wanted.channel not in CHANNELS or wanted.other_case_id == case_id:
        raise Invalid({"channel" if wanted.channel not in CHANNELS else "other_case_id": "choose_one"})
    pair = both(tx, case_id, wanted.other_case_id)
    for case in pair:
        _keeper(tx, case)
    moved = move(SiblingLinkChart, start(SiblingLinkChart), "link", _facts(tx, pair, wanted.agreed))
    first, second = sorted(case.id for case in pair)
    _end_dead(tx, first, second)
    row = SiblingLink(
        municipality_id=pair[0].municipality_id,
        case_id=first,
        other_case_id=second,
        state=moved.after,
        made_by_id=tx.actor.id,
        made_at=tx.now,
    )
    tx.add(row)
    tx.session.flush()
    tx.add(*(_consent(tx, row, one, wanted.channel) for one in dict.fromkeys(wanted.agreed)))
    _noted(tx, pair, "keep_siblings", link=row.id)
    tx.result(link_id=row.id, case_id=case_id)
    return row.id


def _facts(tx: Transaction, pair: tuple[Case, Case], agreed: Iterable[Agreed]) -> SiblingLinkFacts:
    yes = {(one.case_id, one.guardian_id) for one in agreed}
    asked = {case.id: consents.consenters(tx, case.id) for case in pair}
    needed = {(case_id, person) for case_id, people in asked.items() for person in people}
    if yes - needed:
        raise Invalid({"agreed": "choose_one"})
    logs_shared = all(relations.consent_reaches(tx, case.id, None) for case in pair)
    return SiblingLinkFacts(
        same_municipality=pair[0].municipality_id == pair[1].municipality_id,
        both_open=all(case.state != "closed" for case in pair),
        consent_in_both=logs_shared and all(asked.values()) and yes == needed,
    )


def _end_dead(tx: Transaction, first: UUID, second: UUID) -> None:
    """A link whose consents no longer hold makes room for a new one."""
    sql = "SELECT id FROM sibling_links WHERE case_id = :a AND other_case_id = :b AND state = 'linked'"
    for row in tx.ask(sql, {"a": first, "b": second}):
        if tx.scalar("SELECT app.siblings_live(:link)", link=row.id):
            raise Stale(0)
        _end(tx, tx.lock(SiblingLink, row.id))
        tx.session.flush()


def _end(tx: Transaction, row: SiblingLink) -> None:
    partings.part_by_link(tx, row.id)
    row.state = move(SiblingLinkChart, row.state, "end", SiblingLinkFacts()).after
    row.ended_at = tx.now
    row.version += 1


def _consent(tx: Transaction, row: SiblingLink, one: Agreed, channel: str) -> SiblingConsent:
    return SiblingConsent(
        municipality_id=row.municipality_id,
        link_id=row.id,
        case_id=one.case_id,
        guardian_id=one.guardian_id,
        channel=channel,
        received_by_id=tx.actor.id,
        given_at=tx.now,
    )


def _noted(tx: Transaction, pair: Iterable[Case], act: str, **facts: UUID) -> None:
    for case in pair:
        tx.note("case", case.id, act, municipality_id=case.municipality_id, **facts)


def end(
    tx: Transaction, case_id: UUID, link_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """End a link, as somebody who answers for either file. What was made together stays in each child's own file.

    Meetings ahead stand alone from now on.

    Raises NotFound, NotPermitted, Stale or Refused.
    """
    tx.once(key, "end_siblings", link=link_id)
    seen = tx.get(SiblingLink, link_id)
    if case_id not in (seen.case_id, seen.other_case_id):
        raise NotFound
    pair = both(tx, seen.case_id, seen.other_case_id)
    if not any(relations.granted(relations.to_case(tx, case)) & _KEEPERS for case in pair):
        raise NotPermitted(Permission.KEEP_CONSENTS.value)
    row = tx.lock(SiblingLink, link_id, version=version)
    _end(tx, row)
    _noted(tx, pair, "end_siblings", link=row.id)
    tx.result(link_id=row.id)
    return row.id


_OF_CASE = """
    SELECT l.id AS link_id, c.id AS case_id, k.first_name || ' ' || k.last_name AS child_name, k.first_name,
      app.siblings_live(l.id) AS live, l.version
    FROM sibling_links l
    JOIN cases c ON c.id IN (l.case_id, l.other_case_id) AND c.id <> :case
    JOIN children k ON k.id = c.child_id
    WHERE l.state = 'linked' AND :case IN (l.case_id, l.other_case_id)
    ORDER BY k.first_name, l.id
"""


def of_case(tx: Transaction, case_id: UUID) -> list[Sibling]:
    """The linked files that this reader, staff or family, may see as well; nothing at all to anybody else."""
    found = tx.ask(_OF_CASE, {"case": case_id})
    keeps = tx.actor.way == "staff" and bool(found) and _keeps(tx, case_id)
    return [Sibling(**row._asdict(), may_keep=keeps) for row in found if row.live or keeps]


def _keeps(tx: Transaction, case_id: UUID) -> bool:
    return bool(relations.granted(relations.to_case(tx, tx.get(Case, case_id))) & _KEEPERS)


def candidates(tx: Transaction, case_id: UUID) -> list[tuple[UUID, str]]:
    """Open files in the same municipality that the actor answers for too, likely siblings first."""
    sql = """
        SELECT c.id, k.first_name || ' ' || k.last_name AS name
        FROM cases mine JOIN children me ON me.id = mine.child_id
        JOIN cases c ON c.id <> mine.id AND c.municipality_id = mine.municipality_id AND c.state <> 'closed'
        JOIN children k ON k.id = c.child_id
        WHERE mine.id = :case AND c.id = ANY (app.visible_cases()) AND 'group' NOT IN (k.kind, me.kind)
          AND NOT EXISTS (SELECT 1 FROM sibling_links l WHERE l.state = 'linked' AND app.siblings_live(l.id)
            AND l.case_id = least(c.id, mine.id) AND l.other_case_id = greatest(c.id, mine.id))
        ORDER BY k.last_name <> me.last_name, 2
    """
    return [(row.id, row.name) for row in tx.ask(sql, {"case": case_id}) if _keeps(tx, row.id)]


@dataclass(frozen=True, slots=True)
class OwnYes:
    """One's own yes, for the family. `sibling` is the other child's first name, only to somebody who sees both."""

    id: UUID
    given_at: datetime
    sibling: str


def own(tx: Transaction, case_id: UUID) -> list[OwnYes]:
    """This reader's own consents to meeting and helping siblings together, in one case."""
    sql = """
        SELECT s.id, s.given_at, coalesce(k.first_name, '') AS sibling
        FROM sibling_consents s
        LEFT JOIN sibling_links l ON l.id = s.link_id
        LEFT JOIN cases c ON c.id IN (l.case_id, l.other_case_id) AND c.id <> s.case_id
        LEFT JOIN children k ON k.id = c.child_id
        WHERE s.case_id = :case AND s.withdrawn_at IS NULL
        ORDER BY s.id
    """
    return tx.ask_for(OwnYes, sql, {"case": case_id})


def withdraw(tx: Transaction, consent_id: UUID, *, key: str | None = None) -> UUID:
    """Take one's own yes back: the link ends at once for both files. Answers the case; raises NotFound."""
    tx.once(key, "withdraw_sibling_consent", consent=consent_id)
    sql = "SELECT case_id, municipality_id, link_id FROM sibling_consents WHERE id = :id AND withdrawn_at IS NULL"
    found = tx.ask(sql, {"id": consent_id})
    if not found:
        raise NotFound
    [mine] = found
    with tx.as_house():
        seen = tx.get(SiblingLink, mine.link_id)
        both(tx, seen.case_id, seen.other_case_id)
        row = tx.lock(SiblingLink, mine.link_id)
        tx.lock(SiblingConsent, consent_id).withdrawn_at = tx.now
        if row.state == "linked":
            _end(tx, row)
    tx.note("case", mine.case_id, "end_siblings", municipality_id=mine.municipality_id, link=mine.link_id)
    tx.result(case_id=mine.case_id)
    return UUID(str(mine.case_id))
