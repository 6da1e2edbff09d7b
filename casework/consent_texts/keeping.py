"""A municipality's own wording: written where one coordinates or administers, as a new version, and never weaker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from casework.access import Role
from casework.consent_texts.showing import LANGUAGES, Shown, norwegian, shown, wording_of
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels import consent_texts as rules
from levels.consent_texts import Kind
from records.consent_texts import ConsentText
from records.municipalities import Municipality, Practitioner

_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class TextSummary:
    """One text in a list: which version holds here, and whether it stands alone."""

    kind: str
    language: str
    version: str
    stands_alone: bool
    based_on: str
    written_by: str
    written_at: datetime | None

    @property
    def is_own(self) -> bool:
        """Whether it is the municipality's own."""
        return bool(self.based_on)


@dataclass(frozen=True, slots=True)
class WriteText:
    """A new version in the municipality's own words. `proofread_by` names the native speaker who has read it."""

    kind: str
    language: str
    words: Mapping[str, str]
    proofread_by: str = ""
    after: str = ""
    key: str | None = field(default=None, compare=False)


def town_of(tx: Transaction) -> UUID:
    """The municipality whose texts the actor reads: that of the role acted in; raises NotFound for a family."""
    membership = tx.actor.membership
    if membership is None:
        raise NotFound
    return membership.municipality_id


def keeps(tx: Transaction) -> bool:
    """Whether the actor may write the texts of that municipality."""
    return any(town_of(tx) in tx.actor.municipalities_as(role) for role in _KEEPERS)


def require_keeper(tx: Transaction) -> UUID:
    """The municipality whose texts the actor writes; raises NotFound to everybody else."""
    if not keeps(tx):
        raise NotFound
    return town_of(tx)


def listed(tx: Transaction) -> list[TextSummary]:
    """Every text that holds in the actor's municipality, kind by kind, in every language."""
    published = select(ConsentText, Practitioner.name).outerjoin(
        Practitioner, col(Practitioner.id) == col(ConsentText.written_by_id)
    )
    published = published.where(ConsentText.municipality_id == town_of(tx), ConsentText.state == "published")
    own = {(row.kind, row.language): (row, name or "") for row, name in tx.rows(published)}
    return [_summary(kind, code, own.get((kind.value, code))) for kind in Kind for code in LANGUAGES()]


def _summary(kind: Kind, language: str, own: tuple[ConsentText, str] | None) -> TextSummary:
    common = rules.library(language)
    if own is None:
        return TextSummary(kind.value, language, common.version, common.stands_alone, "", "", None)
    row, name = own
    alone = common.stands_alone or bool(row.proofread_by)
    return TextSummary(kind.value, language, f"own-{row.number}", alone, row.based_on, name, row.written_at)


def one(tx: Transaction, kind: str, language: str) -> Shown:
    """A text with blanks for what a case tells, to read aloud or print; raises NotFound for one there is not."""
    _known(kind, language)
    town = tx.get(Municipality, town_of(tx))
    return shown(tx, town.id, Kind(kind), language, home=norwegian(town.language))


def words(tx: Transaction, kind: str, language: str) -> tuple[rules.Wording, rules.Wording, str]:
    """The words that hold, the common ones, and the version to write after, for the page where they are changed."""
    _known(kind, language)
    town = require_keeper(tx)
    now, version, _alone = wording_of(tx, town, Kind(kind), language)
    return now, rules.library(language).wording(Kind(kind)), version


def _known(kind: str, language: str) -> None:
    if kind not in {one.value for one in Kind} or language not in LANGUAGES():
        raise NotFound


def write(tx: Transaction, wanted: WriteText) -> UUID:
    """Let a new version hold from now on. Answers already given keep the text they were given on.

    Raises NotFound, Invalid with the part that tells less than it must, or Stale when somebody else wrote meanwhile.
    """
    tx.once(wanted.key, "write_consent_text", kind=wanted.kind, language=wanted.language, words=wanted.words)
    _known(wanted.kind, wanted.language)
    town = require_keeper(tx)
    kind, common = Kind(wanted.kind), rules.library(wanted.language)
    errors = rules.weakened(kind, wanted.words, common.wording(kind))
    if len(wanted.proofread_by) > MOST_NAME:
        errors["proofread_by"] = "too_long"
    if errors:
        raise Invalid(errors)
    former = _published(tx, town, wanted)
    number = _retire(tx, town, wanted, former)
    row = ConsentText(
        municipality_id=town,
        kind=wanted.kind,
        language=wanted.language,
        number=number,
        wording={part: wanted.words[part].strip() for part in ("title", *rules.PARTS)},
        based_on=common.version,
        proofread_by=wanted.proofread_by.strip(),
        written_by_id=tx.actor.id,
        written_at=tx.now,
    )
    tx.add(row)
    tx.note("consent_text", row.id, "write_consent_text", municipality_id=town, kind=kind, number=number)
    tx.result(text_id=row.id)
    return row.id


def _published(tx: Transaction, town: UUID, wanted: WriteText) -> ConsentText | None:
    rows = tx.rows(_versions(town, wanted).where(ConsentText.state == "published").with_for_update())
    return rows[0] if rows else None


def _versions(town: UUID, wanted: WriteText):  # type: ignore[no-untyped-def]
    return (
        select(ConsentText)
        .where(ConsentText.municipality_id == town, ConsentText.kind == wanted.kind)
        .where(ConsentText.language == wanted.language)
    )


def _retire(tx: Transaction, town: UUID, wanted: WriteText, former: ConsentText | None) -> int:
    """Let the former version go; answers the next number."""
    now = f"own-{former.number}" if former else rules.library(wanted.language).version
    if wanted.after and wanted.after != now:
        raise Stale(former.version if former else 0)
    if former is not None:
        former.state, former.version = "retired", former.version + 1
        tx.session.flush()
    return max((row.number for row in tx.rows(_versions(town, wanted))), default=0) + 1
