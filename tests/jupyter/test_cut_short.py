"An answer that was cut is never shown as a whole one, and what a card says is not logged below it again."
import io
import json
import logging
import sys
from dataclasses import replace

import dspy
import pytest
from dspy.lm15 import StreamEndEvent

import dspy_toolkit
from dspy_toolkit.commands.calls import history
from dspy_toolkit.views.answers import cut_of, find_relaxed, shortfall
from dspy_toolkit.views.base import WHY_CUT, paths_below, value_html
from dspy_toolkit.views.errors import of_error
from dspy_toolkit.views.programs import RunView, of_prediction
from tests.typist import Typist, typist

from .test_views import Read

CELL = '''%%dspy Signature Invoice
from_: str
->
items: list[str]
order: dict[str, list[str]]
paid: bool
'''
ANSWER = dict(items=['lamp', 'cha'], order=dict(lines=['1', '2']), paid=False)


class Cutter(Typist):
    "A typist whose paper ends, and who says where."
    def __init__(self, *answers, told, **said):
        super().__init__(*answers, **said)
        self.told = told

    def complete(self, request):
        return replace(super().complete(request), finish_reason='length', provider_data=self.told)

    def stream(self, request):
        for event in super().stream(request):
            yield replace(event, finish_reason='length', provider_data=self.told) if isinstance(event, StreamEndEvent) else event


def cutter(*answers, **told):
    engine = Cutter(*(each if isinstance(each, str) else json.dumps(each) for each in answers), told=told)
    return dspy.LM('test/cutter', engine=engine, cache=False, max_tokens=50)


@pytest.fixture
def invoice(shell):
    "A shell in which Invoice is defined, and whose model writes what it is told to."
    shell(CELL)
    def run(*answers, name='Invoice', **told):
        dspy.configure(lm=cutter(*answers or [ANSWER], **told), adapter=dspy.JSONAdapter())
        return shell(f'%%dspy run {name}\nfrom_ = "x"')
    run.shell = shell
    return run


def faces(shell, result):
    view = shell.ip._dspy_toolkit._views[id(result.result)]
    return str(view), str(view.html()), view.to_json()


def marked(html):
    "The words on a page, and the titles on it."
    page = Read(html)
    return ' '.join(page.said), page


# --- the card


def test_a_card_marks_each_field_that_was_cut_in_every_face(invoice):
    result = invoice(cut_short=['items', 'order.lines'])
    text, html, data = faces(invoice.shell, result)
    assert 'items (cut short)' in text and 'order (cut short)' in text and 'paid (cut short)' not in text
    assert f'cut short: items, order.lines ({WHY_CUT})' in text
    assert '→ allow more max_tokens than the 12 it wrote: dspy_toolkit.lm("test/cutter", max_tokens=24)' in text
    assert html.count('>cut short</span>') == 3  # items, order, and the lines within it
    assert html.count(f'title="{WHY_CUT}"') == html.count(f'aria-label="cut short: {WHY_CUT}"') == 3
    assert 'allow more max_tokens' in html
    assert data['cut_short'] == ['items', 'order.lines'] and json.dumps(data)


def test_a_whole_answer_carries_no_mark(invoice):
    dspy.configure(lm=typist(json.dumps(ANSWER)), adapter=dspy.JSONAdapter())
    text, html, data = faces(invoice.shell, invoice.shell('%%dspy run Invoice\nfrom_ = "x"'))
    assert 'cut short' not in text + html and not {'cut_short', 'relaxed'} & set(data)


@pytest.mark.parametrize('told', [dict(cut_short=True), dict(cut_short=True, forced_tokens=3)])
def test_a_cut_whose_place_nobody_knows_is_said_of_the_whole_answer(invoice, told):
    text, html, data = faces(invoice.shell, invoice(**told))
    assert 'the answer is cut short' in text and 'the answer is cut short' in html and data['cut_short'] is True


def test_a_text_that_was_cut_is_marked_at_the_field_written_last(shell):
    dspy.configure(lm=cutter('[[ ## reasoning ## ]]\nIt is late.\n\n[[ ## answer ## ]]\nThe cap'), adapter=dspy.ChatAdapter())
    shell('%%dspy Signature Ask\nquestion -> answer')
    text, html, data = faces(shell, shell('%%dspy run Ask --module ChainOfThought\nquestion = "x"'))
    assert 'answer (cut short)' in text and 'reasoning (cut short)' not in text and data['cut_short'] == ['answer']


def test_what_was_relaxed_is_said_once_and_quietly(invoice):
    result = invoice(cut_short=['items'], relaxed=['items: its pattern', 'paid: not'])
    text, html, data = faces(invoice.shell, result)
    for face in (text, html): assert face.count('checked only after the answer was written: items: its pattern, paid: not') == 1
    assert data['relaxed'] == ['items: its pattern', 'paid: not']


def test_a_streamed_card_marks_the_cut_at_its_end():
    from dspy_toolkit.jupyter.stream import Streamed
    with dspy.context(lm=cutter(ANSWER, cut_short=['items']), adapter=dspy.JSONAdapter()):
        view = RunView('Invoice', dict.fromkeys(ANSWER))
        Streamed()(dspy.Predict('from_ -> items: list[str], order: dict[str, list[str]], paid: bool'), dict(from_='x'), view)
    assert view.lacks.cut == ['items'] and 'items (cut short)' in str(view)


def test_a_prediction_of_plain_dspy_shows_the_same_mark(invoice):
    invoice(cut_short=['items'])
    prediction = invoice.shell('import dspy; dspy.Predict(Invoice)(from_="x")').result
    assert '>cut short</span>' in invoice.shell.ip.display_formatter.format(prediction)[0]['text/html']
    assert '>cut short</span>' not in str(of_prediction(dspy.Prediction(**ANSWER | dict(paid=True))).html())


def test_history_says_which_calls_were_cut(invoice):
    invoice(cut_short=['items', 'order.lines'], relaxed=['items: its pattern'])
    whole, listed = invoice.shell('%dspy history 1'), invoice.shell('%dspy history')
    assert 'cut short: items, order.lines' in whole.shown and 'checked only after' in whole.shown and '[cut short]' in listed.shown
    view = history()
    assert '>cut short</span>' in view.html() and 'cut short: items, order.lines' in view.html()
    assert view.to_json()['calls'][0]['cut_short'] == ['items', 'order.lines']


def test_the_card_of_an_answer_that_could_not_be_read_says_that_it_was_cut(invoice):
    result = invoice('{"items": ["lamp", "cha', '{"items": ["lamp", "cha')
    card = of_error(result.error)
    assert card.message.startswith('the answer was cut short') and 'allow more max_tokens' in card.hint


def test_an_answer_of_the_built_in_model_that_has_no_room_is_marked(shell):
    "The whole way: the engine's word, the history of DSPy, the card."
    dspy.configure(lm=dspy_toolkit.lm('mlx/tiny', max_tokens=24, cache=False), adapter=dspy_toolkit.GrammarAdapter())
    shell(CELL)
    text, html, data = faces(shell, shell('%%dspy run Invoice\nfrom_ = "a lamp, a chair, a desk, a shelf, a carpet"'))
    assert 'cut short' in text and 'cut short' in html and data['cut_short']


# --- what is read off a response


def response(text='', reason='length', **told):
    return dspy.lm15.Response(id='x', model='m', message=dspy.lm15.Message.assistant(text), finish_reason=reason, usage=dspy.lm15.Usage(), provider_data=told or None)


@pytest.mark.parametrize('given, cut', [
    (response('{"a": 1}', cut_short=['a.b']), ['a.b']), (response('{"a": 1}', cut_short=True), True), (response('The cap'), True), (response('{"a": 1}', 'stop'), False),
    (response('{"a": 1}', 'stop', cut_short=[]), False), (response('[[ ## a ## ]]\nx\n\n[[ ## b ## ]]\ny'), ['b']), (None, False), ('a text of an older kind', False)])
def test_what_was_cut_is_read_in_every_form(given, cut): assert cut_of(given) == cut


def test_the_answer_that_gives_a_field_decides_whether_it_was_cut():
    first, second = response('{"items": ["a"]}', cut_short=['items']), response('{"items": ["a", "b"]}', 'stop')
    assert shortfall([dict(response=first), dict(response=second)], ['items']).cut == []
    assert shortfall([dict(response=second), dict(response=first)], ['items']).cut == ['items']
    on_the_way = shortfall([dict(response=first), dict(response=response('{"total": 2}', 'stop'))], ['total'])
    assert on_the_way.cut == [] and on_the_way.earlier == ['items'] and 'cut short on the way: items' in on_the_way.lines[0]
    assert find_relaxed(response('x', relaxed=['a'])) == ['a'] and find_relaxed(response('x')) == []


def test_paths_lead_into_values_with_or_without_the_numbers_of_items():
    assert paths_below(['a', 'a.b', 'a[0].b', 'ab', 'a.b.c'], 'a') == ['', 'b', '[0].b', 'b.c']
    rows = [dict(name='lamp', note='x'), dict(name='cha', note='')]
    assert value_html(rows, cut=['name']) == value_html(rows, cut=['1.name']) == value_html(rows, cut=['[1].name']) != value_html(rows, cut=['0.name'])


# --- the log


WARNING = 'LM response was truncated; increase max_tokens or inspect history.'


class Below(logging.StreamHandler):
    "Prints below the cell that runs."
    stream = property(lambda self: sys.stderr, lambda self, stream: None)


class Picks(logging.StreamHandler):
    "Looks for the stream with each record, as LiteLLM's handler does: the one of its start may be any other."
    __module__ = 'litellm._logging'

    def __init__(self): super().__init__(io.StringIO())

    def emit(self, record):
        self.stream = sys.stderr
        super().emit(record)


@pytest.fixture(params=[Below, Picks])
def below(request):
    "Let a package print its lines, as LiteLLM does."
    made = []
    def attach(name):
        made.append((logging.getLogger(name), request.param()))
        made[-1][0].addHandler(made[-1][1])
    yield attach
    for logger, handler in made: logger.removeHandler(handler)


def test_a_line_of_dspy_that_the_card_says_too_is_folded_into_it(invoice):
    result = invoice(cut_short=['items'])
    text, html, data = faces(invoice.shell, result)
    assert WARNING not in result.shown.replace(text, '')
    assert any(WARNING in line for line in data['log']) and '<summary' in html and WARNING in html


def test_lines_that_no_card_says_are_printed(invoice, below):
    below('mine')
    invoice.shell('import dspy, logging\nclass Loud(dspy.Module):\n'
                  '    def __init__(self): super().__init__(); self.ask = dspy.Predict(Invoice)\n'
                  '    def forward(self, **said):\n'
                  '        logging.getLogger("dspy.predict").warning("mind the gap")\n'
                  '        logging.getLogger("mine").warning("truncated by me")\n'
                  '        return self.ask(**said)\nLoud = Loud()')
    shown = invoice(name='Loud', cut_short=['items']).shown
    assert 'mind the gap' in shown and 'truncated by me' in shown


def test_a_handler_that_writes_elsewhere_gets_every_line(invoice, tmp_path):
    kept = logging.FileHandler(tmp_path/'log')
    logging.getLogger('dspy').addHandler(kept)
    try: invoice(cut_short=['items'])
    finally: logging.getLogger('dspy').removeHandler(kept)
    kept.close()
    assert WARNING in (tmp_path/'log').read_text()


def test_the_message_of_an_error_is_not_logged_below_its_card_again(shell, below):
    class Broken(dspy.Module):
        def __init__(self): super().__init__(); self.ask = dspy.Predict('email -> team')
        def forward(self, email):
            logging.getLogger('LiteLLM').error('RateLimitError: the quota of today is used up')
            raise dspy.LMRateLimitError('the quota of today is used up')
    dspy.configure(lm=typist('{}'), adapter=dspy.JSONAdapter())
    shell.ip.user_ns['broken'] = Broken()
    below('LiteLLM')
    result = shell('%%dspy run broken\nemail = "x"')
    assert result.shown.count('the quota of today is used up') == 1
    card = of_error(result.error)
    assert card.log == ('ERROR LiteLLM: RateLimitError: the quota of today is used up',) and 'log: 1' in card.html()
