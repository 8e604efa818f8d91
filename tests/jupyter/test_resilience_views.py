"What the breakers' cards and pictures show, and that they can be read by anybody on any page."
import json
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib
import pytest
from dspy_toolkit.core.errors import CallNotPermitted
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import BreakerConfig, CircuitBreaker
from dspy_toolkit.resilience.life import Life
from dspy_toolkit.resilience.window import ManualClock
from dspy_toolkit.views import resilience
from dspy_toolkit.views.resilience import BreakersView, LifeView, ModelRow, StatusView
from tests.fits import fits

from .test_views import KNOWN, Read

LOST = ConnectionError("reset")
EVIL = '<script>alert(1)</script> $\\frac{a}{b}$ "q" & \x07 --> #1f2329'
CONFIG = dict(sliding_window_size=4, minimum_number_of_calls=2, wait_duration_in_open=30, permitted_calls_in_half_open=2, slow_call_duration_threshold=5, failure_rate_threshold=0.6)


def lived(script=(), name='gpt', **config):
    "The view of a life: a number lets time pass, `ok`, `slow` and `fail` are calls, `no` is refused, other words are states to go to."
    clock = ManualClock(500.0)
    breaker = CircuitBreaker(name, BreakerConfig(**CONFIG | config), clock, Bus())
    story = Life(breaker)
    for step in script:
        if isinstance(step, (int, float)): clock.advance(step)
        elif step in ('ok', 'slow', 'fail'): breaker.record(breaker.acquire(), LOST if step == 'fail' else None, duration=9.0 if step == 'slow' else 1.0)
        elif step == 'no': pytest.raises(CallNotPermitted, breaker.acquire)
        else: breaker.transition_to(step, reason=EVIL)
    return LifeView(name, story)


OUTAGE = (10, 'ok', 5, 'slow', 5, 'fail', 'fail', 'fail', 10, 'no', 'no', 20, 'ok', 2, 'ok', 8)  # opens at 20, tries at 50, is closed at 52, ends at 60
ALL = ('ok', 'slow', 10, 'open', 20, 'half_open', 20, 'disabled', 20, 'forced_open', 20, 'metrics_only', 20, 'closed', 20)


def labelled(view, label): return [o for o in view.figure().axes[0].get_children() if o.get_label() == label]


def test_the_bands_are_the_states_and_leave_no_gap():
    bands = [('closed', 0, 20), ('open', 20, 50), ('half_open', 50, 52), ('closed', 52, 60)]
    view = lived(OUTAGE)
    assert view.bands == bands
    drawn = [(state, *(o.get_x() + n * o.get_width() for n in (0, 1))) for state in ('closed', 'open', 'half_open') for o in labelled(view, state) if o.get_zorder() == 0]
    assert sorted(drawn, key=lambda o: o[1]) == bands


def test_the_steps_are_the_rates_and_stop_where_there_are_too_few_calls():
    view = lived(OUTAGE)
    assert view.rate('failure_rate') == [(0, None), (15, 0), (20, pytest.approx(1 / 3)), (20, 0.5), (20, 0.75), (50, None)]
    assert view.rate('slow_call_rate') == [(0, None), (15, 0.5), (20, pytest.approx(1 / 3)), (20, 0.25), (50, None)]
    line, = labelled(view, 'failure rate')
    assert line.get_drawstyle() == 'steps-post' and list(line.get_xdata()) == [0, 15, 20, 20, 20, 50, 60]
    assert [None if y != y else y for y in line.get_ydata()] == [None, 0, pytest.approx(1 / 3), 0.5, 0.75, None, None]


def test_thresholds_are_dashed_and_transitions_are_ticks_with_their_reasons():
    view = lived(OUTAGE)
    dashed = {label: line.get_ydata()[0] for label in ('failure rate threshold', 'slow call rate threshold') for line in labelled(view, label) if line.is_dashed()}
    assert dashed == {'failure rate threshold': 0.6, 'slow call rate threshold': 1.0}
    assert [at for at, _, _ in view.transitions] == [o.get_xdata()[0] for o in reversed(labelled(view, 'transition'))] == [20, 50, 52]
    assert '3 of 4 calls failed' in [t.get_text() for t in view.figure().axes[0].texts]


def test_a_refused_call_is_a_mark_below_the_rates():
    marks, = labelled(lived(OUTAGE), 'refused')
    assert list(marks.get_xdata()) == [30] and all(y < 0 for y in marks.get_ydata()) and marks.get_marker() == 'x'
    assert labelled(lived(('ok', 5)), 'refused') == []


@pytest.mark.parametrize('script', [OUTAGE, ALL, ('open', 10, 'no', 20, 'ok') * 12, ('open', 0.1, 'closed', 0.1) * 30 + (500,)], ids=['outage', 'all', 'again and again', 'at once'])
def test_no_text_lies_on_another_and_no_tick_runs_through_one(script):
    figure = lived(script, permitted_calls_in_half_open=1).figure()
    axes = figure.axes[0]
    boxes = [t.get_window_extent() for t in axes.texts]
    assert boxes and not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    for line in (o for o in axes.lines if o.get_label() == 'transition'):
        (x, low), (_, high) = line.get_transform().transform(line.get_xydata())
        assert not any(b.x0 < x < b.x1 and low < b.y1 and high > b.y0 for b in boxes)
    assert all(figure.bbox.x0 <= b.x0 and b.x1 <= figure.bbox.x1 and b.y1 <= figure.bbox.y1 for b in boxes)


def test_a_state_is_told_by_more_than_its_colour():
    "Each has a hatch of its own in the picture, a character of its own in the text, and its name in the legend and in its pill."
    hatches, characters = ([look[n] for look in resilience._STATES.values()] for n in (1, 2))
    assert len(set(hatches)) == len(set(characters)) == len(resilience._STATES) == 6
    view = lived(ALL)
    named = {t.get_text() for t in view.figure().axes[0].get_legend().get_texts()}
    said, text = ''.join(Read(view.html()).said), str(view)
    for state in resilience._STATES: assert state in named and f'● {state}' in said and f'{resilience._STATES[state][2]} {state}' in text


def luminance(color):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in matplotlib.colors.to_rgb(color)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize('page, ink', [('#ffffff', '#212121'), ('#111111', '#e0e0e0')])
@pytest.mark.parametrize('state', resilience._STATES)
def test_lines_and_ink_stand_out_from_every_band_on_either_page(page, ink, state):
    "WCAG asks for 3 of what is drawn and 4.5 of text."
    tint = matplotlib.colors.to_rgb(resilience._STATES[state][0])
    band = tuple(0.16 * t + 0.84 * p for t, p in zip(tint, matplotlib.colors.to_rgb(page)))
    assert min(contrast(resilience._FAILING, band), contrast(resilience._SLOW, band)) >= 3 and contrast(ink, band) >= 4.5


def test_the_picture_takes_the_ink_of_the_page_and_has_no_ground():
    svg = re.search('<svg.*</svg>', lived(OUTAGE).html(), re.S)[0]
    drawn = [e for e in ElementTree.fromstring(svg).iter()]
    assert all('currentColor' in e.get('style') or 'var(--jp-content-font-color2' in e.get('style') for e in drawn if e.tag == 'text')
    assert not re.search(f'{resilience._INK}|{resilience._DIM}|#ffffff|white|black', svg)
    assert {'style', 'metadata', 'script'}.isdisjoint(e.tag for e in drawn)


def test_two_pictures_on_a_page_share_no_id_and_find_their_own():
    one, other = (v.html() for v in (lived(OUTAGE), lived(ALL)))
    ids = [set(re.findall(r'\bid="([^"]+)"', h)) for h in (one, other)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    for h, mine in zip((one, other), ids): assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', h)) == mine


def test_the_same_life_is_drawn_the_same():
    assert lived(OUTAGE)._repr_mimebundle_() == lived(OUTAGE)._repr_mimebundle_()


def test_drawing_touches_neither_pyplot_nor_what_is_set_for_matplotlib():
    code = '''
import sys, matplotlib
matplotlib.rcParams['font.size'] = 31
before = dict(matplotlib.rcParams)
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import CircuitBreaker
from dspy_toolkit.resilience.life import Life
from dspy_toolkit.views.resilience import LifeView
breaker = CircuitBreaker('b', bus=Bus())
story = Life(breaker)
breaker.transition_to('open')
view = LifeView('b', story)
view._repr_mimebundle_()
assert dict(matplotlib.rcParams) == before
assert max(t.get_size() for t in view.figure().axes[0].get_xticklabels()) < 10
assert 'matplotlib.pyplot' not in sys.modules
'''
    subprocess.run([sys.executable, '-c', code], check=True)


def test_matplotlib_is_not_imported_before_something_is_drawn():
    code = '''
import sys
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import CircuitBreaker
from dspy_toolkit.resilience.life import Life
from dspy_toolkit.views.resilience import *
b = CircuitBreaker('b', bus=Bus())
view = LifeView('b', Life(b)); str(view); view.to_json(); StatusView().html(); BreakersView([b.snapshot()]).html()
assert 'matplotlib' not in sys.modules and 'dspy' not in sys.modules
'''
    subprocess.run([sys.executable, '-c', code], check=True)


def test_the_picture_is_said_in_words_to_those_who_do_not_see_it():
    view = lived(OUTAGE)
    assert view.words() == 'In 60 s: closed for 28 s, open for 30 s, half_open for 2 s. Calls: 4 went well, 3 failed, 1 slow, 2 refused. At the end closed.'
    svg = ElementTree.fromstring(re.search('<svg.*</svg>', view.html(), re.S)[0])
    assert svg.get('role') == 'img' and svg.get('aria-label') == f'gpt. {view.words()}'
    assert 'role="region" aria-label="life of gpt"' in view.html() and 'role="table" aria-label="transitions"' in view.html()


@pytest.mark.filterwarnings('error')
def test_what_was_configured_or_recorded_with_odd_words_is_shown_as_text():
    view = lived(ALL, name=EVIL + '天気')
    page = Read(view.html())
    assert 'script' not in page.tags and page.open == 0 and {k for k in page.attributes if k.startswith('on')} == set()
    assert '<script>alert(1)</script> $\\frac{a}{b}$ "q" & ␇ --> #1f2329' in page.said
    assert '<script>alert(1)</script> $\\frac{a}{b}$ "q" & ␇…' in page.said  # in the picture, where there is less room
    assert view._repr_mimebundle_()['image/png'].startswith(b'\x89PNG')


def test_the_text_is_a_line_of_characters_for_each_thing():
    lines = str(lived(OUTAGE)).splitlines()
    state, failing, slow, refused = (re.sub(r'^\s+\w+\s{2,5}', '', line, count=1) for line in lines[1:5])
    assert lines[0] == 'gpt  ─ closed  █ open  ▒ half_open'
    assert state == '─' * 24 + '█' * 36 + '▒' * 3 + '─' * 9
    assert (failing[17], failing[18], failing[24], failing[59]) == ('·', '▁', '▆', '▆') and set(failing[61:]) == {'·'}
    assert refused.strip() == '×' and max(map(len, lines)) <= 100
    assert lines[-3:] == ['  20 s   open        3 of 4 calls failed', '  50 s   half_open   waited 30 s', '  52 s   closed      2 of 2 probes went well']


def test_json_has_all_of_it_in_seconds_since_the_beginning():
    data = json.loads(json.dumps(lived(OUTAGE).to_json()))
    assert not fits('breaker', data)
    assert data['seconds'] == 60 and data['thresholds'] == {'failure_rate': 0.6, 'slow_call_rate': 1.0}
    assert data['bands'][1] == {'state': 'open', 'start': 20, 'end': 50}
    assert data['moments'][1] == dict(at=10, kind='succeeded', state='closed', failure_rate=None, slow_call_rate=None, note='', count=1)
    assert data['counts']['not_permitted'] == 2


def test_a_view_holds_what_there_was_when_it_was_made():
    clock = ManualClock()
    breaker = CircuitBreaker('gpt', clock=clock, bus=Bus())
    view = LifeView('gpt', Life(breaker))
    before = view.to_json()
    clock.advance(100)
    breaker.transition_to('open')
    assert view.to_json() == before


def test_a_life_in_which_nothing_happened_says_so():
    assert 'Nothing has happened to it yet' in lived().html() and '<svg' not in lived().html()
    assert lived().figure().axes and 'No calls' in str(lived())


def snapshots(*scripts, **config):
    found = []
    for n, script in enumerate(scripts):
        clock = ManualClock()
        breaker = CircuitBreaker(f'b{n}', BreakerConfig(**CONFIG | config), clock, Bus())
        for step in script:
            if step == 'no': pytest.raises(CallNotPermitted, breaker.acquire)
            elif step in ('ok', 'fail'): breaker.record(breaker.acquire(), LOST if step == 'fail' else None)
            else: breaker.transition_to(step)
        found.append(breaker.snapshot())
    return found


def test_a_breaker_is_a_line_with_its_state_its_rates_and_what_it_refuses():
    view = BreakersView(snapshots(['ok', 'ok'], ['ok', 'fail', 'fail', 'no', 'no'], ['disabled']))
    healthy, sick, off = str(view).splitlines()
    assert healthy.split('   ')[:1] == ['b0'] and 'closed' in healthy and healthy.endswith('0% failed, 0% slow of 2')
    assert 'open' in sick and '67% failed, 0% slow of 3' in sick and '2 not permitted; retry in 30 s' in sick
    assert off.endswith('counts nothing')
    said = ''.join(Read(view.html()).said)
    assert '● open' in said and '2 not permitted; retry in 30 s' in said


@pytest.mark.parametrize('script, config, said', [
    (['ok'], {}, '1 of 2 calls so far'), ([], dict(minimum_number_of_calls=100), '0 of 4 calls so far'),
    (['open', 'half_open', 'ok'], dict(minimum_number_of_calls=100, permitted_calls_in_half_open=3), '1 of 3 calls so far'),
    (['ok'], dict(sliding_window_type='time_based', minimum_number_of_calls=7), '1 of 7 calls so far'),
])
def test_below_the_minimum_a_line_says_how_many_calls_are_missing(script, config, said):
    shots = snapshots(script, **config)
    assert said in str(BreakersView(shots, {'b0': BreakerConfig(**CONFIG | config)}))
    assert f"{shots[0].buffered} call{'' if shots[0].buffered == 1 else 's'} so far" in str(BreakersView(shots))


def test_reasons_are_told_the_most_frequent_first():
    shot, = snapshots(['ok', 'ok'])
    view = BreakersView([replace(shot, reasons={'ConnectionError': 1, 'Timeout': 3})])
    assert '3 × Timeout, 1 × ConnectionError' in str(view) and view.to_json()['breakers'][0]['reasons'] == {'ConnectionError': 1, 'Timeout': 3}
    assert not fits('breaker', view.to_json())


def test_status_shows_models_breakers_and_chaos_in_one_card():
    view = StatusView([ModelRow('safe', 'openai/x', ('openai/x', 'mlx/tiny'), 'the default')], BreakersView(snapshots(['ok', 'ok'])), {'mlx/tiny': 'fails 30% of calls'})
    for face in (str(view), ''.join(Read(view.html()).said)):
        for said in ('safe', 'openai/x → mlx/tiny', 'the default', 'b0', 'closed', '0% failed', 'fails 30% of calls'): assert said in face
    data = json.loads(json.dumps(view.to_json()))
    assert data['models'] == [dict(alias='safe', model='openai/x', legs=['openai/x', 'mlx/tiny'], note='the default')] and data['breakers'][0]['name'] == 'b0' and data['chaos'] == {'mlx/tiny': 'fails 30% of calls'}


def test_where_there_is_nothing_a_card_says_what_to_do():
    for face in (str(StatusView()), ''.join(Read(StatusView().html()).said)):
        for verb in ('%dspy lm NAME MODEL gives one', '%dspy lm NAME MODEL --fallback OTHER makes one', '%dspy chaos NAME'): assert verb in face


def test_no_name_can_break_out_of_its_card():
    shot, = snapshots(['ok', 'ok'])
    evil = replace(shot, name=EVIL, reasons={EVIL: 1})
    for view in (BreakersView([evil]), StatusView([ModelRow(EVIL, EVIL, (EVIL,), EVIL)], BreakersView([evil]), {EVIL: EVIL})):
        page = Read(view.html())
        assert page.tags <= {'div', 'span'} and page.attributes <= KNOWN | {'aria-level'} and page.open == 0 and str(view)


def test_of_many_transitions_the_last_twelve_are_listed():
    view = lived(('open', 10, 'closed', 10) * 10)
    for face in (str(view), ''.join(Read(view.html()).said)): assert 'and 8 before' in face and '90 s' in face.split('At the end')[1] and '70 s' not in face.split('At the end')[1]
