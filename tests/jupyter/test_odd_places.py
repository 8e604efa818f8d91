"Where a notebook may run: with an ASCII terminal, without docstrings, in a folder that was removed, on a thread that may not configure DSPy."
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import dspy
import pytest

from dspy_toolkit.commands import programs
from dspy_toolkit.workspace import lms
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.settings import load_settings
from tests.typist import typist

CELLS = ['%load_ext dspy_toolkit', 'import dspy\nfrom tests.typist import typist\ndspy.configure(lm=typist(\'{"team": "billing"}\'), adapter=dspy.JSONAdapter())',
         '%%dspy Signature Triage\n"""Route → a support email, 日本."""\nemail: str  # as received …\n->\nteam: Literal["billing", "sales"]\n---\nemail = "x"', '_', '%dspy run Triage email="x" -o p', 'p',
         '%dspy help', '%dspy help run', '%dspy list', '%dspy show Triage', '%dspy edit Triage', '%dspy log Triage', '%dspy alias Triage@1 prod', '%dspy alias Triage', '%dspy lineage Triage', '%dspy history', '%dspy history 1',
         '%dspy lm fast mlx/tiny', '%dspy lm safe --fallback fast mlx/tiny', '%dspy lm', '%dspy status', '%dspy breaker', '%dspy breaker fast', '%dspy library', '%dspy library Classify', '%dspy diff Triage@1 Classify@1']
MISTAKES = ['%dspy shwo', '%%dspy run Triage\nemail = inbx', '%%dspy Signature A\nx: strr\n->\ny: str']
SCRIPT = '''
import os, sys, tempfile
from IPython.core.interactiveshell import InteractiveShell
cells, mistakes, gone = {cells!r}, {mistakes!r}, {gone!r}
shell = InteractiveShell.instance()
shell.colors = 'nocolor'
if gone:
    place = tempfile.mkdtemp()
    os.chdir(place)
    os.rmdir(place)
for cell in cells:
    if not shell.run_cell(cell, store_history=True).success: sys.exit(1)
    if cell == cells[0]: shell._dspy_toolkit.warmup.start = lambda: None
for cell in mistakes: assert not shell.run_cell(cell).success
assert shell.user_ns['Triage'].instructions.startswith('Route')
os.chdir({home!r})
'''


def ran(tmp_path, *options, gone=False, **env):
    "What a terminal shows of all cells, in a process of its own."
    script = SCRIPT.format(cells=CELLS, mistakes=MISTAKES, gone=gone, home=str(tmp_path))
    env = os.environ | dict(DSPY_TOOLKIT_REGISTRY_URL=f'sqlite:///{tmp_path}/r.db', IPYTHONDIR=str(tmp_path/'ipython'), PYTHONPATH=str(Path(__file__).parents[2])) | env
    done = subprocess.run([sys.executable, *options, '-c', script], env=env, capture_output=True, timeout=200, cwd=tmp_path)
    shown = done.stdout.decode(env.get('PYTHONIOENCODING', 'utf-8'))
    assert done.returncode == 0, shown[-3000:] + done.stderr.decode()[-3000:]
    assert 'Traceback' not in shown, shown
    return shown


@pytest.mark.parametrize('encoding', ['ascii', 'cp1252'])
def test_a_terminal_without_all_signs_shows_every_view(tmp_path, encoding):
    shown = ran(tmp_path, PYTHONIOENCODING=encoding)
    assert 'Route -> a support email, \\u65e5\\u672c.' in shown and '-> define inbx in a cell above' in shown and '12 tokens' in shown


def test_without_docstrings_verbs_explain_themselves_and_cells_keep_their_instructions(tmp_path):
    shown = ran(tmp_path, '-OO')
    assert 'Show a signature: what it is for' in shown and 'Route → a support email' in shown


def test_a_working_directory_that_was_removed_is_no_reason_to_fail(tmp_path):
    assert 'Triage@1' in ran(tmp_path, gone=True)


def test_the_summary_of_a_verb_is_read_from_its_source_where_there_is_no_docstring(monkeypatch):
    for verb in VERBS.values():
        said = verb.summary
        with monkeypatch.context() as m:
            m.setattr(verb.function, '__doc__', None)
            assert verb.summary == said


def test_settings_may_begin_with_a_byte_order_mark(tmp_path):
    for name, head in (('dspy_toolkit.toml', ''), ('pyproject.toml', '[tool.dspy_toolkit]\n')):
        folder = tmp_path/name.partition('.')[0]
        folder.mkdir()
        (folder/name).write_text(f'{head}max_tokens = 77\n', encoding='utf-8-sig')
        assert load_settings(folder)[0].max_tokens == 77


def test_a_home_that_begins_in_a_removed_folder_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path/'gone').mkdir()
    monkeypatch.chdir(tmp_path/'gone')
    (tmp_path/'gone').rmdir()
    assert load_settings()[1]['max_tokens'] == 'default'
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', 'mine')
    with pytest.raises(SettingsError, match="'mine' begins in the working directory"): load_settings()


def test_a_shared_file_may_begin_with_a_byte_order_mark(triage, tmp_path):
    assert triage(f'%dspy export "{tmp_path}/x.json"').success
    data = json.loads((tmp_path/'x.json').read_text(encoding='utf-8'))
    (tmp_path/'y.json').write_text(json.dumps(data), encoding='utf-8-sig')
    assert triage(f'%dspy import "{tmp_path}/y.json"').success


def test_on_another_thread_a_run_takes_the_defaults_and_leaves_dspy_to_the_main_one(shell, monkeypatch):
    shell('%%dspy Signature Triage --no-run\nemail: str\n->\nteam: Literal["billing", "sales"]')
    dspy.configure(lm=None, adapter=None)
    lms.drop_defaults()
    monkeypatch.setattr(lms, '_made', typist('{"team": "billing"}'))
    found = []
    thread = threading.Thread(target=lambda: found.append(shell['Triage'] and programs.run(shell['Triage'], dict(email='x'))))
    thread.start()
    thread.join()
    assert found[0].prediction.team == 'billing' and dspy.settings.lm is None
    dspy.configure(lm=None)  # still this thread's to do
