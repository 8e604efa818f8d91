"""A run that was interrupted, at any moment and in any way, goes on to the same winner, and makes no call twice.

In the ordinary run each optimiser is interrupted twice. `RESUME_POINTS=10 python -m pytest tests/programs/test_optimize_resume.py`
interrupts each of the five at ten points with SIGINT and at ten with kill -9.
"""
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import optimize_child as child
import pytest

POINTS = int(os.environ.get('RESUME_POINTS', 1))
SIGNS = {'SIGINT': signal.SIGINT, 'SIGKILL': signal.SIGKILL}


@pytest.fixture(scope='module')
def forks():
    "Runs an optimiser in a child process, and gives the code with which it ends."
    process = subprocess.Popen([sys.executable, child.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    def run(**about):
        process.stdin.write(json.dumps(about) + '\n')
        process.stdin.flush()
        return int(process.stdout.readline())
    yield run
    process.stdin.close()
    process.wait()


@pytest.fixture(scope='module')
def whole(tmp_path_factory):
    "The runs that nothing interrupts: optimiser -> outcome, keys of the ledger, calls of the engine."
    known = {}
    def find(optimizer):
        if optimizer not in known:
            log = str(tmp_path_factory.mktemp('whole')/'calls')
            found = child.run(optimizer, f'Whole_{optimizer}', log)
            assert found.state == 'done'
            known[optimizer] = child.outcome(found), sorted(line['key'] for line in child.find(f'Whole_{optimizer}').read('ledger')), child.read_log(log)
        return known[optimizer]
    return find


def points(optimizer, sign, calls):
    "Points spread over the whole run: one, at random, in each of as many parts of it."
    rng = random.Random(f'{optimizer} {sign}')
    return [(int((part + rng.random()) / POINTS * calls), rng.random() * 0.02) for part in range(POINTS)]


@pytest.mark.parametrize('sign', SIGNS)
@pytest.mark.parametrize('optimizer', child.OPTIONS)
def test_an_interrupted_run_goes_on_to_the_same_winner_and_makes_no_call_twice(optimizer, sign, forks, whole, tmp_path):
    outcome, keys, (began, ended) = whole(optimizer)
    assert len(keys) == len(set(keys)) == len(began) == len(ended)
    for number, (at, delay) in enumerate(points(optimizer, sign, len(began))):
        name, before, after = f'{optimizer}_{sign}_{number}', str(tmp_path/f'{number}.before'), str(tmp_path/f'{number}.after')
        code = forks(optimizer=optimizer, name=name, log=before, kill_at=at, sign=int(SIGNS[sign]), delay=delay)
        run = child.find(name)
        kept = [line['key'] for line in run.read('ledger')]
        assert code in ((3, 0) if sign == 'SIGINT' else (-9, 0)), f"{code} at call {at}"
        if sign == 'SIGINT': assert len(kept) == len(child.read_log(before)[0]), "a call that was made is not kept"
        found = child.run(optimizer, name, after, resume=run.id)
        lines = [line['key'] for line in run.read('ledger')]
        assert child.outcome(found) == outcome and found.state == 'done'
        assert lines[:len(kept)] == kept and sorted(lines) == keys, "an entry was lost, or is there twice"
        assert len(child.read_log(after)[0]) == found.asked == len(lines) - len(kept), "a call that was kept was made again"


def test_a_run_that_is_done_is_told_again_without_a_call(whole, tmp_path):
    outcome, keys, _ = whole('simba')
    again = child.run('simba', '', str(tmp_path/'calls'), resume=child.find('Whole_simba').id)
    assert child.outcome(again) == outcome and again.asked == 0 and not Path(tmp_path/'calls').read_text()
