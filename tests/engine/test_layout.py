"The short layout: what it says of a signature, to whom, and what it leaves out."
import json
import re
from enum import Enum
from typing import Annotated, Any, Literal, Optional

import dspy
import pytest
from hypothesis import given, settings as limits, strategies as st
from pydantic import BaseModel, Field, FutureDate

import dspy_toolkit
from dspy_toolkit import GrammarAdapter
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.engine.layout import describe_schema, write_system, write_user
from dspy_toolkit.engine.models import random_model


class Part(BaseModel):
    name: str = Field(description='as the mail writes it')
    count: int = Field(ge=1, le=99)
    parts: list['Part'] = []


class Color(Enum):
    RED = 'red'
    DARK_BLUE = 'dark blue'


PHRASES = {
    'text': (str, '- x'), 'whole number': (int, '- x: a whole number'), 'number': (float, '- x: a number'), 'bool': (bool, '- x: true or false'),
    'one of two': (Literal['a', 'b'], '- x: a or b'), 'a comma': (Literal['a, b', 'c'], '- x: "a, b" or c'), 'numbers': (Literal[1, 2, 3], '- x: 1, 2 or 3'),
    'enum': (Color, '- x: red or dark blue'), 'optional': (Optional[Literal['a']], '- x: a or null'), 'list': (list[str], '- x: a list'),
    'list of choices': (list[Literal['a', 'b']], '- x: a list of items, each a or b'), 'set': (set[int], '- x: a list of different items, each a whole number'),
    'pair': (tuple[int, str], '- x: a list of 2 items: a whole number and text'), 'mapping': (dict[str, float], '- x: an object of names and values, each a number'),
    'bounds': (Annotated[int, Field(ge=0, lt=10)], '- x: a whole number, at least 0, less than 10'), 'union': (int | str, '- x: a whole number or text'),
    'length': (Annotated[str, Field(max_length=3)], '- x: text of at most 3 characters'), 'any': (Any, '- x: any JSON value'),
    'a day to come': (FutureDate, '- x: a date (YYYY-MM-DD)'), 'a pattern': (Annotated[str, Field(pattern='^[A-Z]{3}$')], '- x: text that matches ^[A-Z]{3}$'),
    'a long pattern': (Annotated[str, Field(pattern='^' + '[a-z]' * 50)], '- x'),
    'model': (Part, '- x: an object with:\n  - name: as the mail writes it\n  - count: a whole number, 1 to 99\n  - parts: a list of items, each another Part'),
}


@pytest.mark.parametrize('kind', PHRASES)
def test_an_output_is_described_in_words(kind):
    annotation, said = PHRASES[kind]
    signature = dspy.Signature({'q': (str, dspy.InputField()), 'x': (annotation, dspy.OutputField())}, 'Do it.')
    assert write_system(signature) == f'Do it.\n\nOutputs:\n{said}'


SCHEMAS = st.recursive(
    st.sampled_from([True, {}, {'type': 'string'}, {'type': ['number', 'string'], 'x-decimal': {}}, {'enum': ['a', 1, None]}, {'const': 'x'},
                     {'$ref': '#/$defs/A'}, {'$ref': '#/$defs/B'}, {'type': 'integer', 'minimum': 1}]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda many: {'anyOf': many}), inner.map(lambda one: {'type': 'array', 'items': one}),
        st.lists(inner, min_size=1, max_size=2).map(lambda many: {'type': 'array', 'prefixItems': many}),
        st.dictionaries(st.sampled_from('xyz'), inner, max_size=3).map(lambda fields: {'type': 'object', 'properties': fields}),
        inner.map(lambda one: {'type': 'object', 'additionalProperties': one})), max_leaves=8)


@limits(max_examples=200, deadline=None)
@given(SCHEMAS, SCHEMAS, SCHEMAS)
def test_every_schema_has_words_also_one_that_contains_itself(schema, a, b):
    phrase, lines = describe_schema(schema, {'A': a, 'B': b})
    assert phrase and '\n' not in phrase and all(re.match(r' *- \w', line) for line in lines)


class Triage(dspy.Signature):
    "Route the mail."
    mail: str = dspy.InputField(desc='as it came')
    team: Literal['billing', 'sales'] = dspy.OutputField(desc='who answers')
    reason: str = dspy.OutputField()


def messages(**options):
    demos = [dict(mail='A.', team='sales', reason='Because.'), dict(mail='B.', team='billing')]
    return GrammarAdapter(**options).format(Triage, demos, dict(mail='C {mail}\nD'))


def test_demos_are_the_very_turns_they_would_be_and_nothing_fills_what_they_lack():
    assert [(m['role'], m['content']) for m in messages(layout='short')] == [
        ('system', 'Route the mail.\n\nGiven:\n- mail: as it came\n\nOutputs:\n- team: billing or sales (who answers)\n- reason'),
        ('user', 'mail: B.'), ('assistant', '{"team": "billing"}'),
        ('user', 'mail: A.'), ('assistant', '{"team": "sales", "reason": "Because."}'),
        ('user', 'mail:\nC {mail}\nD')]


def test_the_system_message_is_the_same_for_all_inputs_and_holds_no_placeholder():
    first, second = (GrammarAdapter(layout='short').format(Triage, [], dict(mail=text))[0] for text in ('one', 'two\nlines'))
    assert first == second and not re.search(r'[{}\[\]$#]', first['content'])


def test_texts_of_other_fields_are_left_out():
    assert write_user(Triage, dict(mail='x', unknown=1)) == 'mail: x' and write_user(Triage, {}) == ''


class Recorder(dspy.clients.base_lm.BaseLM):
    "A model that takes no grammars, and keeps what it was sent."
    def __init__(self):
        super().__init__(model='recorder')
        self.sent = []
    def forward(self, prompt=None, messages=None, **kwargs):
        from litellm import ModelResponse
        self.sent.append(messages)
        content = json.dumps(dict(team='sales', reason='x'))
        return ModelResponse(choices=[dict(message=dict(role='assistant', content=content))], usage=dict(prompt_tokens=1, completion_tokens=1, total_tokens=2))


@pytest.mark.parametrize('layout', [None, 'short', 'json'])
def test_a_model_without_grammars_gets_dspys_own_prompt(layout):
    lm = Recorder()
    with dspy.context(lm=lm, adapter=GrammarAdapter(layout=layout)): dspy.Predict(Triage)(mail='x')
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()): dspy.Predict(Triage)(mail='x')
    assert lm.sent[0] == lm.sent[1]


@pytest.fixture(scope='module')
def random_lm(tmp_path_factory): return dspy_toolkit.lm(f"mlx/{random_model(tmp_path_factory.mktemp('model'))}", cache=False, max_tokens=60)


@pytest.mark.parametrize('layout, short', [(None, True), ('short', True), ('json', False)])
def test_a_local_model_gets_the_layout_that_was_asked_for_and_answers_in_types(random_lm, layout, short):
    with dspy.context(lm=random_lm, adapter=GrammarAdapter(layout=layout)): answer = dspy.Predict(Triage)(mail='x')
    sent = random_lm.history[-1]['messages'][0]['content']
    assert (sent == write_system(Triage)) is short and answer.team in ('billing', 'sales')


def test_the_built_in_model_is_asked_in_the_layout_it_was_trained_on():
    assert GrammarAdapter().choose_layout(dspy_toolkit.lm('mlx/tiny')) == 'short'


def test_legs_that_differ_get_one_prompt_that_all_can_read(random_lm):
    def choose(*legs): return GrammarAdapter().choose_layout(dspy_toolkit.fallback('both', [dspy_toolkit.Leg(leg, f'leg{n}') for n, leg in enumerate(legs)]))
    assert GrammarAdapter().choose_layout(random_lm) == 'short'
    assert choose(random_lm, dspy_toolkit.lm('mlx/tiny')) == 'short'
    assert choose(random_lm, 'openai/gpt-5-mini') == 'json'


def test_an_unknown_layout_is_refused_by_name():
    with pytest.raises(InputError, match="there is no layout 'chat'") as caught: GrammarAdapter(layout='chat')
    assert 'short and json' in caught.value.hint


def test_a_third_of_the_tokens(random_lm):
    "Counted in characters, so that no tokenizer favours one of them."
    sizes = {layout: sum(len(m['content']) for m in messages(layout=layout)) for layout in ('short', 'json')}
    assert sizes['short'] < .4 * sizes['json']


def test_a_call_without_inputs_has_a_message_all_the_same():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=20)
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        assert isinstance(dspy.Predict(dspy.Signature('-> answer: bool', 'Toss a coin.'))().answer, bool)
        assert isinstance(dspy.Predict(dspy.Signature({'hint': (str | None, dspy.InputField(default=None)), 'answer': (bool, dspy.OutputField())}))().answer, bool)
