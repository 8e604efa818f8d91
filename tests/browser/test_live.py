"Long work as a person sees it, in JupyterLab and in Notebook 7: it moves, is stopped, sorted and filtered, and stays in the notebook."

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

# Rows of known data, one every 50 ms: every fifth is wrong, and one fails. `RowResult` and `Evaluated` have these names
WORLD = '''import time
from types import SimpleNamespace
from dspy_toolkit.core.cancel import current_scope
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.jupyter.live import Follower
from dspy_toolkit.views.evaluations import EvaluationView
from dspy_toolkit.views.optimization import OptimizationView
TEAMS = 'billing', 'sales', 'technical'
def row(n):
    expected = TEAMS[n % 3]
    got = TEAMS[(n + 1) % 3] if n % 5 == 4 else expected
    made = SimpleNamespace(index=n, score=float(got == expected), got=dict(team=got), note='', error='', message='', seconds=.05,
                           input_tokens=140, output_tokens=9, cost=.0001, requests=(f'call{n:03}',))
    if n == 7: vars(made).update(score=None, got={}, error='ContextLengthError', message='the prompt has 1 190 tokens, the model reads 1 024')
    return made, dict(team=expected), dict(ticket=f'<img src=x onerror=window.hacked=1> Ticket {n}: invoice {n * 37 % 101} is wrong, and the app is slow today.')
def evaluate(rows, pause=.05, follower=None):
    view = EvaluationView('Triage@3 on devset', rows)
    def work(watch):
        for n in range(rows):
            if current_scope().cancelled: return 'stopped'
            time.sleep(pause)
            view.add(*row(n))
        return 'done'
    follower = follower or Follower(get_ipython())
    state = follower(Watch(work), view)
    low, high = view.interval
    view.finish(SimpleNamespace(score=view.mean, low=low, high=high, failures=dict(view.failures), state=state, seconds=view.seconds,
                                layout='JSONAdapter', to_json=dict))
    view.remark('The run ab12cd34 keeps these rows: %dspy resume ab12cd34 goes on.')
    follower.close()
    return view'''
LONG = 'view = evaluate(600); print(view.state, view.done)'
SHORT = 'view = evaluate(40, 0)'
BETTER = '''better = OptimizationView('Triage@3 with mipro', budget=SimpleNamespace(calls=400, tokens=None, money=None, minutes=3))
def work(watch):
    for n, (score, full, text, demos) in enumerate([(.355, True, 'Choose the team for the ticket.', 0), (.40, False, 'Choose the team.', 4),
            (.52, True, 'Choose the team for the ticket.', 4), (.48, False, 'Route the ticket.', 2), (.71, True, 'Read the ticket and choose the team that solves it.', 4)]):
        better.add(SimpleNamespace(number=n, score=score, full=full, rows=200 if full else 25, instructions=text, demos=[{}] * demos))
        better.write(f'==> trial {n} <==')
    better.spend(calls=212, tokens=31_800)
shown = Follower(get_ipython())
shown(Watch(work), better)
better.end()
shown.close()'''
REAL = '''%load_ext dspy_toolkit
import dspy
Triage = dspy.Signature('ticket -> team: Literal["billing", "technical"]')
devset = [dict(ticket=f'My invoice {n} is wrong.', team='billing') for n in range(12)] + [dict(ticket='The app is slow.')]'''
VERB = '%dspy evaluate Triage --on devset --lm mlx/tiny --threads 2'
DEAF = 'from dspy_toolkit.jupyter.live import LiveWidget\nLiveWidget._receive = lambda *_, **__: None'  # as where comms wait for the cell
CELLS = WORLD, LONG, SHORT, BETTER, REAL, VERB, DEAF
MAKE, LONG_CELL, SHORT_CELL, BETTER_CELL, REAL_CELL, VERB_CELL, DEAF_CELL = range(7)


class Page:
    "A live view on the screen."

    def __init__(self, lab, cell):
        self.lab, self.page, self.output, self.root = lab, lab.page, lab.output(cell), lab.output(cell).locator('.dspy-live')
        expect(self.root.locator('.tiles dd').first).not_to_be_empty()

    def button(self, name): return self.root.get_by_role('button', name=name, exact=True)
    def status(self): return self.root.locator('.status')
    def bar(self): return self.root.get_by_role('progressbar')
    def rows(self): return self.root.locator('.rowscroll tbody tr')
    def column(self, n): return [each.strip() for each in self.rows().locator(f'td:nth-child({n + 1})').all_inner_texts()]
    def done(self): return int(self.root.locator('.head .value').inner_text().split()[0])


@pytest.fixture(scope='module')
def opened(lab):
    "A notebook in JupyterLab with finished views in it."
    lab.open(*CELLS)
    for cell in (MAKE, SHORT_CELL, BETTER_CELL): lab.run(cell)
    return lab


def test_a_verb_shows_its_view_once(opened, shots):
    opened.run(REAL_CELL).run(VERB_CELL)
    page = Page(opened, VERB_CELL)
    expect(page.status()).to_have_text('✓ done')
    expect(page.root.locator('td.mark').first).to_have_text('!')  # a row has no label; the table is put in order a moment after the end
    assert page.done() == 13
    saved = opened.saved(VERB_CELL)
    assert [o['output_type'] for o in saved] == ['display_data'] * 2, [o.get('text', '') for o in saved]
    expect(page.output.locator('[class^=dspy-card-]')).to_be_hidden()
    shots(page.output, 'a verb')


def test_disagreements_come_first_and_columns_are_sorted_by_keyboard(opened):
    page = Page(opened, SHORT_CELL)
    assert page.column(0)[:3] == ['8', '5', '10'] and page.root.locator('td.mark').first.inner_text() == '!'
    heads = page.root.locator('th[scope=col]').filter(has=page.page.locator('button'))
    page.button('#').focus()
    page.page.keyboard.press('Enter')
    expect(heads.first).to_have_attribute('aria-sort', 'ascending')
    assert page.column(0)[:3] == ['1', '2', '3']
    page.page.keyboard.press('Enter')
    expect(heads.first).to_have_attribute('aria-sort', 'descending')
    assert page.column(0)[0] == '40'
    page.page.keyboard.press('Enter')
    assert heads.first.get_attribute('aria-sort') is None and page.column(0)[0] == '8'
    page.page.keyboard.press('Tab')
    outline = page.page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
    assert page.page.evaluate('document.activeElement.getAttribute("aria-label")') == 'outcome' and outline == 'solid'


def test_rows_are_filtered_by_words_and_by_disagreement(opened):
    page = Page(opened, SHORT_CELL)
    box = page.root.get_by_role('searchbox', name='filter rows')
    box.fill('call03')
    expect(page.root.locator('.rowtools .quiet')).to_have_text('10 of 40 rows')
    page.button('Only disagreements').focus()
    page.page.keyboard.press(' ')
    expect(page.root.locator('.rowtools .quiet')).to_have_text('2 of 40 rows')
    assert page.column(0) == ['35', '40']
    page.button('Only disagreements').click()
    box.fill('')
    expect(page.root.locator('.rowtools .quiet')).to_have_text('40 rows')
    assert page.page.evaluate('window.hacked') is None


def test_choices_make_a_matrix_and_prompts_a_diff(opened):
    page = Page(opened, SHORT_CELL)
    matrix = page.root.get_by_role('table', name='team: expected and got')
    cells = [[int(n) for n in row.locator('td').all_inner_texts()] for row in matrix.get_by_role('row').all()[1:]]
    assert sum(map(sum, cells)) == 39 and [cells[i][i] for i in range(3)] == [11, 9, 11]
    better = Page(opened, BETTER_CELL)
    expect(better.root.locator('ins').first).to_contain_text('Read')
    assert 'dots' in [path.get_attribute('class') for path in better.root.locator('.curves path').all()]
    assert better.column(2) == ['0.710', '0.520', '0.480', '0.400', '0.355']


@pytest.mark.parametrize('theme', ['Light', 'Dark'])
def test_axe_finds_nothing_and_nothing_is_wider_than_its_card(opened, theme, shots):
    opened.theme(theme)
    opened.page.locator('#jupyterlab-splash').wait_for(state='detached')
    opened.page.evaluate(AXE_SCRIPT)
    result = opened.page.evaluate("() => axe.run('.dspy-live', {resultTypes: ['violations']})")
    for cell, name in ((SHORT_CELL, 'evaluation'), (BETTER_CELL, 'optimisation')): shots(Page(opened, cell).root, f'{name}, {theme.lower()}')
    opened.page.set_viewport_size(dict(width=520, height=1000))
    shots(Page(opened, SHORT_CELL).root, f'evaluation, narrow, {theme.lower()}')
    wide = opened.page.evaluate("[...document.querySelectorAll('.dspy-live > :not(.aloud)')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)")
    opened.page.set_viewport_size(dict(width=1200, height=1000))
    opened.theme('Light')
    assert [(v['id'], [n['target'] for n in v['nodes']][:3]) for v in result['violations']] == [] and wide == []


def test_it_moves_while_the_cell_runs_and_the_stop_button_keeps_what_is_done(opened, shots):
    check_that_it_moves_and_stops(opened, shots)


def test_the_kernel_s_stop_button_keeps_it_too_and_so_does_a_reload(opened):
    opened.run(DEAF_CELL).start(LONG_CELL)
    page = Page(opened, LONG_CELL)
    page.button('Stop').click()
    expect(page.root.get_by_role('alert')).to_contain_text("use the kernel's stop button")
    opened.stop().wait()
    expect(page.status()).to_have_text('■ stopped')
    done = page.done()
    opened.js('await panel.context.save()')
    opened.show(opened.name)
    page = Page(opened, LONG_CELL)
    expect(page.status()).to_have_text('■ stopped')
    assert page.done() == done and page.rows().count() == min(done, 100)


def test_the_saved_notebook_shows_all_without_its_kernel(opened, shots):
    opened.js('await panel.context.save()')
    saved = nbformat.read(opened.server.folder/opened.name, 4)
    card, page = saved.cells[SHORT_CELL].outputs
    assert 'resume ab12cd34' in card['data']['text/html'] and 'ContextLengthError' in card['data']['text/plain']
    assert 'window.hacked=1>' not in card['data']['text/html'].replace('&gt;', '>').replace('&lt;img', '') or '<img src=x' not in card['data']['text/html']
    name = opened.name
    opened.js('await panel.sessionContext.shutdown()')
    expect(Page(opened, SHORT_CELL).status()).to_have_text('✓ done')  # the page that was open goes on by itself
    opened.page.goto('about:blank')
    opened.show(name)
    kept = opened.output(SHORT_CELL).locator('[class^=dspy-card-]')
    expect(kept).to_be_visible()
    expect(kept.get_by_role('table', name='rows')).to_contain_text('call007')
    expect(kept.get_by_role('img', name='score by rows')).to_be_visible()
    shots(opened.output(SHORT_CELL), 'saved, without a kernel')


def test_in_notebook_7_too(lab, shots):
    lab.open(*CELLS, front='notebooks').run(MAKE)
    check_that_it_moves_and_stops(lab, shots)
    assert lab.refused == []  # nothing was asked of the network


def check_that_it_moves_and_stops(lab, shots):
    lab.start(LONG_CELL)
    page = Page(lab, LONG_CELL)
    expect(page.status()).to_have_text('● running')
    expect(page.output.locator('[class^=dspy-card-]')).to_be_hidden()
    before = page.done()
    page.page.wait_for_function('([node, n]) => parseInt(node.textContent) > n + 10', arg=[page.root.locator('.head .value').element_handle(), before])
    assert int(page.bar().get_attribute('aria-valuenow')) < 50
    shots(page.root, f'running, {lab.name}')
    page.button('Stop').click()
    expect(page.status()).to_have_text('■ stopped')
    expect(page.button('Stop')).to_be_hidden()
    expect(page.root.get_by_role('status')).to_contain_text('evaluation stopped')
    lab.wait()
    said = page.output.inner_text()
    assert f'stopped {page.done()}' in said and 'resume ab12cd34' in said
