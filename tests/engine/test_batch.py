"The step loop: whoever else is served, a request gets what it would get alone."
import json, math, random
from dataclasses import replace

import mlx.core as mx
import pytest
from dspy.lm15 import ContextLengthError, InvalidRequestError
from hypothesis import given, settings, strategies as st

from dspy_toolkit.engine import batch
from dspy_toolkit.engine.apart import Apart
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.cache import PromptCache
from dspy_toolkit.engine.cost import StepCost
from dspy_toolkit.engine.hardware import hardware
from dspy_toolkit.engine.packed import Packed
from dspy_toolkit.engine.ragged import Ragged
from dspy_toolkit.engine.rows import StopTexts
from dspy_toolkit.engine.sampling import sample_token
from dspy_toolkit.engine.worker import Generation

questions = ['Is the sky blue?', 'Well', 'The café is open. ' * 9, 'a', 'Your input fields are:\n1. `question`', 'no ' * 40, '{"answer": ', '😀']
schema = {'type': 'object', 'required': ['answer', 'names'], 'properties': {
    'answer': {'enum': ['yes', 'no']}, 'names': {'type': 'array', 'items': {'type': 'string'}, 'maxItems': 2}}}


def ask(text, **options): return Generation(({'role': 'user', 'content': text},), **{'max_tokens': 24} | options)


def opened(folder, **options):
    backend = MLXBackend(f'mlx/{folder}', **options)
    backend.load()
    return backend


@pytest.fixture(scope='module', params=['packed', 'ragged', 'apart'])
def backend(request, noise, sliding):
    "One whose rows share forward passes as they do on a processor, one as on a GPU, and one whose rows can't."
    kind = {'packed': Packed, 'ragged': Ragged, 'apart': Apart}[request.param]
    with pytest.MonkeyPatch.context() as patch:
        if kind is Ragged: patch.setattr(batch, 'hardware', lambda: replace(hardware(), device='cuda'))
        made = opened(sliding if kind is Apart else noise, prefix_bytes=0)
    assert type(made.scheduler.batch) is kind
    yield made
    made.close()


def run(backend, arrivals):
    "Serve (step, generation) pairs, each admitted before that step; the texts, reasons and counts."
    texts, ends, step = {uid: '' for uid in range(len(arrivals))}, {}, 0
    while len(ends) < len(arrivals):
        for uid, (at, generation) in enumerate(arrivals):
            if at == step: backend.admit(uid, generation)
        for piece in backend.step():
            assert piece.error is None, piece.error
            texts[piece.uid] += piece.text
            if piece.finish_reason: ends[piece.uid] = piece.finish_reason, piece.output_tokens
        step += 1
    assert not backend.scheduler.rows and not backend.scheduler.reading and not backend.scheduler.waiting
    return [(texts[uid], *ends[uid]) for uid in texts]


def alone(backend, generation): return run(backend, [(0, generation)])[0]


def test_greedy_rows_of_a_batch_equal_the_single_runs(backend):
    asked = [ask(text) for text in questions]
    assert run(backend, [(0, g) for g in asked]) == [alone(backend, g) for g in asked]


def test_a_seeded_row_is_the_same_alone_and_in_any_batch(backend):
    rng = random.Random(1)
    asked = [ask(text, temperature=rng.choice([0.0, 0.8, 1.5]), top_p=rng.choice([1.0, 0.9]), top_k=rng.choice([0, 30]), seed=i,
                 max_tokens=rng.randint(30, 60), schema=schema if i % 3 == 0 else None) for i, text in enumerate(questions)]
    expected = [alone(backend, g) for g in asked]
    assert run(backend, [(rng.randint(0, 12), g) for g in asked]) == expected
    assert [alone(backend, g) for g in asked] == expected


def test_a_seed_matters(backend):
    texts = {alone(backend, ask('Well', temperature=1.0, seed=seed))[0] for seed in (1, 2, 3)}
    assert len(texts) == 3
    assert len({alone(backend, ask('Well', temperature=1.0))[0] for _ in range(3)}) == 3  # without one, it is new each time


def test_a_row_may_leave_at_any_step_and_the_others_do_not_notice(backend):
    expected = alone(backend, ask(questions[2]))
    for leave in (1, 2, 5):
        for uid, text in enumerate(questions[:4]): backend.admit(uid, ask(text))
        text, end = '', None
        for step in range(60):
            if step == leave: backend.evict(0); backend.evict(3); backend.evict(99)
            for piece in backend.step():
                if piece.uid == 2: text, end = text + piece.text, piece.finish_reason or end
        assert (text, end) == expected[:2] and not backend.scheduler.rows


def test_a_long_prompt_is_read_in_chunks_while_the_others_go_on(noise):
    backend = opened(noise, chunk=32, prefix_bytes=0)
    backend.admit(0, ask('a', max_tokens=600))
    while not backend.scheduler.rows: backend.step()
    admitted = backend.admit(1, ask('no ' * 300))
    steps = 0
    while backend.stats()['reading']:
        assert [p.uid for p in backend.step()][0] == 0
        steps += 1
    assert steps >= admitted.input_tokens // 8 - 1  # a quarter of the chunk while somebody writes
    backend.close()


def test_a_warm_prefix_gives_the_same_text_and_is_counted(noise):
    cold, warm = opened(noise, prefix_bytes=0), opened(noise)
    begin = 'Respond with a JSON object in the following order of fields: `answer`. ' * 4
    for text in (begin + 'one', begin + 'two', begin + 'one', begin):
        assert alone(warm, ask(text)) == alone(cold, ask(text))
    assert warm.admit(9, ask(begin + 'three')).cached_tokens > 40
    assert cold.admit(9, ask(begin + 'three')).cached_tokens == 0
    cold.close(); warm.close()


@given(st.lists(st.tuples(st.lists(st.integers(0, 2), min_size=1, max_size=6), st.sampled_from(['ask', 'keep', 'pin'])), max_size=25), st.integers(1, 4))
def test_a_kept_prefix_is_one_of_the_prompts_and_within_the_limit(actions, worth):
    prefixes, kept, pins = PromptCache(1000), [], []
    prefixes.min_new_tokens = worth
    for tokens, action in actions:
        n = len(tokens)
        if action == 'ask':
            found, layers = prefixes.fetch(tokens)
            assert found == prefixes.count_cached(tokens) == 0 and layers is None or any(k[:found] == tokens[:found] for k in kept) and layers[0][0].shape[2] == found
        else:
            prefixes.insert(tokens, lambda n=n: [(mx.zeros((1, 1, n, 8)), mx.zeros((1, 1, n, 8)))], pinned=action == 'pin')
            kept.append(tokens)
            if action == 'pin' and any(e.pinned and e.tokens.tolist() == tokens for e in prefixes.entries): pins.append(tokens)
    assert prefixes.nbytes <= 1000
    assert all(prefixes.count_cached(tokens) == len(tokens) for tokens in pins)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 40), st.floats(0, 1))
def test_a_step_is_never_a_worse_bargain_than_one_token_at_a_time(waiting, most, position):
    cost = StepCost(1.0, position)
    n = cost.choose_tokens(waiting, most)
    gain = lambda n: sum(min(n, w) for w in waiting) / (1.0 + position * len(waiting) * n)
    assert 1 <= n <= max(most, 1) and gain(n) >= gain(1) - 1e-9
    assert gain(n) >= max(map(gain, range(1, min(most, max(waiting)) + 1))) - 1e-9


def counted(batch):
    "Positions that a batch is fed from now on, and passes."
    fed, forward = [], batch.forward

    def count(tokens):
        fed.append([len(some) for some in tokens])
        return forward(tokens)
    batch.forward = count
    return fed


def test_what_the_grammar_forces_is_taken_at_once_and_counted(noise):
    asked, found = ask('Well', schema=schema, max_tokens=60), {}
    for jump in (True, False):
        backend = opened(noise, jump=jump, prefix_bytes=0)
        fed = counted(backend.scheduler.batch)
        backend.admit(0, asked)
        pieces = []
        while not pieces or not pieces[-1].finish_reason: pieces += backend.step()
        found[jump] = len(fed), pieces[-1].output_tokens, pieces[-1].forced_tokens, ''.join(p.text for p in pieces)
        assert pieces[-1].finish_reason == 'stop' and json.loads(found[jump][3])['answer'] in ('yes', 'no')
        backend.close()
    assert found[False][2] == 0 and found[False][0] == found[False][1]
    passes, tokens, forced, _ = found[True]
    assert forced >= 5 and passes <= tokens - forced  # every forced token spares its pass


def test_requests_that_come_at_once_read_their_common_beginning_once(noise):
    begin = 'Respond with a JSON object in the following order of fields: `answer`. ' * 4
    backend = opened(noise, prefix_bytes=0)
    asked = [ask(begin + end) for end in ('one', 'two', 'three', 'four')]
    alone_ = [alone(backend, g) for g in asked]
    fed = counted(backend.scheduler.batch)
    lengths = [len(backend.encode_prompt(g.messages)) for g in asked]
    assert run(backend, [(0, g) for g in asked]) == alone_
    assert 0 < sum(map(sum, fed)) < lengths[0] + 4 * (16 + 24)  # the beginning once, then the ends and the answers
    for uid, g in enumerate(asked): backend.admit(uid, g)
    backend.evict(0)  # the one the others wait for
    texts = {}
    while len(texts) < 3:
        for piece in backend.step():
            if piece.finish_reason: texts[piece.uid] = piece.finish_reason, piece.output_tokens
    assert [texts[uid] for uid in (1, 2, 3)] == [a[1:] for a in alone_[1:]]
    backend.close()


def test_a_pinned_beginning_stays_however_many_prompts_come(noise):
    "1300 tokens that a program's prompts begin with are read once, before the first call."
    begin, limit = 'Respond with a JSON object in the following order of fields. ' * 8, 600_000
    backend = opened(noise, prefix_bytes=limit)
    assert run(backend, [(0, ask(begin, pin=True))]) == [('', 'stop', 0)]
    assert [entry.pinned for entry in backend.prompt_cache.entries] == [True]  # once
    for i in range(12): run(backend, [(0, ask(f'{i} ' * 60, max_tokens=2))])
    assert backend.stats()['prefix_bytes'] <= limit
    assert backend.admit(9, ask(begin + 'now')).cached_tokens > len(backend.encode_prompt(ask(begin).messages)) - 8
    backend.close()


def likelihood(backend, prompt, answer, ends):
    scores = backend.loaded.model(mx.array([[*prompt, *answer]]))[0].astype(mx.float32)
    scores = scores - mx.logsumexp(scores, axis=-1, keepdims=True)
    return sum(scores[len(prompt) - 1 + i, token].item() for i, token in enumerate(answer)) + math.log(sum(math.exp(scores[-1, e].item()) for e in ends))


def test_candidates_get_the_likelihood_of_their_whole_sequence(backend):
    candidates = tuple(json.dumps({'answer': a}) for a in ('yes', 'no', 'it depends on the day', ''))
    backend.admit(5, ask('Is the sky blue?', candidates=candidates))
    pieces = []
    while not pieces: pieces += backend.step()
    (piece,), tokenizer = pieces, backend.loaded.tokenizer
    prompt = backend.encode_prompt(ask('Is the sky blue?').messages)
    wanted = [likelihood(backend, prompt, tokenizer.encode(c, add_special_tokens=False), tokenizer.eos_token_ids) for c in candidates]
    assert piece.finish_reason == 'stop' and piece.likelihoods == pytest.approx(wanted, abs=1e-3)
    assert not backend.scheduler.rows and not backend.scheduler.reading and len(backend.scheduler.batch) == 0


def test_logprobs_are_the_models_own_whatever_the_grammar_leaves(backend):
    for asked in (ask('Well', logprobs=3, max_tokens=6), ask('Well', logprobs=3, max_tokens=60, schema=schema)):
        backend.admit(0, asked)
        told, tokens, done = [], [], None
        while not done:
            for piece in backend.step(): told += piece.logprobs; done = piece.finish_reason
            tokens = [*tokens, *(backend.scheduler.rows[0].pending if backend.scheduler.rows else ())]
        prompt, tokenizer = backend.encode_prompt(asked.messages), backend.loaded.tokenizer
        scores = backend.loaded.model(mx.array([[*prompt, *tokens[:-1]]]))[0, len(prompt) - 1:].astype(mx.float32)
        scores = scores - mx.logsumexp(scores, axis=-1, keepdims=True)
        for row, token, one in zip(scores, tokens, told):
            assert one.logprob == pytest.approx(row[token].item(), abs=1e-3) and one.text == tokenizer.decode([token])
            assert len(one.top) == 3 and one.top[0][1] == pytest.approx(row.max().item(), abs=1e-3)


def test_penalties_keep_an_answer_from_repeating_itself(noise):
    backend = opened(noise)
    texts = {p: alone(backend, ask('no ' * 20, max_tokens=60, frequency_penalty=p))[0] for p in (0.0, 2.0)}
    tokens = {p: backend.loaded.tokenizer.encode(t, add_special_tokens=False) for p, t in texts.items()}
    assert len(set(tokens[2.0])) > len(set(tokens[0.0]))
    backend.close()


def test_thinking_comes_first_is_bounded_and_the_grammar_begins_after_it(pensive):
    backend = opened(pensive)
    assert backend.loaded.tokenizer.has_thinking
    for asked in (ask('Well', thinking=True, schema=schema, max_tokens=90), ask('Well', thinking=True, schema=schema, max_tokens=90, temperature=1.0, seed=3)):
        backend.admit(0, asked)
        pieces = []
        while not pieces or not pieces[-1].finish_reason: pieces += backend.step()
        assert all(p.error is None for p in pieces)
        kinds = [p.thinking for p in pieces]
        assert kinds == sorted(kinds, reverse=True) and 1 < sum(kinds) <= 45
        assert json.loads(''.join(p.text for p in pieces if not p.thinking))['answer'] in ('yes', 'no') and pieces[-1].output_tokens <= 90
        assert '</think>' not in ''.join(p.text for p in pieces)
    backend.admit(1, ask('Well', schema=schema, max_tokens=90))  # not asked to think
    assert not any(p.thinking for _ in range(8) for p in backend.step())
    backend.close()


def test_quantised_keys_and_values_take_turns_and_parse(noise_wide):
    backend = opened(noise_wide, kv_bits=8)
    assert type(backend.scheduler.batch) is Apart
    plain = opened(noise_wide)
    texts = run(backend, [(0, ask(q, schema=schema, max_tokens=60)) for q in questions[:3]])
    assert all(json.loads(t)['answer'] in ('yes', 'no') for t, *_ in texts)
    for b in (backend, plain): b.admit(0, ask('no ' * 100, max_tokens=40)); b.step(); b.step()
    assert backend.scheduler.batch.nbytes < plain.scheduler.batch.nbytes / 2
    backend.close(); plain.close()


def test_keys_and_values_are_counted_and_given_back(noise):
    backend = opened(noise, prefix_bytes=10 ** 6)
    for round in range(6):
        run(backend, [(i, ask(f'{round} {i} ' + text)) for i, text in enumerate(questions)])
        assert backend.scheduler.batch.nbytes == 0 == backend.stats()['kv_bytes']
        assert backend.stats()['prefix_bytes'] <= 10 ** 6
    assert backend.stats()['prefix_hits'] > 0
    backend.admit(0, ask('no ' * 50)); backend.step()
    assert backend.stats()['kv_bytes'] > 0
    backend.close()


def test_an_answer_ends_at_max_tokens_or_at_its_end_and_says_which(backend):
    text, reason, tokens = alone(backend, ask('Well', max_tokens=7))
    assert (reason, tokens) == ('length', 7)
    assert alone(backend, ask('Well', schema={'const': 'yes'}))[:2] == ('"yes"', 'stop')


def test_a_stop_text_ends_the_answer_and_is_not_in_it(backend):
    text, _, tokens = alone(backend, ask('Well', max_tokens=24))
    middle = text[len(text) // 2:][:3]
    cut, reason, fewer = alone(backend, ask('Well', max_tokens=24, stop=(middle, 'never there')))
    assert cut == text[:text.index(middle)] and reason == 'stop' and fewer <= tokens


@given(st.text('ab\n', max_size=30), st.lists(st.text('ab\n', min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_stop_texts_are_found_however_the_text_is_cut(text, stops, data):
    stopper, out, rest, hit = StopTexts(tuple(stops)), '', text, False
    while rest and not hit:
        n = data.draw(st.integers(1, len(rest)))
        piece, hit = stopper.feed(rest[:n], last=n == len(rest))
        out, rest = out + piece, rest[n:]
    first = min((text.find(s) for s in stops if s in text), default=None)
    assert hit == (first is not None) and (out == text if first is None else out in {text[:text.find(s)] for s in stops if s in text})


def filling(backend, room):
    "A question that leaves at most this much room for the answer."
    length, text = lambda text: len(backend.encode_prompt(ask(text).messages)), ''
    while (missing := backend.loaded.context - room - length(text)) > 0: text += '#,' * max(missing // 2, 1)
    return text


def test_what_does_not_fit_is_refused_before_any_work(backend):
    context = backend.loaded.context
    with pytest.raises(ContextLengthError, match=rf'prompt has \d+ tokens, .* holds {context}'): backend.admit(0, ask('no ' * context))
    with pytest.raises(ContextLengthError, match='the shortest answer that fits the output schema has .* tokens, and 4 are allowed'):
        backend.admit(0, ask('a', schema=schema, max_tokens=4))
    with pytest.raises(ContextLengthError, match='prompt leaves room for'): backend.admit(0, ask(filling(backend, 6), schema=schema))
    with pytest.raises(InvalidRequestError, match='no finite'): backend.admit(0, ask('a', schema={'enum': []}))
    assert not backend.scheduler.rows and not backend.scheduler.reading and not backend.scheduler.waiting


def test_an_answer_never_leaves_the_context(backend):
    text = filling(backend, 6)
    left = backend.loaded.context - len(backend.encode_prompt(ask(text).messages))
    assert alone(backend, ask(text, max_tokens=500))[2] <= left <= 6


@given(st.lists(st.floats(-5, 5, width=32), min_size=4, max_size=12), st.floats(0.1, 2), st.integers(0, 6), st.floats(0.05, 1), st.integers(0, 9))
@settings(max_examples=40)
def test_a_sampled_token_is_among_those_that_the_limits_leave(scores, temperature, top_k, top_p, seed):
    token = sample_token(mx.array(scores), Generation((), temperature=temperature, top_k=top_k, top_p=top_p), seed, 0).item()
    weight = lambda s: math.exp((s - max(scores)) / temperature)
    left = [s for s in scores if not top_k or s >= sorted(scores, reverse=True)[:top_k][-1]]  # equals of the last one stay too
    better = [s for s in left if s > scores[token]]
    assert scores[token] in left and sum(map(weight, better)) / sum(map(weight, left)) < top_p + 1e-4


@pytest.fixture(scope='module')
def many(noise):
    "A backend with a warm cache, and what each question gets alone, cold."
    cold = opened(noise, prefix_bytes=0)
    begin = 'Respond with a JSON object in the following order of fields: `answer`. '
    asked = [ask(begin * (i % 3) + text, temperature=i % 2, seed=i, max_tokens=20 + 5 * i, schema=schema if i % 3 else None) for i, text in enumerate(questions)]
    expected = [alone(cold, g) for g in asked]
    cold.close()
    backend = opened(noise, slots=5, chunk=48, prefix_bytes=10 ** 6)
    yield backend, asked, expected
    backend.close()


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4), st.booleans()), min_size=1, max_size=9))
@settings(max_examples=15, deadline=None)
def test_whoever_comes_and_goes_an_answer_stays_what_it_is_alone(many, visits):
    "Visits are (question, steps until the next one, does somebody leave then)."
    backend, asked, expected = many
    texts, kinds, ends, gone, todo = {}, {}, {}, set(), list(enumerate(visits))
    while todo or len(ends) + len(gone) < len(visits):
        if todo and len(backend.scheduler.rows) + len(backend.scheduler.reading) + len(backend.scheduler.waiting) < backend.slots:
            uid, (which, steps, leaves) = todo.pop(0)
            texts[uid], kinds[uid] = '', which
            backend.admit(uid, asked[which])
        else: steps, leaves = 1, False
        for _ in range(steps):
            for piece in backend.step():
                assert piece.error is None, piece.error
                texts[piece.uid] += piece.text
                if piece.finish_reason: ends[piece.uid] = piece.finish_reason, piece.output_tokens
        here = [u for u in texts if u not in ends and u not in gone]
        if leaves and here: backend.evict(here[0]); gone.add(here[0])
    assert all((texts[uid], *ends[uid]) == expected[kinds[uid]] for uid in ends)
    assert backend.stats()['kv_bytes'] == 0


def test_a_row_whose_grammar_fails_is_told_alone(noise):
    backend = opened(noise)
    for uid in (0, 1): backend.admit(uid, ask('a', schema=schema, max_tokens=60))
    backend.step()
    backend.step()
    backend.scheduler.rows[0].constraint._matcher.consume_token(backend.vocabulary.eos[0])  # breaks it
    failed = [p.uid for p in backend.step() if p.error]
    assert failed == [0] and [row.uid for row in backend.scheduler.rows] == [1]
    backend.close()
