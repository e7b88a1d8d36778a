"""How Quarry looks in a terminal: tables, panels and sentences made of what the API says. Asks nobody anything."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from db.errors import QuarryError

MOST_PRODUCTS = 100
"""Rows of the product table; `quarry export` has them all."""
MOST_PAGES, MOST_LOOKS = 4, 6
PRODUCT_COLUMNS = ("Name", "Code", "Type", "Size", "Look", "Page", "Images", "Sure")
"""`Sure`: the confidence; in yellow where a person should look at the record."""
STATUS_STYLES = {
    "completed": "green",
    "partial": "yellow",
    "failed": "red",
    "cancelled": "magenta",
    "processing": "cyan",
    "pending": "blue",
}
COUNT_WORDS = {"pages": "page", "images": "image", "chunks": "chunk", "products": "product"}


def make_console(*, to_stderr: bool = False) -> Console:
    """The terminal, or a plain stream of lines where there is none."""
    return Console(stderr=to_stderr, highlight=False, soft_wrap=False)


def status_text(status: str) -> Text:
    """A document's state in its colour."""
    return Text(status, style=STATUS_STYLES.get(status, ""))


def counted(number: int, word: str) -> str:
    """`1 page`, `3 pages`, `2 processes`."""
    plural = word + ("es" if word.endswith("s") else "s")
    return f"{number} {word if number == 1 else plural}"


def duration(seconds: float) -> str:
    """`8.2 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def error_panel(error: QuarryError) -> Panel:
    """What happened, what to do, and the code to search for."""
    lines = Text(error.message or str(error))
    if error.advice:
        lines.append(f"\n{error.advice}", style="bold")
    return Panel(lines, title=f"[red]{escape(error.code)}[/red]", title_align="left", border_style="red", expand=False)


def make_table(title: str | None = None) -> Table:
    """The look of all tables: lines below the headings only, so that 80 columns go far."""
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)


# ---- products


def product_table(products: Sequence[Mapping[str, Any]]) -> RenderableType:
    """One row a product, in the order of their pages; columns that would be empty are left out."""
    table = make_table(counted(len(products), "product"))
    rows = [product_row(product) for product in products[:MOST_PRODUCTS]]
    used = [heading for heading in PRODUCT_COLUMNS if any(str(row[heading]) for row in rows)]
    for heading in used:
        numeric = heading in ("Page", "Images", "Sure")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in rows:
        table.add_row(*(row[heading] for heading in used))
    if len(products) <= MOST_PRODUCTS:
        return table
    return Group(
        table, Text(f"... and {len(products) - MOST_PRODUCTS} more: `quarry export` has them all.", style="dim")
    )


def product_row(product: Mapping[str, Any]) -> dict[str, RenderableType]:
    """The cells of one product, by heading."""
    look = [*product["colours"], *filter(None, [product["finish"]]), *product["materials"]]
    pages = [str(page) for page in product["pages"]]
    cells = (
        Text(product["name"], style="bold"),
        Text(product["code"] or ""),
        Text(product["product_type"] or ""),
        Text((product["dimensions"] or {}).get("printed", "")),
        Text(few(look, MOST_LOOKS)),
        Text(few(pages, MOST_PAGES)),
        Text(str(len(product["images"]))),
        Text(f"{product['confidence']:.0%}", style="yellow" if product["needs_review"] else "green"),
    )
    return dict(zip(PRODUCT_COLUMNS, cells, strict=True))


def few(words: Sequence[str], most: int) -> str:
    """The first of them, and that there are more."""
    return ", ".join(words if len(words) <= most else [*words[: most - 1], "..."])


# ---- documents


def document_table(documents: Sequence[Mapping[str, Any]], total: int) -> RenderableType:
    """The newest documents."""
    if not documents:
        return Text("No documents yet: `quarry ingest FILE`.", style="dim")
    table = make_table(f"{counted(total, 'document')}, newest first")
    for heading in ("Document", "Title", "State", "Stage"):
        table.add_column(heading, overflow="fold")
    for heading in ("Done", "Pages", "Products"):
        table.add_column(heading, justify="right")
    for document in documents:
        table.add_row(
            Text(document["id"][:8], style="dim"),
            Text(document["title"]),
            status_text(document["status"]),
            stage_name(document["stage"] or ""),
            f"{document['progress']:.0f} %",
            str(document["page_count"] or ""),
            str(document["counts"].get("products", "")),
        )
    return table


def document_panel(document: Mapping[str, Any], stages: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Everything that is known of one document, short of its contents."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    grid.add_row("document", document["id"])
    grid.add_row("file", Text(document["filename"]))
    grid.add_row("state", status_text(document["status"]))
    grid.add_row("attempt", f"{document['attempt']} of {document['max_attempts']}")
    grid.add_row("language", ", ".join(document["languages"]) or "-")
    grid.add_row("counts", counts_sentence(document["counts"]) or "-")
    if document["error_message"]:
        grid.add_row("reason", Text(f"{document['error_message']} ({document['error_code']})", style="red"))
    for warning in document["warnings"]:
        grid.add_row("warning", Text(f"{warning['message']} ({warning['code']})", style="yellow"))
    for error in document["errors"]:
        grid.add_row(f"error, attempt {error['attempt'] or '-'}", Text(error["error"], style="red"))
    return Group(Panel(grid, title=escape(document["title"]), title_align="left", expand=False), stage_table(stages))


def stage_table(stages: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The stages that have begun, with counts."""
    if not stages:
        return Text("No stage has begun.", style="dim")
    table = make_table()
    table.add_column("Stage")
    for heading in ("Done", "Items", "Failed", "Rate", "Left"):
        table.add_column(heading, justify="right")
    for stage in stages:
        rate, left = stage["rate_per_s"], stage["seconds_left"]
        table.add_row(
            stage_name(stage["stage"]),
            f"{stage['progress']:.0f} %",
            f"{stage['completed']} of {stage['total']}",
            Text(str(stage["failed"]), style="red" if stage["failed"] else "dim"),
            f"{rate:.1f}/s" if rate else "-",
            duration(left) if left is not None else "no estimate",
        )
    return table


def stage_name(stage: str) -> str:
    """`image_processing` as people write it."""
    return stage.replace("_", " ")


def counts_sentence(counts: Mapping[str, Any]) -> str:
    """`8 pages, 17 images, 44 chunks, 24 products`: of the counts, those that a reader asks for."""
    return ", ".join(
        counted(counts[name], word) for name, word in COUNT_WORDS.items() if isinstance(counts.get(name), int)
    )


def outcome(document: Mapping[str, Any], seconds: float | None) -> RenderableType:
    """How a document ended, with reasons and warnings."""
    line = Text.assemble((document["title"], "bold"), ": ", status_text(document["status"]))
    if seconds is not None:
        line.append(f" in {duration(seconds)}")
    if sentence := counts_sentence(document["counts"]):
        line.append(f" ({sentence})")
    parts: list[RenderableType] = [line]
    if document["error_message"]:
        parts.append(Text(f"  {document['error_message']} ({document['error_code']})", style="red"))
    parts += [Text(f"  {warning['message']} ({warning['code']})", style="yellow") for warning in document["warnings"]]
    return Group(*parts)


# ---- services


def address_panel(addresses: Mapping[str, str], notes: Mapping[str, str]) -> Panel:
    """Where everything answers; a note stands below its address."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for name, address in addresses.items():
        grid.add_row(name, f"[link={address}]{address}[/link]")
        if name in notes:
            grid.add_row("", Text(notes[name], style="dim"))
    return Panel(grid, title="Quarry is up", title_align="left", border_style="green", expand=False)


def queue_table(metrics: Mapping[str, Any]) -> Table:
    """Both queues in numbers."""
    table = make_table("Queues")
    table.add_column("Queue")
    columns = ("pending", "processing", "completed", "failed", "total")
    for heading in (*columns, "average"):
        table.add_column(heading, justify="right")
    for name, title in (("image", "images"), ("ai", "AI analysis")):
        queue = metrics[name]
        average = queue["average_seconds"]
        table.add_row(title, *(str(queue[column]) for column in columns), "-" if average is None else duration(average))
    return table


# ---- processes


def process_table(processes: Sequence[Mapping[str, Any]]) -> RenderableType:
    """What runs, as `cluster.host.process_list` found it."""
    if not processes:
        return Text("nothing is running")
    table = make_table()
    table.add_column("Duty", overflow="ellipsis", no_wrap=True, max_width=36)
    for heading in ("Pid", "Memory", "Age"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Document", overflow="ellipsis", no_wrap=True)
    for process in processes:
        table.add_row(
            Text(process["duty"]),
            str(process["pid"]),
            f"{process['memory_bytes'] / 1024**2:.0f} MiB",
            duration(process["age_s"]),
            Text(process["title"] or ""),
        )
    return table
