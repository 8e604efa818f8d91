"""A process that works on a registry, and says on its standard output what it has done: `registry_worker.py ROLE URL SEED`

It says "ready" once everything is imported, and begins when a line comes in.
"""
import json
import os
import random
import sys
from dataclasses import asdict

from dspy_toolkit.core.events import AliasMoved, VersionCreated, bus
from dspy_toolkit.registry.store import Registry
from registry_model import apply, signature


def say(**what): print(json.dumps(what), flush=True)


def race(url, seed):
    "Save versions of the same few names as everybody else, some of them with the same content, and move the same aliases."
    rng, registry = random.Random(seed), Registry(url, author=f'worker {seed}')
    with bus.record(VersionCreated, AliasMoved) as told:
        for n in range(12):
            name = rng.choice(['Triage', 'Answer', 'Rank'])
            shared = rng.random() < 0.4
            version = registry.save(signature(name, f'{n % 4} of all' if shared else f'{n} of {seed}'), message=f'by {seed}')
            say(ref=str(version), digest=version.digest, created=version.created)
            registry.alias(str(version) if rng.random() < 0.5 else name, rng.choice(['prod', 'canary']))
    for event in told: say(event=type(event).__name__, **{k: v for k, v in asdict(event).items() if k != 'at'})


def work(url, seed):
    "Do 200 operations, saying each before it begins and what came of it when it is done."
    rng, registry = random.Random(seed), Registry(url, author='ada')
    for n in range(200):
        operation = chosen(rng, n)
        say(begins=operation)
        say(done=apply(registry, *operation))


def chosen(rng, n):
    name, at, alias = rng.choice(['Triage', 'Answer', 'Rank']), rng.choice([None, rng.randint(1, 20)]), rng.choice(['prod', 'canary'])
    what = rng.choices(['save', 'alias', 'unalias', 'tag', 'note', 'evaluate', 'delete'], [6, 4, 1, 3, 2, 1, 4])[0]
    rest = dict(save=[rng.randint(1, 40)], alias=[at, alias], unalias=[alias], tag=[at, [rng.choice(['good', 'slow'])], [rng.choice(['good', 'slow', 'old'])]],
                note=[at, f'note {n}'], evaluate=[at, n / 200], delete=[rng.randint(1, 20)])
    return [what, name, *rest[what]]


def forks(url, seed):
    "Use the registry, fork four children who use it, and go on using it meanwhile."
    registry = Registry(url, author='parent')
    registry.save(signature('Triage', 'before'))
    children = []
    for child in range(4):
        if pid := os.fork(): children.append(pid)
        else: leave(as_child, registry, child)
    for n in range(5): registry.save(signature('Triage', f'{n} of the parent'))
    for pid in children: say(child='well' if os.waitpid(pid, 0)[1] == 0 else 'not well')
    say(parent=len(registry.versions('Triage')))
    registry.close()


def as_child(registry, child):
    for n in range(5): registry.save(signature('Triage', f'{n} of {child}'))
    registry.alias('Triage@1', 'prod')
    assert registry.spec('Triage@1') == signature('Triage', 'before')
    assert len(registry.versions('Triage')) >= 6


def leave(run, *args):
    try: run(*args)
    except BaseException as e:
        print(repr(e), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


if __name__ == '__main__':
    role, url, seed = sys.argv[1:]
    print('ready', flush=True)
    sys.stdin.readline()
    dict(race=race, work=work, forks=forks)[role](url, int(seed))
