"The pages that say what holds name tests that exist and figures that were measured."
import ast
import json
import re
from pathlib import Path

import pytest

root = Path(__file__).parents[2]
page = root/'nbs'/'explanations'/'trust.ipynb'


def rows():
    "The rows of the table of faults, as their columns."
    text = '\n'.join(''.join(o['source']) for o in json.loads(page.read_text(encoding='utf-8'))['cells'] if o['cell_type'] == 'markdown')
    found = [[o.strip() for o in line.strip('| ').split(' | ')] for line in text.splitlines() if line.startswith('| ')]
    return [o for o in found if o[0] != 'fault']


def functions_of(path):
    "The names of the functions of a file."
    tree = ast.parse((root/path).read_text(encoding='utf-8'))
    return {o.name for o in tree.body if isinstance(o, (ast.FunctionDef, ast.AsyncFunctionDef))}


@pytest.mark.parametrize('row', rows(), ids=lambda o: o[0])
def test_each_fault_has_a_test_that_exists(row):
    assert len(row) == 4
    path, name = re.fullmatch(r'`(tests/[\w/]+\.py)::(test_\w+)`', row[3]).groups()
    assert name in functions_of(path)


def test_no_fault_is_told_twice():
    assert len({o[0] for o in rows()}) == len({o[3] for o in rows()}) == len(rows()) >= 30
