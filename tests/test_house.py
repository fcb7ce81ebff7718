"""Does the house still stand as it was drawn?"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("assistant", "commands", "digests", "storage")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """Name every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_imports_the_composition_root(path: Path):
    assert not {name for name in imports_of(path) if name == "app" or name.startswith("app.")}


def test_only_the_model_module_may_import_openai():
    at_fault = [
        path for path in SOURCES if "openai" in {name.split(".")[0] for name in imports_of(path)} and path.name != "model.py"
    ]
    assert at_fault == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_answers(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text()))
