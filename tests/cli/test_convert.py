"Files become notebooks and modules; what does not come over is named, and nothing is written where something is wrong."
import os


import dspy
import pytest
from dspy_toolkit.cli.main import DONE, USAGE, main
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.baml import read_baml
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.declared import read_classes
from dspy_toolkit.signatures.module import Notebook, Part, read_notebook, write_notebook
from dspy_toolkit.signatures.source import parse_cell
from hypothesis import given
from hypothesis import strategies as st

CELL = '%%dspy Signature Sort\n"""Say who should answer."""\nemail: str  # as it came in\n->\nteam: str\n---\nemail = inbox[0]'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path/'mail.ipynb').write_text(write_notebook(Notebook([Part('markdown', '# Mail'), Part('code', CELL)])), encoding='utf-8')
    return tmp_path


def test_there_and_back(folder, capsys):
    assert main(['convert', 'mail.ipynb', 'mail.py']) == DONE
    assert main(['convert', 'mail.py', 'again.ipynb']) == DONE
    assert (folder/'again.ipynb').read_text() == (folder/'mail.ipynb').read_text()
    assert capsys.readouterr().out.splitlines() == ['mail.ipynb → mail.py: 2 cells, 1 signature', 'mail.py → again.ipynb: 2 cells, 1 signature']


def test_a_dash_prints_the_text_and_nothing_else(folder, capsys):
    main(['convert', 'mail.ipynb', 'mail.py'])
    capsys.readouterr()
    assert main(['convert', 'mail.ipynb', '-']) == DONE
    said = capsys.readouterr()
    assert said.out == (folder/'mail.py').read_text() and 'mail.ipynb → text' in said.err
    main(['convert', 'mail.py', '-', '-q'])
    said = capsys.readouterr()
    assert read_notebook(said.out).parts[1].text == CELL and not said.err


def test_a_file_that_is_there_stays_unless_forced(folder, capsys):
    (folder/'mail.py').write_text('mine')
    assert main(['convert', 'mail.ipynb', 'mail.py']) == USAGE
    assert (folder/'mail.py').read_text() == 'mine'
    assert capsys.readouterr().err == 'InputError: mail.py is there already\n  → --force writes over it\n'
    assert main(['convert', 'mail.ipynb', 'mail.py', '--force']) == DONE
    assert 'class Sort(dspy.Signature)' in (folder/'mail.py').read_text()


def test_a_file_is_written_completely_or_not_at_all(folder, monkeypatch, capsys):
    (folder/'mail.py').write_text('mine')
    def fail(*_): raise OSError(28, 'No space left on device')
    monkeypatch.setattr(os, 'replace', fail)
    assert main(['convert', 'mail.ipynb', 'mail.py', '--force']) == USAGE
    assert (folder/'mail.py').read_text() == 'mine' and sorted(os.listdir(folder)) == ['mail.ipynb', 'mail.py']
    assert 'mail.py cannot be written: No space left on device' in capsys.readouterr().err


WRONG = {
    'lost': ('lost.ipynb', None, 'lost.ipynb cannot be read: No such file or directory'),
    'suffix': ('a.txt', '', 'a.txt is of a kind that cannot be read'),
    'json': ('a.ipynb', '{\n"cells": 1,}', 'a.ipynb:2:12: it is not JSON: '),
    'format': ('a.ipynb', '{"nbformat": 3, "worksheets": []}', 'a.ipynb:1:1: it is not a notebook of format 4'),
    'python': ('a.py', 'import dspy\nclass A(:\n', 'a.py:2:9: it is not Python: invalid syntax'),
    'baml': ('a.baml', 'class A {\n  x strin\n}', "a.baml:2:5: there is no type 'strin'"),
    'bundle': ('a.json', '{"format": 1, "names": {}, "digest": "' + 64 * '0' + '"}', 'a.json: digest is not that of the file'),
    'binary': ('a.py', b'\xff\xfe', 'a.py cannot be read: it is not UTF-8 text'),
}


@pytest.mark.parametrize('name', WRONG)
def test_what_is_wrong_is_two_lines_with_the_place(name, folder, capsys):
    file, text, problem = WRONG[name]
    if text is not None: (folder/file).write_bytes(text if isinstance(text, bytes) else text.encode())
    code = main(['convert', file, 'new.ipynb'])
    first, second = capsys.readouterr().err.splitlines()
    assert code and problem in first and second.startswith('  → ')
    assert not (folder/'new.ipynb').exists()


def test_the_target_has_a_suffix(folder, capsys):
    assert main(['convert', 'mail.ipynb', 'mail.txt']) == USAGE
    assert 'mail.txt is neither a notebook nor a Python module' in capsys.readouterr().err


def test_an_export_becomes_cells_that_mean_the_same(folder, capsys):
    store = Registry(f"sqlite:///{(folder/'registry.db').as_posix()}")
    classes = read_classes('from enum import Enum\nclass Mood(Enum):\n    calm = 1').classes
    first, second = parse_cell('a: str\n->\nb: int', 'Sort').spec, parse_cell('a: Mood\n->\nb: int', 'Sort', classes).spec
    store.save(first, message='the beginning')
    store.save(second)
    store.alias('Sort', 'prod')
    store.save(dspy.ChainOfThought('text -> label'), name='Label')
    store.save(Dataset('devset', [{'text': 'hello'}], ('text',)))
    store.export(path=folder/'shared.json')
    store.close()
    assert main(['convert', 'shared.json', 'shared.ipynb']) == DONE
    said = capsys.readouterr().out
    assert 'devset@1   is a dataset' in said and 'Label@2    is a program' in said
    found, namespace = [], {}
    for part in read_notebook((folder/'shared.ipynb').read_text()).parts:
        if part.text.startswith('%%dspy'): found.append(parse_cell(part.text, namespace=namespace).spec.digest)
        elif part.kind == 'code': namespace |= read_classes(part.text).classes
    assert found[-2:] == [first.digest, second.digest] and len(found) == 4
    assert main(['convert', 'shared.json', 'shared.py']) == DONE
    space = {}
    exec((folder/'shared.py').read_text(), space)
    assert space['Sort'].input_fields['a'].annotation is space['Mood']


# --- BAML

TYPES = {
    'string': 'str', 'int?': 'int | None', 'float[]': 'list[float]', 'bool[][]': 'list[list[bool]]', 'map<string, int[]>': 'dict[str, list[int]]',
    'string | int | null': 'str | int | None', '"a" | "b"': "Literal['a', 'b']", '"a" | 1 | true | string': "Literal['a', 1, True] | str", '("a" | "b")[]?': "list[Literal['a', 'b']] | None",
    'image': 'dspy.Image', 'A': 'A', 'E?': 'E | None', 'Text[]': 'list[str]',
}


@pytest.mark.parametrize('type', TYPES)
def test_a_type_of_baml_is_this_type(type):
    found = read_baml({'a.baml': f'type Text = string\nclass A {{ x int }}\nenum E {{ V }}\nfunction F(x: {type}) -> {type} {{ prompt "" }}'})
    classes = read_classes(found.parts[1].text).classes
    spec = parse_cell(found.parts[-1].text, namespace=classes).spec
    expected = parse_cell(f'x: {TYPES[type]}\n->\nresult: {TYPES[type]}', 'F', classes).spec
    assert spec.digest == expected.digest and not found.notes


MISTAKES = {
    'class A {\n  x\n}': '3:1: \'}\' is not a type',
    'class A {\n  x int': '2:8: the end of the file stands where a name is expected',
    'class A { x int }\nenum A { V }': '2:6: A is declared twice',
    'enum E { }': '1:6: the enum E has no values',
    'class A {\n  x Colour\n}\nenum Color { RED }': "2:5: there is no type 'Colour'",
    'type A = A[]\nfunction F(x: A) -> A { prompt "" }': '1:10: the type A goes round in a circle',
    'function F(x: int) -> int { prompt #"\n abc "\n}': '1:36: a string that begins here does not end',
    'function F(x: int) { }': "1:20: '{' stands where -> is expected",
    'client<llm> A {\n  x 1\n': '1:15: this { is not closed',
    '+': "1:1: '+' begins no declaration",
    'map<int>': "1:9",
}


@pytest.mark.parametrize('text', MISTAKES)
def test_a_mistake_in_baml_has_its_place(text):
    from dspy_toolkit.core.errors import SignatureSyntaxError
    with pytest.raises(SignatureSyntaxError) as e: read_baml({'a.baml': text})
    assert e.value.file == 'a.baml' and f'{e.value.line}:{e.value.column}: {e.value.message}'.startswith(MISTAKES[text])


def test_a_folder_is_read_as_one(folder, capsys):
    (folder/'baml_src').mkdir()
    (folder/'baml_src'/'a.baml').write_text('function F(x: A) -> A? { client C prompt #"{{ x }} {% if x %}"# }\ntest T { functions [F] }')
    (folder/'baml_src'/'b.baml').write_text('class A { next A? @alias("n") from string // why\n @@dynamic }\ngenerator g { output_type "python" }')
    assert main(['convert', 'baml_src', 'all.ipynb']) == DONE
    said = capsys.readouterr().out
    for piece in ('a.baml:1', 'test T', '{% if x %} stays', 'b.baml:1', '@alias("n") of A.next', 'A.from is called from_', '@@dynamic of A', 'generator g'): assert piece in said
    left = read_notebook((folder/'all.ipynb').read_text()).parts[-1].text
    for piece in ('test T { functions [F] }', '@alias("n")', '// why', '@@dynamic', 'generator g { output_type "python" }', 'client C'): assert piece in left
    assert all(line.startswith('#') for line in left.splitlines())


@given(st.text(max_size=30) | st.lists(st.sampled_from(['class', 'A', '{', '}', 'x', 'int', '@alias("b")', '(', ')', '->', '|', '?', '[]', 'function', 'prompt', '#"a"#', 'enum', '@@', ',', '"', '//', 'map', '<', '>', 'type', '='])).map(' '.join))
def test_any_text_is_read_or_refused_with_a_place(text):
    from dspy_toolkit.core.errors import SignatureSyntaxError
    try: read_baml({'a.baml': text})
    except SignatureSyntaxError as e: assert e.file == 'a.baml' and e.line >= 1 and e.column >= 1
