"""Writes product records as JSON, CSV, Excel or Parquet, for the API and the command line.

The columns of the three tables are the same, always all there and always in this order; JSON keeps the records whole.
Knows no database: it is given rows.
"""

import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, get_args

from db.products import ProductRow

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ExportFormat = Literal["json", "csv", "xlsx", "parquet"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
ARCHIVE = "zip"
"""The records with their images; written by `cluster.export_archive`."""
MEDIA_TYPES: dict[ExportFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
TEXTS = ("name", "code", "product_type", "description", "finish")
SIZES = ("length_mm", "width_mm", "height_mm", "thickness_mm")
LISTS = ("document_languages", "materials", "colours", "pages", "review_reasons", "image_ids")
FIELD_COLUMNS = (
    "coreIdentity.manufacturer", "coreIdentity.brand", "coreIdentity.collection", "coreIdentity.sku",
    "coreIdentity.model", "coreIdentity.designer", "coreIdentity.countryOfOrigin",
    "physicalProperties.weight", "physicalProperties.shape", "physicalProperties.edge",
    "physicalProperties.materialCategory",
    "visualProperties.primaryColor", "visualProperties.surfaceFinish", "visualProperties.pattern",
    "technicalSpecifications.waterAbsorption", "technicalSpecifications.slipResistance",
    "technicalSpecifications.frostResistance", "technicalSpecifications.PEI", "technicalSpecifications.fireRating",
    "commercialInformation.price", "commercialInformation.currency", "commercialInformation.warranty",
    "commercialInformation.certifications", "commercialInformation.application", "commercialInformation.environments",
)  # fmt: skip
"""`category.field` of the specification, a text column each; what else a product's fields hold is in `other_fields`."""
COLUMNS = (
    "product_id", "document_id", "document_title", LISTS[0], *TEXTS, *SIZES, "dimensions_printed", *LISTS[1:],
    "confidence", "needs_review", *FIELD_COLUMNS, "other_fields", "evidence", "review_state", "reviewed_by",
    "reviewed_at",
)  # fmt: skip
BETWEEN = "; "
"""Between the items of a list, in CSV and Excel; Parquet has real lists."""
LONGEST_CELL = 32_767
"""Characters that Excel takes in one cell."""
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_NOT_IN_EXCEL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export_products(products: Sequence[ProductRow], export_format: ExportFormat) -> bytes:
    """The file's bytes; without products a file with all columns and no rows."""
    if export_format == "json":
        return _to_json(products)
    table = [flat_product(product) for product in products]
    if export_format == "parquet":
        return _to_parquet(table)
    frame = _to_frame([{name: _joined(value) for name, value in row.items()} for row in table])
    return _to_csv(frame) if export_format == "csv" else _to_excel(frame)


def flat_product(product: ProductRow) -> dict[str, Any]:
    """One product as a row of COLUMNS; lists are lists still, nested things are JSON."""
    dimensions = product.dimensions or {}
    other = {
        category: rest
        for category, fields in product.fields.items()
        if (rest := {name: value for name, value in fields.items() if f"{category}.{name}" not in FIELD_COLUMNS})
    }
    row: dict[str, Any] = {
        "product_id": str(product.id),
        "document_id": str(product.document_id),
        "document_title": product.document_title,
        "document_languages": product.document_languages,
        **{name: getattr(product, name) for name in TEXTS},
        **{name: dimensions.get(name) for name in SIZES},
        "dimensions_printed": dimensions.get("printed"),
        "materials": product.materials,
        "colours": product.colours,
        "pages": product.pages,
        "review_reasons": product.review_reasons,
        "image_ids": list(dict.fromkeys(image["image_id"] for image in product.images)),
        "confidence": product.confidence,
        "needs_review": product.needs_review,
        **{column: _field_text(product, column) for column in FIELD_COLUMNS},
        "other_fields": _json(other) if other else None,
        "evidence": _json(product.evidence),
        "review_state": product.review_state,
        "reviewed_by": product.reviewed_by,
        "reviewed_at": product.reviewed_at and product.reviewed_at.isoformat(),
    }
    return {column: row[column] for column in COLUMNS}


def full_product(product: ProductRow) -> dict[str, Any]:
    """One product whole, in JSON types; without what only Quarry's inside needs."""
    record = asdict(product)
    for internal in ("identity_key", "embedding_model"):
        del record[internal]
    record["images"] = [
        {name: value for name, value in image.items() if name != "storage_key"} for image in record["images"]
    ]
    return record


def _to_json(products: Sequence[ProductRow]) -> bytes:
    records = [full_product(product) for product in products]
    return json.dumps(records, ensure_ascii=False, indent=1, default=str).encode()


def _to_frame(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # half a second, which commands that export nothing do not pay

    return pd.DataFrame(rows, columns=list(COLUMNS))


def _to_csv(frame: "pd.DataFrame") -> bytes:
    guarded = frame.map(lambda value: _guarded(value) if isinstance(value, str) else value)
    return guarded.to_csv(index=False, lineterminator="\r\n").encode()


def _to_excel(frame: "pd.DataFrame") -> bytes:
    import pandas as pd

    target = io.BytesIO()
    cells = frame.map(lambda value: _NOT_IN_EXCEL.sub("", value)[:LONGEST_CELL] if isinstance(value, str) else value)
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        cells.to_excel(writer, sheet_name="products", index=False, freeze_panes=(1, 0))
        for line in writer.sheets["products"].iter_rows(min_row=2):
            for cell in line:
                if cell.data_type == "f":  # text from a catalogue that begins with '=' is no formula
                    cell.data_type = "s"
    return target.getvalue()


def _to_parquet(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=_parquet_schema()), target)
    return target.getvalue()


def _parquet_schema() -> "pa.Schema":
    import pyarrow as pa

    kinds = {
        **dict.fromkeys(LISTS, pa.list_(pa.string())),
        "pages": pa.list_(pa.int32()),
        **dict.fromkeys((*SIZES, "confidence"), pa.float64()),
        "needs_review": pa.bool_(),
    }
    return pa.schema([pa.field(column, kinds.get(column, pa.string())) for column in COLUMNS])


def _field_text(product: ProductRow, column: str) -> str | None:
    category, name = column.split(".")
    value = product.fields.get(category, {}).get(name)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return BETWEEN.join(str(item) for item in value)
    return value if value is None or isinstance(value, str) else _json(value)


def _joined(value: Any) -> Any:
    return BETWEEN.join(str(item) for item in value) if isinstance(value, list) else value


def _guarded(text: str) -> str:
    """Text that a spreadsheet would run as a formula, behind an apostrophe (OWASP, "CSV injection"); numbers stay."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
