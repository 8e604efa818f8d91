"The model in the wheel is the one its card speaks of, and keeps to what the card says."
import hashlib
import json
from pathlib import Path

import dspy
import pytest
from safetensors import safe_open

import dspy_toolkit
from scripts.tiny.evaluate import handwritten, measure, turn_labels

root = Path(__file__).parents[2]
folder = root / 'dspy_toolkit' / 'data' / 'tiny'


@pytest.fixture(scope='module')
def lm(): return dspy_toolkit.lm('mlx/tiny', cache=False)


def test_it_is_small_and_in_half_precision():
    assert sum(f.stat().st_size for f in folder.iterdir()) <= 6_000_000
    with safe_open(folder / 'model.safetensors', 'np') as f:
        weights = [f.get_tensor(k) for k in f.keys()]
    assert {str(w.dtype) for w in weights} == {'float16'}
    assert 1_500_000 <= sum(w.size for w in weights) <= 3_000_000
    assert sum(w.size for w in weights) == json.loads((folder / 'training.json').read_text())['parameters']


def test_the_card_names_these_weights():
    card = json.loads((root / 'nbs' / 'explanations' / 'model_card.ipynb').read_text(encoding='utf-8'))
    said = ''.join(text for cell in card['cells'] for out in cell.get('outputs', []) for text in out.get('data', {}).get('text/plain', []))
    assert hashlib.sha256((folder / 'model.safetensors').read_bytes()).hexdigest() in said


@pytest.mark.parametrize('module', ['Predict', 'ChainOfThought'])
def test_every_answer_to_the_handwritten_inputs_parses(lm, module):
    items = list(handwritten())[::1 if module == 'Predict' else 4]
    found = measure(items, lm, dspy_toolkit.GrammarAdapter(), module)
    assert sum(row['n'] for row in found['table'].values()) == len(items)
    assert {row['parsed'] for row in found['table'].values()} == {1.0}
    if module == 'Predict': assert_scores(found['table'])


def assert_scores(table):
    "Greedy answers move a little between backends, so each bar leaves room for two items under what the card reports."
    for task, bar in BARS.items(): assert table[task]['score'] >= bar, (task, table[task])
    assert share_of_mappings(table) >= .85, table


def share_of_mappings(table):
    "How many labels that only demos explain are right."
    rows = [row for task, row in table.items() if task.startswith('mapping')]
    return sum(row['score'] * row['n'] for row in rows) / sum(row['n'] for row in rows)


def test_labels_that_are_exchanged_are_followed_too(lm):
    turned = measure(turn_labels(item for item in handwritten() if item[0].startswith('mapping')), lm, dspy_toolkit.GrammarAdapter())
    assert share_of_mappings(turned['table']) >= .85, turned['table']


# two of 15 items under what the card reports; that of qa was .33 before these weights, which answer .40 of them (before: .47)
BARS = {'sentiment': .8, 'topic': .86, 'routing': .78, 'extract': .79, 'yes_no': .6, 'qa': .26, 'mapping 1': .81, 'mapping 2': .86, 'mapping 3': .62}


def test_its_layouts_are_read_by_dspy_s_own_adapters(lm):
    items = [i for i in handwritten() if i[0] in ('sentiment', 'topic')][::6]
    for adapter in (dspy.JSONAdapter(), dspy.ChatAdapter()): assert {r['parsed'] for r in measure(items, lm, adapter)['table'].values()} == {1.0}
