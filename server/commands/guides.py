"""`stafetten guide check|show|publish`: a guide's faults, its shape, and its way into force."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import typer

from casework import Casework
from casework import guides as acts
from casework.access import Actor, Role
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels import guides
from server.settings import Settings


def check(file: Path) -> int:
    """Print every fault with its line and remedy; answer 1 when there is one, else 0."""
    faults = guides.check_text(file.read_bytes())
    for fault in faults:
        typer.echo(f"✗ {file}, {guides.sentence(fault)}")
    if not faults:
        typer.echo(f"{file}: no faults; it can be published.")
    return 1 if faults else 0


def show(name: str | None) -> int:
    """Print a guide from a file or from those that come along; without a name, list the latter."""
    if name is None:
        for path in sorted(guides.LIBRARY.glob("*.yaml")):
            typer.echo(f"{path.stem}: {guides.read(path.read_text('utf-8')).name}")
        return 0
    known = guides.LIBRARY / f"{name}.yaml"
    file = known if known.parent == guides.LIBRARY and known.exists() else Path(name)
    if not file.exists():
        typer.echo(f"There is no file {name}, and no guide of that name comes along.", err=True)
        return 1
    if guides.check_text(file.read_bytes()):
        return check(file)
    typer.echo("\n".join(lines(guides.read(_text(file)))))
    return 0


def lines(guide: guides.Guide) -> Iterator[str]:
    """Spell a guide: levels with their steps and ways onward, then the clocks."""
    yield f"{guide.name} ({guide.key} {guide.version}, {guide.sector}, valid from {guide.valid_from})"
    for plan in guide.levels:
        yield f"\n{plan.id}  {plan.name} [national level {plan.rung}]" + _gap(plan.gap)
        for number, step in enumerate(plan.steps, start=1):
            needs = f"  needs {', '.join(step.requires)} ({step.gate})" if step.requires else ""
            yield f"  {number}. {step.name}{needs}{_gap(step.gap)}"
        for outcome in plan.outcomes:
            yield f"  → {outcome.to}: {outcome.text}{_gap(outcome.gap)}"
    for clock in guide.clocks:
        length = " ".join(f"{value} {unit}" for unit, value in clock.length if value is not None)
        yield f"\nClock {clock.name}: {length}, {clock.counted}; from {clock.starts} to {clock.due}"
    for gap in guide.gaps:
        yield f"\nThe source does not say: {gap}"


def publish(settings: Settings, file: Path, administrator: str, *, municipality: str | None = None) -> int:
    """Take a guide in and let it hold for new worries; answer 0, or 1 with the reason said."""
    if guides.check_text(file.read_bytes()):
        return check(file)
    text = _text(file)
    guide = guides.read(text)
    house = Casework.from_settings(settings)
    try:
        actor = house.actor(UUID(administrator))
        with house.begin(actor) as tx:
            town = _town(tx, actor, municipality or guide.municipality_number)
            draft = acts.upload(tx, acts.Upload(town, guide.sector, text))
        with house.begin(actor) as tx:
            acts.publish(tx, draft)
    except (NotFound, ValueError):
        said = "is not an administrator of the guide's municipality; see --municipality and --as"
        typer.echo(f"{administrator} {said}.", err=True)
        return 1
    finally:
        house.close()
    typer.echo(f"{guide.name} holds from now on; open cases keep their own version.")
    return 0


def _town(tx: Transaction, actor: Actor, number: str | None) -> UUID:
    """The municipality with this number among those the actor administers; without a number, the only one."""
    administers = actor.municipalities_as(Role.ADMINISTRATOR)
    fitting = [town for town in administers if number is None or acts.home(tx, town).number == number]
    if len(fitting) != 1:
        raise NotFound
    return fitting[0]


def _gap(gap: bool) -> str:
    return "  (a gap in the source)" if gap else ""


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
