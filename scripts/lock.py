"""Write constraints.txt: the version here of everything that the toolkit brings on Linux and macOS, Python 3.11 to 3.13,
with the extras this repository works with (dev, docs, train).

A package that only another platform installs keeps the pin it has in the file; one without a pin is named.
Lines with a marker are written by hand and stay, for the few packages of which no one version serves every Python.
"""
import re
import sys
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

root = Path(__file__).parent.parent
head = """\
# What the toolkit and its tools were tested with, on Linux (x86-64) and macOS (Apple silicon), Python 3.11 to 3.13.
# Made by `make lock`. Use: pip install -c constraints.txt -e '.[dev]'
"""


def environments() -> list[dict]:
    "Marker environments of every platform and Python the file is for."
    systems = [('linux', 'Linux', 'x86_64'), ('darwin', 'Darwin', 'arm64')]
    keys = 'sys_platform', 'platform_system', 'platform_machine'
    return [default_environment() | dict(zip(keys, o)) | dict(python_version=v, python_full_version=v + '.9')
            for o, v in product(systems, ('3.11', '3.12', '3.13'))]


def wanted(requirements: list[str], env: dict) -> set[str]:
    "The names of all that `requirements` bring in the environment `env`, followed through what is installed here."
    seen, todo = set(), [(Requirement(o), '') for o in requirements]
    while todo:
        req, extra = todo.pop()
        if req.marker and not req.marker.evaluate(env | {'extra': extra}): continue
        for key in ((canonicalize_name(req.name), o) for o in ('', *req.extras)):
            if key in seen: continue
            seen.add(key)
            try: todo += [(Requirement(o), key[1]) for o in distribution(req.name).requires or []]
            except PackageNotFoundError: pass
    return {name for name, _ in seen}


def pinned(path: Path) -> dict[str, list[str]]:
    "The lines of a constraints file, by name."
    found = {}
    for line in path.read_text(encoding='utf-8').splitlines() if path.exists() else []:
        if m := re.match(r'([A-Za-z0-9._-]+)==', line): found.setdefault(canonicalize_name(m[1]), []).append(line)
    return found


def lock(path: Path) -> list[str]:  # names without a version
    "Write the constraints file at `path`."
    cfg = ConfigParser(delimiters=['='])
    cfg.read(root/'settings.ini', encoding='utf-8')
    keys = 'requirements', 'dev_requirements', 'docs_requirements', 'train_requirements'
    asked = [o for key in keys for o in cfg['DEFAULT'][key].strip().splitlines()]
    old, pins, lost = pinned(path), [], []
    for name in sorted(set().union(*(wanted(asked, env) for env in environments()))):
        kept = old.get(name, [])
        if not any(';' in o for o in kept):
            try: kept = [f'{name}=={distribution(name).version}']
            except PackageNotFoundError: pass
        if kept: pins += kept
        else: lost.append(name)
    path.write_text(head + '\n'.join(pins) + '\n', encoding='utf-8')
    return lost


if __name__ == '__main__':
    if lost := lock(root/'constraints.txt'):
        sys.exit(f'not installed here, so pin by hand in constraints.txt and run this again: {", ".join(lost)}')
