"""Owns how a value that a person gives goes into a product record, and what of it is kept for the next extraction.

A corrected field has evidence of the source `person`, at the place where the old value was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

ReviewState = Literal["open", "accepted", "corrected", "rejected"]
PERSON = "person"
"""Source of evidence that somebody typed."""
MIRRORS = {
    "code": "coreIdentity.productCode",
    "product_type": "coreIdentity.productType",
    "dimensions": "physicalProperties.dimensions",
    "materials": "physicalProperties.materials",
    "colours": "visualProperties.colours",
    "finish": "visualProperties.surfaceFinish",
}
"""Columns that the record's `fields` say as well; both are corrected together."""
COLUMNS = ("name", "description", *MIRRORS)
LISTS = ("materials", "colours")
SIDES = ("length", "width", "height", "thickness")


@dataclass(frozen=True)
class Decision:
    """What people decided about the product of one identity."""

    identity_key: str
    state: ReviewState
    reviewed_by: str
    reviewed_at: datetime
    corrections: list[dict[str, Any]]  # [{field, new}], oldest first


DECISIONS: LiteralString = """
    select r.identity_key, r.state, r.reviewed_by, r.reviewed_at,
           coalesce((select jsonb_agg(jsonb_build_object('field', c.field, 'new', c.new) order by c.id)
                     from product_corrections c
                     where c.document_id = r.document_id and c.identity_key = r.identity_key), '[]') as corrections
    from product_reviews r
    where r.document_id = %(document_id)s
"""


def decisions_of(conn: Connection[Any], document_id: UUID) -> dict[str, Decision]:
    """All decisions of a document, by the product's identity key."""
    with conn.cursor(row_factory=class_row(Decision)) as cursor:
        found = cursor.execute(DECISIONS, {"document_id": document_id})
        return {decision.identity_key: decision for decision in found}


def decided(record: Mapping[str, Any], decision: Decision) -> dict[str, Any]:
    """A record as extraction makes it, with what people corrected in it before."""
    result = dict(record)
    for correction in decision.corrections:
        result = corrected(result, correction["field"], correction["new"])
    return result


def value_of(record: Mapping[str, Any], field: str) -> Any:
    """What a record says in a field; None when nothing."""
    if field in COLUMNS:
        return record.get(field) or None
    category, name = field.split(".", 1)
    return record.get("fields", {}).get(category, {}).get(name)


def corrected(record: Mapping[str, Any], field: str, new: Any) -> dict[str, Any]:
    """The record with another value in a field, and its evidence.

    Args:
        record: in the JSON form of `actors.records.Product`.
        field: one of COLUMNS, or `category.field`.
        new: JSON types; None takes the value away.
    """
    result = dict(record)
    if field in COLUMNS:
        result[field] = ([] if new is None else new) if field in LISTS else new
    mirror = MIRRORS.get(field, field)
    if "." in mirror:
        changes = {mirror: [new] if field == "dimensions" and new is not None else new}
        result["fields"] = _with_fields(record.get("fields", {}), changes | _sides(field, new))
    replaced = {field, mirror, *(f"physicalProperties.{side}" for side in SIDES if field == "dimensions")}
    entries = record["evidence"]
    place = next((index for index, entry in enumerate(entries) if entry["field"] in replaced), len(entries))
    proofs = _proofs(record, replaced, mirror if field in LISTS else field, new)
    after = [entry for entry in entries[place:] if entry["field"] not in replaced]
    result["evidence"] = [*entries[:place], *proofs, *after]
    return result


def _sides(field: str, size: Any) -> dict[str, Any]:
    """The single sides of a corrected size, as extraction writes them."""
    if field != "dimensions":
        return {}
    lengths = {side: (size or {}).get(f"{side}_mm") for side in SIDES}
    return {
        f"physicalProperties.{side}": None if length is None else {"value": length, "unit": "mm"}
        for side, length in lengths.items()
    }


def _with_fields(fields: Mapping[str, Mapping[str, Any]], changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    result = {category: dict(values) for category, values in fields.items()}
    for path, value in changes.items():
        category, name = path.split(".", 1)
        values = result.setdefault(category, {})
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return {category: values for category, values in result.items() if values}


def _proofs(record: Mapping[str, Any], replaced: set[str], field: str, new: Any) -> list[dict[str, Any]]:
    """Evidence of what a person gave: where the old value was read, or else where the name stands."""
    if new is None:
        return []
    entries = record["evidence"]
    named = {*replaced, "name"} & {entry["field"] for entry in entries}
    place = next((entry for entry in entries if entry["field"] in (named & replaced or named)), entries[0])
    texts = [_as_text(item) for item in (new if isinstance(new, list) else [new])]
    return [
        {
            "field": field,
            "value": text,
            "page": place["page"],
            "box": list(place["box"]),
            "source": PERSON,
            "text": text,
            "confidence": 1.0,
        }
        for text in texts
    ]


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("printed") or value)
    return f"{value:g}" if isinstance(value, float) else str(value)
