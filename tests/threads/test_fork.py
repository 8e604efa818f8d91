"A forked child never waits for a thread that stayed in the parent: it is told so at once, or begins anew."
import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, 'fork'), reason='this system does not fork')

BEGIN = '''
import os, sys, time, threading, multiprocessing
import dspy, dspy_toolkit
from dspy.lm15 import Message, Request

def child(work):
    "Run `work` in a forked child and print what it gives, or raises."
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        try: said = work()
        except BaseException as e: said = f'{type(e).__name__}: {e} → {getattr(e, "hint", "") or getattr(e.__cause__, "hint", "")}'
        print(said, flush=True)
        os._exit(0)
    for _ in range(300):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done: return
        time.sleep(0.1)
    os.kill(pid, 9)
    print('HANGS', flush=True)
'''


def said(code, timeout=200):
    "What a fresh process prints below each heading, a line `# ...` of the code."
    code = re.sub(r'^# (.+)$', r'print("# \1", flush=True)', BEGIN + code, flags=re.M)
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr[-3000:]
    parts = re.split(r'^# (.+)\n', done.stdout, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


@pytest.fixture(scope='module')
def used():
    "What the children of a process that has used the model say."
    return said('''
lm = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=4)
lm('hello')
# calls
child(lambda: lm('hello'))
child(lambda: dspy_toolkit.lm('mlx/tiny', cache=False, slots=3)('hello'))
child(lambda: lm.engine.warm())
child(lambda: __import__('asyncio').run(lm.acall('hello')))
child(lambda: list(lm.engine.stream(Request(lm.model, Message.user('x')))))
print('parent', len(lm('hello')))
# judged
def judged():
    try: lm('hello')
    except Exception as e: return dspy.is_retryable_lm_error(e)
child(judged)
# pool
def work(n):
    try: return lm('hello')
    except Exception as e: return type(e).__name__
with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map_async(work, [1, 2]).get(60))
''')


def test_an_mlx_call_in_a_child_of_a_process_that_uses_the_model_is_refused_at_once(used):
    out = used['calls']
    lines = out.splitlines()
    assert len(lines) == 6 and lines[-1] == 'parent 1', out
    for line in lines[:-1]: assert 'forked from one that uses mlx/tiny' in line and "'spawn'" in line, line
    assert lines[0].startswith('LMConfigurationError') and 'HANGS' not in out


def test_the_error_is_not_tried_again(used): assert used['judged'].strip() == 'False'


def test_a_child_that_is_forked_by_multiprocessing_answers_for_itself(used):
    assert used['pool'].strip() == "['LMConfigurationError', 'LMConfigurationError']"


@pytest.fixture(scope='module')
def fresh():
    "What the children of a process that has only named the model say."
    return said('''
from dspy.lm15 import Response, Usage
from dspy_toolkit.resilience.legs import Leg
class Say:
    supports_response_schema, supported_params = True, frozenset()
    def complete(self, request): return Response(id='1', model=request.model, message=Message.assistant('yes'), finish_reason='stop', usage=Usage())
# chaos
from dspy_toolkit.resilience import chaos
chaos.start('x', chaos.Chaos(fail=1), 0.5)
def work():
    while chaos.active(): time.sleep(0.05)
    return 'over'
child(work)
# busy leg
begun, enough = threading.Event(), threading.Event()
class Slow(Say):
    def complete(self, request):
        if os.getpid() == parent:
            begun.set()
            enough.wait(60)
        return super().complete(request)
parent = os.getpid()
lm = dspy_toolkit.fallback('busy', [Leg(Slow(), 'slow', concurrency=1)], cache=False)
thread = threading.Thread(target=lm, args=('x',))
thread.start()
begun.wait(60)
child(lambda: lm('x')[0])
enough.set()
thread.join()
print('parent', lm('x')[0])
# locks
from dspy_toolkit.workspace import lms
from dspy_toolkit.core import events, settings
from dspy_toolkit.resilience import legs, life
from dspy_toolkit.resilience.breaker import breakers
lm = dspy_toolkit.fallback('safe', [legs.Leg(Say(), 'say')], cache=False)
breaker = breakers['say']
life.follow(breaker)
held, enough = threading.Event(), threading.Event()
def hold():
    with breaker.lock, breakers._lock, events.bus._lock, settings._lock, lms._making, life._lock, chaos._process._lock, legs.leg_loop._lock:
        held.set()
        enough.wait(60)
thread = threading.Thread(target=hold)
thread.start()
held.wait()
def work():
    life.follow(breakers.breaker('another'))
    chaos.start('say', chaos.Chaos(latency=0.01), 5)
    return lm('x')[0], str(breaker.state), lms.default_model().model, chaos.active()['say'].injected
child(work)
enough.set()
thread.join()
# warm-up
from IPython.core.interactiveshell import InteractiveShell
from dspy_toolkit.jupyter.magics import Warmup
warmup = Warmup(modules=('json', 'slow_to_import', 'there_is_none'))
sys.path.insert(0, sys.argv[0] or '.')
import types, importlib.abc, importlib.machinery
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None): return importlib.machinery.ModuleSpec(name, self) if name == 'slow_to_import' else None
    def create_module(self, spec): return None
    def exec_module(self, module):
        begun.set()
        time.sleep(1)
begun = threading.Event()
sys.meta_path.insert(0, Finder())
warmup.start()
begun.wait(60)
child(lambda: __import__('slow_to_import').__name__)
# named
lm = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=4)
child(lambda: len(lm('hello')))
print('parent', len(lm('hello')))
''')


def test_a_model_that_was_only_named_before_the_fork_answers_in_the_child(fresh):
    assert fresh['named'].splitlines() == ['1', 'parent 1']


def test_a_fallback_answers_in_a_child_also_with_a_leg_that_was_busy_in_the_parent(fresh):
    assert fresh['busy leg'].splitlines() == ['yes', 'parent yes']


def test_locks_that_other_threads_hold_at_the_fork_are_free_in_the_child(fresh):
    assert fresh['locks'].strip() == "('yes', 'closed', 'mlx/tiny', {'late': 1})"


def test_chaos_ends_in_a_child_though_its_alarm_stayed_in_the_parent(fresh): assert fresh['chaos'].strip() == 'over'


def test_a_fork_waits_for_the_module_that_the_warm_up_reads(fresh): assert fresh['warm-up'].strip() == 'slow_to_import'
