"""Killed at random moments while eight threads ask, an engine in a child answers or fails each request once, and goes on.

The variable KILLS says how often it is killed: 12 times unless set. The figures are printed (pytest -s).
"""
import json, os, random, signal, threading, time

import pytest
from dspy.lm15 import Config, Message, Request

from dspy_toolkit.core.dspy_internals import is_retryable
from dspy_toolkit.core.events import EngineDied, EngineLoaded, EngineRestarted, GenerationFinished, GenerationStarted, bus
from dspy_toolkit.engine.isolate import EngineProcessError
from dspy_toolkit.engine.mlx import MLXEngine

KILLS = int(os.environ.get('KILLS', 12))
SCHEMA = {'type': 'object', 'properties': {'team': {'enum': ['billing', 'sales']}}, 'required': ['team'], 'additionalProperties': False}
pytestmark = pytest.mark.filterwarnings('error::pytest.PytestUnhandledThreadExceptionWarning')


class Caller(threading.Thread):
    "Asks one thing after the other, and writes down how each ended."
    def __init__(self, engine, number, over):
        super().__init__(daemon=True)
        self.engine, self.number, self.over, self.ends = engine, number, over, []

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
        request = Request(model='m', messages=(Message.user(f'Say {rng.random()}'),), config=Config(**config))
        if kind == 'stream': return ''.join(e.delta.text for e in self.engine.stream(request) if e.type == 'delta')
        text = self.engine.complete(request).text
        if kind == 'typed': assert json.loads(text)['team'] in ('billing', 'sales')
        return text


@pytest.mark.parametrize('rerun', [False, True] if KILLS <= 12 else [False])
def test_whenever_it_is_killed_each_request_ends_once_and_the_next_is_served(rerun):
    rng, over, waits, killed = random.Random(0), threading.Event(), [], set()
    engine = MLXEngine('mlx/tiny', isolate=True, rerun=rerun)
    with bus.record(GenerationStarted, GenerationFinished, EngineDied, EngineLoaded, EngineRestarted) as seen:
        engine.warm()
        load = next(e.seconds for e in seen if isinstance(e, EngineLoaded))
        callers = [Caller(engine, n, over) for n in range(8)]
        for caller in callers: caller.start()
        answers_after = lambda moment: [end for c in callers for begin, end, what in list(c.ends) if begin > moment and isinstance(what, str)]
        while len(killed) < (KILLS // 3 if rerun else KILLS):
            time.sleep(rng.choice([0.0, rng.uniform(0, 1), rng.uniform(0, 4)]))  # also while it starts, and while it loads
            if (pid := engine.worker.pid) is None: continue
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)  # the same one twice, where its end was not noticed yet
            moment = time.monotonic()
            if rng.random() < 0.6:
                while not answers_after(moment):
                    assert time.monotonic() - moment < 90, 'nobody was served again'
                    time.sleep(0.02)
                waits.append(min(answers_after(moment)) - moment)
        while not answers_after(time.monotonic() - 1): time.sleep(0.05)
        over.set()
        for caller in callers: caller.join(60)
        assert not any(caller.is_alive() for caller in callers), 'left pending'
        engine.close()
    ends = [what for caller in callers for _, _, what in caller.ends]
    errors = [e for e in ends if not isinstance(e, str)]
    assert {type(e) for e in errors} <= {EngineProcessError} and all(is_retryable(e) and 'SIGKILL' in str(e) for e in errors)
    started, finished = ([e.request_id for e in seen if isinstance(e, kind)] for kind in (GenerationStarted, GenerationFinished))
    assert len(ends) == len(started) == len(finished) and set(started) == set(finished) and len(set(finished)) == len(finished)
    assert sum(isinstance(e, EngineDied) for e in seen) == len(killed) and not engine.worker.alive
    print(f'\n{len(killed)} kills, {len(ends)} requests, {len(errors)} of them failed; the first load took {load:.1f} s; from a kill to the next answer: '
          f'median {sorted(waits)[len(waits) // 2]:.1f} s, most {max(waits):.1f} s')
