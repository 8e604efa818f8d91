"""A thousand requests, with cancels, deadlines, bad inputs and a worker that is killed at random steps.

Every caller gets exactly one answer or one typed error, nothing is left behind, and the process ends cleanly.
"""
import gc, json, random, subprocess, sys, threading, time, weakref
from collections import Counter

from dspy.lm15 import ContextLengthError, LM15Error, RateLimitError, ServerError
from dspy.lm15 import TimeoutError as RequestTimeoutError
from hypothesis import given, settings, strategies as st

from dspy_toolkit.core.events import Bus, EngineDied, EngineRestarted, GenerationFinished, GenerationStarted
from dspy_toolkit.core.cancel import CancelScope, Cancelled
from dspy_toolkit.engine.worker import Generation, ScriptedBackend, Worker


class Killed(BaseException): "What no handler of Exception survives."


class Mortal(ScriptedBackend):
    "Dies in one of its steps, and refuses some requests."
    def __init__(self, rng, odds):
        super().__init__(lambda g: ['x'] * (len(g.messages[0]['content']) % 7 + 1), slots=rng.randint(1, 6))
        self.rng, self.odds = rng, odds

    def admit(self, uid, generation):
        if 'too long' in generation.messages[0]['content']: raise ContextLengthError('prompt has 9 tokens, 8 fit')
        return super().admit(uid, generation)

    def step(self):
        if self.rng.random() < self.odds: raise self.rng.choice((Killed(), RuntimeError('a bad step'), MemoryError()))
        return super().step()


def one_call(worker, rng):
    "One caller: what it asked for, and every outcome it got."
    text, kind = 'x' * rng.randint(1, 20), rng.choice(('plain', 'plain', 'cancel', 'late', 'bad', 'stream', 'leave', 'later'))
    outcomes = []
    try:
        with CancelScope(timeout=rng.choice((0.0, 0.001)) if kind == 'late' else None) as scope:
            job = worker.submit(Generation(({'role': 'user', 'content': 'too long' if kind == 'bad' else text},)))
            heard = []
            job.listen(heard.append)
            if kind == 'cancel': rng.choice((job, scope)).cancel()
            if kind == 'later': threading.Timer(rng.random() / 200, scope.cancel).start()
            if kind == 'leave':
                for _ in job.pieces(): break
            outcomes.append(''.join(job.pieces()) if kind == 'stream' else job.result(20))
    except (LM15Error, Cancelled) as e: outcomes.append(e)
    for _ in range(2000):
        if not outcomes or isinstance(outcomes[0], RateLimitError) or heard and heard[-1] is None: break
        time.sleep(0.001)
    else: outcomes.append('not told of the end')
    return kind, outcomes


allowed = {'plain': (ServerError, RateLimitError), 'stream': (ServerError, RateLimitError), 'cancel': (Cancelled, ServerError, RateLimitError),
           'late': (RequestTimeoutError, ServerError, RateLimitError), 'bad': (ContextLengthError, ServerError, RateLimitError),
           'leave': (Cancelled, ServerError, RateLimitError), 'later': (Cancelled, ServerError, RateLimitError)}


@given(st.integers(0, 2 ** 32), st.sampled_from([0.0, 0.01, 0.05]), st.integers(4, 64))
@settings(max_examples=6)
def test_a_thousand_callers_get_one_outcome_each_whatever_dies(seed, odds, queue_limit):
    bus, ends = Bus(), []
    worker = Worker(lambda: Mortal(random.Random(seed), odds), 'test', queue_limit=queue_limit, bus=bus)

    def caller(n):
        rng = random.Random(f'{seed} {n}')
        for _ in range(125): ends.append(one_call(worker, rng))
    with bus.record(GenerationStarted, GenerationFinished, EngineDied, EngineRestarted) as seen:
        callers = [threading.Thread(target=caller, args=(n,)) for n in range(8)]
        for each in callers: each.start()
        for each in callers: each.join(60)
        assert len(ends) == 1000
        for kind, outcomes in ends:
            assert len(outcomes) == 1, (kind, outcomes)
            if isinstance(outcomes[0], BaseException): assert isinstance(outcomes[0], allowed[kind]), (kind, outcomes)
        for _ in range(2000):  # a caller may hear of its end a moment before the worker has let go of it
            if not worker._open: break
            time.sleep(0.001)
        assert not worker._open and not worker._running and not worker._waiting
        jobs = weakref.WeakSet(worker.submit(Generation(({'role': 'user', 'content': 'x'},))) for _ in range(2))
        worker.close(10)
        assert worker.state == 'closed'
    told = {kind: Counter(e.request_id for e in seen if type(e) is kind) for kind in (GenerationStarted, GenerationFinished)}
    assert told[GenerationStarted] == told[GenerationFinished] and set(told[GenerationStarted].values()) == {1}
    gc.collect()
    assert not jobs  # the worker holds on to none
    assert not [t for t in threading.enumerate() if t.name.startswith('dspy_toolkit test')]


script = '''
import asyncio, json, random, sys, threading, time
from collections import Counter
import mlx.core as mx
from dspy.lm15 import *
from dspy.lm15 import TimeoutError as RequestTimeoutError
from dspy_toolkit.core.events import EngineDied, EngineRestarted, GenerationFinished, GenerationStarted, bus
from dspy_toolkit.engine import mlx
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.core.cancel import CancelScope, Cancelled

class Killed(BaseException): pass
alive, chance = [], random.Random(5)

class Mortal(MLXBackend):
    def load(self): alive[:] = [self]; return super().load()
    def step(self):
        if chance.random() < 1 / 150: raise Killed()
        return super().step()
mlx.MLXBackend = Mortal

options = dict(slots=5, queue_limit=6, prefix_bytes=2 ** 20)
engine, other = mlx.MLXEngine('mlx/' + sys.argv[1], **options), mlx.AsyncMLXEngine('mlx/' + sys.argv[1], **options)
schema = {'type': 'object', 'properties': {'team': {'enum': ['billing', 'sales']}, 'urgent': {'type': 'boolean'}}, 'required': ['team', 'urgent']}
typed = {'type': 'json_schema', 'schema': schema}

def asked(rng, kind):
    text, config = 'Is ' + 'it so ' * rng.randint(1, 12), dict(max_tokens=rng.randint(1, 8), temperature=rng.random())
    if kind in ('typed', 'weigh'): config = dict(max_tokens=60, response_format=typed, **({'probabilities': 'required'} if kind == 'weigh' else {}))
    if kind == 'long': text *= 100
    if kind == 'short': config = dict(max_tokens=2, response_format=typed)
    if kind == 'refused': config['extensions'] = {'logit_bias': {'1': 1}}
    if kind in ('cancel', 'leave', 'task'): config['max_tokens'] = 200
    return Request(model=engine.model, messages=(Message.user(text),), config=Config(**config))

kinds = ['plain'] * 6 + ['typed'] * 3 + ['weigh', 'long', 'short', 'refused', 'cancel', 'late', 'stream', 'leave']
always = (ServerError, RateLimitError)
expected = {'long': ContextLengthError, 'short': ContextLengthError, 'refused': UnsupportedFeatureError, 'cancel': Cancelled, 'late': RequestTimeoutError,
            'leave': Cancelled, 'task': asyncio.CancelledError}
answers = ('plain', 'typed', 'weigh', 'stream', 'leave', 'late', 'cancel', 'task')
outcomes, wrong = [], []

def told(kind, outcome):
    outcomes.append((kind, type(outcome).__name__))
    fits = isinstance(outcome, (*always, expected.get(kind, ServerError))) if isinstance(outcome, BaseException) else kind in answers
    if not fits: wrong.append((kind, repr(outcome)))

def caller(n):
    rng = random.Random(n)
    for _ in range(150):
        kind = rng.choice(kinds)
        request = asked(rng, kind)
        try:
            with CancelScope(timeout=rng.random() / 50 if kind == 'late' else None) as scope:
                if kind == 'cancel':
                    timer = threading.Timer(rng.random() / 50, scope.cancel)
                    timer.start()
                if kind in ('stream', 'leave'):
                    for event in (events := engine.stream(request)):
                        if kind == 'leave' and event.type == 'delta': events.close(); break
                    told(kind, 'streamed')
                else: told(kind, engine.complete(request))
        except (Exception, Cancelled) as e:
            told(kind, e)
            if isinstance(e, RateLimitError): time.sleep(min(e.retry_after or 0.05, 0.2))  # as one is asked to: else a slow machine refuses nearly all

async def task(rng):
    kind = rng.choice(kinds + ['task'] * 3)
    if kind in ('cancel', 'late', 'leave'): kind = 'task'
    request = asked(rng, kind)
    made = asyncio.ensure_future(drained(request) if kind == 'stream' else other.complete(request))
    if kind == 'task': asyncio.get_running_loop().call_later(rng.random() / 50, made.cancel)
    try: told(kind, await made)
    except (Exception, asyncio.CancelledError) as e: told(kind, e)

async def drained(request): return [event.type async for event in other.stream(request)]
async def tasks(n):
    rng = random.Random(n)
    for _ in range(10): await asyncio.gather(*(task(rng) for _ in range(10)))

engine.warm()
base = mx.get_active_memory()
with bus.record(GenerationStarted, GenerationFinished, EngineDied, EngineRestarted) as seen:
    callers = [threading.Thread(target=caller, args=(n,)) for n in range(6)] + [threading.Thread(target=lambda: asyncio.run(tasks(9)))]
    for each in callers: each.start()
    for each in callers: each.join()
worker = engine.worker
left = dict(alive[0].stats()) if alive[0].loaded is not None else {}
for _ in range(3):
    try: assert engine.complete(asked(random.Random(1), 'plain')).message; break
    except ServerError: pass
left = dict(alive[0].stats())
result = dict(outcomes=len(outcomes), kinds=Counter(name for _, name in outcomes), wrong=wrong, open=len(worker._open), running=len(worker._running), waiting=len(worker._waiting),
              left={k: left[k] for k in ('rows', 'reading', 'kv_bytes')}, kept=left['prefix_bytes'] <= 2 ** 20,
              died=sum(type(e) is EngineDied for e in seen), restarted=sum(type(e) is EngineRestarted for e in seen),
              once=sorted(e.request_id for e in seen if type(e) is GenerationStarted) == sorted(e.request_id for e in seen if type(e) is GenerationFinished))
grown = mx.get_active_memory() - base
result['grown'] = grown < 2 ** 20 + 2 ** 21
alive.clear()
engine.close(); asyncio.run(other.aclose())
result['after'] = mx.get_active_memory() < base / 2 + 2 ** 16
result['threads'] = [t.name for t in threading.enumerate() if t.name.startswith('dspy_toolkit')]
print(json.dumps(result))
'''


def test_a_thousand_requests_to_a_model_that_is_killed_now_and_then(tmp_path):
    from dspy_toolkit.engine.models import random_model
    folder = random_model(tmp_path/'noise', hidden=32, context=512, vocab_size=300)
    done = subprocess.run([sys.executable, '-c', script, str(folder)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and not any(word in done.stderr for word in ('Fatal', 'terminate', 'Aborted', 'libc++', 'Traceback')), done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found['wrong'] == [] and found['outcomes'] == 1000, found
    assert found['kinds']['Response'] > 200 and {'Cancelled', 'CancelledError', 'ContextLengthError', 'UnsupportedFeatureError', 'RateLimitError'} <= set(found['kinds']), found
    assert found['died'] > 0 and found['restarted'] > 0 and found['once'], found
    assert (found['open'], found['running'], found['waiting'], found['threads']) == (0, 0, 0, []), found
    assert not any(found['left'].values()) and found['kept'] and found['grown'] and found['after'], found
