"""Many at once, and some of them killed: nothing acknowledged is lost, nothing is half-written."""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from dspy_toolkit.core.events import AliasMoved, VersionCreated, bus
from dspy_toolkit.registry.store import Registry
from registry_model import Model, check, shown, signature

HERE = Path(__file__).parent


@contextmanager
def workers(role, url, seeds):
    "A process for each seed, all of them imported and waiting for a line."
    path = [str(HERE.parents[1]), str(HERE), *filter(None, [os.environ.get('PYTHONPATH')])]
    env = {k: v for k, v in os.environ.items() if k != 'PYTHONDONTWRITEBYTECODE'} | {'PYTHONPATH': os.pathsep.join(path)}
    made = [subprocess.Popen([sys.executable, str(HERE / 'registry_worker.py'), role, url, str(seed)], env=env, text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for seed in seeds]
    try:
        for each in made: assert each.stdout.readline() == 'ready\n', each.stderr.read()
        yield made
    finally:
        for each in made:
            each.kill()
            each.communicate()


def go(worker):
    worker.stdin.write('go\n')
    worker.stdin.flush()


def result(worker):
    "What it said until it ended well."
    out, err = worker.communicate(timeout=120)
    assert worker.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_eight_processes_that_begin_on_an_empty_database_lose_nothing(url):
    with workers('race', url, range(8)) as eight:
        for each in eight: go(each)
        said = [line for each in eight for line in result(each)]
    registry = Registry(url)
    check(registry)
    saved, events = [line for line in said if 'ref' in line], [line for line in said if 'event' in line]
    assert len(saved) == 8 * 12
    there = {str(v): v.digest for name in ('Triage', 'Answer', 'Rank') for v in registry.versions(name)}
    assert {line['ref']: line['digest'] for line in saved} == there
    made = [line['ref'] for line in saved if line['created']]
    assert sorted(made) == sorted(there), "each version was made by exactly one call"
    for name in ('Triage', 'Answer', 'Rank'):
        numbers = [v.number for v in registry.versions(name)]
        assert numbers == list(range(len(numbers), 0, -1))
        assert registry.resolve(name).number == len(numbers)
        for alias, (number, _) in registry.aliases(name).items():
            moves = registry.trail(f'{name}@{alias}', most=1000)[::-1]
            assert [m.detail.get('previous') for m in moves] == [None, *(m.version for m in moves[:-1])]
            assert moves[-1].version == number == registry.resolve(f'{name}@{alias}').number
    trail = registry.trail(most=10_000)
    assert Counter((c.action, c.name, c.version) for c in trail) == Counter(
        ('save' if e['event'] == 'VersionCreated' else 'alias', e['name'], e['version']) for e in events), "each change was told once, by whoever made it"
    assert len({c.author for c in trail}) == 8
    registry.close()


def test_a_writer_killed_at_any_moment_leaves_all_it_acknowledged_and_nothing_by_halves(url):
    model, rng, cut = Model(), random.Random(7), 0
    with workers('work', url, range(6)) as six:
        for worker in six:
            go(worker)
            begun = killed_after(worker, rng.randint(1, 140), rng.random() * 0.005, model)
            cut += worker.returncode == -signal.SIGKILL
            registry = Registry(url)  # as the next process would find it
            check(registry)
            have, after = shown(registry), deepcopy(model)
            if begun: after.apply(*begun)
            assert have in (model.shown(), after.shown()), begun
            if have == after.shown(): model = after
            registry.close()
    assert cut > 3 and len(model.given) == 3  # on a machine that is very busy, one may get to its end


def killed_after(worker, count, seconds, model):
    "Let it do some operations, the model too, and kill it some milliseconds, which is what one takes, into the next. Gives the operation it was at."
    begun, done = None, 0
    for line in worker.stdout:  # also what it had said before it died
        if not line.endswith('\n'): break
        said = json.loads(line)
        if 'begins' in said:
            begun = said['begins']
            if done == count:
                time.sleep(seconds)
                worker.kill()
        else:
            assert model.apply(*begun) == said['done'], begun
            begun, done = None, done + 1
    worker.wait()
    return begun


def forked(address):
    "What a process said that used a registry, forked four children who used it, and went on."
    with workers('forks', address, [0]) as [worker]:
        go(worker)
        return result(worker)


def test_children_forked_after_the_registry_was_used_can_use_it_too(url):
    assert forked(url) == [dict(child='well')] * 4 + [dict(parent=26)]
    registry = Registry(url)
    check(registry)
    assert registry.resolve('Triage@prod').number == 1
    registry.close()


def test_children_forked_from_a_process_with_a_registry_in_memory_have_a_copy_of_it():
    assert forked('sqlite://') == [dict(child='well')] * 4 + [dict(parent=6)]


def test_sixteen_threads_share_one_registry(registry): sixteen(registry)


def test_sixteen_threads_share_one_registry_in_memory(): sixteen(Registry('sqlite://', author='ada'))


def sixteen(registry):
    start, refs, problems, lock = threading.Barrier(16, timeout=60), [], [], threading.Lock()

    def run(thread):
        try:
            start.wait()
            for n in range(6):
                version = registry.save(signature('Triage', n if n < 2 else f'{n} of {thread}'))
                with lock: refs.append((str(version), version.digest, version.created))
                registry.alias('Triage', 'prod')
                assert registry.resolve(str(version)).digest == version.digest
                assert registry.search('route')[0].latest
        except Exception as e: problems.append(e)

    with bus.record(VersionCreated, AliasMoved) as told:
        threads = [threading.Thread(target=run, args=[n]) for n in range(16)]
        for t in threads: t.start()
        for t in threads: t.join()
    assert problems == []
    check(registry)
    versions = registry.versions('Triage')
    assert [v.number for v in versions] == list(range(2 + 16 * 4, 0, -1))
    assert {(r, d) for r, d, _ in refs} == {(str(v), v.digest) for v in versions}
    assert sorted(r for r, _, created in refs if created) == sorted(map(str, versions))
    assert sorted(e.version for e in told if type(e) is VersionCreated) == [v.number for v in versions][::-1]
    moves = registry.trail('Triage@prod', most=1000)
    assert Counter((e.previous, e.version) for e in told if type(e) is AliasMoved) == Counter((m.detail.get('previous'), m.version) for m in moves)
    registry.close()
