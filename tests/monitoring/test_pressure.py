"When memory is short, what can be computed again is let go of in steps, and taken back when there is enough."
import logging

import pytest
from hypothesis import given, strategies as st

from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.events import Bus, PressureChanged, PressureRelieved
from dspy_toolkit.core.memory import read_memory
from dspy_toolkit.monitoring.pressure import Level, MemoryPressure, PressureConfig, Relief, find_level
from dspy_toolkit.monitoring.probes import run_inline
from dspy_toolkit.monitoring.recovery import Supervisor
from dspy_toolkit.resilience.window import ManualClock

TOTAL = 100


@pytest.fixture(autouse=True)
def quiet(caplog): caplog.set_level(logging.CRITICAL, 'dspy_toolkit.monitoring')


class Model:
    def __init__(self, name, used=0.0, busy=False, gives=0): self.name, self.used, self.busy, self.gives, self.did = name, used, busy, gives, []
    def clear(self): self.did.append('clear'); return self.gives
    def refuse(self, reason): self.did.append(f'refuse: {reason}')
    def accept(self): self.did.append('accept')

    def evict(self):
        if self.busy: return False
        self.busy = True  # it is gone, so there is nothing more
        self.did.append('evict')
        return True

    def relief(self): return Relief(self.name, self.clear, self.refuse, self.accept, self.evict, self.used)


class Memory:
    "Memory that is as short as a test wants it."
    def __init__(self, *models, **config):
        self.free, self.models, self.clock, self.bus, self.seen = 50, list(models), ManualClock(), Bus(), []
        self.bus.subscribe(self.seen.append)
        self.pressure = MemoryPressure(lambda: [m.relief() for m in self.models], PressureConfig(**config), lambda: (TOTAL, self.free), self.clock, self.bus)

    def at(self, free):
        self.free = free
        self.clock.advance(2)
        self.pressure.check()
        return self.pressure.level.name


def test_each_level_has_the_steps_of_those_before():
    one = Model('one', gives=7)
    memory = Memory(one)
    assert [memory.at(free) for free in (50, 14, 7, 4)] == ['normal', 'clear', 'refuse', 'evict']
    assert one.did == ['clear', 'refuse: memory is short, 7% of it is free', 'evict']
    assert [(e.step, e.owner, e.nbytes) for e in memory.seen if isinstance(e, PressureRelieved)] == [('clear', 'one', 7), ('refuse', 'one', 0), ('evict', 'one', 0)]
    assert memory.at(40) == 'normal' and one.did[-1] == 'accept'


def test_a_mild_step_that_helps_spares_the_hard_ones():
    one = Model('one')
    memory = Memory(one)
    def clear(): memory.free = 30; return 26
    one.clear = clear
    assert memory.at(4) == 'normal' and one.did == []
    assert [e.level for e in memory.seen if isinstance(e, PressureChanged)] == ['clear', 'normal']


def test_a_level_ends_only_when_somewhat_more_is_free():
    memory = Memory()
    assert [memory.at(free) for free in (14, 16, 14, 16, 17)] == ['clear'] * 4 + ['normal']
    assert len(memory.seen) == 2


def test_models_are_freed_one_by_one_the_one_used_longest_ago_first_and_none_that_is_busy():
    models = [Model('new', 9.0), Model('busy', 1.0, busy=True), Model('old', 3.0)]
    memory = Memory(*models)
    memory.at(4)
    assert [m.name for m in models if 'evict' in m.did] == ['old']
    memory.at(4)
    assert [m.name for m in models if 'evict' in m.did] == ['new', 'old']
    memory.at(4)
    assert 'evict' not in models[1].did


def test_caches_are_dropped_again_while_memory_stays_short_but_not_at_each_reading():
    one = Model('one')
    memory = Memory(one)
    for _ in range(31): memory.at(14)
    assert one.did.count('clear') == 3  # at 2, 32 and 62 s


def test_a_model_that_comes_later_takes_no_prompts_either():
    memory = Memory()
    memory.at(7)
    late = Model('late')
    memory.models.append(late)
    memory.at(7)
    memory.at(7)
    assert [d for d in late.did if d.startswith('refuse')] == ['refuse: memory is short, 7% of it is free']


def test_an_owner_that_fails_hurts_nobody_and_its_error_is_told():
    bad, good = Model('bad'), Model('good')
    def clear(): raise RuntimeError('no')
    bad.clear = clear
    memory = Memory(bad, good)
    memory.at(14)
    assert good.did == ['clear'] and [(e.owner, e.error) for e in memory.seen if isinstance(e, PressureRelieved)] == [('bad', 'RuntimeError: no'), ('good', None)]


def test_where_memory_is_not_known_nothing_is_done():
    bus, seen = Bus(), []
    bus.subscribe(seen.append)
    pressure = MemoryPressure([Model('one').relief()], read=lambda: (None, None), bus=bus)
    pressure.check()
    assert seen == [] and pressure.level is Level.normal


def test_a_supervisor_checks_it_at_each_look_and_takes_back_what_it_did_when_closed():
    one = Model('one')
    memory = Memory(one)
    supervisor = Supervisor(clock=memory.clock, bus=memory.bus, run=run_inline, pressure=memory.pressure)
    memory.free = 7
    supervisor.tick()
    assert one.did == ['clear', 'refuse: memory is short, 7% of it is free'] and supervisor.list_notes() == ['memory is short, 7% of it is free: models take no new prompts']
    supervisor.close()
    assert one.did[-1] == 'accept'


@given(st.lists(st.floats(0, 1), max_size=40), st.sampled_from(Level))
def test_a_level_never_hides_a_harder_one_and_never_flutters(shares, level):
    config = PressureConfig()
    for share in shares:
        before, level = level, find_level(share, level, config)
        assert level >= max(o for o in Level if o is Level.normal or share < config.limit(o)), 'as hard as the share asks for'
        if level < before: assert share >= config.limit(before) + config.hysteresis
        assert find_level(share, level, config) is level


@pytest.mark.parametrize('config', [dict(clear_below=1.5), dict(evict_below=0.5), dict(period=0), dict(hysteresis=-1)])
def test_thresholds_are_checked_at_once(config):
    with pytest.raises(SettingsError): PressureConfig(**config)


def test_this_machine_is_read():
    total, free = read_memory()
    assert 0 < free <= total
