"The data that the built-in model learns from: DSPy's own prompts, and nothing of what it is judged by."
import json
from functools import partial
from pathlib import Path
from random import Random

import dspy
import pytest

from scripts.tiny import lexicon
from scripts.tiny.data import conversation
from scripts.tiny.evaluate import handwritten, signature_of
from scripts.tiny.layout import CHAT, INDENTED, JSON, SHORT, messages
from scripts.tiny.lexicon import HELD_OUT, TRAIN, entries
from scripts.tiny.tasks import TASKS, mapping

from dspy_toolkit.engine.adapter import GrammarAdapter

ADAPTERS = {SHORT: partial(GrammarAdapter, layout='short'), JSON: partial(GrammarAdapter, layout='json'), INDENTED: dspy.JSONAdapter, CHAT: dspy.ChatAdapter}


def as_dspy(sig):
    fields = [dict(name=f.name, type=f.type, description=f.desc, direction=d) for d, fs in (('input', sig.inputs), ('output', sig.outputs)) for f in fs]
    return signature_of(dict(name='Generated', instructions=sig.instructions, fields=fields))


@pytest.mark.parametrize('layout', list(ADAPTERS))
@pytest.mark.parametrize('task', [*TASKS, mapping], ids=lambda t: t.__name__)
def test_the_training_prompts_are_what_dspy_sends(task, layout):
    for seed in range(6):
        _, sig, turns, _ = conversation(Random(seed), task=task, layout=layout, demos=2, reasoning=seed % 2 == 1)
        demos = [{**inputs, **outputs} for inputs, outputs in turns[:-1]]
        theirs = ADAPTERS[layout]().format(as_dspy(sig), demos=demos, inputs=turns[-1][0])
        assert [(m['role'], m['content']) for m in theirs] == messages(sig, turns, layout)[:-1]


def test_no_handwritten_input_stands_in_the_word_lists():
    lines = {line.strip(' .!?').lower() for f in lexicon.FOLDER.glob('*.txt') for line in f.read_text(encoding='utf-8').splitlines()}
    written = [v for *_, inputs, _ in handwritten() for v in inputs.values()]
    assert len(written) >= 60
    assert not [v for v in written if v.strip(' .!?').lower() in lines]


def test_only_the_evaluation_names_the_handwritten_file():
    folder = Path(lexicon.__file__).parent
    assert [f.name for f in sorted(folder.glob('*.py')) if 'handwritten.jsonl' in f.read_text(encoding='utf-8')] == ['evaluate.py']


def test_held_out_entries_are_not_trained_on():
    for f in lexicon.FOLDER.glob('*.txt'):
        train, out = entries(f.stem, TRAIN), entries(f.stem, HELD_OUT)
        assert train and out
        if len(train) + len(out) > 60: assert not set(train) & set(out), f.stem


def test_the_data_of_a_seed_is_always_the_same():
    once, again = ([conversation(Random(s)) for s in range(40)] for _ in range(2))
    assert json.dumps([t for _, _, t, _ in once]) == json.dumps([t for _, _, t, _ in again])
    assert once == again
