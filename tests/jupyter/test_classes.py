"The answer comes in the notebook's own classes, and takes its values."
import json

import dspy
import pytest

from dspy_toolkit.core.errors import InputError
from tests.typist import typist

CLASSES = '''import enum
from pydantic import BaseModel
class Level(enum.Enum):
    LOW = 'low'
    HIGH = 'high'
class Ticket(BaseModel):
    level: Level
    words: list[str] = []
'''
CHANGED = CLASSES.replace("HIGH = 'high'", "HIGH = 'very high'")
SIGNATURE = '%%dspy Signature R\nlevel_in: Level\nticket: Ticket\n->\nlevel: Level\ntickets: list[Ticket]\nmost: dict[str, Level | None]\n'
VALUES = 'level_in = Level.HIGH\nticket = Ticket(level=Level.LOW, words=["a"])\n'
ANSWER = json.dumps(dict(level='high', tickets=[dict(level='low', words=[])], most=dict(a='high', b=None)))
SAME = 'p.level == Level.HIGH and type(p.tickets[0]) is Ticket and p.tickets[0].level is Level.LOW and p.most == {"a": Level.HIGH, "b": None}'


@pytest.fixture
def notebook(shell):
    "A notebook in which the classes and R are defined."
    dspy.configure(lm=typist(ANSWER), adapter=dspy.JSONAdapter())
    assert shell(CLASSES).success and shell(SIGNATURE).success
    return shell


@pytest.fixture
def later(notebook):
    "Another kernel: the registry is the same, the names are gone, and only the cell of the classes has run."
    notebook('import dspy\nqa = dspy.Predict(R)')
    assert notebook('%dspy save qa --to QA').success
    for name in ('R', 'qa', 'Level', 'Ticket'): notebook.ip.user_ns.pop(name)
    notebook(CLASSES)
    return notebook


def same(shell, cell):
    "Does the answer of a cell come in the classes of the notebook?"
    result = shell(cell)
    assert result.success, result.shown
    return shell('p = _').success and shell(SAME).result


def test_the_answer_of_a_cell_is_in_the_notebooks_classes(notebook):
    assert same(notebook, SIGNATURE + '---\n' + VALUES)


@pytest.mark.parametrize('cell', [f'%%dspy run R\n{VALUES}', f'%%dspy run R@1\n{VALUES}', f'%%dspy run qa\n{VALUES}', SIGNATURE + '---\n' + VALUES,
                                  'dspy.Predict(R)(level_in=Level.HIGH, ticket=Ticket(level=Level.LOW))'])
def test_also_after_the_cell_of_the_classes_ran_again(notebook, cell):
    notebook('import dspy\nqa = dspy.Predict(R)')
    notebook(CLASSES)
    assert same(notebook, cell)


@pytest.mark.parametrize('verb', ['%dspy load R@1', '%dspy load QA@1 --to R'])
def test_also_for_a_version_in_another_kernel(later, verb):
    assert later(verb).success
    assert same(later, f'%%dspy run R\n{VALUES}')


def test_also_for_a_version_that_python_loads(later):
    later('import dspy, dspy_toolkit\nR = dspy_toolkit.registry().load("R@1")')
    assert same(later, 'dspy.Predict(R)(level_in=Level.HIGH, ticket=Ticket(level=Level.LOW))')
    later('qa = dspy_toolkit.registry().load("QA")')
    assert same(later, 'qa(level_in=Level.HIGH, ticket=Ticket(level=Level.LOW))')


def test_a_value_that_was_made_before_its_class_ran_again_is_taken(notebook):
    notebook('early, urgent = Ticket(level=Level.LOW), Level.HIGH')
    notebook(CLASSES)
    assert same(notebook, '%%dspy run R\nlevel_in = urgent\nticket = early')


def test_a_signature_written_in_python_stays_the_persons_own(notebook):
    notebook('import dspy\nclass Mine(dspy.Signature):\n    a: str = dspy.InputField()\n    level: Level = dspy.OutputField()\nmine = Mine')
    notebook(CLASSES)
    assert notebook('Mine is mine').result


def test_a_class_that_was_changed_is_said_where_it_is_used(notebook):
    notebook(CHANGED)
    for cell in ('%dspy show R', '%dspy load R@1', '%%dspy run R\nlevel_in = "high"\nticket = dict(level="low")'):
        shown = ' '.join(notebook(cell).shown.split())
        assert 'Level of this notebook is another one: the member HIGH is different' in shown, cell
        assert 'run the cell that defines R again to have yours' in shown, cell
    assert not notebook('_.level == Level.HIGH').result
    error = notebook(f'%%dspy run R\n{VALUES}').error
    assert isinstance(error, InputError) and 'the member HIGH is different' in error.hint
    notebook(SIGNATURE)
    assert 'another one' not in notebook('%dspy show R').shown


def test_nothing_is_said_of_classes_that_are_the_same_or_gone(later):
    assert 'another one' not in later('%dspy load R@1').shown
    for name in ('Level', 'Ticket'): later.ip.user_ns.pop(name)
    assert 'another one' not in later('%dspy load R@1').shown
