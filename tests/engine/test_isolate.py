"An engine in a child process answers as one in this process does; and whatever becomes of the child, each request ends once, and this process goes on."
import asyncio, gc, json, os, signal, subprocess, sys, textwrap, threading, time
from concurrent.futures import ThreadPoolExecutor

import dspy
import pytest
from dspy.lm15 import (Config, ConfigurationError, ContextLengthError, Message, RateLimitError, Request, ServerError, StreamDeltaEvent, StreamEndEvent,
                       StreamStartEvent)
from dspy.lm15 import TimeoutError as RequestTimeoutError

from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.dspy_internals import is_retryable
from dspy_toolkit.core.events import Bus, EngineDied, EngineLoaded, EngineRestarted, FirstToken, GenerationFinished, GenerationStarted, bus
from dspy_toolkit.engine.isolate import Backoff, EngineProcessError, IsolatedWorker
from dspy_toolkit.engine.mlx import AsyncMLXEngine, MLXEngine
from dspy_toolkit.engine.process import OUT_OF_MEMORY
from dspy_toolkit.engine.worker import Generation

pytestmark = pytest.mark.filterwarnings('error::pytest.PytestUnhandledThreadExceptionWarning')
SCHEMA = {'type': 'object', 'properties': {'team': {'enum': ['billing', 'sales']}, 'why': {'type': 'string', 'maxLength': 30}},
          'required': ['team', 'why'], 'additionalProperties': False}


def ask(text='Is the sky blue?', **config): return Request(model='m', messages=(Message.user(text),), config=Config(**{'max_tokens': 24} | config))


def told(text): return Generation(({'role': 'user', 'content': text},))


def outcome(job, timeout=60):
    try: return job.future.result(timeout)
    except BaseException as e:
        assert job.ended, 'left pending'
        return e


def wait_until(claim, timeout=20.0):
    until = time.monotonic() + timeout
    while not claim():
        assert time.monotonic() < until, 'it did not come to that'
        time.sleep(0.01)


def is_running(pid):
    try: return open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0] != 'Z'
    except OSError: return False


# ---- the same answers, as in this process

@pytest.fixture(scope='module')
def both(noise):
    "Two engines over one model: here, and in a child."
    own = dict(slots=3)  # so that no engine of another test, perhaps under another name of the folder, shares the worker
    here, there = MLXEngine(f'mlx/{noise}', **own), MLXEngine(f'mlx/{noise}', isolate=True, **own)
    there.warm()
    yield here, there
    here.close()
    there.close()


def same(response, other):
    assert response.message == other.message
    assert (response.finish_reason, response.usage, response.provider_data, response.logprobs, response.adaptations) == (
        other.finish_reason, other.usage, other.provider_data, other.logprobs, other.adaptations)


@pytest.mark.parametrize('config', [
    {}, {'temperature': 1.0, 'seed': 3}, {'logprobs': 2}, {'stop': ('e',)}, {'frequency_penalty': 1.0},
    {'response_format': {'type': 'json_schema', 'schema': SCHEMA}},
    {'response_format': {'type': 'json_schema', 'schema': SCHEMA}, 'probabilities': 'required'},
    {'response_format': {'type': 'json_schema', 'schema': SCHEMA}, 'max_tokens': 20},
], ids=lambda config: '-'.join(config) or 'greedy')
def test_the_same_request_has_the_same_answer(both, config):
    here, there = both
    text = f'Tell me about {sorted(config)}, please.'
    same(there.complete(ask(text, **config)), here.complete(ask(text, **config)))


def test_eight_at_once_have_the_answers_they_have_alone(both):
    here, there = both
    asked = [ask(f'Why is {word} so?') for word in 'one two three four five six seven eight'.split()]
    with ThreadPoolExecutor(8) as pool: found = list(pool.map(there.complete, asked))
    assert [r.text for r in found] == [here.complete(a).text for a in asked]


def test_a_stream_has_the_same_text_here_there_and_async(both):
    here, there = both
    alike = lambda events: [('start',) if isinstance(e, StreamStartEvent) else e for e in events]
    found = list(there.stream(ask('Stream this, please.')))
    again = list(here.stream(ask('Stream this, please.')))
    text = lambda events: ''.join(e.delta.text for e in events if isinstance(e, StreamDeltaEvent))
    assert text(found) == text(again) and len(alike(found)) == len(alike(again))
    assert isinstance(found[-1], StreamEndEvent) and found[-1].usage.output_tokens == again[-1].usage.output_tokens

    async def from_loop():
        engine = AsyncMLXEngine(there.model, isolate=True, slots=3)
        assert engine.worker is there.worker
        events = [e async for e in engine.stream(ask('Stream this, please.'))]
        response = await engine.complete(ask('Stream this, please.'))
        await engine.aclose()
        return events, response
    events, response = asyncio.run(from_loop())
    assert text(events) == response.text == text(found)


def test_a_prefix_is_kept_in_the_child_and_told(both):
    _, there = both
    text = 'A long beginning. ' * 20
    there.complete(ask(text + 'One?'))
    response = there.complete(ask(text + 'Two?'))
    assert response.usage.cache_read_tokens > 20 and there.stats()['prefix_hits'] >= 1 and there.stats()['state'] == 'ready'


def test_programs_are_warmed_and_parsed(both):
    _, there = both
    class Route(dspy.Signature):
        email: str = dspy.InputField()
        urgent: bool = dspy.OutputField()
        stars: int = dspy.OutputField(ge=1, le=5)
    from dspy_toolkit import GrammarAdapter
    lm = dspy.LM(there.model, engine=there, cache=False, max_tokens=60)
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        assert there.warm(Route) > 0
        found = dspy.Predict(Route)(email='They charged me twice.')
    assert isinstance(found.urgent, bool) and found.stars in range(1, 6)


def test_an_error_has_the_type_the_words_and_the_hint_it_has_here(both):
    found = []
    for engine in both:
        with pytest.raises(ContextLengthError) as caught: engine.complete(ask('word ' * 4000))
        found.append((str(caught.value), caught.value.hint))
    assert found[0] == found[1] and found[0][1]


def test_an_answer_begun_is_gone_on_with(both):
    request = Request(model='m', messages=(Message.user('Where to?'), Message.assistant('{"team": "sa')),
                      config=Config(max_tokens=40, response_format={'type': 'json_schema', 'schema': SCHEMA}))
    here, there = (engine.complete(request) for engine in both)
    assert here.text == there.text and json.loads('{"team": "sa' + there.text)['team'] == 'sales'


def test_events_of_a_request_have_its_id_and_come_in_order(both):
    _, there = both
    with bus.record(GenerationStarted, FirstToken, GenerationFinished) as seen: response = there.complete(ask())
    assert [type(e) for e in seen] == [GenerationStarted, FirstToken, GenerationFinished] and {e.request_id for e in seen} == {response.id}
    assert seen[2].output_tokens == response.usage.output_tokens and seen[2].finish_reason == response.finish_reason


def test_leaving_a_stream_early_frees_its_slot_in_the_child(both):
    _, there = both
    events = there.stream(ask('Say a lot.', max_tokens=1500))
    for _ in range(3): next(events)
    assert there.stats()['rows'] == 1
    with bus.record(GenerationFinished) as seen:
        events.close()
        wait_until(lambda: there.stats()['rows'] == 0 and seen)
    assert seen[0].finish_reason == 'cancelled' and there.worker.pending == 0


def test_a_scope_stops_what_runs_in_the_child_and_keeps_its_text(both):
    _, there = both
    with CancelScope() as scope:
        job = there.worker.submit(Generation(({'role': 'user', 'content': 'Say a lot.'},), max_tokens=1500))
        wait_until(lambda: len(job.text) > 5)
        scope.cancel()
        assert isinstance(outcome(job), Cancelled) and scope.partial == job.text
    wait_until(lambda: there.stats()['rows'] == 0)


def test_engines_apart_and_together_are_saved_as_such(noise):
    engine = MLXEngine(f'mlx/{noise}', isolate=True, rerun=True)
    state = engine.dump_state()
    assert state['isolate'] and state['rerun'] and 'memory_limit' not in state and engine.stats()['state'] == 'new' and engine.worker.pid is None
    again = MLXEngine.load_state(state)
    assert again.worker is engine.worker is not MLXEngine(f'mlx/{noise}').worker
    engine.close()
    again.close()
    assert engine.worker.state == 'closed'


def test_the_parent_loads_nothing_of_mlx_and_nothing_before_it_is_asked(noise):
    code = f'''import sys
    from dspy_toolkit.engine.mlx import lm
    m = lm('mlx/{noise}', isolate=True, cache=False, max_tokens=5)
    assert not [name for name in sys.modules if name.startswith('dspy_toolkit.engine.child')]
    m('Well?')
    assert not {{'mlx', 'mlx.core', 'mlx_lm', 'llguidance', 'transformers'}} & set(sys.modules)'''
    subprocess.run([sys.executable, '-c', textwrap.dedent(code.replace('\n    ', '\n'))], check=True, timeout=100)


# ---- a child that obeys, also to its harm

@pytest.fixture
def make():
    made = []

    def worker(**options):
        backend = {name: options.pop(name) for name in ('slots', 'pause') if name in options}
        made.append(IsolatedWorker('child_backends:Obedient', backend, **{'name': 'test', 'bus': Bus(), 'restart_delay': Backoff(0.01)} | options))
        return made[-1]
    yield worker
    for each in made: each.close()
    assert [t for t in threading.enumerate() if t.name == 'dspy_toolkit test in a child'] == []


def test_it_counts_and_says_what_it_holds(make):
    worker = make()
    with worker.bus.record() as seen: answer = worker.submit(told('count 3')).result(60)
    assert (answer.text, answer.finish_reason, answer.input_tokens, answer.output_tokens) == ('0 1 2 ', 'stop', 2, 3)
    assert [type(e) for e in seen] == [GenerationStarted, EngineLoaded, FirstToken, GenerationFinished] and seen[1].nbytes == 7
    assert worker.alive and worker.state == 'ready' and time.monotonic() - worker.heartbeat < 30
    assert worker.stats(10) | {'settings': 0, 'pid': 0} == {'state': 'ready', 'running': 0, 'waiting': 0, 'pid': 0, 'deaths': 0, 'rows': 0, 'settings': 0}


@pytest.mark.parametrize('order, says', [
    ('exit 3', 'ended with exit code 3'), ('crash', 'was killed by signal 11 (SIGSEGV)'), ('garbage', 'it sent something that is not a message'),
    ('kill', 'was killed by signal 9 (SIGKILL)')])
def test_however_the_child_ends_each_request_has_one_error_and_the_next_is_served(make, order, says):
    worker = make(pause=0.05)
    with worker.bus.record() as seen:
        jobs = [worker.submit(told('count 1000')) for _ in range(3)]
        wait_until(lambda: all(job.text for job in jobs), 60)
        if order == 'kill': os.kill(worker.pid, signal.SIGKILL)
        else: jobs.append(worker.submit(told(order)))
        errors = [outcome(job) for job in jobs]
        assert {type(e) for e in errors} == {EngineProcessError} and len({id(e) for e in errors}) == len(jobs)
        assert all(is_retryable(e) and says in str(e) and 'of test ' in str(e) and e.hint for e in errors)
        if order == 'crash': assert 'Segmentation fault' in errors[0].log and 'do_crash' in errors[0].__notes__[-1]
        assert worker.submit(told('count 2')).result(60).text == '0 1 '
    deaths = [e for e in seen if isinstance(e, (EngineDied, EngineRestarted))]
    assert [type(e) for e in deaths] == [EngineDied, EngineRestarted] and says in deaths[0].message and deaths[1].attempt == 1
    finished = [e.request_id for e in seen if isinstance(e, GenerationFinished)]
    assert sorted(finished) == sorted(e.request_id for e in seen if isinstance(e, GenerationStarted)) and len(set(finished)) == len(finished)


def test_the_last_words_of_a_child_are_kept_but_no_more_than_the_last(make):
    worker = make()
    for _ in range(20): worker.submit(told('say ' + 'x' * 2000)).result(60)
    error = outcome(worker.submit(told('exit 4')))
    assert 1000 < len(error.log) <= 2 ** 14 and 'xxx' in error.__notes__[-1]


def test_what_failed_in_the_child_fails_here_and_the_child_goes_on(make):
    worker = make()
    error = outcome(worker.submit(told('fail')))
    pid = worker.pid
    assert type(error) is ServerError and 'the harm was asked for' in str(error)
    assert worker.submit(told('count 1')).result(60).text == '0 ' and worker.pid == pid


def test_warnings_of_the_child_are_in_the_log_of_the_parent(make, caplog):
    make().submit(told('warn of the dog')).result(60)
    assert [r.getMessage() for r in caplog.records if r.name == 'dspy_toolkit.engine'][-1] == 'of the dog'


def test_out_of_memory_is_said_and_the_next_request_is_served(make):
    worker = make(memory_limit=2 ** 30)
    assert worker.submit(told('count 1')).result(60).text == '0 '
    error = outcome(worker.submit(told('eat 2000')))
    assert type(error) is EngineProcessError and is_retryable(error) and 'ran out of memory' in str(error)
    assert worker.submit(told('count 1')).result(60).text == '0 '
    assert OUT_OF_MEMORY == 75


on_linux = pytest.mark.skipif(not os.path.isdir('/proc/self'), reason="only Linux holds a process to its limit")


@on_linux
@pytest.mark.parametrize('order', ['lack system', 'lack value'])
def test_an_error_of_any_kind_without_memory_is_one_of_memory(make, order):
    worker = make()
    error = outcome(worker.submit(told(order)))
    assert type(error) is EngineProcessError and is_retryable(error) and 'ran out of memory: test ' in str(error) and str(error).count('Retry advice') == 1
    assert worker.submit(told('count 1')).result(60).text == '0 '


@on_linux
@pytest.mark.parametrize('progress, code', [('lambda: 0', OUT_OF_MEMORY), ('time.monotonic', 0)], ids=['still', 'moving'])
def test_a_child_without_memory_that_does_nothing_ends(progress, code):
    program = f'''import os, resource, time
from dspy_toolkit.engine.child import MemoryWatch, Outbox
watch = MemoryWatch(Outbox(lambda frame: os.write(1, frame)), {progress}, 0.2)
for _ in range(5):  # it has memory
    watch()
    time.sleep(0.1)
resource.setrlimit(resource.RLIMIT_DATA, (2 ** 20, 2 ** 20))
for _ in range(10):
    watch()
    time.sleep(0.1)
os._exit(0)'''
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, timeout=60)
    assert done.returncode == code and (b'nothing moved for 0.2 s' in done.stdout) == (code > 0), done


def test_an_error_that_no_thread_handles_ends_the_child(make):
    worker = make()
    job = worker.submit(told('lose'))
    assert 'ended with exit code 1: ZeroDivisionError' in str(outcome(job))
    assert worker.submit(told('count 1')).result(60).text == '0 '


def test_what_was_not_shown_is_asked_again_once(make):
    worker = make(pause=0.05, rerun=True)
    quiet, shown = worker.submit(told('count 8')), worker.submit(told('count 50'), streaming=True)
    wait_until(lambda: quiet.text and shown.text, 60)
    os.kill(worker.pid, signal.SIGKILL)
    assert type(outcome(shown)) is EngineProcessError
    answer = quiet.result(60)
    assert answer.text == '0 1 2 3 4 5 6 7 ' and answer.output_tokens == 8
    assert type(outcome(worker.submit(told('exit 1')))) is EngineProcessError and worker.stats()['deaths'] == 3  # its second try too


def test_a_child_that_hangs_does_not_outlive_the_patience_of_its_callers(make):
    worker = make()
    worker.warm(60)
    os.kill(worker.pid, signal.SIGSTOP)
    began = time.monotonic()
    error = outcome(worker.submit(told('count 1'), timeout=0.5))
    assert type(error) is RequestTimeoutError and time.monotonic() - began < 5 and 'within 0.5 s' in str(error)
    pid = worker.pid
    worker.close(10)
    assert not is_running(pid)


def test_a_supervisor_can_start_it_again(make):
    worker = make(pause=0.05, restart_delay=Backoff(30.0))
    job = worker.submit(told('count 1000'))
    wait_until(lambda: job.text, 60)
    pid, was = worker.pid, worker.heartbeat
    assert worker.pending == 1 and worker.ready and worker.count_requests() == {'running': 1, 'waiting': 0}
    worker.restart(60)
    assert 'it was restarted' in str(outcome(job)) and worker.pid != pid and worker.heartbeat > was and worker.state == 'ready'


def test_memory_is_given_back_and_taken_again_and_nobody_is_harmed(make):
    worker = make()
    with worker.bus.record(EngineDied) as seen:
        assert not worker.unload() and worker.submit(told('count 1')).result(60).text == '0 '
        pid = worker.pid
        assert worker.clear_caches() == 0 and worker.unload() and not is_running(pid) and worker.pid is None
        wait_until(lambda: worker.state == 'new')
        assert worker.alive and worker.ready and worker.pending == 0
        worker.refuse('memory is short')
        with pytest.raises(RateLimitError, match='memory is short'): worker.submit(told('count 1'))
        assert not worker.ready
        worker.accept()
        assert worker.submit(told('count 1')).result(60).text == '0 ' and worker.unload()
        job = worker.submit(told('count 1'))  # while the child ends
        assert job.result(60).text == '0 ' and worker.stats()['deaths'] == 0 and not seen
    assert worker.gauges()['state'] == 'ready' and not worker.closed


def test_a_rule_may_say_that_it_is_not_started_again(make):
    worker = make(restart_delay=lambda deaths: None if deaths >= 2 else 0.0)
    first = outcome(worker.submit(told('exit 1')))
    second = outcome(worker.submit(told('exit 1')))
    assert first.retry_after == 0.0 and second.retry_after is None and 'restart()' in second.hint
    with pytest.raises(EngineProcessError, match='ended with exit code 1'): worker.submit(told('count 1'))
    with pytest.raises(EngineProcessError): worker.warm()
    assert worker.state == 'dead' and not worker.alive
    worker.restart(60)
    assert worker.submit(told('count 1')).result(60).text == '0 '


def test_who_cancels_while_it_waits_to_be_started_again_is_let_go(make):
    worker = make(restart_delay=Backoff(30.0))
    outcome(worker.submit(told('exit 1')))
    job = worker.submit(told('count 1'))
    job.cancel()
    assert isinstance(outcome(job, 5), Cancelled)
    late = worker.submit(told('count 1'), timeout=0.3)
    assert type(outcome(late, 5)) is RequestTimeoutError


def test_a_full_queue_says_so(make):
    worker = make(slots=1, pause=0.05, queue_limit=2)
    jobs = [worker.submit(told('count 1000'))]
    wait_until(lambda: jobs[0].text, 60)
    jobs += [worker.submit(told('count 1')) for _ in range(2)]
    with pytest.raises(RateLimitError) as caught: worker.submit(told('count 1'))
    assert caught.value.retry_after > 0 and worker.count_requests() == {'running': 1, 'waiting': 2} and worker.pending == 3
    worker.close()
    assert {type(outcome(job)) for job in jobs} == {ConfigurationError}
    with pytest.raises(ConfigurationError, match='test is closed'): worker.submit(told('count 1'))
    worker.close()


def test_a_request_that_is_no_data_is_refused(make):
    worker = make()
    worker.warm(60)
    error = outcome(worker.submit(Generation(({'role': 'user', 'content': b'x'},))))
    assert 'not JSON data' in str(error) and worker.submit(told('count 1')).result(60).text == '0 '


@pytest.mark.skipif(not os.path.isdir('/proc/self/fd'), reason="counts files in /proc")
def test_twenty_restarts_leave_no_file_open(make):
    worker = make()
    count = lambda: len(os.listdir('/proc/self/fd'))
    worker.warm(60)
    before = count()
    for _ in range(20):
        worker.restart(0)
        wait_until(lambda: worker.pid)
    worker.warm(60)
    assert count() == before
    worker.close()
    gc.collect()
    assert count() < before


def test_closing_ends_the_child_and_waits_for_it(make):
    worker = make()
    worker.warm(60)
    pid = worker.pid
    worker.close()
    assert not is_running(pid) and worker.state == 'closed' and worker.stats() | {'deaths': 0} == {
        'state': 'closed', 'running': 0, 'waiting': 0, 'pid': None, 'deaths': 0}


# ---- the parent

PARENT = '''
import os, signal, sys, time, threading
from dspy_toolkit.engine.isolate import IsolatedWorker
from dspy_toolkit.engine.worker import Generation
signal.signal(signal.SIGINT, signal.default_int_handler)
told = lambda text: Generation(({'role': 'user', 'content': text},))
worker = IsolatedWorker('child_backends:Obedient', {'pause': 0.02}, 'test')
worker.warm(60)
print(worker.pid, flush=True)
'''


@pytest.fixture
def parent():
    started = []

    def start(code):
        environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen([sys.executable, '-c', PARENT + textwrap.dedent(code)], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
                                   text=True, env=environment, start_new_session=True)
        started.append(process)
        return process, int(process.stdout.readline())
    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stdin.close()


@pytest.mark.parametrize('how', ['kill', 'exit', 'hard exit'])
def test_the_child_ends_with_its_parent_however_that_ends(parent, how):
    code = {'kill': 'worker.submit(told("count 100000")); time.sleep(100)', 'exit': 'worker.submit(told("count 100000"))',
            'hard exit': 'worker.submit(told("count 100000")); os._exit(1)'}[how]
    process, child = parent(code)
    if how == 'kill': process.kill()
    process.wait(30)
    wait_until(lambda: not is_running(child), 10)


def test_a_fork_does_not_share_the_child(parent):
    process, child = parent('''
        forked = os.fork()
        if not forked:
            assert worker.pid is None and worker.state == 'new', worker.state
            print(worker.submit(told('count 2')).result(60).text, worker.pid, flush=True)
            time.sleep(100)
        print(worker.submit(told('count 3')).result(60).text, worker.pid, flush=True)
        print(forked, flush=True)
        time.sleep(100)
    ''')
    lines = [process.stdout.readline().split() for _ in range(3)]
    forked = next(int(line[0]) for line in lines if len(line) == 1)
    mine, others = next(line for line in lines if len(line) == 4), next(line for line in lines if len(line) == 3)
    try:
        assert mine[:3] == ['0', '1', '2'] and int(mine[3]) == child and int(others[2]) != child
        process.kill()
        wait_until(lambda: not is_running(child), 10)  # though the fork lives
        assert is_running(forked) and is_running(int(others[2]))
    finally: os.kill(forked, signal.SIGKILL)
    wait_until(lambda: not is_running(int(others[2])), 10)


def test_an_interrupt_stops_the_request_and_not_the_child(parent):
    process, child = parent('''
        job = worker.submit(told('count 100000'))
        while not job.text: time.sleep(0.01)
        threading.Timer(0.3, print, ['ready'], dict(flush=True)).start()  # once this thread waits
        try: job.result()
        except KeyboardInterrupt: print('interrupted', flush=True)
        while not job.ended: time.sleep(0.01)
        print(type(job.future.exception()).__name__, worker.stats()['rows'], worker.pid, worker.submit(told('count 1')).result(60).text, flush=True)
    ''')
    assert process.stdout.readline() == 'ready\n'
    os.killpg(process.pid, signal.SIGINT)
    assert process.stdout.readline() == 'interrupted\n'
    assert process.stdout.readline().split() == ['Cancelled', '0', str(child), '0']


@on_linux
@pytest.mark.parametrize('share', [0.1, 0.97])
def test_a_real_model_without_enough_memory_fails_by_name_and_nothing_else_does(both, noise, share):
    "Too little to begin, and too little to finish loading."
    there = both[1]
    there.warm()
    data = int(next(line for line in open(f'/proc/{there.worker.pid}/status') if line.startswith('VmData')).split()[1]) * 1024
    engine = MLXEngine(f'mlx/{noise}', isolate=True, memory_limit=int(share * data), timeout=60, queue_limit=77)
    try: engine.complete(ask())
    except EngineProcessError as error: assert is_retryable(error) and 'ran out of memory' in str(error)
    finally: engine.close()
    assert there.complete(ask()).text
