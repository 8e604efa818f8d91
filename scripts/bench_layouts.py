"""Measure what the short layout saves: `python -m scripts.bench_layouts`.

Eight threads ask the same model for the same typed answers, in turns with each layout.
The prefix cache is warm for both, and no answer is kept.
"""
import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Literal

import dspy

import dspy_toolkit

LAYOUTS = 'json', 'short'
EMAILS = (
    'I was charged twice for order {n}.', 'The app crashes on start, case {n}.', 'Do you sell a plan for {n} people?',
    'My screen stays black since {n} days.',
)


class Triage(dspy.Signature):
    "Route a support email to the right team."
    email: str = dspy.InputField(desc='as received')
    priority: Literal['low', 'normal', 'high'] = dspy.OutputField(desc='how soon a person must look')
    team: Literal['billing', 'technical', 'sales'] = dspy.OutputField()
    needs_human: bool = dspy.OutputField()


def time_turn(lm, layout: str, first: int, count: int, threads: int) -> float:  # answers a second
    "Ask for `count` new answers."
    program, adapter = dspy.Predict(Triage), dspy_toolkit.GrammarAdapter(layout=layout)

    def ask(n):
        with dspy.context(lm=lm, adapter=adapter): program(email=EMAILS[n % len(EMAILS)].format(n=n))
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool: list(pool.map(ask, range(first, first + count)))
    return count / (time.perf_counter() - began)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--models', nargs='+', default=['mlx/smollm2', 'mlx/tiny'])
    parser.add_argument('--threads', type=int, default=8)
    parser.add_argument('--count', type=int, default=24, help='answers in a turn')
    parser.add_argument('--rounds', type=int, default=5)
    args = parser.parse_args()
    for model in args.models:
        lm, found = dspy_toolkit.lm(model, cache=False), {layout: [] for layout in LAYOUTS}
        for layout in LAYOUTS: time_turn(lm, layout, 0, args.threads, args.threads)  # the model is loaded, and the prefix is read
        for n in range(args.rounds):
            for layout, rates in found.items(): rates.append(time_turn(lm, layout, 100 + n * args.count, args.count, args.threads))
        rates = {layout: median(each) for layout, each in found.items()}
        ratio = median(short / json for json, short in zip(found['json'], found['short']))
        said = ', '.join(f'{layout} {rate:.1f} answers/s' for layout, rate in rates.items())
        how = f'median of {args.rounds} pairs of turns; load {os.getloadavg()[0]:.1f}'
        print(f'{model}: {said}, short {ratio:.2f} times ({how})', flush=True)
        lm.engine.close()


if __name__ == '__main__': main()
