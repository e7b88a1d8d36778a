"""What the README tells its reader to do, taken out of it."""

import re
import shlex
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text()


def selects():
    """(role, statement) of each line for `quarry sql`."""
    lines = [shlex.split(line) for line in README.splitlines() if line.startswith(".venv/bin/quarry sql")]
    return [(words[words.index("--role") + 1], words[words.index("-c") + 1]) for words in lines]


def commands():
    """The words after `quarry` wherever it is called, and the table's list of commands."""
    called = re.findall(r"(?:^|`|/|&& |\$\()quarry ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", README, re.MULTILINE)
    (listed,) = re.findall(r"^\| the terminal \| (.*) \|$", README, re.MULTILINE)
    return {*called, *re.findall(r"`([a-z-]+(?: [a-z-]+)?)`", listed)}


def listed_commands():
    """Those of the table alone, the first word of each."""
    (listed,) = re.findall(r"^\| the terminal \| (.*) \|$", README, re.MULTILINE)
    return {words.split()[0] for words in re.findall(r"`([a-z-]+(?: [a-z-]+)?)`", listed)}
