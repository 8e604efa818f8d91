"""An answer that somebody else began is gone on with: what was given and what comes make one answer, and only what comes is told.

The variable EVERY says how far the places are apart at which answers are cut: 3 characters unless set. The full form is EVERY=1.
"""
import asyncio, datetime, enum, json, os
from typing import Literal

import dspy, mlx.core as mx
import pytest
from dspy.lm15 import (Config, ContextLengthError, FunctionTool, InvalidRequestError, Message, Reasoning, Request, StreamDeltaEvent, StreamEndEvent, StreamStartEvent,
                       TextDelta, TextPart, ThinkingPart, ToolCallPart, ToolChoice, UnsupportedFeatureError, Usage)
from dspy.utils.exceptions import AdapterParseError
from hypothesis import given, settings, strategies as st
from mlx_lm.tokenizer_utils import BPEStreamingDetokenizer, NaiveStreamingDetokenizer, SPMStreamingDetokenizer
from pydantic import BaseModel, Field

from dspy_toolkit.engine.adapter import FieldReader, GrammarAdapter, GrammarChatAdapter, SectionReader
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.grammar import babble, byte_vocabulary, schema_grammar
from dspy_toolkit.engine.prompt import ChatTokens
from dspy_toolkit.engine.mlx import AsyncMLXEngine, MLXEngine, generation
from dspy_toolkit.engine.tools import Abilities
from dspy_toolkit.engine.rows import Row, StopTexts
from dspy_toolkit.engine.sampling import sample_token
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.core.seam import SEAM
from dspy_toolkit.signatures.schema import output_schema


EVERY = int(os.environ.get('EVERY', 3))


class Color(enum.Enum): red = 1; green = 'g'
class Place(BaseModel): city: str = Field(max_length=12); sure: bool | None = None


def signature(**outputs): return dspy.Signature({'email': (str, dspy.InputField()), **{n: (t, dspy.OutputField()) for n, t in outputs.items()}})


signatures = [signature(**outputs) for outputs in (
    dict(answer=str), dict(team=Literal['billing', 'technical', 'sales'], urgent=bool), dict(reasoning=str, team=Literal['billing', 'sales']), dict(score=int),
    dict(price=float | None, sure=bool), dict(tags=list[str]), dict(counts=dict[str, int]), dict(color=Color, why=str), dict(due=datetime.date),
    dict(place=Place), dict(pair=tuple[int, str], known=bool), dict(name=str, places=list[Place]))]
adapters = [GrammarAdapter(), GrammarChatAdapter()]
INPUTS = {'email': 'The café invoice of May is wrong. Please pay me back.'}
TEAM = dict(response_format={'type': 'json_schema', 'name': 'team', 'schema': output_schema(signatures[1])})
BEGUN = '{"team": "bil'
cases = pytest.mark.parametrize('adapter', adapters, ids=['json', 'chat'])


def ask(*begun, sig=signatures[2], adapter=adapters[0], model='mlx/tiny', tools=(), **config):
    "A request of a signature, with an answer that was begun behind it."
    schema = {**output_schema(sig), **adapter.words}
    said = [Message(role={'system': 'developer'}.get(m['role'], m['role']), parts=(TextPart(m['content']),)) for m in adapter.format(sig, [], INPUTS)]
    return Request(model=model, messages=(*said, *(Message.assistant(b) for b in begun)), tools=tools,
                   config=Config(**{'max_tokens': 60, 'response_format': {'type': 'json_schema', 'name': 'x', 'schema': schema}} | config))


def plain(*begun, **options): return ask(*begun, response_format=None, **options)


@pytest.fixture(scope='module')
def engine():
    made = MLXEngine('mlx/tiny')
    yield made
    made.close()


@pytest.fixture(scope='module')
def backend():
    made = MLXBackend('mlx/tiny', prefix_bytes=0)
    made.load()
    yield made
    made.close()


def answered(backend, *asked):
    "Texts, reasons and counts of requests that are served together."
    for uid, request in enumerate(asked): backend.admit(uid, request if isinstance(request, Generation) else generation(request))
    found = {uid: [''] for uid in range(len(asked))}
    while any(len(one) == 1 for one in found.values()):
        for piece in backend.step():
            assert piece.error is None, piece.error
            found[piece.uid][0] += piece.text
            if piece.finish_reason: found[piece.uid] += [piece.finish_reason, piece.output_tokens]
    assert not backend.scheduler.rows and not backend.scheduler.reading and not backend.scheduler.waiting
    return list(map(tuple, found.values()))


# ---- typed answers

@cases
@pytest.mark.parametrize('sig', signatures, ids=lambda s: '-'.join(s.output_fields))
def test_an_answer_cut_anywhere_and_gone_on_with_parses(engine, sig, adapter):
    "At every place of it, eight at a time: through the worker, so that answers begun share their steps with others."
    whole = engine.complete(ask(sig=sig, adapter=adapter)).text
    cuts = [*range(1, len(whole), EVERY if len(whole) < 100 else 3 * EVERY), len(whole)]
    jobs = [engine.worker.submit(generation(ask(whole[:cut], sig=sig, adapter=adapter))) for cut in cuts]
    for cut, job in zip(cuts, jobs):
        found = adapter.parse(sig, whole[:cut] + job.result().text)
        assert found.keys() == sig.output_fields.keys()


def cuts_of(backend, whole):
    "A text's beginnings, one for each of its tokens but the last."
    tokens = backend.loaded.tokenizer.encode(whole, add_special_tokens=False)
    return [backend.loaded.tokenizer.decode(tokens[:n]) for n in range(1, len(tokens))]


@cases
def test_a_greedy_answer_cut_between_its_tokens_is_the_same_answer(backend, adapter):
    "It must be where the model said the tokens that the text is spelt with, and was not out of room. Others may be said otherwise once the model sees them spelt otherwise."
    must = 0
    for sig in signatures:
        backend.admit(0, generation(ask(sig=sig, adapter=adapter, logprobs=0)))
        pieces = []
        while not pieces or not pieces[-1].finish_reason: pieces += backend.step()
        whole, said = ''.join(p.text for p in pieces), [t.text for p in pieces for t in p.logprobs]
        parts = cuts_of(backend, whole)
        if pieces[-1].finish_reason != 'stop' or [''.join(said[:n]) for n in range(1, len(said))] != parts: continue
        assert [part + rest for part, (rest, *_) in zip(parts, answered(backend, *(ask(part, sig=sig, adapter=adapter, logprobs=0) for part in parts)))] == [whole] * len(parts)
        must += len(parts)
    assert must > 100


@cases
def test_nine_of_ten_are_the_same_with_what_is_forced_taken_at_once(backend, adapter):
    same = []
    for sig, (whole, reason, _) in zip(signatures, answered(backend, *(ask(sig=sig, adapter=adapter) for sig in signatures))):
        if reason != 'stop': continue
        parts = cuts_of(backend, whole)[::2]
        same += [part + rest == whole for part, (rest, *_) in zip(parts, answered(backend, *(ask(part, sig=sig, adapter=adapter) for part in parts)))]
    assert sum(same) >= 0.9 * len(same) > 45


def test_an_answer_begun_gets_in_a_batch_what_it_gets_alone(backend):
    whole = answered(backend, ask())[0][0]
    asked = [ask(), *(ask(whole[:n]) for n in (1, 5, 20, len(whole))), plain(), plain('The '), ask('{"reasoning": "It', temperature=1.0, seed=3)]
    alone = [answered(backend, one)[0] for one in asked]
    assert answered(backend, *asked) == alone and answered(backend, *asked[::-1]) == alone[::-1]


def test_what_was_given_does_not_count_as_said(engine):
    whole, begun = engine.complete(ask(max_tokens=200)), '{"reasoning": "It is about money'
    response = engine.complete(ask(begun, max_tokens=30, logprobs=1))
    assert begun not in response.text and response.usage.output_tokens == len(response.logprobs) <= 30
    assert response.text.startswith(response.logprobs[0].token) and response.usage.input_tokens > whole.usage.input_tokens
    assert GrammarAdapter().parse(signatures[2], begun + response.text)['reasoning'].startswith('It is about money')
    assert engine.complete(ask(begun, max_tokens=30)).text == response.text  # without logprobs, what is forced is taken at once


def test_a_prompt_that_was_read_before_is_not_read_again(engine):
    begun = '{"reasoning": "The invoice'
    cold = engine.complete(ask(begun, sig=signatures[2])).text
    again = engine.complete(ask(begun, sig=signatures[2]))
    assert again.usage.cache_read_tokens > 50 and again.text == cold


@pytest.mark.parametrize('begun, at', [('{"team":"sales"', "character 8 on: '\"sales\"'"), ('{"team": "legal', "character 10 on: 'legal'"), ('Sure! {', "character 0 on: 'Sure! {'"),
                                       ('{"team": "sales", "urgent": true} ', "character 33 on: ' '"), ('{"team": "sales", "urgent": tru\x1e', "'\\x1e'")])
def test_a_text_that_breaks_the_grammar_is_refused_in_one_line_before_any_work(engine, backend, begun, at):
    with pytest.raises(InvalidRequestError) as caught: engine.complete(ask(begun, sig=signatures[1]))
    assert at in caught.value.message and '\n' not in caught.value.message and caught.value.hint
    with pytest.raises(InvalidRequestError): next(engine.stream(ask(begun, sig=signatures[1])))
    with pytest.raises(InvalidRequestError): backend.admit(0, generation(ask(begun, sig=signatures[1])))
    assert not backend.scheduler.rows and not backend.scheduler.reading and not backend.scheduler.waiting


@cases
def test_a_whole_answer_has_an_empty_continuation(engine, backend, adapter):
    whole = engine.complete(ask(adapter=adapter)).text
    response = engine.complete(ask(whole, adapter=adapter))
    assert (response.text, response.finish_reason, response.usage.output_tokens) == ('', 'stop', 0)
    assert [e.type for e in engine.stream(ask(whole, adapter=adapter))] == ['start', 'end']
    assert answered(backend, ask(whole, adapter=adapter), ask(adapter=adapter))[1] == answered(backend, ask(adapter=adapter))[0]


def test_a_number_that_could_be_longer_is_not_whole(backend):
    schema = {'type': 'integer', 'minimum': 0, 'maximum': 99}
    asked = lambda begun: Generation(({'role': 'user', 'content': 'How many?'}, {'role': 'assistant', 'content': begun}), schema=schema, max_tokens=9)
    (rest, reason, _), (none, _, said) = answered(backend, asked('1'), asked('12'))
    assert 1 <= int('1' + rest) <= 99 and reason == 'stop' and (none, said) == ('', 0)


def test_room_is_counted_from_what_was_given(engine):
    with pytest.raises(ContextLengthError, match='has .* tokens, and 3 are allowed'): engine.complete(ask('{"rea', max_tokens=3))
    response = engine.complete(ask('{"reasoning": "It is', max_tokens=14))
    assert GrammarAdapter().parse(signatures[2], '{"reasoning": "It is' + response.text) and response.usage.output_tokens <= 14
    with pytest.raises(ContextLengthError, match='holds'): engine.complete(ask('{"reasoning": "' + 'so it is, ' * 400))


def test_the_rest_of_an_answer_may_fit_where_a_whole_one_would_not(backend):
    begun, schema = '{"team": "technical", "urgent": ', TEAM['response_format']['schema']
    said = lambda n, *begun: Generation(({'role': 'user', 'content': 'no ' * n}, *({'role': 'assistant', 'content': b} for b in begun)), schema=schema)
    n = next(n for n in range(300, 1024) if backend.loaded.context - len(backend.encode_prompt(said(n).messages)) < 12)
    with pytest.raises(ContextLengthError, match='leaves room for'): backend.admit(0, said(n + 2))
    assert answered(backend, said(n, begun))[0][0] in ('true}', 'false}')


def test_a_long_text_is_gone_on_with(engine):
    begun = '{"reasoning": "' + 'so it is, ' * 60
    assert GrammarAdapter().parse(signatures[2], begun + engine.complete(ask(begun, max_tokens=40)).text)['reasoning'].startswith('so it is, so')


def test_marks_of_the_model_in_a_text_are_text(engine):
    begun = '{"reasoning": "It ends <|end|> here'
    assert '<|end|>' in GrammarAdapter().parse(signatures[2], begun + engine.complete(ask(begun)).text)['reasoning']


@pytest.mark.parametrize('kind', ['sliding', 'quantised'])
def test_models_whose_rows_take_turns_go_on_too(sliding, noise_wide, kind):
    made = MLXBackend(f'mlx/{sliding}') if kind == 'sliding' else MLXBackend(f'mlx/{noise_wide}', kv_bits=8)
    made.load()
    try:
        for begun, (rest, *_) in zip(two := ['{"team": "bil', '{"team": "technical", "ur'], answered(made, *(ask(b, sig=signatures[1]) for b in two))):
            assert GrammarAdapter().parse(signatures[1], begun + rest)['team'] in ('billing', 'technical')
    finally: made.close()


letters = byte_vocabulary()


@given(st.sampled_from([output_schema(s) for s in signatures]), st.booleans(), st.integers(0, 999), st.data())
def test_whatever_is_cut_and_gone_on_with_at_random_is_in_the_grammar(schema, chat, seed, data):
    "By a vocabulary of bytes, so that any cut is one between tokens."
    schema = {**schema, **({'x-layout': 'chat'} if chat else {})}
    grammar, rng = schema_grammar(schema), data.draw(st.randoms(use_true_random=False))
    whole = babble(letters, grammar, 400, seed)
    begun = whole[:data.draw(st.integers(1, len(whole)))]
    room = letters.count_needed(grammar, begun) + data.draw(st.integers(0, 50))
    constraint, out = letters.constraint(grammar, max(room, 1), tuple(letters.tokens_of(begun.encode()))), begun.encode()
    while not constraint.done:
        allowed = constraint.mask().nonzero()[0].tolist()
        if (token := constraint.push(rng.choice(allowed))) is not None: out += letters.bytes_of(token)
    assert grammar.accepts(out.decode()) and len(out) - len(begun.encode()) <= max(room, 1)


# ---- text

def test_plain_text_goes_on_where_it_was_cut(backend):
    [(whole, reason, _)] = answered(backend, plain(max_tokens=24))
    tokenizer = backend.loaded.tokenizer
    tokens, same = tokenizer.encode(whole, add_special_tokens=False), []
    for n in range(1, len(tokens)):
        part = tokenizer.decode(tokens[:n])
        [(rest, *_)] = answered(backend, plain(part, max_tokens=24 - n))
        same.append(part + rest == whole)
    assert len(same) > 5 and sum(same) >= 0.9 * len(same)


@pytest.mark.parametrize('detokenizer', [BPEStreamingDetokenizer, NaiveStreamingDetokenizer])
@pytest.mark.parametrize('begun', ['The sky', 'The sky ', 'The sky  ', ' The', 'é😀', 'a\n', 'a\n\n '])
def test_no_space_is_lost_or_said_twice_where_the_text_goes_on(backend, detokenizer, begun):
    tokenizer = backend.loaded.tokenizer
    row = Row(0, Generation(()), [], 9, 0, detokenizer=detokenizer(tokenizer._tokenizer))
    row.continue_from(tokenizer.encode(begun, add_special_tokens=False))
    for token in tokenizer.encode(' is blue', add_special_tokens=False): row.detokenizer.add_token(token)
    row.detokenizer.finalize()
    assert row.detokenizer.last_segment == ' is blue'


def test_a_tokenizer_that_writes_spaces_before_words_keeps_the_first():
    words = type('Words', (), {'__len__': lambda self: 3, 'convert_ids_to_tokens': lambda self, ids: ['▁The', '▁sky', 's']})()
    row = Row(0, Generation(()), [], 9, 0, detokenizer=SPMStreamingDetokenizer(words))
    row.continue_from([0])
    for token in (1, 2): row.detokenizer.add_token(token)
    assert row.detokenizer.last_segment == ' skys'


def test_penalties_count_what_was_given(backend):
    asked, tokens = generation(plain('red red green', presence_penalty=0.5, frequency_penalty=0.5)), backend.loaded.tokenizer.encode('red green', add_special_tokens=False)
    backend.admit(0, asked)
    [row] = backend.scheduler.waiting
    favoured = lambda token, by: mx.zeros(backend.loaded.size).at[token].add(by)
    picked = lambda token, by: sample_token(favoured(token, by), asked, 0, 0, row.seen).item() == token
    assert (picked(tokens[0], 1.4), picked(tokens[0], 1.6), picked(tokens[-1], 0.9), picked(tokens[-1], 1.1)) == (False, True, False, True)
    backend.evict(0)


@given(st.text('ab', max_size=5), st.text('ab', max_size=9), st.lists(st.text('ab', min_size=1, max_size=4), min_size=1, max_size=2), st.data())
@settings(max_examples=400)
def test_a_stop_text_counts_where_it_ends_in_what_comes(begun, rest, stops, data):
    "It may have begun in what was given; one that is whole there is no end."
    stopper, out, hit, left = StopTexts(tuple(stops), begun), '', False, rest
    while left and not hit:
        n = data.draw(st.integers(1, len(left)))
        piece, hit = stopper.feed(left[:n], last=n == len(left))
        out, left = out + piece, left[n:]
    # a stop text that lies in both, or in what comes; of one that begins in what was given, nothing is there to be told
    ends = [max(at - len(begun), 0) for s in stops for at in range(max(len(begun) - len(s) + 1, 0), len(begun + rest)) if (begun + rest).startswith(s, at)]
    assert hit == bool(ends) and (out == rest if not ends else rest.startswith(out))
    assert not ends or len(out) in ends


def test_an_answer_stops_at_a_text_that_was_begun(engine):
    text = engine.complete(plain('The invoice')).text
    stop = 'The invoice' + text[:3]
    for response in (engine.complete(plain('The invoice', stop=('voice' + text[:3],))), engine.complete(plain('The invoice', stop=(text[:3],)))):
        assert (response.text, response.finish_reason) == ('', 'stop')
    assert engine.complete(plain(stop, stop=(stop,))).text


# ---- both engines, both ways

def test_streams_and_event_loops_tell_the_same(engine):
    async def other():
        made = AsyncMLXEngine('mlx/tiny')
        try: return await made.complete(ask(BEGUN, **TEAM)), [e async for e in made.stream(ask(BEGUN, **TEAM))]
        finally: await made.aclose()
    response, streamed = engine.complete(ask(BEGUN, **TEAM)), lambda events: ''.join(e.delta.text for e in events if e.type == 'delta')
    there, events = asyncio.run(other())
    assert streamed(engine.stream(ask(BEGUN, **TEAM))) == streamed(events) == response.text == there.text
    assert response.text.startswith('ling", "urgent": ') and MLXEngine.supports_prefill and AsyncMLXEngine.supports_prefill


def test_thinking_is_over_once_the_answer_was_begun(pensive):
    engine = MLXEngine(f'mlx/{pensive}')
    thinks = lambda response: any(part.type == 'thinking' for part in response.message.parts)
    try:
        engine.__dict__['abilities'] = Abilities(thinking=True)
        asked = lambda *begun: ask(*begun, model=engine.model, reasoning=Reasoning('low'), max_tokens=90, **TEAM)
        assert thinks(engine.complete(asked())) and not thinks(response := engine.complete(asked(BEGUN)))
        assert response.text.startswith('ling", "urgent": ')
        assert thinks(engine.complete(asked('')))  # nothing was given
    finally: engine.close()


look = FunctionTool(name='look', parameters={'type': 'object', 'properties': {}})


@pytest.mark.parametrize('request_, says, feature', [
    (ask(BEGUN, probabilities='required', **TEAM), 'the answer was begun', 'config.probabilities'),
    (ask(BEGUN, response_format={**TEAM['response_format'], 'schema': {**output_schema(signatures[1]), 'x-evidence': {'team': ['billing', 'technical', 'sales']}}}), 'the answer was begun', 'config.probabilities'),
    (ask('Well', tools=(look,), response_format=None, tool_choice=ToolChoice('required')), 'once the answer was begun', 'config.tool_choice'),
    (Request(model='mlx/tiny', messages=(Message.user('Look'), Message.assistant([ToolCallPart('a', 'look', {})]))), 'no way to go on from a tool call', 'messages[1]')])
def test_what_can_not_go_on_is_refused_by_name(engine, monkeypatch, request_, says, feature):
    monkeypatch.setitem(engine.__dict__, 'abilities', Abilities(parser=lambda text, tools: None, begin='<call>') if request_.tools else engine.abilities)
    with pytest.raises(UnsupportedFeatureError, match=says.replace('[', r'\[')) as caught: engine.complete(request_)
    assert caught.value.feature == feature and '\n' not in caught.value.message


def test_an_answer_that_was_begun_is_no_tool_call(engine, monkeypatch):
    monkeypatch.setitem(engine.__dict__, 'abilities', Abilities(parser=lambda text, tools: None, begin='<call>'))
    response, usual = engine.complete(ask(BEGUN, tools=(look,), **TEAM)), engine.complete(ask(BEGUN, **TEAM))
    assert (response.text, response.usage.input_tokens) == (usual.text, usual.usage.input_tokens)  # asked once


def test_probabilities_that_may_be_missing_are_left_out_and_that_is_noted(engine):
    response = engine.complete(ask(BEGUN, probabilities='if_available', **TEAM))
    assert response.text.startswith('ling"') and [(a.field, a.reason) for a in response.adaptations] == [('config.probabilities', 'the answer was begun')]


# ---- prompts

TURNS = "{% for m in messages %}<|{{ m.role }}|>{{ m.content BEFORE }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>AFTER{% endif %}"
templates = {
    'keeps': (TURNS.replace(' BEFORE', '').replace('AFTER', ''), '<|user|>Hi<|end|><|assistant|>'),
    'trims': (TURNS.replace('BEFORE', '| trim').replace('AFTER', ''), '<|user|>Hi<|end|><|assistant|>'),
    'always open': ("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}<|assistant|>", '<|user|>Hi<|end|><|assistant|>'),
    'a space before answers': ("{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% else %} {{ m.content | trim }} </s>{% endif %}{% endfor %}", '[INST] Hi [/INST]'),
    'thinks always': (TURNS.replace(' BEFORE', '').replace('AFTER', '<think>\n'), '<|user|>Hi<|end|><|assistant|>'),
    'leaves thinking empty': (TURNS.replace(' BEFORE', '').replace('AFTER', '{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}'), '<|user|>Hi<|end|><|assistant|><think>\n\n</think>\n\n'),
    'splits thoughts off': ("{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' %}<think></think>{{ m.content.split('</think>')[-1] }}{% else %}{{ m.content }}{% endif %}<|end|>{% endfor %}"
                            "{% if add_generation_prompt %}<|assistant|><think>{% endif %}", '<|user|>Hi<|end|><|assistant|><think></think>'),
    'answers on a channel': ("{% for m in messages %}<|start|>{{ m.role }}{% if m.role == 'assistant' %}<|channel|>final{% endif %}<|message|>{{ m.content }}<|end|>{% endfor %}"
                             "{% if add_generation_prompt %}<|start|>assistant{% endif %}", '<|start|>user<|message|>Hi<|end|><|start|>assistant<|channel|>final<|message|>'),
    'drops the last answer': ("{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}:", 'Hi:'),
    'none': (None, 'user: Hi\n\nassistant:')}


@pytest.fixture(scope='module')
def thinker(pensive):
    made = MLXBackend(f'mlx/{pensive}', prefix_bytes=0)
    made.load()
    yield made
    made.close()


@pytest.mark.parametrize('begun', ['The sky', '  a\n', '\n\n', 'x</think>y'], ids=repr)
@pytest.mark.parametrize('name', templates)
def test_a_prompt_ends_with_exactly_the_text_that_was_given(thinker, name, begun):
    template, expected = templates[name]
    made = thinker
    made.chat = ChatTokens(made.loaded.tokenizer)
    made.loaded.tokenizer._tokenizer.chat_template, made.loaded.tokenizer.has_chat_template = template, template is not None
    made.admit(0, Generation(({'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': begun}), thinking=True, max_tokens=4))
    assert made.loaded.tokenizer.decode(made.scheduler.waiting[0].tokens) == expected + begun
    pieces = []
    while not pieces or not pieces[-1].finish_reason: pieces += made.step()
    assert all(piece.error is None and not piece.thinking for piece in pieces)


def test_a_template_without_a_system_role_gives_its_words_to_the_user(pensive):
    made = MLXBackend(f'mlx/{pensive}')
    made.load()
    made.loaded.tokenizer._tokenizer.chat_template = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + templates['keeps'][0]
    said = [{'role': r, 'content': c} for r, c in (('system', 'Be brief.'), ('user', 'Hi'), ('assistant', 'Well'))]
    try: assert made.loaded.tokenizer.decode(made.encode_prompt(said)) == '<|user|>Be brief.\n\nHi<|end|><|assistant|>'
    finally: made.close()


def test_an_earlier_answer_is_a_finished_turn_as_before(backend):
    said = [{'role': r, 'content': c} for r, c in (('user', 'Hi'), ('assistant', 'Well'), ('user', 'So'))]
    assert backend.loaded.tokenizer.decode(backend.encode_prompt(said)) == '<|user|>Hi<|end|><|assistant|>Well<|end|><|user|>So<|end|><|assistant|>'
    assert Generation(tuple(said)).begun == '' and Generation(tuple(said[:2])).begun == 'Well'


def test_what_was_thought_before_the_text_is_left_behind():
    made = generation(Request(model='mlx/tiny', messages=(Message.user('Hi'), Message.assistant([ThinkingPart('Hm.'), TextPart('We'), TextPart('ll')]))))
    assert made.begun == 'Well' and generation(ask('')) == generation(ask())  # nothing begun is a new answer


# ---- seams

READERS = {'json': (FieldReader, st.dictionaries(st.sampled_from('abc'), st.text('ab"\\é\n', max_size=5) | st.integers() | st.lists(st.booleans(), max_size=2), max_size=3).map(json.dumps)),
           'chat': (SectionReader, st.dictionaries(st.sampled_from('abc'), st.text('ab [#\n', max_size=6), max_size=3).map(
               lambda fields: ''.join(f'[[ ## {n} ## ]]\n{t}\n\n' for n, t in fields.items()) + '[[ ## completed ## ]]\n'))}


def fields_in(pieces):
    "The text of each field, and whether it was told to be whole."
    found = {}
    for field, piece, last in pieces: found[field] = found.get(field, ('', False))[0] + piece, last
    return found


@pytest.mark.parametrize('kind', READERS)
@given(data=st.data())
def test_what_a_reader_reads_is_what_comes_after_the_last_seam(kind, data):
    "Any answers, each broken off anywhere, in pieces of any lengths."
    reader, answers = READERS[kind][0](), READERS[kind][1]
    legs = data.draw(st.lists(answers.flatmap(lambda a: st.integers(0, len(a)).map(lambda n: a[:n])), max_size=3)) + [data.draw(answers)]
    text, found = SEAM.join(legs), []
    while text:
        n = data.draw(st.integers(1, len(text)))
        told = reader.feed(text[:n])
        assert not any(SEAM in piece for _, piece, _ in told)
        found, text = (told if SEAM in text[:n] else found + told), text[n:]
    assert fields_in(found) == fields_in(READERS[kind][0]().feed(legs[-1]))


@cases
@given(st.lists(st.text(st.characters(exclude_characters=SEAM)), max_size=3))
def test_an_adapter_reads_what_comes_after_the_last_seam(adapter, broken):
    values = {'reasoning': 'It is "due".', 'team': 'sales'}
    whole = adapter.format_assistant_message_content(signatures[2], values)
    assert adapter.reads_seams and adapter.parse(signatures[2], SEAM.join([*broken, whole])) == values
    with pytest.raises(AdapterParseError): adapter.parse(signatures[2], whole + SEAM + 'So')


@pytest.mark.parametrize('layout', ['json', 'chat'])
def test_listeners_hear_a_field_begin_again_after_a_seam(layout):
    adapter, text = (adapters[0], '{{"answer": "{}", "sure": true}}') if layout == 'json' else (adapters[1], '[[ ## answer ## ]]\n{}\n\n[[ ## sure ## ]]\nTrue\n\n[[ ## completed ## ]]\n')
    told = text.format('It was blue')[:-12], SEAM, *(text.format('No')[n:n + 7] for n in range(0, len(text), 7))

    class Broken:
        supports_grammar = supports_response_schema = True
        supported_params = frozenset({'response_format'})
        def complete(self, request): raise AssertionError('asked without streaming')
        def stream(self, request):
            yield StreamStartEvent(id='x', model=request.model)
            for text in told: yield StreamDeltaEvent(TextDelta(text, part_index=0))
            yield StreamEndEvent(finish_reason='stop', usage=Usage(input_tokens=1, output_tokens=1))
        def close(self): pass

    async def heard():
        program = dspy.streamify(dspy.Predict('question -> answer, sure: bool'), stream_listeners=[dspy.streaming.StreamListener(signature_field_name='answer')])
        with dspy.context(lm=dspy.LM('test/broken', engine=Broken(), cache=False), adapter=adapter): return [item async for item in program(question='Is it?')]
    *pieces, prediction = asyncio.run(heard())
    chunks = [p.chunk for p in pieces]
    assert (prediction.answer, prediction.sure) == ('No', True) and ''.join(chunks) == 'It was blueNo'
    assert SEAM not in ''.join(chunks) and pieces[-1].is_last_chunk
