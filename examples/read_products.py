"""Reads the products that Quarry made of a catalogue: from an export, or from the API. Needs nothing but Python.

    quarry export last --format zip -o products.zip
    python examples/read_products.py products.zip
    python examples/read_products.py products.json
    python examples/read_products.py http://127.0.0.1:8100 DOCUMENT_ID "$(quarry token)"

What a record holds is described by docs/product.schema.json.
"""

import json
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE_ROWS = 100


def from_file(path: Path) -> list[dict[str, Any]]:
    """The records of an export as JSON, or as a zip with images."""
    if not zipfile.is_zipfile(path):
        return list(json.loads(path.read_text(encoding="utf-8")))
    with zipfile.ZipFile(path) as archive:
        return list(json.loads(archive.read("products.json")))


def from_api(address: str, document_id: str, token: str) -> Iterator[dict[str, Any]]:
    """The records of a document, page by page."""
    offset = 0
    while True:
        url = f"{address}/documents/{document_id}/products?limit={PAGE_ROWS}&offset={offset}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            page = json.load(answer)
        yield from page["items"]
        offset += PAGE_ROWS
        if offset >= page["total"]:
            return


def described(product: dict[str, Any]) -> str:
    """One product in a few lines, with the printed line that proves its name."""
    size = (product["dimensions"] or {}).get("printed", "no size")
    proof = next(item for item in product["evidence"] if item["field"] == "name")
    lines = [
        f"{product['name']}  {product['code'] or ''}".rstrip(),
        f"  {size}, {product['finish'] or 'no finish'}, {len(product['images'])} images",
        f"  page {proof['page']}: {proof['text']!r} ({proof['source']})",
    ]
    if product["needs_review"]:
        lines.append(f"  to review: {'; '.join(product['review_reasons'])}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the products."""
    if len(arguments) not in (1, 3):
        sys.exit(__doc__)
    products = from_file(Path(arguments[0])) if len(arguments) == 1 else from_api(*arguments)
    for product in products:
        print(described(product))


if __name__ == "__main__":
    main(sys.argv[1:])
