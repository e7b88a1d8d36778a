"""Owns which finish of a caption counts: what a line says by itself, before a word of the name that sounds like one.

"Sable" over "Vernis mat" is a floor of that name, and varnished; so is "Chêne Brut" over "Non traité" untreated.
"""

from collections.abc import Sequence

from actors.metadata import CAPTION_CONFIDENCE, merge, read_lines
from actors.page.labels import Label
from actors.records import Metadata
from actors.vocabulary.words import fold, looks_only

VISUAL, FINISHES = "visualProperties", "finishes"
FIELDS = ("surfaceFinish", "finishCategory", FINISHES)
_PATHS = tuple(f"{VISUAL}.{name}" for name in FIELDS)


def with_own_finish(metadata: Metadata, name: Label, others: Sequence[Label], page: int) -> Metadata:
    """The metadata, with the finish of a line that says nothing else where the one known is a word of the name.

    Args:
        metadata: of the whole caption.
        name: the label that names the product.
        others: the other labels of the caption.
        page: 1-based.
    """
    known = next((proof for proof in metadata.evidence if proof.field == _PATHS[0]), None)
    if known is None or known.confidence > CAPTION_CONFIDENCE or known.text not in [line.text for line in name.lines]:
        return metadata
    lines = [line for other in others for line in other.lines if looks_only(line.text, "finish", "colour")]
    own = _finish_of(read_lines(lines, page, name.source))
    said = [fold(str(value)) for value in own.fields.get(VISUAL, {}).get(FINISHES, [])]
    return metadata if not said or fold(known.value) in said else merge(own, _without_finish(metadata))


def _finish_of(metadata: Metadata) -> Metadata:
    values = {name: value for name, value in metadata.fields.get(VISUAL, {}).items() if name in FIELDS}
    proofs = tuple(proof for proof in metadata.evidence if proof.field in _PATHS)
    return Metadata(fields={VISUAL: values} if values else {}, evidence=proofs)


def _without_finish(metadata: Metadata) -> Metadata:
    values = {name: value for name, value in metadata.fields[VISUAL].items() if name not in FIELDS}
    proofs = tuple(proof for proof in metadata.evidence if proof.field not in _PATHS)
    others = {category: fields for category, fields in metadata.fields.items() if category != VISUAL}
    return Metadata(fields={**others, **({VISUAL: values} if values else {})}, evidence=proofs)
