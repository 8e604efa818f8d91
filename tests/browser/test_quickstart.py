"The quickstart tutorial from its first cell to its last, in each front that runs notebooks; all leave the same behind."
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

QUICKSTART = Path(__file__).parents[2]/'nbs'/'tutorials'/'quickstart.ipynb'
RUNS = {
    'nbclient': 'import nbformat; from nbclient import NotebookClient; book = nbformat.read("in.ipynb", 4); '
                'NotebookClient(book, timeout=300, kernel_name="python3").execute(); nbformat.write(book, "out.ipynb")',
    # papermill runs the cells that fail on purpose and goes on, and in the end says that they failed
    'papermill': 'import contextlib, papermill; raised = contextlib.suppress(papermill.PapermillExecutionError)\n'
                 'with raised: papermill.execute_notebook("in.ipynb", "out.ipynb", progress_bar=False)',
    'nbconvert': 'import sys; from nbconvert.nbconvertapp import main; '
                 'sys.exit(main(["--to", "notebook", "--execute", "--output", "out.ipynb", "--ExecutePreprocessor.timeout=300", "in.ipynb"]))'}


def emptied(path):
    "The quickstart without its outputs."
    book = nbformat.read(QUICKSTART, 4)
    for cell in book.cells:
        if cell.cell_type == 'code': cell.outputs, cell.execution_count = [], None
    book.metadata['kernelspec'] = dict(name='python3', display_name='python3', language='python')
    nbformat.write(book, path)


# what an earlier run in the same home changes: tokens and time, and the number of a version
FIGURE = r"(from DSPy's cache|\d+ → \d+ tokens|\d+ cached|[\d.]+ (µs|ms|s|min|h)\b)"
DIFFERS = rf'{FIGURE}( · {FIGURE})*|@\d+\b|version \d+\b'
OF_A_PAGE = r' class="dspy-answer" data-answer="[\w-]+"'  # for its buttons


def left(outputs):
    "What the outputs of a cell say, as text and as HTML. Where a cell fails it is the error: a page draws a card of it too."
    failed = [[o['ename'], o['evalue']] for o in outputs if o['output_type'] == 'error']
    shown = [o['data'].get(kind, '') for o in outputs for kind in ('text/plain', 'text/html') if not failed]
    return failed + [re.sub(DIFFERS, '…', re.sub(OF_A_PAGE, '', text)) for text in shown]


@pytest.fixture(scope='module')
def headless(tmp_path_factory):
    "Runs the quickstart in each of the fronts without a page, side by side: name -> notebook."
    places = {name: tmp_path_factory.mktemp(name) for name in RUNS}
    env = {k: v for k, v in os.environ.items() if not k.startswith('DSPY_TOOLKIT_') and k != 'JPY_SESSION_NAME'}
    env |= dict(JUPYTER_PREFER_ENV_PATH='1', PYTHONPATH=os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get('PYTHONPATH')])))
    started = {}
    for name, code in RUNS.items():
        emptied(places[name]/'in.ipynb')
        own = env | dict(DSPY_TOOLKIT_HOME=f'{places[name]}/home', DSPY_CACHEDIR=f'{places[name]}/cache')
        started[name] = subprocess.Popen([sys.executable, '-c', code], cwd=places[name], env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = {name: process.communicate(timeout=300)[0] for name, process in started.items()}
    assert {name: told[name] for name, process in started.items() if process.returncode} == {}
    return {name: nbformat.read(places[name]/'out.ipynb', 4) for name in RUNS}


def code_cells(book): return [cell for cell in book.cells if cell.cell_type == 'code']


def test_the_last_state_is_what_the_page_shows(headless):
    "A cell shows outputs of the kinds that the tutorial shows, only those fail that do it on purpose, and nothing is still running."
    ran, page = code_cells(headless['nbclient']), code_cells(nbformat.read(QUICKSTART, 4))
    assert [[o.output_type for o in cell.outputs] for cell in ran] == [[o.output_type for o in cell.outputs] for cell in page]
    failed = [cell for cell in ran if any(o.output_type == 'error' for o in cell.outputs)]
    assert failed == [cell for cell in ran if 'raises-exception' in cell.metadata.get('tags', ())] and len(failed) == 2
    assert '▍' not in json.dumps([cell.outputs for cell in ran], ensure_ascii=False)


@pytest.mark.parametrize('name', ['papermill', 'nbconvert'])
def test_a_runner_leaves_what_nbclient_leaves(headless, name):
    assert [left(cell.outputs) for cell in code_cells(headless[name])] == [left(cell.outputs) for cell in code_cells(headless['nbclient'])]


@pytest.mark.parametrize('front', ['lab', 'notebooks'])
def test_a_page_leaves_what_nbclient_leaves(headless, lab, front):
    emptied(lab.server.folder/f'quickstart-{front}.ipynb')
    lab.show(f'quickstart-{front}.ipynb', front)
    lab.js("app.commands.execute('notebook:run-all-cells')")
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.every(c => c.model.type != 'code' || c.model.executionCount)",
                               timeout=300_000)
    lab.wait(60)
    cells = nbformat.read(QUICKSTART, 4).cells
    kept = [lab.saved(n) for n, cell in enumerate(cells) if cell.cell_type == 'code']
    assert [left(outputs) for outputs in kept] == [left(cell.outputs) for cell in code_cells(headless['nbclient'])]
    assert lab.refused == []
