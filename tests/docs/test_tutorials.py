"Each tutorial can be followed from nothing, keeps its work apart, says what to read next, and shows the result that it promises."
import re
from pathlib import Path

import nbformat
import pytest

PAGES = Path(__file__).parents[2]/'nbs'/'tutorials'
each_page = pytest.mark.parametrize('name', sorted(path.stem for path in PAGES.glob('*.ipynb')))


def cells_of(name: str): return nbformat.read(PAGES/f'{name}.ipynb', 4).cells
def prose_of(name: str) -> str: return '\n\n'.join(cell.source for cell in cells_of(name) if cell.cell_type == 'markdown')


def shown_by(name: str, source: str) -> str:
    "What the one cell that contains `source` shows, as text."
    (cell,) = [cell for cell in cells_of(name) if cell.cell_type == 'code' and source in cell.source]
    return '\n'.join(output.get('text') or output.get('data', {}).get('text/plain', '') for output in cell.outputs)


@each_page
def test_a_tutorial_says_what_it_is_for_what_one_will_have_and_what_comes_next(name):
    prose = prose_of(name)
    assert re.match(r'# \S.+\n\n> \S.+\n\n', prose)
    assert 'At the end of this page' in prose
    (target,) = re.findall(r'\*\*Next:\*\* \[[^\]]+\]\(([^)]+)\)', prose)
    assert (PAGES/target).with_suffix('.ipynb').exists() or list((PAGES/target).parent.glob(f'*{Path(target).stem}.ipynb'))


@each_page
def test_a_tutorial_keeps_its_versions_apart_before_anything_else(name):
    "Else a page that was run before changes what this one shows."
    code = [cell.source for cell in cells_of(name) if cell.cell_type == 'code']
    (loads,) = [n for n, source in enumerate(code) if '%load_ext dspy_toolkit' in source]
    before = '\n'.join(code[:loads + 1])
    assert before.index('os.environ["DSPY_TOOLKIT_HOME"] = tempfile.mkdtemp()') < before.index('%load_ext dspy_toolkit')


@each_page
def test_a_tutorial_has_no_line_that_only_nbdev_reads_and_says_what_its_tags_are_for(name):
    prose = prose_of(name)
    for cell in cells_of(name):
        if cell.cell_type != 'code': continue
        tags = cell.metadata.get('tags', ())
        assert not any(line.startswith('#|') for line in cell.source.splitlines())
        assert ('raises-exception' in tags) == any(output.output_type == 'error' for output in cell.outputs)
        for tag in tags: assert f'`{tag}`' in prose


@pytest.mark.parametrize('name, source', [
    ('improve', 'compare Route@1 Route@2'), ('real_model', 'compare Repair@1 Repair@2'),
    ('finetune', 'compare Route --lm mlx/tiny mlx/tiny+desks'), ('agent', 'compare Decide --lm mlx/tiny mlx/tiny+agent')],
    ids=['optimised', 'optimised-smollm2', 'trained', 'agent'])
def test_a_tutorial_that_improves_something_shows_an_interval_above_zero(name, source):
    found = re.findall(r'\+\d\.\d+ \(\+(\d\.\d+) to \+\d\.\d+\) · better', shown_by(name, source))
    assert found and float(found[0]) > .1


def test_the_slow_program_became_faster():
    assert float(re.search(r'(\d+\.\d) times as fast', shown_by('watch', 'times as fast'))[1]) > 2


def test_the_teams_registry_was_a_postgresql_server():
    assert 'PostgreSQL' in shown_by('team_registry', 'postgres.sh')


def test_both_models_of_the_fallback_answered():
    assert re.search(r"'cloud': \d.*'local': \d", shown_by('safety_net', 'Counter('))
