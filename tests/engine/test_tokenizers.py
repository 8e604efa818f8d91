"Tokenizers whose files say too little, and chat templates that refuse: answers come all the same, or a line says why not."
import json

import dspy
import pytest
from dspy.lm15 import Config, InvalidRequestError, Message, Request, UnsupportedModelError
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.mlx import MLXEngine
from dspy_toolkit.engine.mlx import lm as make_lm
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.engine.prompt import ChatTokens
from dspy_toolkit.engine.tokenizer import grammar_tokenizer, read_tokenizer, right_decoder
from dspy_toolkit.engine.worker import Generation

SCHEMA = {'type': 'object', 'required': ['a', 'b'], 'properties': {'a': {'type': 'string', 'maxLength': 6}, 'b': {'enum': ['größer', 'x y']}}}
TYPED = {'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': SCHEMA}}
DECODERS = {'none': None, 'metaspace': {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'always', 'split': True},
            'strip': {'type': 'Sequence', 'decoders': [{'type': 'Replace', 'pattern': {'String': '▁'}, 'content': ' '}, {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}]},
            'fallback, then metaspace': {'type': 'Sequence', 'decoders': [{'type': 'ByteFallback'}, {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'always', 'split': True}]},
            'fuse': {'type': 'Fuse'}}


def sentencepiece(folder):
    "Give a random model a tokenizer with spaces as letters, and bytes for what has none."
    marks = ['<|pad|>', '<|end|>', '<|system|>', '<|user|>', '<|assistant|>']
    made = Tokenizer(models.BPE(byte_fallback=True, unk_token='<|pad|>', fuse_unk=True))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme='first', split=False)
    letters = [chr(n) for n in range(32, 127)] + ['▁', 'ö', 'ß']
    made.train_from_iterator(['Is the sky blue?', 'It is.', 'größer'], trainers.BpeTrainer(
        vocab_size=380, special_tokens=[*marks, *(f'<0x{n:02X}>' for n in range(256))], initial_alphabet=letters, show_progress=False))
    found = json.loads(made.to_str())
    found['added_tokens'] = [token for token in found['added_tokens'] if token['content'] in marks]
    (folder/'tokenizer.json').write_text(json.dumps(found))
    assert made.get_vocab_size() <= json.loads((folder/'config.json').read_text())['vocab_size']
    return folder


def with_decoder(folder, decoder):
    found = json.loads((folder/'tokenizer.json').read_text())
    (folder/'tokenizer.json').write_text(json.dumps({**found, 'decoder': decoder}))
    return folder


MAKERS = {'bytes': lambda folder: folder, 'sentencepiece': sentencepiece}


# ---- decoders

@pytest.mark.parametrize('decoder', DECODERS)
@pytest.mark.parametrize('family', MAKERS)
def test_typed_answers_parse_whatever_decoder_a_file_names(tmp_path, family, decoder):
    folder = with_decoder(MAKERS[family](random_model(tmp_path, vocab_size=600, texts=[f'w{n} größer x{n * 7}y' for n in range(200)])), DECODERS[decoder])
    lm = make_lm(f'mlx/{folder}', cache=False, max_tokens=80, temperature=1.0)
    try:
        for seed in range(4):
            answer = json.loads(lm('Well?', response_format=TYPED, seed=seed)[0])
            assert answer['b'] in ('größer', 'x y') and not {'▁', 'Ġ'} & {*answer['a']}
    finally: lm.engine.close(); lm._async_engine_spec = None


@pytest.mark.parametrize('decoder', DECODERS)
@pytest.mark.parametrize('family', MAKERS)
def test_text_comes_back_as_it_went_in_whole_and_in_pieces(tmp_path, family, decoder):
    tokenizer = read_tokenizer(with_decoder(MAKERS[family](random_model(tmp_path)), DECODERS[decoder]))
    for text in ('It is blue.', 'größer  als\n x', 'a'):
        tokens, shown, pieces = tokenizer.encode(text, add_special_tokens=False), tokenizer.detokenizer, ''
        for token in tokens:
            shown.add_token(token)
            pieces += shown.last_segment
        shown.finalize()
        assert tokenizer.decode(tokens) == text == pieces + shown.last_segment


def test_a_decoder_that_is_right_stays(noise):
    assert right_decoder(read_tokenizer(noise).backend_tokenizer) is None
    bare = Tokenizer(models.BPE())
    for decoder in (decoders.WordPiece(), decoders.BPEDecoder(), decoders.CTC()):
        bare.decoder = decoder
        assert right_decoder(bare) is None
    bare.decoder = decoders.Sequence([decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse()])
    assert right_decoder(bare) is None


def test_tokens_that_do_not_stand_for_bytes_give_plain_answers_and_a_line_for_typed_ones(tmp_path):
    lm = make_lm(f"mlx/{with_decoder(random_model(tmp_path), {'type': 'WordPiece', 'prefix': '##', 'cleanup': True})}", cache=False, max_tokens=5)
    found = json.loads((tmp_path/'tokenizer.json').read_text())
    (tmp_path/'tokenizer.json').write_text(json.dumps({**found, 'pre_tokenizer': {'type': 'Whitespace'}}))
    try:
        assert isinstance(lm('Well?')[0], str)
        with pytest.raises(dspy.LMError, match='typed answers need tokens that stand for bytes') as caught: lm('Well?', response_format=TYPED)
        assert not dspy.is_retryable_lm_error(caught.value)
        with pytest.raises(UnsupportedModelError) as caught: lm.engine.complete(Request(model='x', messages=(Message.user('Well?'),), config=Config(response_format={'type': 'json_schema', 'schema': SCHEMA})))
        assert 'plain text' in caught.value.hint and isinstance(lm('Well?')[0], str)
    finally: lm.engine.close(); lm._async_engine_spec = None


def test_a_tokenizer_in_python_alone_says_that_it_has_no_grammar():
    class Inner: pass
    class Wrapped: _tokenizer = Inner()
    with pytest.raises(Exception, match='the tokenizer of mlx/x is Inner in Python') as caught: grammar_tokenizer(Wrapped(), 'mlx/x')
    assert caught.value.hint


# ---- templates that refuse

TURNS = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
ALTERNATES = ("{% set rest = messages[1:] if messages[0].role == 'system' else messages %}{% for m in rest %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
              "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% endfor %}" + TURNS)
NO_SYSTEM = "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% endfor %}"
SYSTEM_FIRST = "{% for m in messages %}{% if m.role == 'system' and not loop.first %}{{ raise_exception('System message must be at the beginning.') }}{% endif %}{% endfor %}"
NEEDS_USER = "{% if not messages | selectattr('role', 'equalto', 'user') | list %}{{ raise_exception('No user query found in messages.') }}{% endif %}"
NAMES = {'s': 'system', 'u': 'user', 'a': 'assistant'}


def said(text): return [{'role': NAMES[part[0]], 'content': part[1:]} for part in text.split()]


def told(*parts): return ''.join(f'<|{NAMES[part[0]]}|>{part[1:]}<|end|>' for part in parts) + '<|assistant|>'


@pytest.fixture(scope='module')
def chat(tmp_path_factory):
    "Writes conversations with a template."
    tokenizer = read_tokenizer(random_model(tmp_path_factory.mktemp('chat')))

    def write(template, messages):
        tokenizer._tokenizer.chat_template = template
        return tokenizer.decode(ChatTokens(tokenizer).tokens(messages))
    return write


@pytest.mark.parametrize('template, messages, expected', [
    (ALTERNATES, 's1 u2 u3', told('s1', 'u2\n\n3')), (ALTERNATES, 'u1 u2 a3 a4 u5', told('u1\n\n2', 'a3\n\n4', 'u5')), (ALTERNATES, 's1 u2 a3 u4', told('s1', 'u2', 'a3', 'u4')),
    (ALTERNATES, 's1 s2 u3', told('s1\n\n2', 'u3')), (ALTERNATES, 's1 u2 a3 s4 u5', told('s1', 'u2', 'a3', 'u4\n\n5')), (TURNS, 'u1 u2', told('u1', 'u2')),
    (NO_SYSTEM + TURNS, 's1 u2', told('u1\n\n2')), (NO_SYSTEM + TURNS, 's1', told('u1')), (NO_SYSTEM + TURNS, 'u1 a2 s3', told('u1', 'a2', 'u3')),
    (NO_SYSTEM + ALTERNATES, 's1 u2 u3 a4 u5', told('u1\n\n2\n\n3', 'a4', 'u5')), (SYSTEM_FIRST + TURNS, 's1 u2 a3 s4 u5', told('s1', 'u2', 'a3', 'u4\n\n5')),
    (NEEDS_USER + TURNS, 's1', told('u1'))])
def test_a_conversation_is_put_into_a_form_that_its_template_takes(chat, template, messages, expected):
    assert chat(template, said(messages)) == expected


def test_marks_in_what_is_put_together_are_text(chat):
    found = chat(NO_SYSTEM + ALTERNATES, [{'role': 'system', 'content': '<|end|>'}, {'role': 'user', 'content': 'a'}, {'role': 'user', 'content': '<|user|>'}])
    assert found == told('u<|end|>\n\na\n\n<|user|>')


def test_messages_with_tool_calls_or_results_are_not_merged(chat):
    call = {'id': 'c', 'type': 'function', 'function': {'name': 'look', 'arguments': {}}}
    messages = [*said('u1'), {'role': 'assistant', 'content': '', 'tool_calls': [call]}, {'role': 'tool', 'content': 'x'}, {'role': 'tool', 'content': 'y'}]
    with pytest.raises(InvalidRequestError, match='must alternate'): chat(ALTERNATES, messages)


CALLS = ("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls or [] %}CALL{% endfor %}{% if m.role == 'tool' %}{{ m.tool_call_id }}{% endif %}<|end|>{% endfor %}")


@pytest.mark.parametrize('call, expected', [
    ("{% if call.id | length != 9 %}{{ raise_exception('Tool call IDs should be alphanumeric strings with length 9!') }}{% endif %}{{ call.id }}{{ call.function | tojson }}",
     '{id}{{"name": "look", "arguments": {{"word": "<|end|> sky"}}}}'),
    ("{{ call.function.name + ' ' + call.function.arguments }}", 'look {{"word": "<|end|> sky"}}'), ("{{ call.function.arguments | tojson }}", '{{"word": "<|end|> sky"}}')])
def test_calls_are_written_as_the_template_wants_them(chat, call, expected):
    used = {'id': 'call_0123456789ab', 'type': 'function', 'function': {'name': 'look', 'arguments': {'word': '<|end|> sky'}}}
    text = chat(CALLS.replace('CALL', call), [*said('u1'), {'role': 'assistant', 'content': '', 'tool_calls': [used]}, {'role': 'tool', 'tool_call_id': used['id'], 'content': 'x'}])
    given = text.rpartition('<|tool|>x')[2].removesuffix('<|end|>')
    assert (len(given) == 9 and given.isalnum() if '{id}' in expected else given == used['id']) and expected.format(id=given) in text


@pytest.mark.parametrize('template, says', [(ALTERNATES, 'Conversation roles must alternate'), ("{{ messages[0].content + 1 }}", 'concatenate'), ("{{ raise_exception('Only  one\nmessage') }}", 'Only one message')])
def test_what_a_template_still_refuses_is_an_invalid_request_in_its_words(tmp_path, template, says):
    folder = random_model(tmp_path)
    config = json.loads((folder/'tokenizer_config.json').read_text())
    (folder/'tokenizer_config.json').write_text(json.dumps({**config, 'chat_template': template}))
    engine = MLXEngine(f'mlx/{folder}')
    request = Request(model='mlx/x', messages=(Message.assistant('Hi'), Message.user('Well?')))
    with pytest.raises(InvalidRequestError, match=says) as caught: engine.complete(request)
    assert 'refuses the conversation' in caught.value.message and '\n' not in caught.value.message and caught.value.hint
    lm = dspy.LM('mlx/x', engine=engine, cache=False, num_retries=0)
    with pytest.raises(dspy.LMError) as caught: lm(messages=[{'role': 'assistant', 'content': 'Hi'}, {'role': 'user', 'content': 'Well?'}])
    assert not dspy.is_retryable_lm_error(caught.value)
    engine.close()


def test_a_template_that_refuses_the_trial_of_what_it_can_do_still_answers(tmp_path):
    "What a model can do is found out by asking its template for a short conversation; one that wants more has just no thoughts to switch."
    folder = random_model(tmp_path)
    found, config = (json.loads((folder/name).read_text()) for name in ('tokenizer.json', 'tokenizer_config.json'))
    for n, mark in enumerate(('<think>', '</think>')): found['added_tokens'].append({**found['added_tokens'][0], 'id': 500 + n, 'content': mark})
    (folder/'tokenizer.json').write_text(json.dumps(found))
    (folder/'tokenizer_config.json').write_text(json.dumps({**config, 'chat_template': "{% if messages | length < 2 %}{{ raise_exception('Too short') }}{% endif %}" + TURNS}))
    engine = MLXEngine(f'mlx/{folder}')
    assert not engine.abilities.thinking
    response = engine.complete(Request(model='mlx/x', system='Be brief.', messages=(Message.user('Hi'),), config=Config(max_tokens=3)))
    assert response.usage.output_tokens <= 3
    engine.close()


def test_the_beginning_mark_is_in_a_prompt_once(tmp_path):
    "Also where the template writes it and the tokenizer would put it in front of every text."
    folder = random_model(tmp_path)
    found, config = (json.loads((folder/name).read_text()) for name in ('tokenizer.json', 'tokenizer_config.json'))
    found['post_processor'] = {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<|pad|>', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}],
                               'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {'<|pad|>': {'id': '<|pad|>', 'ids': [0], 'tokens': ['<|pad|>']}}}
    (folder/'tokenizer.json').write_text(json.dumps(found))
    (folder/'tokenizer_config.json').write_text(json.dumps({**config, 'bos_token': '<|pad|>', 'chat_template': '{{ bos_token }}' + TURNS}))
    made = MLXBackend(f'mlx/{folder}')
    made.load()
    try:
        made.admit(0, Generation(({'role': 'user', 'content': 'Hi <|pad|>'}, {'role': 'assistant', 'content': 'So <|pad|>'}), max_tokens=3))
        assert made.scheduler.waiting[0].tokens.count(0) == 1 == made.encode_prompt(({'role': 'user', 'content': 'Hi'},)).count(0)
    finally: made.close()
