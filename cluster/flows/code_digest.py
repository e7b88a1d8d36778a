"""Which of Quarry's own code decides what a result looks like, as a digest: another code may give another result."""

import ast
import hashlib
import os
from functools import cache
from pathlib import Path

import actors
from actors.vocabulary.words import OWN_FOLDER

CODE_SUFFIXES = (".py", ".toml", ".json")
ROOT = Path(__file__).resolve().parents[2]
"""Of Quarry's packages."""


@cache
def code_of_actors() -> str:
    """Of everything in `actors/`, and of one's own vocabulary: rules that refer to each other all over the folder."""
    total = hashlib.sha256()
    for folder in (Path(actors.__file__).parent, os.environ.get(OWN_FOLDER)):
        for path in sorted(path for path in Path(folder or os.devnull).rglob("*") if path.suffix in CODE_SUFFIXES):
            total.update(str(path.relative_to(folder or "")).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


@cache
def code_behind(module: str) -> str:
    """Of one module and of all that it imports of Quarry: what is beside it may change without harm."""
    total = hashlib.sha256()
    for name, path in sorted(modules_behind(module).items()):
        total.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def modules_behind(module: str) -> dict[str, Path]:
    """The module and what it imports of Quarry, at whatever place of the text; not what is there for types alone."""
    found: dict[str, Path] = {}
    waiting = {module}
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if path is None or name in found:
            continue
        found[name] = path
        imports = _Imports()
        imports.visit(ast.parse(path.read_bytes()))
        waiting |= imports.names
    return found


def _file_of(name: str) -> Path | None:
    """None where the name is not that of a module of ours; nothing is imported to find out."""
    path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
    return path if path.is_file() else None


class _Imports(ast.NodeVisitor):
    """Collects the names of what a module imports."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in node.orelse if for_types else ast.iter_child_nodes(node):
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        self.names.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.names.add(node.module or "")
        self.names.update(f"{node.module}.{alias.name}" for alias in node.names)
