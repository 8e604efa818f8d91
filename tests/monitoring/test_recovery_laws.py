"From any history, a supervisor keeps its promises."
import logging
from collections import defaultdict
from concurrent.futures import Future

from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dspy_toolkit.core.events import Bus, ChildTransition, Escalated, GaveUp, Restarting
from dspy_toolkit.monitoring.probes import Probe, run_inline
from dspy_toolkit.monitoring.recovery import Ladder, Probes, State, Supervisor
from dspy_toolkit.resilience.window import ManualClock

MOST, WITHIN = 2, 20.0
names = st.sampled_from(['a', 'b'])


class Child:
    def __init__(self, name): self.name, self.alive, self.ready, self.pending, self.heartbeat = name, True, True, 0, None
    def restart(self): raise AssertionError('only the machine ends restarts')
    def clear_caches(self): pass
    def close(self): pass


class SupervisorLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.log = logging.getLogger('dspy_toolkit.monitoring')
        self.log.setLevel(logging.CRITICAL)
        self.clock, self.bus, self.events = ManualClock(), Bus(), []
        self.bus.subscribe(lambda event: self.events.append((self.clock(), event)))
        self.children = {name: Child(name) for name in 'ab'}
        self.running, self.last = defaultdict(list), dict.fromkeys('ab', 'starting')
        self.supervisor = Supervisor(
            self.children.values(), max_restarts=MOST, within=WITHIN, backoff=lambda attempt: min(attempt, 5), clock=self.clock, bus=self.bus, run=self.run,
            ladder=Ladder(open_breaker=lambda child, reason: None), probes=Probes(startup=Probe(failure_threshold=10), restart_timeout=15.0, stall_seconds=10))

    def run(self, function, name):
        if not name.startswith('restarts'): return run_inline(function)
        each = self.supervisor._children[name.removeprefix('restarts ')]
        if each.planned == 'open_breaker' and each.hangs: return run_inline(function)  # it restarts nothing, and says so
        future = Future()
        self.running[name.removeprefix('restarts ')].append(future)
        return future

    def look(self):
        self.events.clear()
        self.supervisor.tick()
        self.check()

    def check(self):
        for _, event in self.events:
            if not isinstance(event, ChildTransition): continue
            assert event.previous == self.last[event.child] != event.state, 'each change is one event, and each event a change'
            self.last[event.child] = event.state
        assert self.last == {name: str(state) for name, state in self.supervisor.states.items()}
        self.history = getattr(self, 'history', []) + self.events[:]

    @rule(seconds=st.floats(0, 12))
    def wait(self, seconds):
        for _ in range(int(seconds) + 1):
            self.look()
            self.clock.advance(min(seconds, 1.0))

    @rule(name=names)
    def die(self, name): self.children[name].alive = self.children[name].ready = False

    @rule(name=names, ready=st.booleans())
    def change(self, name, ready): self.children[name].ready = ready

    @rule(name=names, pending=st.integers(0, 2))
    def ask(self, name, pending): self.children[name].pending = pending

    @rule(name=names)
    def step(self, name): self.children[name].heartbeat = self.clock()

    @rule(name=names)
    def come_back(self, name): self.children[name].alive = self.children[name].ready = True

    @rule(name=names, well=st.booleans())
    def end_restart(self, name, well):
        out = [future for future in self.running[name] if not future.done()]
        if not out: return
        if well:
            self.come_back(name)
            self.children[name].pending = 0
            out[0].set_result(None)
        else: out[0].set_exception(RuntimeError('no room'))
        self.look()

    @rule(name=names, seconds=st.integers(5, 60))
    def keep_failing(self, name, seconds):
        for _ in range(seconds):
            self.die(name)
            self.end_restart(name, False)
            self.wait(0.0)
            self.clock.advance(1)

    @precondition(lambda self: State.given_up in self.supervisor.states.values())
    @rule()
    def reset(self):
        self.events.clear()
        self.supervisor.reset()
        self.check()
        self.history.append((self.clock(), 'reset'))

    @invariant()
    def one_restart_at_a_time(self):
        for futures in self.running.values(): assert sum(not future.done() for future in futures) <= 1

    @invariant()
    def restarts_keep_to_the_limit_or_escalate(self):
        for name in 'ab':
            plain, is_step = [], False
            for at, event in getattr(self, 'history', []):
                if event == 'reset': plain.clear()
                elif getattr(event, 'child', None) != name: continue
                elif isinstance(event, Escalated): is_step = True
                elif isinstance(event, Restarting):
                    if not is_step:
                        plain = [t for t in plain if at - t < WITHIN] + [at]
                        assert len(plain) <= MOST
                    is_step = False

    @invariant()
    def given_up_is_final(self):
        given_up = set()
        for _, event in getattr(self, 'history', []):
            if event == 'reset': given_up.clear()
            elif isinstance(event, GaveUp): given_up.add(event.child)
            elif isinstance(event, Restarting): assert event.child not in given_up
        for name in given_up: assert self.supervisor.states[name] is State.given_up

    def teardown(self):
        self.log.setLevel(logging.NOTSET)
        "From any history: reset, let everything go well, and all children serve."
        for name in 'ab':
            for _ in range(60):
                if name in self.supervisor.states and self.supervisor.states[name] is State.given_up: self.supervisor.reset(name)
                for future in self.running[name]:
                    if not future.done(): future.set_result(None)
                self.children[name].pending = 0
                self.come_back(name)
                self.supervisor.tick()
                self.clock.advance(1)
        assert all(state is State.ready for state in self.supervisor.states.values()), self.supervisor.states
        self.supervisor.close()


SupervisorLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # as found; shrinking takes minutes
TestSupervisorLife = SupervisorLife.TestCase
