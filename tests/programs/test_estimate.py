"An estimate says calls and tokens as the run then has them, where each number comes from, and nothing about what it does not know."
import dspy
import pytest
from dspy.utils import DummyLM

import dspy_toolkit
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.session import reset
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.monitoring.capture import Call, Generation
from dspy_toolkit.monitoring.history import history
from dspy_toolkit.monitoring.monitor import monitor
from dspy_toolkit.programs.cost import Meter
from dspy_toolkit.programs.estimate import (
    CostNotConfirmed, Estimate, confirm_cost, estimate_evaluation, estimate_optimization, find_past, find_price, is_local, summarize_calls,
)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset()
    yield
    reset()


class Route(dspy.Signature):
    "Route a support email to the right team."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()


rows = [dict(email=f'Invoice {n}: {"I was charged twice. " * (n % 5 + 1)}', team='billing') for n in range(24)]
mini = 'openai/gpt-4o-mini'


def test_calls_and_input_tokens_are_those_of_the_run_and_no_row_is_run_for_it():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        with Meter() as meter: estimate = estimate_evaluation(Route, rows, lm, 4)
        assert meter.spent.calls == 0
        with Meter() as meter:
            for row in rows: dspy.Predict(Route)(email=row['email'])
    spent = meter.spent
    assert (estimate.calls, estimate.money, estimate.is_local) == (spent.calls, 0.0, True)
    total = estimate.input_tokens + estimate.output_tokens
    assert abs(total - spent.tokens) / spent.tokens < .2
    assert estimate.seconds > 0 and 'warm-up' in estimate.basis['time']


def test_earlier_calls_say_how_long_answers_are_and_how_fast_the_model_is():
    lm = dspy_toolkit.lm('mlx/tiny', cache=True)
    monitor()
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        for _ in range(2):
            for row in rows[:5]: dspy.Predict(Route)(email=row['email'] + ' for test_estimate')
    assert history().flush(10)
    past = find_past('mlx/tiny', 'Route')
    assert past.calls == 5  # those from the cache do not count
    estimate = estimate_evaluation(Route, rows, lm, 4, measure=False)
    assert estimate.basis['output'] == 'the mean of 5 earlier calls' and 'speed of 5 earlier calls' in estimate.basis['time']
    assert estimate.seconds == pytest.approx(past.apart * len(rows))


def test_another_signature_of_the_same_model_has_its_speed_too():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    monitor()
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        for row in rows[:3]: dspy.Predict(Route)(email=row['email'])
    history().flush(10)
    estimate = estimate_evaluation(dspy.Signature('question -> answer'), [dict(question='Why?', answer='So.')], lm, measure=False)
    assert 'other signatures' in estimate.basis['time'] and estimate.seconds > 0


def test_calls_that_ran_at_once_are_told_from_calls_in_turn():
    at_once = [Call(str(n), 'm', at=100.0, seconds=4.0, output_tokens=10) for n in range(8)]
    in_turn = [Call(str(n), 'm', at=100.0 + 4 * n, seconds=4.0, output_tokens=10) for n in range(8)]
    assert summarize_calls(at_once).apart == .5
    assert summarize_calls(in_turn).apart == 4.0
    assert summarize_calls(at_once).seconds == summarize_calls(in_turn).seconds == 4.0
    assert summarize_calls([]) is None


def test_a_first_call_that_loads_the_model_does_not_count_its_loading():
    ran = Generation('mlx/tiny', .1, 0, 0, .05, 50, 5, 0, 0, 'stop', None)
    first = Call('a', 'mlx/tiny', at=100, seconds=5.0, input_tokens=50, output_tokens=5, generations=[ran])
    later = Call('b', 'mlx/tiny', at=110, seconds=.1, input_tokens=50, output_tokens=5, generations=[ran])
    past = summarize_calls([first, later])
    assert (round(past.seconds, 3), round(past.apart, 3)) == (.1, .1)


def test_a_remote_model_is_not_asked_and_its_price_comes_from_dspys_list():
    estimate = estimate_evaluation(Route, rows, dspy.LM(mini), 8)
    read, written = find_price(dspy.LM(mini))
    assert estimate.money == pytest.approx(estimate.input_tokens * read + estimate.output_tokens * written)
    assert estimate.seconds is None and 'time unknown' in estimate.text
    assert 'four characters' in estimate.basis['input']


def test_an_unknown_price_is_not_zero():
    estimate = estimate_evaluation(Route, rows, dspy.LM('openai/no-such-model'), 8)
    assert estimate.money is None and 'price unknown' in estimate.text
    assert estimate_evaluation(Route, rows, DummyLM([{'team': 'x'}])).money is None


def test_without_labels_an_answer_may_have_all_its_tokens():
    unlabelled = [dict(email=row['email']) for row in rows]
    estimate = estimate_evaluation(Route, unlabelled, dspy.LM(mini, max_tokens=70))
    assert estimate.output_tokens == 70 * len(rows) and 'max_tokens' in estimate.basis['output']


def test_a_program_makes_a_call_for_each_predictor():
    class Both(dspy.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = dspy.Predict('email -> summary'), dspy.Predict('summary -> team')

        def forward(self, email): return self.second(summary=self.first(email=email).summary)

    estimate = estimate_evaluation(Both(), rows, dspy.LM(mini, max_tokens=50))
    assert estimate.calls == 2 * len(rows) and estimate.basis['calls'].startswith('2 for each')


def test_demos_make_the_prompts_of_an_optimisation_longer():
    lm = dspy.LM(mini)
    plain = estimate_evaluation(Route, rows, lm)
    found = estimate_optimization(Route, rows, 'random', dict(num_candidate_programs=4), lm)
    assert found.input_tokens / found.calls > 1.5 * plain.input_tokens / plain.calls
    assert found.calls < found.most_calls and 'at most' in found.text


def test_a_fallback_is_local_where_all_its_models_are():
    from dspy_toolkit import fallback
    tiny = dspy_toolkit.lm('mlx/tiny')
    assert is_local(tiny) and not is_local(dspy.LM(mini))
    assert is_local(fallback('near', [tiny])) and not is_local(fallback('far', [tiny, dspy.LM(mini)]))


def test_no_rows_are_said():
    with pytest.raises(InputError, match='no rows'): estimate_evaluation(Route, [], dspy.LM(mini))


@pytest.mark.parametrize('estimate, is_asked', [
    (Estimate(50, 1, 1, 20.0, 0.0, 'mlx/tiny', True), False),
    (Estimate(50_000, 1, 1, 20.0, 0.0, 'mlx/tiny', True), False),
    (Estimate(50, 1, 1, 301.0, 0.0, 'mlx/tiny', True), True),
    (Estimate(50, 1, 1, None, 0.004, mini), False),
    (Estimate(50, 1, 1, None, 0.02, mini), True),
    (Estimate(50, 1, 1, None, None, mini), False),
    (Estimate(2_001, 1, 1, None, None, mini), True),
])
def test_dear_runs_are_asked_about_and_local_and_quick_ones_never(estimate, is_asked):
    confirm_cost(estimate, yes=True)
    confirm_cost(estimate, budget='5 calls')
    if not is_asked: return confirm_cost(estimate)
    with pytest.raises(CostNotConfirmed) as e: confirm_cost(estimate)
    assert estimate.text in str(e.value) and '--yes' in e.value.hint and '\n' not in str(e.value)
