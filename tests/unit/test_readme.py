"""What the README promises is there: commands, settings, chores, exit codes, files."""

import re
from pathlib import Path

import pytest
import typer

from actors.vocabulary.words import OWN_FOLDER
from cluster.cli import app
from cluster.commands.exit_codes import ExitCode
from cluster.settings import Settings
from tests import readme
from tests.readme import README

PROJECT = Path(__file__).parents[2]
MAKEFILE = (PROJECT / "Makefile").read_text()
(PHONY,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
TARGETS = set(PHONY.split()) - {"help", "setup"}
BESIDE_THE_SETTINGS = {OWN_FOLDER}
"""Read where the words are, in processes that know no settings."""


@pytest.fixture(scope="module")
def quarry():
    return typer.main.get_command(app)


def test_each_command_exists(quarry):
    said = readme.commands()
    assert len(said) > 15
    for words in said:
        first, *more = words.split()
        assert first in quarry.commands, words
        below = getattr(quarry.commands[first], "commands", None)
        assert not (below and more) or more[0] in below, words


def test_each_command_is_told(quarry):
    assert readme.listed_commands() == set(quarry.commands)


def test_each_setting_exists():
    named = set(re.findall(r"\bQUARRY_[A-Z][A-Z_]*[A-Z]\b", README))
    assert len(named) > 20
    assert named - {f"QUARRY_{name.upper()}" for name in Settings.model_fields} - BESIDE_THE_SETTINGS == set()


def test_each_chore_exists_and_is_told():
    said = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert said == TARGETS
    assert set(re.findall(r'echo "make ([a-z]+)', MAKEFILE)) == TARGETS, "make help"


def test_each_exit_code_is_told_and_no_other():
    (table,) = re.findall(r"^\| exit code of `quarry` .*\n\|---\|---\|\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert [int(code) for code in re.findall(r"^\| (\d+) ", table, re.MULTILINE)] == sorted(ExitCode)


def test_each_file_that_it_links_is_there():
    links = [link for link in re.findall(r"\]\(([^)#:]+)\)", README)]
    assert len(links) > 5
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_every_heading_stands_apart():
    lines = README.splitlines()
    fenced = [sum(line.startswith("```") for line in lines[:number]) % 2 for number in range(len(lines))]
    headings = [n for n, line in enumerate(lines) if line.startswith("#") and n and not fenced[n]]
    assert headings
    assert [lines[number] for number in headings if lines[number - 1] or lines[number + 1]] == []
