"""Run tests many times, and name each that did not always say the same. Fails when one did not.

usage: python -m scripts.quality.flaky [--runs 10] [--minutes 30] [--write] [--more] [PART ...]

PART is tests/threads and tests/browser, unless one is named.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from pathlib import Path

from scripts.quality.store import draw_table, read_figures, root, write_figures

PARTS = ['tests/threads', 'tests/browser']  # where order and time decide most


def run_once(part: str) -> dict[str, str]:  # test -> passed, failed or skipped
    "Run the tests of a part once, all of them."
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder)/'tests.xml'
        command = [sys.executable, '-m', 'pytest', '-q', '-n0', '-p', 'no:cacheprovider', f'--junitxml={report}', part]
        # as CI runs them: no test may be left out in silence, and laws are tried with the same examples each time
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ, 'CI': '1'})
        if not report.exists(): sys.exit(f'{part} did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')
        cases = ElementTree.parse(report).getroot().iter('testcase')
        outcomes = {f"{o.get('classname')}::{o.get('name')}": name_outcome(o) for o in cases}
    if 'failed' in outcomes.values(): print(done.stdout[-6000:], flush=True)
    return outcomes


def name_outcome(case: ElementTree.Element) -> str:
    "Say how one test ended."
    kinds = {o.tag for o in case}
    if kinds & {'failure', 'error'}: return 'failed'
    return 'skipped' if 'skipped' in kinds else 'passed'


def repeat(part: str, runs: int, until: float) -> dict:
    "Run a part up to so many times, and count what each test said."
    seen, took = defaultdict(list), []
    for _ in range(runs):
        start = time.monotonic()
        if took and start + max(took) > until: break
        for name, outcome in run_once(part).items(): seen[name].append(outcome)
        took.append(time.monotonic() - start)
        print(f'{part}: run {len(took)} of {runs}, {took[-1]:.0f} s', flush=True)
    failed = {name: said.count('failed') for name, said in seen.items() if 'failed' in said}
    skipped = sum('skipped' in said for said in seen.values())
    return dict(runs=len(took), tests=len(seen), skipped=skipped, failed=failed, seconds=round(sum(took) / len(took)))


def add_runs(before: dict, now: dict) -> dict:
    "Put the runs of two times together."
    runs = before['runs'] + now['runs']
    seconds = round((before['runs'] * before['seconds'] + now['runs'] * now['seconds']) / runs)
    failed = Counter(before['failed']) + Counter(now['failed'])
    return now | dict(runs=runs, seconds=seconds, failed=dict(failed))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--runs', type=int, default=10, help='of each part')
    parser.add_argument('--minutes', type=float, default=60, help='no run is begun that would end later')
    parser.add_argument('--write', action='store_true', help='keep the figures for the page Quality')
    parser.add_argument('parts', nargs='*', metavar='PART')
    parser.add_argument('--more', action='store_true', help='add to the runs that are kept')
    args = parser.parse_args()
    until = time.monotonic() + 60 * args.minutes
    found = {part: repeat(part, args.runs, until) for part in args.parts or PARTS}
    before = read_figures().get('flaky', {}).get('parts', {})
    if args.more: found = {part: add_runs(before[part], o) if part in before else o for part, o in found.items()}
    names = 'runs', 'tests', 'skipped', 'seconds'
    rows = [[part, *(o[k] for k in names), len(o['failed'])] for part, o in found.items()]
    print('\n' + draw_table(['part', *names, 'tests that failed'], rows))
    failed = [[name, times, o['runs']] for o in found.values() for name, times in o['failed'].items()]
    if failed: print('\n' + draw_table(['test', 'failed', 'of runs'], failed))
    if args.write: write_figures('flaky', dict(parts=before | found))
    if failed: sys.exit('not every test said the same each time, or some always fail')


if __name__ == '__main__': main()
