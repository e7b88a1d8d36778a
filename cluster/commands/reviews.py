"""The commands `quarry review ...`: what a person should look at, and what the person says. All over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import typer

from cluster.commands import terminal
from cluster.commands.api_client import ApiClient
from cluster.commands.documents import AsJson, find, print_json
from cluster.settings import Settings

app = typer.Typer(help="Look through doubtful products: list, accept, correct, reject.", no_args_is_help=True)
SHOWN = 50

ProductId = Annotated[UUID, typer.Argument(metavar="PRODUCT", help="Its id, from `quarry review list`.")]
Text = Annotated[str | None, typer.Option(help="What it is instead; empty takes it away.")]


@app.command("list")
def show(
    document: Annotated[str | None, typer.Argument(help="Of this document only: id, part of a title, `last`.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the products that nobody has decided about, with the reason for the doubt."""
    with ApiClient(Settings()) as api:
        found = api.to_review(find(api, document) if document else None, limit=SHOWN)
    if as_json:
        print_json(found)
        return
    console = terminal.make_console()
    for product in found["items"]:
        pages = ", ".join(map(str, product["pages"]))
        console.print(f"{product['id']}  {product['name']}", markup=False)
        why = "; ".join(product["review_reasons"])
        console.print(f"    {product['document_title']}, page {pages}: {why}", style="dim", markup=False)
    shown, total = len(found["items"]), found["total"]
    if not total:
        console.print("Nothing waits for a review.")
    elif total > shown:
        console.print(f"{total - shown} more after these.")


@app.command()
def accept(product: ProductId) -> None:
    """Say that the record is right."""
    decide(product, "accept")


@app.command()
def reject(product: ProductId) -> None:
    """Say that this is no product: searches and exports leave it out."""
    decide(product, "reject")


@app.command()
def correct(
    product: ProductId,
    name: Text = None,
    code: Text = None,
    product_type: Text = None,
    size: Text = None,
    finish: Text = None,
    description: Text = None,
    colour: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    material: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
) -> None:
    """Put right what is wrong; what is not named stays."""
    texts = {
        "name": name, "code": code, "product_type": product_type,
        "dimensions": size, "finish": finish, "description": description,
    }  # fmt: skip
    changes: dict[str, Any] = {field: text or None for field, text in texts.items() if text is not None}
    lists = {"colours": colour, "materials": material}
    changes |= {field: [item for item in given if item] for field, given in lists.items() if given}
    if not changes:
        raise typer.BadParameter("Name what shall be changed: --name, --size, --finish ...")
    with ApiClient(Settings()) as api:
        say(api.correct(product, changes))


def decide(product: UUID, action: str) -> None:
    """Ask for it and say how the product stands now."""
    with ApiClient(Settings()) as api:
        say(api.decide(product, action))


def say(product: dict[str, Any]) -> None:
    """One product after a decision."""
    line = f"{product['id']}: {product['name']}, {product['review_state']}"
    terminal.make_console().print(line, markup=False)
