"The kernel's half of the buttons below an answer: what they do is what the verbs do, it is said, and it can be undone. The page's half is in tests/browser."
import asyncio
import enum
import json
from datetime import date
from typing import Literal

import dspy
import pytest
from pydantic import BaseModel

from dspy_toolkit.commands.parse import call, read_line
from dspy_toolkit.core import session
from dspy_toolkit.jupyter import answers as module
from dspy_toolkit.jupyter.answers import AnswerDesk, open_buttons, suggest_name, write_assignment
from dspy_toolkit.jupyter.magics import Buttons
from dspy_toolkit.programs.answers import record_answer
from dspy_toolkit.signatures.dataset import to_jsonable
from dspy_toolkit.views.programs import RunView
from tests.typist import typist


class Mood(enum.Enum): calm = 1; angry = 2
class Person(BaseModel): name: str; age: int = 3


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: Literal['billing', 'technical', 'sales'] = dspy.OutputField()
    urgency: int = dspy.OutputField(ge=0, le=10)
    reply: str | None = dspy.OutputField()
    mood: Mood = dspy.OutputField()
    sure: bool = dspy.OutputField()
    due: date | None = dspy.OutputField()
    people: list[Person] = dspy.OutputField()


EMAIL = dict(email='I was charged twice.')
ANSWER = dict(team='sales', urgency=3, reply='null', mood=Mood.calm, sure=False, due=date(2026, 11, 27), people=[Person(name='Ada')])
PLAIN = to_jsonable(ANSWER)


@pytest.fixture
def desk(registry):
    "The buttons of a session with one answer, whose card is page-1."
    session.reset()
    record_answer('Triage', '', EMAIL, dspy.Prediction(**ANSWER), list(ANSWER), id='page-1')
    desk = AnswerDesk({'Triage': Triage})
    return lambda what, **more: desk.do({'do': what, 'answer': 'page-1'} | more)


def said(registry): return [(m.verdict, m.inputs, m.outputs) for m in registry.marks('Triage')]


def test_right_marks_and_undo_takes_it_back_once(desk, registry):
    done = desk('right')
    assert said(registry) == [('right', EMAIL, PLAIN)] and done['verdict'] == 'right'
    assert desk('undo', undo=done['undo'])['ok'] and said(registry) == []
    again = desk('undo', undo=done['undo'])
    assert not again['ok'] and 'taken back already' in again['text'] and said(registry) == []


def test_undo_brings_back_what_was_said_before(desk, registry):
    desk('right')
    done = desk('correct', texts=dict(team='billing'))
    assert said(registry) == [('corrected', EMAIL, PLAIN | dict(team='billing'))]
    back = desk('undo', undo=done['undo'])
    assert said(registry) == [('right', EMAIL, PLAIN)] and back['verdict'] == 'right'


@pytest.mark.parametrize('name, text, value', [
    ('team', 'billing', 'billing'), ('urgency', '10', 10), ('reply', 'We are "sorry".\nSincerely', 'We are "sorry".\nSincerely'), ('reply', '', None), ('mood', 'angry', 2),
    ('sure', 'true', True), ('due', '2026-12-24', '2026-12-24'), ('due', '', None), ('people', '[{"name": "Bob", "age": 7}]', [dict(name='Bob', age=7)]), ('people', '[]', []),
], ids=['choice', 'number', 'text', 'no text', 'enum', 'check', 'day', 'no day', 'models', 'none'])
def test_each_box_corrects_its_field_and_only_it(desk, registry, name, text, value):
    opened = desk('open correct')
    assert [box['name'] for box in opened['boxes']] == list(ANSWER)
    assert desk('correct', texts=opened['texts'] | {name: text})['ok']
    assert said(registry) == [('corrected', EMAIL, PLAIN | {name: value})]
    again = desk('open correct')['texts'][name]
    assert again == text or json.loads(again) == json.loads(text)


@pytest.mark.parametrize('name, text, line', [
    ('urgency', 'soon', "'soon' is not an int"), ('urgency', '', 'urgency needs a value'), ('urgency', '11', 'less than or equal to 10'), ('team', 'Mars', 'is not a Literal["billing"'),
    ('due', '2026-02-30', 'due'), ('people', '[{"nam": 1}]', 'people'), ('people', '[', "'[' is not a list[Person]"),
], ids=['no number', 'empty', 'too large', 'no choice', 'no day', 'no person', 'no JSON'])
def test_a_correction_that_does_not_fit_is_said_at_its_box_and_nothing_is_kept(desk, registry, name, text, line):
    answer = desk('correct', texts=dict(team='billing') | {name: text})
    assert not answer['ok'] and line in answer['wrong'][name] and list(answer['wrong']) == [name]
    assert said(registry) == []


def test_a_correction_that_corrects_nothing_is_refused(desk, registry):
    answer = desk('correct', texts=desk('open correct')['texts'])
    assert not answer['ok'] and 'nothing is corrected' in answer['text'] and said(registry) == []


def test_a_case_expects_what_was_corrected_and_undo_deletes_it(desk, registry):
    desk('correct', texts=dict(team='billing'))
    opened = desk('open keep')
    assert (opened['name'], opened['expected']) == ('charged-twice', ['team'])
    done = desk('keep', name=opened['name'], expect=opened['expected'])
    assert [(str(c), c.inputs, c.expected, c.answer) for c in registry.cases('Triage')] == [('Triage/charged-twice', EMAIL, dict(team='billing'), PLAIN)]
    assert desk('open keep')['name'] == 'charged-twice-2'
    assert desk('undo', undo=done['undo'])['line'] == '%dspy case Triage charged-twice --delete' and registry.cases('Triage') == []


@pytest.mark.parametrize('name, why', [('', 'has no name'), ('two words', 'is not a word for a case'), ('late', "a case 'late' already"), ('1', 'is not a word for a case')])
def test_a_name_that_is_none_or_is_taken_is_refused_and_the_case_that_has_it_stays(desk, registry, name, why):
    desk('keep', name='late')
    before = registry.cases('Triage')
    answer = desk('keep', name=name)
    assert not answer['ok'] and why in answer['text'] and registry.cases('Triage') == before


@pytest.mark.parametrize('what', ['right', 'open correct', 'correct', 'open keep', 'keep'])
@pytest.mark.parametrize('answer', ['page-2', '', None, ['page-1']], ids=str)
def test_an_answer_that_is_not_in_the_history_is_refused_with_a_reason(desk, registry, what, answer):
    answer = desk(what, answer=answer, name='late', texts=dict(team='billing'))
    assert not answer['ok'] and 'not among the last 1,000' in answer['text'] and 'run it again' in answer['text']
    assert said(registry) == [] == registry.cases('Triage')


def test_an_answer_that_came_before_a_reset_is_refused(desk):
    session.reset()
    assert 'not among' in desk('right')['text']


@pytest.mark.parametrize('asked', [{}, {'do': None}, {'do': 'undo', 'undo': [1]}, {'do': '__init__'}, {'do': 'correct', 'answer': 'page-1', 'texts': 3}], ids=str)
def test_no_message_of_a_page_raises(desk, asked):
    answer = AnswerDesk().do(asked)
    assert answer['ok'] is False and answer['text']


LINES = [('right', {}), ('correct', dict(texts=dict(team='billing', urgency='7', reply='We are sorry.', people='[{"name": "Bob", "age": 7}]'))), ('keep', dict(name='late', expect=['team', 'urgency'])),
         ('keep', dict(name='late'))]


@pytest.mark.parametrize('what, more', LINES, ids=['right', 'correct', 'keep with expectations', 'keep'])
@pytest.mark.parametrize('later', [0, 2], ids=['the last answer', 'an earlier one'])
def test_the_line_that_is_said_does_the_same(desk, registry, what, more, later):
    for n in range(later): record_answer('Triage', '', dict(email=f'Later {n}'), dspy.Prediction(**ANSWER), list(ANSWER), id=f'page-{n + 2}')
    state = lambda: (said(registry), [(str(c), c.inputs, c.expected, c.answer) for c in registry.cases('Triage')])
    done = desk(what, **more)
    assert ('last' in done['line']) == (later == 0)
    by_button = state()
    undone = desk('undo', undo=done['undo'])
    assert state() == ([], [])
    do = lambda line: call(read_line(line.removeprefix('%dspy '), {}), namespace={'Triage': Triage})
    do(done['line'])
    assert state() == by_button
    do(undone['line'])
    assert state() == ([], [])


def test_words_and_names_are_cut_and_quoted():
    assert write_assignment('reply', 'We are sorry.') == 'reply="We are sorry."' and len(write_assignment('reply', 'word ' * 50)) < 80
    assert write_assignment('cost', '$5') == 'cost=$$5'
    assert suggest_name(dict(email='<b>!!'), ()) == 'case' and suggest_name(dict(n=1), ('case', 'case-2')) == 'case-3'
    assert len(suggest_name(dict(email='x' * 300))) <= 40


def test_only_a_finished_answer_of_a_page_has_an_id_in_its_card():
    view = RunView('Triage', dict(team=True))
    view.answer = 'page-1'
    assert 'page-1' not in str(view.html())
    assert 'data-answer="page-1"' in str(view.finish(dspy.Prediction(team='sales')).html())
    view.answer = ''
    assert 'dspy-answer' not in str(view.html()) and 'answer' not in view.to_json()


def test_without_a_page_a_cell_names_no_answer_and_makes_no_widget(triage):
    dspy.configure(lm=typist('{"team": "sales", "needs_human": true}'), adapter=dspy.JSONAdapter())
    result = triage('%%dspy run Triage\nemail = "A discount?"')
    assert result.result.team == 'sales' and 'dspy-answer' not in str(result.displayed)
    buttons = triage.ip._dspy_toolkit.buttons
    buttons.put()
    assert buttons._reading._thread.ident is None and module._open_ones == {}


@pytest.mark.parametrize('name, made', [('dspy_toolkit.jupyter.answers', True), ('dspy_toolkit.jupyter.no_such_module', False)], ids=['with anywidget', 'without it'])
def test_the_buttons_come_when_what_they_need_is_imported_and_not_where_it_is_missing(name, made):
    class Shell: user_ns = {}
    async def run():
        buttons = Buttons(Shell())
        buttons._reading.modules = (name,)
        assert buttons.announce(True) == f'{buttons.key}-1' and buttons.announce(False) == ''
        buttons.put()
        for _ in range(200):
            await asyncio.sleep(0.02)
            if buttons._reading.done and (module._open_ones or not made): break
        await asyncio.sleep(0.1)
        assert list(module._open_ones) == [buttons.key] * made
        buttons.stop()
    try: asyncio.run(run())
    finally: session.reset()
    assert module._open_ones == {}


def test_the_widget_answers_the_page_under_the_number_of_its_question(desk, monkeypatch):
    sent = []
    monkeypatch.setattr(module, 'post_message', lambda comm, content: sent.append(content))
    widget = open_buttons('page', {'Triage': Triage})
    widget._receive(widget, dict(do='right', answer='page-1', n='a-7'))
    widget._receive(widget, dict(do='right', answer='page-9', n='a-8'))
    assert [(each['n'], each['ok']) for each in sent] == [('a-7', True), ('a-8', False)]
    session.reset()
    assert module._open_ones == {} and widget.comm is None


def test_the_verb_takes_back_a_mark_and_says_where_there_is_none(desk, registry):
    desk('right')
    do = lambda line: call(read_line(line, {}), namespace={'Triage': Triage})
    assert 'took back the mark right' in do('mark last --undo').message and said(registry) == []
    assert [each.action for each in registry.trail('Triage')][:2] == ['unmark', 'mark']
    with pytest.raises(Exception, match='nothing was said'): do('mark last --undo')
    with pytest.raises(Exception, match='says nothing new'): do('mark last right --undo')
