"The tokenizers that the laws of the grammar are run over are real ones, whole and right."
import json

import pytest
from tokenizers import Tokenizer

from tests.engine.vocabularies import NAMES, tokenizer_json, vocabulary

TEXTS = ('{"a": [1, 2.5, -3e-7], "name": "héllo 😀 wörld\\n"}', 'Straße, 東京, مرحبا, नमस्ते\n\tindented  twice', '</tool_call> <|im_end|> </s> <EOT>', '', ' ', '\n', 'x' * 500)


@pytest.mark.parametrize('name', NAMES)
def test_any_text_is_spelt_by_tokens(name):
    letters = vocabulary(name)
    for text in TEXTS:
        assert b''.join(map(letters.bytes_of, letters.tokens_of(text.encode()))) == text.encode()


@pytest.mark.parametrize('name', NAMES)
def test_what_a_tokenizer_encodes_stands_for_the_same_bytes_in_its_vocabulary(name):
    letters, tokenizer = vocabulary(name), Tokenizer.from_str(tokenizer_json(name))
    for text in TEXTS[:2]:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert b''.join(map(letters.bytes_of, ids)).decode().lstrip(' ') == text and tokenizer.decode(ids) == text


@pytest.mark.parametrize('name', NAMES)
def test_the_end_is_a_control_token_of_the_model(name):
    letters, control = vocabulary(name), {t['id'] for t in json.loads(tokenizer_json(name))['added_tokens'] if t['special']}
    assert letters.eos and set(letters.eos) <= control and max(letters.eos) < letters.size


@pytest.mark.parametrize(('name', 'size'), [('sentencepiece-32k', 32_768), ('byte-bpe-65k', 65_000), ('byte-bpe-151k', 151_936), ('unigram-262k', 262_144)])
def test_their_sizes_are_those_of_the_models(name, size): assert vocabulary(name).size == size
