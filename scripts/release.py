"""Build what would be released, check it, and say the steps. Publishes nothing and makes no tag.

Refused are: a tree with changes, a version that CHANGELOG.md does not have, entries still under [Unreleased], files and outputs of
notebooks that name different versions, a tag that exists already (with --tag: one of another version), an archive that fails a check.
The source archive is built from the commit, not from the folder; the wheel is built from the source archive.

usage: python -m scripts.release [--out dist] [--tag v0.2.0]      --tag: it is there already, as in the workflow that publishes
       python -m scripts.release --notes                          print what CHANGELOG.md says of this version
"""
import argparse
import ast
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from base64 import urlsafe_b64encode
from configparser import ConfigParser
from pathlib import Path

import yaml
from packaging.metadata import Metadata

root = Path(__file__).parent.parent
HOLDS = 'setup.py', 'settings.ini', 'pyproject.toml', 'constraints.txt', 'README.md', 'LICENSE', 'CHANGELOG.md'
STEPS = """
What would follow, by hand:
  1. git tag -s {tag} -m 'dspy_toolkit {version}' && git push origin {tag}
  2. the workflow `release` builds these two files again, tests them on Linux and macOS with each Python, and waits for an approval
  3. who may use the environment `pypi` approves; PyPI gets the files that were tested, with attestations, GitHub a release with the notes
Nothing was published."""


def read_version() -> str:
    "The version that settings.ini names."
    config = ConfigParser(delimiters=['='])
    config.read(root/'settings.ini', encoding='utf-8')
    return config['DEFAULT']['version']


def read_notes(version: str, changelog: str) -> str:
    "What the changelog says of a version; raises `SystemExit` where it has none."
    found = re.search(rf'^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |^\[|\Z)', changelog, re.M | re.S)
    if not found or not found[1].strip():
        sys.exit(f'CHANGELOG.md has no section "## [{version}] - YYYY-MM-DD": write what changes for a user')
    return found[1].strip()


def check_versions(version: str):
    "Refuse files that name another version, and entries that no version has."
    package, citation = ((root/o).read_text(encoding='utf-8') for o in ('dspy_toolkit/__init__.py', 'CITATION.cff'))
    written = re.search(r"__version__ = ['\"](.+?)['\"]", package)[1]
    named = {'dspy_toolkit/__init__.py': written, 'CITATION.cff': str(yaml.safe_load(citation)['version'])}
    for name, other in named.items():
        if other != version: sys.exit(f'{name} names version {other}, and settings.ini {version}: write the same in both')
    shown = re.compile(r"dspy_toolkit(?:\[\w+\])?(?:==| )(\d+\.\d+\.\d+)")
    for path in sorted((root/'nbs').rglob('*.ipynb')):
        if path.stem.endswith(('benchmark', 'performance')): continue  # says with which version it was measured
        others = set(shown.findall(path.read_text(encoding='utf-8'))) - {version}
        if others: sys.exit(f'{path.relative_to(root)} shows version {min(others)}: make notebooks NB={path.relative_to(root)}')
    left = re.search(r'^## \[Unreleased\]\n(.*?)(?=^## )', (root/'CHANGELOG.md').read_text(encoding='utf-8'), re.M | re.S)
    if left and re.search('^- ', left[1], re.M): sys.exit(f'CHANGELOG.md has entries under [Unreleased]: put them under [{version}]')


def ask_git(*words: str) -> str:
    "What git says, without the last line break."
    return subprocess.run(['git', *words], cwd=root, check=True, capture_output=True, text=True).stdout.rstrip('\n')


def check_commit(version: str, tag: str | None):
    "Refuse changes that are not committed, and a tag that does not fit."
    if changed := ask_git('status', '--porcelain'):
        sys.exit(f'the working tree has changes, which would not be released:\n{changed}\ncommit or remove them')
    if tag is None and ask_git('tag', '--list', f'v{version}'):
        sys.exit(f'the tag v{version} exists already: raise the version in settings.ini')
    if tag is not None and tag != f'v{version}': sys.exit(f'the tag {tag} is not v{version}, the version of settings.ini')


def build(out: Path) -> tuple[Path, Path]:  # source archive, wheel
    "Build both from the commit."
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tree, unpacked = Path(folder)/'tree', Path(folder)/'unpacked'
        tree.mkdir()
        archive = subprocess.run(['git', 'archive', 'HEAD'], cwd=root, check=True, capture_output=True).stdout
        subprocess.run(['tar', '-x'], cwd=tree, input=archive, check=True)
        source = out/build_one(tree, 'sdist', out)
        with tarfile.open(source) as opened: opened.extractall(unpacked, filter='data')
        return source, out/build_one(next(unpacked.iterdir()), 'wheel', out)


def build_one(tree: Path, kind: str, out: Path) -> str:  # the name of the file
    "Build one archive as pip does, in a process of its own."
    code = f'from setuptools.build_meta import build_{kind} as build; print(build({str(out)!r}))'
    done = subprocess.run([sys.executable, '-c', code], cwd=tree, capture_output=True, text=True)
    if done.returncode: sys.exit(f'building the {kind} failed:\n{done.stderr[-4000:]}')
    return done.stdout.splitlines()[-1]


def check_metadata(text: bytes, version: str, where: str):
    "Refuse metadata that PyPI would refuse, and a description that it could not show."
    try: meta = Metadata.from_email(text, validate=True)
    except Exception as e: sys.exit(f'{where}: the metadata are not valid: {e}')
    if (meta.name, str(meta.version)) != ('dspy_toolkit', version): sys.exit(f'{where} is {meta.name} {meta.version}, not {version}')
    if meta.description_content_type != 'text/markdown' or len(meta.description or '') < 500: sys.exit(f'{where} has no description')
    if not meta.license_expression and not meta.license: sys.exit(f'{where} names no license')
    relative = re.findall(r'\]\((?!https?://|#)([^)]+)\)', meta.description)
    if relative: sys.exit(f'{where}: links that PyPI cannot follow: {relative}')


def check_source(path: Path, version: str):
    "Refuse a source archive without what building needs."
    with tarfile.open(path) as archive:
        names = {o.partition('/')[2] for o in archive.getnames()}
        meta = archive.extractfile(f'dspy_toolkit-{version}/PKG-INFO').read()
    if missing := set(HOLDS) - names: sys.exit(f'{path.name} lacks {", ".join(sorted(missing))}')
    check_metadata(meta, version, path.name)


def check_wheel(path: Path, version: str):
    "Refuse a wheel whose files are not those of its record, or that holds anything but the package, or code that no Python reads."
    if path.name != f'dspy_toolkit-{version}-py3-none-any.whl': sys.exit(f'{path.name} is no wheel for every Python 3')
    with zipfile.ZipFile(path) as wheel:
        folder = f'dspy_toolkit-{version}.dist-info'
        rows = [o.rsplit(',', 2) for o in wheel.read(f'{folder}/RECORD').decode().splitlines()]
        for name, digest, _ in rows:
            if not name.startswith(('dspy_toolkit/', f'{folder}/')): sys.exit(f'{path.name} holds {name}, which is not of the package')
            content = wheel.read(name)
            made = 'sha256=' + urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()
            if digest and digest != made: sys.exit(f'{path.name}: {name} is not the file of the record')
            if name.endswith('.py'): ast.parse(content)
        if more := set(wheel.namelist()) - {name for name, *_ in rows}: sys.exit(f'{path.name} holds more than its record: {more}')
        if 'dspy_toolkit/py.typed' not in wheel.namelist(): sys.exit(f'{path.name} lacks dspy_toolkit/py.typed')
        check_metadata(wheel.read(f'{folder}/METADATA'), version, path.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', type=Path, default=root/'dist', help='where the archives go')
    parser.add_argument('--tag', help='the tag of this commit, which is there already')
    parser.add_argument('--notes', action='store_true', help='only print the notes of this version')
    args = parser.parse_args()
    version = read_version()
    notes = read_notes(version, (root/'CHANGELOG.md').read_text(encoding='utf-8'))
    if args.notes: return print(notes)
    check_versions(version)
    check_commit(version, args.tag)
    source, wheel = build(args.out)
    check_source(source, version)
    check_wheel(wheel, version)
    print(f'dspy_toolkit {version}, commit {ask_git("rev-parse", "--short", "HEAD")}: built and checked')
    for path in (source, wheel):
        print(f'  {hashlib.sha256(path.read_bytes()).hexdigest()}  {path.stat().st_size / 1e6:.1f} MB  {path.name}')
    print(STEPS.format(tag=f'v{version}', version=version))
    headings = re.findall(r'^#+ .+', notes, re.M)
    print(f'\nNotes of {version}, {len(notes.splitlines())} lines: ' + ', '.join(o.lstrip('# ') for o in headings))


if __name__ == '__main__': main()
