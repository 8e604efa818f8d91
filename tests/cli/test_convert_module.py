"A notebook becomes a module and comes back as it was; classes become cells that mean the same."
import ast
import json
from pathlib import Path

import pytest
from dspy_toolkit.signatures.declared import read_classes
from dspy_toolkit.signatures.module import Notebook, Part, read_module, read_notebook, write_module, write_notebook
from dspy_toolkit.signatures.source import parse_cell
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_signatures import specs

pytestmark = [pytest.mark.filterwarnings('ignore:Field name .* shadows:UserWarning'), pytest.mark.filterwarnings("ignore:The 'prefix' argument:DeprecationWarning")]

pieces = st.sampled_from(['# %% not a marker', '%% cell', '# %%', '%%', '# # %% x', '#', '# ', '', ' ', '\n', '\n\n', '%dspy list', '# %dspy list', '    %time x', '!ls', 'x = 1', 'x = !ls', '"""', '%d items"""',
                          'for n in x:', '    pass', '%%bash', '%%dspy Signature', '%%dspy Signature Odd', '# the cell, as it was written:', '---', '->', 'a: str', 'class A(dspy.Signature):', 'await x', 'é漢', 'f(', '# %% [markdown]'])
texts = st.lists(pieces, max_size=6).map('\n'.join) | st.text(max_size=20) | st.sampled_from(['a\rb', '\0', '\ud800'])
extras = st.sampled_from([{}, {}, {'metadata': {'tags': ['[x] {', 'é']}}, {'attachments': {'a.png': {'image/png': 'AAAA'}}}])
parts = st.builds(Part, st.sampled_from(['code', 'code', 'markdown', 'raw']), texts, extras)


@st.composite
def signature_parts(draw):
    "The cells of a signature: its classes, and its own, laid out in a person's way."
    spec = draw(specs())
    cell = spec.to_cell().rstrip('\n')
    if draw(st.booleans()): cell = cell.replace('\n', '\n# a remark\n', 1)
    if spec.inputs and draw(st.booleans()): cell += f'\n---\n{spec.inputs[0].name} = load("# %% x")'
    classes = spec.definitions_source()
    return [*([Part('code', classes.rstrip('\n'))] if classes else []), Part('code', cell)]


def signature_digests(notebook):
    "The digest of each signature, with the classes that its notebook defines."
    found, namespace = [], {}
    for part in notebook.parts:
        if part.text.startswith('%%dspy Signature '):
            try: found.append(parse_cell(part.text, namespace=namespace).spec.digest)
            except (ValueError, TypeError): found.append(None)
        elif part.kind == 'code':
            try: namespace |= read_classes(part.text, namespace).classes
            except (SyntaxError, ValueError): pass
    return found


@settings(max_examples=80)
@given(st.lists(parts, max_size=4))
def test_any_cells_come_back(cells):
    module, _ = write_module(Notebook(cells))
    assert read_module(module).parts == cells
    ast.parse(module)


@settings(max_examples=25)
@given(signature_parts(), parts)
def test_signatures_come_back_with_their_digest(cells, other):
    notebook = Notebook([*cells, other])
    module, notes = write_module(notebook)
    again = read_module(module)
    assert again == notebook
    assert signature_digests(again) == signature_digests(notebook)
    ast.parse(module)


@settings(max_examples=15)
@given(specs())
def test_a_class_that_was_edited_makes_a_cell_that_means_the_same(spec):
    cells = [Part('code', spec.definitions_source().rstrip('\n')), Part('code', spec.to_cell().rstrip('\n') + '\n---\n')]
    module, notes = write_module(Notebook(cells))
    if notes: return  # a model that refers to itself stays a comment
    edited = read_module(module.replace('# the cell, as it was written:\n# %%dspy', '# the cell, as it was written:\n# %%dspy Signature Other\n#'))
    assert signature_digests(edited) == signature_digests(Notebook(cells))


def test_what_the_module_says_runs(tmp_path):
    import dspy
    from dspy_toolkit.signatures.spec import SignatureSpec
    cells = [Part('code', 'from enum import Enum\nclass Mood(Enum):\n    calm = "calm"'), Part('code', '%%dspy Signature Sort\n"""Sort it."""\nMood: Mood\ndate: date = None\n->\nteam: list[Mood]'.replace(' = None', ' | None = None')),
             Part('code', '%matplotlib inline\nx = 1')]
    module, notes = write_module(Notebook(cells))
    space = {}
    exec(module, space)
    assert not notes and issubclass(space['Sort'], dspy.Signature) and space['x'] == 1
    assert SignatureSpec.from_dspy(space['Sort']).digest == signature_digests(Notebook(cells))[0]


CLASSES = {
    'Enum': 'from enum import Enum\nclass T(Enum):\n    "Moods."\n    a = 1\n    b = "x"\n    def f(self): return 1',
    'auto': 'import enum\nclass T(enum.StrEnum):\n    a = enum.auto()\n    b = enum.auto()',
    'mixin': 'from enum import Enum\nclass T(str, Enum):\n    a = "A"',
    'call': 'from enum import Enum\nT = Enum("T", [("light-blue", 1), ("b", 2)])',
    'model': 'from pydantic import BaseModel, Field, ConfigDict\nclass T(BaseModel):\n    "A letter."\n    model_config = ConfigDict(extra="forbid")\n    a: str = Field(description="why", max_length=9)\n    b: int = 3\n'
             '    c: list[str] = Field(default_factory=list)\n    d: float = Field(0.5, ge=0)\n    e: dict = Field(default={}, title="E")',
    'nested': 'from enum import Enum\nfrom pydantic import BaseModel\nclass E(Enum):\n    a = 1\nclass Base(BaseModel, frozen=True):\n    e: E = E.a\nclass T(Base):\n    more: list[Base] | None = None',
    'tuple': 'import enum\nclass T(enum.Enum): low, high = 1, 2',
    'alias': 'from enum import Enum\nclass E(Enum):\n    a = 1\nT = E',
}


@pytest.mark.parametrize('text', CLASSES.values(), ids=CLASSES)
def test_a_class_that_is_read_means_what_it_means_when_it_runs(text):
    space = {'__name__': '__main__'}
    exec(text, space)
    read = read_classes(text)
    digests = [parse_cell('x: T\n->\ny: T', 'S', names).spec.digest for names in (read.classes, {'T': space['T']})]
    assert digests[0] == digests[1] and not read.problems


@pytest.mark.parametrize('text, line, column', [('class T(Enum):\n    a = f()', 2, 9), ('class T(BaseModel):\n    a: Lost', 2, 8), ('class T(Enum):\n    a = 1\n    a = 2', 1, 1), ('class T(Enum):\n    a.b = 1', 2, 5), ('class T(BaseModel):\n    a: str = Field(pattern="(")', 1, 1), ('class T(BaseModel):\n    a: str = Field(default_factory=f)', 2, 36)], ids=['value', 'type', 'twice', 'target', 'pattern', 'factory'])
def test_what_cannot_be_read_has_its_place(text, line, column):
    problem = read_classes(text).problems['T']
    assert (problem.line, problem.column) == (line, column)


def test_an_edit_keeps_the_values_and_the_remarks():
    cell = '%%dspy Signature Sort\n# a remark\nemail: str\n->\nteam: str\n---\nemail = inbox[0]'
    module, _ = write_module(Notebook([Part('code', cell)]))
    assert '# a remark' in module
    edited = read_module(module.replace('    email: str', '    email: bytes', 1)).parts[0].text
    assert edited == cell.replace('email: str', 'email: bytes')


@pytest.mark.parametrize('text, cells, notes', [
    ('import dspy\n\n\nclass A(dspy.Signature):\n    x: str = dspy.InputField()  # why\n    y: int = dspy.OutputField()\n\n# below\nprint(1)\n',
     ['import dspy', '%%dspy Signature A\n# why\nx: str\n->\ny: int', '# below\nprint(1)'], []),
    ('from dspy import Signature, InputField as I, OutputField\nclass A(Signature):\n    x: str = I()\n    y: int = OutputField()',
     ['from dspy import Signature, InputField as I, OutputField', '%%dspy Signature A\nx: str\n->\ny: int'], []),
    ('# %% A title\nimport dspy\n# %% [markdown]\n# text\n# %%\nclass A(dspy.Signature):\n    x: str = dspy.InputField()\n    def f(self): pass\n',
     ['import dspy', 'text', 'class A(dspy.Signature):\n    x: str = dspy.InputField()\n    def f(self): pass'], [('line 1', 'A title is not kept'), ('line 8', "A stays a class: 'def f(self): pass' is not a field")]),
], ids=['comments', 'names', 'percent'])
def test_a_file_of_classes_becomes_cells(text, cells, notes):
    found = read_module(text)
    assert [part.text for part in found.parts] == cells
    assert [tuple(note) for note in found.notes] == notes


def test_no_line_of_a_file_runs(tmp_path):
    read_module(f'import pathlib\npathlib.Path({str(tmp_path/"ran")!r}).write_text("")\nclass A(B, metaclass=print): pass\n')
    assert not list(tmp_path.iterdir())


def test_a_notebook_comes_back_from_json():
    notebook = Notebook([Part('code', 'a\n'), Part('code', ''), Part('raw', '\n\nx', {'metadata': {'a': 1}})], {'x': 1})
    assert read_notebook(write_notebook(notebook)) == notebook
    assert write_notebook(notebook) == write_notebook(notebook)
    with pytest.raises(ValueError, match='format 4'): read_notebook(json.dumps({'nbformat': 3}))


NOTEBOOKS = sorted((Path(__file__).parent.parent.parent/'nbs').rglob('*.ipynb'))


def test_the_notebooks_of_the_project_come_back():
    "Real notebooks have what no strategy thinks of."
    for path in NOTEBOOKS[::4]:
        notebook = read_notebook(path.read_text(encoding='utf-8'))
        module, _ = write_module(notebook)
        ast.parse(module)
        assert read_module(module).parts == notebook.parts, path
