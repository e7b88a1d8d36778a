"""The command `quarry`: starts and stops what runs here, and looks into it. Documents are in `commands.documents`."""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, get_args
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cluster.commands import documents, queues, reviews, terminal
from cluster.commands.evaluation import evaluate
from cluster.commands.exit_codes import ExitCode, of_error
from cluster.commands.interruption import unwind_on_signals
from cluster.commands.search import search
from cluster.settings import Settings
from db.errors import QuarryError

SAMPLE = "sample-catalogue.pdf"
SHORTEST_PASSWORD = 12
VERDICT_STYLES = {"ok": "green", "note": "yellow", "missing": "red"}

HELP = """Suppliers' PDF catalogues to searchable product records.

Exit codes: 0 done, 1 a document failed, 2 wrong use, 3 Quarry is not up, 4 a document is partial, 5 the doctor found
something missing, 130 interrupted. Settings are variables (QUARRY_...), a file .env beside you, or both."""

app = typer.Typer(
    name="quarry",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
backfill = typer.Typer(help="Do later what could not be done then.", no_args_is_help=True)


def main() -> None:
    """Run a command; every error of ours becomes a sentence and an exit code."""
    unwind_on_signals()
    console = terminal.make_console(to_stderr=True)
    try:
        app()
    except QuarryError as error:
        console.print(terminal.error_panel(error))
        sys.exit(of_error(error))
    except ValidationError as error:
        for wrong in error.errors():
            name = ".".join(str(part) for part in wrong["loc"])
            console.print(f"The setting {name} is no good: {wrong['msg']}.", markup=False)
        sys.exit(ExitCode.WRONG_USE)


# ---- start and stop


@app.command()
def up() -> None:
    """Start what is not running: Postgres, Ray, the pipeline, the API, the monitor."""
    bring_up(terminal.make_console(), announce=True)


@app.command()
def down() -> None:
    """End exactly what `up` started here, and nothing else."""
    from cluster.local import down as end_all

    console = terminal.make_console()
    with Steps(console) as steps:
        count = end_all(Settings(), steps.say)
    console.print(f"ended {terminal.counted(count, 'process')}" if count else "nothing was running")


@app.command()
def run(
    pdf: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, readable=True)] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Process it again although its bytes were processed before.")
    ] = False,
) -> None:
    """Start what is not running, process a catalogue (a sample when none is named) and show its products."""
    from cluster.commands.api_client import ApiClient

    console = terminal.make_console()
    settings = bring_up(console, announce=False)
    path = pdf or sample_catalogue(settings)
    with ApiClient(settings) as api:
        answer = api.upload(path, force=force)
        document = UUID(answer["document_id"])
        console.print(f"{path.name} is document {document}", markup=False)
        if answer["duplicate"]:
            console.print("The same bytes were uploaded before; --force processes them again.", style="dim")
        code = documents.watch_to_end(console, api, document)
    announce_addresses(console, settings)
    raise typer.Exit(code)


@app.command()
def doctor(
    processes: Annotated[bool, typer.Option("--processes", help="List the processes that run here instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what is missing: weights, ports, database, disk, memory, GPU."""
    console, settings = terminal.make_console(), Settings()
    if processes:
        from cluster.host.process_list import running_processes

        running = [asdict(process) for process in running_processes(settings.root)]
        if as_json:
            typer.echo(json.dumps(running, indent=1))
        else:
            console.print(terminal.process_table(running))
        return
    from cluster.commands.doctor import examine

    findings = list(examine(settings)) if as_json else examine(settings)
    missing = False
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        missing |= finding.verdict == "missing"
        style = VERDICT_STYLES[finding.verdict]
        table.add_row(Text(finding.verdict, style=style), Text(finding.subject, style="bold"), Text(finding.text))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        console.print(table)
    raise typer.Exit(ExitCode.SETUP_MISSING if missing else ExitCode.OK)


# ---- documents

for command in (
    documents.ingest,
    documents.status,
    documents.watch,
    documents.export,
    documents.cancel,
    documents.retry,
    documents.reprocess,
    documents.delete,
    documents.deliveries,
    documents.replay,
):
    app.command()(command)
app.command()(search)
app.command("eval")(evaluate)


# ---- access


@app.command()
def token(
    role: Annotated[str, typer.Option(help="admin or service.")] = "service",
    subject: Annotated[str, typer.Option(help="Who will use it; stands in the audit trail.")] = "somebody",
    hours: Annotated[float | None, typer.Option(min=0.01, help="Until it expires; 30 days when not given.")] = None,
) -> None:
    """Print a bearer token for the API."""
    from cluster.access.tokens import TokenRole, issue_token

    if role not in get_args(TokenRole):
        raise typer.BadParameter(f"{role!r} is neither admin nor service.", param_hint="--role")
    lifetime_s = None if hours is None else int(hours * 3600)
    typer.echo(issue_token(Settings(), subject, "admin" if role == "admin" else "service", lifetime_s=lifetime_s))


@app.command()
def monitor_password() -> None:
    """Set the password that the monitor asks for; it is kept as a hash and taken at the next start."""
    from cluster.access.monitor_guard import hash_password
    from cluster.access.secrets import keep_secrets

    settings = Settings()
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST_PASSWORD:
        raise typer.BadParameter(f"Take at least {SHORTEST_PASSWORD} characters.", param_hint="password")
    settings.root.mkdir(parents=True, exist_ok=True)
    keep_secrets(settings.root, {"QUARRY_MONITOR_PASSWORD_HASH": hash_password(password)})
    typer.echo("Kept. A monitor that runs asks for it after `quarry down` and `quarry up`.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def sql(
    context: typer.Context,
    role: Annotated[str, typer.Option(help="Whose claim it carries: admin, service or none.")] = "admin",
) -> None:
    """Open psql on the database; further arguments go to psql, as in `quarry sql -c "select 1"`."""
    from cluster.commands.psql import SqlRole, psql_command, psql_environment

    found = next((one for one in get_args(SqlRole) if one == role), None)
    if found is None:
        raise typer.BadParameter(f"{role!r} is none of {', '.join(get_args(SqlRole))}.", param_hint="--role")
    environment = psql_environment(Settings(), found)
    raise typer.Exit(subprocess.run(psql_command(context.args), env=environment, check=False).returncode)


@backfill.command("clip")
def backfill_images() -> None:
    """Embed the images whose jobs ended while the CLIP weights were missing."""
    from contextlib import closing

    from cluster.host.readiness import require_ready
    from cluster.serving import connected
    from db.connection import Database

    console, settings = terminal.make_console(), Settings()
    require_ready(settings)
    with connected(settings), closing(Database(settings.service_url, "service")) as database:
        from cluster.upkeep.backfill import backfill_clip

        done = left = 0
        for done, left in backfill_clip(database, settings):
            console.print(f"{terminal.counted(done, 'image')} embedded, {left} without a vector", markup=False)
    console.print(
        "Every image has its vector." if not left else f"{terminal.counted(left, 'image')} could not be embedded."
    )
    raise typer.Exit(ExitCode.PARTIAL if left else ExitCode.OK)


app.add_typer(backfill, name="backfill")
app.add_typer(queues.app, name="queue")
app.add_typer(reviews.app, name="review")


# ---- their parts


class Steps:
    """What is being done, behind a spinner; a line each where there is no terminal."""

    def __init__(self, console: Console) -> None:
        """Say nothing yet."""
        self._console, self._began = console, time.monotonic()
        self._status = console.status("")

    def __enter__(self) -> "Steps":
        """Begin to spin."""
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._status.stop()

    def say(self, step: str) -> None:
        """The next step."""
        if self._console.is_terminal:
            self._status.update(f"{step} ...")
        else:
            self._console.print(f"{time.monotonic() - self._began:5.1f} s  {step} ...", markup=False)


def bring_up(console: Console, *, announce: bool) -> Settings:
    """Start what is missing; the settings with all that the start made."""
    from cluster.local import up as start_all

    began = time.monotonic()
    with Steps(console) as steps:
        running = start_all(Settings(), steps.say)
    if not running.reused:
        console.print(f"Quarry is up after {terminal.duration(time.monotonic() - began)}.")
    elif announce:
        console.print("Quarry was up already.")
    if announce:
        announce_addresses(console, running.settings)
    return running.settings


def announce_addresses(console: Console, settings: Settings) -> None:
    """Where everything answers, and how one gets in."""
    from cluster.host.environment import ray_token_path
    from cluster.local import addresses

    notes = {
        "API documentation": "`quarry token` prints a token for it",
        "Metrics": "for Prometheus",
        "Ray dashboard": f"asks for the token in {ray_token_path(settings)}",
    }
    console.print(terminal.address_panel(addresses(settings), notes))
    console.print("Everything stays up until `make stop` or `quarry down`.", style="dim")


def sample_catalogue(settings: Settings) -> Path:
    """A catalogue that the repo makes."""
    path = settings.root / SAMPLE
    if not path.exists():
        draft = path.with_suffix(".part")
        from samples.catalogue import make_sample_catalogue

        make_sample_catalogue(draft)
        draft.replace(path)
    return path


if __name__ == "__main__":
    main()
