"""A quick engine that answers by the hash of what it is asked, and runs of optimisers on it; as a program it runs them in forked children.

The engine notes each call that it begins and ends in a file. It can end its own process at one of its calls, a moment later: with SIGINT or with
SIGKILL. The parent has DSPy loaded, so that a child is there at once.
"""
import hashlib
import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import dspy
from dspy.lm15 import Message, Response, Usage

from dspy_toolkit.core.dspy_internals import request_to_json
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.optimize import optimize
from dspy_toolkit.programs.runs import list_runs

LABELS = 'red', 'green', 'blue'
OPTIONS = dict(
    bootstrap=dict(max_bootstrapped_demos=6, max_labeled_demos=3, max_rounds=3),
    random_search=dict(num_candidate_programs=3, max_bootstrapped_demos=2, max_labeled_demos=4),
    mipro=dict(num_candidates=3, num_trials=4, max_bootstrapped_demos=2, max_labeled_demos=2),
    gepa=dict(max_metric_calls=90),
    simba=dict(bsize=8, max_steps=2, num_candidates=3),
)


class Color(dspy.Signature):
    "Say which color."
    text: str = dspy.InputField()
    color: str = dspy.OutputField()


def rows(name, first): return Dataset(name, tuple(dict(text=f"number {n}", color=LABELS[n % 3]) for n in range(first, first + 16)))


class Engine:
    "Answers every output that a prompt asks for; a color is right the more often the more demos there are."
    supported_params = frozenset({'seed', 'temperature', 'response_format'})

    def __init__(self, log=None, seconds=0.003, kill_at=None, sign=None, delay=0.0):
        self.log = log and os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.seconds, self.kill_at, self.sign, self.delay, self.calls, self.lock = seconds, kill_at, sign, delay, 0, threading.Lock()

    def complete(self, request):
        key = hashlib.sha256(json.dumps(request_to_json(request), sort_keys=True).encode()).hexdigest()
        self.note('begin', key)
        with self.lock: self.calls, now = self.calls + 1, self.calls
        if now == self.kill_at: threading.Thread(target=self.end_process, daemon=True).start()
        time.sleep(self.seconds)
        text = self.answer(request, int(key[:8], 16))
        self.note('end', key)
        return Response(id=key[:8], model=request.model, message=Message.assistant(text), finish_reason='stop',
                        usage=Usage(input_tokens=20, output_tokens=5))

    def end_process(self):
        time.sleep(self.delay)
        os.kill(os.getpid(), self.sign)

    def note(self, what, key):
        if self.log: os.write(self.log, f'{what} {key}\n'.encode())

    def answer(self, request, number):
        asked = request.messages[-1].text
        fields = re.findall(r'`(?:\[\[ ## )?(\w+)', asked.rpartition('Respond with')[2])
        values = {name: self.value(name, request, number) for name in fields if name != 'completed'}
        if '[[ ## completed' not in asked: return json.dumps(values)
        return '\n\n'.join(f"[[ ## {name} ## ]]\n{value if isinstance(value, str) else json.dumps(value)}" for name, value in values.items())

    def value(self, name, request, number):
        if name == 'module_advice': return {'self': f"Mind the rest of {number % 5}."}
        if name != 'color': return f"Take the number by three, take {number % 7}."
        demos = (len(request.messages) - 1) // 2
        given = int(re.findall(r'number (\d+)', request.messages[-1].text)[-1])
        return LABELS[given % 3] if number % 10 < 3 + demos else LABELS[number % 3]


def run(optimizer, name, log, seed=3, resume=None, **engine):
    "Run an optimiser on the engine, or go on with a run; the signature has been said in any case."
    lm = dspy.LM('scripted/1', engine=Engine(log, **engine), num_retries=0)
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        if resume is not None: return optimize(resume=resume, lm=lm, save=False)
        return optimize(Color, rows('train', 0), 'exact_match', valset=rows('val', 16), optimizer=optimizer, lm=lm, options=OPTIONS[optimizer],
                        seed=seed, name=name, save=False)


def find(name): return next(each for each in list_runs('optimize') if each.about['target'] == name)


def outcome(result):
    "What must be the same: the winner, and the way to it."
    return result.score, [(c.number, c.score, c.full, c.spec.digest) for c in result.candidates]


def read_log(log):
    "The calls of an engine: those that began, those that ended."
    lines = [line.split() for line in Path(log).read_text().splitlines()] if Path(log).exists() else []
    return [key for what, key in lines if what == 'begin'], [key for what, key in lines if what == 'end']


def serve():
    "Read a line of JSON for each run, fork a child for it, and say how the child ended."
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            state = 'failed'
            try: state = run(**json.loads(line)).state
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that comes when the run is over is no answer to it
                os._exit(dict(done=0, stopped=3).get(state, 1))
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == '__main__': serve()
