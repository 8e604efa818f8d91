"What is on for the whole process has one owner: after the extension is unloaded, nothing of it is left."
import dspy

from dspy_toolkit.commands import calls
from dspy_toolkit.core import dspy_internals, session, settings
from dspy_toolkit.engine import mlx
from dspy_toolkit.registry import store
from dspy_toolkit.resilience import chaos, fallback, life, semantic
from dspy_toolkit.resilience.breaker import breakers
from dspy_toolkit.workspace import lms, targets
from tests.typist import typist

ANSWER = '{"team": "billing", "needs_human": true}'


def left() -> dict:
    "What is on for the whole process now, by name; empty where there is nothing."
    return {name: found for name, found in {
        'settings': settings._loaded,
        'names of models': dict(lms.names),
        'how they were made': dict(lms._made_of),
        'default model': (lms._made, lms._settled, lms._chosen) if (lms._made, lms._settled, lms._chosen) != (None, None, None) else None,
        'variables of the notebook': lms._namespace() if lms._namespace is not dict else None,
        'signatures that may be made again': list(targets._made_here),
        'versions of signatures': dict(targets._versions),
        'versions of calls': dict(calls._versions),
        'breakers': list(breakers),
        'lives of breakers': dict(life.lives),
        'chaos': chaos.active(),
        'watch of answers': [each for each in dspy_internals.process_callbacks() if isinstance(each, semantic._Watching)],
        'registries': [url for url, each in store._registries.items() if not each.database.in_memory],
        'log of fallbacks': dict(fallback._seldom._seen),
        'warning of untyped outputs': mlx._warned.is_set(),
        "DSPy's model and adapter": (dspy.settings.lm or dspy.settings.adapter),
    }.items() if found}


def test_nothing_is_left_when_the_extension_is_unloaded(triage):
    lms.names.update(fast=typist(ANSWER), spare=typist(ANSWER))
    for line in ('%dspy lm both --fallback fast spare', '%dspy breaker fast', '%dspy chaos fast --latency 0.01 --for 60', '%dspy save Triage',
                 '%%dspy run Triage --lm both\nemail = "x"'):
        assert triage(line).success
    fallback._seldom('a sentence')
    mlx._warned.set()
    used = left()
    assert {'settings', 'names of models', 'how they were made', 'default model', 'variables of the notebook', 'signatures that may be made again',
            'versions of signatures', 'versions of calls', 'breakers', 'lives of breakers', 'chaos', 'watch of answers', 'registries',
            'log of fallbacks', 'warning of untyped outputs', "DSPy's model and adapter"} == set(used)
    triage('%unload_ext dspy_toolkit')
    assert left() == {}


def test_the_warm_up_and_the_hooks_of_the_notebook_end_with_it(shell):
    magics = shell.ip._dspy_toolkit
    shell('%unload_ext dspy_toolkit')
    assert shell.ip._dspy_toolkit is None and not magics.warmup._thread.is_alive()
    assert magics.before_cell not in shell.ip.events.callbacks['pre_run_cell'] and magics.after_cell not in shell.ip.events.callbacks['post_run_cell']


def test_what_a_person_holds_goes_on_after_a_reset(triage):
    lms.names.update(fast=typist(ANSWER), spare=typist(ANSWER))
    assert triage('%dspy lm both --fallback fast spare').success
    assert triage('%dspy save Triage').success
    kept, model = store.registry(), lms.names['both']
    session.reset()
    assert kept.versions('Triage') and model('x')


def test_a_registry_in_memory_stays(registry):
    memory = store.registry('sqlite://')
    session.reset()
    assert store.registry('sqlite://') is memory and store.registry() is not registry
    store._registries.pop('sqlite://')
