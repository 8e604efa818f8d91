"Tutorials have tags where other notebooks have directives: what has to fail is run too, and fails."
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from scripts.notebooks import run_tagged


@pytest.mark.parametrize('source, tags, wrong', [
    ('1 / 0', ['raises-exception'], None), ('1 / 0', ['slow'], None), ('1 / 1', [], None),
    ('1 / 0', [], 'cell 0:'), ('1 / 1', ['raises-exception'], 'cell 0 did not fail')],
    ids=['fails as it should', 'left out', 'runs', 'fails', 'should have failed'])
def test_a_notebook_is_run_by_its_tags(source, tags, wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(InteractiveShell, '_instance', InteractiveShell._instance)  # a notebook's shell takes its place
    monkeypatch.setenv('IN_TEST', '0')
    path = tmp_path/'a.ipynb'
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, metadata={'tags': tags})]), path)
    if not wrong: return run_tagged(path)
    with pytest.raises(SystemExit, match=wrong): run_tagged(path)
