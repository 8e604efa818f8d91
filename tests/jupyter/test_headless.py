"Run by nbclient, a notebook keeps the end of each run, and running it again changes nothing."
import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELLS = ['%load_ext dspy_toolkit', '''import dspy
from tests.typist import slowly, typist
dspy.configure(lm=typist('{"reasoning": "It asks for its money back.", "team": "billing"}', pace=slowly(0.06)), adapter=dspy.JSONAdapter())''',
         '%%dspy Signature Triage\nemail: str\n->\nteam: Literal["billing", "sales"]\n---\nemail = "x"',
         '%%dspy run Triage --module ChainOfThought\nemail = "x"', 'type(_).__module__, _.team']


@pytest.fixture
def client(monkeypatch):
    "Runs cells, each in a new kernel."
    monkeypatch.setenv('PYTHONPATH', os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get('PYTHONPATH')])))
    monkeypatch.setenv('JUPYTER_PREFER_ENV_PATH', '1')
    monkeypatch.delenv('JPY_SESSION_NAME', raising=False)

    def made(*cells):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c, id=f'cell{i}') for i, c in enumerate(cells)])
        return NotebookClient(book, timeout=120, kernel_name='python3')
    return made


def test_the_final_state_is_kept_and_stays_the_same(client):
    def ran():
        book = client(*CELLS).execute()
        # how long it took is the one thing that differs
        return [json.loads(re.sub(r' · [\d.]+ m?s\b', '', json.dumps([dict(o) for o in c.outputs], ensure_ascii=False))) for c in book.cells]
    first = ran()
    assert [[o['output_type'] for o in outputs] for outputs in first] == [[], [], ['display_data'] * 2, ['display_data'], ['execute_result']]
    card = first[3][0]['data']
    assert 'billing' in card['text/plain'] and 'running' not in card['text/plain'] + card['text/html'] and '▍' not in card['text/html']
    assert first[4][0]['data']['text/plain'] == "('dspy.primitives.prediction', 'billing')"
    assert ran() == first


def test_a_cell_that_fails_stops_the_run_and_the_caller_is_told_why(client):
    run = client('%load_ext dspy_toolkit', '%dspy shwo', 'print("never")')
    with pytest.raises(CellExecutionError, match="there is no verb 'shwo'\n  → did you mean show"): run.execute()
    assert [o['output_type'] for o in run.nb.cells[1].outputs] == ['error'] and run.nb.cells[2].outputs == []


def test_papermill_runs_a_notebook_with_parameters_and_keeps_what_was_shown(client, tmp_path):
    import papermill
    book = client(CELLS[0], 'email = "unset"', CELLS[1], CELLS[2].replace('"x"', 'email'), '%dspy edit Triage', 'email').nb
    book.cells[1].metadata['tags'] = ['parameters']
    book.metadata['kernelspec'] = dict(name='python3', display_name='python3', language='python')
    nbformat.write(book, tmp_path/'in.ipynb')
    papermill.execute_notebook(tmp_path/'in.ipynb', tmp_path/'out.ipynb', parameters=dict(email='I was charged twice'), progress_bar=False)
    shown = {c.source: [o for o in c.outputs] for c in nbformat.read(tmp_path/'out.ipynb', 4).cells}
    assert any('billing' in o['data']['text/plain'] for o in shown[CELLS[2].replace('"x"', 'email')]) and shown['%dspy edit Triage']
    assert shown['email'][0]['data']['text/plain'] == "'I was charged twice'"


def test_papermill_stops_at_a_cell_that_fails_and_says_why(client, tmp_path):
    import papermill
    book = client('%load_ext dspy_toolkit', '%dspy shwo', 'print("never")').nb
    book.metadata['kernelspec'] = dict(name='python3', display_name='python3', language='python')
    nbformat.write(book, tmp_path/'in.ipynb')
    with pytest.raises(papermill.PapermillExecutionError, match="there is no verb 'shwo'"): papermill.execute_notebook(tmp_path/'in.ipynb', tmp_path/'out.ipynb', progress_bar=False)
    assert nbformat.read(tmp_path/'out.ipynb', 4).cells[-1].outputs == []
