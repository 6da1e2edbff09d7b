"""`stafetten`, the command line. Each command imports what it needs when it runs, so help comes at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from server.settings import Problem, Settings

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_FINISH = 10

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Carries a child's case through the levels of Bedre tverrfaglig innsats without dropping it.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
municipality = typer.Typer(no_args_is_help=True, help="Municipalities of this installation.")
guide = typer.Typer(no_args_is_help=True, help="Municipalities' guides.")
audit = typer.Typer(no_args_is_help=True, help="The sealed trail.")
texts = typer.Typer(no_args_is_help=True, help="The texts families read.")
token = typer.Typer(no_args_is_help=True, help="Keys for machines that use the API.")
app.add_typer(db, name="db")
app.add_typer(municipality, name="municipality")
app.add_typer(guide, name="guide")
app.add_typer(audit, name="audit")
app.add_typer(texts, name="texts")
app.add_typer(token, name="token")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Instead of STAFETTEN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Instead of STAFETTEN_PORT.")] = None,
    processes: Annotated[int, typer.Option(min=1, help="How many processes share the port.")] = 1,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    with told():
        settings = _sound()
    uvicorn.run(
        "server.asgi:from_environment",
        factory=True,
        host=host or settings.host,
        port=port or settings.port,
        workers=processes,
        log_config=None,  # server/logs.py decides what is said and how
        log_level=settings.log_level,
        access_log=False,  # addresses of people; the proxy in front decides about those
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )


@app.command()
def worker() -> None:
    """Run flows: send what is waiting, let terms expire, refresh figures."""
    with told():
        settings = _sound()
        from workflows import worker as hands

        hands.run(settings)


@app.command()
def courier() -> None:
    """Carry what acts asked for from the outbox to Prefect."""
    with told():
        settings = _sound()
        from server import courier as carrying

        carrying.run(settings)


@app.command()
def orchestrator() -> None:
    """Run Prefect's server with the settings of this installation."""
    import os

    from server import orchestrator as prefect
    from server.processes import clean
    from server.settings import load

    with told():
        settings = load()
        command = prefect.command(settings)
        os.execve(command[0], command, clean(prefect.environment(settings)))  # noqa: S606


@db.command()
def upgrade() -> None:
    """Bring the tables to what this code needs, as the role in STAFETTEN_DATABASE_OWNER_URL."""
    from server import database

    with told():
        typer.echo(f"The database is at version {database.upgrade(_owner_url())}.")


@db.command()
def version() -> None:
    """Say which version the tables have and which this code needs."""
    from server import database
    from server.settings import load

    with told():
        settings = load()
        has = database.current(settings.database_url or settings.database_owner_url)
        typer.echo(f"The database is at version {has or 'none'}; this code needs {database.newest()}.")
        raise typer.Exit(has != database.newest())


@municipality.command("add")
def add_municipality(
    number: Annotated[str, typer.Option(help="Its four digits.")],
    name: Annotated[str, typer.Option(help="As people write it, `Elvebakken kommune`.")],
    administrator: Annotated[str, typer.Option(help="The name of whoever administers it first.")],
    email: Annotated[str, typer.Option(help="That person's address, as the sign-in provider knows it.")],
    language: Annotated[str, typer.Option(help="nb or nn.")] = "nb",
    duty_phone: Annotated[str, typer.Option(help="The child welfare emergency duty.")] = "",
    operator: Annotated[bool, typer.Option("--operator", help="The person also sees how it runs.")] = False,
) -> None:
    """Lay out a municipality with its first administrator, as the role in STAFETTEN_DATABASE_OWNER_URL."""
    from casework.access import Role
    from server.commands import municipalities

    roles = (Role.ADMINISTRATOR, Role.OPERATOR) if operator else (Role.ADMINISTRATOR,)
    wanted = municipalities.LayOut(number, name, administrator, email, language, duty_phone, roles=roles)
    with told():
        raise typer.Exit(municipalities.add(_owner_url(), wanted))


@municipality.command("list")
def list_municipalities() -> None:
    """List the municipalities and who administers each, as the role in STAFETTEN_DATABASE_OWNER_URL."""
    from server.commands import municipalities

    with told():
        raise typer.Exit(municipalities.listed(_owner_url()))


@guide.command()
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Name every fault of a guide, with its line and what mends it."""
    from server.commands import guides

    raise typer.Exit(guides.check(file))


@guide.command()
def show(
    name: Annotated[
        str | None, typer.Argument(help="A file, or a guide that comes along; without it, a list of those.")
    ] = None,
) -> None:
    """Show a guide as people will meet it: levels, steps, clocks."""
    from server.commands import guides

    raise typer.Exit(guides.show(name))


@guide.command()
def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    administrator: Annotated[str, typer.Option("--as", help="The administrator's id, for the trail.")],
    municipality: Annotated[str | None, typer.Option(help="Its number, when the file names none.")] = None,
) -> None:
    """Publish a guide for its municipality; new cases follow it from now on."""
    from server.commands import guides

    with told():
        raise typer.Exit(guides.publish(_sound(), file, administrator, municipality=municipality))


@texts.command("readability")
def texts_readability() -> None:
    """Print how easy each text is to read: LIX, and words per sentence."""
    from server.commands import texts as readable

    raise typer.Exit(readable.table())


@texts.command("check")
def texts_check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Name every fault of a file of consent texts, with its line and what mends it."""
    from server.commands import texts as readable

    raise typer.Exit(readable.check(file))


@audit.command()
def verify() -> None:
    """Recompute the sealed trail and name the file and place of any change."""
    from server.commands import audits

    with told():
        raise typer.Exit(audits.verify(_sound()))


@token.command("issue")
def issue_token(
    person: Annotated[str, typer.Option("--for", help="Whom it acts for: a practitioner's id or e-mail.")],
    name: Annotated[str, typer.Option(help="What the machine is, for the list.")],
    scope: Annotated[list[str], typer.Option(help="What it may do, as `cases:read`; may be given again.")],
    days: Annotated[int, typer.Option(min=1, max=730, help="How many days it holds.")] = 365,
) -> None:
    """Make a key and print it, this once."""
    from server.commands import tokens

    with told():
        raise typer.Exit(tokens.issue(_sound(), person, name=name, scopes=tuple(scope), days=days))


@token.command("list")
def list_tokens() -> None:
    """List the keys that hold, and for whom each acts."""
    from server.commands import tokens

    with told():
        raise typer.Exit(tokens.listed(_sound()))


@token.command("revoke")
def revoke_token(token_id: Annotated[str, typer.Argument(help="Its id, from the list.")]) -> None:
    """End a key at once."""
    from server.commands import tokens

    with told():
        raise typer.Exit(tokens.revoke(_sound(), token_id))


@app.command()
def charts() -> None:
    """Write docs/charts/*.md and docs/settings.md again from the code."""
    from levels import diagrams
    from server.settings import document

    diagrams.write(ROOT / "docs" / "charts")
    (ROOT / "docs" / "settings.md").write_text(document(), encoding="utf-8")


@app.command()
def demo(
    data: Annotated[Path, typer.Option(help="Where its data are kept.")] = ROOT / ".demo",
    port: Annotated[int | None, typer.Option(help="Its port; default 8400 or the next free one.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Throw its data away and do nothing else.")] = False,
) -> None:
    """Start a whole fictional region on this machine; Ctrl-C stops it."""
    from rich.console import Console

    from server import demonstration

    with told():
        if reset:
            demonstration.reset(data)
            typer.echo("The demo's data are gone; the next start makes a new region.")
            return
        demonstration.Demonstration(data, port=port, console=Console()).run()


@app.command()
def doctor() -> None:
    """Say what is misconfigured and how to mend it."""
    from server import doctor as physician
    from server.settings import load

    with told():
        found = list(physician.everything(load()))
    show_problems(found)
    if found:
        raise typer.Exit(1)
    typer.echo("Everything is in order.")


@contextmanager
def told() -> Iterator[None]:
    """Turn what an operator can mend into words and exit code 1, without a trace of the code."""
    from sqlalchemy.exc import OperationalError

    from server.postgres_binaries import PostgresError
    from server.processes import Failed
    from server.settings import BadSettings

    try:
        yield
    except BadSettings as error:
        show_problems(error.problems)
        raise typer.Exit(1) from None
    except OperationalError as error:
        fail(f"The database does not answer: {error.orig}")
    except (PostgresError, Failed) as error:
        fail(str(error))


def show_problems(found: list["Problem"]) -> None:
    """Print problems with their remedies."""
    for problem in found:
        typer.echo(f"✗ {problem.what}\n  → {problem.remedy}", err=True)


def fail(said: str) -> NoReturn:
    """Say what is wrong and end with code 1."""
    typer.echo(said, err=True)
    raise typer.Exit(1)


def _owner_url() -> str:
    from server.settings import load

    url = load().database_owner_url
    if not url:
        fail("STAFETTEN_DATABASE_OWNER_URL is not set; see docs/settings.md.")
    return url


def _sound() -> "Settings":
    from server import logs
    from server.doctor import sound_settings

    settings = sound_settings()
    logs.configure(settings.log_level)
    return settings


def main() -> None:
    """Run the command line."""
    app(prog_name="stafetten")


if __name__ == "__main__":
    sys.exit(main())
