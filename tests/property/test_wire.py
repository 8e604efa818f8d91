"Whatever is sent to a child, and however its bytes are cut, comes out as it went in."
import math

from hypothesis import given, strategies as st

from dspy_toolkit.engine.process import ProcessEnd
from dspy_toolkit.engine.wire import (FrameReader, WireError, encode_frame, pack_admitted, pack_error, pack_generation, pack_piece, unpack_admitted,
                                      unpack_error, unpack_generation, unpack_piece)
from dspy_toolkit.engine.worker import Admitted, Generation, Piece, TokenLogprob, add_hint
from dspy.lm15 import ContextLengthError, InvalidRequestError, RateLimitError, ServerError, UnsupportedFeatureError
import pytest

texts = st.text(st.characters(), max_size=20) | st.text(st.characters(categories=['Cs']), max_size=3)  # half pairs of surrogates too
numbers = st.integers() | st.floats(allow_nan=False) | st.integers(2 ** 62, 2 ** 200)
values = st.recursive(st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12)
logs = st.floats(max_value=0, allow_nan=False)


def over_the_wire(message): return FrameReader().feed(encode_frame(message))[0]


@given(st.lists(values, max_size=5), st.data())
def test_messages_come_out_whole_and_in_order_however_they_are_cut(messages, data):
    sent = b''.join(map(encode_frame, messages))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    reader, found = FrameReader(), []
    for begin, end in zip([0, *cuts], [*cuts, len(sent)]): found += reader.feed(sent[begin:end])
    assert found == messages and reader.feed(b'') == []


@given(st.binary(min_size=1, max_size=60))
def test_noise_is_refused_or_waited_for_but_never_anything_else(noise):
    try: FrameReader().feed(noise)
    except WireError: pass


messages = st.fixed_dictionaries({'role': st.sampled_from(['system', 'user', 'assistant']), 'content': texts})
generations = st.builds(
    Generation, st.lists(messages, min_size=1, max_size=3).map(tuple), st.none() | st.booleans() | st.dictionaries(texts, values, max_size=3),
    st.none() | st.integers(1, 2 ** 40), temperature=st.floats(0, 9), seed=st.none() | st.integers(0, 2 ** 70), stop=st.lists(texts, max_size=2).map(tuple),
    logprobs=st.none() | st.integers(0, 5), candidates=st.lists(texts, max_size=3).map(tuple), pin=st.booleans(), thinking=st.booleans(),
    tools=st.lists(st.dictionaries(texts, values, max_size=3), max_size=2).map(tuple))
logprobs = st.builds(TokenLogprob, texts, logs, st.lists(st.tuples(texts, logs), max_size=2).map(tuple))
pieces = st.builds(
    Piece, st.integers(0), texts, st.integers(0), st.sampled_from([None, 'stop', 'length']), cut_short=st.booleans(), cut_at=st.none() | st.integers(0),
    thinking=st.booleans(), forced_tokens=st.integers(0), logprobs=st.lists(logprobs, max_size=2).map(tuple),
    likelihoods=st.lists(logs | st.just(-math.inf), max_size=3).map(tuple))


@given(generations)
def test_a_request_comes_out_as_it_went_in(generation): assert unpack_generation(over_the_wire(pack_generation(generation))) == generation


@given(pieces)
def test_a_piece_comes_out_as_it_went_in(piece): assert unpack_piece(over_the_wire(pack_piece(piece))) == piece


@given(st.builds(Admitted, st.integers(0), st.integers(0), st.lists(texts, max_size=3).map(tuple)))
def test_what_a_backend_said_comes_out_as_it_went_in(admitted): assert unpack_admitted(over_the_wire(pack_admitted(admitted))) == admitted


@given(st.sampled_from([ContextLengthError, InvalidRequestError, RateLimitError, ServerError, UnsupportedFeatureError]), st.text(st.characters(exclude_characters='\n'), min_size=1), st.text())
def test_an_error_keeps_its_type_its_words_and_its_hint(kind, words, hint):
    facts = {'feature': 'config.x'} if kind is UnsupportedFeatureError else {'retry_after': 2.0}
    sent = add_hint(kind(words, **facts), hint)
    found = unpack_error(over_the_wire(pack_error(sent)))
    assert type(found) is kind and (found.message, found.hint, found.code, str(found)) == (sent.message, hint, sent.code, str(sent))
    assert all(getattr(found, name) == value for name, value in facts.items())


@pytest.mark.parametrize('end, says', [
    (ProcessEnd(None), 'is gone'), (ProcessEnd(0), 'ended with exit code 0'), (ProcessEnd(-6, 'Fatal\nboth lines'), 'was killed by signal 6 (SIGABRT)'),
    (ProcessEnd(1, 'one\ntwo\n'), 'ended with exit code 1: two'), (ProcessEnd(-9, killed_for_memory=True), 'ran out of memory'),
    (ProcessEnd(-6, "terminate called after throwing 'std::bad_alloc'"), 'ran out of memory')])
def test_how_a_process_ended_is_said_in_words(end, says): assert str(end) == says
