"The tutorial with SmolLM2 says what was measured, and its examples are what it says they are. What it runs takes minutes: no test runs it."
import re
from pathlib import Path

import nbformat

from dspy_toolkit.programs.read import find_dataset
from dspy_toolkit.programs.split import split_dataset

PAGES = Path(__file__).parents[2]/'nbs'/'tutorials'


def test_the_optimised_version_is_better_on_held_out_messages_and_the_page_says_how_much():
    cells = nbformat.read(PAGES/'real_model.ipynb', 4).cells
    (compared,) = [cell for cell in cells if '%dspy compare Repair@1 Repair@2 --on heldout' in cell.source]
    said = compared.outputs[-1].data['text/plain']
    found = re.search(r'Repair@2 .*· (\S+) \((\S+) to (\S+)\) · better', said)
    assert found is not None and 0 < float(found[2]) < float(found[1]) < float(found[3])
    prose = ' '.join(cell.source for cell in cells if cell.cell_type == 'markdown')
    shares = [f'{float(score):.0%}' for score in re.findall(r'Repair@\d +(\d\.\d+) \(', said)]
    assert len(shares) == 2 and all(text in prose for text in [*found.groups(), *shares])


def test_each_answer_stands_in_its_message_and_no_two_rows_ask_for_the_same():
    data = find_dataset(str(PAGES/'repairs.csv'), {})
    assert [row for row in data.plain if row['noun'] not in row['message'].lower()] == []
    assert all(len({row[name] for row in data.plain}) == len(data) == 180 for name in ('message', 'noun'))
    parts = split_dataset(data, dict(trainset=0.25, devset=0.25, heldout=0.5))
    assert {name: len(part) for name, part in parts.items()} == dict(trainset=45, devset=45, heldout=90)
