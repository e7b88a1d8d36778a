"""The habits of this code that neither ruff nor import-linter checks, held against every file that git knows."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
BOUNDARIES = {
    "actors/analysis.py": "one job of a batch",
    "actors/isolation.py": "one item of a batch",
    "actors/progress.py": "one entry of a group",
    "api/readiness.py": "one look at whether the service can work",
    "cluster/upkeep/courier.py": "a round of webhooks",
    "cluster/driver.py": "one document",
    "cluster/upkeep/housekeeping.py": "a round of housekeeping",
    "cluster/lease.py": "one renewal",
    "cluster/stages/reading/page_worker.py": "one step of a page",
    "cluster/workers/turns.py": "one call of an actor",
    "cluster/supervisor.py": "a round of the supervisor",
    "cluster/workers/watchdog.py": "a look of the watchdog",
}
"""Where everything may be caught: the file, and what goes on although one of it failed."""
SQL = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s.+\sset\s|delete\s+from\s|with\s.+\sas\s*\()", re.DOTALL
)
SQL_ELSEWHERE = ("db/", "tests/", "benchmarks/")


@cache
def sources():
    """Every Python file by its path in the project, parsed."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    paths = [path for path in listed.stdout.splitlines() if (PROJECT / path).exists()]
    assert len(paths) > 300
    return {path: ast.parse((PROJECT / path).read_text()) for path in paths}


@cache
def everything():
    """(path, node) of all that is written anywhere."""
    return [(path, node) for path, tree in sources().items() for node in ast.walk(tree)]


def nodes(kinds, *, but=()):
    """Those of these kinds in every file whose path does not begin with one of `but`."""
    return [(path, node) for path, node in everything() if isinstance(node, kinds) and not path.startswith(but)]


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {path: len((PROJECT / path).read_text().splitlines()) for path in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    functions = nodes((ast.FunctionDef, ast.AsyncFunctionDef))
    lengths = {f"{path}:{node.name}": node.end_lineno - node.lineno + 1 for path, node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_a_package_says_what_it_is_and_does_nothing():
    packages = {path: tree for path, tree in sources().items() if path.endswith("__init__.py")}
    assert [path for path, tree in packages.items() if len(tree.body) > 1] == []
    assert [path for path, tree in packages.items() if tree.body and ast.get_docstring(tree) is None] == []


def test_every_module_says_what_it_owns():
    missing = [
        path for path, tree in sources().items() if not path.startswith("tests/") and not ast.get_docstring(tree)
    ]
    assert missing == []


def catches_everything(handler):
    """`except:`, or one that names Exception or BaseException."""
    return handler.type is None or bool(
        {name.id for name in ast.walk(handler.type) if isinstance(name, ast.Name)} & {"Exception", "BaseException"}
    )


def goes_on(handler):
    """Clearing up and raising again is no catching."""
    last = handler.body[-1]
    return not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_at_the_named_boundaries_alone():
    caught = {
        path
        for path, handler in nodes(ast.ExceptHandler, but=("tests/",))
        if catches_everything(handler) and goes_on(handler)
    }
    assert caught == set(BOUNDARIES)


def test_a_boundary_says_what_goes_on():
    """In a comment at the handler."""
    silent = []
    for path, handler in nodes(ast.ExceptHandler, but=("tests/",)):
        if catches_everything(handler) and goes_on(handler):
            lines = (PROJECT / path).read_text().splitlines()
            around = lines[handler.lineno - 2 : handler.body[0].lineno]
            silent += [f"{path}:{handler.lineno}"] if not any("#" in line for line in around) else []
    assert silent == []


def test_nothing_is_mocked():
    imports = nodes((ast.Import, ast.ImportFrom))
    names = [(path, ast.unparse(node)) for path, node in imports if "mock" in ast.unparse(node)]
    assert [name for name in names if "unittest" in name[1] or "import mock" in name[1]] == []


def test_sql_stands_in_the_database_layer_alone():
    docstrings = {
        id(node.body[0].value)
        for _, node in nodes((ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    found = [
        f"{path}:{node.lineno}"
        for path, node in nodes(ast.Constant, but=SQL_ELSEWHERE)
        if isinstance(node.value, str) and id(node) not in docstrings and SQL.match(node.value)
    ]
    assert found == []
