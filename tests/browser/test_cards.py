"What a person sees in JupyterLab: cards that are written before their eyes, in light and in dark, and a stop button that works."
import re

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

TRIAGE = '''%%dspy Signature Triage
"""Route a support email to the right team."""
email: str                                     # as received
->
team: Literal["billing", "technical", "sales"] # who has to answer
needs_human: bool'''
RUN = '%%dspy run Triage --module ChainOfThought\nemail = "I was charged twice, <b>refund me</b>."'
SLOW = '''import dspy
from tests.typist import slowly, typist
answers = ['{"reasoning": "It asks <i>politely</i> for its money to be sent back to where it came from.", "team": "billing", "needs_human": true}',
           '{"reasoning": "Short.", "team": "sales", "needs_human": false}']
dspy.configure(lm=typist(*answers, pace=slowly(0.2)), adapter=dspy.JSONAdapter())'''


@pytest.fixture(scope='module')
def book(lab):
    "A notebook with one cell of each kind, loaded."
    lab.open('%load_ext dspy_toolkit', TRIAGE, SLOW, RUN, RUN, '_.team', '%%dspy run Triage\nemail = inbx', 'inbox = 1', 'import time; time.sleep(2)\n%dspy shwo', 'x = "never"',
             TRIAGE + '\n---\nemail = "I was charged twice."', '%dspy lm mlx/tiny')
    name = lab.name
    lab.run(0)
    yield lambda: lab if lab.name == name else lab.show(name)


@pytest.fixture
def slow(book):
    "The notebook, with a model that writes a few words a second."
    lab = book()
    return lab.clear().run(1).run(2)


def card(lab, cell, state): return lab.output(cell).get_by_role('group', name=f'Triage, ChainOfThought: {state}')


def test_an_answer_appears_as_it_is_written(slow):
    slow.js('''const cell = panel.content.widgets[3].node; window.seen = [];
        new MutationObserver(() => { const rows = cell.querySelectorAll('[role=row]'); if (rows.length) window.seen.push(rows[0].innerText) })
            .observe(cell, {subtree: true, childList: true})''')
    slow.start(3)
    running = card(slow, 3, 'running')
    expect(running.get_by_role('row').first).to_contain_text('It asks')
    expect(running).to_have_attribute('aria-busy', 'true')
    expect(running.get_by_role('row')).to_have_count(3)  # every field has its place from the start
    slow.wait()
    expect(card(slow, 3, 'done')).to_contain_text('billing')
    texts = [re.sub(r'\s*▍?$', '', t.removeprefix('reasoning').strip()) for t in slow.js('return window.seen')]
    growing = list(dict.fromkeys(t for t in texts if t and t != '…'))
    assert len(growing) >= 5
    assert all(later.startswith(earlier) for earlier, later in zip(growing, growing[1:]))


def test_what_a_model_writes_stays_text(slow):
    slow.run(3)
    expect(card(slow, 3, 'done')).to_contain_text('<i>politely</i>')
    assert card(slow, 3, 'done').locator('i, b').count() == 0


def test_the_value_is_shown_once_and_is_there_for_the_next_cell(slow):
    slow.run(3)
    assert [o['output_type'] for o in slow.saved(3)] == ['display_data']
    slow.run(5)
    expect(slow.output(5)).to_contain_text("'billing'")


def test_the_stop_button_keeps_what_was_written_and_the_next_run_works(slow, shots):
    slow.start(3)
    expect(card(slow, 3, 'running')).to_contain_text('It asks')
    shots(slow.output(3), 'a cell that runs')
    slow.stop().wait(10)
    stopped = card(slow, 3, 'stopped')
    shots(slow.output(3), 'a cell that was stopped')
    expect(stopped.get_by_role('row').nth(0)).to_contain_text('It asks')
    expect(stopped.get_by_role('row').nth(1)).to_contain_text('not written')
    expect(slow.output(3)).to_contain_text('Stopped: Triage was stopped while it was writing reasoning')
    assert 'Traceback' not in slow.output(3).inner_text()
    slow.run(4)
    expect(card(slow, 4, 'done')).to_contain_text('sales')


def test_a_click_in_the_history_opens_the_exact_prompt(slow, shots):
    slow.run(3)
    slow.js("panel.model.sharedModel.insertCell(12, {cell_type: 'code', source: '%dspy history --version Triage'})")
    slow.run(12)
    call = slow.output(12).locator('details').first
    expect(call.locator('summary')).to_contain_text('Triage@1')
    prompt = call.get_by_text('I was charged twice, <b>refund me</b>.')
    expect(prompt.first).to_be_hidden()
    call.locator('summary').click()
    expect(prompt.first).to_be_visible()
    for seen in (False, True):  # by keyboard too
        slow.page.keyboard.press('Enter')
        expect(prompt.first).to_be_visible(visible=seen)
    assert call.locator('b').count() == 0
    shots(slow.output(12), 'history')
    slow.js('panel.model.sharedModel.deleteCell(12)')


def test_the_signature_card_says_what_goes_in_and_what_comes_out(slow):
    shown = slow.output(1).get_by_role('group', name='signature Triage')
    expect(shown).to_contain_text('Route a support email to the right team.')
    rows = shown.get_by_role('table', name='fields').get_by_role('row')
    assert [[c.inner_text() for c in row.get_by_role('cell').all()] for row in rows.all()] == [
        ['in', 'email', 'str', 'as received'],
        ['out', 'team', 'Literal["billing", "technical", "sales"]', 'who has to answer'],
        ['', 'needs_human', 'bool', '']]


LIGHT = '''
    const shine = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
    const solid = node => { const c = getComputedStyle(node).backgroundColor; return c == 'rgba(0, 0, 0, 0)' || c == 'transparent' ? solid(node.parentElement) : c };
'''


@pytest.mark.parametrize('theme', ['Light', 'Dark'])
def test_cards_can_be_read_in_both_themes(slow, theme, shots):
    slow.run(3)
    slow.theme(theme)
    shots(slow.page, f'cards, {theme.lower()}')
    contrasts, ground = slow.js(LIGHT + '''
        const texts = [...document.querySelectorAll('.jp-OutputArea [role=group] *')].filter(n => [...n.childNodes].some(c => c.nodeType == 3 && c.data.trim()));
        const pairs = texts.map(n => [shine(getComputedStyle(n).color), shine(solid(n))]);
        return [pairs.map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)), pairs.at(-1)[1]]''')
    assert len(contrasts) > 15
    assert min(contrasts) >= 3  # WCAG AA for large text and for what is secondary; the rest is well above
    assert sorted(contrasts)[len(contrasts) // 2] >= 4.5
    assert (ground > 0.5) == (theme == 'Light')
    slow.theme('Light')


def test_an_error_is_said_once_on_a_card_with_what_to_do(slow, shots):
    slow.run(7).run(6)
    shown = slow.output(6).get_by_role('alert', name='InputError')
    expect(shown).to_contain_text("email = inbx (line 2): name 'inbx' is not defined")
    expect(shown).to_contain_text('did you mean inbox?')
    shots(slow.output(6), 'an error')
    text = slow.output(6).inner_text()
    assert text.count("name 'inbx' is not defined") == 1 and text.split('\n')[-1] == 'InputError'
    assert [o['output_type'] for o in slow.saved(6)] == ['display_data', 'error']
    assert slow.js('return panel.content.widgets[6].model.outputs.get(1).data["application/vnd.jupyter.stderr"]') == 'InputError'


def test_running_on_stops_at_an_error(slow):
    "The kernel drops what comes within 0.1 s of an error, so the cell with the error gives the page time to send the rest."
    slow.js("panel.content.deselectAll(); panel.content.activeCellIndex = 8; app.commands.execute('notebook:run-all-below')")
    expect(slow.output(8)).to_contain_text('did you mean show?')
    slow.wait()
    assert slow.js('return panel.content.widgets[9].model.executionCount') is None


def test_the_built_in_model_answers(slow):
    slow.run(11).run(10)
    answer = slow.output(10).get_by_role('group', name='Triage, Predict: done')
    expect(answer).to_contain_text(re.compile(r'mlx/tiny · \d+ → \d+ tokens'))
    expect(answer.get_by_role('row').nth(0)).to_contain_text(re.compile('billing|technical|sales'))
    expect(answer.get_by_role('row').nth(1)).to_contain_text(re.compile('True|False'))


QUICK = '''dspy.configure(lm=typist('{"team": "technical", "needs_human": false}'), adapter=dspy.JSONAdapter())'''
ASK = '%%dspy run Triage\nemail = "I was charged twice, <b>refund me</b>."'
ASKED, TESTED = 13, 14


class Marks:
    "The buttons below an answer."

    def __init__(self, lab, cell):
        self.lab, self.root = lab, lab.output(cell).get_by_role('group', name='what you say of this answer')

    def button(self, name): return self.root.get_by_role('button', name=name, exact=True)
    def says(self, text): expect(self.root.get_by_role('status')).to_contain_text(text)

    def press(self, *keys):
        for key in keys: self.lab.page.keyboard.press(key)


@pytest.fixture(scope='module')
def asked(book):
    "The notebook, with an answer that comes at once."
    lab = book()
    lab.js("for (const source of value) panel.model.sharedModel.insertCell(panel.content.widgets.length, {cell_type: 'code', source})", [QUICK, ASK, '%dspy test Triage'])
    lab.run(1).run(2).run(12)
    return lab


def test_an_answer_gets_its_buttons_in_one_piece_with_its_last_word(asked):
    marks = Marks(asked, ASKED)
    asked.run(ASKED)
    expect(marks.root.get_by_role('button')).to_have_count(3)  # the first ones come when what they need is imported
    asked.js('''window.bare = []; window.enough = false; const cell = panel.content.widgets[13].node;
        const look = () => { const done = cell.querySelector('.dspy-answer'); window.bare.push(Boolean(done && !done.querySelector('.dspy-marks')));
            if (!window.enough) requestAnimationFrame(look) }; look()''')
    asked.clear().run(ASKED)
    expect(marks.root.get_by_role('button')).to_have_count(3)
    bare = asked.js('window.enough = true; return window.bare')
    assert len(bare) > 3 and not any(bare)
    assert [o['output_type'] for o in asked.saved(ASKED)] == ['display_data'] and 'dspy-marks' not in str(asked.saved(ASKED))


def test_right_is_marked_and_undone_by_keyboard(asked, shots):
    asked.run(ASKED)
    marks = Marks(asked, ASKED)
    marks.button('✓ Right').focus()
    marks.press('Enter')
    marks.says('marked as right')
    marks.says('%dspy mark last right')
    expect(marks.button('✓ Right')).to_have_attribute('aria-pressed', 'true')
    marks.press('Tab', 'Tab', 'Tab')
    expect(marks.button('Undo')).to_be_focused()
    assert marks.button('Undo').evaluate('e => getComputedStyle(e).outlineStyle') == 'solid'
    marks.press('Enter')
    marks.says('%dspy mark last --undo')
    expect(marks.button('✓ Right')).to_be_focused()
    expect(marks.button('✓ Right')).to_have_attribute('aria-pressed', 'false')
    assert asked.js('return panel.content.mode') == 'command' and len(asked.saved(ASKED)) == 1


def test_a_correction_is_checked_kept_and_becomes_what_a_case_expects(asked, shots):
    asked.run(ASKED)
    marks = Marks(asked, ASKED)
    marks.button('✎ Correct…').click()
    expect(marks.root.get_by_label('team')).to_be_focused()
    marks.root.get_by_label('team').select_option('')
    marks.button('Save correction').click()
    expect(marks.root.locator('.problem')).to_contain_text(['team needs a value', ''])
    expect(marks.root.get_by_label('team')).to_have_attribute('aria-invalid', 'true')
    for theme in ('Light', 'Dark'): check_with_axe(asked, theme, shots, 'a correction')
    marks.root.get_by_label('team').select_option('billing')
    marks.press('Control+Enter')
    marks.says('%dspy mark last --correct team=billing')
    expect(marks.button('✎ Correct…')).to_be_focused()
    marks.button('Keep as case…').click()
    name = marks.root.get_by_label('name of the case')
    expect(name).to_have_value('charged-twice-refund')
    assert [marks.root.get_by_label(each, exact=True).is_checked() for each in ('team', 'needs_human')] == [True, False]
    marks.press('Escape')
    expect(name).to_be_hidden()
    marks.press('Enter')
    name.fill('two words')
    marks.press('Enter')
    marks.says("'two words' is not a word for a case")
    name.fill('late')
    marks.press('Enter')
    marks.says('%dspy case Triage late --from last --expect team=billing')
    check_with_axe(asked, 'Light', shots, 'a case')
    asked.run(TESTED)
    expect(asked.output(TESTED)).to_contain_text('✗ failed')
    marks.button('Undo').click()
    marks.says('%dspy case Triage late --delete')


def check_with_axe(lab, theme, shots, name):
    if theme == 'Dark': lab.theme(theme)
    lab.page.locator('#jupyterlab-splash').wait_for(state='detached')
    lab.page.evaluate(AXE_SCRIPT)
    result = lab.page.evaluate("() => axe.run('.dspy-marks', {resultTypes: ['violations']})")
    shots(lab.output(ASKED), f'{name}, {theme.lower()}')
    if theme == 'Dark': lab.theme('Light')
    assert [(v['id'], [n['html'][:160] for n in v['nodes']][:2]) for v in result['violations']] == []


def test_while_a_cell_runs_a_button_works_or_says_that_it_waits(asked):
    asked.run(ASKED)
    marks = Marks(asked, ASKED)
    asked.js("panel.content.widgets[14].model.sharedModel.setSource('import time; time.sleep(1)')")
    asked.start(TESTED)
    marks.button('✓ Right').click()
    expect(marks.root.get_by_role('status')).to_contain_text(re.compile('marked as right|waiting for the kernel'))
    asked.wait()
    marks.says('marked as right')


def test_a_saved_notebook_of_somebody_else_still_reads(slow):
    "It is not trusted, so its html is washed; what a card says, and where, must survive."
    slow.run(3)
    cell = nbformat.v4.new_code_cell(RUN, execution_count=1, outputs=[nbformat.from_dict(o) for o in slow.saved(1) + slow.saved(3)])
    book = nbformat.v4.new_notebook(cells=[cell], metadata={'kernelspec': {'name': 'python3', 'display_name': 'python3', 'language': 'python'}})
    nbformat.write(book, slow.server.folder/'theirs.ipynb')
    slow.show('theirs.ipynb')
    expect(slow.output(0)).to_contain_text('Route a support email to the right team.')
    expect(slow.output(0)).to_contain_text('It asks <i>politely</i>')
    name, value = (slow.output(0).get_by_text(t, exact=True).last.bounding_box() for t in ('team', 'billing'))
    assert abs(name['y'] - value['y']) < 12 and value['x'] > name['x'] + name['width']  # still in a row


def test_nothing_was_asked_of_any_other_machine(lab):
    assert lab.refused == []


EVERY_CARD = '''%load_ext dspy_toolkit
import dspy
from IPython.display import display
from dspy_toolkit.commands import registry, listing, signatures, system, calls
dspy.configure(lm=dspy.utils.DummyLM([{'team': 'billing', 'needs_human': 'True'}] * 9), adapter=dspy.ChatAdapter())
here = {}
for words in ('Sort mail.', 'Route a support email.'): first = signatures.define(f'"""{words}"""\\nemail: str # as received\\n->\\nteam: str\\nneeds_human: bool', 'Cards', here)
here['taught'] = dspy.ChainOfThought(here['Cards'])
here['taught'].predict.demos = [dspy.Example(email='e', reasoning='r', team='billing', needs_human=True)]
dspy.Predict(here['Cards'])(email='I was charged twice.')
registry.save('taught', here, to='Cards'); registry.alias('Cards@2', 'prod'); registry.tag('Cards@2', ['reviewed']); registry.note('Cards@2', 'look at refunds')
display(first, signatures.diff('Cards@1', 'Cards@2'), signatures.diff('Cards@2', 'Cards@3'), listing.list_versions(here), registry.log('Cards'), registry.log('Cards', trail=True),
        registry.lineage('Cards'), registry.search('route'), calls.history(), calls.history('1'), signatures.library(), system.help(), system.help('alias'))
from pydantic import BaseModel
class Line(BaseModel): item: str; count: int
here['Line'] = Line
display(signatures.define('mail: str\\n->\\nlines: list[Line]\\nlevel: Literal["low", "high"]', 'Nested', here))
from dspy_toolkit.views.answers import Shortfall
from dspy_toolkit.views.programs import RunView
order = dict(number=7, to=dict(name='Ada', town='Os'), lines=[Line(item='lamp', count=1), Line(item='chair', count=2)])
display(RunView('Cut', dict(order=False), state='done', values=dict(order=order), log=['WARNING dspy: truncated'],
                lacks=Shortfall(cut=['order.to.town', 'order.lines'], relaxed=['order.to: its pattern'], model='mlx/tiny', tokens=12)))
from dspy_toolkit.views.errors import ErrorView
display(ErrorView('InputError', 'email = <b>inbx</b>', 'did you mean inbox?', ('    ' + 'email: strng ' * 20, '           ^^^^^ expected a type'), 'Traceback: ' + 'word ' * 90))'''


LONG = '''from dspy_toolkit.registry.lineage import Graph, Node
from dspy_toolkit.views.registry import LineageView
labels = ('W' * 40, 'a_signature_with_quite_a_long_name@12', '長い名前' * 8, 'MMMM mmmm ' * 6)
LineageView('Long', Graph([Node(str(n), kind, label, label) for n, label in enumerate(labels) for kind in ['signature']], [], 0))'''
LIFE = '''from dspy_toolkit.resilience.breaker import CircuitBreaker
from dspy_toolkit.resilience.life import Life
from dspy_toolkit.views.resilience import LifeView
breaker = CircuitBreaker('fast')
life = Life(breaker)
breaker.transition_to('open')
LifeView('fast', life)'''


@pytest.fixture(scope='module')
def cards(lab):
    "A notebook with all of them."
    lab.open(EVERY_CARD, LONG, LIFE)
    return lab.run(0)


def test_each_field_that_was_cut_says_so_in_words_beside_its_name(cards):
    cut = cards.output(0).get_by_role('group', name='Cut, Predict: done')
    marks = cut.get_by_text('cut short', exact=True)
    expect(marks).to_have_count(4)  # order, to, town within it, lines
    assert marks.first.get_attribute('title') == 'max_tokens ended before the answer did'
    names = {name: cut.get_by_text(name, exact=True).first.bounding_box() for name in ('order', 'town', 'lines')}
    heights = [mark.bounding_box()['y'] for mark in marks.all() if mark.is_visible()]
    assert len(heights) == 4 and all(any(abs(box['y'] - y) < 8 for y in heights) for box in names.values())
    expect(cut).to_contain_text('→ allow more max_tokens than the 12 it wrote')
    expect(cut.get_by_role('columnheader')).to_have_text(['item', 'count'])


@pytest.mark.parametrize('theme', ['Light', 'Dark'])
def test_axe_finds_nothing_serious_in_any_card(cards, theme, shots):
    lab = cards.theme(theme)
    expect(lab.output(0).get_by_role('group').nth(12)).to_be_visible()
    cut = lab.output(0).get_by_role('group', name='Cut, Predict: done')
    lab.output(0).evaluate("e => { for (const d of e.querySelectorAll('details')) d.open ||= /^(Line|log: 1|where it happened)$/.test(d.querySelector('summary').innerText.trim()) }")
    for word in ('Line', 'log: 1', 'where it happened'): expect(lab.output(0).locator('details[open] > summary').get_by_text(word, exact=True)).to_be_visible()
    shots(cut, f'an answer that was cut, {theme.lower()}')
    shots(lab.output(0).get_by_role('alert'), f'an error, {theme.lower()}')
    lab.page.evaluate(AXE_SCRIPT)
    result = lab.page.evaluate("() => axe.run('.jp-OutputArea-child', {resultTypes: ['violations']})")
    lab.theme('Light')
    assert [(v['id'], v['impact'], [n['html'][:160] for n in v['nodes']][:2]) for v in result['violations'] if v['impact'] in ('serious', 'critical')] == []


def test_the_text_of_a_lineage_stays_in_its_box(cards, shots):
    lab = cards.run(1)
    expect(lab.output(1).locator('svg[role=img] g')).to_have_count(4)
    shots(lab.output(1), 'a lineage with long names')
    left = lab.output(1).evaluate('''e => [...e.querySelectorAll('svg[role=img] g')].flatMap(g => { const box = g.querySelector('rect').getBoundingClientRect();
        return [...g.querySelectorAll('text')].map(t => box.right - t.getBoundingClientRect().right) })''')
    assert len(left) == 8 and min(left) >= 2


def test_the_life_of_a_breaker_is_drawn_on_the_page_and_an_image_where_html_is_washed(cards, shots):
    lab = cards.run(2)
    expect(lab.output(2).locator('svg[role=img]')).to_be_visible()
    drawn, image = (lab.output(2).locator(what).first for what in ('svg[role=img]', 'img'))
    assert image.evaluate('e => getComputedStyle(e).clipPath') == 'inset(100%)'
    shots(lab.output(2), 'the life of a breaker')
    outputs = [nbformat.from_dict(o) for o in lab.saved(2)]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LIFE, execution_count=1, outputs=outputs)], metadata={'kernelspec': {'name': 'python3', 'display_name': 'python3', 'language': 'python'}}),
                   lab.server.folder/'their breaker.ipynb')
    lab.show('their breaker.ipynb')
    drawn, image = (lab.output(0).locator(what).first for what in ('svg[role=img]', 'img'))
    expect(image).to_be_visible()
    assert drawn.count() == 0 and image.evaluate('e => getComputedStyle(e).clipPath') == 'none' and image.evaluate('e => e.naturalWidth') > 400
    shots(lab.output(0), 'the life of a breaker, not trusted')
