"The files around the code: what they say of each other is true, and what reads them can."
import re
import subprocess
import zipfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from scripts import release
from scripts.quality import cover, flaky, mutate

root = Path(__file__).parent.parent.parent
makefile = (root/'Makefile').read_text(encoding='utf-8')
contributing = (root/'CONTRIBUTING.md').read_text(encoding='utf-8')
forms = sorted(o for o in (root/'.github'/'ISSUE_TEMPLATE').glob('*.yml') if o.stem != 'config')


# ---- make

def test_help_and_contributing_name_every_target_with_what_it_does():
    targets = set(re.findall(r'^([a-z][a-z-]*):', makefile, re.M))
    phony = set(re.search(r'^\.PHONY: (.+)$', makefile, re.M)[1].split())
    shown = subprocess.run(['make', '--no-print-directory', 'help'], cwd=root, capture_output=True, text=True, check=True).stdout
    explained = dict(re.findall(r'^  make ([a-z-]+) +(\S.+)$', shown, re.M))
    assert targets == phony == set(explained)
    assert set(re.findall(r'^\| `make ([a-z-]+)` \| \S', contributing, re.M)) == targets


def test_what_contributing_says_can_be_chosen_is_read():
    scripts = makefile + ''.join(o.read_text(encoding='utf-8') for o in (root/'scripts').glob('*.sh'))
    choices = set(re.findall(r'`([A-Z]+)=', contributing))
    assert choices and {o for o in choices if not re.search(rf'\$[({{]*{o}\b', scripts)} == set()


def test_the_scripts_of_quality_know_tests_that_exist():
    assert {o for tests in mutate.TARGETS.values() for o in tests if not (root/o).exists()} == set()
    assert {o for o in mutate.TARGETS if not (root/'dspy_toolkit'/f'{o}.py').exists()} == set()
    assert {o for o in flaky.PARTS if not (root/o).is_dir()} == set()
    assert {'tests/core', 'tests/engine', 'tests/threads', 'tests/test_front_door.py'} <= set(cover.list_parts())


# ---- mutants

BEFORE = '''class Box:
    "A box."
    @property
    def full(self) -> bool:
        "Whether it is full."
        return self.n > 2

@patch
def put(self: Box, n=1):
    "Put something in."
    self.n += n

@patch(as_prop=True)
def left(self: Box): return 3 - self.n

@cache
def size(n): "Grow."; return n * 2
'''


def test_a_module_is_prepared_for_mutants_without_a_change_in_what_it_does():
    from functools import cache
    from fastcore.basics import patch
    prepared = mutate.prepare(BEFORE)
    assert '@' not in prepared and prepared.count('"""') == 8
    for source in (BEFORE, prepared):
        names = dict(patch=patch, cache=cache, __name__='box')
        exec(source, names)
        box = names['Box']()
        box.n = 1
        box.put()
        assert (box.n, box.full, box.left, names['size'](4), names['Box'].put.__name__) == (2, False, 1, 8, 'put')


@pytest.mark.parametrize('change, wording', [
    ("-    return 'worse'\n+    return 'WORSE'", True), ('-    raise InputError(f"{n} is odd", "take 2")\n+    raise InputError(f"{n} is odd", None)', True),
    ('-    if n > 2: return "a"\n+    if n >= 2: return "a"', False), ("-    d = dict(a=1)\n+    d = dict(aXX=1)", False)], ids=['text', 'hint', 'test', 'key'])
def test_a_change_of_wording_is_not_counted_with_changes_of_what_is_done(change, wording):
    assert mutate.is_wording(change) is wording


# ---- forms

@pytest.mark.parametrize('path', forms, ids=lambda o: o.stem)
def test_a_form_for_issues_is_one_that_github_reads(path):
    form = yaml.safe_load(path.read_text(encoding='utf-8'))
    assert {'name', 'description', 'body'} <= form.keys() <= {'name', 'description', 'title', 'labels', 'assignees', 'body'}
    fields = [o for o in form['body'] if o['type'] != 'markdown']
    assert len({o['id'] for o in fields}) == len(fields) == len({o['attributes'].get('label', o['id']) for o in fields}) > 0
    for field in form['body']:
        assert field['type'] in {'markdown', 'textarea', 'input', 'dropdown', 'checkboxes'}
        assert field.keys() <= {'type', 'id', 'attributes', 'validations'}
        wanted = dict(markdown='value', textarea='label', input='label', dropdown='options', checkboxes='options')
        assert wanted[field['type']] in field['attributes']


def test_there_are_forms_for_bugs_ideas_and_questions_and_no_empty_issue():
    assert {o.stem for o in forms} == {'bug', 'idea', 'question'}
    config = yaml.safe_load((root/'.github'/'ISSUE_TEMPLATE'/'config.yml').read_text(encoding='utf-8'))
    assert config['blank_issues_enabled'] is False
    assert all({'name', 'url', 'about'} == o.keys() and o['url'].startswith('https://') for o in config['contact_links'])


PROJECT = ['CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'ROADMAP.md', '.github/pull_request_template.md', *(o.relative_to(root).as_posix() for o in forms)]


@pytest.mark.parametrize('name', PROJECT)
def test_a_link_from_one_file_to_another_finds_it(name):
    text = (root/name).read_text(encoding='utf-8')
    here = [*re.findall(r'\]\((?!https?://|#)([^)#]+)', text), *re.findall(r'github\.com/dspy-toolkit/dspy_toolkit/blob/main/([\w./-]+)', text)]
    assert [o for o in here if not (root/o).exists()] == []
    pages = re.findall(r'https://dspy-toolkit\.github\.io/dspy_toolkit/([\w/-]+)\.html', text)
    assert [o for o in pages if not (root/'nbs'/f'{o}.ipynb').exists()] == []


# ---- citation

def test_the_citation_is_one_that_github_and_zotero_read():
    "By the schema of the Citation File Format 1.2.0, as far as the file uses it."
    data = yaml.safe_load((root/'CITATION.cff').read_text(encoding='utf-8'))
    assert {'cff-version', 'message', 'title', 'authors'} <= data.keys() <= {
        'cff-version', 'message', 'title', 'abstract', 'type', 'version', 'date-released', 'license', 'repository-code', 'url', 'keywords', 'authors', 'references'}
    assert (data['cff-version'], data['type'], data['license']) == ('1.2.0', 'software', 'Apache-2.0')
    assert re.fullmatch(r'\d{4}-\d\d-\d\d', str(data['date-released'])) and len(set(data['keywords'])) == len(data['keywords'])
    for entry in (data, *data['references']):
        assert {'title', 'authors', 'type'} <= entry.keys() and entry['authors']
        for author in entry['authors']: assert set(author) in ({'name'}, {'family-names', 'given-names'})


def test_the_citation_and_the_changelog_have_this_version_and_its_day():
    data = yaml.safe_load((root/'CITATION.cff').read_text(encoding='utf-8'))
    assert str(data['version']) == release.read_version()
    assert f"## [{data['version']}] - {data['date-released']}" in (root/'CHANGELOG.md').read_text(encoding='utf-8')


def test_security_says_that_this_version_gets_fixes():
    minor = '.'.join(release.read_version().split('.')[:2])
    assert re.findall(r'^\| ([\d.]+) \| yes \|$', (root/'SECURITY.md').read_text(encoding='utf-8'), re.M) == [minor]


# ---- release

CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [9.1.0] - 2031-02-03\n\n### Added\n\n- A thing.\n\n## [9.0.0] - 2031-01-01\n\n- Old.\n\n[9.1.0]: https://x\n'


@dataclass
class Project:
    "A small project under git, which is what the script looks at."
    folder: Path

    def write(self, name, text):
        (self.folder/name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder/name).write_text(text, encoding='utf-8')

    def git(self, *words):
        subprocess.run(['git', '-c', 'user.name=A', '-c', 'user.email=a@b.example', *words], cwd=self.folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path, monkeypatch):
    here = Project(tmp_path/'project')
    here.write('settings.ini', '[DEFAULT]\nversion = 9.1.0\n')
    here.write('CITATION.cff', 'version: 9.1.0\n')
    here.write('dspy_toolkit/__init__.py', '__version__ = "9.1.0"\n')
    here.write('CHANGELOG.md', CHANGELOG)
    for words in (['init'], ['add', '.'], ['commit', '-m', 'all']): here.git(*words)
    monkeypatch.setattr(release, 'root', here.folder)
    return here


def test_notes_are_what_the_changelog_says_of_the_version():
    assert release.read_notes('9.1.0', CHANGELOG) == '### Added\n\n- A thing.'
    assert release.read_notes('9.0.0', CHANGELOG) == '- Old.'
    with pytest.raises(SystemExit, match=r'no section "## \[9.2.0\]'): release.read_notes('9.2.0', CHANGELOG)


def test_a_commit_whose_files_agree_may_be_released(project):
    release.check_versions('9.1.0')
    release.check_commit('9.1.0', None)
    project.git('tag', 'v9.1.0')
    release.check_commit('9.1.0', 'v9.1.0')


@pytest.mark.parametrize('name, text, says', [
    ('CITATION.cff', 'version: 9.0.0\n', 'CITATION.cff names version 9.0.0, and settings.ini 9.1.0'),
    ('dspy_toolkit/__init__.py', "__version__ = '9.2.0'\n", 'names version 9.2.0'),
    ('nbs/a.ipynb', "pip install 'dspy_toolkit[serve]==9.0.0'", 'nbs/a.ipynb shows version 9.0.0: make notebooks NB=nbs/a.ipynb'),
    ('CHANGELOG.md', CHANGELOG.replace('[Unreleased]\n', '[Unreleased]\n\n### Fixed\n\n- Another.\n'), r'entries under \[Unreleased\]: put them under \[9.1.0\]'),
], ids=['citation', 'package', 'output', 'unreleased'])
def test_files_that_do_not_agree_are_not_released(project, name, text, says):
    project.write(name, text)
    with pytest.raises(SystemExit, match=says): release.check_versions('9.1.0')


def test_a_tree_with_changes_and_a_tag_that_does_not_fit_are_refused(project):
    with pytest.raises(SystemExit, match='the tag v9.0.0 is not v9.1.0'): release.check_commit('9.1.0', 'v9.0.0')
    project.git('tag', 'v9.1.0')
    with pytest.raises(SystemExit, match='v9.1.0 exists already'): release.check_commit('9.1.0', None)
    project.write('new.txt', 'not committed')
    with pytest.raises(SystemExit, match=r'has changes(.|\n)*new\.txt'): release.check_commit('9.2.0', None)


META = 'Metadata-Version: 2.4\nName: dspy_toolkit\nVersion: 9.1.0\nLicense-Expression: Apache-2.0\nDescription-Content-Type: text/markdown\n\n' + 'A sentence. ' * 60


def make_wheel(folder, change=lambda files: None, meta=META, spoil=''):
    "Write a wheel with a record; what is spoilt is written after the record."
    files = {'dspy_toolkit/__init__.py': '__version__ = "9.1.0"\n', 'dspy_toolkit/py.typed': '', 'dspy_toolkit-9.1.0.dist-info/METADATA': meta}
    change(files)
    digest = lambda text: 'sha256=' + urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b'=').decode()
    record = [f'{name},{digest(text)},{len(text)}' for name, text in files.items()] + ['dspy_toolkit-9.1.0.dist-info/RECORD,,']
    path = folder/'dspy_toolkit-9.1.0-py3-none-any.whl'
    with zipfile.ZipFile(path, 'w') as wheel:
        for name, text in files.items(): wheel.writestr(name, text + spoil * name.endswith('.py'))
        wheel.writestr('dspy_toolkit-9.1.0.dist-info/RECORD', '\n'.join(record))
    return path


def test_a_wheel_that_is_whole_passes(tmp_path):
    release.check_wheel(make_wheel(tmp_path), '9.1.0')


@pytest.mark.parametrize('spoilt, says', [
    (dict(spoil='# more'), 'is not the file of the record'), (dict(change=lambda files: files.update({'tests/a.py': ''})), 'holds tests/a.py, which is not of the package'),
    (dict(change=lambda files: files.pop('dspy_toolkit/py.typed')), 'lacks dspy_toolkit/py.typed'), (dict(meta=META.replace('9.1.0', '9.0.0')), 'is dspy_toolkit 9.0.0, not 9.1.0'),
    (dict(meta=META.replace('text/markdown', 'text/plain')), 'has no description'), (dict(meta=META.replace('2.4', '0.9')), 'not valid'),
    (dict(meta=META + 'See [the page](docs/a.md).'), r"links that PyPI cannot follow: \['docs/a.md'\]"), (dict(meta=META.replace('License-Expression: Apache-2.0\n', '')), 'names no license'),
], ids=['changed', 'other files', 'no types', 'version', 'no markdown', 'metadata', 'links', 'license'])
def test_a_wheel_that_is_not_is_refused(tmp_path, spoilt, says):
    with pytest.raises(SystemExit, match=says): release.check_wheel(make_wheel(tmp_path, **spoilt), '9.1.0')
