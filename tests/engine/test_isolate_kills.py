"""Killed, or without memory, at random moments while eight threads ask, an engine in a child answers or fails each request once, and goes on.

The variable KILLS says how often it is killed: 8 times unless set, and a third as often it gets no more memory. The figures are printed (pytest -s).
"""
import json, os, random, re, resource, signal, threading, time

import pytest
from dspy.lm15 import Config, Message, Request

from dspy_toolkit.core.dspy_internals import is_retryable
from dspy_toolkit.core.events import EngineDied, EngineLoaded, EngineRestarted, GenerationFinished, GenerationStarted, bus
from dspy_toolkit.engine.isolate import EngineProcessError
from dspy_toolkit.engine.mlx import MLXEngine

KILLS = int(os.environ.get('KILLS', 8))
LONGEST = 4.0 if KILLS > 8 else 1.5  # seconds from one to the next
SCHEMA = {'type': 'object', 'properties': {'team': {'enum': ['billing', 'sales']}}, 'required': ['team'], 'additionalProperties': False}
pytestmark = pytest.mark.filterwarnings('error::pytest.PytestUnhandledThreadExceptionWarning')


class Caller(threading.Thread):
    "Asks one thing after the other, and writes down how each ended."
    def __init__(self, engine, number, over, words):
        super().__init__(daemon=True)
        self.engine, self.number, self.over, self.words, self.ends = engine, number, over, words, []

    def run(self):
        rng = random.Random(self.number)
        while not self.over.is_set():
            began = time.monotonic()
            try: end = self.ask(rng)
            except Exception as e: end = e
            self.ends.append((began, time.monotonic(), end))
            if isinstance(end, Exception): time.sleep(0.05)

    def ask(self, rng):
        kind, n = rng.choice(['plain', 'typed', 'stream']), rng.choice([4, 20, 60])
        config = {'response_format': {'type': 'json_schema', 'schema': SCHEMA}, 'max_tokens': 60} if kind == 'typed' else {'max_tokens': n}
        request = Request(model='m', messages=(Message.user(f'Say {rng.random()} ' * rng.choice([1, self.words])),), config=Config(**config))
        if kind == 'stream': return ''.join(e.delta.text for e in self.engine.stream(request) if e.type == 'delta')
        text = self.engine.complete(request).text
        if kind == 'typed': assert json.loads(text)['team'] in ('billing', 'sales')
        return text


def kill(pid, rng): os.kill(pid, signal.SIGKILL)


def starve(pid, rng):
    "Let a process have no more memory than it has now, or little more; it goes on until it asks for it."
    data = int(re.search(r'VmData:\s+(\d+)', open(f'/proc/{pid}/status').read())[1]) * 1024
    more = rng.choice([0, 0, 2 ** 20, 2 ** 24])
    resource.prlimit(pid, resource.RLIMIT_DATA, (data + more, data + more))


def harm(engine, rng, how):
    "Do it to the child that there is now, and wait until it has ended; gives its number, or None when there was none."
    if (pid := engine.worker.pid) is None: return None
    try: how(pid, rng)
    except (OSError, TypeError): return None  # it ended just now
    until = time.monotonic() + 60
    while how is starve and engine.worker.pid == pid:
        assert time.monotonic() < until, 'it has no memory, and goes on'
        time.sleep(0.01)
    return pid


HOW = {'killed': (kill, KILLS, 1), 'starved': (starve, max(KILLS // 3, 3), 30)}
needs_limits = pytest.mark.skipif(not hasattr(resource, 'prlimit'), reason="only Linux limits another process")


@pytest.mark.parametrize('how', ['killed', pytest.param('starved', marks=needs_limits)])
def test_however_its_child_ends_each_request_ends_once_and_the_next_is_served(how):
    rng, over, waits, ended, (do, times, words) = random.Random(0), threading.Event(), [], set(), HOW[how]
    engine = MLXEngine('mlx/tiny', isolate=True)
    with bus.record(GenerationStarted, GenerationFinished, EngineDied, EngineLoaded, EngineRestarted) as seen:
        engine.warm()
        load = next(e.seconds for e in seen if isinstance(e, EngineLoaded))
        callers = [Caller(engine, n, over, words) for n in range(8)]
        for caller in callers: caller.start()
        answers_after = lambda moment: [end for c in callers for begin, end, what in list(c.ends) if begin > moment and isinstance(what, str)]
        while len(ended) < times:
            time.sleep(rng.choice([0.0, rng.uniform(0, 0.5), rng.uniform(0, LONGEST)]))  # also while it starts, and while it loads
            engine.worker.rerun = rng.random() < 0.3
            if (pid := harm(engine, rng, do)) is None: continue
            ended.add(pid)  # the same one twice, where its end was not noticed yet
            moment = time.monotonic()
            if len(ended) % 2:
                while not answers_after(moment):
                    assert time.monotonic() - moment < 90, 'nobody was served again'
                    time.sleep(0.02)
                waits.append(min(answers_after(moment)) - moment)
        moment = time.monotonic()
        while not answers_after(moment): time.sleep(0.05)
        over.set()
        for caller in callers: caller.join(60)
        assert not any(caller.is_alive() for caller in callers), 'left pending'
        engine.close()
    ends = [what for caller in callers for _, _, what in caller.ends]
    errors, deaths = [e for e in ends if not isinstance(e, str)], [e.message for e in seen if isinstance(e, EngineDied)]
    assert {type(e) for e in errors} <= {EngineProcessError} and all(is_retryable(e) for e in errors)
    started, finished = ([e.request_id for e in seen if isinstance(e, kind)] for kind in (GenerationStarted, GenerationFinished))
    assert len(ends) == len(started) == len(finished) and set(started) == set(finished) and len(set(finished)) == len(finished)
    assert len(deaths) == len(ended) and not engine.worker.alive
    short = sum('ran out of memory' in message for message in deaths)  # a crash of MLX or of Python itself is another way to end without memory
    assert all('SIGKILL' in said for said in [*deaths, *map(str, errors)]) if how == 'killed' else short > len(deaths) / 2, deaths
    print(f'\n{len(ended)} {how}, {len(ends)} requests, {len(errors)} of them failed; the first load took {load:.1f} s; from an end to the next answer: '
          f'median {sorted(waits)[len(waits) // 2]:.1f} s, most {max(waits):.1f} s')
