"A real IPython shell, as in a terminal, with the extension loaded."
import sys
from shutil import copy

import dspy
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from dspy_toolkit.core import session
from dspy_toolkit.registry import store


class Shell:
    "Run cells, and see what a person would see."

    def __init__(self):
        self.ip = InteractiveShell.instance()
        self.ip.colors = 'nocolor'
        self.ip.reset()
        sys.modules['__main__'] = self.ip.user_module  # a shell that nbdev made in a test before has put its own there

    def __call__(self, cell: str):
        "Run a cell; its result, with what was printed as `shown`, the bundles that were displayed as `displayed`, and the error as `error`."
        with capture_output() as out: result = self.ip.run_cell(cell, store_history=True)
        result.shown, result.displayed, result.error = out.stdout + out.stderr, [o.data for o in out.outputs], result.error_in_exec or result.error_before_exec
        return result

    def __getitem__(self, name): return self.ip.user_ns[name]


@pytest.fixture(scope='session')
def empty_registry(tmp_path_factory):
    "A registry's file with nothing in it; making one anew for each test would take half a second."
    path = tmp_path_factory.mktemp('registry')/'empty.db'
    kept = store.Registry(f'sqlite:///{path}')
    kept.database.open()
    kept.close()
    return path


@pytest.fixture(autouse=True)
def registry(empty_registry, tmp_path, monkeypatch):
    "A registry of the test's own, the one that verbs use."
    copy(empty_registry, tmp_path/'registry.db')
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{tmp_path}/registry.db')
    monkeypatch.setenv('DSPY_TOOLKIT_AUTHOR', 'ada')
    session.reset()
    yield store.registry()
    session.reset()
    monkeypatch.undo()


@pytest.fixture
def bare():
    "A shell without the extension, and DSPy without configuration."
    dspy.configure(lm=None, adapter=None)
    shell = Shell()
    yield shell
    shell.ip.run_line_magic('unload_ext', 'dspy_toolkit')
    shell.ip.extension_manager.loaded.discard('dspy_toolkit')
    dspy.configure(lm=None, adapter=None)


@pytest.fixture
def shell(bare):
    bare.ip.run_line_magic('load_ext', 'dspy_toolkit')
    bare.ip._dspy_toolkit.warmup.start = lambda: None  # no test waits for, or is disturbed by, what comes in the background
    return bare


TRIAGE = '''%%dspy Signature Triage
"""Route a support email to the right team."""
email: str                                     # as received
->
team: Literal["billing", "technical", "sales"]
needs_human: bool
'''


@pytest.fixture
def triage(shell):
    "A shell in which Triage is defined."
    shell(TRIAGE)
    return shell
