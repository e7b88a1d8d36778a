"""Reads the fields of a record from printed lines and tables, each with the line that proves it.

It owns which reader fills which field and which reading wins. How a size, a price or a code looks is known by the
readers, the words by the vocabulary, the rule of evidence by `actors.evidence`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from actors.analysis import answer_each, page_lines
from actors.evidence import CELL_BREAK, PART_BREAK, keep_evidenced, printed_form
from actors.page.printed_rows import PrintedRow, printed_rows
from actors.page.table_rows import is_list_of_values, table_rows
from actors.records import AnalysisResult, AnalysisTask, Chunk, Dimensions, Evidence, Metadata, TextLine, TextSource
from actors.values.codes import parse_codes
from actors.values.commercial import parse_commercial
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.parsed_value import ParsedValue
from actors.values.prices import parse_prices
from actors.values.technical import parse_technical
from actors.vocabulary.languages import is_read, languages_read, reading_in
from actors.vocabulary.words import ALWAYS, Term, find_terms, fold, is_denied

MODEL = "quarry-metadata-1"
DIMENSIONS = "physicalProperties.dimensions"
LONGEST_LIST = 40
CAPTION_WORDS = 8
"""Up to so many words a line is read as a caption: a word of the vocabulary there says what the thing is."""
SHORTEST_FOREIGN = 4
"""Letters from which a word of another language counts in a caption: "Rovere" is oak, a bath mat is not matt."""
CAPTION_CONFIDENCE, PROSE_CONFIDENCE, MISSPELT_CONFIDENCE, OCR_FACTOR = 0.8, 0.55, 0.5, 0.9
FINISH = "visualProperties.surfaceFinish"
MATERIAL_LABEL = "physicalProperties.materialCategory"
PACKAGING = "commercialInformation.packaging"
SENTENCE_MARKS = ".!?:"
SAME_SIZE = 1.1  # of two lines of one text
SENTENCE = re.compile(r"[.!?;|]\s")
LISTS = {
    DIMENSIONS, "physicalProperties.materials", "visualProperties.colours", "visualProperties.finishes",
    "commercialInformation.certifications", "commercialInformation.application", "commercialInformation.environments",
}  # fmt: skip
MISSPELT = ("finish", "material", "colour")
"""What suppliers misspell and OCR misreads, and a record should have all the same."""
_WORD_FIELDS: dict[str, tuple[tuple[str, bool], ...]] = {
    # category of the vocabulary: fields, and whether the field takes the English word instead of the printed one
    "finish": (("visualProperties.surfaceFinish", False), ("visualProperties.finishes", False),
               ("visualProperties.finishCategory", True)),
    "material": (("physicalProperties.materials", False), ("physicalProperties.materialCategory", True)),
    "colour": (("visualProperties.colours", False), ("visualProperties.primaryColor", True)),
    "pattern": (("visualProperties.pattern", True),),
    "shape": (("physicalProperties.shape", True),),
    "edge": (("physicalProperties.edge", True),),
    "application": (("commercialInformation.application", True),),
    "environment": (("commercialInformation.environments", True),),
}  # fmt: skip
_OF_LABELS = {
    # what a label names goes into these fields as well
    "visualProperties.surfaceFinish": ("finish", "visualProperties.finishes"),
    "physicalProperties.materialCategory": ("material", "physicalProperties.materials"),
    "visualProperties.primaryColor": ("colour", "visualProperties.colours"),
}


class Reading(NamedTuple):
    """One value for one field, before the best are chosen."""

    field: str
    value: Any
    evidence: Evidence


def read_lines(lines: Sequence[TextLine], page: int, source: TextSource) -> Metadata:
    """All fields that printed lines name, in the languages that are being read.

    Args:
        lines: with boxes in points; lines side by side are read together.
        page: 1-based.
        source: of the lines.
    """
    rows = printed_rows(lines)
    readings = [
        reading
        for above, row in zip([None, *rows], rows, strict=False)
        for reading in read_row(row, page, source, above.text if above is not None and _runs_on(above, row) else "")
    ]
    return gathered(readings)


def read_chunk(chunk: Chunk) -> Metadata:
    """All fields of a chunk; in a table the header names the cells under it."""
    if chunk.kind != "table" or not chunk.rows:
        return read_lines(chunk.lines, chunk.page, chunk.source)
    rows = table_rows(chunk)
    per_row = [gathered(list(read_row(row, chunk.page, chunk.source))) for row in rows]
    return merge(*per_row) if per_row and is_list_of_values(chunk.rows) else _common(per_row)


def read_row(row: PrintedRow, page: int, source: TextSource, above: str = "") -> Iterator[Reading]:
    """Every reading of one row, before the best are chosen; `above`: the line whose sentence it may end."""
    factor = OCR_FACTOR if source == "ocr" else 1.0

    def prove(field: str, value: str, start: int, confidence: float) -> Evidence:
        line = row.line_at(start)
        return Evidence(
            field=field, value=value, page=page, box=line.box, source=source, text=line.text,
            confidence=round(confidence * factor, 3),
        )  # fmt: skip

    for size, parts in _sizes(row):
        shown = size.printed.split(PART_BREAK)[0]
        yield Reading(DIMENSIONS, size.to_record().to_json(), prove(DIMENSIONS, shown, size.start, size.confidence))
        for part in parts:
            for field, value in side_fields(part):
                yield Reading(field, value, prove(field, part.printed, part.start, part.confidence))
    for code in parse_codes(row.text):
        yield Reading(code.field, code.code, prove(code.field, code.code, code.start, code.confidence))
    for price in parse_prices(row.text):
        for name, content in (("price", price.amount), ("currency", price.currency), ("pricePer", price.per)):
            if content and (name != "pricePer" or content in price.printed):
                field = f"commercialInformation.{name}"
                yield Reading(field, content, prove(field, price.printed, price.start, price.confidence))
    labelled = parse_labelled(row.text)
    for parsed in _plain_values(row.text, labelled):
        for field, value in _value_fields(parsed):
            yield Reading(field, value, prove(field, parsed.value, parsed.start, parsed.confidence))
    words = list(_own_words(row, labelled, above))
    for start, end in treatments(row.text, [term for term, _ in words if term.category == "finish"]):
        sure = max(confidence for term, confidence in words if start <= term.start < end)
        yield Reading(FINISH, row.text[start:end], prove(FINISH, row.text[start:end], start, sure))
    for term, confidence in words:
        for field, english in _WORD_FIELDS[term.category]:
            value = term.canonical if english else term.printed
            yield Reading(field, value, prove(field, term.printed, term.start, confidence))


def _sizes(row: PrintedRow) -> list[tuple[ParsedDimensions, tuple[ParsedDimensions, ...]]]:
    """The sizes of a row with their parts; sides in cells of a table are one size: `Width: 530 | Height: 120`."""
    sizes = parse_dimensions(row.text)
    sides = [side for size in sizes for side in size.sides]
    apart = len(row.parts) == 1 and len(sizes) > 1 and all(size.labelled for size in sizes)
    if not apart or len(set(sides)) != len(sides) or CELL_BREAK not in row.text:
        return [(size, (size,)) for size in sizes]
    known = {name: value for size in sizes for name, value in size.sides.items()}
    printed = PART_BREAK.join(size.printed for size in sizes)
    whole = sizes[0].model_copy(update={"printed": printed, "end": sizes[-1].end, **known})
    return [(whole, tuple(sizes))]


def side_fields(size: ParsedDimensions) -> Iterator[tuple[str, Any]]:
    """The field of each side of a size: its name, and the length with the print."""
    for name, millimetres in size.sides.items():
        side = name.removesuffix("_mm").replace("_max", "Max")
        yield f"physicalProperties.{side}", {"value": millimetres, "unit": "mm", "printed": size.printed}


def _plain_values(text: str, labelled: Sequence[ParsedValue]) -> Iterator[ParsedValue]:
    codes = ("coreIdentity.productCode", "coreIdentity.sku", "commercialInformation.price", "physicalProperties.weight")
    yield from parse_technical(text)
    yield from parse_commercial(text)
    yield from (value for value in labelled if value.field not in codes and _is_plausible(value))


def _is_plausible(value: ParsedValue) -> bool:
    """What is in a carton is a number of things."""
    return not value.field.endswith("packaging") or any(c.isdigit() for c in value.value)


def _value_fields(parsed: ParsedValue) -> Iterator[tuple[str, str]]:
    """A labelled value's field, and the list of its kind: `Acabado: Bark` is a finish among the finishes."""
    if parsed.field not in _OF_LABELS:
        yield parsed.field, parsed.value
        return
    category, list_field = _OF_LABELS[parsed.field]
    terms = find_terms(parsed.value, category)
    if parsed.field.endswith("surfaceFinish") or not terms:
        yield parsed.field, parsed.value
    if not terms:
        yield list_field, parsed.value


def _runs_on(above: PrintedRow, row: PrintedRow) -> bool:
    """Whether a row is the next line of the text above it."""
    if len(above.parts) > 1 or len(row.parts) > 1 or above.text.rstrip()[-1:] in SENTENCE_MARKS:
        return False
    sizes = above.parts[0][1].size, row.parts[0][1].size
    return max(sizes) <= SAME_SIZE * min(sizes)


def _own_words(row: PrintedRow, labelled: Sequence[ParsedValue], above: str) -> Iterator[tuple[Term, float]]:
    """The words that tell the thing itself, and neither its packaging nor what it is put on."""
    values = [value for value in labelled if value.field in (MATERIAL_LABEL, PACKAGING)]
    for term, confidence in _words(row):
        packed = any(one.field == PACKAGING and one.start <= term.start < one.start + len(one.value) for one in values)
        if not packed and not _is_no_look(term, row.text, values) and not _is_put_on(term, above, row.text):
            yield term, confidence


def treatments(text: str, finishes: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Where finishes are printed one behind the other: "rock face tumbled" is both, and no choice."""
    ordered = sorted(finishes, key=lambda term: term.start)
    while ordered:
        run = [ordered.pop(0)]
        while ordered and not text[run[-1].end : ordered[0].start].strip():
            run.append(ordered.pop(0))
        if len({one.canonical for one in run}) > 1:
            yield run[0].start, run[-1].end


def _is_no_look(term: Term, text: str, values: Sequence[ParsedValue]) -> bool:
    """Whether a word for a colour or finish means something else: "Ingredients: Carbon", "natural grade"."""
    if term.category not in ("colour", "finish"):
        return False
    longer = [one for one in find_terms(text, "ordinary") if one.start <= term.start and term.end <= one.end]
    if term.category == "colour" and any(
        one.start <= term.start and term.end < one.end for one in find_terms(text, "finish")
    ):
        return True  # "sand blasted"
    return any(" " in one.printed for one in longer) or any(
        value.field == MATERIAL_LABEL and value.start == term.start and fold(value.value) == fold(term.printed)
        for value in values
        if term.category == "colour"
    )


def _is_put_on(term: Term, above: str, text: str) -> bool:
    """Whether a material is what the thing is put on: "for substrates such as cotton, polyester"."""
    if term.category != "material":
        return False
    sentence = SENTENCE.split(f"{above} {text[: term.start]}")[-1]
    return bool(find_terms(sentence, "applied_to"))


def _words(row: PrintedRow) -> Iterator[tuple[Term, float]]:
    """The vocabulary's words of a row, with offsets into its text; in prose only those of the languages being read.

    Captions name foreign woods and stones, and suppliers misspell them: there all languages count, and misspelt words.
    """
    for (start, _), end in zip(row.parts, [*[start for start, _ in row.parts[1:]], len(row.text)], strict=True):
        text = row.text[start:end]
        short = len(text.split()) <= CAPTION_WORDS
        terms = find_terms(text, *_WORD_FIELDS, languages=None if short else languages_read() or None)
        if short:
            terms += [term for term in find_terms(text, *MISSPELT, fuzzy=True) if not term.exact]
            terms = [term for term in terms if is_read(term.language) or len(term.printed) >= SHORTEST_FOREIGN]
            terms = [term for term in terms if not _is_rather_english(term)]
        for term in terms:
            if not is_denied(text, term):
                moved = term.model_copy(update={"start": term.start + start, "end": term.end + start})
                sure = (CAPTION_CONFIDENCE if short else PROSE_CONFIDENCE) if term.exact else MISSPELT_CONFIDENCE
                yield moved, sure


def _is_rather_english(term: Term) -> bool:
    """Whether English has the word for something else: "textures" are no French finish where no French is read."""
    theirs = term.language in (*ALWAYS, *languages_read())
    return not theirs and bool(find_terms(term.printed, languages=ALWAYS))


# ---- choosing --------------------------------------------------------------------------------------------------------


def gathered(readings: Sequence[Reading]) -> Metadata:
    """The surest reading of each plain field, all of each list, with their evidence."""
    fields: dict[str, dict[str, Any]] = {}
    evidence: list[Evidence] = []
    for reading in sorted(readings, key=lambda r: -r.evidence.confidence):
        category, name = reading.field.split(".", 1)
        own = fields.setdefault(category, {})
        if reading.field in LISTS:
            entries = own.setdefault(name, [])
            if len(entries) >= LONGEST_LIST or _has(entries, reading.value):
                continue
            entries.append(reading.value)
        elif name in own:
            continue
        else:
            own[name] = reading.value
        evidence.append(reading.evidence)
    return Metadata(fields=fields, evidence=tuple(evidence))


def _has(entries: list[Any], value: Any) -> bool:
    return fold(printed_form(value)) in {fold(printed_form(entry)) for entry in entries}


def _content(value: Any) -> Any:
    """What two values are compared by: lengths by their millimetres, words without case and accents."""
    return value["value"] if isinstance(value, dict) and "value" in value else fold(printed_form(value))


def merge(first: Metadata, *rest: Metadata) -> Metadata:
    """One of several: the first that has a field wins, lists are joined; evidence stays with what stays."""
    fields = {category: dict(values) for category, values in first.fields.items()}
    evidence = list(first.evidence)
    for other in rest:
        for category, values in other.fields.items():
            own = fields.setdefault(category, {})
            for name, value in values.items():
                field = f"{category}.{name}"
                if name not in own:
                    own[name] = value
                elif field in LISTS and isinstance(value, list):
                    own[name] = own[name] + [entry for entry in value if not _has(own[name], entry)]
                else:
                    continue
                evidence += [proof for proof in other.evidence if proof.field == field and proof not in evidence]
    return Metadata(fields=fields, evidence=tuple(evidence))


def _common(rows: Sequence[Metadata]) -> Metadata:
    """What holds for a whole table: lists joined, plain fields only where all rows that have them agree."""
    joined = merge(*rows) if rows else Metadata()
    fields: dict[str, dict[str, Any]] = {}
    for category, values in joined.fields.items():
        for name, value in values.items():
            others = [row.fields[category][name] for row in rows if name in row.fields.get(category, {})]
            if f"{category}.{name}" in LISTS:
                fields.setdefault(category, {})[name] = value[:LONGEST_LIST]
            elif 2 * len(others) >= len(rows) and len({_content(other) for other in others}) == 1:
                fields.setdefault(category, {})[name] = value
    kept = {f"{category}.{name}" for category, values in fields.items() for name in values}
    return Metadata(fields=fields, evidence=tuple(proof for proof in joined.evidence if proof.field in kept))


def read_code(metadata: Metadata) -> str | None:
    """The code that was read of all lines together: its label may be a cell of its own."""
    identity = metadata.fields.get("coreIdentity", {})
    read = identity.get("productCode") or identity.get("sku")
    return str(read) if read else None


def dimensions_of(metadata: Metadata) -> Dimensions | None:
    """The size of a thing: its first size of two sides or more, completed by sides that stand alone."""
    sizes = [Dimensions.from_json(size) for size in metadata.fields.get("physicalProperties", {}).get("dimensions", [])]
    if not sizes:
        return None
    best = max(sizes, key=_known_sides)
    sides = {name: getattr(best, name) for name in _SIDE_NAMES}
    printed = [best.printed]
    for other in sizes:
        if _known_sides(other) == 1 and other is not best:
            new = {n: getattr(other, n) for n in _SIDE_NAMES if getattr(other, n) is not None and sides[n] is None}
            sides.update(new)
            printed += [other.printed] if new else []
    return Dimensions(printed=", ".join(printed), **sides)


_SIDE_NAMES = ("length_mm", "width_mm", "height_mm", "thickness_mm")


def _known_sides(size: Dimensions) -> int:
    return sum(getattr(size, name) is not None for name in _SIDE_NAMES)


class MetadataReader:
    """Answers metadata jobs; no model to load."""

    model = MODEL

    def read(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """One result a task, each field of it evidenced on the task's page."""
        return answer_each(tasks, self._read, MODEL)

    def _read(self, task: AnalysisTask) -> Metadata:
        with reading_in(task.page.languages):
            return keep_evidenced(read_chunk(task.chunk), page_lines(task))
