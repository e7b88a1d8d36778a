"""Numbers, sizes, durations and times as people read them. Knows no Streamlit, no HTML and no database."""

from datetime import datetime, tzinfo

ABSENT = "—"
ABBREVIATIONS = {"ai": "AI", "clip": "CLIP", "ocr": "OCR", "pdf": "PDF", "id": "ID"}
MINUTE, HOUR, DAY = 60, 3600, 86400


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units: `0.4 s`, `12 s`, `2 min 05 s`, `1 h 12 min`, `3 d 4 h`."""
    if seconds is None:
        return ABSENT
    seconds = max(seconds, 0.0)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE:02d} s"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE:02d} min"
    return f"{whole // DAY} d {whole % DAY // HOUR} h"


def time_left(seconds: float | None) -> str:
    """What is left of a stage, or that nobody knows."""
    return "no estimate" if seconds is None else f"{duration(max(seconds, 1.0))} left"


def age(then: datetime | None, now: datetime) -> str:
    """How long ago something happened; both times carry a time zone."""
    if then is None:
        return ABSENT
    seconds = round((now - then).total_seconds())
    if seconds < 1:
        return "just now"
    if seconds < MINUTE:
        return f"{seconds} s ago"
    return f"{seconds // MINUTE} min ago" if seconds < HOUR else f"{duration(seconds)} ago"


def rate(per_second: float | None) -> str:
    """Items by the second, or by the minute where that would be less than one."""
    if per_second is None:
        return "no rate yet"
    if per_second >= 1:
        return f"{per_second:.1f} / s"
    return f"{per_second * MINUTE:.1f} / min"


def percent(share: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 in percent. Never rounded up to 100: one failure in ten thousand stays visible."""
    if share is None:
        return ABSENT
    if share < 1 and round(share * 100, digits) == 100:
        digits = max(digits + 1, 2)
        return f"{int(share * 10 ** (digits + 2)) / 10**digits:.{digits}f} %"
    return f"{share * 100:.{digits}f} %"


def count(number: int, noun: str = "", plural: str = "") -> str:
    """`1,204`, `1 page`, `2 pages`; without `plural` an s is added."""
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(length: int) -> str:
    """Bytes in the largest unit that leaves a number over one."""
    value = float(length)
    for unit in ("bytes", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def clock(at: datetime | None, zone: tzinfo | None, today: datetime | None = None) -> str:
    """A time of day in the reader's zone (None: this machine's), with the date where it is not that of `today`."""
    if at is None:
        return ABSENT
    local = at.astimezone(zone)
    reference = today.astimezone(zone) if today else local
    return f"{local:%H:%M:%S}" if local.date() == reference.date() else f"{local:%d %b %Y, %H:%M:%S}"


def words(name: str) -> str:
    """A name from the database as a heading: `product_detection` becomes `Product detection`."""
    text = " ".join(ABBREVIATIONS.get(word, word) for word in name.replace("_", " ").split())
    return text[:1].upper() + text[1:]
