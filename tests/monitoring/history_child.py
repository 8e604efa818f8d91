"A process that records calls until it is killed: it prints the number of a call once `flush` has acknowledged it."
import resource
import signal
import sys
import time

from dspy_toolkit.core.events import Bus, HistoryResumed, HistoryStalled
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.history import History
from dspy_toolkit.monitoring.monitor import Batch


def call(name, n): return Call(f'{name}-{n}', 'mlx/tiny', 1_790_000_000.0 + n / 1000, signature='Triage', prompt=f'Where is invoice{n}? ' * 20, outputs=['billing'])


def batch(*calls): return Batch([], list(calls), [], [], [])


def record(url, name, count):
    "Record calls; print each number that is acknowledged."
    history = History(url, days=100_000, pause=0.001)
    for n in range(count):
        history.add(batch(call(name, n)))
        if n % 7 == 6 and history.flush(): print(n, flush=True)
    history.close(60)


def fill(url, megabytes):
    "Record until the disk is full: here, until the largest size of a file that this process may write."
    bus = Bus()
    resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * 1_000_000, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    history = History(url, days=100_000, pause=0.01, patience=0.0, room=2_000_000, bus=bus)
    with bus.record(HistoryStalled, HistoryResumed) as seen:
        until, n = time.monotonic() + 60, 0
        while not history.dropped and time.monotonic() < until:
            history.add(batch(*(call('full', n + each) for each in range(100))))
            n += 100
            time.sleep(0.01)
        stalled = not history.flush(0.5)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        history.flush(30)
        dropped = history.dropped
        history.add(batch(call('after', 1)))
        resumed = history.flush(30)
    kept = history.count()
    print(stalled, dropped > 0, resumed, kept + history.dropped == n + 1, [type(e).__name__ for e in seen], history.call('after-1').request_id, sep='|')


if __name__ == '__main__':
    what, url, *rest = sys.argv[1:]
    if what == 'record': record(url, rest[0], int(rest[1]))
    if what == 'fill': fill(url, int(rest[0]))
