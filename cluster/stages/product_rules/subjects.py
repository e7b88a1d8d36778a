"""Owns the question what a page and a document are about, where their titles say it: people, places, works, events.

A picture there shows no goods, however much its caption looks like a product's. Knows titles and hours, no geometry of
captions.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from actors.page.labels import Label, page_labels
from actors.records import PageContent, ProductCandidate, TextBlock, TextLine
from actors.vocabulary.words import find_terms, fold, share_covered, squeeze, vocabulary
from cluster.stages.product_rules.bills import is_bill
from cluster.stages.product_rules.deeds import is_listed_work, shows_a_work
from cluster.stages.product_rules.page_notices import has_own_size

CATEGORY, OF_PAGE, OF_DOCUMENT, OFFER = "other_subject", "page", "document", "offer"
HEAD = "head"  # of a title, before or behind what else it says: "Report on the floors", "Fire test report"
MOST_OF_TITLE = 0.6  # of its letters, that the telling words take
MOST_OF_PAGES = 0.3  # that catalogues have about their makers
NEARLY_LARGEST = 0.6  # of the largest letters of a title page: its title, beside the maker's name
MAX_WORDS, FEW_WORDS = 8, 4
SPACED = re.compile(r"\w(?:\s+\w){4,}")  # a title set letter by letter
RUNNING_PAGES = 3
MIN_HOURS = 4  # lines that begin with one, each later than the line before
HOUR = re.compile(r"([01]?\d|2[0-3])(?:[:h]([0-5]\d)\b|\.([0-5][05])(?:\s?(?:h|Uhr|u))?$)")
NO_HOUR = re.compile(r"(?:2[4-9]|[3-9]\d|\d{3,})\.\d\d|\d{1,2}\.[6-9]\d")
MIN_STEPS = 3
MIN_SECTIONS, SENTENCE = 5, 8  # headings; words of a text under one
MIN_SECTION_PAGES = 3  # a price list numbers its groups on one
SECTION = re.compile(r"([1-9]\d?)((?:\.[1-9]\d?)*)\.?(?P<title>\s+\D.*)?")
STEP = re.compile(r"([1-9]\d?)(?:[.)]\s.*|\s[^\W\d_].*)?")
MIN_WORDS = 4  # of a text: "Co." ends in a full stop as well
FAR = 6.0  # heights of a step's number, to the end of its text
NO_LETTERS = re.compile(r"[^\w\s'\u2019]|[\d_]")
MAX_GOODS, MOST_OF_GOODS, MAX_TITLES = 6, 0.8, 2  # words of a title, of its letters; titles that name goods
MIN_TEXT, MIN_PARAGRAPH = 40, 20  # words, of a document and of a block
TITLE_PAGE_LINES = 6  # at most: there a line of any size may say what the document is
MIN_FIGURES, MIN_MEASURED = 3, 2  # numbers alone, and those of them with a unit that no product has for its size
FIGURE = re.compile(r"[-+±<>~]?\s?\d[\d.,\s]*(?P<unit>%|[kKM]?t|[kMG]Wh?|Mio\.?|mln|bn|ha|km²?)?\s?[+*]?")


class Subjects:
    """What the pages of a document are about, as far as they say so."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        ordered = sorted(pages, key=lambda page: page.page)
        labels = {page.page: page_labels(page) for page in ordered}
        titled = {number: _titles(found) for number, found in labels.items()}
        title_page = _title_page(labels, titled)
        largest = next((titles for titles in titled.values() if titles), [])
        own_titles = title_page or largest
        calls_itself_offer = _calls_itself_offer(own_titles)
        is_headed = not calls_itself_offer and any(map(_is_headed, largest))  # a collection may have such a name
        self._is_other = is_headed or _tells(own_titles, (OF_DOCUMENT,))
        self._is_rules = _has_numbered_sections(labels.values())
        self._is_event = any(_is_schedule(page) for page in ordered)
        first = [(number, title) for one in (titled, _without_running(titled)) for number, title in _first(one)]
        self._others = {number for number, title in first if _tells([title], (OF_PAGE, OF_DOCUMENT))}
        self._works = {page.page for page in ordered if shows_a_work(page)}
        self._others |= {page.page for page in ordered if _shows_steps(page)} | self._works
        self._bills = {page.page for page in ordered if is_bill(page)}
        self._others |= self._bills
        self._figures = {number for number, found in labels.items() if _shows_figures(found)}
        self._selling = {number for number, titles in titled.items() if _names_goods(titles)}
        is_titled_other = self._is_event or self._is_other or _tells(title_page, (OF_PAGE,))
        self.tells_of_others = is_titled_other or bool(self._others)
        """Whether any title is about something else than goods; catalogues have such pages too."""
        is_text = sum(map(_words_of_text, ordered)) >= MIN_TEXT
        self.is_mere_text = is_text and not any(map(_calls_itself_offer, titled.values()))
        """Whether there is running text, as in all that tells of something, and no title names what is offered."""
        self.is_mostly_other = is_titled_other or len(self._others) > MOST_OF_PAGES * len(ordered)
        """Whether its title is, or more pages than catalogues have of the kind."""
        names_goods = 0 < sum(_is_name_of_goods(title.text) for title in title_page) <= MAX_TITLES  # more are captions
        self.is_offer = (calls_itself_offer or names_goods) and not self._is_other
        """Whether its title says that it is a catalogue, a price list, a collection, or names goods alone."""

    def shows_a_work(self, page: int) -> bool:
        """Whether a page (1-based) shows what was built for somebody: its sizes are of a wall, a table made once."""
        return page in self._works

    def names_goods(self, page: int) -> bool:
        """Whether a title of the page (1-based) says what kind of goods it shows."""
        return page in self._selling

    def may_sell(self, one: ProductCandidate) -> bool:
        """Whether a name may be of goods; titles against it are outweighed by price, size or code.

        What a manual lists with sizes and codes are its parts: there only a price tells as well. Codes of an event are
        of stands and halls.
        """
        if one.page in self._bills or is_listed_work(one):
            return False
        is_priced = "price" in one.metadata.fields.get("commercialInformation", {})
        if is_priced:
            return not self._is_other or one.code is not None or has_own_size(one)
        if self._is_other or find_terms(one.text, "artwork"):
            return False
        if self._is_event or one.page in self._figures or _is_measured(one.name):
            return has_own_size(one)
        if self._is_rules and one.look is not None and one.look.relation == "heading":
            return False
        is_told = self._is_rules or one.page in self._others
        return not is_told or one.code is not None or has_own_size(one)


def _title_page(labels: Mapping[int, list[Label]], titled: Mapping[int, Sequence[Label]]) -> list[Label]:
    """All lines of the first page with titles, of any size, where it is only a title page."""
    first = next((found for number, found in labels.items() if titled[number]), [])
    return first if len(first) <= TITLE_PAGE_LINES else []


def _titles(labels: Sequence[Label]) -> list[Label]:
    """The short lines of a page that are set nearly as large as the largest, that one first."""
    named = [label for label in labels if any(char.isalpha() for char in label.text)]
    largest = max((label.size for label in named), default=0.0)
    large = [label for label in named if label.size >= NEARLY_LARGEST * largest and _is_short(label)]
    return sorted(large, key=lambda label: -label.size)


def _without_running(titled: Mapping[int, list[Label]]) -> dict[int, list[Label]]:
    """The titles of pages without what stands on most of them, the supplier's name: it may be as large as a title."""
    counts = Counter(text for titles in titled.values() for text in {fold(title.text) for title in titles})
    most = max(RUNNING_PAGES, len(titled) / 2)
    return {number: [title for title in titles if counts[fold(title.text)] < most] for number, titles in titled.items()}


def _first(titled: Mapping[int, Sequence[Label]]) -> Iterator[tuple[int, Label]]:
    return ((number, titles[0]) for number, titles in titled.items() if titles)


def _names_goods(titles: Sequence[Label]) -> bool:
    return any(find_terms(title.text, "product_type") for title in titles)


def _is_headed(title: Label) -> bool:
    """Whether a title begins or ends with words that say what a document is, or is a few words round one of them."""
    text = title.text.strip()
    terms = [term for term in find_terms(text, CATEGORY) if term.canonical in (HEAD, OF_DOCUMENT)]
    is_short = len(text.split()) <= FEW_WORDS
    return any(term.start == 0 or term.end == len(text) or (is_short and term.canonical == HEAD) for term in terms)


def _calls_itself_offer(titles: Sequence[Label]) -> bool:
    return any(find_terms(title.text, OFFER) for title in titles if len(title.text.split()) <= MAX_WORDS)


def _is_name_of_goods(text: str) -> bool:
    """Whether a title is words for goods and materials, beside a number: "Natural stone slabs 2027"."""
    words = NO_LETTERS.sub(" ", text).strip()
    if not words or len(words.split()) > MAX_GOODS:
        return False
    return share_covered(words, find_terms(words, "product_type", "material")) >= MOST_OF_GOODS


def _words_of_text(page: PageContent) -> int:
    words = [sum(len(line.text.split()) for line in block.lines) for block in page.blocks if not block.rows]
    return sum(count for count in words if count >= MIN_PARAGRAPH)


def _is_short(label: Label) -> bool:
    return len(label.text.split()) <= MAX_WORDS or SPACED.fullmatch(label.text.strip()) is not None


def _tells(titles: Sequence[Label], subjects: Sequence[str]) -> bool:
    texts = [title.text for title in titles]
    if any(squeeze(text) in _words_without_spaces(*subjects) for text in texts if SPACED.fullmatch(text.strip())):
        return True
    found = [[term for term in find_terms(text, CATEGORY) if term.canonical in subjects] for text in texts]
    return any(share_covered(text, terms) >= MOST_OF_TITLE for text, terms in zip(texts, found, strict=True))


@lru_cache
def _words_without_spaces(*subjects: str) -> frozenset[str]:
    """What titles say, for those that are set letter by letter: "C O M P A N Y  P R O F I L E"."""
    forms = vocabulary().forms(CATEGORY)
    return frozenset(squeeze(form.stem) for form in forms if form.canonical in subjects)


def _is_schedule(page: PageContent) -> bool:
    """Whether lines one under the other begin with hours of one day; among amounts, "18.95", "11.20" is one as well.

    Hours with a full stop begin their row: amounts stand behind what they are the price of.
    """
    lines = sorted((line for block in page.blocks for line in block.lines), key=lambda line: line.box[1])
    matched = [(line, match) for line in lines if (match := HOUR.match(line.text.strip()))]
    if any(NO_HOUR.fullmatch(line.text.strip()) for line in lines):
        matched = [(line, match) for line, match in matched if match.group(3) is None]
    others = [line for line in lines if all(line is not hour for hour, _ in matched)]
    matches = [match for hour, match in matched if match.group(3) is None or not _stands_behind(hour, others)]
    hours = [60 * int(match.group(1)) + int(match.group(2) or match.group(3)) for match in matches]
    return _longest_rise(hours) >= MIN_HOURS


def _stands_behind(line: TextLine, others: Sequence[TextLine]) -> bool:
    """Whether something else stands level with a line, left of it."""
    middle = (line.box[1] + line.box[3]) / 2
    return any(other.box[2] <= line.box[0] and other.box[1] <= middle <= other.box[3] for other in others)


def _longest_rise(numbers: Sequence[int]) -> int:
    """How many numbers follow each other, each above the one before."""
    longest = length = 0
    for before, number in pairwise([-1, *numbers]):
        length = length + 1 if number > before else 1
        longest = max(longest, length)
    return longest


def _has_numbered_sections(pages: Iterable[Sequence[Label]]) -> bool:
    """Whether a document numbers its sections, each over a text: rules, a report.

    Either with their parts, "2", "2.1", "2.2", or one after the other over several pages: "1. Scope", "2. Terms".
    """
    by_page = [sorted(_sections(labels)) for labels in pages]  # columns stand side by side
    sections = [number for numbers in by_page for number, _ in numbers]
    inner = {number for number in sections if len(number) > 1 and number[:-1] in sections}
    if len(set(sections)) >= MIN_SECTIONS and len(inner) > 1 and sections == sorted(sections):
        return True
    titled = [number for numbers in by_page for number, is_titled in numbers if is_titled]
    is_counted = len(titled) >= MIN_SECTIONS and titled == sorted(set(titled)) and titled[-1][0] <= 2 * len(titled)
    return is_counted and sum(map(bool, by_page)) >= MIN_SECTION_PAGES  # some may stand over tables


def _sections(labels: Sequence[Label]) -> list[tuple[tuple[int, ...], bool]]:
    """The numbers of a page's headings over texts, and whether a title stands behind each."""
    texts = [label for label in labels if len(label.text.split()) >= SENTENCE and label.text.rstrip()[-1:] in ".:;"]
    return [
        (tuple(int(part) for part in (match.group(1) + match.group(2)).split(".")), match.group("title") is not None)
        for label in labels
        if (match := SECTION.fullmatch(label.text)) and any(_heads(label, text) for text in texts)
    ]


def _heads(heading: Label, text: Label) -> bool:
    """Whether a text begins close under a heading that is set larger or bolder."""
    stronger = heading.size > text.size or (heading.bold and not text.bold)
    is_close = -heading.height < text.box[1] - heading.box[3] <= 2 * heading.height
    return stronger and is_close and abs(text.box[0] - heading.box[0]) <= FAR * heading.size


def _shows_steps(page: PageContent) -> bool:
    """Whether a page numbers what to do: consecutive numbers, each with a sentence close below it."""
    ends = [line for block in page.blocks if _is_text(block) for line in block.lines if line.text.rstrip()[-1:] == "."]
    numbers = [(line, match) for block in page.blocks for line in block.lines if (match := STEP.fullmatch(line.text))]
    steps = {int(match.group(1)) for line, match in numbers if any(_is_under(line, end) for end in ends)}
    return any(all(first + step in steps for step in range(MIN_STEPS)) for first in steps)


def _shows_figures(labels: Sequence[Label]) -> bool:
    """Whether a page's large letters are figures, "-22 %", "4.100 t", "318": what is under them was only counted."""
    largest = max((label.size for label in labels), default=0.0)
    large = [label.text.strip() for label in labels if label.size >= NEARLY_LARGEST * largest]
    figures = [match for text in large if (match := FIGURE.fullmatch(text))]
    return len(figures) >= MIN_FIGURES and sum(bool(match.group("unit")) for match in figures) >= MIN_MEASURED


def _is_measured(name: str) -> bool:
    """Whether a name is a figure with a unit that no product has for its size: "182 kt"."""
    match = FIGURE.fullmatch(name.strip())
    return match is not None and match.group("unit") is not None


def _is_text(block: TextBlock) -> bool:
    return sum(len(line.text.split()) for line in block.lines) >= MIN_WORDS


def _is_under(number: TextLine, line: TextLine) -> bool:
    """Whether a line ends a text of a few lines that begins under, or beside, a number."""
    height = number.box[3] - number.box[1]
    right, down = line.box[0] - number.box[2], line.box[1] - number.box[1]
    return -FAR * height <= right <= FAR * height and 0 < down <= FAR * height
