"What a request asks for is honoured or refused by name: thinking, tools, logprobs, probabilities, deadlines, full queues, dead workers."
import asyncio, itertools, json, math, os, subprocess, sys, threading, time
from dataclasses import replace

import dspy
import pytest
from dspy._vendor.lm15.result import StreamAccumulator
from dspy.lm15 import (BuiltinTool, Config, DataPart, FunctionTool, Message, Reasoning, Request, TextPart, ThinkingPart, ToolCallPart, ToolChoice,
                       UnsupportedFeatureError)
from hypothesis import given, strategies as st

from dspy_toolkit.engine import mlx
from dspy_toolkit.engine.decisions import JOINT, ballot, decisions, distributions
from dspy_toolkit.engine.mlx import AsyncMLXEngine, MLXEngine, generation
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.engine.tools import Abilities, CallReader
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.engine.worker import Piece, ScriptedBackend, TokenLogprob

read = lambda text, tools: json.loads(text)
able = Abilities(thinking=True, parser=read, begin='<tool_call>', end='</tool_call>')
look = FunctionTool(name='look', description='Look something up.', parameters={'type': 'object', 'properties': {'word': {'type': 'string', 'maxLength': 9}}, 'required': ['word'], 'additionalProperties': False})
call = '<tool_call>{"name": "look", "arguments": {"word": "sky"}}</tool_call>'
thought = [Piece(0, 'The sky? ', thinking=True), Piece(0, 'Blue.', thinking=True), 'It is', ' blue.']


@pytest.fixture
def scripted(monkeypatch):
    "Makes engines whose models say what a script says."
    made, number = [], itertools.count(20_000)

    def make(script, can=able, kind=MLXEngine, weigh=None, **options):
        backend = ScriptedBackend(script, **({'weigh': weigh} if weigh else {}))
        monkeypatch.setattr(mlx, 'MLXBackend', lambda *args, **more: backend)
        engine = kind('mlx/tiny', **{'queue_limit': next(number)} | options)
        engine.__dict__['abilities'], engine.backend = can, backend
        made.append(engine)
        return engine
    yield make
    for engine in made: engine.worker.close()


def ask(*messages, tools=(), **config):
    return Request(model='mlx/tiny', messages=messages or (Message.user('Is the sky blue?'),), tools=tools, config=Config(**config))


def gathered(request, events):
    made = StreamAccumulator(request)
    for event in events: made.push(event)
    return made.response()


def same(response, other):
    parts = lambda r: [replace(p, id='x') if p.type == 'tool_call' else p for p in r.message.parts]
    assert parts(response) == parts(other)
    assert (response.finish_reason, response.usage, response.provider_data, response.logprobs) == (
        other.finish_reason, other.usage, other.provider_data, other.logprobs)


# ---- requests

def test_sampling_and_logprobs_are_passed_on():
    made = generation(ask(frequency_penalty=0.5, presence_penalty=-1, logprobs=3, seed=4, stop=('x',), extensions={'min_p': 0.1}))
    assert (made.frequency_penalty, made.presence_penalty, made.logprobs, made.seed, made.stop, made.min_p) == (0.5, -1, 3, 4, ('x',), 0.1)
    assert generation(ask()).logprobs is None and generation(ask(logprobs=0)).logprobs == 0


def test_tools_and_what_they_gave_go_into_the_messages():
    history = (Message.user('Look!'), Message.assistant([TextPart('Well.'), ToolCallPart(id='a', name='look', input={'word': 'sky'})]),
               Message.tool({'a': ['It is', DataPart({'colour': 'blue'})]}))
    made = generation(ask(*history, tools=(look,)))
    assert made.tools == ({'name': 'look', 'description': 'Look something up.', 'parameters': look.parameters},)
    assert made.messages[1:] == (
        {'role': 'assistant', 'content': 'Well.', 'tool_calls': [{'id': 'a', 'type': 'function', 'function': {'name': 'look', 'arguments': {'word': 'sky'}}}]},
        {'role': 'tool', 'tool_call_id': 'a', 'content': 'It is{"colour": "blue"}'})


def test_a_tool_choice_says_which_tools_are_shown():
    other, names = FunctionTool(name='other'), lambda **choice: [t['name'] for t in generation(ask(tools=(look, other), tool_choice=ToolChoice(**choice))).tools]
    assert (names(), names(allowed=('other',)), names(mode='none')) == (['look', 'other'], ['other'], [])


@pytest.mark.parametrize('request_, feature', [
    (ask(reasoning=Reasoning('low', thinking_budget=5)), 'config.reasoning.thinking_budget'),
    (ask(reasoning=Reasoning('low', summary='concise')), 'config.reasoning.summary'),
    (ask(tools=(BuiltinTool(name='web_search'),)), 'tools[0]'), (ask(extensions={'logit_bias': {'1': 1}}), 'config.extensions.logit_bias')])
def test_what_no_model_has_is_refused_by_name(request_, feature):
    with pytest.raises(UnsupportedFeatureError) as caught: generation(request_)
    assert caught.value.feature == feature and caught.value.hint and '\n' not in caught.value.message


@pytest.mark.parametrize('request_, can, feature, says', [
    (ask(reasoning=Reasoning('low')), Abilities(), 'config.reasoning', 'does not think'),
    (ask(reasoning=Reasoning('off')), Abilities(thinking=True, always=True), 'config.reasoning', 'always thinks'),
    (ask(tools=(look,)), Abilities(), 'tools', 'no way to call tools'),
    (ask(Message.user('x'), Message.assistant([ToolCallPart('a', 'look', {})]), Message.tool({'a': 'y'})), Abilities(), 'messages', 'knows no tool messages'),
    (ask(tool_choice=ToolChoice('required')), able, 'config.tool_choice', "where there is none")])
def test_what_this_model_lacks_is_refused_before_it_is_loaded(scripted, request_, can, feature, says):
    engine = scripted(['x'], can)
    with pytest.raises(UnsupportedFeatureError, match=says) as caught: engine.complete(request_)
    assert caught.value.feature == feature and caught.value.hint and engine.worker.state == 'new'


def test_thinking_is_asked_for_where_it_is_wanted_and_where_it_cannot_be_left(scripted):
    engine = scripted(['x'])
    for config in ({}, {'reasoning': Reasoning('off')}, {'reasoning': Reasoning('high')}): engine.complete(ask(**config))
    assert [made.thinking for made in engine.backend.seen] == [False, False, True]
    stubborn = scripted(['x'], Abilities(thinking=True, always=True))
    stubborn.complete(ask())
    assert stubborn.backend.seen[0].thinking


# ---- answers

def test_thinking_is_a_part_of_its_own_in_answers_and_streams(scripted):
    request, engine = ask(reasoning=Reasoning('low')), scripted(thought)
    response, events = engine.complete(request), list(engine.stream(request))
    assert response.message.parts == (ThinkingPart('The sky? Blue.'), TextPart('It is blue.')) and response.text == 'It is blue.'
    assert [e.delta.type for e in events[1:-1]] == ['thinking', 'thinking', 'text', 'text']
    same(gathered(request, events), response)


def test_dspy_reasoning_is_left_to_a_model_that_thinks(scripted):
    engine = scripted([Piece(0, 'Because.', thinking=True), '{"answer": "yes"}'])
    with dspy.context(lm=dspy.LM('mlx/tiny', engine=engine, cache=False), adapter=dspy.JSONAdapter()):
        found = dspy.Predict(dspy.Signature('question -> answer').prepend('reasoning', dspy.OutputField(), type_=dspy.Reasoning))(question='Why?')
    assert found.answer == 'yes' and found.reasoning == 'Because.' and engine.backend.seen[0].thinking


def test_logprobs_reach_the_response_the_stream_and_dspy(scripted):
    tokens = [Piece(0, text, logprobs=(TokenLogprob(text, p, ((text, p), ('no', float('-inf')))),)) for text, p in (('It', -0.5), (' is', -0.25))]
    engine = scripted([Piece(0, 'Hm', thinking=True, logprobs=(TokenLogprob('Hm', -1.0),)), *tokens])
    response = engine.complete(ask(logprobs=2))
    assert [(t.token, t.logprob) for t in response.logprobs] == [('It', -0.5), (' is', -0.25)]
    assert [(t.token, t.logprob) for t in response.logprobs[0].top] == [('It', -0.5), ('no', -9999.0)]
    same(gathered(ask(logprobs=2), engine.stream(ask(logprobs=2))), response)
    assert engine.complete(ask()).logprobs is None
    out = dspy.LM('mlx/tiny', engine=engine, cache=False, logprobs=True, top_logprobs=2)('Well?')[0]
    assert [t.logprob for t in out['logprobs'].content] == [-0.5, -0.25] and engine.backend.seen[-1].logprobs == 2


def test_forced_and_cut_short_are_told_beside_the_usage(scripted):
    engine = scripted([Piece(0, '{', forced_tokens=1), Piece(0, '}', forced_tokens=2, cut_short=True, finish_reason='length')])
    response = engine.complete(ask())
    assert response.provider_data == {'forced_tokens': 2, 'cut_short': True} and response.usage.output_tokens == 2 and response.finish_reason == 'length'
    same(gathered(ask(), engine.stream(ask())), response)
    assert scripted(['x']).complete(ask()).provider_data is None


# ---- tools

@pytest.mark.parametrize('size', [1, 3, 7, 1000])
def test_tool_calls_are_parts_however_the_text_is_cut(scripted, size):
    text = f'Let me look.\n{call}\n{call}\n'
    engine = scripted([text[i:i + size] for i in range(0, len(text), size)])
    response = engine.complete(ask(tools=(look,)))
    assert [p.type for p in response.message.parts] == ['text', 'tool_call', 'tool_call'] and response.finish_reason == 'tool_call'
    assert response.message.parts[0].text == 'Let me look.'
    assert [(c.name, c.input) for c in response.tool_calls] == [('look', {'word': 'sky'})] * 2 and len({c.id for c in response.tool_calls}) == 2
    same(gathered(ask(tools=(look,)), engine.stream(ask(tools=(look,)))), response)


def test_one_call_at_a_time_where_that_was_asked(scripted):
    engine, one = scripted([call + call]), ask(tools=(look,), tool_choice=ToolChoice(parallel=False))
    assert len(engine.complete(one).tool_calls) == 1


@pytest.mark.parametrize('text', ['<tool_call>{"name": "look"', '<tool_call>look it up</tool_call>', '<tool_call>{"name": 5, "arguments": {}}</tool_call>', 'a <tool', '  '])
def test_what_is_no_call_stays_text(scripted, text):
    response = scripted(list(text)).complete(ask(tools=(look,)))
    assert response.text.strip() == text.strip() and response.finish_reason == 'stop' and not response.tool_calls


@given(st.lists(st.sampled_from(['a', ' ', '\n', '<', '<tool', '<tool_call>', '</tool_call>', call, '{"name": "look"}', '_call>', 'é'])), st.data())
def test_a_reader_loses_nothing_and_does_not_care_how_text_comes(said, data):
    text = ''.join(said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    reader, parts = CallReader(able, ({'name': 'look'},)), []
    for begin, end in zip([0, *cuts], [*cuts, len(text)]): parts += reader.feed(text[begin:end])
    parts += reader.feed('', last=True)
    whole = CallReader(able, ({'name': 'look'},)).feed(text, last=True)
    shape = lambda found: [('call', p.name, p.input) if isinstance(p, ToolCallPart) else p for p in found]
    joined = lambda found: [x for kind, group in itertools.groupby(shape(found), type) for x in ([''.join(group)] if kind is str else group)]
    assert joined(parts) == joined(whole)
    kept = ''.join(p if isinstance(p, str) else call if p.input else '<tool_call>{"name": "look"}</tool_call>' for p in parts)
    assert ''.join(kept.split()) == ''.join(text.split())


def test_beside_a_schema_the_model_may_call_and_otherwise_its_answer_has_the_schema(scripted):
    schema = {'type': 'object', 'properties': {'answer': {'type': 'string'}}, 'required': ['answer']}
    asked = ask(tools=(look,), response_format={'type': 'json_schema', 'schema': schema})
    calls = scripted(lambda g: ['{"answer": "x"}'] if g.schema else [call])
    assert calls.complete(asked).finish_reason == 'tool_call' and [g.schema for g in calls.backend.seen] == [None]
    answers = scripted(lambda g: ['{"answer": "x"}'] if g.schema else ['I would rather talk.'])
    response = answers.complete(asked)
    assert response.text == '{"answer": "x"}' and [g.schema for g in answers.backend.seen] == [None, schema] and all(g.tools for g in answers.backend.seen)
    assert response.usage.output_tokens == 2
    same(gathered(asked, answers.stream(asked)), replace(response))


def test_a_call_that_is_required_is_an_answer_with_a_schema(engine_of_noise):
    other = FunctionTool(name='add', parameters={'type': 'object', 'properties': {'n': {'type': 'integer', 'minimum': 0, 'maximum': 9}}, 'required': ['n'], 'additionalProperties': False})
    for seed in range(6):
        asked = replace(ask(tools=(look, other), tool_choice=ToolChoice('required'), temperature=1.5, seed=seed, max_tokens=80), model=engine_of_noise.model)
        response = engine_of_noise.complete(asked)
        made, = response.tool_calls
        assert response.finish_reason == 'tool_call' and (made.name, *made.input) in [('look', 'word'), ('add', 'n')]
        same(gathered(asked, engine_of_noise.stream(asked)), response)


def test_dspy_has_its_tool_calls_from_a_model_that_makes_them(scripted):
    class Do(dspy.Signature):
        question: str = dspy.InputField()
        tools: list[dspy.Tool] = dspy.InputField()
        calls: dspy.ToolCalls = dspy.OutputField()

    def look(word: str) -> str: "Look something up."
    engine = scripted([call])
    with dspy.context(lm=dspy.LM('mlx/tiny', engine=engine, cache=False), adapter=dspy.ChatAdapter(use_native_function_calling=True)):
        found = dspy.Predict(Do)(question='Blue?', tools=[dspy.Tool(look)]).calls
    assert [(c.name, c.args) for c in found.tool_calls] == [('look', {'word': 'sky'})]
    assert engine.backend.seen[0].tools[0]['name'] == 'look'


# ---- what a model can do

@pytest.fixture(scope='module')
def thinker(tmp_path_factory):
    "A folder whose template knows tools and thinking, and whose weights are junk."
    folder = random_model(tmp_path_factory.mktemp('thinker'), hidden=32)
    config = json.loads((folder/'tokenizer_config.json').read_text())
    template = ("{% if tools %}{{ tools[0].function.name }}<tool_call>{% endif %}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}"
                "{% for tool_call in m.tool_calls %}{{ tool_call.name }}{% endfor %}<|end|>{% endfor %}<|assistant|>")
    switch = "{% if enable_thinking is false %}<think></think>{% endif %}"
    (folder/'tokenizer_config.json').write_text(json.dumps({**config, 'chat_template': template + switch, 'additional_special_tokens': ['<think>', '</think>']}))
    (folder/'model.safetensors').write_bytes(b'junk')
    return folder


def test_abilities_are_the_truth_about_this_model_and_cost_no_weights(thinker, noise):
    engine = MLXEngine(f'mlx/{thinker}')
    assert engine.supports_function_calling and engine.supports_reasoning and engine.worker.state == 'new'
    assert {'tools', 'tool_choice', 'reasoning_effort', 'logprobs', 'response_format'} <= engine.supported_params
    lm = dspy.LM('mlx/x', engine=engine)
    assert lm.supports_function_calling and lm.supports_reasoning and lm.supports_response_schema
    plain = MLXEngine(f'mlx/{noise}')
    assert not plain.supports_function_calling and not plain.supports_reasoning and not {'tools', 'reasoning_effort'} & plain.supported_params


@pytest.mark.parametrize('begin, thinking, always', [
    ("{% if enable_thinking is false %}<think></think>{% endif %}", True, False), ("<think>", True, True), ("", False, False)])
def test_a_model_thinks_when_its_template_does_something_with_the_marks_it_has(thinker, tmp_path, begin, thinking, always):
    for file in thinker.iterdir(): (tmp_path/file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path/'tokenizer_config.json').read_text())
    (tmp_path/'tokenizer_config.json').write_text(json.dumps({**config, 'chat_template': "{% for m in messages %}{{ m.content }}{% endfor %}" + begin}))
    can = MLXEngine(f'mlx/{tmp_path}').abilities
    assert (can.thinking, can.always) == (thinking, always)
    assert MLXEngine(f'mlx/{tmp_path}').supports_weighing == (not always)  # what was thought is no part of the candidates


# ---- probabilities

triage = {'type': 'object', 'required': ['team', 'urgent'], 'additionalProperties': False, 'properties': {
    'team': {'$ref': '#/$defs/Team'}, 'urgent': {'type': 'boolean'}}, '$defs': {'Team': {'type': 'string', 'enum': ['billing', 'technical', 'sales']}}}


def typed(schema, **config): return ask(response_format={'type': 'json_schema', 'schema': schema}, **config)


def test_probabilities_are_the_margins_of_every_whole_answer(scripted):
    worth = {'{"team": "billing", "urgent": true}': 0.25, '{"team": "billing", "urgent": false}': 0.05, '{"team": "technical", "urgent": true}': 0.1}
    engine = scripted([], weigh=lambda g, c: math.log(worth.get(c, 0.025)))
    response = engine.complete(typed(triage, probabilities='required'))
    part, = response.message.parts
    assert part.value == {'team': 'billing', 'urgent': True} and part.method == 'candidate_sequence_likelihood'
    assert part.probabilities == {'team': pytest.approx({'billing': 0.3 / 0.475, 'technical': 0.125 / 0.475, 'sales': 0.05 / 0.475}),
                                  'urgent': pytest.approx({'true': 0.375 / 0.475, 'false': 0.1 / 0.475})}
    assert response.provider_data == {'coverage': pytest.approx(0.475), 'candidates': 6} and response.finish_reason == 'stop'
    asked, = engine.backend.seen
    assert len(asked.candidates) == 6 and asked.schema is None


def test_beside_other_fields_decisions_are_weighed_in_the_answer_that_was_written(scripted):
    schema = {**triage, 'properties': {'why': {'type': 'string'}, **triage['properties']}}
    engine = scripted(['{"why": "Money.", "team": "sales", "urgent": true}'], weigh=lambda g, c: math.log(0.5 if 'billing' in c else 0.1))
    response = engine.complete(typed(schema, probabilities='if_available'))
    assert response.data == {'why': 'Money.', 'team': 'billing', 'urgent': True} and response.probabilities['team']['billing'] == pytest.approx(1 / 1.4)
    assert engine.backend.seen[1].candidates[0] == '{"why": "Money.", "team": "billing", "urgent": true}' and response.usage.output_tokens == 2


def test_too_many_to_weigh_together_are_weighed_one_by_one(scripted):
    names = [f'q{i}' for i in range(8)]
    schema = {'type': 'object', 'properties': {name: {'type': 'boolean'} for name in names}}
    written = dict.fromkeys(names, False)
    engine = scripted([json.dumps(written)], weigh=lambda g, c: math.log(0.8 if json.loads(c)['q3'] else 0.2))
    response = engine.complete(typed(schema, probabilities='required'))
    assert 2 ** 8 > JOINT and len(engine.backend.seen[1].candidates) == 16
    assert response.data == {**written, 'q3': True} | {n: True for n in names if n != 'q3'} and response.probabilities['q3']['true'] == pytest.approx(0.8)
    assert response.probabilities['q0'] == {'true': pytest.approx(0.5), 'false': pytest.approx(0.5)}


def test_what_cannot_be_measured_is_refused_or_noted_and_never_made_up(scripted):
    engine = scripted(['{"name": "Ada"}'])
    for config in (dict(response_format={'type': 'json_schema', 'schema': {'type': 'object', 'properties': {'name': {'type': 'string'}}}}), {}):
        with pytest.raises(UnsupportedFeatureError, match='finite set') as caught: engine.complete(ask(probabilities='required', **config))
        assert caught.value.feature == 'config.probabilities'
        response = engine.complete(ask(probabilities='if_available', **config))
        assert response.probabilities is None and [(a.field, a.action) for a in response.adaptations] == [('config.probabilities', 'dropped')]
    with pytest.raises(UnsupportedFeatureError, match='thinks'): engine.complete(typed(triage, probabilities='required', reasoning=Reasoning('low')))
    with pytest.raises(UnsupportedFeatureError, match='stream'): list(engine.stream(typed(triage, probabilities='required')))
    events = list(engine.stream(typed(triage, probabilities='if_available')))
    assert events[0].adaptations[0].action == 'dropped' and events[-1].type == 'end'


def test_a_model_that_finds_no_answer_possible_is_an_error_and_not_a_distribution(scripted):
    engine = scripted([], weigh=lambda g, c: float('-inf'))
    with pytest.raises(Exception, match='none of the allowed answers possible'): engine.complete(typed(triage, probabilities='required'))


def test_evidence_for_dspys_decisions_is_measured(scripted):
    schema = {**triage, 'x-evidence': {'team': ['billing', 'technical', 'sales'], 'urgent': 'noul'}}
    engine = scripted([], weigh=lambda g, c: math.log({'b': 0.6, 't': 0.3, 's': 0.1}[json.loads(c)['team'][0]] * (0.9 if json.loads(c)['urgent'] else 0.1)))
    for response in (engine.complete(typed(schema)).data, gathered(typed(schema), engine.stream(typed(schema))).data):
        assert response['team']['probabilities'] == pytest.approx({'billing': 0.6, 'technical': 0.3, 'sales': 0.1})
        assert response['team']['confidence'] == pytest.approx(0.6) and response['urgent'] == {'noul': pytest.approx(0.9)}


@given(st.dictionaries(st.text('abcdef', min_size=1), st.lists(st.sampled_from(['x', 'y', 'é', True, False, 0, 1, 2, None, '1']), min_size=2, max_size=4, unique_by=repr),
                       min_size=1, max_size=3), st.data())
def test_shares_add_up_and_are_what_counting_gives(values, data):
    schema = {'type': 'object', 'properties': {name: {'enum': found} for name, found in values.items()}}
    found = decisions(schema)
    for name, labels in found.items(): assert list(map(repr, labels.values())) == list(map(repr, values[name]))
    if found.keys() != values.keys(): return
    votes = ballot(schema)
    assert len(set(votes.texts)) == len(votes.texts) == math.prod(map(len, values.values())) and [json.loads(t) for t in votes.texts] == list(votes.answers)
    weights = [data.draw(st.floats(0.001, 1)) for _ in votes.texts]
    shares, coverage = distributions(schema, votes, tuple(math.log(w / sum(weights) / 2) for w in weights))
    assert coverage == pytest.approx(0.5)
    for name, labels in found.items():
        assert sum(shares[name].values()) == pytest.approx(1)
        for label, value in labels.items():
            assert shares[name][label] == pytest.approx(sum(w for w, a in zip(weights, votes.answers) if repr(a[name]) == repr(value)) / sum(weights))


# ---- limits

@pytest.fixture
def engine_of_noise(noise):
    engine = MLXEngine(f'mlx/{noise}')
    engine.__dict__['abilities'] = able
    yield engine
    engine.close()


def test_a_full_queue_tells_dspy_when_to_come_again(scripted):
    engine = scripted(['x'] * 5, queue_limit=1)
    engine.backend.slots, engine.backend.gate = 1, (gate := threading.Event())
    first = engine.worker.submit(generation(ask()))
    while first.admitted is None: time.sleep(0.001)
    second = engine.worker.submit(generation(ask()))
    with pytest.raises(dspy.LMRateLimitError) as caught: dspy.LM('mlx/tiny', engine=engine, cache=False, num_retries=0)('Well?')
    assert dspy.is_retryable_lm_error(caught.value) and caught.value.retry_after > 0
    gate.set(); first.result(), second.result()


def test_a_dead_worker_is_an_error_to_come_back_from(scripted):
    engine, deaths = scripted(['alive']), [SystemExit()]
    step = engine.backend.step
    engine.backend.step = lambda: step() if not deaths else (_ for _ in ()).throw(deaths.pop())
    lm = dspy.LM('mlx/tiny', engine=engine, cache=False, num_retries=0)
    with pytest.raises(dspy.LMServerError) as caught: lm('Well?')
    assert dspy.is_retryable_lm_error(caught.value)
    assert lm('Well?') == ['alive']


def test_the_time_allowed_holds_for_all_steps_together(scripted):
    engine = scripted(['{"why": "x", "team": "sales", "urgent": true}'], timeout=0.1)
    step = engine.backend.step
    engine.backend.step = lambda: (time.sleep(0.15), step())[1]
    schema = {**triage, 'properties': {'why': {'type': 'string'}, **triage['properties']}}
    assert engine.complete(typed(schema)).text  # a step that has begun is worth waiting for
    with pytest.raises(TimeoutError): engine.complete(typed(schema, probabilities='required'))
    assert [bool(made.candidates) for made in engine.backend.seen] == [False, False]


def test_a_scope_with_a_deadline_holds_for_calls_through_dspy(scripted):
    engine = scripted(['x'] * 10_000)
    lm = dspy.LM('mlx/tiny', engine=engine, cache=False, num_retries=0)
    with CancelScope(timeout=0.05), CancelScope(timeout=60), pytest.raises(dspy.LMTimeoutError): lm('Well?')
    assert not engine.worker._running and not engine.worker._open


def test_the_async_engine_gives_the_same(scripted):
    sync = scripted(thought)
    other = scripted(thought, kind=AsyncMLXEngine)
    request = ask(reasoning=Reasoning('low'))

    async def both(): return await other.complete(request), gathered(request, [e async for e in other.stream(request)])
    for response in asyncio.run(both()): same(response, sync.complete(request))
    judge = scripted([], kind=AsyncMLXEngine, weigh=lambda g, c: math.log(0.1))
    assert asyncio.run(judge.complete(typed(triage, probabilities='required'))).probabilities['urgent']['true'] == pytest.approx(0.5)


# ---- other processes

def test_options_are_passed_on_where_they_are_given(monkeypatch):
    seen = []
    monkeypatch.setattr(mlx, 'MLXBackend', lambda *args, **more: seen.append((args, more)) or ScriptedBackend(['x']))
    for options in ({}, {'adapter_path': 'adapters', 'kv_bits': 8}):
        engine = MLXEngine('mlx/tiny', slots=3, prefix_bytes=9, **options)
        engine.complete(ask()); engine.close()
        assert MLXEngine.load_state(engine.dump_state()).dump_state() == engine.dump_state() == {
            'model': 'mlx/tiny', 'slots': 3, 'queue_limit': 1024, 'timeout': None, 'prefix_bytes': 9, **options}
    assert [more for _, more in seen] == [{}, {'adapter_path': 'adapters', 'kv_bits': 8}]


def test_a_program_saved_with_a_folder_beside_it_loads_from_anywhere(noise, tmp_path, monkeypatch):
    monkeypatch.chdir(noise.parent)
    program = dspy.Predict('question -> answer: bool')
    from dspy_toolkit.engine.mlx import lm
    program.lm = lm(f'mlx/./{noise.name}', max_tokens=40, temperature=0.9, seed=5)
    program.save(tmp_path/'program.json')
    with dspy.context(adapter=dspy.JSONAdapter()): expected = str(program(question='Why?').answer)
    code = '''
import dspy, sys
program = dspy.Predict('question -> answer: bool')
program.load(sys.argv[1], allow_unsafe_lm_state=True)
with dspy.context(adapter=dspy.JSONAdapter()): print(program(question='Why?').answer)
'''
    found = {**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, '-c', code, str(tmp_path/'program.json')], capture_output=True, text=True, cwd=tmp_path, env=found, timeout=120)
    program.lm.engine.close()
    assert done.stdout.strip() == expected, done.stderr


# ---- with a model behind it

def reference(folder, messages, candidates):
    "The likelihood of each text, from one forward each."
    import mlx.core as mx, mlx_lm
    model, tokenizer = mlx_lm.load(str(folder))
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True)
    found = []
    for text in candidates:
        answer = [*tokenizer.encode(text, add_special_tokens=False), next(iter(tokenizer.eos_token_ids))]
        scores = model(mx.array([[*prompt, *answer]]))[0].astype(mx.float32)
        scores = scores - mx.logsumexp(scores, axis=-1, keepdims=True)
        found.append(sum(scores[len(prompt) - 1 + i, token].item() for i, token in enumerate(answer)))
    return found


def test_shares_of_a_real_model_are_those_of_one_forward_for_each_answer(noise):
    engine = MLXEngine(f'mlx/{noise}')
    response = engine.complete(replace(typed(triage, probabilities='required'), model=engine.model))
    engine.close()
    votes = ballot(triage)
    expected, coverage = distributions(triage, votes, tuple(reference(noise, [{'role': 'user', 'content': 'Is the sky blue?'}], votes.texts)))
    for name, share in expected.items(): assert response.probabilities[name] == pytest.approx(share, rel=1e-3)
    assert response.provider_data['coverage'] == pytest.approx(coverage, rel=1e-2) and response.method == 'candidate_sequence_likelihood'


def test_logprobs_of_a_real_model_are_its_own_and_greedy_takes_the_likeliest(noise):
    engine = MLXEngine(f'mlx/{noise}')
    request = replace(ask(max_tokens=12, logprobs=3), model=engine.model)
    response = engine.complete(request)
    assert len(response.logprobs) == response.usage.output_tokens == 12
    for token in response.logprobs:
        assert token.logprob == token.top[0].logprob >= token.top[1].logprob >= token.top[2].logprob and token.logprob < 0
    same(gathered(request, engine.stream(request)), replace(response, usage=gathered(request, engine.stream(request)).usage))
    engine.close()


def test_a_real_model_thinks_before_an_answer_with_a_schema_and_only_when_asked(pensive, tmp_path):
    for file in pensive.iterdir(): (tmp_path/file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path/'tokenizer_config.json').read_text())
    switch = "{% if enable_thinking is false %}<think></think>{% endif %}"
    (tmp_path/'tokenizer_config.json').write_text(json.dumps({**config, 'chat_template': config['chat_template'] + switch}))
    engine = MLXEngine(f'mlx/{tmp_path}')
    schema = {'type': 'object', 'properties': {'answer': {'enum': ['yes', 'no']}}, 'required': ['answer'], 'additionalProperties': False}
    request = replace(typed(schema, reasoning=Reasoning('low'), max_tokens=60), model=engine.model)
    assert engine.supports_reasoning
    response = engine.complete(request)
    assert [p.type for p in response.message.parts] == ['thinking', 'text'] and json.loads(response.text)['answer'] in ('yes', 'no')
    assert response.message.parts[0].text and 'think>' not in response.message.parts[0].text
    streamed = gathered(request, engine.stream(request))  # lm15 reads an answer with a schema as data when it gathers it
    assert streamed.message.first(ThinkingPart) == response.message.parts[0] and streamed.data == response.data
    plain = engine.complete(replace(request, config=replace(request.config, reasoning=None)))
    assert [p.type for p in plain.message.parts] == ['text']
    engine.close()


# ---- DSPy's decisions

def judged():
    from dspy.experimental import Choice, Noul, Score

    Team, Tone = Choice[('billing', 'money'), ('technical', 'bugs')], Score['rude', 'plain', 'kind']  # noqa: F821

    class Judge(dspy.Signature):
        "Judge the mail."
        mail: str = dspy.InputField()
        team: Team = dspy.OutputField(desc='who answers')
        urgent: Noul = dspy.OutputField(desc='is it urgent')
        tone: Tone = dspy.OutputField(desc='how it is said')
    return Judge


def test_choices_scores_and_nouls_hold_what_was_measured(scripted):
    from dspy_toolkit.engine.adapter import GrammarAdapter
    p = {'team': {'billing': 0.2, 'technical': 0.8}, 'urgent': {True: 0.3, False: 0.7}, 'tone': {0: 0.1, 1: 0.2, 2: 0.7}}
    engine = scripted([], weigh=lambda g, c: sum(math.log(p[name][value]) for name, value in json.loads(c).items()))
    with dspy.context(lm=dspy.LM('mlx/tiny', engine=engine, cache=False), adapter=GrammarAdapter()):
        found = dspy.Predict(judged())(mail='It is broken.')
    assert found.team.value == 'technical' and found.team.probabilities == pytest.approx(p['team']) and found.team.confidence == pytest.approx(0.8)
    assert found.urgent.value is False and found.urgent.probability == pytest.approx(0.3)
    assert found.tone.value == pytest.approx(1.6) and found.tone.probabilities == pytest.approx({0: 0.1, 1: 0.2, 2: 0.7}) and found.tone.level == 2
    made, = engine.backend.seen
    assert len(made.candidates) == 12 and 'Evidence' not in str(made.messages)  # the model is asked for labels, not to make up numbers


def test_choices_beside_reasoning_and_on_a_real_model(noise):
    from dspy_toolkit.engine.adapter import GrammarAdapter
    from dspy_toolkit.engine.mlx import lm
    model = lm(f'mlx/{noise}', cache=False, max_tokens=150)
    with dspy.context(lm=model, adapter=GrammarAdapter()): found = dspy.ChainOfThought(judged())(mail='It is broken.')
    assert isinstance(found.reasoning, str) and sum(found.team.probabilities.values()) == pytest.approx(1) and 0 <= found.urgent.probability <= 1
    model.engine.close()
