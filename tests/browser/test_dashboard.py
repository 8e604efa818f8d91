"The dashboard as a person sees it, in JupyterLab and in Notebook 7."
import re
import time

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

# A process with calls: a day of few calls and ten minutes of many already, two breakers, and a thread that goes on calling
WORLD = '''import os, random, threading, time
from dspy_toolkit.jupyter.dashboard_bench import fill_day
from dspy_toolkit.core.events import FirstToken, GenerationFinished, RequestFinished, RequestStarted, bus
from dspy_toolkit.monitoring import feed
from dspy_toolkit.monitoring.monitor import monitor
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import MODEL_CONFIG, breakers
monitor()
random.seed(3)
def ask(n, at, error=None, slow=1):
    seconds, model = random.lognormvariate(-1.6, .4) * slow, 'mlx/tiny'
    prompt = [dict(role='system', content='Route a support email to the right team.'), dict(role='user', content='<img src=x onerror=window.hacked=1> please')]
    bus.publish(RequestStarted(f'c{n}', model, at=at - seconds, version=random.choice(['Triage@2', 'Triage@3']), prompt=prompt))
    bus.publish(FirstToken(f'c{n}', model, seconds / 4, at=at - seconds * .75))
    bus.publish(GenerationFinished(f'c{n}', model, seconds, 300, 40, queued=seconds * .1, read=seconds * .2, at=at))
    bus.publish(RequestFinished(f'c{n}', model, seconds, 300, 0 if error else 40, finish_reason='stop', error=error, message='too many', cached_tokens=128, forced_tokens=6, outputs=['billing'], at=at))
now, count = time.time(), 0
slow = (now - 36_000) // 600 * 600 + 450  # at no edge of what a chart draws as one, of five minutes or of ten
fill_day(monitor().series, now - 600, rate=.1, hours=23.7, slow={now - 600 - slow: 40.0})
print(slow)
for second in range(590):
    for _ in range(5):
        bad = 300 < second < 360 and random.random() < .4
        ask(count := count + 1, now - 590 + second + random.random(), 'LMRateLimitError' if bad else None, 3 if 300 < second < 360 else 1)
for name in ('fast', 'safe'): breakers.breaker(name, MODEL_CONFIG)
for _ in range(6): breakers['safe'].call(lambda: 1)
monitor().flush()
over = threading.Event()
def go_on():
    global count
    while not over.wait(.05): ask(count := count + 1, time.time())
threading.Thread(target=go_on, daemon=True).start()'''
SHOW = '%dspy dashboard'
BUSY = 'x, end = 0, time.time() + 6\nwhile time.time() < end: x += 1'
# processor time of the threads that work for the dashboard, while it is shown
COST = '''def spent():
    tick, found = os.sysconf('SC_CLK_TCK'), 0
    for each in threading.enumerate():
        if each.name not in ('dspy_toolkit sampler', 'IOPub'): continue
        found += sum(map(int, open(f'/proc/self/task/{each.native_id}/stat').read().rsplit(')', 1)[1].split()[11:13])) / tick
    return found
before, began, sent = spent(), time.time(), feed.sampler().sent
time.sleep(8)
print((spent() - before) / (time.time() - began), (feed.sampler().sent - sent) / (time.time() - began))'''
STATES = 'print(breakers["fast"].state.value, chaos.active())'
FAIL = 'def boom(): raise RuntimeError("x")\nfor _ in range(5):\n    try: breakers["fast"].call(boom)\n    except RuntimeError: pass'
CHAOS = 'chaos.start("fast", chaos.Chaos(fail=.3), 600)'
# a rule that is out of bounds, and a supervisor whose model died once and is well again
TROUBLE = '''from dspy_toolkit.monitoring.alerts import Threshold, watch_alerts
from dspy_toolkit.monitoring.probes import Probe
from dspy_toolkit.monitoring.recovery import Probes, Supervisor
class Child:
    name, alive, ready, pending, heartbeat, closed = 'mlx/small', False, True, 0, None, False
    def restart(self): self.alive = True
    def close(self): pass
watch_alerts([Threshold('slow <i>answers</i>', 'seconds_p95', above=.01, minimum_calls=1, hint='ask why')]).tick()
often = Probe(period=.01, failure_threshold=1)
supervisor = Supervisor([Child()], probes=Probes(often, often, often), interval=.01).start()'''
GONE = 'over.set()'
READERS = 'time.sleep(.3); print(len(feed.sampler().readers))'
CELLS = '%load_ext dspy_toolkit', WORLD, SHOW, BUSY, COST, STATES, FAIL, CHAOS, TROUBLE, GONE, READERS
LOAD, MAKE, DASH, BUSY_CELL, COST_CELL, STATE_CELL, FAIL_CELL, CHAOS_CELL, TROUBLE_CELL, GONE_CELL, READERS_CELL = range(11)


class Page:
    "A dashboard on the screen."

    def __init__(self, lab, cell=DASH):
        self.lab, self.page, self.root = lab, lab.page, lab.output(cell).locator('.dspy-dashboard')
        expect(self.root.locator('.tiles dd').first).not_to_be_empty()

    def button(self, name): return self.root.get_by_role('button', name=name, exact=True)
    def plot(self, n): return self.root.get_by_role('slider').nth(n)
    def number(self, what): return int(self.root.get_attribute(f'data-{what}') or 0)
    def status(self): return self.root.locator('.status')
    def note(self): return self.root.locator('.note')


@pytest.fixture(scope='module', params=['lab', 'notebooks'])
def board(lab, request):
    lab.open(*CELLS, front=request.param)
    for cell in (LOAD, MAKE, DASH): lab.run(cell)
    made = Page(lab)
    made.front = request.param
    yield made
    lab.run(GONE_CELL)  # where the last test has not been run


def test_it_appears_and_only_the_page_is_shown(board, shots):
    expect(board.status()).to_have_text('live')
    expect(board.root).to_have_count(1)
    expect(board.lab.output(DASH).locator('[class^=dspy-card-]')).to_be_hidden()
    assert board.root.get_by_role('slider').count() == 9
    shots(board.root, f'dashboard, {board.front}')


def rates(board):
    "Messages and drawings a second, while a pure-Python cell runs."
    board.lab.start(BUSY_CELL)
    time.sleep(1)
    messages, drawn, began = board.number('messages'), board.number('drawn'), time.monotonic()
    time.sleep(4)
    lasted = time.monotonic() - began
    found = (board.number('messages') - messages) / lasted, (board.number('drawn') - drawn) / lasted
    board.lab.wait()
    return found


def test_it_is_live_while_a_pure_python_cell_runs(board):
    best = 0
    for _ in range(4):  # other work on the machine takes from the browser too
        rate, drawings = rates(board)
        print(f'\n{board.front}: {rate:.1f} messages/s and {drawings:.1f} drawings/s while a cell runs')
        best = max(best, rate)
        if best >= 8: break
    assert best >= 8


def test_it_costs_little(board):
    board.lab.run(COST_CELL)
    share, rate = map(float, board.lab.output(COST_CELL).inner_text().split())
    print(f'\n{board.front}: {share:.2%} of a core at {rate:.1f} messages/s')
    assert rate > 2 and share < 0.03  # on a busy machine the same work counts as more; the figure is printed


def test_a_breaker_is_worked_while_a_cell_runs(board):
    board.lab.start(BUSY_CELL)
    board.button('Force open fast').click()
    expect(board.note()).to_have_text('breaker fast is forced open')
    expect(board.root.locator('.band').filter(has_text='fast').locator('.pill')).to_contain_text('forced open')
    expect(board.root.get_by_role('status')).to_have_text('breaker fast is forced open')
    board.lab.wait()
    board.button('Reset fast').click()
    expect(board.note()).to_have_text('breaker fast is closed')
    assert board.lab.run(STATE_CELL).output(STATE_CELL).inner_text().startswith('closed')


def test_a_breaker_that_opens_is_said_and_marked(board):
    board.lab.run(FAIL_CELL)
    expect(board.root.locator('.band').filter(has_text='fast').locator('.next')).to_contain_text('next probe in')
    expect(board.root.get_by_role('listitem').filter(has_text='5 of 5 calls failed').first).to_be_visible()
    expect(board.root.get_by_role('status')).to_have_text('breaker fast is open')
    board.button('Close fast').click()
    expect(board.note()).to_have_text('breaker fast is closed')


def test_chaos_is_shown_and_ended(board):
    board.lab.run(CHAOS_CELL)
    expect(board.root.locator('.chaos')).to_contain_text('30% of calls fail')
    board.button('Chaos off').click()
    expect(board.root.locator('.chaos')).to_be_hidden()
    assert board.lab.run(STATE_CELL).output(STATE_CELL).inner_text().strip() == 'closed {}'


def test_alerts_and_recoveries_are_shown(board, shots):
    board.lab.run(TROUBLE_CELL)
    alert = board.root.get_by_role('list', name='alerts').get_by_role('listitem')
    expect(alert).to_contain_text('slow <i>answers</i>')
    expect(alert).to_contain_text('→ ask why')
    expect(board.root.get_by_role('list', name='supervised models')).to_contain_text('mlx/small✓ready1 restart')
    expect(board.root.get_by_role('list', name='recovery log').get_by_role('listitem').last).to_contain_text('it is not alive → restart (attempt 1)')
    shots(board.root, f'alerts and recoveries, {board.front}')


def test_a_call_opens_to_show_its_prompt_as_text(board, shots):
    board.root.locator('.calltable button').nth(3).click()
    details = board.root.get_by_role('region', name='details of a call')
    expect(details).to_contain_text('<img src=x onerror=window.hacked=1> please')
    expect(details).to_contain_text('prompt read')
    shots(board.root, f'a call, {board.front}')
    assert board.page.evaluate('window.hacked') is None
    board.button('Close call').click()
    expect(details).to_be_hidden()


# are about so many seconds shown? Both ends are read at once: the page may draw between two reads
SHOWN = """([root, seconds, about]) => { const e = document.querySelector(root + ' [role=slider]');
  return Math.abs(e.getAttribute('aria-valuemax') - e.getAttribute('aria-valuemin') - seconds) < about }"""


def test_by_keyboard_alone(board):
    board.plot(1).focus()
    board.page.keyboard.press('ArrowLeft')
    first = board.plot(1).get_attribute('aria-valuetext')
    board.page.keyboard.press('Shift+ArrowLeft')
    expect(board.plot(1)).not_to_have_attribute('aria-valuetext', first)
    assert 'p50' in first
    board.page.keyboard.press(' ')
    expect(board.status()).to_contain_text('paused at')
    drawn = board.plot(1).get_attribute('aria-valuemax')
    time.sleep(1.2)
    assert board.plot(1).get_attribute('aria-valuemax') == drawn
    board.page.keyboard.press(' ')
    expect(board.status()).to_have_text('live')
    board.page.keyboard.press('+')
    expect(board.button('Whole range')).to_be_visible()
    board.page.keyboard.press('0')
    expect(board.button('Whole range')).to_be_hidden()
    board.page.keyboard.press('Escape')


def test_a_stretch_of_time_is_chosen_and_the_cursor_is_shared(board):
    board.plot(0).scroll_into_view_if_needed()
    box = board.plot(0).bounding_box()
    at = lambda part: (box['x'] + 50 + (box['width'] - 56) * part, box['y'] + 60)
    board.page.mouse.move(*at(0.5))
    texts = [board.plot(n).get_attribute('aria-valuetext').split(': ')[0] for n in range(4)]
    assert len(set(texts)) == 1
    board.page.mouse.down()
    board.page.mouse.move(*at(0.7), steps=4)
    board.page.mouse.up()
    expect(board.button('Whole range')).to_be_visible()
    board.page.wait_for_function(SHOWN, arg=['.dspy-dashboard', 120, 60])
    board.button('Whole range').click()


def test_other_ranges_are_drawn(board):
    for name, seconds in {'1 min': 60, '1 h': 3600, '24 h': 86_400, '10 min': 600}.items():
        board.button(name).click()
        expect(board.button(name)).to_have_attribute('aria-pressed', 'true')
        board.page.wait_for_function(SHOWN, arg=['.dspy-dashboard', seconds, 2])


# how many pixels of a chart are drawn near its upper edge, at a share of its width
INK = """([plot, share]) => { const canvas = plot.querySelector('canvas'), ratio = canvas.width / plot.clientWidth;
  const x = 50 + (plot.clientWidth - 56) * share, width = Math.round(8 * ratio);
  const { data } = canvas.getContext('2d').getImageData(Math.round((x - 4) * ratio), 0, width, Math.round(7 * ratio));
  return data.filter((value, i) => i % 4 == 3 && value > 0).length }"""


def test_a_day_is_drawn_and_one_slow_call_of_it_is_seen(board, shots):
    board.button('24 h').click()
    plot = board.plot(1)
    board.page.wait_for_function(SHOWN, arg=['.dspy-dashboard', 86_400, 2])
    slow = float(board.lab.output(MAKE).inner_text())
    share = 1 - (int(plot.get_attribute('aria-valuemax')) - slow) / 86_400
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    board.page.mouse.move(box['x'] + 50 + (box['width'] - 56) * share, box['y'] + 60)
    expect(plot).to_have_attribute('aria-valuetext', re.compile('slowest 40 s'))
    board.page.mouse.move(5, 5)
    expect(plot).not_to_have_attribute('aria-valuetext', re.compile('slowest 40 s'))
    marked, unmarked = (board.page.evaluate(INK, [plot.element_handle(), at]) for at in (share, share - .1))
    assert marked > 0 and unmarked == 0
    shots(board.root, f'a day, {board.front}')
    board.button('10 min').click()


def test_tables_say_what_the_charts_show(board, shots):
    board.button('Tables').click()
    table = board.root.get_by_role('table', name='Latency', exact=True)
    expect(table.get_by_role('row').nth(1)).to_contain_text('ms')
    shots(board.root, f'tables, {board.front}')
    board.button('Tables').click()
    expect(table).to_be_hidden()


@pytest.mark.parametrize('theme', ['Light', 'Dark'])
def test_axe_finds_nothing(board, theme, shots):
    if board.front == 'lab':
        board.lab.theme(theme)
        board.page.locator('#jupyterlab-splash').wait_for(state='detached')
    board.page.evaluate(AXE_SCRIPT)
    found = []
    for tables in (False, True):
        if tables: board.button('Tables').click()
        result = board.page.evaluate("() => axe.run('.dspy-dashboard', {resultTypes: ['violations']})")
        found += [(v['id'], v['impact'], [n['target'] for n in v['nodes']][:3]) for v in result['violations']]
    board.button('Tables').click()
    shots(board.root, f'dashboard, {board.front}, {theme.lower()}')
    if board.front == 'lab': board.lab.theme('Light')
    assert found == []


def test_still_where_a_person_wants_no_motion(board):
    board.page.emulate_media(reduced_motion='reduce')
    board.page.mouse.move(5, 5)
    time.sleep(1.1)
    drawn = board.number('drawn')
    time.sleep(3)
    assert board.number('drawn') - drawn <= 4
    board.page.emulate_media(reduced_motion='no-preference')


def test_nothing_is_asked_of_the_network(board): assert board.lab.refused == []


def test_a_page_that_is_closed_stops_the_thread(board):
    lab = board.lab
    assert lab.run(READERS_CELL).output(READERS_CELL).inner_text().strip() == '1'
    lab.js('panel.content.widgets[2].model.clearExecution()')
    expect(board.root).to_have_count(0)
    assert lab.run(READERS_CELL).output(READERS_CELL).inner_text().strip() == '0'
    Page(lab.run(DASH))


# --- without its kernel, and so last


def test_a_restart_shows_that_it_is_stale_and_the_saved_notebook_a_picture(board, shots):
    lab, front = board.lab, board.front
    lab.run(GONE_CELL)
    lab.js('await panel.context.save()')
    lab.js('await panel.sessionContext.session.kernel.restart()')
    expect(board.status()).to_contain_text('the kernel has gone, no data since')
    shots(board.root, f'stale, {front}')
    board.button('Force open fast').click(force=True)  # it says that it is disabled
    expect(board.note()).to_have_text('the kernel has gone')
    saved = nbformat.read(lab.server.folder/lab.name, 4)
    picture, page = saved.cells[DASH].outputs
    assert 'text/html' in picture['data'] and picture['data']['text/plain'].startswith('Dashboard')
    lab.js('await panel.sessionContext.shutdown()')
    lab.show(lab.name, front, again=True)
    card = lab.output(DASH).locator('[class^=dspy-card-]')
    expect(card).to_be_visible()
    expect(card.get_by_role('img').first).to_be_visible()
    shots(lab.output(DASH), f'saved, {front}')
