"Tests see none of the person's own settings, caches and profiles, and no network."
import gc
import logging
import os
import signal
import sys
import tempfile
import time

import pytest

_home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
os.environ |= {
    'DSPY_TOOLKIT_HOME': f'{_home.name}/toolkit', 'DSPY_CACHEDIR': f'{_home.name}/dspy', 'IPYTHONDIR': f'{_home.name}/ipython',
    'HF_HUB_OFFLINE': '1', 'TRANSFORMERS_OFFLINE': '1', 'MPLBACKEND': 'Agg',
}

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN: signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background

from hypothesis import settings  # noqa: E402  after the environment is set

# No deadline, since a busy machine is not a failing law. In CI the same examples each time; at a desk, new ones.
settings.register_profile('toolkit', deadline=None, max_examples=50, derandomize='CI' in os.environ)
settings.load_profile('toolkit')


LONG = (
    'tests/engine/test_parse_rate.py', 'tests/threads/test_memory.py', 'tests/threads/test_thousand.py', 'tests/threads/test_fork.py',
    'tests/test_types.py', 'tests/test_prepare.py', 'tests/stories/test_in_a_shell.py', 'tests/stories/test_in_jupyterlab.py',
)


def pytest_collection_modifyitems(items):
    "The files that take longest come first, so that no process is left with one of them when the others have nothing more to do."
    items.sort(key=lambda item: item.nodeid.partition('::')[0] not in LONG)


@pytest.fixture(autouse=True)
def calls_end_with_their_test():
    "What a test left waiting ends before the next one begins, which may count calls."
    yield
    typist, calls = (sys.modules.get(name) for name in ('tests.typist', 'dspy_toolkit.core.calls'))
    if typist is None or calls is None or not typist.release(): return
    until = time.monotonic() + 5
    while calls._running and time.monotonic() < until: time.sleep(0.005)


def levels_of_logs():
    "Name -> level of each of the toolkit's logs that has one of its own."
    return {name: log.level for name, log in logging.root.manager.loggerDict.items() if name.startswith('dspy_toolkit') and getattr(log, 'level', 0)}


@pytest.fixture(autouse=True)
def logs_stay_as_they_were():
    "What a test says of a log's level must be over with it: the next test reads the log too."
    before = levels_of_logs()
    yield
    after = levels_of_logs()
    for name in after.keys() - before.keys(): logging.getLogger(name).setLevel(logging.NOTSET)
    for name, level in before.items(): logging.getLogger(name).setLevel(level)
    assert after == before, f'the test left a log at another level: {after}'


@pytest.fixture(autouse=True, scope='module')
def what_is_old_is_not_searched():
    "Many tests collect garbage. What the files before have left, and every module and test, would be searched each time: a second and a half."
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope='module')
def shell_stays_as_it_was():
    "Who makes a shell of another class, as nbdev does, takes it away: the tests of another file ask IPython for its shell too."
    def kind():
        found = sys.modules.get('IPython.core.interactiveshell')
        return type(getattr(found and found.InteractiveShell, '_instance', None))
    before = kind()
    yield
    assert kind() in (before, type(None)) or kind().__name__ == 'InteractiveShell', f'the tests of this file left a shell of the class {kind().__name__}'
