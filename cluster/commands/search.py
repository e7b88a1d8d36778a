"""The command `quarry search`: products of all documents, by words or by an example picture. Over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from cluster.commands import terminal
from cluster.commands.api_client import ApiClient
from cluster.commands.documents import AsJson, print_json
from cluster.settings import Settings


def search(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    like: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="A picture of something alike.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most products to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find products of all documents, best first: by words and meaning, or by a picture."""
    if bool(words) == bool(like):
        raise typer.BadParameter("Give words, or --like and a picture.")
    with ApiClient(Settings()) as api:
        found = api.search_like(like, limit=limit) if like else api.search(" ".join(words or []), limit=limit)
    if as_json:
        print_json(found)
        return
    console = terminal.make_console()
    products = [hit["product"] for hit in found["items"]]
    if products:
        console.print(terminal.product_table(products))
    else:
        console.print("Nothing fits.")
    if reason := found["method"]["reason"]:
        console.print(f"By words only: {reason}", style="dim", markup=False)
