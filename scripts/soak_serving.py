"""Serve under load for minutes, with clients that leave, a canary that fails, an engine that is killed, and a SIGTERM at the end.

    python -m scripts.soak_serving --seconds 300 --clients 64

It prints what was seen, and ends with 1 where an answer was wrong or lost, where something was left behind, or where the end took too long.
"""
import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

SUBJECTS = ['I was charged twice for order {}.', 'The screen of device {} stays black.', 'Do you have a plan for {} people?',
            'My invoice {} is wrong.']
CELL = '"""Route a support email."""\nemail: str\n->\nteam: Literal["billing", "technical", "sales"]\nurgent: bool'
BROKEN = CELL + '\nessay: str = Field(min_length=4000)'  # cannot be written within the limit of tokens


def read_memory(pid) -> float:
    "The resident memory of a process, in MB."
    return int(next(line for line in Path(f'/proc/{pid}/status').read_text().splitlines() if line.startswith('VmRSS')).split()[1]) / 1024


def list_children(pid): return [int(each) for task in Path(f'/proc/{pid}/task').iterdir() for each in (task/'children').read_text().split()]


class Load:
    "Clients that ask, and what came of it."
    def __init__(self, started, wanted, share, rng):
        self.started, self.wanted, self.share, self.rng = started, wanted, share, rng
        self.counts, self.wrong, self.lost, self.over = Counter(), [], [], False

    async def run(self, number):
        headers = {'Authorization': f'Bearer {self.started.token}', 'X-Rollout-Key': f'client {number}'}
        async with httpx.AsyncClient(base_url=self.started.address, headers=headers, timeout=60) as client:
            while not self.over: await self.ask(client)

    async def ask(self, client):
        email = self.rng.choice(list(self.wanted))
        path, leaves = self.rng.choice(['', '/stream']), self.rng.random() < self.share
        work = self.stream(client, email) if path else self.answer(client, email)
        try: await asyncio.wait_for(work, self.rng.uniform(0, .3) if leaves else None)
        except TimeoutError: self.counts['left'] += 1
        except httpx.HTTPError as e:
            if self.over: self.counts['after the end'] += 1
            else: self.lost.append(repr(e))

    async def answer(self, client, email):
        response = await client.post('/v1/Triage', json=dict(email=email))
        self.check(email, response, response.json())

    async def stream(self, client, email):
        async with client.stream('POST', '/v1/Triage/stream', json=dict(email=email)) as response:
            text = (await response.aread()).decode()
        if response.status_code != 200: return self.check(email, response, json.loads(text))
        kind, data = [line.partition(': ')[2] for line in text.strip().split('\n\n')[-1].split('\n')]
        self.check(email, response, json.loads(data), kind)

    def check(self, email, response, data, kind='end'):
        "An answer is the right one for its email, or a problem that says what it is."
        version = response.headers.get('x-version', '')
        if response.status_code == 200 and kind == 'end':
            outputs = data.get('outputs', data)
            self.counts[f'answered by {version}'] += 1
            if version != 'Triage@2' and outputs != self.wanted[email]: self.wrong.append((email, outputs))
        elif data.get('type', '').startswith('urn:dspy-toolkit:problem:'):
            self.counts[f"{data['type'].rpartition(':')[2]} ({data['status']}) {version}".strip()] += 1
        else: self.lost.append((response.status_code, data))


def prepare(home):
    "A registry with a version that works and one that does not, the model in a process of its own, and what each email should get."
    import dspy
    import dspy_toolkit
    from dspy_toolkit.signatures.source import parse_cell
    for cell in (CELL, BROKEN): dspy_toolkit.registry().save(parse_cell(cell, 'Triage').spec)
    dspy_toolkit.registry().alias('Triage@1', 'prod')
    dspy_toolkit.registry().start_rollout('Triage@1', alias='prod')
    emails = [text.format(n) for text in SUBJECTS for n in range(2, 12)]
    program = dspy.Predict(dspy_toolkit.registry().load('Triage@1'))
    with dspy.context(lm=dspy_toolkit.lm('mlx/tiny', cache=False), adapter=dspy_toolkit.GrammarAdapter()):
        return {email: dict(program(email=email)) for email in emails}


async def soak(args, child, wanted):
    import dspy_toolkit
    started, rng = child.started, random.Random(args.seed)
    load = Load(started, wanted, args.leave, rng)
    tasks = [asyncio.create_task(load.run(n)) for n in range(args.clients)]
    await asyncio.sleep(args.seconds * .15)
    before = read_memory(started.pid)
    await asyncio.sleep(args.seconds * .15)
    dspy_toolkit.registry().start_rollout('Triage@2', steps=(20, 100))
    print(f'{args.seconds * .3:.0f} s: a canary begins', flush=True)
    await asyncio.sleep(args.seconds * .25)
    state = dspy_toolkit.registry().rollout('Triage')
    print(f'{args.seconds * .55:.0f} s: the canary is {state.state}: {state.reason}', flush=True)
    engines = list_children(started.pid)
    for pid in engines: os.kill(pid, signal.SIGKILL)
    print(f'{args.seconds * .55:.0f} s: killed {len(engines)} engine', flush=True)
    await asyncio.sleep(args.seconds * .45)
    began, load.over = time.monotonic(), False
    os.kill(started.pid, signal.SIGTERM)
    await asyncio.sleep(.05)
    load.over = True
    after = read_memory(started.pid) if child.running else float('nan')
    await asyncio.gather(*tasks)
    while child.running and time.monotonic() - began < 30: await asyncio.sleep(.05)
    return load, state.state, (before, after), time.monotonic() - began


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--seconds', type=float, default=300)
    ap.add_argument('--clients', type=int, default=64)
    ap.add_argument('--leave', type=float, default=.2, help='share of the requests whose client leaves early')
    ap.add_argument('--seed', type=int, default=0)
    args = ap.parse_args()
    home = tempfile.TemporaryDirectory()
    os.environ['DSPY_TOOLKIT_HOME'] = home.name
    import dspy_toolkit
    from dspy_toolkit.deploy.child import Child
    from dspy_toolkit.deploy.launch import Plan
    from dspy_toolkit.deploy.models import describe_model
    wanted = prepare(home.name)
    model = describe_model(dspy_toolkit.lm('mlx/tiny', isolate=True, cache=False, max_tokens=100)).data
    child = Child(Plan(('Triage@prod',), model=model, port=0, lend=True, drain=10.0, limits=dict(running=16, waiting=64, seconds=20.0)))
    child.wait_ready()
    load, state, (before, after), took = asyncio.run(soak(args, child, wanted))
    for what, n in sorted(load.counts.items()): print(f'{n:8,}  {what}')
    print(f'wrong answers: {len(load.wrong)} {load.wrong[:2]}; lost: {len(load.lost)} {load.lost[:3]}')
    print(f'memory of the server: {before:.0f} MB, then {after:.0f} MB; ended {took:.1f} s after SIGTERM with {child.process.returncode}')
    has_ended = child.process.returncode == 0 and took < 12
    is_good = has_ended and not load.wrong and not load.lost and state == 'rolled back' and not after - before > 60
    print('good' if is_good else 'NOT GOOD')
    for line in list(child.log)[-3:] if not is_good else []: print(line, file=sys.stderr)
    sys.exit(not is_good)


if __name__ == '__main__': main()
