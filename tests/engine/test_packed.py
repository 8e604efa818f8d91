"Rows packed without padding: whatever joins, is fed, forks and leaves, every row is what it is alone, and nobody's NaN is another's."
import gc, threading

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dspy_toolkit.engine.cache import PromptCache
from dspy_toolkit.engine.cores import find_blas_threads, single_blas_thread
from dspy_toolkit.engine.models import load, random_model
from dspy_toolkit.engine.packed import Packed


@pytest.fixture(scope='module')
def model(tmp_path_factory): return load(random_model(tmp_path_factory.mktemp('packed'), hidden=32, heads=4, context=2048)).model


TOKENS = st.lists(st.integers(5, 200), min_size=1, max_size=90)


class Rows(RuleBasedStateMachine):
    "A batch beside the texts its rows should hold."
    model = None

    def __init__(self):
        super().__init__()
        self.batch, self.texts, self.prefixes = Packed(self.model), [], PromptCache(2 ** 20)

    @initialize(tokens=TOKENS)
    def first(self, tokens): self.begin(tokens)

    @precondition(lambda self: len(self.texts) < 6)
    @rule(tokens=TOKENS)
    def begin(self, tokens):
        self.batch.admit()
        self.texts.append([])
        self.feed_one(len(self.texts) - 1, tokens)

    def feed_one(self, row, tokens):
        self.batch.forward([tokens if i == row else [] for i in range(len(self.texts))])
        self.texts[row] = self.texts[row] + tokens

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def feed(self, data):
        "Some tokens for each row, of different numbers."
        some = data.draw(st.lists(st.lists(st.integers(5, 200), min_size=1, max_size=12), min_size=len(self.texts), max_size=len(self.texts)))
        said = np.array(self.batch.compute_logits(some))
        self.texts = [text + more for text, more in zip(self.texts, some)]
        for text, mine in zip(self.texts, said): self.agrees(text, mine)

    def agrees(self, text, said):
        expected = np.array(self.model(mx.array([text]))[0, -1])
        assert np.abs(said - expected).max() < 2e-3 * np.abs(expected).max()

    @precondition(lambda self: 0 < len(self.texts) < 6)
    @rule(data=st.data())
    def fork(self, data):
        "A row that begins as another does."
        row = data.draw(st.integers(0, len(self.texts) - 1))
        n = data.draw(st.one_of(st.none(), st.integers(0, len(self.texts[row]))))
        self.batch.admit(*self.batch.extract(row, n))
        self.texts.append(self.texts[row][:n])

    @precondition(lambda self: 0 < len(self.texts) < 6)
    @rule(data=st.data())
    def remember(self, data):
        "A row is kept for later prompts, and one begins with it."
        row = data.draw(st.integers(0, len(self.texts) - 1))
        self.prefixes.insert(self.texts[row], lambda: self.batch.copy_layers(row))
        n, layers = self.prefixes.fetch(self.texts[row])
        if layers is None: return
        self.batch.admit(layers, n)
        self.texts.append(self.texts[row][:n])

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def leave(self, data):
        left = sorted(data.draw(st.sets(st.integers(0, len(self.texts) - 1))))
        self.batch.filter(left)
        self.texts = [self.texts[i] for i in left]

    @invariant()
    def lengths_are_those_of_the_texts(self):
        assert [s.length for s in self.batch.sequences] == list(map(len, self.texts))
        assert sorted(s.slot for s in self.batch.sequences) == list(range(len(self.texts)))
        if not self.texts: assert self.batch.nbytes == 0


def test_rows_are_what_they_are_alone_whatever_comes_and_goes(model):
    Rows.model = model
    Rows.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
    Rows.TestCase('runTest').runTest()


def test_a_row_of_nan_leaves_nothing_behind(model):
    batch = Packed(model)
    for _ in range(3): batch.admit()
    batch.forward([[5] * 9, [6] * 40, [7] * 9])
    for keys, values in batch.pool.layers: keys[1], values[1] = np.nan, np.nan
    assert not np.isnan(np.array(batch.compute_logits([[1], [1], [1]]))[[0, 2]]).any()
    batch.filter([0, 2])
    batch.admit()
    assert not np.isnan(np.array(batch.compute_logits([[1], [1], [1]]))).any()


def test_what_rows_have_in_common_is_in_memory_once(model):
    batch = Packed(model)
    batch.admit()
    batch.forward([list(range(5, 205)) * 9])
    one = batch.nbytes
    for _ in range(8): batch.admit(*batch.extract(0, 1800))
    batch.filter(range(1, 9))
    batch.forward([[9]] * 8)
    assert batch.nbytes < 2 * one  # and eight times room for 256 more


@pytest.mark.skipif(find_blas_threads() is None, reason="numpy's BLAS is not one whose threads can be set")
def test_numpy_has_its_threads_back_after_the_last():
    ask, set_ = find_blas_threads()
    before = ask()
    try:
        set_(2)
        with single_blas_thread():
            with single_blas_thread(): assert ask() == 1
            assert ask() == 1
        assert ask() == 2
    finally: set_(before)


def test_the_threads_of_a_batch_end_with_it(model):
    before = set(threads())  # of engines that other tests hold
    batch, texts = Packed(model), [list(range(5, 205)) * 3, [7] * 600]
    batch.cores.count = 3
    for _ in range(2): batch.admit()
    said, expected = np.array(batch.compute_logits(texts)), np.array(mx.concatenate([model(mx.array([text]))[:, -1] for text in texts]))
    assert np.abs(said - expected).max() < 2e-3 * np.abs(expected).max()
    mine = set(threads()) - before
    assert len(mine) == 2
    fork = batch.make_empty()
    del batch
    gc.collect()
    assert all(thread.is_alive() for thread in mine) and fork.cores.count == 3
    del fork
    gc.collect()
    for thread in mine: thread.join(5)
    assert not any(thread.is_alive() for thread in mine)


def threads(): return [t for t in threading.enumerate() if t.name.startswith('dspy_toolkit attention')]


def test_other_caches_of_the_same_model_are_left_alone(model):
    from mlx_lm.models.cache import make_prompt_cache
    Packed(model)
    cache, tokens = make_prompt_cache(model), mx.array([[5, 9, 200, 31]])
    assert mx.allclose(model(tokens, cache=cache)[0, -1], model(tokens)[0, -1], atol=1e-4)
    assert cache[0].offset == 4
