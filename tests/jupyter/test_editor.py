"The Python half of the signature editor: what a draft means, what the page is told, what is saved and run. The page's half is in tests/browser."
import asyncio
import enum
import json
import os
import re
import threading
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Literal
from uuid import UUID

import dspy
import pytest
from dspy.utils.callback import BaseCallback
from hypothesis import HealthCheck, example, given, settings
from pydantic import BaseModel, field_validator

import dspy_toolkit
from dspy_toolkit.commands.signatures import show
from dspy_toolkit.core.errors import InputError, NotRegistered, UnsupportedType
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.jupyter import answers, dashboard, live, server
from dspy_toolkit.jupyter import editor as module
from dspy_toolkit.jupyter.boxes import boxes_of, read_boxes
from dspy_toolkit.jupyter.draft import draft_of, empty_draft, read_draft
from dspy_toolkit.jupyter.editor import SignatureEditor, cells_of, edit
from dspy_toolkit.jupyter.page import read_static
from dspy_toolkit.signatures.schema import check_inputs
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec
from dspy_toolkit.signatures.types import encode
from tests.property.test_signatures import namespace_of, specs
from tests.typist import slowly, typist, until

pytestmark = [pytest.mark.filterwarnings("ignore:Field name .* shadows:UserWarning"), pytest.mark.filterwarnings("ignore:The 'prefix' argument:DeprecationWarning")]


class Mood(enum.StrEnum): calm = 'calm'; angry = 'angry'
class Person(BaseModel): name: str; mood: Mood = Mood.calm


TRIAGE = parse_cell('''
"""Route a support email to the right team."""
email: str                                     # as received
->
team: Literal["billing", "technical", "sales"] # who has to answer
urgency: int = Field(ge=0, le=10)
''', 'Triage').spec
EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def copied(draft): return json.loads(json.dumps(draft))  # through the wire


def typed(editor, field=None, **parts):
    "Type into the page: into a field, by its place, or into the signature."
    draft = copied(editor.draft)
    (draft if field is None else draft['fields'][field]).update(parts)
    editor._receive(editor, {'draft': draft | dict(n=draft['n'] + 1, by='page')})
    return draft


def wrong(editor): return [(p.field, p.part, p.warning) for p in editor.problems]


def wait_for(condition, seconds=30):
    "Look every now and then, on this thread."
    moment = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition(): return
        moment.wait(0.01)
    raise AssertionError('it did not come about')


# --- drafts


@given(specs())
@example(SignatureSpec('Triage', '', (FieldSpec('date', 'output', {'type': 'dspy', 'name': 'Tool'}, '', encode({})),)))  # a type whose own code raises over its default
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_draft_means_the_signature_it_was_made_of(spec):
    for namespace in (namespace_of(spec), {}):
        editor = SignatureEditor(spec, namespace)
        assert editor.spec == spec, editor.problems
        again = SignatureEditor(namespace=namespace)
        again._own, again._definitions = editor._own, editor._definitions
        again.draft = copied(editor.draft)
        assert again.spec == spec
        assert draft_of(again.spec, editor._names)['fields'] == copied(editor.draft['fields'])


class date(BaseModel): day: int  # noqa: E701  named like datetime's


@given(specs())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_notebook_that_has_something_else_under_a_name_changes_nothing(spec):
    class Mood(enum.Enum): other = 1
    editor = SignatureEditor(spec, dict(Mood=Mood, Person=date, date=date, str=3, Literal=Mood, Enum=Mood))
    assert editor.spec == spec, editor.problems


def test_every_limit_that_does_not_go_with_a_new_type_is_told():
    editor = SignatureEditor(TRIAGE)
    typed(editor, 2, type='list[str]', constraints={'ge': '0', 'le': '10'})
    assert wrong(editor) == [('p2', 'ge', False), ('p2', 'le', False)] and not editor.spec
    for limits in ({'min_length': '1'}, {}):
        typed(editor, 2, type='list[Annotated[str, Field(pattern="(")]]', constraints=limits)
        assert wrong(editor) == [('p2', 'type', False)] and 'unclosed group' in editor.problems[0].message
    typed(editor, 2, type='list[str]', constraints={'min_length': '1', 'max_length': '2'})
    assert wrong(editor) == [] and editor.spec


@pytest.mark.parametrize('parts, part, warning', [
    (dict(name=''), 'name', False), (dict(name='two words'), 'name', False), (dict(name='class'), 'name', False), (dict(name='email'), 'name', False), (dict(name='_x'), 'name', False),
    (dict(name='fields'), 'name', False), (dict(type='strng'), 'type', False), (dict(type='list['), 'type', False), (dict(type='list[int, str]'), 'type', False),
    (dict(type='__import__("os").system("x")'), 'type', False), (dict(type='"' * 3), 'type', False), (dict(type='(' * 300), 'type', False), (dict(type='list[' * 200 + ']' * 200), 'type', False),
    (dict(default='hello'), 'default', False), (dict(default='open("x")'), 'default', False), (dict(default='"eleven"'), 'default', True), (dict(default='11'), 'default', True),
    (dict(constraints={'ge': 'x'}), 'ge', False), (dict(constraints={'ge': '"a"'}), 'ge', False), (dict(constraints={'min_length': '3'}), 'min_length', False), (dict(constraints={'ge': 'None'}), 'ge', False),
    (dict(type='str', constraints={'min_length': '-1'}), 'min_length', False), (dict(type='str', constraints={'max_length': '1.5'}), 'max_length', False), (dict(type='bool'), 'ge', True),
    (dict(type='list[str]', constraints={'le': '3'}), 'le', False),
])
def test_what_is_wrong_is_told_of_the_box_it_was_typed_in_and_the_text_stays(parts, part, warning):
    editor = SignatureEditor(TRIAGE)
    draft = typed(editor, 2, **parts)
    assert ('p2', part, warning) in wrong(editor), editor.problems
    assert (editor.spec is None) == any(not p.warning for p in editor.problems) == (not warning)
    assert {k: editor.draft['fields'][2][k] for k in parts} == parts
    told = editor.checked
    assert told['valid'] == warning and told['n'] == draft['n'] + 1
    assert {'field': 'p2', 'part': part, 'warning': warning}.items() <= {k: v for p in told['problems'] if p['part'] == part for k, v in p.items()}.items()


def test_all_that_is_wrong_is_found_at_once_with_a_hint():
    editor = SignatureEditor(TRIAGE)
    draft = copied(editor.draft)
    draft['name'] = 'not a name'
    draft['fields'][0]['type'] = 'strng'
    draft['fields'][1] |= dict(type='in', default='x')
    editor.draft = draft
    assert wrong(editor) == [('p0', 'type', False), ('p1', 'type', False), ('p1', 'default', False), ('', 'name', False)]
    assert str(editor.problems[0]) == "unknown type 'strng' → did you mean str?"
    assert str(editor.problems[2]).endswith('put it in quotes if it is text')


@pytest.mark.parametrize('parts, said', [
    (dict(type='list[str'), "'[' is not closed"), (dict(type='a' + '.b' * 1500), 'nested too deeply'), (dict(type='int | ' * 4000 + 'int'), 'is not a type'), (dict(type='str', constraints={'min_length': '-1'}), '-1 is not a length'),
    (dict(default='11'), 'the default is not an int: input should be less than or equal to 10'), (dict(type='complex', constraints={'multiple_of': '"x"'}), 'multiple_of'),
])
def test_it_is_said_in_words_that_help(parts, said):
    editor = SignatureEditor(TRIAGE)
    typed(editor, 2, **parts)
    assert said in ' '.join(map(str, editor.problems))


def test_a_signature_without_outputs_is_told_of():
    editor = SignatureEditor(TRIAGE)
    editor.draft = copied(editor.draft) | dict(fields=copied(editor.draft['fields'])[:1])
    assert wrong(editor) == [('', 'outputs', False)]


def test_blanks_around_a_name_and_a_type_do_not_matter_but_stay():
    editor = SignatureEditor(TRIAGE)
    typed(editor, 0, name=' email ', type=' str ')
    assert editor.spec == TRIAGE and editor.draft['fields'][0]['name'] == ' email '


def test_an_empty_type_is_text(): assert read_draft(dict(name='A', fields=[dict(id='1', name='x', direction='output', type='')])).spec['x'].type == {'type': 'str'}


@pytest.mark.parametrize('draft', [{}, {'name': None, 'fields': None}, {'name': 3, 'fields': [{}]}, {'fields': [{'constraints': {'evil': '1', 'ge': ''}}]}, {'name': 'A', 'fields': [{'name': 'x', 'kept': '{"a'}]}])
def test_a_draft_of_another_shape_raises_nothing(draft):
    assert read_draft(draft).spec is None


def test_what_the_page_does_not_show_is_kept():
    spec = parse_cell('x: str = Field(title="T", examples=[1, 1.0, 12345678901234567890])\n->\ny: float = Field(allow_inf_nan=False)', 'A').spec
    editor = SignatureEditor(spec)
    typed(editor, 0, description='new')
    assert json.dumps(editor.spec['x'].extra) == '{"title": "T", "examples": [1, 1.0, 12345678901234567890]}'
    assert editor.spec['y'].constraints == {'allow_inf_nan': False}


def test_the_page_hears_an_answer_also_when_nothing_is_new():
    editor, heard = SignatureEditor(parse_cell('tags: list[str] -> y: str', 'A').spec), []
    editor.observe(heard.append, 'checked')
    for text in ('[', '["a'): editor.inputs = {'tags': text}  # no JSON yet, so the prompt stays as it is
    assert len(heard) == 2


# --- both ways


def test_setting_the_signature_writes_the_draft_and_a_new_draft_sets_the_signature():
    editor, seen = SignatureEditor(TRIAGE), []
    editor.observe(lambda change: seen.append(change['new']), 'spec')
    n = editor.draft['n']
    editor.spec = replace(TRIAGE, instructions='Shorter.')
    assert editor.draft['instructions'] == 'Shorter.' and editor.draft['by'] == 'python' and editor.draft['n'] > n
    typed(editor, instructions='Longer.')
    assert editor.spec.instructions == 'Longer.'
    typed(editor, 1, type='nonsense')
    assert [s and s.instructions for s in seen] == ['Shorter.', 'Longer.', None]
    editor.spec = TRIAGE
    assert editor.spec == TRIAGE and not editor.problems


def test_a_class_of_dspy_can_be_set_and_nothing_else():
    editor = SignatureEditor()
    editor.spec = TRIAGE.to_dspy()
    assert editor.spec == TRIAGE
    with pytest.raises(InputError, match='not a signature'): editor.spec = 'Triage'
    with pytest.raises(InputError): editor.spec = dspy.Signature
    assert editor.spec == TRIAGE


def test_a_signature_is_made_with_the_notebook_s_own_classes():
    signature = dspy.Signature({'person': (Person, dspy.InputField()), 'mood': (Mood, dspy.OutputField())}, 'How?', 'Feel')
    for namespace in (dict(Person=Person, Mood=Mood), {}):
        editor = SignatureEditor(signature, namespace)
        assert editor.signature.input_fields['person'].annotation is Person and editor.signature.output_fields['mood'].annotation is Mood


def test_a_type_of_the_notebook_can_be_typed_and_one_that_is_defined_later_too():
    namespace = {}
    editor = SignatureEditor(TRIAGE, namespace)
    typed(editor, 0, type='list[Person]')
    assert wrong(editor) == [('p0', 'type', False)]
    namespace |= dict(Person=Person, Triage=TRIAGE.to_dspy())
    typed(editor, instructions='Later.')
    assert editor.spec['email'].type_text == 'list[Person]' and editor.signature.input_fields['email'].annotation == list[Person]
    assert ['Person', 'model'] in editor.suggestions and ['str', 'text'] in editor.suggestions and 'Triage' not in dict(editor.suggestions)  # a signature is no value


def test_cells_define_what_the_notebook_does_not_have():
    spec = SignatureSpec.from_dspy(dspy.Signature({'person': (Person, dspy.InputField()), 'x': (str, dspy.OutputField())}, '', 'Feel'))
    assert len(cells_of(spec, dict(Person=Person, Mood=Mood))) == 1
    class Other(BaseModel): name: int
    for namespace in ({}, dict(Person=Other), dict(Person=3)):
        before, cell = cells_of(spec, namespace)
        found = {}
        exec(before, found)
        assert parse_cell(cell, namespace=found).spec == spec


def test_what_is_only_said_of_a_model_is_kept():
    class Guarded(BaseModel):
        x: int

        @field_validator('x')
        @classmethod
        def check(cls, v): return v
    editor = SignatureEditor(SignatureSpec.from_dspy(dspy.Signature({'a': (Guarded, dspy.InputField()), 'b': (str, dspy.OutputField())}, '', 'Ask')))
    typed(editor, 0, description='new')
    assert '# not kept, being code: check' in editor.checked['python']


# --- what is shown


def test_the_previews_say_what_the_draft_says():
    editor = SignatureEditor(TRIAGE)
    typed(editor, instructions='Say "hi" # to <b>them</b>')
    found = {}
    exec(editor.checked['python'], found)
    assert SignatureSpec.from_dspy(found['Triage']) == parse_cell(editor.checked['cells'][-1]).spec == editor.spec
    kept = editor.checked['cells']
    typed(editor, 0, type='x')
    assert 'cells' not in editor.checked and kept  # the page goes on to show the last one that was valid


@pytest.mark.parametrize('adapter', [None, dspy.JSONAdapter(), dspy.ChatAdapter(), dspy_toolkit.GrammarAdapter(), dspy_toolkit.GrammarChatAdapter()], ids=lambda a: type(a).__name__)
def test_the_prompt_is_what_the_model_gets(adapter):
    lm = typist('{"team": "billing", "urgency": 3}', '[[ ## team ## ]]\nbilling\n\n[[ ## urgency ## ]]\n3\n\n[[ ## completed ## ]]')
    with dspy.context(lm=lm, adapter=adapter):
        editor = SignatureEditor(TRIAGE)
        assert '‹email›' in editor.checked['prompt'][-1][1] and editor.checked['named'] == ['email']
        editor.inputs = {'email': 'I was <b>charged</b> twice'}
        shown = editor.checked
        assert shown['named'] == [] and shown['about'].split(' · ')[1].split(',')[0] == type(adapter or dspy.ChatAdapter()).__name__
        try: dspy.Predict(editor.signature)(email='I was <b>charged</b> twice')
        except dspy.AdapterParseError: pass
    request = lm.engine.requests[0]
    text = lambda parts: parts if isinstance(parts, str) else ''.join(p.text for p in parts)
    asked = [['system', text(request.system)]] if request.system else []
    assert shown['prompt'] == asked + [[m.role, text(m.parts)] for m in request.messages]


def test_who_listens_to_calls_hears_nothing_of_previews():
    heard = []

    class Listener(BaseCallback):
        def on_module_start(self, *args, **said): heard.append(1)
        def on_lm_start(self, *args, **said): heard.append(2)
        def on_adapter_format_start(self, *args, **said): heard.append(3)
    lm = typist('x')
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter(), callbacks=[Listener()]): SignatureEditor(TRIAGE)
    assert heard == [] and lm.engine.requests == [] and lm.history == []


def test_its_tokens_are_counted_as_the_model_counts_them():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
        editor = SignatureEditor(TRIAGE)
        editor.run(dict(email='I was charged twice.'))
        assert editor.trial['state'] == 'done', editor.trial
        editor._read()
    read = lm.history[-1]['response'].usage.input_tokens
    assert editor.checked['about'].split(' · ') == ['mlx/tiny', 'GrammarAdapter, short', f'{read} tokens']
    parts = [re.fullmatch(r'(system|user) · (\d+) tokens', head) for head, text in editor.checked['prompt']]
    assert [part[1] for part in parts] == ['system', 'user'] and sum(int(part[2]) for part in parts) == read


def test_the_editor_shows_what_show_prompt_shows():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False, slots=3)  # an engine of its own
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
        checked, shown = SignatureEditor(TRIAGE).checked, show('Triage', prompt=True, namespace=dict(Triage=TRIAGE.to_dspy()))
    assert checked['prompt'] == [list(part) for part in shown.parts()] and checked['about'] == shown.aside
    assert lm.engine.worker.state == 'new'  # a tokenizer is enough


def test_on_an_event_loop_the_tokens_come_when_the_tokenizer_is_read(monkeypatch):
    read, counts = threading.Event(), []

    def count(lm, messages):  # a tokenizer that takes its time, once
        if not counts: assert read.wait(30)
        counts.append(threading.current_thread())
        return [7] * len(messages)
    monkeypatch.setattr(module, 'count_parts', count)

    async def watch():
        editor = SignatureEditor(TRIAGE)
        assert [head for head, text in editor.checked['prompt']] == ['system', 'user'], editor.checked
        typed(editor, instructions='Shorter.')  # meanwhile, and nobody waits
        assert editor.checked['prompt'][0][0] == 'system' and 'Shorter.' in editor.checked['prompt'][0][1]
        read.set()
        for _ in range(1000):
            if editor.checked['prompt'][0][0] == 'system · 7 tokens': break
            await asyncio.sleep(0.01)
        assert [head for head, text in editor.checked['prompt']] == ['system · 7 tokens', 'user · 7 tokens']
        assert counts[0] is not threading.current_thread() and set(counts[1:]) == {threading.current_thread()}
        typed(editor, 1, type='nonsense')
        assert 'prompt' not in editor.checked  # the page keeps the last one, and says so
    with dspy.context(lm=typist('x'), adapter=dspy_toolkit.GrammarAdapter()): asyncio.run(watch())


def test_a_tokenizer_that_cannot_be_read_is_tried_once(monkeypatch):
    tries = []
    monkeypatch.setattr(module, 'count_parts', lambda lm, messages: tries.append(1) or [None] * len(messages))

    async def watch():
        editor = SignatureEditor(TRIAGE)
        for n in range(3):
            typed(editor, instructions=str(n))
            await asyncio.sleep(0.02)
        return [head for head, text in editor.checked['prompt']]
    with dspy.context(lm=typist('x'), adapter=dspy_toolkit.GrammarAdapter()): assert asyncio.run(watch()) == ['system', 'user']
    assert tries == [1]


def test_a_decision_that_is_measured_is_asked_for_in_the_words_the_model_gets():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
        editor = SignatureEditor(parse_cell('email: str\n->\nurgent: Noul # must somebody answer today?', 'Urgent').spec)
        editor.inputs = {'email': 'x'}
        dspy.Predict(editor.signature)(email='x')
    shown = [(head.split(' · ')[0], text) for head, text in editor.checked['prompt']]
    assert shown == [(m['role'], m['content']) for m in lm.history[-1]['messages']]


def test_a_prompt_that_cannot_be_written_yet_says_why():
    spec = parse_cell('tools: list[dspy.Tool]\n->\ncalls: dspy.ToolCalls', 'Act').spec
    with dspy.context(lm=typist('x'), adapter=dspy.JSONAdapter()): checked = SignatureEditor(spec).checked
    assert checked['valid'] and (checked['unwritten'] or checked['prompt'])


def test_changes_are_shown_since_the_version_that_is_kept(registry):
    registry.save(TRIAGE)
    editor = edit('Triage@1', {})
    assert editor.checked['base'] == 'Triage@1' and editor.checked['changes']['count'] == 0
    typed(editor, 2, type='str', constraints={})
    changes = editor.checked['changes']
    assert changes['breaking'] and changes['summary'].startswith('breaks callers and examples: urgency: type')
    assert [(mark, breaks) for mark, _, _, _, breaks in changes['rows']] == [('', False), ('', False), ('~', True)]


# --- saving


def test_saving_makes_a_version_and_gives_it_its_name(registry):
    namespace = {}
    registry.save(TRIAGE)
    registry.save(replace(TRIAGE, instructions='Second.'))
    editor = edit('Triage@1', namespace)
    typed(editor, 2, description='10 is worst')
    editor._receive(editor, {'do': 'save', 'message': 'say what 10 means', 'draft': copied(editor.draft)})
    assert editor.notice['text'] == 'saved as Triage@3' and editor.notice['level'] == 'ok'
    kept = registry.resolve('Triage')
    assert (kept.number, kept.parent, kept.message) == (3, 'Triage@1', 'say what 10 means') and kept.origin['cell'].startswith('%%dspy Signature Triage')
    assert registry.spec('Triage@3') == editor.spec == SignatureSpec.from_dspy(namespace['Triage'])
    assert editor.checked['base'] == 'Triage@3' and editor.checked['changes']['count'] == 0
    editor.save()
    assert editor.notice['text'] == 'nothing new: it is Triage@3'


def test_a_draft_that_comes_with_the_message_is_what_is_saved(registry):
    editor = edit(TRIAGE, {})
    draft = copied(editor.draft) | dict(instructions='Typed a moment ago.', n=9, by='page')
    editor._receive(editor, {'do': 'save', 'message': '', 'draft': draft})
    assert registry.spec('Triage@1').instructions == 'Typed a moment ago.'


def test_another_name_begins_a_history_of_its_own(registry):
    registry.save(TRIAGE)
    editor = edit('Triage', namespace := {})
    typed(editor, name='Route')
    assert str(editor.save()) == 'Route@1' and registry.resolve('Route').parent == 'Triage@1' and set(namespace) == {'Route'}


def test_what_cannot_be_saved_is_one_line(registry, monkeypatch):
    editor = edit(TRIAGE, {})
    typed(editor, 0, type='strng')
    with pytest.raises(InputError, match='not saved: unknown type'): editor.save()
    editor._receive(editor, {'do': 'save'})
    assert editor.notice == dict(n=1, level='error', text="not saved: unknown type 'strng' → did you mean str?")
    typed(editor, 0, type='str')
    with monkeypatch.context() as patch:
        patch.setenv('DSPY_TOOLKIT_REGISTRY_URL', 'sqlite:////dev/null/x.db')
        reset_settings()
        editor._receive(editor, {'do': 'save'})
        assert editor.notice['level'] == 'error' and editor.notice['n'] == 2 and '\n' not in editor.notice['text'] and '/dev/null' in editor.notice['text']
        assert edit(TRIAGE, {}).spec == TRIAGE  # it opens all the same
    reset_settings()


def test_a_parent_that_was_deleted_meanwhile_is_no_obstacle(registry):
    registry.save(TRIAGE)
    editor = edit('Triage', {})
    registry.delete('Triage')
    typed(editor, instructions='New.')
    assert editor.save().parent is None


# --- trying


def answer(*answers, pace=lambda word: None): return dspy.context(lm=typist(*answers, pace=pace), adapter=dspy.JSONAdapter())


GOOD = '{"team": "billing", "urgency": 7}'


def test_a_run_shows_its_fields_while_they_are_written_and_keeps_the_prediction():
    editor, seen = SignatureEditor(TRIAGE), []
    editor.observe(lambda change: seen.append(change['new']), 'trial')
    with answer(GOOD, pace=slowly(0.15)): editor._receive(editor, {'do': 'run', 'inputs': {'email': EVIL}})
    assert editor.trial['state'] == 'done' and editor.prediction.urgency == 7
    states = [t['state'] for t in seen]
    assert states[0] == 'running' and len(set(t['html'] for t in seen)) >= 3 and states.count('done') == 1
    assert any('billing' in t['html'] and '>7<' not in t['html'] for t in seen)


def test_what_a_model_writes_is_escaped():
    editor = SignatureEditor(parse_cell('x: str -> y: str, z: list[str]', 'A').spec)
    with answer(json.dumps(dict(y=EVIL, z=[EVIL]))): editor.run(dict(x='x'))
    assert editor.prediction.y == EVIL and '<img' not in editor.trial['html'] and '<script' not in editor.trial['html'] and '&lt;img' in editor.trial['html']


def test_on_an_event_loop_a_run_does_not_wait_and_touches_the_widget_there_only():
    editor, threads = SignatureEditor(TRIAGE), set()
    editor.observe(lambda change: threads.add(threading.current_thread()), 'trial')

    async def life():
        editor._receive(editor, {'do': 'run', 'inputs': {'email': 'x'}})
        assert editor.trial['state'] == 'running'
        with pytest.raises(InputError, match='running already'): editor.run()
        while editor.trial['state'] == 'running': await asyncio.sleep(0.01)
    with answer(GOOD, pace=slowly(0.05)): asyncio.run(life())
    assert editor.trial['state'] == 'done' and threads == {threading.main_thread()}


def test_stop_stops_soon_and_keeps_what_was_written():
    editor = SignatureEditor(parse_cell('email: str -> reasoning: str, team: str', 'A').spec)
    text = '{"reasoning": "It asks for money ' + 'and again ' * 300 + '", "team": "billing"}'

    async def life():
        editor.run(dict(email='x'))
        while 'money' not in editor.trial['html']: await asyncio.sleep(0.01)
        editor._receive(editor, {'do': 'stop'})
        assert editor.trial['state'] == 'stopping'
        while editor.trial['state'] == 'stopping': await asyncio.sleep(0.01)
    with answer(text, pace=slowly(0.02)): asyncio.run(asyncio.wait_for(life(), 10))
    assert editor.trial['state'] == 'stopped' and 'It asks for money' in editor.trial['html'] and 'kept' in editor.trial['said']
    with answer('{"reasoning": "Short.", "team": "sales"}'): editor.run(dict(email='x'))
    assert editor.prediction.team == 'sales'


def test_a_model_that_does_not_end_is_left_behind(monkeypatch):
    monkeypatch.setattr('dspy_toolkit.commands.drafts.Background.stop', lambda job: None)
    editor, over, ended = SignatureEditor(TRIAGE), threading.Event(), []
    with answer(GOOD, pace=until('"billing",', lambda: (editor.stop(), over.wait(20), ended.append(1)))): editor.run(dict(email='x'))
    assert editor.trial['state'] == 'stopped' and not ended
    over.set()
    with answer(GOOD): editor.run(dict(email='x'))
    assert editor.trial['state'] == 'done'


def test_stop_stops_the_built_in_engine_within_a_step():
    from dspy_toolkit.core.events import FirstToken, GenerationFinished, bus
    editor, ended = SignatureEditor(parse_cell('topic: str -> story: list[str]', 'A').spec), []
    told = [bus.subscribe(lambda e: editor.stop(), FirstToken), bus.subscribe(ended.append, GenerationFinished)]
    try:
        with dspy.context(lm=dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=400), adapter=dspy_toolkit.GrammarAdapter()): editor.run(dict(topic='rain'))
    finally:
        for unsubscribe in told: unsubscribe()
    assert editor.trial['state'] in ('stopped', 'done') and ended  # done where the story was one token long


@pytest.mark.parametrize('error', [dspy.lm15.AuthError('the key is not valid'), ValueError('<b>no</b>\nsecond line')], ids=lambda e: type(e).__name__)
def test_an_error_of_the_model_is_one_line(error):
    def fail(word): raise error
    editor = SignatureEditor(TRIAGE)
    with answer(GOOD, pace=fail): editor.run(dict(email='x'))
    assert editor.trial['state'] == 'failed' and 'Error' in editor.trial['said'] and '\n' not in editor.trial['said']


def test_an_answer_that_does_not_fit_is_told():
    editor = SignatureEditor(TRIAGE)
    with answer('{"team": "nobody", "urgency": 7}'): editor.run(dict(email='x'))
    assert editor.trial['state'] == 'failed' and 'AdapterParseError' in editor.trial['said']


EVERY = parse_cell('''
text: str
count: int
share: float
yes: bool
kind: Literal["a", 1, None]
mood: Mood
day: date
at: datetime
hour: time
tags: list[str]
person: Person
free: Any
note: str | None
extra: int = 3
->
y: str''', 'Every', dict(Mood=Mood, Person=Person)).spec
FILLED = dict(text='', count='3', share='0.5', yes='true', kind='1', mood='angry', day='2026-02-28', at='2026-02-28T10:00', hour='10:30', tags='["a", "b"]', person='{"name": "Ada", "mood": "angry"}', free='[1]')


def test_every_type_has_a_box_and_the_box_is_read_as_the_type():
    assert {b['name']: b['kind'] for b in boxes_of(EVERY)} == dict(
        text='text', count='number', share='number', yes='check', kind='choice', mood='choice', day='date', at='datetime-local', hour='time', tags='json', person='json', free='json', note='text', extra='number')
    editor = SignatureEditor(EVERY, dict(Mood=Mood, Person=Person))
    seen = []

    class Look(dspy.JSONAdapter):
        def format(self, signature, demos, inputs): seen.append(inputs); return super().format(signature, demos, inputs)
    with dspy.context(lm=typist('{"y": "x"}'), adapter=Look()): editor.run(FILLED)
    assert editor.trial['state'] == 'done', editor.trial
    import datetime
    assert seen[-1] == dict(text='', count=3, share=0.5, yes=True, kind=1, mood=Mood.angry, day=datetime.date(2026, 2, 28), at=datetime.datetime(2026, 2, 28, 10), hour=datetime.time(10, 30), tags=['a', 'b'],
                            person=Person(name='Ada', mood=Mood.angry), free=[1], extra=3) or 'extra' not in seen[-1]
    assert isinstance(seen[-1]['mood'], Mood)


@pytest.mark.parametrize('kind, text, value', [('bool', 'false', False), ('bool', '', False), ('Any', 'hello', 'hello'), ('Any', '{"a": 1}', {'a': 1}), ('int | str', 'x', 'x'), ('int | str', '3', 3), ('Decimal', '1.50', Decimal('1.50')),
                                               ('bool | None', 'True', True), ('UUID', '12345678123456781234567812345678', UUID('12345678-1234-5678-1234-567812345678')), ('Optional[int]', '7', 7)])
def test_a_box_is_read(kind, text, value):
    spec = parse_cell(f'x: {kind}\n->\ny: str', 'A').spec
    values, wrong = read_boxes(spec, spec.to_dspy(), dict(x=text), {})
    assert not wrong and check_inputs(spec, values) == dict(x=value)


@pytest.mark.parametrize('name, text, said', [('count', '', 'count needs a value'), ('count', 'x', "'x' is not an int"), ('tags', '["a"', 'is not a list'), ('tags', '{"a": 1}', 'should be list[str]'),
                                              ('day', '2026-02-30', 'should be date'), ('person', '{"mood": "sad"}', 'should be Person'), ('kind', 'zzz', 'is not'), ('mood', 'sad', 'is not')])
def test_what_does_not_fit_is_told_of_its_box(name, text, said):
    editor = SignatureEditor(EVERY, dict(Mood=Mood, Person=Person))
    with answer('{"y": "x"}'): editor._receive(editor, {'do': 'run', 'inputs': FILLED | {name: text}})
    assert list(editor.trial['wrong']) == [name] and said in editor.trial['wrong'][name] and editor.trial['said'].startswith('not run: ')
    assert editor._job is None and editor.inputs[name] == text


def test_what_json_cannot_say_is_an_expression_of_the_notebook():
    spec = parse_cell('picture: dspy.Image\n->\ny: str', 'See').spec
    namespace = dict(dspy=dspy, cat='data:image/png;base64,AA==')
    values, wrong = read_boxes(spec, spec.to_dspy(), dict(picture='dspy.Image(cat)'), namespace)
    assert isinstance(values['picture'], dspy.Image) and not wrong
    _, wrong = read_boxes(spec, spec.to_dspy(), dict(picture='dog'), namespace)
    assert "name 'dog' is not defined" in wrong['picture']


def test_what_is_typed_as_an_expression_is_not_run_before_a_person_says_run(monkeypatch):
    monkeypatch.delenv('EDITOR_RAN', raising=False)
    editor = SignatureEditor(parse_cell('picture: dspy.Image\n->\ny: str', 'See').spec, {})
    editor.inputs = {'picture': '__import__("os").environ.__setitem__("EDITOR_RAN", "1")'}
    editor._read()
    assert 'EDITOR_RAN' not in os.environ
    with answer('{"y": "x"}'): editor.run()
    assert os.environ.pop('EDITOR_RAN') == '1'


def test_a_draft_that_is_not_valid_is_not_run():
    editor = SignatureEditor(TRIAGE)
    typed(editor, 0, type='strng')
    editor._receive(editor, {'do': 'run', 'inputs': {'email': 'x'}})
    assert editor.trial == {} and editor.notice['text'].startswith("not run: unknown type 'strng'")


def test_a_program_can_be_chosen():
    editor = SignatureEditor(TRIAGE)
    with answer('{"reasoning": "Because.", "team": "billing", "urgency": 7}'): editor._receive(editor, {'do': 'run', 'inputs': {'email': 'x'}, 'module': 'ChainOfThought'})
    assert editor.prediction.reasoning == 'Because.' and 'ChainOfThought' in editor.trial['html']


def test_without_configuration_the_defaults_are_asked(bare):
    editor = SignatureEditor(TRIAGE)
    assert editor.checked['about'].startswith('mlx/tiny · GrammarAdapter, ')
    editor.run(dict(email='I was charged twice.'))
    assert editor.prediction.team in ('billing', 'technical', 'sales') and dspy.settings.lm is None


# --- opening, and where there is no page


def test_every_door_opens_it(registry, triage):
    namespace = triage.ip.user_ns
    class Hidden(dspy.Signature): x: str = dspy.InputField(); y: Literal['a'] = dspy.OutputField()  # noqa: E701
    for target in (namespace['Triage'], 'Triage', 'Triage@1', SignatureSpec.from_dspy(namespace['Triage']), dspy.Predict(namespace['Triage'])):
        editor = edit(target, namespace)
        assert (editor.spec.name, editor.checked['base']) == ('Triage', 'Triage@1')
    assert edit(Hidden, namespace).checked['base'] == ''
    assert edit('Triage').namespace is namespace  # the shell's own
    empty = edit(None, namespace)
    assert empty.spec is None and empty.draft == empty_draft()
    with pytest.raises(NotRegistered, match='neither this notebook nor the registry'): edit('Nobody', namespace)
    with pytest.raises(NotRegistered, match='no version 7'): edit('Triage@7', namespace)
    with pytest.raises(InputError, match='cannot be edited'): edit(3, namespace)
    class Many(enum.Flag): a = 1
    with pytest.raises(UnsupportedType): edit(dspy.Signature({'x': (Many, dspy.InputField()), 'y': (str, dspy.OutputField())}), namespace)


def test_an_older_version_in_the_notebook_is_compared_with_itself(registry, triage):
    registry.save(replace(SignatureSpec.from_dspy(triage['Triage']), instructions='Newer.'))
    assert edit('Triage', triage.ip.user_ns).checked['base'] == 'Triage@1'


def test_a_name_of_the_notebook_that_was_changed_is_compared_with_what_is_kept(triage):
    triage('Triage = Triage.with_instructions("New.")')
    editor = edit('Triage', triage.ip.user_ns)
    assert editor.checked['base'] == 'Triage@1' and editor.checked['changes']['count'] == 1


VIEW = 'application/vnd.jupyter.widget-view+json'


@pytest.fixture
def shown(triage):
    "The outputs of a cell that ends with an editor, and that editor."
    triage.ip.user_ns['opened'] = editor = edit('Triage', triage.ip.user_ns)
    return triage('opened').displayed, editor


def test_an_editor_is_a_card_that_stays_and_a_widget(shown, triage):
    (card, widget), editor = shown
    assert 'version 1' in card['text/html'] and 'Route a support email' in card['text/plain'] and VIEW not in card
    assert widget == {VIEW: dict(version_major=2, version_minor=0, model_id=editor.model_id), 'text/plain': ''}
    assert triage('_').result is editor


def test_the_card_that_is_shown_follows_what_is_typed(shown, triage, monkeypatch):
    from IPython.core.displaypub import CapturingDisplayPublisher
    monkeypatch.setattr(triage.ip, 'display_pub', updates := CapturingDisplayPublisher(shell=triage.ip))
    editor = shown[1]
    typed(editor, 0, name='mail')
    typed(editor, 0, name='mail')  # nothing new
    typed(editor, 0, type='strng')
    editor.spec = TRIAGE
    assert [(u['update'], u['transient']['display_id']) for u in updates.outputs] == [(True, editor.me)] * 3
    said = [u['data']['text/plain'] for u in updates.outputs]
    assert 'edited since Triage@1: breaks callers' in said[0] and "unknown type 'strng'" in said[1] and 'urgency' in said[2]


def test_an_editor_that_is_not_shown_displays_nothing(triage):
    assert triage('from dspy_toolkit import edit; opened = edit("Triage"); opened.draft = opened.draft | {"name": "Other", "n": 7}').displayed == []


def test_a_page_made_of_a_saved_notebook_shows_the_card_and_needs_no_network(shown):
    import nbconvert
    import nbformat
    cell = nbformat.v4.new_code_cell('editor', outputs=[nbformat.v4.new_output('display_data', data=data) for data in shown[0]])
    for exporter in (nbconvert.HTMLExporter, nbconvert.MarkdownExporter):
        page, _ = exporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
        assert page.count('Route a support email to the right team.') == 1 and 'widget-view' not in page and 'SignatureEditor' not in page


def test_nothing_that_was_typed_becomes_html():
    editor = SignatureEditor(TRIAGE)
    for parts in (dict(name=EVIL, type=EVIL), dict(name='x', type='str', description=EVIL, default=json.dumps(EVIL))):
        typed(editor, 0, **parts)
        typed(editor, instructions=EVIL)
        html = editor._card_bundle()['text/html']
        assert '<img' not in html and '<script' not in html and '&lt;img' in html
    typed(editor, name=EVIL)
    assert '<img' not in editor._card_bundle()['text/html'] and wrong(editor) == [('', 'name', False)]


@pytest.mark.parametrize('message', [{}, {'do': 'rm -rf'}, {'do': None}, {'draft': 'x'}, {'do': 'save', 'draft': []}, {'do': 'run', 'inputs': 3}, {'do': 'stop'}])
def test_an_odd_message_raises_nothing(message, registry):
    editor = SignatureEditor(TRIAGE)
    with answer(GOOD): editor._receive(editor, message)
    assert editor.spec == TRIAGE


def test_both_threads_may_speak_at_once():
    "Where comms have a subshell, the page's messages come on another thread than the notebook's cells."
    editor, errors = SignatureEditor(TRIAGE), []

    def page():
        try:
            for n in range(40): typed(editor, instructions=f'page {n}')
        except Exception as e: errors.append(e)
    thread = threading.Thread(target=page)
    thread.start()
    for n in range(40): editor.spec = replace(TRIAGE, instructions=f'cell {n}')
    thread.join(60)
    assert not errors and read_draft(editor.draft).spec == editor.spec


def test_the_files_of_the_page_ask_for_nothing_elsewhere():
    files, modules = {path.name for path in (resources.files('dspy_toolkit.jupyter')/'static').iterdir()}, {*module.MODULES, *answers.MODULES, *dashboard.MODULES, *live.MODULES, *server.MODULES}
    assert files == {*modules, 'answers.css', 'editor.css', 'dashboard.css', 'live.css', 'page.css', 'frame.css', 'server.css'}
    for name in files:
        text = read_static(name)
        assert len(text) > 1000 and 'fetch(' not in text and 'url(' not in text and 'import(' not in text
        assert [part for part in text.split('http')[1:] if not part.startswith('://www.w3.org/2000/svg')] == []
        sources = [line.partition(" from './")[2] for line in text.splitlines() if line.startswith('import')]
        assert {source.removesuffix("';") for source in sources} <= modules
    assert SignatureEditor._esm.count('innerHTML') == 1  # the card of a run


def test_what_the_frame_of_a_page_sets_is_set_nowhere_else():
    "Two widgets load it in any order, so a rule that another file had of the same weight would win on one page and lose on the next."
    roots = {name: re.search(r'^[^\n]*dspy-(?:page|editor)\)? \{\n(.*?)^\}', read_static(name), re.M | re.S)[1] for name in ('frame.css', 'page.css', 'editor.css')}
    names = {name: set(re.findall(r'([\w-]+):', re.sub(r'\(.*\)', '', root))) for name, root in roots.items()}
    assert len(names['frame.css']) > 14 and not names['frame.css'] & (names['page.css'] | names['editor.css'])
    for page in (SignatureEditor, live.LiveWidget, dashboard.Dashboard): assert page._css.startswith(read_static('frame.css'))


def test_the_page_s_modules_become_one():
    assert not [line for line in SignatureEditor._esm.splitlines() if line.startswith(('import ', 'export ')) and line != 'export default {']
    assert {'export default {', 'class Editor {', 'function glance(draft) {', 'function drag(grip, row, lists, done) {'} <= set(SignatureEditor._esm.splitlines())
