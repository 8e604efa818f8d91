"A safety net from a notebook: several models under one name, breakers worked by hand, failures on purpose."
import dspy
import pytest
from dspy.clients.cache import Cache

from dspy_toolkit.workspace import lms
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import State, breakers
from dspy_toolkit.resilience.life import lives
from tests.typist import typist


ANSWER = '{"team": "billing", "needs_human": true}'
OTHER = '{"team": "sales", "needs_human": false}'
RUN = '%%dspy run Triage --lm safe\nemail = "I was charged twice"'


@pytest.fixture
def net(triage, monkeypatch, tmp_path):
    "Two models, and both under one name."
    monkeypatch.setattr(dspy, 'cache', Cache(enable_disk_cache=False, enable_memory_cache=True, disk_cache_dir=str(tmp_path), memory_max_entries=100))
    breakers.reset()
    lives.clear()
    lms.names.update(fast=typist(ANSWER), spare=typist(OTHER))
    triage('%dspy lm safe --fallback fast spare')
    yield triage
    chaos.stop()
    breakers.reset()


def test_one_line_puts_a_model_behind_another(net):
    assert 'fast' in net('%dspy lm').shown and 'fast (test/typist) → spare (test/typist)' in net('%dspy lm').shown
    shown = net(RUN).shown
    assert 'billing' in shown and 'fallback/safe → fast' in shown and 'did not answer' not in shown


def test_how_to_make_a_name_the_default_is_said_where_that_would_change_anything(net):
    dspy.configure(lm=lms.names['fast'])
    assert 'to change it: %dspy lm safe' in net('%dspy lm safe --fallback fast spare').shown
    assert 'to change it' not in net('%dspy lm quick fast').shown
    assert 'the default' in net('%dspy lm safe').shown and 'to change it' not in net('%dspy lm').shown


def test_a_card_says_who_answered_and_who_did_not(net):
    net('%dspy chaos fast --fail 100% --for 60')
    shown = net(RUN).shown
    assert 'sales' in shown and 'fallback/safe → spare' in shown and 'fast did not answer: ServerError' in shown


def test_chaos_is_shown_in_every_card_while_it_is_on_and_not_after(net):
    net('%dspy chaos fast --fail 100% --for 60')
    for cell in (RUN, '%dspy lm', '%dspy show Triage', '%dspy list', '%dspy help'): assert 'chaos' in net(cell).shown, cell
    shown = net('%dspy chaos --stop').shown
    assert '100%' not in shown
    for cell in (RUN, '%dspy lm', '%dspy list'): assert 'chaos' not in net(cell).shown, cell


def test_chaos_reaches_the_default_model_and_a_model_by_its_name(net):
    dspy.configure(lm=lms.names['fast'], adapter=dspy.JSONAdapter())
    net('%dspy chaos fast --fail 1 --errors auth --for 60')
    assert 'LMAuthError' in net('%%dspy run Triage\nemail = "x"').shown
    assert 'LMAuthError' in net('%%dspy run Triage --lm fast\nemail = "x"').shown
    net('%dspy chaos --stop fast')
    assert 'billing' in net('%%dspy run Triage\nemail = "x"').shown


def test_a_second_best_answer_is_not_kept_and_one_from_the_cache_tells_no_old_story(net):
    net('%dspy breaker fast force-open')
    assert 'sales' in net(RUN).shown
    net('%dspy breaker fast close')
    assert 'billing' in net(RUN).shown, 'the better model answers as soon as it is well'
    net('%dspy breaker fast force-open')
    shown = net(RUN).shown
    assert 'billing' in shown and "from DSPy's cache" in shown and 'did not answer' not in shown


def test_a_breaker_is_worked_by_hand(net):
    for action, state in {'open': State.open, 'half-open': State.half_open, 'close': State.closed, 'disable': State.disabled, 'force-open': State.forced_open}.items():
        assert str(state) in net(f'%dspy breaker fast {action}').shown and breakers['fast'].state is state
    net('%dspy breaker fast close')
    net('%dspy breaker fast metrics-only')
    assert breakers['fast'].state is State.metrics_only
    net('%dspy breaker fast reset')
    assert breakers['fast'].state is State.closed


def test_the_life_of_a_breaker_is_drawn_from_when_the_net_was_made(net):
    net('%dspy chaos fast --fail 100% --for 60')
    for n in range(6): net(RUN.replace('twice', f'{n} times'))
    shown = net('%dspy breaker fast').shown
    assert 'open' in shown and '5 of 5 calls failed' in shown
    assert {'fast', 'spare'} <= set(lives)


def test_the_breakers_of_a_net_are_shown_by_its_name(net):
    shown = net('%dspy breaker safe').shown
    assert 'fast' in shown and 'spare' in shown


def test_how_things_stand_is_one_card(net):
    shown = net('%dspy status').shown
    for word in ('fallback/safe', 'fast → spare', 'closed', 'Chaos'): assert word in shown


@pytest.mark.parametrize('line, said, hint', [
    ('%dspy breaker fasst', "there is no breaker 'fasst'", 'did you mean fast?'),
    ('%dspy breaker fast shut', "invalid choice: 'shut'", '%dspy breaker'),
    ('%dspy breaker fast half-open', 'cannot go from closed to half_open', 'open it first'),
    ('%dspy chaos fastest --fail 1', "no model is called 'fastest'", 'the models are fast, spare, safe'),
    ('%dspy chaos fast --fail often', '--fail often is not a number', 'as in --fail 0.3, or 30%'),
    ('%dspy chaos fast --fail 1 --latency long', '--latency long is not a number', 'as in --latency 2'),
    ('%dspy chaos fast --fail 3', 'fail = 3.0', ''), ('%dspy chaos fast --fail 1 --for 7200', '7200', ''),
    ('%dspy chaos fast --fail 1 --errors flood', "invalid choice: 'flood'", '%dspy chaos'),
    ('%dspy lm --fallback fast spare', 'a fallback needs a name', '%dspy lm fast mlx/tiny'),
    ('%dspy lm safe --strategy hedged', 'strategy is for several models', '--fallback'),
    ('%dspy lm safe --fallback fast fast', "two legs of 'safe' are called 'fast'", ''),
    ('%dspy lm safe --fallback fast spare --hedge-after soon', "hedge_after = 'soon'", 'p95')])
def test_what_cannot_be_done_is_said_in_two_lines(net, line, said, hint):
    shown = net(line).shown
    assert said in shown and hint in shown and 'Traceback' not in shown


def test_when_nobody_answers_the_cell_says_of_each_why(net):
    net('%dspy breaker fast force-open')
    net('%dspy breaker spare open')
    shown = net(RUN).shown
    assert "AllLegsFailed: no leg of 'safe' answered" in shown and 'fast: its breaker is forced_open' in shown and 'spare: its breaker is open; may be tried again in' in shown


def test_unloading_leaves_neither_chaos_nor_a_callback_behind(net):
    net('%dspy chaos fast --fail 100% --for 60')
    assert any(type(c).__name__ == 'ParseWatch' for c in dspy.settings.callbacks)
    net.ip.run_line_magic('unload_ext', 'dspy_toolkit')
    assert not chaos.active() and not any(type(c).__name__ == 'ParseWatch' for c in dspy.settings.callbacks)
    net.ip.run_line_magic('load_ext', 'dspy_toolkit')


def test_the_order_of_an_adaptive_net_is_told_with_what_it_is_made_of(net):
    net('%dspy lm safe --fallback fast spare --strategy adaptive --hedge-after p90')
    assert 'adaptive, hedged after p90' in net('%dspy status').shown
    lms.names['safe'].engine.core.explore = 0  # otherwise one request in twenty begins with another leg
    net(RUN)
    assert 'adaptive, hedged after p90: fast ' in net('%dspy status').shown
