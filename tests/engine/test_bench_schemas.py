"The benchmark of schemas runs, with what one gives it, and says what it could not measure. How fast anything is, no test says."
import json
import os
import subprocess
import sys

import jsonschema
import pytest

from tests.engine.vocabularies import tokenizer_json

from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.engine.bench_schemas import BUDGETS, SchemaCost, as_text, cost_of, make_schemas, main, list_missed, read_vocabulary, report
from dspy_toolkit.engine.hub import TINY

command = [sys.executable, '-W', 'ignore', '-m', 'dspy_toolkit.engine.bench_schemas']


def test_the_schemas_made_here_are_schemas():
    for schema in make_schemas().values(): jsonschema.Draft202012Validator.check_schema(schema)


def test_it_measures_the_schemas_of_a_folder_with_the_tokenizer_that_is_named(tmp_path):
    (tmp_path/'schemas').mkdir()
    (tmp_path/'schemas'/'mood.json').write_text('{"enum": ["calm", "angry"]}')
    (tmp_path/'schemas'/'odd.json').write_text('{"enum": []}')
    (tmp_path/'tokenizer.json').write_text(tokenizer_json('sentencepiece-32k'), encoding='utf-8')
    done = subprocess.run([*command, '--tokenizer', tmp_path/'tokenizer.json', '--schemas', tmp_path/'schemas',
                           '--json', tmp_path/'report.json'], capture_output=True, text=True, timeout=300, env=os.environ | {'LITELLM_LOCAL_MODEL_COST_MAP': 'True'})
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path/'report.json').read_text())
    mood, odd = found['schemas']
    assert found['tokens'] == 32_768 and mood['name'] == 'mood' and mood['steps'] > 0 and mood['error'] is None and mood['read'] > 0
    assert 'no finite JSON value' in odd['error'] and odd['error'] in done.stdout and 'mask p50' in done.stdout


def test_a_folder_without_schemas_and_a_tokenizer_without_an_end_are_told(tmp_path):
    with pytest.raises(SystemExit, match='there is no schema'): main(['--schemas', str(tmp_path)])
    (tmp_path/'tokenizer.json').write_text(json.dumps(dict(version='1.0', added_tokens=[], model=dict(type='BPE', vocab={'a': 0, 'b': 1}, merges=[]))))
    with pytest.raises(ToolkitError, match='which token ends'): read_vocabulary(tmp_path/'tokenizer.json')
    with pytest.raises(ToolkitError, match='there is no'): read_vocabulary(tmp_path/'elsewhere')


def test_what_the_model_knows_beside_its_tokenizer_counts():
    letters, config = read_vocabulary(TINY), json.loads((TINY/'config.json').read_text())
    assert letters.size == config['vocab_size'] and letters.eos == (config['eos_token_id'],)


def test_a_budget_that_is_missed_is_named():
    quick, slow = SchemaCost('quick', 1e-4, 1e-4, [1e-5], [1e-5]), SchemaCost('slow', 2.0, 1e-4, [0.5], [1e-5])
    letters = read_vocabulary(TINY)
    assert list_missed(report([quick], letters, 0.1)) == []
    found = report([quick, quick, slow], letters, 0.1)
    assert 'read + compile max' in list_missed(found) and 'mask p95' in list_missed(found) and 'over the budget: ' in as_text(found) and set(BUDGETS) <= set(found['all'])


def test_a_schema_that_fails_takes_no_other_with_it():
    letters = read_vocabulary(TINY)
    found = report([cost_of('odd', {'enum': []}, letters), cost_of('good', {'type': 'boolean'}, letters)], letters, 0.1)
    assert [bool(s['error']) for s in found['schemas']] == [True, False] and found['all']['mask']['p50'] > 0
    assert 'odd: ' in as_text(found)
