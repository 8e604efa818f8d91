"The project's own promises: what is made is in step with what it is made from, and what ships is complete."
import json
import re
from configparser import ConfigParser
from pathlib import Path

import nbformat
import pytest
import yaml

import dspy_toolkit
from scripts.check_sync import exported, sources
from scripts.readme import render

root = Path(__file__).parent.parent
notebooks = sorted(o for o in (root/'nbs').rglob('*.ipynb') if not {'.ipynb_checkpoints', '_proc'} & set(o.parts))
each_notebook = pytest.mark.parametrize('path', notebooks, ids=lambda o: str(o.relative_to(root/'nbs')))


def settings():
    "settings.ini as the package and nbdev read it."
    cfg = ConfigParser(delimiters=['='])
    cfg.read(root/'settings.ini', encoding='utf-8')
    return cfg['DEFAULT']


def test_the_readme_says_what_its_notebook_says():
    assert (root/'README.md').read_text(encoding='utf-8') == render()


def test_a_relative_link_is_refused_in_the_readme(tmp_path):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell('See [the card](explanations/tiny.ipynb).')])
    nbformat.write(nb, tmp_path/'index.ipynb')
    with pytest.raises(ValueError, match='explanations/tiny.ipynb'): render(tmp_path/'index.ipynb')


@each_notebook
def test_a_notebook_opens_anywhere(path):
    "It names the kernel that every Jupyter has, begins with a title and one line, and shows no path of the machine that ran it."
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    assert nb.metadata.kernelspec.name == 'python3'
    assert re.match(r'# .+\n+> .+', nb.cells[0].source)
    outputs = json.dumps([o.outputs for o in nb.cells if o.cell_type == 'code'])
    assert re.findall(r'(?<![\w.-])/(?:root|home|Users|work|private|tmp|var/folders)/[\w./-]*', outputs) == []
    assert str(root) not in path.read_text(encoding='utf-8')


def test_no_notebook_keeps_outputs_that_make_it_slow_to_open_or_to_compare():
    sizes = {o: (root/o).stat().st_size for o in sources() if o.endswith('.ipynb')}
    assert {o: n for o, n in sizes.items() if n > 400_000} == {}


def test_nothing_tells_where_packages_were_fetched():
    "No file names a package index, a mirror or a local folder of wheels."
    trace = re.compile('index-' 'url|find-' 'links|trusted-' 'host|files.python' 'hosted|/sim' r'ple/?\s| @ fi' 'le:')
    texts = ((o, (root/o).read_text(encoding='utf-8')) for o in sources() if not o.endswith(('.safetensors', '.png', '.webp', '.gz')))
    assert [o for o, text in texts if trace.search(text)] == []


def test_the_changelog_has_this_version():
    version = settings()['version']
    assert dspy_toolkit.__version__ == version
    assert re.search(rf'^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$', (root/'CHANGELOG.md').read_text(encoding='utf-8'), re.M)


def test_the_sidebar_lists_every_notebook_once():
    def pages(node):
        if isinstance(node, dict): return [*filter(None, [node.get('href')]), *pages(node.get('contents', []))]
        return [p for o in node for p in ([o] if isinstance(o, str) else pages(o))]
    sidebar = yaml.safe_load((root/'nbs'/'sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']
    assert sorted(pages(sidebar)) == sorted(str(o.relative_to(root/'nbs')) for o in notebooks)


def test_every_module_has_its_notebook_and_every_notebook_its_module():
    "nbs/<part>/NN_<module>.ipynb exports <part>.<module>; nothing else under the package is written by nbdev."
    named = {}
    for path in notebooks:
        code = '\n'.join(o.source for o in nbformat.read(path, as_version=4).cells if o.cell_type == 'code')
        if found := re.findall(r'^#\|\s*default_exp\s+(\S+)', code, re.M): named[path] = found[0]
    for path, module in named.items():
        part, name = path.relative_to(root/'nbs').with_suffix('').parts
        assert re.fullmatch(rf'\d\d_{name[3:]}', name) and module == f'{part}.{name[3:]}', f'{path.name} exports {module}'
    package = root/'dspy_toolkit'
    made = {'.'.join(o.relative_to(package).with_suffix('').parts) for o in package.rglob('*.py') if o.name != '_modidx.py' and exported(o)}
    assert made == set(named.values())


def test_notebooks_that_only_tell_export_nothing():
    for path in notebooks:
        if path.parent.name in ('tutorials', 'how_to', 'explanations', 'reference', 'nbs'): assert '#| export' not in path.read_text(encoding='utf-8')


def test_constraints_pin_everything_that_is_required():
    pins = {o.partition('==')[0] for o in (root/'constraints.txt').read_text().splitlines() if '==' in o and not o.startswith('#')}
    needed = [o for k in ('requirements', 'dev_requirements', 'docs_requirements') for o in settings()[k].strip().splitlines()]
    names = {re.match(r'[\w.-]+', o)[0].lower().replace('_', '-') for o in needed}
    assert names - pins == set()
