"""Owns codes that stand close at names, set alike or smaller: of a caption's lines they are never the name."""

from collections.abc import Sequence

from actors.candidates.caption_names import is_worded, stands_under
from actors.page.labels import Label, bare_codes, same_look
from actors.vocabulary.words import fold

LARGER = 2.0  # times the code's letters
MOSTLY = 0.6
MOSTLY_DISTINCT = 0.8


def codes_at_names(labels: Sequence[Label]) -> list[Label]:
    """The codes of a scan whose next line says something else each time; under codes alone stand finishes and sizes."""
    found: list[Label] = []
    for codes in bare_codes(labels):
        named = [(code, name) for code in codes if (name := _name_at(code, labels)) is not None]
        distinct = {fold(name.text) for _, name in named}
        if len(named) >= MOSTLY * len(codes) and len(distinct) >= MOSTLY_DISTINCT * len(named):
            found += codes
    return found


def _name_at(code: Label, labels: Sequence[Label]) -> Label | None:
    beside = [label for label in labels if stands_under(label, code) or stands_under(code, label)]
    near = [label for label in beside if _is_set_as_name(code, label) and is_worded(label)]
    return min(near, key=lambda label: abs(label.box[1] - code.box[1]), default=None)


def _is_set_as_name(code: Label, label: Label) -> bool:
    """Whether a line is set like a code, or stands over it in larger letters."""
    is_over = label.source == code.source and label.box[1] < code.box[1]
    return same_look(code, label) or (is_over and code.size <= label.size <= LARGER * code.size)
