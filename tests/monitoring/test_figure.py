"The charts as matplotlib figures."
import subprocess
import sys

import pytest

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.events import Bus, FirstToken, RequestFinished, RequestStarted
from dspy_toolkit.monitoring import feed  # noqa: F401  `Monitor.points`
from dspy_toolkit.monitoring.figure import CHARTS, figure
from dspy_toolkit.monitoring.monitor import Monitor


@pytest.fixture
def watched():
    bus, now = Bus(), [1_790_000_000.0]
    made = Monitor(bus, clock=lambda: now[0], pause=0.005)
    for n in range(120):
        now[0] += 1
        bus.publish(RequestStarted(f'r{n}', 'm', at=now[0] - 0.2))
        bus.publish(FirstToken(f'r{n}', 'm', 0.05, at=now[0] - 0.15))
        bus.publish(RequestFinished(f'r{n}', 'm', 0.2, 100, 20, finish_reason='stop', error='E' if n % 10 == 0 else None, cached_tokens=50, at=now[0]))
    made.flush()
    now[0] += 1
    yield made
    made.close()


@pytest.mark.parametrize('dark', [False, True])
@pytest.mark.parametrize('kind', ['overview', *CHARTS])
def test_each_chart_is_drawn(watched, kind, dark):
    made = figure(watched, kind, 600, dark)
    assert made._repr_png_().startswith(b'\x89PNG')
    assert [ax.get_title(loc='left') for ax in made.axes] == [c.title for k, c in CHARTS.items() if kind in ('overview', k)]


def test_the_bars_add_up_to_the_calls(watched):
    ax, = figure(watched, 'requests', 600).axes
    total = sum(bar.get_height() for bars in ax.containers for bar in bars) * 10  # bins of ten seconds
    assert round(total) == 120


def test_no_two_series_differ_by_colour_alone():
    for chart in CHARTS.values():
        looks = [(c.line, c.hatch) if not chart.stacked else c.hatch for c in chart.curves if c.label not in ('answered', 'from cache')]
        assert len(looks) == len(set(looks)), chart.title


def test_an_empty_monitor_is_drawn_too():
    empty = Monitor(Bus())
    assert len(figure(empty).axes) == len(CHARTS)
    empty.close()


def test_an_unknown_chart_is_refused(watched):
    with pytest.raises(InputError, match="there is no chart 'speed'"): figure(watched, 'speed')


def test_matplotlib_and_pyplot_wait():
    code = ("import sys, dspy_toolkit.monitoring.figure as f; assert 'matplotlib' not in sys.modules\n"
            "from dspy_toolkit.core.events import Bus; from dspy_toolkit.monitoring.monitor import Monitor; import dspy_toolkit.monitoring.feed\n"
            "f.figure(Monitor(Bus())); assert 'matplotlib.pyplot' not in sys.modules")
    subprocess.run([sys.executable, '-c', code], check=True, timeout=120)
