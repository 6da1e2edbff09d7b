"""`stafetten token issue|list|revoke`: keys for machines that act for one practitioner within scopes."""

from uuid import UUID

import typer

from api.identity import SCOPES
from casework import Casework, sign_ins
from casework.access import Actor
from casework.refusals import NotFound
from casework.transactions import Transaction
from server.settings import Settings


def issue(settings: Settings, person: str, *, name: str, scopes: tuple[str, ...], days: int) -> int:
    """Print a new key once, alone on standard output; answer 1 with the reason when there can be none."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        typer.echo(f"There is no scope {', '.join(unknown)}. There are: {', '.join(SCOPES)}.", err=True)
        return 1
    house = _house(settings)
    try:
        with house.begin(Actor.stranger()) as tx:
            token = sign_ins.issue_token(tx, _known(tx, person), name=name, scopes=scopes, days=days)
    except NotFound:
        typer.echo(f"Nobody who works here has the id or e-mail address {person}.", err=True)
        return 1
    finally:
        house.close()
    typer.echo(
        f"Shown this once; it ends in {days} days. Keep it where only that machine can read it.", err=True
    )
    typer.echo(token)
    return 0


def listed(settings: Settings) -> int:
    """Print every key that still holds, with whom it acts for; never the key itself."""
    house = _house(settings)
    try:
        with house.begin(Actor.stranger()) as tx:
            found = sign_ins.tokens(tx)
    finally:
        house.close()
    for one in found:
        about = f"{one.name}  for {one.holder_email}  until {one.expires_at:%Y-%m-%d}"
        typer.echo(f"{one.id}  {about}  {' '.join(one.scopes)}")
    if not found:
        typer.echo("No key holds.")
    return 0


def revoke(settings: Settings, token_id: str) -> int:
    """End a key at once; answer 1 when there is none that holds."""
    house = _house(settings)
    try:
        with house.begin(Actor.stranger()) as tx:
            sign_ins.revoke_token(tx, UUID(token_id))
    except (NotFound, ValueError):
        typer.echo(f"No key that holds has the id {token_id}; see `stafetten token list`.", err=True)
        return 1
    finally:
        house.close()
    typer.echo("The key no longer opens anything.")
    return 0


def _house(settings: Settings) -> Casework:
    return Casework.from_settings(settings, connections=2)


def _known(tx: Transaction, person: str) -> UUID:
    try:
        return UUID(person)
    except ValueError:
        found = sign_ins.by_email(tx, person)
    if found is None:
        raise NotFound
    return found
