"The reference says what the code says: each page, run again, gives what is stored in it."
import difflib
import json
import subprocess
import sys

import pytest

import dspy_toolkit
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.monitoring.metrics import INSTRUMENTS
from scripts.headless import sandbox
from tests.docs.pages import cells, nbs, root, sidebar
from tests.docs.render_reference import text_of

PAGES = [page for page in sidebar() if page.startswith('reference/')]


@pytest.fixture(scope='module')
def rendered(tmp_path_factory) -> dict[str, list[str]]:
    "page -> the outputs of its code cells, made now."
    command = [sys.executable, '-m', 'tests.docs.render_reference', *(str(nbs/page) for page in PAGES)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, env=sandbox(tmp_path_factory.mktemp('home')))
    assert done.returncode == 0, done.stderr
    return {page[len(str(nbs)) + 1:]: found for page, found in json.loads(done.stdout.splitlines()[-1]).items()}


@pytest.mark.skipif(sys.platform != 'linux' or sys.version_info[:2] != (3, 11), reason='the pages are made on Linux with Python 3.11: others spell some types and usages in another way')
@pytest.mark.parametrize('page', PAGES)
def test_a_page_of_the_reference_is_up_to_date(page, rendered):
    "`python -m scripts.execute nbs/reference/*.ipynb` writes them anew."
    stored = [text_of(cell.outputs) for cell in cells(page) if cell.kind == 'code']
    changed = [line for old, new in zip(stored, rendered[page], strict=True) for line in difflib.unified_diff(old.splitlines(), new.splitlines(), 'stored', 'now', n=0)]
    assert not changed, '\n'.join(changed[:40])


def shown(page: str) -> str: return '\n'.join(text_of(cell.outputs) for cell in cells(page))


@pytest.mark.parametrize('page, names', [
    ('reference/python.ipynb', set(dspy_toolkit.__all__) - {'registry', 'load_ipython_extension', 'unload_ipython_extension'}),
    ('reference/verbs.ipynb', set(VERBS)), ('reference/metrics.ipynb', {each.names['latest'] for each in INSTRUMENTS.values()})], ids=['python', 'verbs', 'metrics'])
def test_the_reference_has_every_name(page, names): assert {name for name in names if f'`{name}`' not in shown(page)} == set()


def test_the_tables_of_the_reference_take_the_colours_of_the_page():
    "They are Markdown, which has no colours of its own: it reads well in a light theme and in a dark one."
    kinds = {kind for page in PAGES for cell in cells(page) for output in cell.outputs for kind in output.get('data', {})}
    assert kinds <= {'text/markdown', 'text/plain'}
