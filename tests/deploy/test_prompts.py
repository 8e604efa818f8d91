"""A served prompt is DSPy's own to the letter, whatever the signature, the values, and what was asked before"""
import asyncio
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import ClassVar, Literal

import dspy
import pytest
from dspy.lm15 import Message, Response, Usage
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel

from dspy_toolkit.deploy.prompts import Prompts
from dspy_toolkit.deploy.service import Service

ADAPTERS = dspy.ChatAdapter, dspy.JSONAdapter

class Route(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField(desc='as received')
    note: str = dspy.InputField()
    team: Literal['billing', 'sales'] = dspy.OutputField()

class Level(Enum): low, high = 'low', 'high'

class Person(BaseModel): name: str; age: int | None = None

class Stamp(dspy.Type):
    "A type whose description is never the same."
    text: str
    told: ClassVar[int] = 0
    @classmethod
    def description(cls):
        Stamp.told += 1
        return f'told {Stamp.told} times'
    def format(self): return self.text

SIGNATURES = {
    'two texts': Route, 'one text': dspy.Signature('question -> answer'), 'no inputs': dspy.Signature('-> answer: int'),
    'numbers': dspy.Signature('n: int, of: list[float] -> mean: float, is_even: bool'),
    'models': dspy.Signature('people: list[person], level: level -> oldest: person, next: level | None',
                             custom_types={'person': Person, 'level': Level}),
    'history': dspy.Signature('history: dspy.History, question -> answer'),
    'thought': dspy.ChainOfThought('question -> answer').predict.signature,
}
INPUTS = {
    'two texts': [dict(email='a', note='b'), dict(email='\n a ', note='\0' '0\0'), dict(email='a'), dict(email=['a', 'b'], note='')],
    'one text': [dict(question='why?'), dict(question=''), dict(question=None), dict(question='why?', more='x'), {}],
    'no inputs': [{}], 'numbers': [dict(n=1, of=[1.5]), dict(n='1', of='many')],
    'models': [dict(people=[Person(name='Ada')], level=Level.low), dict(people='Ada', level='low')],
    'history': [dict(history=dspy.History(messages=[dict(question='a', answer='b')]), question='c')],
    'thought': [dict(question='why?')],
}

def write_both(adapter, prompts, signature, inputs, demos=()):
    return [each.format(signature, list(demos), inputs) for each in (adapter, prompts.fit(adapter))]

@pytest.mark.parametrize('kind', ADAPTERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize('name', SIGNATURES)
def test_the_prompt_is_that_of_dspy(kind, name):
    prompts = Prompts()
    for _ in range(2):
        for inputs in INPUTS[name]:
            theirs, ours = write_both(kind(), prompts, SIGNATURES[name], inputs)
            assert ours == theirs

@settings(deadline=None, max_examples=60)
@given(st.text(st.characters()), st.text(alphabet=' \n\0[]#01', max_size=8))
def test_any_text_is_an_input(email, note):
    prompts = Prompts()
    prompts.fit(dspy.ChatAdapter()).format(Route, [], dict(email='a', note='b'))
    for kind in ADAPTERS:
        theirs, ours = write_both(kind(), prompts, Route, dict(email=email, note=note))
        assert ours == theirs

def test_demos_are_written_as_dspy_writes_them():
    demos = [dict(email='a', note='b', team='sales'), dict(email='a', team='sales')]
    theirs, ours = write_both(dspy.ChatAdapter(), Prompts(), Route, dict(email='c', note='d'), demos)
    assert ours == theirs and len(ours) == 6

def change_instructions(made): made.instructions = 'Do it another way.'
def change_description(made): made.model_fields['note'].json_schema_extra['desc'] = 'of a person'
def change_type(made): made.model_fields['team'].annotation = Literal['billing', 'sales', 'nobody']

@pytest.mark.parametrize('change', [change_instructions, change_description, change_type], ids=lambda each: each.__name__)
def test_what_is_changed_in_place_is_in_the_next_prompt(change):
    made, prompts, inputs = Route.with_instructions('Do it.'), Prompts(), dict(email='a', note='b')
    made.model_fields['note'].json_schema_extra = dict(made.model_fields['note'].json_schema_extra)
    before = write_both(dspy.ChatAdapter(), prompts, made, inputs)[1]
    change(made)
    theirs, ours = write_both(dspy.ChatAdapter(), prompts, made, inputs)
    assert ours == theirs != before

def test_a_type_that_describes_itself_is_asked_each_time():
    signature, prompts = dspy.Signature('stamp: stamp -> answer', custom_types={'stamp': Stamp}), Prompts()
    first, second = (prompts.fit(dspy.ChatAdapter()).format_system_message(signature) for _ in range(2))
    assert 'told' in first and first != second

class Heard:
    "An engine that keeps what it is asked."
    def __init__(self, requests): self.requests = requests
    def complete(self, request):
        self.requests.append(request)
        message = Message.assistant('[[ ## reasoning ## ]]\nc\n\n[[ ## team ## ]]\nsales\n\n[[ ## completed ## ]]')
        return Response(id='1', model=request.model, message=message, finish_reason='stop', usage=Usage(input_tokens=7, output_tokens=3))

class AsyncHeard(Heard):
    async def complete(self, request): return super().complete(request)

@pytest.mark.parametrize('make', [dspy.Predict, dspy.ChainOfThought], ids=lambda each: each.__name__)
def test_a_served_program_asks_what_the_program_asks(make):
    requests, adapter, program = [], dspy.ChatAdapter(), make(Route)
    lm = dspy.LM('tests/heard', engine=Heard(requests), async_engine=AsyncHeard(requests), cache=False, num_retries=0)
    for predictor in program.predictors(): predictor.demos = [dict(email='a', note='b', team='sales', reasoning='c')]
    service = Service(program, lm, adapter=adapter)
    async def ask():
        for inputs in (dict(email='d', note='e'), dict(email=' f\n', note='')):
            assert (await service.answer(inputs)).outputs['team'] == 'sales'
            await program.acall(**inputs)
    with dspy.context(lm=lm, adapter=adapter): asyncio.run(ask())
    assert len(requests) == 4 and requests[::2] == requests[1::2]

class Own(dspy.ChatAdapter):
    def format_task_description(self, signature): return 'mine'

def make_replaced():
    made = dspy.ChatAdapter()
    made.format_task_description = lambda signature: 'mine'
    return made

@pytest.mark.parametrize('make', [Own, make_replaced], ids=['class', 'method'])
def test_an_adapter_of_a_person_is_used_as_it_is(make):
    adapter = make()
    assert Prompts().fit(adapter) is adapter

def test_the_adapter_that_was_given_stays_as_it_was():
    adapter = dspy.ChatAdapter()
    before = dict(vars(adapter))
    made = Prompts().fit(adapter)
    assert type(made) is dspy.ChatAdapter and vars(adapter) == before and made.callbacks is adapter.callbacks
    adapter.use_native_function_calling = True
    assert Prompts().fit(adapter).use_native_function_calling

def test_the_texts_that_are_kept_are_bounded_and_many_threads_may_ask():
    prompts, adapter, kept = Prompts(), dspy.ChatAdapter(), []
    made = [dspy.Signature('question -> answer', f'Answer as {n} would.') for n in range(150)]
    def ask(signature):
        told = prompts.fit(adapter).format(signature, [], dict(question='why?'))
        kept.append(len(prompts._kept))
        return told[0]['content']
    with ThreadPoolExecutor(8) as pool: told = list(pool.map(ask, made * 2))
    assert all(f'as {n % 150} would' in text for n, text in enumerate(told)) and max(kept) <= 128 + 8
