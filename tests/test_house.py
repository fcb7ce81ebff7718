"""Does the house still stand as it was drawn?"""

import ast
from pathlib import Path

import pytest

from assistant.acts import ACTS
from assistant.questions import QUESTIONS
from storage.intake import READERS

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
        path
        for path in SOURCES
        if "openai" in {name.split(".")[0] for name in imports_of(path)} and path.name != "model.py"
    ]
    assert at_fault == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_answers(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def modules_in(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}


def test_every_question_on_disk_is_in_the_registry_and_has_a_template_help_an_example_and_a_test():
    assert {question.NAME for question in QUESTIONS} == modules_in("assistant/questions")
    for question in QUESTIONS:
        assert question.HELP
        assert question.EXAMPLES
        assert (ROOT / "assistant/templates" / f"{question.NAME}.j2").exists()
        assert (ROOT / "tests/assistant/questions" / f"test_{question.NAME}.py").exists()


def test_every_act_is_registered_under_the_name_of_its_file():
    assert set(ACTS) == modules_in("assistant/acts") - {"authority", "correcting", "waiving"}


def test_every_source_of_the_intake_has_a_reader():
    rooms = modules_in("storage/intake") | {path.name for path in (ROOT / "storage/intake").iterdir() if path.is_dir()}
    assert set(READERS) <= rooms


def test_every_captured_payload_is_named_after_its_event_and_action():
    for path in (ROOT / "tests/payloads").rglob("*.json"):
        assert "__" in path.stem or path.parent.name != "github", path
