"Which errors say that a model is not well, whether or not it is safe to ask again; and what a breaker guards."
import math
import threading

import dspy
import pytest
from dspy import lm15
from dspy.utils import exceptions

from dspy_toolkit.core.errors import MissingExtra
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import BreakerConfig, BreakerRegistry, CircuitBreaker, State, breakers, worth_counting
from dspy_toolkit.resilience.fallback import AllLegsFailed, Attempt, FallbackEngine, TooLongForAll, fallback
from dspy_toolkit.resilience.legs import Leg, identity
from dspy_toolkit.resilience.window import ManualClock
from tests.typist import typist


def wrapping(error):
    "As DSPy hands an engine's failure on."
    wrapped = dspy.LMUnexpectedError('the engine failed')
    wrapped.__cause__ = error
    return wrapped


# error -> (is it safe to ask again, does it say that the model is not well)
TABLE = [
    (lm15.TransportError('x'), True, True), (lm15.TimeoutError('x'), True, True), (lm15.RateLimitError('x'), True, True), (lm15.ServerError('x'), True, True),
    (lm15.StreamAssemblyError('x'), False, True), (lm15.CollectionLimitError('x', limit='events', maximum=1), False, False),
    (lm15.LockTimeoutError('x', path='p', lock_path='l'), True, False),
    (lm15.ProviderError('x'), False, True), (lm15.ProviderError('x', status=503), False, True), (lm15.ProviderError('x', status=429), False, True), (lm15.ProviderError('x', status=418), False, False),
    (lm15.AuthError('x'), False, False), (lm15.BillingError('x'), False, False), (lm15.InvalidRequestError('x'), False, False), (lm15.ContextLengthError('x'), False, False),
    (lm15.UnsupportedModelError('x'), False, False), (lm15.UnsupportedFeatureError('x', feature='tools'), False, False),
    (lm15.ConfigurationError('x'), False, False), (lm15.NotConfiguredError('x'), False, False), (lm15.LM15Error('x'), False, True),
    (dspy.LMTransportError('x'), True, True), (dspy.LMTimeoutError('x'), True, True), (dspy.LMRateLimitError('x'), True, True), (dspy.LMServerError('x'), True, True),
    (exceptions.LMStreamAssemblyError('x'), False, True), (exceptions.LMCollectionLimitError('x'), False, False), (exceptions.LMLockTimeoutError('x'), True, False),
    (exceptions.LMProviderError('x'), False, True), (exceptions.LMProviderError('x', status=404), False, False), (exceptions.LMError('x'), False, True),
    (dspy.LMAuthError('x'), False, False), (dspy.LMBillingError('x'), False, False), (dspy.LMInvalidRequestError('x'), False, False), (dspy.ContextWindowExceededError(), False, False),
    (exceptions.LMUnsupportedModelError('x'), False, False), (dspy.LMUnsupportedFeatureError('x'), False, False),
    (exceptions.LMConfigurationError('x'), False, False), (exceptions.LMNotConfiguredError('x'), False, False),
    (dspy.LMUnexpectedError('x'), False, True), (wrapping(KeyError('choices')), False, True), (wrapping(lm15.ContextLengthError('x')), False, False),
    (wrapping(lm15.StreamAssemblyError('x')), False, True), (RuntimeError('x'), False, True),
    (ImportError('x'), False, True), (MissingExtra('mlx is not installed'), False, True), (DeprecationWarning('x'), False, False),
    (AllLegsFailed('safe', (Attempt('a', 'ServerError'),)), False, True), (AllLegsFailed('safe', (Attempt('a', 'AuthError'), Attempt('b', 'StreamAssemblyError'))), False, True),
    (AllLegsFailed('safe', (Attempt('a', 'CallNotPermitted'),)), False, True), (AllLegsFailed('safe', (Attempt('a', 'AuthError'),)), False, False),
    (TooLongForAll('safe', (Attempt('a', 'ContextLengthError'),)), False, False),
]


def named(error): return f'{type(error).__name__}-{getattr(error, "status", None) or type(error.__cause__).__name__}'


@pytest.mark.parametrize('error, again, ill', TABLE, ids=[f'{n}-{named(e)}' for n, (e, _, _) in enumerate(TABLE)])
def test_safe_to_ask_again_is_not_healthy(error, again, ill):
    from dspy.clients.errors import wrap_error
    judged = error if isinstance(error, (ImportError, Warning)) else wrap_error(error, model='')
    assert (dspy.is_retryable_lm_error(judged), worth_counting(error)) == (again, ill)


def test_every_error_of_lm15_and_of_dspy_is_in_the_table():
    def all_of(cls): return {cls} | {each for sub in cls.__subclasses__() for each in all_of(sub)}
    kinds = {type(error) for error, _, _ in TABLE}
    known = {e for e in all_of(lm15.LM15Error) | all_of(exceptions.LMError) if e.__module__.startswith('dspy.')}
    told = {lm15.CapabilityError, *all_of(lm15.ConfigurationError)}  # judged as a class that is in it
    assert {each.__name__ for each in known - kinds - told} <= {'ToolDerivationError', 'CredentialLockTimeout'}


class Cut:
    "An engine whose streams end without their end."
    supports_response_schema, supported_params = True, frozenset()
    def complete(self, request): raise AssertionError('not asked')
    def stream(self, request):
        yield lm15.StreamStartEvent(id='1', model=request.model)
        yield lm15.StreamDeltaEvent(lm15.TextDelta('half'))


def test_streams_that_end_without_their_end_open_the_breaker():
    breakers.reset()
    cut = FallbackEngine([Leg(Cut(), 'cut')], 'net')
    for _ in range(5):
        with pytest.raises(AllLegsFailed): list(cut.stream(lm15.Request('any', lm15.Message.user('x'))))
    assert breakers['cut'].state is State.open and breakers['cut'].snapshot().reasons == {'StreamAssemblyError': 5}


def test_a_fallback_that_nobody_answers_for_counts_against_the_leg_that_it_is():
    breakers.reset()
    inner = fallback('inner', [Leg(typist('x'), 'one')])
    outer = FallbackEngine([Leg(inner, 'inner')], 'outer')
    breakers['one'].transition_to('forced_open')
    for _ in range(5):
        with pytest.raises(AllLegsFailed): outer.complete(lm15.Request('any', lm15.Message.user('x')))
    assert breakers['inner'].state is State.open


def test_a_breaker_goes_with_the_model_and_not_with_the_name():
    breakers.reset()
    first, second = dspy.LM('openai/a'), dspy.LM('openai/b')
    Leg(first, 'fast').breaker.transition_to('open')
    assert Leg(second, 'fast').breaker.state is State.closed
    assert Leg(dspy.LM('openai/a'), 'quick').breaker.state is State.open
    assert Leg(dspy.LM('openai/a', api_base='http://localhost:1/v1'), 'other').breaker.state is State.closed
    assert breakers['fast'].state is State.closed and breakers['quick'].state is State.open
    assert sorted(breakers) == ['fast', 'other', 'quick'] and len(breakers) == 3


def test_two_names_of_one_model_share_what_is_known_of_it():
    breakers.reset()
    lm = typist('x')
    assert Leg(lm, 'fast').breaker is Leg(lm, 'quick').breaker is breakers['fast'] is breakers['quick']
    assert list(breakers) == ['fast'] and [each.name for each in breakers.snapshots()] == ['fast']
    breakers.remove('fast')
    assert 'quick' not in breakers


def test_what_differs_in_a_key_an_engine_or_a_limit_is_another_model():
    breakers.reset()
    lm = dspy.LM('openai/a', api_key='one')
    assert identity(lm) == identity(lm.copy()) != identity(lm.copy(api_key='two'))
    assert identity(typist('x')) != identity(typist('x'))
    assert Leg(lm, 'hasty', timeout=1).breaker is not Leg(lm, 'patient', timeout=60).breaker
    assert 'one' not in repr(breakers['hasty'])


def test_a_breaker_made_by_name_is_taken_over_by_the_first_model_of_that_name():
    breakers.reset()
    mine = breakers.breaker('fast', BreakerConfig(minimum_number_of_calls=2))
    assert Leg(typist('x'), 'fast').breaker is mine
    other = Leg(typist('y'), 'fast').breaker
    assert other is not mine and other.config is mine.config


@pytest.mark.parametrize('clock', [ManualClock(), None], ids=['manual', 'real'])
@pytest.mark.parametrize('wait', [math.inf, 1e12, lambda attempt: math.inf], ids=['inf', 'ages', 'function'])
def test_a_breaker_that_waits_for_ever_stays_open_and_says_that_no_time_will_bring_it(wait, clock):
    failed = []
    threading.excepthook, before = lambda args: failed.append(args.exc_value), threading.excepthook
    try:
        breaker = CircuitBreaker('b', BreakerConfig(wait_duration_in_open=wait, automatic_transition_from_open_to_half_open=True), *([clock] if clock else []), bus=Bus())
        breaker.transition_to('open')
        if clock: clock.advance(1e6)
        assert breaker.state is State.open and not failed
        with pytest.raises(Exception, match='is open') as refused: breaker.acquire()
        if wait != 1e12: assert refused.value.retry_after is None and breaker.snapshot().retry_after is None and 'inf' not in refused.value.hint
        breaker.transition_to('closed')
    finally: threading.excepthook = before


def test_a_registry_gives_one_name_to_each_of_its_breakers():
    known = BreakerRegistry()
    known.guard('a', 'X'), known.guard('b', 'X'), known.guard('a', 'Y')
    assert {name: known[name].guards for name in known} == {'a': 'Y', 'b': 'X'}
    assert all(known[name].name == name for name in known)
