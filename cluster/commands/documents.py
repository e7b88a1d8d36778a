"""The commands of `quarry` that work on documents, from ingest to delete. All over HTTP."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.text import Text

from cluster.commands import terminal
from cluster.commands.api_client import ApiClient, ApiRefused, ServiceDown
from cluster.commands.exit_codes import OF_STATUS, ExitCode, Interrupted, of_error, worst
from cluster.commands.progress_bars import follow
from cluster.exports import ARCHIVE, FORMATS
from cluster.settings import Settings
from db.errors import QuarryError

LAST = "last"
SHOWN_DOCUMENTS = 15

DocumentName = Annotated[str, typer.Argument(help="Its id, the beginning of it, a part of its title, or `last`.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


class DocumentUnclear(QuarryError):
    """The given name fits none or several."""

    code = "document_unclear"


def ingest(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="PDF catalogues.")],
    title: Annotated[str | None, typer.Option(help="Shown everywhere; the file's name when not given.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A word to find it by; may be given several times.")] = None,
    priority: Annotated[int, typer.Option(min=-100, max=100, help="Higher goes first.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Process bytes that were processed before once more.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for the password of protected files; without a terminal, read it.")
    ] = False,
    callback: Annotated[str | None, typer.Option(help="Address that is told of the end by a signed webhook.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow them to their end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Upload catalogues. With --wait, exit code 1 says that one failed and 4 that one is partial."""
    console, codes = terminal.make_console(), [ExitCode.OK]
    fields = {
        "title": title,
        "tags": tuple(tag or ()),
        "priority": priority,
        "force": force,
        "password": ask_password() if password else None,
        "callback_url": callback,
    }
    answers: list[dict[str, Any]] = []
    with ApiClient(Settings()) as api, printed_at_the_end(answers) if as_json else nullcontext():
        for file, answer in uploads(api, files, fields, codes):
            answers.append({"file": str(file), **answer})
            if not as_json:
                known = ", uploaded before" if answer["duplicate"] else ""
                console.print(f"{answer['document_id']}  {file.name}  ({answer['status']}{known})", markup=False)
        if wait and ExitCode.SERVICE_DOWN not in codes:
            titles = {UUID(answer["document_id"]): title or Path(answer["file"]).name for answer in answers}
            follow(terminal.make_console(to_stderr=as_json), api.progress, titles)
            answers[:] = [api.document(document) for document in titles]
            codes += [OF_STATUS[document["status"]] for document in answers]
            if not as_json:
                console.print(*(terminal.outcome(document, seconds_of(document)) for document in answers), sep="\n")
    raise typer.Exit(worst(codes))


def status(
    document: Annotated[str | None, typer.Argument(help="Id, beginning of it, part of a title, or `last`.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the queues and the newest documents, or everything about one document."""
    console = terminal.make_console()
    with ApiClient(Settings()) as api:
        if document is None:
            metrics, found = api.queues(), api.documents(limit=SHOWN_DOCUMENTS)
            if as_json:
                print_json({"queues": metrics, "documents": found["items"]})
            else:
                console.print(terminal.queue_table(metrics), terminal.document_table(found["items"], found["total"]))
            return
        document_id = find(api, document)
        facts, progress = api.document(document_id), api.progress(document_id)
    if as_json:
        print_json({**facts, "stages": progress["stages"]})
    else:
        console.print(terminal.document_panel(facts, progress["stages"]))


def watch(document: DocumentName) -> None:
    """Follow a document to its end and show its products."""
    with ApiClient(Settings()) as api:
        raise typer.Exit(watch_to_end(terminal.make_console(), api, find(api, document)))


def deliveries(document: DocumentName, as_json: AsJson = False) -> None:
    """Show the webhooks of a document and what became of each."""
    with ApiClient(Settings()) as api:
        found = api.deliveries(find(api, document))
    if as_json:
        print_json(found)
        return
    console = terminal.make_console()
    for delivery in found:
        console.print(f"{delivery['id']}  {delivery['event']}  {delivery['status']}  {delivery['url']}", markup=False)
        for attempt in delivery["attempts"]:
            outcome = attempt["error"] or f"answered {attempt['status_code']}"
            console.print(f"    {attempt['at']}  attempt {attempt['attempt']}: {outcome}", style="dim", markup=False)
    if not found:
        console.print("No webhook was asked for, or the document has not ended.")


def replay(delivery: Annotated[UUID, typer.Argument(help="Its id, from `quarry deliveries`.")]) -> None:
    """Send a webhook once more."""
    with ApiClient(Settings()) as api:
        answer = api.replay(delivery)
    terminal.make_console().print(f"{answer['id']}: {answer['status']}", markup=False)


def export(
    document: DocumentName,
    export_format: Annotated[
        str, typer.Option("--format", "-f", help=f"One of {', '.join((*FORMATS, ARCHIVE))}.")
    ] = "json",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; `-` is standard output.")
    ] = None,
) -> None:
    """Write a document's products to a file."""
    if export_format not in (*FORMATS, ARCHIVE):
        raise typer.BadParameter(
            f"{export_format!r} is none of {', '.join((*FORMATS, ARCHIVE))}.", param_hint="--format"
        )
    with ApiClient(Settings()) as api:
        document_id = find(api, document)
        path = output or Path(f"{Path(api.document(document_id)['filename']).stem}-products.{export_format}")
        write_export(api, document_id, export_format, path)
    if str(path) != "-":
        terminal.make_console(to_stderr=True).print(f"wrote {path} ({path.stat().st_size} bytes)", markup=False)


def cancel(document: DocumentName) -> None:
    """Stop a document; what was stored of it stays."""
    act(document, "cancel")


def retry(document: DocumentName) -> None:
    """Try again what has failed of a document, and only that."""
    act(document, "retry")


def reprocess(document: DocumentName) -> None:
    """Do everything of an ended document again, from its first page."""
    act(document, "reprocess")


def delete(
    document: DocumentName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a document, everything made of it, and the files that no other document uses."""
    with ApiClient(Settings()) as api:
        document_id = find(api, document)
        title = api.document(document_id)["title"]
        if not yes:
            typer.confirm(f"Remove {title!r} ({document_id}) and everything made of it?", abort=True)
        api.delete(document_id)
    terminal.make_console().print(f"{document_id}: deleted", markup=False)


# ---- their parts


def uploads(
    api: ApiClient, files: Sequence[Path], fields: Mapping[str, Any], codes: list[ExitCode]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each file that was taken, with the answer; says of the others why not, and adds what that means to `codes`.

    The first file that finds the service down is the last one that is tried.
    """
    console = terminal.make_console(to_stderr=True)
    for number, file in enumerate(files):
        try:
            answer = api.upload(file, **fields)
        except (ApiRefused, ServiceDown) as error:
            console.print(Text(file.name), terminal.error_panel(error))
            codes.append(of_error(error))
            if isinstance(error, ServiceDown):
                for left in files[number + 1 :]:
                    console.print(f"{left.name}: not uploaded", markup=False)
                return
            continue
        yield file, answer


@contextmanager
def printed_at_the_end(answers: list[dict[str, Any]]) -> Iterator[None]:
    """However the block ends: what was answered by then is not to be had a second time."""
    try:
        yield
    finally:
        print_json(answers)


def ask_password() -> str:
    """From a hidden prompt or the first line of the input, never from the command line, which everybody can read."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password of the PDF", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


def watch_to_end(console: Console, api: ApiClient, document_id: UUID) -> ExitCode:
    """Follow one document, print its products and how it ended."""
    try:
        follow(console, api.progress, {document_id: api.document(document_id)["title"]})
    except Interrupted:
        console.print(f"It goes on without you: quarry watch {document_id}", markup=False)
        raise
    document = api.document(document_id)
    if products := api.products(document_id):
        console.print(terminal.product_table(products))
    console.print(terminal.outcome(document, seconds_of(document)))
    return OF_STATUS[document["status"]]


def find(api: ApiClient, name: str) -> UUID:
    """The document that is meant. Raises DocumentUnclear."""
    try:
        return UUID(name)
    except ValueError:
        pass
    found = api.documents(limit=1) if name == LAST else api.documents(text=name, limit=2)
    if len(found["items"]) == 1:
        return UUID(found["items"][0]["id"])
    if not found["items"]:
        raise DocumentUnclear(f"No document fits {name!r}.", "`quarry status` lists the newest.")
    raise DocumentUnclear(
        f"{found['total']} documents fit {name!r}.", "Give more of its id; `quarry status` lists them."
    )


def write_export(api: ApiClient, document_id: UUID, export_format: str, path: Path) -> None:
    """Write the file beside its place and move it there when it is whole."""
    with api.export(document_id, export_format) as answer:
        if str(path) == "-":
            for piece in answer.iter_bytes():
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        draft = path.with_name(f".{path.name}.part")
        with draft.open("wb") as out:
            for piece in answer.iter_bytes():
                out.write(piece)
        draft.replace(path)


def act(name: str, action: str) -> None:
    """Ask for something and say what became of it."""
    with ApiClient(Settings()) as api:
        answer = api.act(find(api, name), action)
    jobs = f", {answer['jobs_queued']} jobs queued" if answer.get("jobs_queued") is not None else ""
    terminal.make_console().print(f"{answer['document_id']}: {answer['status']}{jobs}", markup=False)


def seconds_of(document: dict[str, Any]) -> float | None:
    """From the first claim to the end."""
    if document["started_at"] is None or document["completed_at"] is None:
        return None
    started, completed = (parse_time(document[name]) for name in ("started_at", "completed_at"))
    return completed - started


def parse_time(text: str) -> float:
    """Seconds since the epoch of the API's timestamps."""
    return datetime.fromisoformat(text).timestamp()


def print_json(value: object) -> None:
    """As it is, for programs."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
