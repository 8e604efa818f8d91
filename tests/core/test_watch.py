"Whoever watches long work sees its newest progress, can stop it, and gets its outcome once; no thread goes on behind."
import threading
from contextvars import ContextVar

import pytest

from dspy_toolkit.core.cancel import Cancelled, current_scope
from dspy_toolkit.core.watch import Progress, Watch


class ManualClock:
    "A clock that moves when told to."
    def __init__(self): self.now = 0.0
    def __call__(self): return self.now


class Stoppable:
    "Work that ends when its scope is cancelled."
    def __init__(self): self.started, self.cancelled = threading.Event(), threading.Event()
    def cancel(self): self.cancelled.set()

    def __call__(self, watch):
        current_scope().add(self)
        self.started.set()
        assert self.cancelled.wait(30)
        return 'so far'


def stubborn(over):
    "Work that hears nothing; and a watch whose time passes as it is waited for."
    clock = ManualClock()

    def wait(seconds): clock.now += seconds
    watch = Watch(lambda watch: over.wait(30) and 'late', clock=clock, wait=wait, grace=2.0)
    return watch, clock


def ignore(progress): pass


def test_the_work_runs_on_one_thread_with_the_context_of_the_caller_and_in_the_scope():
    word = ContextVar('word', default='')
    word.set('caller')
    watch = Watch(lambda watch: (word.get(), current_scope() is watch.scope, threading.current_thread()))
    word.set('later')
    context, in_scope, thread = watch.run(ignore, 0.1)
    assert (context, in_scope) == ('caller', True) and thread is watch.thread and thread is not threading.current_thread()
    assert not thread.is_alive()


def test_an_error_of_the_work_is_raised_as_it_is():
    error = ValueError('no such example')

    def fail(watch): raise error
    watch = Watch(fail)
    with pytest.raises(ValueError) as caught: watch.run(ignore, 0.1)
    assert caught.value is error and not watch.thread.is_alive()


@pytest.mark.parametrize('error', [KeyboardInterrupt(), Cancelled(), SystemExit(1)], ids=lambda e: type(e).__name__)
def test_also_what_is_no_exception_comes_to_the_watcher_and_not_to_the_thread(error):
    def fail(watch): raise error
    with pytest.raises(type(error)) as caught: Watch(fail).start().result()
    assert caught.value is error


def test_many_reports_are_drawn_a_few_times_and_the_newest_is_drawn():
    drawn, enough = [], threading.Event()

    def count(watch):
        for n in range(2000): watch.report(n + 1, 2000, f'score {n + 1}')
        assert enough.wait(30)

    def draw(progress):
        drawn.append(progress)
        if progress.done == 2000: enough.set()
    Watch(count).run(draw, 0.1)
    assert drawn[-1] == Progress(2000, 2000, 'score 2000') and len(drawn) < 20


def test_it_is_drawn_at_a_steady_rate_whatever_the_work_reports():
    clock, over, drawn = ManualClock(), threading.Event(), []

    def wait(seconds):
        clock.now += seconds
        if clock.now <= 10: return
        over.set()
        watch.thread.join(30)
    watch = Watch(lambda watch: over.wait(30), clock=clock, wait=wait)
    watch.run(lambda progress: drawn.append(clock.now), 0.5)
    gaps = [b - a for a, b in zip(drawn, drawn[1:])]
    assert len(drawn) == 20 and all(gap == pytest.approx(0.5) for gap in gaps)


def test_a_report_leaves_alone_what_it_does_not_give():
    watch = Watch(ignore)
    watch.report(total=10)
    watch.report(done=3)
    watch.report(value='half')
    watch.advance(2)
    assert watch.progress == Progress(5, 10, 'half')


def test_threads_of_the_work_that_count_together_lose_nothing():
    def work(watch):
        def add():
            for _ in range(2000): watch.advance()
        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    watch = Watch(work)
    watch.run(ignore, 0.1)
    assert watch.progress.done == 16000


@pytest.mark.parametrize('error', [KeyboardInterrupt, ZeroDivisionError])
def test_what_interrupts_the_watcher_stops_the_work_and_goes_on(error):
    work = Stoppable()
    watch = Watch(work)

    def draw(progress): raise error
    with pytest.raises(error): watch.run(draw, 0.1)
    assert watch.scope.cancelled and not watch.thread.is_alive() and watch.result() == 'so far'


def test_an_interrupt_of_the_process_stops_the_work():
    import _thread
    work = Stoppable()
    watch = Watch(work)
    threading.Thread(target=lambda: work.started.wait(30) and _thread.interrupt_main()).start()
    with pytest.raises(KeyboardInterrupt): watch.run(ignore, 0.1)
    assert work.cancelled.is_set() and not watch.thread.is_alive()
    assert watch.result() == 'so far'  # an interrupt inside of `Thread.join` would make the thread count as ended


def test_an_interrupt_that_comes_while_the_thread_starts_stops_the_work():
    work = Stoppable()

    class Early(Watch):
        def start(self):
            super().start()
            raise KeyboardInterrupt
    watch = Early(work)
    with pytest.raises(KeyboardInterrupt): watch.run(ignore, 0.1)
    assert watch.scope.cancelled and not watch.thread.is_alive()


def test_a_button_stops_the_work_from_another_thread_and_the_watcher_gets_what_there_is():
    work = Stoppable()
    watch = Watch(work)
    button = threading.Thread(target=lambda: work.started.wait(30) and watch.cancel())
    button.start()
    assert watch.run(ignore, 0.1) == 'so far'
    button.join()


def test_work_that_does_not_end_is_left_behind_after_its_grace():
    over = threading.Event()
    watch, clock = stubborn(over)
    watch.start()
    assert watch.stop() is False and 2.0 <= clock.now < 2.2
    with pytest.raises(Cancelled, match='has not ended yet'): watch.result()
    over.set()
    watch.thread.join(30)


def test_the_outcome_is_set_once():
    "Work that ends after it was left behind changes nothing: whoever asks again gets the same."
    over = threading.Event()
    watch, _ = stubborn(over)
    watch.start().stop()
    over.set()
    watch.thread.join(30)
    for _ in range(2):
        with pytest.raises(Cancelled): watch.result()


def test_a_follower_comes_back_though_the_work_does_not_end():
    over = threading.Event()
    watch, clock = stubborn(over)
    drawn = []

    def draw(progress):
        drawn.append(clock.now)
        watch.cancel()
    watch.start().follow(draw, 0.1)
    assert 2.0 <= clock.now < 2.4 and len(drawn) > 10  # and goes on drawing meanwhile
    over.set()
    watch.thread.join(30)


def test_work_that_does_not_end_when_stopped_is_escalated_once():
    over, calls = threading.Event(), []

    class Harder(Watch):
        def escalate(self): calls.append(self.clock())
    clock = ManualClock()

    def wait(seconds): clock.now += seconds
    watch = Harder(lambda watch: over.wait(30), clock=clock, wait=wait, grace=2.0)
    watch.start().stop()
    watch.stop()
    assert len(calls) == 1 and 0.5 <= calls[0] < 0.7
    over.set()
    watch.thread.join(30)


def test_a_second_stop_and_a_stop_after_the_end_do_nothing():
    watch = Watch(lambda watch: 'done')
    assert watch.run(ignore, 0.1) == 'done'
    assert watch.stop() and watch.stop() and watch.result() == 'done'


def test_a_watch_that_was_never_started_can_be_stopped():
    watch = Watch(ignore)
    assert watch.stop()
    with pytest.raises(Cancelled, match='never started'): watch.result()


def test_no_thread_is_left_after_many_runs():
    for n in range(20):
        work = Stoppable()
        watch = Watch(work, name='dspy_toolkit test').start()
        assert work.started.wait(30) and watch.stop()
        assert Watch(lambda watch, n=n: n, name='dspy_toolkit test').run(ignore, 0.1) == n
    assert not [t for t in threading.enumerate() if t.name == 'dspy_toolkit test']
