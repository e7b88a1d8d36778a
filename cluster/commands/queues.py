"""The commands `quarry queue ...`: pause a queue, let it go on, and see which ones stand. All over HTTP."""

from typing import Annotated, Any, get_args

import typer

from cluster.commands import terminal
from cluster.commands.api_client import ApiClient
from cluster.commands.documents import AsJson, print_json
from cluster.settings import Settings
from db.queue_switches import SwitchName

app = typer.Typer(help="Pause the queues and let them go on.", no_args_is_help=True)
NAMES = ", ".join(get_args(SwitchName))

QueueArgument = Annotated[str, typer.Argument(metavar="QUEUE", help=f"One of {NAMES}.")]


@app.command()
def pause(queue: QueueArgument) -> None:
    """Give out nothing more of a queue. What is in work ends; documents wait without losing attempts."""
    switch(queue, "pause")


@app.command()
def resume(queue: QueueArgument) -> None:
    """Let a paused queue go on."""
    switch(queue, "resume")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say which queues are paused, by whom and since when."""
    with ApiClient(Settings()) as api:
        found = api.switches()
    if as_json:
        print_json(found)
        return
    console = terminal.make_console()
    for each in found:
        console.print(sentence(each), markup=False)


def switch(queue: str, action: str) -> None:
    """Ask for it and say how the queue stands now."""
    if queue not in get_args(SwitchName):
        raise typer.BadParameter(f"{queue!r} is none of {NAMES}.", param_hint="QUEUE")
    with ApiClient(Settings()) as api:
        answer = api.switch(queue, action)
    terminal.make_console().print(sentence(answer), markup=False)


def sentence(switch: dict[str, Any]) -> str:
    """One queue in words."""
    if switch["changed_at"] is None:
        return f"{switch['queue']}: running"
    state = "paused" if switch["paused"] else "running"
    return f"{switch['queue']}: {state} since {switch['changed_at'][:19]}Z, by {switch['changed_by']}"
