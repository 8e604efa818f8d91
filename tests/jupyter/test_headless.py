"Run by nbclient, a notebook keeps the end of each run, and running it again changes nothing."
import json
import re

import nbformat
from nbclient import NotebookClient

CELLS = ['%load_ext dspy_toolkit', '''import dspy
from tests.typist import slowly, typist
dspy.configure(lm=typist('{"reasoning": "It asks for its money back.", "team": "billing"}', pace=slowly(0.06)), adapter=dspy.JSONAdapter())''',
         '%%dspy Signature Triage\nemail: str\n->\nteam: Literal["billing", "sales"]\n---\nemail = "x"',
         '%%dspy run Triage --module ChainOfThought\nemail = "x"', 'type(_).__module__, _.team']


def test_the_final_state_is_kept_and_stays_the_same(monkeypatch):
    import os
    from pathlib import Path
    root = str(Path(__file__).parents[2])
    monkeypatch.setenv('PYTHONPATH', os.pathsep.join(filter(None, [root, os.environ.get('PYTHONPATH')])))
    monkeypatch.setenv('JUPYTER_PREFER_ENV_PATH', '1')

    def ran():
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c, id=f'cell{i}') for i, c in enumerate(CELLS)])
        NotebookClient(book, timeout=120, kernel_name='python3').execute()
        # how long it took is the one thing that differs
        return [json.loads(re.sub(r' · \d+\.\d s\b', '', json.dumps([dict(o) for o in c.outputs], ensure_ascii=False))) for c in book.cells]
    first = ran()
    assert [[o['output_type'] for o in outputs] for outputs in first] == [[], [], ['display_data'] * 2, ['display_data'], ['execute_result']]
    card = first[3][0]['data']
    assert 'billing' in card['text/plain'] and 'running' not in card['text/plain'] + card['text/html'] and '▍' not in card['text/html']
    assert first[4][0]['data']['text/plain'] == "('dspy.primitives.prediction', 'billing')"
    assert ran() == first
