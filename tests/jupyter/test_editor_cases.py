"An edit is checked against the cases of its signature before it is tried, and what is tried is kept as a case."
import asyncio
import threading

import dspy
import pytest

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.jupyter import checks as module
from dspy_toolkit.jupyter.checks import CaseCheck
from dspy_toolkit.jupyter.editor import SignatureEditor, edit
from dspy_toolkit.signatures.source import parse_cell
from tests.jupyter.test_editor import copied, typed
from tests.typist import Typist, typist

CELL = '"""Route an email."""\nemail: str\n->\nteam: Literal["billing", "technical", "sales"]\nurgent: bool'
ANSWERS = '{"team": "billing", "urgent": true}', '{"team": "sales", "urgent": false}'
LATE = dict(texts=dict(email='It is late.'))


@pytest.fixture
def editor(registry):
    "An editor of a saved signature with two cases, and a model that answers the cases, and then a run."
    spec = parse_cell(CELL, 'Triage').spec
    version = registry.save(spec)
    registry.keep_case('Triage', 'charged', dict(email='Charged twice.'), dict(team='billing'))
    registry.keep_case('Triage', 'late', dict(email='It is late.'), answer=dict(team='technical', urgent=True))
    dspy.configure(lm=typist(ANSWERS[0]), adapter=dspy.JSONAdapter())
    yield SignatureEditor(spec, {}, version)
    dspy.configure(lm=None, adapter=None)


def asked(): return len(dspy.settings.lm.history)


def test_what_is_saved_is_tried_without_its_cases(editor):
    editor.run(**LATE)
    assert editor.trial['state'] == 'done' and editor.checks == {} and asked() == 1


def test_an_edit_is_checked_first_and_not_saved_for_that(editor, registry):
    typed(editor, instructions='Route it.')
    editor.run(**LATE)
    assert editor.checks['rows'] == [['charged', 'pass', ''], ['late', 'changed', 'team: billing, was technical']]
    assert editor.checks['said'] == '2 cases: 1 pass, 1 changed' and editor.trial['state'] == 'done' and asked() == 3
    assert editor.checked['broken'] == 'this edit changes 1 case: late (team)'
    assert [v.number for v in registry.versions('Triage')] == [1]


def test_the_same_edit_is_not_checked_twice_and_another_or_a_new_case_is(editor, registry):
    typed(editor, instructions='Route it.')
    for calls in (3, 4):
        editor.run(**LATE)
        assert asked() == calls
    registry.keep_case('Triage', 'third', dict(email='x'))
    editor.run(**LATE)
    assert asked() == 8 and len(editor.checks['rows']) == 3


def test_a_warning_belongs_to_the_edit_that_was_checked_and_saving_stays_possible(editor, registry):
    registry.keep_case('Triage', 'charged', dict(email='Charged twice.'), dict(team='sales'))
    draft = copied(editor.draft)
    typed(editor, instructions='Route it.')
    editor.run(**LATE)
    assert 'fails 1 case: charged (team)' in editor.checked['broken']
    typed(editor, instructions='Route it now.')
    assert editor.checked['broken'] == ''
    typed(editor, instructions='Route it.')
    assert 'fails 1 case' in editor.checked['broken']
    assert str(editor.save('all the same')) == 'Triage@2' and draft


def test_an_edit_that_the_inputs_of_a_case_do_not_fit_fails_it_with_the_reason(editor):
    typed(editor, 0, name='mail')
    editor.run(texts=dict(mail='It is late.'))
    assert [row[1] for row in editor.checks['rows']] == ['failed', 'failed'] and "no input 'email'" in editor.checks['rows'][0][2]
    assert editor.trial['state'] == 'done'


def test_inputs_that_are_wrong_cost_no_case(editor):
    typed(editor, instructions='Route it.')
    typed(editor, 0, type='int')
    editor.run(texts=dict(email='x'))
    assert asked() == 0 and editor.trial['wrong'] and editor.checks == {}


def test_at_most_so_many_cases_are_run_the_newest_and_it_is_said(editor, monkeypatch):
    monkeypatch.setattr(module, 'MOST', 1)
    typed(editor, instructions='Route it.')
    editor.run(**LATE)
    assert [row[0] for row in editor.checks['rows']] == ['late'] and editor.checks['said'].endswith('the newest 1 of 2')


def test_the_cases_are_stopped_on_their_own_thread_and_nothing_is_run_after(editor, registry):
    for n in range(6): registry.keep_case('Triage', f'more-{n}', dict(email=str(n)))  # more than run at once
    gate, begun = threading.Event(), threading.Event()
    class Slow(Typist):
        def complete(self, request):
            begun.set()
            gate.wait(10)
            return super().complete(request)
    dspy.configure(lm=dspy.LM('test/slow', engine=Slow(*ANSWERS), cache=False, num_retries=0), adapter=dspy.JSONAdapter())
    async def go():
        typed(editor, instructions='Route it.')
        editor.run(**LATE)
        assert editor.trial['state'] == 'running' and editor.checks['state'] == 'running'  # and the page's thread is free
        while not begun.is_set(): await asyncio.sleep(0.01)
        with pytest.raises(InputError, match='running already'): editor.run()
        editor.stop()
        gate.set()
        for _ in range(500):
            if editor.trial['state'] == 'stopped': break
            await asyncio.sleep(0.01)
        assert editor.trial['state'] == 'stopped' and editor.checks['state'] == 'stopped' and 'stopped' in editor.checks['said']
        assert editor.prediction is None and editor._job is None
    asyncio.run(go())


def test_on_the_kernel_s_loop_the_run_follows_the_cases(editor):
    async def go():
        typed(editor, instructions='Route it.')
        editor.run(**LATE)
        for _ in range(500):
            if editor.trial['state'] == 'done': break
            await asyncio.sleep(0.01)
        assert editor.trial['state'] == 'done' and len(editor.checks['rows']) == 2 and editor.prediction.team == 'billing'
    asyncio.run(go())


def test_what_was_tried_is_kept_with_its_answer_and_what_was_not_without(editor, registry):
    editor.run(**LATE)
    editor._receive(editor, {'do': 'name case', 'inputs': LATE['texts']})
    assert editor.offer['name'] == 'late-2'
    editor._receive(editor, {'do': 'keep case', 'name': 'late-2', 'inputs': LATE['texts']})
    editor._receive(editor, {'do': 'keep case', 'name': 'other', 'inputs': dict(email='Another.')})
    kept = {case.name: (case.inputs, case.answer) for case in registry.cases('Triage')}
    assert kept['late-2'] == (LATE['texts'], dict(team='billing', urgent=True)) and kept['other'] == (dict(email='Another.'), {})
    assert editor.offer == {} and '%dspy test Triage' in editor.notice['text']


@pytest.mark.parametrize('name, why', [('', 'has no name'), ('late', "a case 'late' already"), ('two words', 'is not a word for a case')])
def test_a_case_that_cannot_be_kept_is_said_at_the_foot(editor, registry, name, why):
    before = registry.cases('Triage')
    editor._receive(editor, {'do': 'keep case', 'name': name, 'inputs': LATE['texts']})
    assert why in editor.notice['text'] and editor.notice['level'] == 'error' and registry.cases('Triage') == before


def test_a_signature_that_was_never_saved_keeps_no_case_and_checks_none(registry):
    dspy.configure(lm=typist(ANSWERS[0]), adapter=dspy.JSONAdapter())
    editor = edit(parse_cell(CELL, 'Fresh').spec, {})
    editor._receive(editor, {'do': 'keep case', 'name': 'late', 'inputs': LATE['texts']})
    assert editor.notice['level'] == 'error' and 'Fresh' in editor.notice['text']
    editor.run(**LATE)
    assert editor.trial['state'] == 'done' and editor.checks == {}
    dspy.configure(lm=None, adapter=None)


def test_a_check_that_cannot_be_made_is_said_and_the_run_says_it_too(registry):
    def broken(**inputs): raise AssertionError
    check = CaseCheck(broken, [])
    with pytest.raises(AttributeError): check.start().result()
    assert check.state == 'failed' and check.summary().startswith('cases not run: ')
