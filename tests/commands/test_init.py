"A project that was just written works at once: its tests pass, its notebook runs; and writing it is all or nothing."
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from dspy_toolkit.commands.project import init
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.signatures.library import starter
from dspy_toolkit.views.base import text
from dspy_toolkit.workspace import project
from dspy_toolkit.workspace.project import FILES, TEMPLATES, make_project, write_files

each_template = pytest.mark.parametrize('template', TEMPLATES)

# One process for all: it takes seconds to start. What a project brought is forgotten before the next one; the last is the default one, with its notebook.
RUN = '''
import json, os, sys
import pytest
from dspy_toolkit import reset_settings
codes = {}
for folder in sys.argv[1:]:
    os.chdir(folder)
    for name in ('signatures', 'apply', 'test_project', 'test_apply'): sys.modules.pop(name, None)
    sys.path[:] = [each for each in sys.path if each not in sys.argv]
    reset_settings()
    codes[os.path.basename(folder)] = int(pytest.main(['-q', '-x', '-p', 'no:cacheprovider', '-p', 'no:hypothesispytest', '.']))
sys.modules.pop('signatures', None)
from execnb.shell import CaptureShell
from execnb.nbio import read_nb
sys.path.insert(0, folder)
shell, book = CaptureShell(folder), read_nb('notebook.ipynb')
shell.run_all(book)
wrong = [output for cell in book.cells for output in cell.get('outputs', ()) if output.get('output_type') == 'error' or 'Error' in str(output.get('text', ''))]
print('\\n' + json.dumps(dict(codes=codes, wrong=wrong, outputs=[str(cell.get('outputs', '')) for cell in book.cells if cell.cell_type == 'code'])))
'''


def test_every_project_works_at_once(tmp_path):
    "The tests of each template pass with mlx/tiny, and the notebook of the default one runs to its end."
    names = [*(each for each in TEMPLATES if each != 'basic'), 'basic']
    folders = [str(make_project(tmp_path/name, name).folder) for name in names]
    environ = {name: value for name, value in os.environ.items() if not name.startswith('DSPY_TOOLKIT_')}
    run = subprocess.run([sys.executable, '-c', RUN, *folders], capture_output=True, text=True, env=environ, cwd=tmp_path, timeout=300)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told['codes'] == dict.fromkeys(names, 0), run.stdout[-5000:]
    assert told['wrong'] == []
    assert "'technical'" in told['outputs'][3] and '100%' in told['outputs'][5], told['outputs']
    assert (tmp_path/'basic'/'.dspy_toolkit'/'registry.db').exists(), 'what is kept stays in the project'


# --- the files


@each_template
def test_each_file_is_well_formed(template):
    "YAML, TOML, JSON lines, Python and a notebook; nothing is left to fill in, and each file is named in the README."
    import tomllib
    texts = write_files(template, 'my "own" project')
    for place, written in texts.items():
        assert '{{' not in written.replace('${{', ''), place
        assert written.endswith('\n') and not written.endswith('\n\n') and '\t' not in written, place
        if place.endswith('.py'): compile(written, place, 'exec')
        if place != 'README.md': assert f'`{place}`' in texts['README.md'], place
    assert set(texts) <= set(FILES)
    flow = yaml.safe_load(texts['.github/workflows/test.yml'])
    assert 'python -m pytest' in [step.get('run') for step in flow['jobs']['test']['steps']] and flow['permissions'] == {'contents': 'read'}
    settings = tomllib.loads(texts['dspy_toolkit.toml'])
    assert settings == dict(default_lm='mlx/tiny', home='.dspy_toolkit') and '.dspy_toolkit/' in texts['.gitignore'].splitlines()
    book = nbformat.reads(texts['notebook.ipynb'], as_version=4)
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == 'python3' and book.cells[0].source.startswith('# my "own" project')
    for cell in book.cells:
        if cell.cell_type == 'code': compile('\n'.join('' if line.startswith('%') else line for line in cell.source.splitlines()), 'cell', 'exec')


def test_each_file_has_its_description():
    assert {place for template in TEMPLATES for place in write_files(template, 'a')} == set(FILES)


@pytest.mark.parametrize('template', [name for name, each in TEMPLATES.items() if each.signature])
def test_the_first_example_is_that_of_the_library(template):
    entry = starter(TEMPLATES[template].signature)
    first = json.loads(write_files(template, 'a')['examples.jsonl'].splitlines()[0])
    assert {name: first[name] for name in (*entry.inputs, *entry.outputs)} == entry.inputs | entry.outputs


def test_every_file_of_the_package_belongs_to_a_template():
    root = Path(project.__file__).parent.parent/'data'/'projects'
    assert {each.name for each in root.iterdir()} == {folder for each in TEMPLATES.values() for folder in each.folders}


# --- where it is written


def snapshot(folder): return {each.relative_to(folder).as_posix(): each.read_bytes() if each.is_file() else None for each in folder.rglob('*')}


@pytest.mark.parametrize('place', ['new', 'a/b/new', 'with blank', 'empty', '.'])
def test_a_project_is_written_whole(tmp_path, monkeypatch, place):
    "Into a folder that is not there, that is empty, or in which one stands; nothing else is left behind."
    (tmp_path/'here').mkdir()
    monkeypatch.chdir(tmp_path/'here')
    if place == 'empty': Path(place).mkdir()
    made = make_project(place)
    assert set(made.written) == set(write_files('basic', 'x')) and made.kept == ()
    assert sorted(each for each, content in snapshot(made.folder).items() if content is not None) == sorted(made.written)
    assert [each.name for each in made.folder.parent.iterdir()] == [made.folder.name]
    assert made.folder.stat().st_mode & 0o777 == (tmp_path/'here').stat().st_mode & 0o777 or sys.platform == 'win32'


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    for name in 'abcdefg': (tmp_path/name).write_text(name)
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match='is not empty: it has a, b, c, d, e and 2 more') as error: init(str(tmp_path))
    assert '--force' in error.value.hint and snapshot(tmp_path) == before


@pytest.mark.parametrize('kind', ['clone', 'worktree'])
def test_a_repository_that_was_just_cloned_is_empty(tmp_path, kind):
    if kind == 'clone': (tmp_path/'.git'/'refs').mkdir(parents=True)
    else: (tmp_path/'.git').write_text('gitdir: /elsewhere\n')
    before = snapshot(tmp_path)
    init(str(tmp_path))
    assert (tmp_path/'notebook.ipynb').exists() and before.items() <= snapshot(tmp_path).items()
    with pytest.raises(InputError, match='is not empty: it has .git') as error: init(str(tmp_path))
    assert '.git,' not in str(error.value)


def test_force_adds_and_never_changes(tmp_path):
    "Also where a link to nothing has the name of a file."
    (tmp_path/'README.md').write_text('mine')
    (tmp_path/'notes.txt').write_text('mine too')
    if sys.platform != 'win32': (tmp_path/'examples.csv').symlink_to(tmp_path/'nowhere')
    before = snapshot(tmp_path)
    made = make_project(tmp_path, force=True)
    after = snapshot(tmp_path)
    assert {name: after[name] for name in before} == before
    assert set(made.kept) >= {'README.md'} and 'README.md' not in made.written and 'signatures.py' in after
    assert not (tmp_path/'nowhere').exists()
    assert make_project(tmp_path, force=True).written == ()


@pytest.mark.parametrize('place', ['new', 'a/b/new', 'empty', 'full'])
@pytest.mark.parametrize('after', [0, 3, 8])
def test_a_project_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch, place, after):
    "The disk is full after so many files were written, or moved: all is as before."
    (tmp_path/'empty').mkdir(), (tmp_path/'full').mkdir()
    (tmp_path/'full'/'mine').write_text('mine')
    before, done = snapshot(tmp_path), []
    real = os.rename if place in ('empty', 'full') else Path.write_text

    def fail(*args, **kwargs):
        if len(done) == after: raise OSError(28, 'No space left on device')
        done.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(*((project.os, 'rename') if real is os.rename else (Path, 'write_text')), fail)
    with pytest.raises(InputError, match='cannot be written to .*: No space left on device'): make_project(tmp_path/place, force=True)
    monkeypatch.undo()
    assert snapshot(tmp_path) == before and len(done) == after


def test_what_is_in_the_way_is_named(tmp_path):
    (tmp_path/'file').write_text('')
    (tmp_path/'.github').write_text('')
    with pytest.raises(InputError, match='file is a file'): init(str(tmp_path/'file'))
    with pytest.raises(InputError, match='cannot be written to'): init(str(tmp_path/'file'/'below'))
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match='cannot be written to'): init(str(tmp_path), force=True)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize('width', [40, 100])
def test_the_view_fits_a_window(tmp_path, monkeypatch, width):
    monkeypatch.chdir(tmp_path)
    view = init('my project')
    shown = text(view, width)
    assert max(map(len, shown.splitlines())) <= width and 'GitHub' in shown and 'alone' in shown
    assert view.steps[0] == 'cd "my project"' and view.to_json()['files'] == list(view_files(view))


def view_files(view): return [path for path, _ in view.files]
