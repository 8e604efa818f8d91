"The built-in model says when it is asked for what it was not taught, once for each signature, and never of its own tasks."
import json
from enum import Enum
from pathlib import Path
from typing import Literal

import dspy
import pytest
from pydantic import BaseModel

from dspy_toolkit.commands.programs import run
from dspy_toolkit.core import session
from dspy_toolkit.engine.advice import GENERAL, describe_limit, is_taught, suggest_model
from scripts.tiny.evaluate import HANDWRITTEN, signature_of


class Mood(Enum):
    GOOD = 'good'
    BAD = 'bad'


class Line(BaseModel):
    product: str


def make(**outputs): return dspy.Signature({'text': (str, dspy.InputField()), **{name: (kind, dspy.OutputField()) for name, kind in outputs.items()}}, 'Do it.')


@pytest.mark.parametrize('kind, taught', [
    (Literal['a', 'b'], True), (Mood, True), (bool, True), (int, True), (list[str], True), (str, True),
    (Line, False), (list[Line], False), (dict[str, int], False), (Literal[tuple('abcdefghij')], False), (float | None, False)], ids=str)
def test_a_task_is_judged_by_its_form(kind, taught): assert is_taught(make(x=kind)) is taught


def test_all_that_it_is_measured_on_counts_as_taught():
    rows = [json.loads(line) for line in Path(HANDWRITTEN).read_text(encoding='utf-8').splitlines()]
    assert {row['task'] for row in rows if not is_taught(signature_of(row['signature']))} == set()


def test_reasoning_first_is_no_other_task():
    assert is_taught(dspy.ChainOfThought(make(x=bool)).predict.signature)


def test_demos_teach_and_other_models_are_not_judged():
    asked = dspy.Signature('question -> answer')
    assert describe_limit('mlx/tiny', asked) and not describe_limit('mlx/tiny', asked, has_demos=True) and not describe_limit('openai/gpt-5', asked)


@pytest.mark.parametrize('device', ['metal', 'cuda', 'cpu'])
def test_a_larger_computer_never_gets_a_smaller_model(device):
    sizes = [list(GENERAL.values()).index(suggest_model(gigabytes * 10**9, device)) for gigabytes in range(1, 200)]
    assert sizes == sorted(sizes) and sizes[0] == 0 and (sizes[-1] == len(GENERAL) - 1) is (device != 'cpu')


def test_an_answer_carries_one_line_and_only_the_first_of_a_signature(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    session.reset()
    asked = dspy.Signature('question -> answer', 'Answer.')
    try: notes = [run(asked, dict(question='Why?'), lm='mlx/tiny').notes for _ in range(2)]
    finally: session.reset()
    assert len(notes[0]) == 1 and 'not taught' in notes[0][0] and 'lm mlx/smollm2' in notes[0][0] and notes[1] == []
