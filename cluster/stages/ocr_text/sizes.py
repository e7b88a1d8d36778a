"""Puts sizes together that OCR cut into several lines: `2200` and `220 x 15 mm` side by side, `60 x` over `120 cm`.

Knows lines and what a part of a size looks like. Signs of multiplication that are lost for good are `signs`'.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from actors.evidence import box_of
from actors.records import TextLine
from actors.values.lengths import unit_pattern
from cluster.stages.ocr_text.signs import NUMBER, with_lost_signs

MOST_PARTS = 4
"""Sides of a size, and lines that it is broken into."""
SIGN_GAP = 1.8
"""In line heights, between two parts: where a sign of multiplication stood that OCR did not see."""
LEVEL = 0.35
"""In line heights, by which the middles of parts on one line differ at most."""
LINE_GAP = 0.9
"""In line heights, between the two lines of a size that is broken."""
TIMES = "x×✕*х"


@cache
def _part() -> re.Pattern[str]:
    """Nothing but numbers with signs between and around them, and the unit behind them."""
    sign = rf"\s*[{TIMES}]\s*"
    return re.compile(
        rf"(?:{sign})?{NUMBER}(?:(?:{sign}|\s+){NUMBER})*(?:{sign}|\s*(?P<unit>{unit_pattern()}))?", re.IGNORECASE
    )


BROKEN = re.compile(rf"(?<![\w.,]){NUMBER}(?:\s*(?:mm|cm|m))?\s*[{TIMES}]$", re.IGNORECASE)
"""The end of a line whose size goes on below."""
GOES_ON = re.compile(rf"{NUMBER}(?!\w)|{NUMBER}(?:mm|cm|m)\b", re.IGNORECASE)


def with_whole_sizes(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, the parts of a size as one line with the box of all of them, and lost signs put back."""
    broken = _joined_down(with_lost_signs(lines))
    return _mended(_mended(broken, list(_side_by_side(broken))), list(_one_over_the_other(broken)))


def _mended(lines: Sequence[TextLine], runs: Sequence[Sequence[TextLine]]) -> list[TextLine]:
    """The lines with each run of parts as one, where signs join them or the other lines tell which are lost."""
    runs = [run for run in runs if all(any(part is line for line in lines) for part in run)]
    taken = {id(part) for run in runs for part in run}
    rest = [line for line in lines if id(line) not in taken]
    mended = with_lost_signs([*rest, *(_whole(run) for run in runs)])[len(rest) :]
    for run, line in zip(runs, mended, strict=True):
        rest += [line] if _is_chain(line.text) else run
    return sorted(rest, key=lambda line: (line.box[1], line.box[0]))


def _side_by_side(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Parts side by side on one line, of which the last one alone has the unit."""
    left = sorted((line for line in lines if _part().fullmatch(line.text)), key=lambda line: line.box[0])
    while left:
        run, left = left[:1], left[1:]
        for line in left:
            if _follows(run[-1], line):
                run.append(line)
        if 1 < len(run) <= MOST_PARTS and _has_unit(run[-1]):
            left = [line for line in left if all(line is not part for part in run)]
            yield run


def _follows(left: TextLine, right: TextLine) -> bool:
    height = min(left.size, right.size)
    apart = abs(left.box[1] + left.box[3] - right.box[1] - right.box[3]) / 2
    near = -0.3 * height <= right.box[0] - left.box[2] <= SIGN_GAP * height
    return near and apart <= LEVEL * height and not _has_unit(left)


def _has_unit(line: TextLine) -> bool:
    match = _part().fullmatch(line.text)
    return match is not None and match["unit"] is not None


def _is_chain(text: str) -> bool:
    """Whether there is a sign between all its numbers."""
    ends = list(re.finditer(NUMBER, text))
    return all(text[one.end() : other.start()].strip() for one, other in pairwise(ends))


def _one_over_the_other(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """A bare number and, under it, another one with its unit."""
    bare = [line for line in lines if re.fullmatch(NUMBER, line.text)]
    for below in lines:
        match = _part().fullmatch(below.text)
        if match is not None and match["unit"] and len(re.findall(NUMBER, below.text)) == 1:
            above = next((line for line in bare if _is_under(line, below)), None)
            if above is not None:
                yield [above, below]


def _joined_down(lines: Sequence[TextLine]) -> list[TextLine]:
    """A line that ends with a sign and the one under it that begins with a number, as one."""
    whole: list[TextLine] = []
    for line in lines:
        home = next((i for i, above in enumerate(whole) if BROKEN.search(above.text) and _is_under(above, line)), None)
        if home is None:
            whole.append(line)
        else:
            whole[home] = _whole((whole[home], line))
    return whole


def _is_under(above: TextLine, below: TextLine) -> bool:
    gap = below.box[1] - above.box[3]
    height = min(above.size, below.size)
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    near = -0.4 * height <= gap <= LINE_GAP * height and below.box[3] > above.box[3]
    return near and shared > 0 and max(above.size, below.size) <= 1.7 * height and bool(GOES_ON.match(below.text))


def _whole(parts: Sequence[TextLine]) -> TextLine:
    return TextLine(
        text=" ".join(part.text for part in parts), box=box_of(part.box for part in parts),
        size=max(part.size for part in parts), bold=parts[0].bold,
        confidence=min(part.confidence for part in parts),
    )  # fmt: skip
