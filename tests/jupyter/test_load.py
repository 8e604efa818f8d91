"Loading is not felt, and DSPy works from then on; a person's own configuration always wins."
import os
import subprocess
import sys
import textwrap
import threading

import dspy
import pytest
from dspy.utils import DummyLM

from dspy_toolkit.jupyter.magics import Warmup
from tests.typist import typist

ANSWER = '{"answer": "scripted"}'


def fresh(code: str) -> list[str]:
    "What a fresh process prints; `cell(text)` runs a cell in a shell there."
    start = '''
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        def cell(text):
            result = shell.run_cell(text, store_history=True)
            result.raise_error()
            return result.result
    '''
    run = subprocess.run([sys.executable, '-c', textwrap.dedent(start) + textwrap.dedent(code)], capture_output=True, text=True, timeout=300, env=os.environ)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.splitlines()


def test_plain_dspy_asks_the_built_in_model_in_the_cell_after_load_ext():
    said = fresh('''
        cell('%load_ext dspy_toolkit')
        cell('import dspy; answer = dspy.Predict("question -> answer")(question="Is the sky blue?").answer')
        cell('print(dspy.settings.lm.model, type(dspy.settings.adapter).__name__, type(answer).__name__)')
    ''')
    assert said[-1] == 'mlx/tiny GrammarAdapter str'


def test_nothing_heavy_is_imported_before_a_cell_may_need_it():
    said = fresh('''
        import sys
        shell.run_line_magic('load_ext', 'dspy_toolkit')
        shell._dspy_toolkit.warmup.start = lambda: None
        cell('x = 1 + 1')
        print('dspy' in sys.modules, 'mlx' in sys.modules, 'pydantic' in sys.modules)
        cell('import json')
        print('dspy' in sys.modules)
    ''')
    assert said[-2:] == ['False False False', 'True']


def test_a_configuration_of_ones_own_from_before_is_kept(bare):
    mine = DummyLM([{'answer': 'mine'}])
    bare.ip.user_ns['mine'] = mine
    bare('import dspy; dspy.configure(lm=mine)')
    bare('%load_ext dspy_toolkit')
    assert bare('dspy.Predict("question -> answer")(question="?").answer').result == 'mine'
    assert dspy.settings.lm is mine and dspy.settings.adapter is None


def test_a_configuration_of_ones_own_from_after_wins(shell):
    shell.ip.user_ns['mine'] = DummyLM([{'answer': 'mine'}])
    assert shell('import dspy; dspy.settings.lm.model').result == 'mlx/tiny'
    shell('dspy.configure(lm=mine, adapter=dspy.ChatAdapter())')
    assert shell('dspy.Predict("question -> answer")(question="?").answer').result == 'mine'


def test_a_model_set_to_none_stays_none(shell):
    shell('import dspy; dspy.configure(lm=None)')
    shell('dspy')
    assert dspy.settings.lm is None


def test_the_cell_that_loads_may_go_on_with_dspy(bare):
    assert bare('%load_ext dspy_toolkit\nimport dspy\ndspy.settings.lm.model').result == 'mlx/tiny'


def test_the_default_lm_setting_names_the_default(bare, monkeypatch):
    from dspy_toolkit.core.settings import reset_settings
    monkeypatch.setenv('DSPY_TOOLKIT_DEFAULT_LM', 'openai/gpt-5-mini')
    reset_settings()
    bare('%load_ext dspy_toolkit')
    assert bare('import dspy; dspy.settings.lm.model').result == 'openai/gpt-5-mini'
    reset_settings()


def test_a_default_that_is_not_there_hinders_only_who_needs_a_model(bare, monkeypatch):
    from dspy_toolkit.core.settings import reset_settings
    monkeypatch.setenv('DSPY_TOOLKIT_DEFAULT_LM', 'mlx/./nowhere')
    reset_settings()
    bare('%load_ext dspy_toolkit')
    assert bare('import dspy; 1 + 1').shown.strip().endswith('2')
    bare('%%dspy Signature QA\nquestion -> answer')
    said = bare('%%dspy run QA\nquestion = "?"')
    assert 'nowhere' in said.shown and 'Traceback' not in said.shown and not said.success
    reset_settings()


def test_loading_is_silent_and_doing_it_twice_does_nothing(bare):
    assert bare('%load_ext dspy_toolkit').shown == ''
    before = bare.ip._dspy_toolkit
    bare.ip.extension_manager.loaded.discard('dspy_toolkit')
    assert bare('%load_ext dspy_toolkit').shown == ''
    assert bare.ip._dspy_toolkit is before
    assert bare('%reload_ext dspy_toolkit').shown == ''
    assert '%%dspy run NAME' in bare('%dspy help').shown


def test_unloading_takes_everything_away(shell):
    shell('import dspy; dspy')
    shell('%unload_ext dspy_toolkit')
    assert 'not found' in shell('%dspy list').shown
    assert dspy.settings.lm is None and dspy.settings.adapter is None
    html = shell.ip.display_formatter.formatters['text/html']
    assert html(dspy.Prediction(answer='x')) is None


def test_unloading_leaves_a_persons_own_model(shell):
    mine = shell.ip.user_ns['mine'] = DummyLM([{}])
    shell('import dspy; dspy.configure(lm=mine)')
    shell('%unload_ext dspy_toolkit')
    assert dspy.settings.lm is mine


def test_the_warmup_leaves_dspy_to_be_configured_by_the_persons_thread():
    said = fresh('''
        cell('%load_ext dspy_toolkit')
        shell._dspy_toolkit.warmup._thread.join()
        cell('import dspy; dspy.configure(lm=None); print("configured")')
    ''')
    assert said[-1] == 'configured'


@pytest.mark.parametrize('wait', ['', 'import time; time.sleep(0.3)'], ids=['at once', 'in the middle'])
def test_an_interpreter_that_ends_while_the_warmup_runs_ends_well(wait):
    run = subprocess.run([sys.executable, '-m', 'IPython', '--no-banner', '--colors=nocolor', '-c', f'%load_ext dspy_toolkit\n{wait}'],
                         capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (0, '')


def test_the_warmup_stops_after_the_module_at_hand():
    reached, go, seen = threading.Event(), threading.Event(), []

    class Steps(Warmup):
        @staticmethod
        def _step(name): seen.append(name); reached.set(); go.wait(10)
    warmup = Steps(['one', 'two'])
    warmup.start()
    reached.wait(10)
    threading.Timer(0.05, go.set).start()
    warmup.stop()
    assert seen == ['one'] and warmup.done


def test_what_tqdm_says_of_itself_is_not_shown_while_modules_are_imported_beside_the_person_s_own():
    "Two threads under `warnings.catch_warnings` may undo each other's filters, and tqdm trusts in one."
    import warnings
    go = threading.Event()

    class Steps(Warmup):
        @staticmethod
        def _step(name):
            go.wait(10)
            warnings.warn('Using `tqdm.autonotebook.tqdm` in notebook mode', stacklevel=1)
    before = list(warnings.filters)
    warmup = Steps(['one'])
    warmup.start()
    with warnings.catch_warnings(record=True) as heard:
        go.set()
        warmup._thread.join(10)
    warmup.stop()
    assert heard == [] and warnings.filters == before


def test_a_program_on_another_thread_does_not_become_the_one_that_configures(bare):
    from dspy_toolkit.commands.programs import run
    lm = typist(ANSWER)
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()):
        from contextvars import copy_context
        views = []
        thread = threading.Thread(target=copy_context().run, args=(lambda: views.append(run(dspy.Signature('q -> answer'), {'q': '?'})),))
        thread.start()
        thread.join(30)
    assert views[0].values == {'answer': 'scripted'}
    dspy.configure(lm=None)  # raises where another thread has configured
