"""Any history, by any number of threads.

The machine plays a breaker against a model that keeps everything it ever saw in plain lists. Some steps are taken by several threads at the same moment.
"""
import gc
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from dspy_toolkit.core import events
from dspy_toolkit.core.errors import CallNotPermitted
from dspy_toolkit.core.events import BreakerTransition, Bus
from dspy_toolkit.resilience.breaker import BreakerConfig, CallFailed, CallIgnored, CallSucceeded, CircuitBreaker, Exponential, IllegalTransition, State
from dspy_toolkit.resilience.window import ManualClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule


class Ignored(Exception): pass


ENDS = {'ok': dict(duration=0.5), 'fail': dict(error=OSError(), duration=0.5), 'slow': dict(duration=5.0), 'both': dict(error=OSError(), duration=5.0),
        'ignored': dict(error=Ignored()), 'interrupted': dict(error=KeyboardInterrupt())}
COUNTED = {'ok': (0, 0), 'fail': (1, 0), 'slow': (0, 1), 'both': (1, 1)}
PASSING = ('closed', 'disabled', 'metrics_only')


class Model:
    "What the breaker should be, from the whole story: permits are numbers, a stay in a state is a number too."
    def __init__(self, config, now):
        self.config, self.now, self.stay, self.attempt, self.refused, self.reasons = config, now, 0, 0, 0, Counter()
        self.enter('closed', now)

    def enter(self, state, since):
        kept = (self.size, self.minimum, self.timed, self.calls) if state == 'open' and self.stay else (0, 1, False, [])
        self.attempt = self.attempt + 1 if state in ('open', 'forced_open') else self.attempt if state == 'half_open' else 0
        self.state, self.since, self.out, self.refused, self.stay, self.probes = state, since, set(), 0, self.stay + 1, None
        if state != 'open': self.reasons = Counter()
        c = self.config
        self.size, self.minimum, self.timed, self.calls = kept
        if state in ('closed', 'metrics_only'):
            self.timed, self.calls, self.size = c.sliding_window_type == 'time_based', [], c.sliding_window_size
            self.minimum = c.minimum_number_of_calls if self.timed else min(c.minimum_number_of_calls, self.size)
        if state == 'half_open': self.timed, self.calls, self.size, self.minimum = False, [], c.permitted_calls_in_half_open, min(c.minimum_number_of_calls, c.permitted_calls_in_half_open)

    def ends(self):
        if self.state == 'open': return self.since + self.config.wait_duration_in_open(self.attempt)
        if self.state == 'half_open' and self.config.max_wait_in_half_open: return self.since + self.config.max_wait_in_half_open
        return float('inf')

    def look(self, calling=False):
        if self.state == 'half_open' and self.now >= self.ends(): self.enter('open', self.ends())
        if self.state == 'open' and self.now >= self.ends() and (calling or self.config.automatic_transition_from_open_to_half_open): self.enter('half_open', self.now)

    def window(self):
        if self.timed: return [c for c in self.calls if int(c['at']) > int(self.now) - self.size]
        return self.calls[-self.size:] if self.size else []

    def ask(self, permit):
        "Is it permitted?"
        self.look(calling=True)
        fits = self.state in PASSING or self.state == 'half_open' and len(self.out) + len(self.calls) < self.config.permitted_calls_in_half_open
        if fits: self.out.add(permit)
        else: self.refused += 1
        return fits

    def answer(self, permit, stay, end):
        self.look()
        if stay != self.stay or permit not in self.out: return
        self.out.discard(permit)
        if end not in COUNTED or self.state not in ('closed', 'half_open', 'metrics_only'): return
        self.calls.append(dict(permit=permit, at=self.now, failed=COUNTED[end][0], slow=COUNTED[end][1]))
        if COUNTED[end][0]: self.reasons['OSError'] += 1
        self.weigh()

    def weigh(self):
        window = self.window()
        if self.state == 'metrics_only' or len(window) < self.minimum: return
        failed, slow = (sum(w[what] for w in window) / len(window) for what in ('failed', 'slow'))
        if failed >= self.config.failure_rate_threshold or slow >= self.config.slow_call_rate_threshold: self.enter('open', self.now)
        elif self.state == 'half_open':
            probes = self.stay, self.attempt, (self.size, self.minimum, self.timed, self.calls), self.reasons
            self.enter('closed', self.now)
            self.probes = probes

    def amend(self, permit, stay):
        self.look()
        if self.probes and stay == self.probes[0]:
            call, = [c for c in self.probes[2][-1] if c['permit'] == permit] or [None]
            if not call or call['failed']: return
            call['failed'] = 1
            if sum(c['failed'] for c in self.probes[2][-1]) / len(self.probes[2][-1]) < self.config.failure_rate_threshold: self.probes[3]['unparsed'] += 1; return
            _, self.attempt, (self.size, self.minimum, self.timed, self.calls), self.reasons = self.probes
            self.reasons['unparsed'] += 1
            self.enter('open', self.now)
        elif stay == self.stay and self.state != 'open':
            for call in self.window():
                if call['permit'] == permit and not call['failed']:
                    call['failed'] = 1
                    self.reasons['unparsed'] += 1
                    self.weigh()


class BreakerLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.permits, self.asked = {}, 0  # number -> (permit, the model's stay)
        self.answered = []  # (permit, number, stay), also of what was released

    @initialize(timed=st.booleans(), size=st.integers(1, 8), minimum=st.integers(1, 8), probes=st.integers(1, 4), limit=st.sampled_from([0, 7]), automatic=st.booleans(), failing=st.sampled_from([0.25, 0.5, 1.0]), slow=st.sampled_from([0.5, 1.0]))
    def begin(self, timed, size, minimum, probes, limit, automatic, failing, slow):
        config = BreakerConfig(
            sliding_window_type='time_based' if timed else 'count_based', sliding_window_size=size, minimum_number_of_calls=minimum, permitted_calls_in_half_open=probes, max_wait_in_half_open=limit,
            automatic_transition_from_open_to_half_open=automatic, failure_rate_threshold=failing, slow_call_rate_threshold=slow, slow_call_duration_threshold=1.0, ignore_exceptions=Ignored,
            wait_duration_in_open=Exponential(10, 2, cap=40))
        self.clock, self.bus = ManualClock(), Bus()
        self.seen = []
        self.bus.subscribe(self.seen.append, BreakerTransition)
        self.breaker, self.model = CircuitBreaker('b', config, self.clock, self.bus), Model(config, 0.0)

    def try_to(self):
        try: return self.breaker.acquire()
        except CallNotPermitted as e: return e

    @rule()
    def ask(self):
        got, self.asked = self.try_to(), self.asked + 1
        assert self.model.ask(self.asked) == (not isinstance(got, CallNotPermitted))
        if isinstance(got, CallNotPermitted): assert got.state == self.model.state and got.retry_after == (self.model.ends() - self.model.now if got.state == 'open' else None)
        else: self.permits[self.asked] = got, self.model.stay

    @precondition(lambda self: self.permits)
    @rule(which=st.integers(0), end=st.sampled_from([*ENDS, 'released', 'lost']), twice=st.booleans())
    def answer(self, which, end, twice):
        number = sorted(self.permits)[which % len(self.permits)]
        permit, stay = self.permits.pop(number)
        if end != 'lost': self.answered.append((permit, number, stay))
        if end in ENDS: self.breaker.record(permit, **ENDS[end])
        elif end == 'released': self.breaker.release(permit)
        if end in ('released', 'lost', 'interrupted') and stay == self.model.stay: self.model.out.discard(number)
        else: self.model.answer(number, stay, end)
        if twice and end != 'lost':
            self.breaker.record(permit, error=OSError())
            self.breaker.release(permit)
            self.model.look()

    @precondition(lambda self: self.answered or self.permits)
    @rule(back=st.integers(0, 20), twice=st.booleans())
    def amend(self, back, twice):
        "Of a call that is answered, mostly of a late one; or of one that is not."
        known = [*((p, n, stay) for n, (p, stay) in self.permits.items()), *self.answered]
        permit, number, stay = known[-1 - back % len(known)]
        for _ in range(1 + twice):
            self.breaker.amend(permit, 'unparsed')
            self.model.amend(number, stay)

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 3.0, 6.5, 10.0, 40.0, 1000.0]))
    def wait(self, seconds):
        "A clock that calls back is a clock that stops at each alarm, so the model looks there too."
        end = self.model.now + seconds
        while self.model.config.automatic_transition_from_open_to_half_open and self.model.now < self.model.ends() <= end:
            self.model.now = self.model.ends()
            self.model.look()
        self.model.now = end
        self.clock.advance(seconds)

    @rule(state=st.sampled_from(State))
    def by_hand(self, state):
        if (self.breaker._period.state, state) in {('closed', 'half_open'), ('metrics_only', 'open'), ('metrics_only', 'half_open')}:
            with pytest.raises(IllegalTransition): self.breaker.transition_to(state)
        else:
            self.breaker.transition_to(state)
            self.model.enter(state.value, self.model.now)

    @rule()
    def reset(self):
        self.breaker.reset()
        self.model.enter('closed', self.model.now)

    @rule(threads=st.integers(2, 8), end=st.sampled_from([*ENDS, 'released', 'lost', 'kept']))
    def at_once(self, threads, end):
        "Threads ask at the same moment, and those who may answer at the same moment: as many may as if they had come one by one."
        numbers = range(self.asked + 1, self.asked + 1 + threads)
        self.asked += threads
        got = [p for p in together(lambda n: self.try_to(), threads) if not isinstance(p, CallNotPermitted)]
        permitted = [n for n in numbers if self.model.ask(n)]
        assert len(got) == len(permitted)
        stay = self.model.stay
        if end == 'kept': self.permits |= {n: (p, stay) for n, p in zip(permitted, got)}
        elif end == 'lost': self.model.out -= set(permitted)
        elif end in ('released', 'interrupted'):
            together(lambda n, got=got: self.breaker.release(got[n]) if end == 'released' else self.breaker.record(got[n], error=KeyboardInterrupt()), len(got))
            self.model.out -= set(permitted)
        else:
            together(lambda n, got=got: self.breaker.record(got[n], **ENDS[end]), len(got))
            for n in permitted: self.model.answer(n, stay, end)
        del got

    @rule()
    def heal(self):
        "From any history: go back to the states that heal, lose what is out, wait, answer well, and it is closed."
        if self.breaker.state in (State.disabled, State.forced_open, State.metrics_only): self.by_hand(State.closed)
        self.permits.clear()
        if self.model.state == 'half_open': self.model.out.clear()
        if self.breaker.state is State.open: self.wait(max(self.model.ends() - self.model.now, 0.0))
        bad = self.breaker.state is State.half_open and self.breaker.snapshot().failed + self.breaker.snapshot().slow
        while self.breaker.state is not State.closed:
            permit, self.asked = self.breaker.acquire(), self.asked + 1
            assert self.model.ask(self.asked)
            self.breaker.record(permit, duration=0.0)
            self.model.answer(self.asked, self.model.stay, 'ok')
            if self.breaker.state is State.open:
                assert bad  # the probes of before had gone badly
                return
        assert self.breaker.state is State.closed

    @invariant()
    def it_is_what_the_model_is(self):
        snap = self.breaker.snapshot()
        self.model.look()
        window = self.model.window()
        assert snap.state.value == self.model.state
        assert (snap.buffered, snap.failed, snap.slow, snap.slow_failed) == (len(window), sum(w['failed'] for w in window), sum(w['slow'] for w in window), sum(w['failed'] and w['slow'] for w in window))
        assert (snap.successful, snap.not_permitted, snap.attempt, snap.since) == (snap.buffered - snap.failed, self.model.refused, self.model.attempt, self.model.since)
        assert snap.reasons == self.model.reasons
        assert (snap.failure_rate is None) == (len(window) < max(self.model.minimum, 1))
        if self.seen: assert [a.state for a in self.seen[:-1]] == [b.previous for b in self.seen[1:]] and self.seen[-1].state == self.model.state  # no gap in what was told


pool = ThreadPoolExecutor(64)


def together(step, threads):
    "step(0), step(1), ... at one moment, each on its own thread."
    if not threads: return []
    gate = threading.Barrier(threads, timeout=60)

    def go(n):
        gate.wait()
        return step(n)
    with nervous(): return list(pool.map(go, range(threads)))


@contextmanager
def nervous():
    "Threads take turns as often as Python can make them."
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try: yield
    finally: sys.setswitchinterval(before)


TestBreakerLife = BreakerLife.TestCase
TestBreakerLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_sixty_four_threads_never_have_more_probes_than_are_permitted():
    "Probes are given back, answered with what does not count, or lost; whatever happens, seven and no more are out."
    clock = ManualClock()
    breaker = CircuitBreaker('b', BreakerConfig(permitted_calls_in_half_open=7, ignore_exceptions=Ignored), clock, Bus())
    breaker.transition_to('open')
    breaker.transition_to('half_open')
    out, most, tally, lock = [0], [0], Counter(), threading.Lock()

    def work(n):
        for i in range(40):
            try: permit = breaker.acquire()
            except CallNotPermitted: tally['refused', n] += 1; continue
            with lock: out[0] += 1; most[0] = max(most[0], out[0])
            time.sleep(0)
            with lock: out[0] -= 1
            tally['permitted', n] += 1
            if (n + i) % 3 == 0: breaker.release(permit)
            elif (n + i) % 3 == 1: breaker.record(permit, error=Ignored())
            del permit

    together(work, 64)
    assert most[0] <= 7 and sum(tally.values()) == 64 * 40
    assert breaker.snapshot().not_permitted == sum(n for (what, _), n in tally.items() if what == 'refused')
    held = [breaker.acquire() for _ in range(7)]
    with pytest.raises(CallNotPermitted): breaker.acquire()
    assert breaker.state is State.half_open and len(held) == 7


@pytest.mark.parametrize('timed', [False, True])
def test_sixty_four_threads_are_counted_exactly(timed):
    bus, heard = Bus(), Counter()
    lock = threading.Lock()

    def hear(event):
        with lock: heard[type(event)] += 1
    bus.subscribe(hear, CallSucceeded, CallFailed)
    config = BreakerConfig(sliding_window_type='time_based' if timed else 'count_based', sliding_window_size=5000, slow_call_duration_threshold=1.0)
    breaker = CircuitBreaker('b', config, ManualClock(), bus)
    breaker.transition_to('metrics_only')

    def work(n):
        for i in range(50):
            permit = breaker.acquire()
            breaker.record(permit, error=OSError() if i % 5 == 0 else None, duration=2.0 if i % 2 else 0.0)
            if i % 5 < 2: breaker.amend(permit, 'unparsed')  # half of these are failures already

    together(work, 64)
    snap = breaker.snapshot()
    assert (snap.buffered, snap.failed, snap.slow, snap.slow_failed, snap.not_permitted) == (64 * 50, 64 * 20, 64 * 25, 64 * 10, 0)
    assert snap.reasons == {'OSError': 64 * 10, 'unparsed': 64 * 10}
    assert (heard[CallSucceeded], heard[CallFailed]) == (64 * 40, 64 * 20)


def test_one_permit_answered_by_sixty_four_threads_counts_once():
    breaker = CircuitBreaker('b', BreakerConfig(), bus=Bus())
    for _ in range(30):
        permit = breaker.acquire()
        together(lambda n, permit=permit: breaker.record(permit), 64)
        together(lambda n, permit=permit: breaker.amend(permit, 'unparsed'), 64)
    assert (breaker.snapshot().buffered, breaker.snapshot().failed, breaker.snapshot().reasons) == (30, 30, {'unparsed': 30})


def test_whatever_threads_do_each_call_is_told_once_and_the_breaker_heals():
    clock, bus, heard, lock = ManualClock(), Bus(), Counter(), threading.Lock()
    transitions = []

    def hear(event):
        with lock: heard[type(event)] += 1
    bus.subscribe(hear)
    bus.subscribe(transitions.append, BreakerTransition)
    config = BreakerConfig(sliding_window_size=20, minimum_number_of_calls=5, wait_duration_in_open=1, permitted_calls_in_half_open=3, ignore_exceptions=Ignored)
    breaker, tally = CircuitBreaker('b', config, clock, bus), Counter()

    def work(n):
        if n == 0:
            for _ in range(200): clock.advance(0.5); time.sleep(0)
            return
        for i in range(50):
            try: permit = breaker.acquire()
            except CallNotPermitted: tally['refused', n] += 1; time.sleep(0); continue
            if i % 7 == 0: time.sleep(0)
            end = (n * 31 + i * 17) % 10
            if end == 0: tally['lost', n] += 1; del permit
            elif end == 1: breaker.record(permit, error=Ignored()); tally['ignored', n] += 1
            elif end < 6: breaker.record(permit, error=OSError()); tally['failed', n] += 1
            else: breaker.record(permit); tally['ok', n] += 1

    together(work, 64)
    total = Counter()
    for (what, _), n in tally.items(): total[what] += n
    assert sum(total.values()) == 63 * 50
    assert (heard[CallSucceeded], heard[CallFailed], heard[CallIgnored], heard[events.CallRefused]) == (total['ok'], total['failed'], total['ignored'], total['refused'])
    gc.collect()
    assert Counter((t.previous, t.state) for t in transitions)['closed', 'open'] >= 1
    for _ in range(10):
        clock.advance(1)
        try: breaker.call(lambda: None)
        except CallNotPermitted: pytest.fail("it does not heal")
        if breaker.state is State.closed: break
    assert breaker.state is State.closed


class Collecting(float):
    "A wait that has Python collect its garbage when it is added to the time, which happens under the breaker's lock."
    def __radd__(self, now): return gc.collect() * 0 + now + float(self)


def test_what_python_collects_in_the_middle_of_a_transition_stops_nothing():
    "Its permit comes back on the thread that holds the breaker's lock at that moment."
    breaker, collected, events_seen = CircuitBreaker('b', BreakerConfig(wait_duration_in_open=Collecting(30)), bus=Bus()), [], []

    @breaker
    def tokens():
        try:
            while True: yield 1
        finally: collected.append('stream')

    def block():
        try:
            with breaker: yield 1
        finally: collected.append('block')

    class Last:
        def __del__(self):
            breaker.record(permit, error=OSError())
            collected.append('object')

    def work():
        for stream in (tokens(), block()):
            next(stream)
            cycle = [stream, Last()]
            cycle.append(cycle)
        del cycle, stream
        assert collected == []
        breaker.transition_to('open')
        events_seen.append(breaker.state)

    permit, thread = breaker.acquire(), threading.Thread(target=work, daemon=True)
    gc.disable()
    try:
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), "it waits for itself"
    finally: gc.enable()
    assert sorted(collected) == ['block', 'object', 'object', 'stream'] and events_seen == [State.open]
