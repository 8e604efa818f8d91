"""What ships: the archives are complete, and what is installed from them alone works in an environment, a folder and a home that are empty.

The environment takes what the package needs from the one that runs the tests, and the package from the wheel. Every process in it notes what it opens for
writing, so that a test can say where anything was written.
"""
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from shutil import copy2

import httpx
import nbformat
import pytest

from scripts.check_sync import sources

root = Path(__file__).parents[2]
QUICKSTART = root/'nbs'/'tutorials'/'quickstart.ipynb'


@dataclass(frozen=True)
class Built:
    "Both archives."
    held: set  # names in the source archive
    wheel: set  # names in the wheel that was built from it
    meta: str  # of the wheel
    path: Path  # of the wheel


@pytest.fixture(scope='module')
def built(tmp_path_factory):
    "The source archive, and the wheel built from that archive."
    tmp = tmp_path_factory.mktemp('built')

    def build(where, what):
        code = f'from setuptools.build_meta import build_{what} as build; print(build({str(tmp)!r}))'
        run = subprocess.run([sys.executable, '-c', code], cwd=where, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return tmp/run.stdout.splitlines()[-1]

    for name in sources():
        (tmp/'tree'/name).parent.mkdir(parents=True, exist_ok=True)
        copy2(root/name, tmp/'tree'/name, follow_symlinks=False)
    with tarfile.open(build(tmp/'tree', 'sdist')) as archive:
        held = {o.partition('/')[2] for o in archive.getnames()}
        archive.extractall(tmp/'unpacked', **({'filter': 'data'} if hasattr(tarfile, 'data_filter') else {}))  # from Python 3.11.4
    path = build(next((tmp/'unpacked').iterdir()), 'wheel')
    with zipfile.ZipFile(path) as wheel:
        meta = next(o for o in wheel.namelist() if o.endswith('.dist-info/METADATA'))
        return Built(held, set(wheel.namelist()), wheel.read(meta).decode(), path)


def test_the_wheel_holds_every_module_the_model_and_the_static_files(built):
    wheel = built.wheel
    package = root/'dspy_toolkit'
    wanted = {o for o in sources() if o.startswith('dspy_toolkit/') and (o.endswith('.py') or '/data/' in o or '/static/' in o)}
    assert wanted - wheel == set()
    assert {f'dspy_toolkit/data/tiny/{o}' for o in ('model.safetensors', 'config.json', 'tokenizer.json', 'tokenizer_config.json')} <= wheel
    assert [o for o in wheel if not o.startswith((f'{package.name}/', f'{package.name}-'))] == []


def test_the_source_archive_holds_what_building_needs(built):
    assert {'setup.py', 'settings.ini', 'pyproject.toml', 'constraints.txt', 'README.md', 'LICENSE', 'CHANGELOG.md'} <= built.held


def test_the_metadata_names_every_extra_and_python(built):
    meta = built.meta
    extras = set(re.findall(r'^Provides-Extra: (\S+)$', meta, re.M))
    assert extras == {'all', 'cuda', 'data', 'dev', 'docs', 'mcp', 'mlflow', 'optimize', 'otel', 'postgres', 'ray', 'serve', 'smollm2', 'train'}
    assert 'torch' not in ' '.join(o for o in meta.splitlines() if o.startswith('Requires-Dist') and 'extra == "train"' not in o)
    assert set(re.search(r'^Requires-Python: (.+)$', meta, re.M)[1].split(',')) == {'>=3.11', '<3.14'}
    assert {f'Programming Language :: Python :: 3.{o}' for o in (11, 12, 13)} <= set(re.findall(r'^Classifier: (.+)$', meta, re.M))
    assert re.search(r"^Requires-Dist: mlx-lm.*sys_platform == [\"']linux", meta, re.M)


# ---- a fresh environment

# in every process of the environment: notes the files that are opened for writing, made, moved or used as a database
NOTES = """import os, sys
_notes = os.open(os.environ['NOTES'], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _note(event, args):
    if event == 'open' and not (isinstance(args[1], str) and set(args[1]) & set('wax+') or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)): return
    if event in ('open', 'os.mkdir', 'os.rename', 'os.symlink', 'os.link', 'sqlite3.connect'):
        for path in args[:2] if event in ('os.rename', 'os.link') else args[1:2] if event == 'os.symlink' else args[:1]:
            if isinstance(path, (str, bytes)): os.write(_notes, os.fsencode(os.path.abspath(path)) + b'\\n')
sys.addaudithook(_note)
"""
PYTHON = """import json, sys, dspy, dspy_toolkit
from importlib.metadata import version
registry = dspy_toolkit.registry()
class Routed(dspy.Signature):
    "Route a support email to the right team."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()
saved = registry.save(Routed, message='the first')
registry.alias('Routed@1', 'prod')
editor = dspy_toolkit.edit(registry.load('Routed@prod'))
print(json.dumps(dict(file=dspy_toolkit.__file__, version=dspy_toolkit.__version__, installed=version('dspy_toolkit'), saved=f'{saved.name}@{saved.number}',
                      editor=type(editor).__module__,
                      files=[getattr(sys.modules[m], '__file__', None) for m in sys.modules if m.startswith('dspy_toolkit')])))
"""
RUN = ('import nbformat; from nbclient import NotebookClient; book = nbformat.read("quickstart.ipynb", 4); '
       'NotebookClient(book, timeout=300, kernel_name="python3").execute(); nbformat.write(book, "ran.ipynb")')


@dataclass(frozen=True)
class Fresh:
    "An environment with the wheel, an empty home and an empty folder."
    place: Path
    env: dict

    @property
    def python(self): return self.place/'env'/'bin'/'python'

    @property
    def command(self): return str(self.place/'env'/'bin'/'dspy-toolkit')

    def start(self, *command, **more):
        return subprocess.Popen([*map(str, command)], cwd=self.place/'folder', env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **more)

    def run(self, *command):
        process = self.start(*command)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out


@pytest.fixture(scope='module')
def fresh(built, tmp_path_factory):
    place = tmp_path_factory.mktemp('fresh')
    for name in ('home', 'folder'): (place/name).mkdir()
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', place/'env'], check=True)
    site = next(place.glob('env/lib/python3*/site-packages'))
    # a path that a .pth file names brings no .pth files of its own: the checkout, where it is installed in that way, stays out
    (site/'outer.pth').write_text('\n'.join(dict.fromkeys(sysconfig.get_path(o) for o in ('purelib', 'platlib'))))
    (site/'sitecustomize.py').write_text(NOTES)
    subprocess.run([sys.executable, '-m', 'pip', '--python', place/'env'/'bin'/'python', 'install', '--quiet', '--no-deps', '--no-index', '--ignore-installed',
                    '--disable-pip-version-check', built.path], check=True, env=os.environ | dict(NOTES=os.devnull, PYTHONPATH=''))
    env = {name: os.environ[name] for name in ('LD_PRELOAD', 'OPENBLAS_NUM_THREADS', 'LANG', 'LC_ALL') if name in os.environ}
    nowhere = 'http://127.0.0.1:9'
    env |= dict(HOME=f'{place}/home', TMPDIR=f'{place}/folder', PATH=f'{place}/env/bin{os.pathsep}/usr/bin{os.pathsep}/bin', NOTES=f'{place}/notes',
                http_proxy=nowhere, https_proxy=nowhere, no_proxy='127.0.0.1,localhost', PYTHONDONTWRITEBYTECODE='1', PYDEVD_DISABLE_FILE_VALIDATION='1')
    return Fresh(place, env)


@pytest.fixture(scope='module')
def tried(fresh):
    "What each door gave; the quickstart runs beside the others."
    copy2(QUICKSTART, fresh.place/'folder'/'quickstart.ipynb')
    quickstart = fresh.start(fresh.python, '-c', RUN)
    try: found = try_others(fresh)
    except BaseException:
        quickstart.kill()
        raise
    _, err = quickstart.communicate(timeout=300)
    assert quickstart.returncode == 0, err
    return found


def try_others(fresh):
    "What Python, a verb and a server gave."
    found = dict(version=fresh.run(fresh.command, '--version'), python=json.loads(fresh.run(fresh.python, '-c', PYTHON)))
    found['run'] = json.loads(fresh.run(fresh.command, 'run', 'Routed', 'email=I was charged twice.', '--json'))
    server = fresh.start(fresh.command, 'serve', 'Routed@prod', '--port', '0', '--json')
    text = ''
    while server.poll() is None and (not text.endswith('}\n') or text.count('{') != text.count('}')): text += server.stdout.readline()
    ready = json.loads(text)
    headers = {'Authorization': f"Bearer {ready['token']}"}
    found['served'] = httpx.post(f"{ready['address']}/v1/Routed", json=dict(email='My invoice is wrong.'), headers=headers, timeout=60).json()
    server.terminate()
    _, err = server.communicate(timeout=30)
    assert server.returncode == 0, err
    return found


def test_the_package_lies_in_the_fresh_environment(tried, fresh):
    python = tried['python']
    assert Path(python['file']).is_relative_to(fresh.place/'env')
    assert [o for o in python['files'] if o and not Path(o).is_relative_to(fresh.place/'env')] == []
    assert tried['version'].split()[-1] == python['version'] == python['installed']


def test_registry_editor_run_and_serve_work(tried):
    assert tried['python']['saved'] == 'Routed@1' and tried['python']['editor'] == 'dspy_toolkit.jupyter.editor'
    assert tried['run']['version'] == 'Routed@1' and tried['run']['values']['team']
    assert tried['served'].keys() == {'team'}


def test_the_quickstart_runs_to_its_end(tried, fresh):
    ran, page = (nbformat.read(path, 4).cells for path in (fresh.place/'folder'/'ran.ipynb', QUICKSTART))
    assert [[o.output_type for o in cell.get('outputs', ())] for cell in ran] == [[o.output_type for o in cell.get('outputs', ())] for cell in page]


def test_nothing_was_written_outside_of_home_and_folder(tried, fresh):
    notes = {Path(line).resolve() for line in (fresh.place/'notes').read_text().splitlines()}
    ours = fresh.place.resolve()
    outside = {o for o in notes if not o.is_relative_to('/dev') and not any(o.is_relative_to(ours/name) for name in ('home', 'folder'))}
    assert outside == set()
    assert any(o.name == 'registry.db' for o in notes) and any(o.name == 'ran.ipynb' for o in notes)
