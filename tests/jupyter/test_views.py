"A view says the same in html, in text and as JSON, and nothing that a model writes becomes anything but text."
import json
from html.parser import HTMLParser

import dspy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from dspy_toolkit.commands import system
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.programs.rows import RowResult
from dspy_toolkit.views.base import div, grid, value_html, value_text
from dspy_toolkit.views.errors import ErrorView, describe_error, of_error
from dspy_toolkit.views.evaluations import EvaluationView
from dspy_toolkit.views.live import LiveView
from dspy_toolkit.views.models import ModelsView
from dspy_toolkit.views.programs import RunView
from dspy_toolkit.signatures.library import library
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.views.signatures import LibraryView, SignatureView

texts = st.text(st.characters(exclude_categories=['Cs', 'Cc']), max_size=20) | st.sampled_from(['<script>alert(1)</script>', '"><img src=x onerror=y>', '&lt;', '[bold]x[/]'])
anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8)


class Read(HTMLParser):
    "The text of a page, the elements in it, and the attributes they have."
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.said, self.tags, self.attributes, self.open = [], set(), set(), 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs): self.tags.add(tag); self.attributes |= {k for k, _ in attrs}; self.open += 1
    def handle_endtag(self, tag): self.open -= 1
    def handle_data(self, data): self.said.append(data)


KNOWN = {'style', 'role', 'aria-label', 'aria-busy', 'aria-hidden'}
BOXES = {'div', 'span', 'details', 'summary'}


@given(anything, st.booleans())
def test_whatever_a_value_holds_its_html_is_made_of_plain_boxes(value, choice):
    page = Read(value_html(value, choice=choice))
    assert page.tags <= BOXES and page.attributes <= KNOWN and page.open == 0


@given(texts.filter(str.strip))
def test_a_text_is_shown_as_it_is(text):
    assert text in ''.join(Read(value_html(text)).said) and value_text(text) == text


@given(texts, anything, texts)
def test_no_part_of_a_run_can_break_out_of_its_card(name, value, lm):
    view = RunView(name, {name: True}, lm=lm, state='done', values={name: value})
    page = Read(view.html())
    assert page.tags <= BOXES and page.attributes <= KNOWN and page.open == 0
    assert str(view) and json.loads(json.dumps(view.to_json()))


@given(texts)
def test_attributes_are_escaped(text): assert Read(div('x', aria_label=text)).attributes == {'aria-label'}


class Triage(dspy.Signature):
    """Route a support email to the right team."""
    email: str = dspy.InputField(desc='as received')
    team: str = dspy.OutputField(min_length=2)


SPEC = SignatureSpec.from_dspy(Triage)
VIEWS = {
    'a signature': SignatureView(SPEC), 'the library': LibraryView(list(library().values())), 'models': ModelsView('mlx/tiny', {'fast': 'openai/x'}),
    'an error': ErrorView('InputError', 'x is <b>wrong</b>', 'say y', ('    a: strng', '       ^^^^^'), 'InputError ...'), 'help': system.help(), 'help on a verb': system.help('run'), 'a run': RunView('Triage', {'team': True}, values={'team': 'sales'}, state='done'),
}


@pytest.mark.parametrize('view', VIEWS.values(), ids=VIEWS)
def test_every_view_has_three_faces(view):
    faces = view._repr_mimebundle_()
    assert set(faces) == {'text/plain', 'text/html'}
    assert max(map(len, faces['text/plain'].splitlines())) <= 100 and faces['text/plain'] == faces['text/plain'].rstrip()
    assert json.loads(json.dumps(view.to_json()))
    said = ''.join(Read(faces['text/html']).said)
    assert faces['text/plain'].split()[0].strip('…') in said


ESCAPES = '\x1b[31mred\x1b[0m, \x1b]0;a title\x07 \x9b2J \x08\x7f'


def test_a_terminal_s_escapes_are_text_in_every_face():
    view = RunView('Triage', {'team': True, 'why': False}, values={'team': ESCAPES, 'why': [ESCAPES]}, state='done')
    for face in view._repr_mimebundle_().values():
        assert '␛[31mred␛[0m, ␛]0;a title' in face
        assert [c for c in face if c != '\n' and (c < ' ' or '\x7f' <= c < '\xa0')] == []


# --- values that hold values


class Line(BaseModel):
    item: str
    count: int


class Order(BaseModel):
    number: int
    to: dict[str, str]
    lines: list[Line]


LINES = [Line(item='desk lamp', count=1), Line(item='<b>chair</b>', count=2)]


@pytest.mark.parametrize('value', [LINES, [o.model_dump() for o in LINES], tuple(LINES)], ids=['models', 'dicts', 'a tuple'])
def test_a_list_of_models_is_a_table(value):
    html = value_html(value)
    assert html.count('role="columnheader"') == 2 and html.count('role="row"') == 3 and html.count('role="cell"') == 4
    assert 'role="table"' in html and '<b>' not in html
    assert value_text(value).splitlines() == ['item          count', 'desk lamp     1', '<b>chair</b>  2']


@pytest.mark.parametrize('value', [[dict(a=1), dict(b=1)], [dict(a=1), 2], [], [{}], [{f'f{n}': n for n in range(9)}], [dict(a='x' * 80, b=1)]])
def test_what_makes_no_table_is_a_list(value):
    assert 'role="table"' not in value_html(value) or len(value_text(value).splitlines()) == 1


def test_the_last_row_of_a_table_may_still_be_at_work():
    html = value_html([dict(item='lamp', count=1), dict(item='cha')])
    assert html.count('role="row"') == 3 and html.count('role="cell"') == 4


def test_a_model_within_a_model_opens_and_its_lines_are_a_table():
    html = value_html(Order(number=7, to=dict(name='Ada', town='Oslo'), lines=LINES))
    assert html.count('<details>') == 1 and '>name: Ada, town: Oslo</summary>' in html and html.count('role="table"') == 1
    assert value_html([dict(order=dict(lines=LINES))]).count('<details>') == 2  # within a table, tables are folded


def test_a_part_that_was_cut_is_open():
    assert '<details open="open">' in value_html(dict(to=dict(name='A', town='')), cut=['to.town'])
    assert value_html(dict(to=dict(name='A', town='')), cut=['to.town']).count('>cut short</span>') == 2


# --- what a notebook keeps


def show_evaluation(n):
    view = EvaluationView('Triage', n)
    for i in range(n): view.add(RowResult(i, 0.0, dict(team='billing'), requests=('9a0fdf90',)), dict(team='sales'), dict(email=f'invoice {i}'))
    return view


def show_candidates(n):
    view = LiveView('Triage', n)
    view.columns = ('#', 'number'), ('', 'mark'), ('score', 'number'), ('on', 'text'), ('demos', 'number'), ('instructions', 'text')
    for i in range(n): view.add_row([i, 'best', 0.5, '45 rows', 8, 'Which team?'])
    return view


def show_library(n): return LibraryView((list(library().values()) * n)[:n])
def show_cells(n): return grid([('invoice', 'sales', 'billing', '0.000')] * n, 'repeat(4, auto)')


@pytest.mark.parametrize('show, most', [(show_evaluation, 700), (show_candidates, 600), (show_library, 900), (show_cells, 250)],
                         ids=['evaluation', 'candidates', 'library', 'cells'])
def test_a_row_of_a_table_takes_few_bytes_and_keeps_its_roles(show, most):
    few, many = (made if isinstance(made, str) else made._repr_mimebundle_()['text/html'] for made in map(show, (30, 60)))
    assert many.count('role="row"') - few.count('role="row"') == 30 and 'style="display:grid;grid-template-columns:' in many
    assert (len(many) - len(few)) / 30 < most


# --- errors


def of(call):
    try: call()
    except Exception as e: return of_error(e)


def test_an_error_quotes_without_colours_and_without_elements():
    error = dspy.AdapterParseError(adapter_name='A', signature=Triage, lm_response=f'<img src=x onerror=y> {ESCAPES}')
    for face in (*of_error(error)._repr_mimebundle_().values(), '\n'.join(describe_error(error))):
        assert 'red,  �2J' in face and '\x1b' not in face and 'a title' not in face
    assert Read(of_error(error).html()).tags == {'div', 'span'}


def test_a_bug_has_its_stack_folded_and_what_is_known_has_none():
    html = str(of(lambda: 1 / 0).html())
    assert '<details>' in html and 'division by zero' in html and ', in of' in html[html.index('<details>'):]
    assert '<details>' not in of_error(dspy.ContextWindowExceededError(message='too long')).html()


def test_the_mark_stands_under_its_word_on_the_card():
    view = of(lambda: parse_cell('email: string\n->\nteam: str', 'T', first_line=2))
    line, mark = next(text for text in Read(view.html()).said if '^' in text).split('\n')
    assert line[mark.index('^'):mark.rindex('^') + 1] == 'string' and mark.endswith('expected a type')
    assert ' role="alert"' in view.html() and 'did you mean str?' in view.html()


def test_a_field_of_which_only_the_quote_is_written_is_not_called_empty():
    written = RunView('Triage', {'a': False}, state='running', values={'a': ''}, writing='a')
    assert 'empty' not in written._repr_mimebundle_()['text/html'] and '▍' in written._repr_mimebundle_()['text/html']
    assert 'empty' in RunView('Triage', {'a': False}, state='done', values={'a': ''})._repr_mimebundle_()['text/html']


@pytest.mark.parametrize('state', ['running', 'done', 'stopped', 'failed'])
def test_a_card_of_any_state_says_which(state):
    view = RunView('Triage', {'a': False, 'b': False}, state=state, values={'a': 'half'}, writing='a')
    assert (state in str(view)) == (state != 'done') and f': {state}"' in view.html()
    assert ('aria-busy' in view.html()) == (state == 'running')


@pytest.mark.parametrize('address', ['127.0.0.1:9', 'localhost:11434', '[::1]:8000'])
def test_a_refused_connection_names_host_and_port(address):
    said = of_error(dspy.LMTransportError(message=f'failed to connect to {address}: [Errno 111] Connection refused', model='openai/x')).hint
    assert f'no server answers at {address}' in said and 'network' not in said


def test_another_fault_of_the_connection_still_points_to_the_network():
    assert 'check the network' in of_error(dspy.LMTransportError(message='failed to look up api.example.com', model='openai/x')).hint
