"Examples come from cells, files and tables; what is written and read again is the same dataset, and no text breaks the reader."
import enum
import json
from datetime import date
from typing import Literal, Optional

import dspy
import pytest
from dspy_toolkit.core.errors import InputError, MissingExtra, NotRegistered
from dspy_toolkit.programs.data import check_dataset
from dspy_toolkit.programs.read import (find_dataset, make_dataset, read_blocks, read_csv, read_file, read_json_lines, read_text, write_blocks, write_csv,
                                        write_json_lines)
from dspy_toolkit.programs.split import read_shares, split_dataset
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.dataset_diff import diff_datasets
from dspy_toolkit.signatures.types import canonical
from hypothesis import given, settings
from hypothesis import strategies as st


class Team(enum.Enum): billing, technical = 'billing', 'technical help'


class Triage(dspy.Signature):
    "Say who should answer."
    email: str = dspy.InputField()
    stars: int = dspy.InputField()
    price: float = dspy.InputField()
    tags: list[str] = dspy.InputField()
    team: Team = dspy.OutputField()
    kind: Literal['bug', 'other, or none'] = dspy.OutputField()
    urgent: bool = dspy.OutputField()
    due: Optional[date] = dspy.OutputField()


text = st.text(st.characters(exclude_categories=['Cs']))
row = st.fixed_dictionaries(
    dict(email=text, stars=st.integers(), price=st.floats(allow_nan=False, allow_infinity=False), tags=st.lists(text, max_size=3), team=st.sampled_from(Team),
         kind=st.sampled_from(['bug', 'other, or none']), urgent=st.booleans()), optional=dict(due=st.dates() | st.none()))
WAYS = (write_json_lines, read_json_lines), (write_csv, read_csv), (write_blocks, read_blocks)


@pytest.mark.parametrize('write, read_again', WAYS, ids=lambda f: f.__name__)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row, min_size=1, max_size=4))
def test_a_dataset_that_is_written_and_read_again_is_the_same(write, read_again, rows):
    data = check_dataset(Dataset('devset', rows), Triage)
    again = check_dataset(Dataset('devset', read_again(write(data))), Triage)
    assert again.rows == data.rows and again.digest == data.digest


@pytest.mark.parametrize('write, read_again', WAYS, ids=lambda f: f.__name__)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.dictionaries(st.sampled_from(['email', 'team', 'straße']), text, min_size=1), min_size=1, max_size=4))
def test_texts_need_no_signature_to_come_back(write, read_again, rows):
    assert Dataset('devset', read_again(write(Dataset('devset', rows)))).digest == Dataset('devset', rows).digest


def one_line(function, *args):
    "Call a reader: it gives a dataset, or raises one line."
    try: function(*args)
    except InputError as e: assert len(str(e).splitlines()) == 1 and e.hint and len(e.hint.splitlines()) == 1, str(e)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=60), ending=st.sampled_from(['.jsonl', '.json', '.csv', '.tsv', '.txt']))
def test_any_bytes_give_a_dataset_or_one_line(tmp_path_factory, raw, ending):
    path = tmp_path_factory.getbasetemp()/f'soup{ending}'
    path.write_bytes(raw)
    one_line(read_file, path)


@settings(max_examples=150, deadline=None)
@given(soup=st.text(st.sampled_from('{}[]",:\n\r\t =a1\\\'#;\ufeff\x85\ud800é'), max_size=40) | st.text(max_size=40))
def test_any_text_gives_a_dataset_or_one_line(soup): one_line(read_text, soup)


@pytest.mark.parametrize('soup', ['[' * 100_000, '{"a":' * 100_000, '[' + '1' * 5_000 + ']', '{"a": 1e400}', '{"a": NaN}', '{"a": "\\ud800"}', '{"a": ' + '[' * 60 + ']' * 60 + '}', '"' * 99_999, 'a = """' + '"\n' * 9_999, 'a = """' + '\\""\n' * 9_999, 'a,b\n' + ',' * 99_999])
def test_deep_and_endless_texts_give_one_line(soup):
    with pytest.raises(InputError) as e: read_text(soup)
    assert len(str(e.value).splitlines()) == 1 and len(str(e.value)) < 300


@pytest.mark.parametrize('text, said', [
    ('{"a": 1}\n{"a": }', 'line 2, column 7 is not JSON'), ('{"a": 1}\n[1]', "row 2 is [1]"), ('{"a": 1, "a": 2}', "line 1 is not JSON: the key 'a' is there twice"), ('a,b\n1,2\n1,2,3', 'row 2 (line 3) has 3 cells'),
    ('a,b\n"x\ny",2\n1', 'row 2 (line 4) has 1 cell,'), ('a,a\n1,2', "the column 'a' is there twice"), ('a,\n1,2', 'column 2 has no name'), ('a,b\n1,"x"y', 'line 2 has \'y\' after a closing quote'), ('a = 1\nb', 'line 2 is no `field = value`'),
    ('a = 1\na = 2', "line 2 gives 'a' a second value"), ('a = """x', 'line 1 opens """'), ('', 'has no examples'), ('a,b\n', 'has no examples'), ('a = ', 'has no examples')])
def test_a_mistake_is_named_by_its_place(text, said):
    with pytest.raises(InputError) as e: read_text(text, 'devset')
    assert said in str(e.value) and str(e.value).startswith('devset') and e.value.hint


@pytest.mark.parametrize('changes, said, hint', [
    (dict(team='biling'), "row 2, column 'team' should be Team", "did you mean 'billing'?"), (dict(stars='many'), "row 2, column 'stars' should be int, not str: 'many'", 'correct the value'), (dict(email=3), "row 2, column 'email' should be str, not int", '.astype(str)'),
    (dict(stars=True), "column 'stars' should be int, not bool", ''), (dict(stars=None), "row 2, column 'stars' is empty", 'leave the row out'), (dict(urgent='soon'), "column 'urgent' should be bool", '')])
def test_a_value_that_does_not_fit_is_named_by_row_and_column(changes, said, hint):
    good = dict(email='x', stars=1, price=1, tags=[], team='billing', kind='bug', urgent=True)
    with pytest.raises(InputError) as e: check_dataset(Dataset('devset', [good, good | changes]), Triage)
    assert said in str(e.value) and hint in e.value.hint


def test_a_label_may_be_missing_and_a_whole_column_of_inputs_may_not():
    rows = [dict(email='x', stars='1', price='2.5', tags='["a"]', note='mine')]
    assert check_dataset(Dataset('devset', rows), Triage).rows == (dict(email='x', stars=1, price=2.5, tags=['a'], note='mine'),)
    with pytest.raises(InputError, match="has no column 'email'") as e: check_dataset(Dataset('devset', [dict(Email='x')]), Triage)
    assert "rename the column 'Email' to 'email'" == e.value.hint


def test_an_empty_cell_has_no_value_and_two_quotes_are_an_empty_text():
    assert read_csv('a;b\n"";\n;x\n;\n') == [{'a': ''}, {'b': 'x'}]
    assert read_csv('a\tb\n1\t "q ""x"" " \n') == [{'a': '1', 'b': 'q "x" '}]


# tables

class FakePandas:
    dtypes, shape = None, (2, 2)
    def __init__(self, rows): self.rows, self.columns = rows, list(rows[0])
    def to_dict(self, orient): return self.rows


class FakePolars:
    shape = (2, 2)
    def __init__(self, rows): self.rows, self.columns = rows, list(rows[0])
    def to_dicts(self): return self.rows


@pytest.mark.parametrize('table', [FakePandas, FakePolars])
def test_a_table_is_known_by_what_it_can_do(table):
    import numpy as np
    NaT = type('NaTType', (), {})()
    data = find_dataset('frame', dict(frame=table([dict(email='x', stars=np.int64(2), vector=np.array([1, 2])), dict(email='y', stars=float('nan'), vector=NaT)])))
    assert data.rows == (dict(email='x', stars=2, vector=[1, 2]), dict(email='y')) and data.name == 'frame'


def test_real_tables(tmp_path):
    pandas = pytest.importorskip('pandas')
    frame = pandas.DataFrame(dict(email=['x', 'y'], stars=[1, None], at=[pandas.Timestamp('2024-02-29'), None]))
    assert json.dumps(make_dataset(frame, 'frame').plain) == '[{"email": "x", "stars": 1.0, "at": "2024-02-29T00:00:00"}, {"email": "y"}]'
    pytest.importorskip('pyarrow')
    frame[['email', 'stars']].to_parquet(tmp_path/'emails.parquet')
    assert read_file(tmp_path/'emails.parquet').rows == (dict(email='x', stars=1.0), dict(email='y'))
    polars = pytest.importorskip('polars')
    assert make_dataset(polars.read_parquet(tmp_path/'emails.parquet')).rows == (dict(email='x', stars=1.0), dict(email='y'))


def test_parquet_without_its_packages_names_the_extra(tmp_path, monkeypatch):
    for name in ('pyarrow', 'pyarrow.parquet', 'polars'): monkeypatch.setitem(__import__('sys').modules, name, None)
    (tmp_path/'x.parquet').write_bytes(b'PAR1')
    with pytest.raises(MissingExtra) as e: read_file(tmp_path/'x.parquet')
    assert "dspy_toolkit[data]" in e.value.hint


def test_examples_of_dspy_remember_their_inputs():
    data = find_dataset('devset', dict(devset=[dspy.Example(email='x', team='billing').with_inputs('email')]))
    assert data.inputs == ('email',) and data.rows == (dict(email='x', team='billing'),)


@pytest.mark.parametrize('value', [3, 'text', None, [], [1], [dict()], dspy.Prediction(a=1), dict(a=1), object(), [dict(a=object())], [{1: 2}], [dict(a='\ud800')]])
def test_what_is_no_dataset_is_refused_in_two_lines(value):
    with pytest.raises((InputError, NotRegistered)) as e: find_dataset('it', dict(it=value, devset=[dict(a=1)]))
    assert len(str(e.value).splitlines()) == 1 and e.value.hint


# what differs

@settings(max_examples=60, deadline=None)
@given(old=st.lists(st.fixed_dictionaries(dict(email=st.integers(0, 5), team=st.integers(0, 2))), min_size=1, max_size=8), new=st.lists(st.fixed_dictionaries(dict(email=st.integers(0, 5), team=st.integers(0, 2))), min_size=1, max_size=8))
def test_the_difference_leads_from_one_dataset_to_the_other(old, new):
    found = diff_datasets(Dataset('a', old), Dataset('b', new))
    left = [row for n, row in enumerate(old, 1) if n not in {*found.removed, *(a for a, *_ in found.changed)}]
    came = [new[n - 1] for n in [*found.added, *(b for _, b, _ in found.changed)]]
    assert sorted(map(canonical, left + came)) == sorted(map(canonical, new))
    assert found.same == (old == new)
    for a, b, columns in found.changed: assert columns and {k for k in old[a - 1] if old[a - 1][k] != new[b - 1][k]} == set(columns)


# parts

@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(dict(email=st.integers(0, 30), team=st.sampled_from('abc'))), min_size=12, max_size=60), seed=st.integers(), by=st.sampled_from([None, 'team']),
       shares=st.sampled_from([['0.7', '0.3'], ['train=0.6', 'dev=0.2', 'test=0.2'], ['50%', '25%', '25%']]), order=st.randoms())
def test_the_parts_are_disjoint_and_complete_and_the_same_each_time(rows, seed, by, shares, order):
    shares, data = read_shares(shares, 'devset'), Dataset('devset', rows)
    parts = split_dataset(data, shares, seed, by)
    assert sorted(canonical(row) for part in parts.values() for row in part) == sorted(map(canonical, rows))
    for name, part in parts.items(): assert abs(len(part) - shares[name] * len(rows)) < len(shares)
    shuffled = list(rows)
    order.shuffle(shuffled)
    again = split_dataset(Dataset('other', shuffled), shares, seed, by)
    assert all(sorted(map(canonical, again[name])) == sorted(map(canonical, part)) for name, part in parts.items())
    if by is None: return
    for label in 'abc':
        count = sum(row['team'] == label for row in rows)
        for name, part in parts.items(): assert abs(sum(row['team'] == label for row in part) - shares[name] * count) < len(shares)


def test_another_seed_gives_other_parts():
    data = Dataset('devset', [dict(n=n) for n in range(50)])
    first, second = (split_dataset(data, dict(a=.5, b=.5), seed)['a'].digest for seed in (0, 1))
    assert first != second


@pytest.mark.parametrize('words, said', [(['0.7'], 'into 1 part'), (['0.7', '0.2'], 'add up to 0.9'), (['a', 'b'], "'a' is not a share"), (['1', '0'], '1 is not a share'), (['x=0.5', 'x=0.5'], "'x' does not name one part"), (['a b=0.5', '0.5'], "'a b'")])
def test_shares_that_make_no_sense_are_refused(words, said):
    with pytest.raises(InputError) as e: read_shares(words, 'devset')
    assert said in str(e.value)


def test_a_column_that_is_not_there_and_a_part_without_rows_are_refused():
    data = Dataset('devset', [dict(team='a'), dict(team='b')])
    with pytest.raises(InputError, match="no column 'tem'") as e: split_dataset(data, dict(a=.5, b=.5), by='tem')
    assert 'team' in e.value.hint
    with pytest.raises(InputError, match='nothing is left'): split_dataset(data, dict(a=.8, b=.1, c=.1))
