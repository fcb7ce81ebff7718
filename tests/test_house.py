"""Does the house still stand as it was drawn?"""

import ast
import json
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from assistant.acts import ACTS
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import BY_NAME, QUESTIONS
from assistant.rendering import sheet
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import release_subject, team_subject, workspace_subject
from assistant.showing.sheet import HEADLINE
from digests import DIGESTS
from storage.facts import Facts, Needs
from storage.intake import READERS
from tests.assistant.showing.test_sheet import check
from tests.builders import COMPANY, NOON, policy_of, viewer

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
    shared = {"attending", "authority", "correcting", "handing", "rounding", "waiving"}
    assert set(ACTS) == modules_in("assistant/acts") - shared


def test_every_source_of_the_intake_has_a_reader():
    rooms = modules_in("storage/intake") | {path.name for path in (ROOT / "storage/intake").iterdir() if path.is_dir()}
    assert set(READERS) <= rooms


def test_every_captured_payload_is_named_after_its_event_and_action():
    for path in (ROOT / "tests/payloads").rglob("*.json"):
        assert "__" in path.stem or path.parent.name != "github", path


# What is said unasked

# Files of digests/ that are how it is done, not what is said.
MACHINERY = {path.stem for path in (ROOT / "digests").glob("*.py") if "DIGEST = Digest(" not in path.read_text()}
OLDER = {"blocking", "releases"}  # questions that are not about a scope: they have screens of their own


def test_every_digest_on_disk_is_in_the_registry_once():
    declared = [name for name in modules_in("digests") if name not in MACHINERY]
    assert sorted(digest.id for digest in DIGESTS) == sorted(declared)


def test_every_digest_asks_a_question_that_exists_and_has_a_test_of_its_own():
    for digest in DIGESTS:
        assert digest.question in BY_NAME, digest.id
        assert (ROOT / "tests/digests" / f"test_{digest.id}.py").exists(), digest.id
        assert (ROOT / "assistant/templates" / f"{digest.question}.j2").exists(), digest.id


def test_every_digest_says_what_it_is_in_words_that_fit_a_menu():
    for digest in DIGESTS:
        assert 0 < len(digest.title) <= 75
        assert 0 < len(digest.says) <= 150
        assert digest.days
        assert set(digest.days) <= set(range(7))
        assert len(digest.time) == 5
    assert len({digest.title for digest in DIGESTS}) == len(DIGESTS)


def test_every_question_about_a_scope_has_all_that_the_desk_asks_of_it_and_a_look():
    for question in QUESTIONS:
        if question.NAME not in OLDER:
            assert all(hasattr(question, part) for part in ("needs", "answer", "outline", "seen_key")), question.NAME
            assert callable(import_module(f"assistant.showing.{question.NAME}").sheet)
            assert (ROOT / "tests/assistant/showing" / f"test_{question.NAME}.py").exists(), question.NAME


EXAMPLES = [(question.NAME, example) for question in QUESTIONS for example in question.EXAMPLES]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_every_example_asks_the_question_whose_example_it_is(name: str, example: str):
    asked = route(example)
    assert isinstance(asked, Asked)
    assert asked.question == name


def test_no_example_is_of_two_questions():
    assert len({example for _, example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.NAME not in OLDER], ids=lambda q: q.NAME)
def test_every_question_about_a_scope_can_be_answered_and_shown_with_nothing_known(question: ModuleType):
    policy = policy_of(COMPANY)
    for subject in (
        workspace_subject(policy),
        team_subject(policy, "core"),
        release_subject(policy, "checkout", "2.4"),
    ):
        asked = Scoped(subject, viewer(policy=policy), ("acme/api",), (), "person/anna")
        assert isinstance(question.needs(asked, policy, NOON), Needs)
        given = question.answer(Facts(), asked, policy, NOON)
        data = given.as_data()
        assert data["question"] == given.question == question.NAME
        assert {"asked_at", "subject", "unknown", "freshness"} <= data.keys()
        assert json.loads(json.dumps([data, question.outline(given)]))
        assert len(question.seen_key(asked)) <= 300
        laid = sheet(given, asked.viewer, NOON, Naming(people_of(policy), NOON))
        assert 0 < len(laid.headline) <= HEADLINE
        for message in (laid.lead(), laid.message(), *laid.thread()):
            check(message)
