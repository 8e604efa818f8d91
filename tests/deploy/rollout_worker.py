"""A server without the HTTP: `rollout_worker.py URL ROLE` picks, answers and records, 500 requests a second, and says what it serves.

The second version fails in a third of its requests. The role "dies" kills itself, as `kill -9` does, in the middle of the transaction that takes it back; "second"
decides when it is told to with a signal.
"""
import json
import os
import random
import signal
import sys
import time

from dspy_toolkit.deploy.rollout import Rollouts
from dspy_toolkit.registry import rollouts as module
from dspy_toolkit.registry.store import Registry


def die_in_transaction():
    write = module.record_change

    def record(registry, connection, action, *args, **detail):
        write(registry, connection, action, *args, **detail)
        if action != 'rollback': return
        print(json.dumps(dict(dies=True)), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    module.record_change = record


def main(url, role):
    if role == 'dies': die_in_transaction()
    rollouts, numbers, n = Rollouts(Registry(url), decide=role != 'second'), random.Random(os.getpid()), 0
    signal.signal(signal.SIGUSR1, lambda *_: setattr(rollouts, 'decide', True))
    print('ready', flush=True)
    seen, until = None, None
    while until is None or time.time() < until:
        pick = rollouts.pick('Triage', f'client {n % 100}')
        rollouts.record(pick, error=pick.version == 'Triage@2' and numbers.random() < .33, seconds=.01)
        n += 1
        found = rollouts.rollout('Triage')
        if pick.version == 'Triage@2': seen = time.time()  # when the canary answered last
        if found.state == 'rolled back' and until is None: until = time.time() + 1  # serve on, then say how it was
        time.sleep(.002)
    rollouts.close()
    print(json.dumps(dict(requests=n, last=seen, version=rollouts.pick('Triage', 'client 1').version)), flush=True)


if __name__ == '__main__': main(*sys.argv[1:])
