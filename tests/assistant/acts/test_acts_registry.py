"""What every act has in common."""

import dataclasses
import inspect
from pathlib import Path

import pytest

import assistant.acts
from assistant.acts import ACTS

SHARED = {"__init__", "authority", "waiving", "correcting", "attending", "handing", "rounding"}


def test_every_file_of_the_folder_is_in_the_registry_or_shared_by_acts():
    files = {path.stem for path in Path(assistant.acts.__file__).parent.glob("*.py")}
    assert set(ACTS) == files - SHARED


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_is_named_like_its_file_and_takes_a_frozen_wish(name):
    act = ACTS[name]
    assert act.__name__ == f"assistant.acts.{name}"
    assert act.HELP.endswith(".")
    assert act.__doc__.strip()
    assert dataclasses.is_dataclass(act.Wish)
    assert act.Wish.__dataclass_params__.frozen
    assert list(inspect.signature(act.decide).parameters)[1:] == ["wish", "who", "policy", "now"]
    assert list(inspect.signature(act.objects).parameters) == ["wish"]
