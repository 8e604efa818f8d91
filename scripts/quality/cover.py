"""Measure which lines and branches of the package the tests run. Fails when fewer than 90% of the lines are.

Each part (a folder of tests, or a file) runs by itself, so a long measurement can be taken in pieces: a part that has been run keeps its
data in build/coverage until it runs again. Processes that a test starts, forks or kills are counted. Notebooks are not: a notebook defines
in __main__ what it exports, so it covers nothing of its own module.

usage: python -m scripts.quality.cover [--jobs 2] [--write] [PART ...]      without a part, all of them
       python -m scripts.quality.cover --report [--write]                   what is known, without running anything
"""
import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import coverage

from scripts.quality.store import draw_table, root, write_figures

FLOOR = 90.0  # percent of the lines
LOW = 85.0  # percent of its lines; a module below is named
kept = root/'build'/'coverage'
# Tests of files, types, wheels and pages, which run little of the package that others do not
NAMES = 'test_types.py', 'test_prepare.py', 'test_style.py', 'test_project.py', 'test_floors.py', 'packaging', 'docs'
LEFT_OUT = {f'tests/{o}' for o in NAMES}


def list_parts() -> list[str]:
    "Name every folder of tests and every file of tests beside them."
    tests = root/'tests'
    parts = [o for o in tests.iterdir() if (o.is_dir() and next(o.glob('test_*.py'), None)) or o.match('test_*.py')]
    return sorted(o.relative_to(root).as_posix() for o in parts if o.relative_to(root).as_posix() not in LEFT_OUT)


def find_folder(part: str) -> Path:
    "The folder that keeps the data of a part."
    return kept/part.removesuffix('.py').replace('/', '_')


def run_part(part: str, jobs: int) -> dict:  # tests, failed, skipped, seconds
    "Run the tests of a part and keep what they covered."
    folder = find_folder(part)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, '-m', 'coverage', 'run', f'--data-file={folder/"data"}', '-m', 'pytest', '-q', '-p', 'no:cacheprovider']
    command += [f'--junitxml={folder/"tests.xml"}', '-n', str(jobs), '--dist', 'loadfile', part]
    start = time.monotonic()
    with (folder/'log').open('w') as log: subprocess.run(command, cwd=root, stdout=log, stderr=subprocess.STDOUT)
    suite = ElementTree.parse(folder/'tests.xml').getroot().find('testsuite')
    counts = {o: int(suite.get(o)) for o in ('tests', 'failures', 'errors', 'skipped')}
    failed, seconds = counts['failures'] + counts['errors'], round(time.monotonic() - start)
    figures = dict(tests=counts['tests'], failed=failed, skipped=counts['skipped'], seconds=seconds)
    if options := os.environ.get('PYTEST_ADDOPTS'): figures['options'] = options  # such as --ignore: then it is not the whole part
    (folder/'figures.json').write_text(json.dumps(figures))
    return figures


def combine(folders: list[Path], to: Path) -> dict:  # as coverage's JSON report
    "Bring data files together and count what they covered."
    files = [str(o) for folder in folders for o in folder.glob('data.*')]
    measured = coverage.Coverage(data_file=str(to), config_file=str(root/'pyproject.toml'))
    measured.combine(files, keep=True)
    measured.save()
    report = to.with_suffix('.json')
    measured.json_report(outfile=str(report))
    return json.loads(report.read_text())


def summarize(totals: dict) -> dict:  # lines and branches, in all and covered
    "Take from coverage's summary what is counted here."
    names = dict(lines='num_statements', covered_lines='covered_lines', branches='num_branches', covered_branches='covered_branches')
    return {name: totals[key] for name, key in names.items()}


def share(figures: dict, what: str) -> float:  # percent, one decimal
    "The covered share of `lines` or `branches`."
    return round(100 * figures['covered_' + what] / figures[what], 1) if figures[what] else 100.0


def measure(parts: list[str]) -> dict:
    "Put together what each part covers alone, what all of them cover, and which modules they leave."
    found = {}
    for part in parts:
        alone = summarize(combine([find_folder(part)], find_folder(part)/'combined')['totals'])
        found[part] = json.loads((find_folder(part)/'figures.json').read_text()) | alone
    report = combine([find_folder(o) for o in parts], kept/'combined')
    modules = {name.removeprefix('dspy_toolkit/'): summarize(o['summary']) for name, o in report['files'].items()}
    return dict(floor=FLOOR, parts=found, total=summarize(report['totals']), modules=modules)


def describe(figures: dict, complete: bool) -> str:
    "Draw the tables: parts, modules with little covered once every part has run, and the sum."
    out = io.StringIO()
    names = 'tests', 'failed', 'skipped', 'seconds'
    rows = [[name, *(o[k] for k in names), share(o, 'lines'), share(o, 'branches')] for name, o in figures['parts'].items()]
    print(draw_table(['part', *names, 'lines %', 'branches %'], rows), file=out)
    if not complete: return out.getvalue()
    low = sorted((share(o, 'lines'), name, o) for name, o in figures['modules'].items() if share(o, 'lines') < LOW)
    print(f'\nmodules below {LOW:.0f}% of their lines: {len(low)} of {len(figures["modules"])}', file=out)
    rows = [[name, o['lines'], percent, share(o, 'branches')] for percent, name, o in low]
    if low: print(draw_table(['module', 'lines', 'lines %', 'branches %'], rows), file=out)
    total = figures['total']
    for what in ('lines', 'branches'):
        print(f"\n{what}: {total['covered_' + what]} of {total[what]}, {share(total, what)}%", end='', file=out)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jobs', type=int, default=2, help='processes at a time; 0 is this one alone')
    parser.add_argument('--write', action='store_true', help='keep the figures for the page Quality')
    parser.add_argument('--report', action='store_true', help='run nothing')
    parser.add_argument('parts', nargs='*', metavar='PART')
    args = parser.parse_args()
    for part in [] if args.report else args.parts or list_parts():
        print(part, run_part(part.rstrip('/'), args.jobs), flush=True)
    known = [o for o in list_parts() if (find_folder(o)/'figures.json').exists()]
    missing = [o for o in list_parts() if o not in known]
    figures = measure(known)
    print(describe(figures, not missing))
    if missing: figures = dict(floor=FLOOR, parts=figures['parts'])  # sums of some parts say nothing
    if args.write: write_figures('coverage', figures | dict(missing=missing))
    if missing: print(f'not run yet: {" ".join(missing)}')
    elif share(figures['total'], 'lines') < FLOOR: sys.exit(f'fewer than {FLOOR:.0f}% of the lines are run by the tests')


if __name__ == '__main__': main()
