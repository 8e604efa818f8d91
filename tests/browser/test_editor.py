"The page's half of the signature editor, in JupyterLab, in Notebook 7, and where there is neither."
import base64
import json
import re
import time

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from dspy_toolkit.jupyter.editor import SignatureEditor
from dspy_toolkit.signatures.source import parse_cell

from .lab import PANEL

ROUTE = '''%%dspy Signature Route
"""Route a support email to the right team."""
email: str                                     # as received
->
team: Literal["billing", "technical", "sales"] # who has to answer
urgency: int = Field(ge=0, le=10)'''
MODEL = '''import dspy
from tests.typist import slowly, typist
answers = ['{"team": "billing", "urgency": 3, "why": "It asks <img src=x onerror=hacked=1> politely for its money to be sent back to where it came from, and soon."}']
dspy.configure(lm=typist(*answers, pace=slowly(0.12)), adapter=dspy.JSONAdapter())'''
OWN_MODEL = '''import dspy_toolkit
own = dspy_toolkit.lm('mlx/tiny')
dspy.configure(lm=own, adapter=dspy_toolkit.GrammarAdapter())
print(own.engine.worker.state)'''
OPEN = 'from dspy_toolkit.jupyter.editor import edit\neditor = edit(Route, globals())\neditor'
BUSY = 'import time; time.sleep(4)'
LOOK = 'print(editor.spec and [f.name for f in editor.spec.fields], [str(p) for p in editor.problems])'
TURN = 'from dataclasses import replace; editor.spec = replace(editor.spec, instructions="Written in a cell.")'


@pytest.fixture(scope='module')
def book(lab):
    "A notebook with a slow model, in JupyterLab."
    lab.open('%load_ext dspy_toolkit', MODEL, ROUTE, OPEN, BUSY, LOOK, TURN, '%dspy edit')
    name = lab.name
    lab.run(0).run(1)
    yield lambda: lab if lab.name == name else lab.show(name)


class Page:
    "One editor on the screen."

    def __init__(self, lab, cell):
        self.lab, self.page, self.root = lab, lab.page, lab.output(cell).locator('.dspy-editor')
        self.state('valid')

    def button(self, name): return self.root.get_by_role('button', name=name, exact=True)
    def tab(self, name): return self.root.get_by_role('tab', name=name)
    def row(self, name): return self.root.get_by_role('group', name=re.compile(f'^(input|output) {name}$'))
    def box(self, name, part): return self.row(name).locator(f'[data-key$=".{part}"]')
    def names(self): return self.root.locator('.row [data-key$=".name"]').evaluate_all('boxes => boxes.map(b => b.value)')
    def state(self, text): expect(self.root.locator('.state[aria-busy=false]')).to_have_text(text); return self  # what Python says of what is typed now
    def notice(self): return self.root.locator('.foot .notice')

    def add(self, side, name, kind=''):
        self.button(f'Add {side}').click()
        self.page.keyboard.type(name)
        self.page.keyboard.press('Tab')
        self.page.keyboard.type(kind)
        self.page.keyboard.press('Tab')
        return self


@pytest.fixture
def editor(book):
    "A fresh editor."
    lab = book()
    lab.run(2).run(3)
    return Page(lab, 3)


def told(lab, cell=5):
    "What Python has."
    lab.run(cell)
    return lab.output(cell).inner_text().strip()


def until_told(lab, said):
    "Ask until Python has what was done last on the page, which sends it a moment later."
    end = time.monotonic() + 10
    while (found := told(lab)) != said and time.monotonic() < end: time.sleep(0.1)
    assert found == said


# --- rows


def test_rows_are_added_removed_moved_and_undone(editor, shots):
    editor.box('team', 'name').focus()
    editor.page.keyboard.press('Enter')  # one below
    editor.page.keyboard.type('between')
    assert editor.names() == ['email', 'team', 'between', 'urgency']
    for _ in range(2): editor.page.keyboard.press('Control+z')
    editor.add('output', 'why', 'str')
    assert editor.names() == ['email', 'team', 'urgency', 'why']
    editor.button('move why up').click()
    expect(editor.button('move why up')).to_be_focused()
    assert editor.names() == ['email', 'team', 'why', 'urgency']
    editor.button('remove team').click()
    assert editor.names() == ['email', 'why', 'urgency']
    editor.state('valid')
    until_told(editor.lab, "['email', 'why', 'urgency'] []")
    editor.box('why', 'name').focus()
    for _ in range(2): editor.page.keyboard.press('Control+z')
    assert editor.names() == ['email', 'team', 'urgency', 'why']
    editor.page.keyboard.press('Control+Shift+z')
    assert editor.names() == ['email', 'team', 'why', 'urgency']
    while editor.button('Undo (Ctrl+Z)').is_enabled(): editor.button('Undo (Ctrl+Z)').click()
    assert editor.names() == ['email', 'team', 'urgency']
    until_told(editor.lab, "['email', 'team', 'urgency'] []")


def test_a_row_is_dragged_also_to_the_other_side(editor):
    def drag(name, to):
        grip, goal = editor.row(name).locator('.grip').bounding_box(), editor.row(to).bounding_box()
        editor.page.mouse.move(grip['x'] + 6, grip['y'] + 10)
        editor.page.mouse.down()
        editor.page.mouse.move(grip['x'] + 6, goal['y'] + 3, steps=4)
        editor.page.mouse.up()
    drag('urgency', 'team')
    assert editor.names() == ['email', 'urgency', 'team']
    drag('urgency', 'email')
    assert editor.names() == ['urgency', 'email', 'team']
    expect(editor.root.get_by_role('group', name='input urgency')).to_be_visible()
    editor.state('valid')
    until_told(editor.lab, "['urgency', 'email', 'team'] []")


def test_words_typed_in_one_go_are_undone_in_one_go(editor):
    editor.box('email', 'description').click()
    editor.page.keyboard.type(' today')
    editor.page.keyboard.press('Control+z')
    expect(editor.box('email', 'description')).to_have_value('as received')


ADD = '''async label => {
    const root = document.querySelector('.dspy-editor'), button = [...root.querySelectorAll('button')].find(b => b.textContent == 'Add output'), count = () => root.querySelectorAll('.row').length;
    const before = count(), start = performance.now();
    button.click();
    while (count() == before) await new Promise(r => setTimeout(r, 1));
    await new Promise(requestAnimationFrame);
    return performance.now() - start }'''


def test_a_row_is_added_at_once_also_while_a_cell_runs(editor):
    idle = [editor.page.evaluate(ADD) for _ in range(5)]
    editor.lab.start(4)
    busy = [editor.page.evaluate(ADD) for _ in range(5)]
    # not the kernel's status: a subshell that answers the page says idle meanwhile
    assert editor.lab.js('return panel.content.widgets[4].model.executionState') == 'running'
    editor.page.keyboard.type('late')
    expect(editor.row('late')).to_be_visible()
    editor.lab.wait()
    print(f'\nadd a row: {sorted(idle)[2]:.0f} ms idle, {sorted(busy)[2]:.0f} ms while a cell runs (most {max(busy):.0f} ms)')
    assert max(busy) < 1000


# --- what is wrong


def test_what_is_wrong_is_said_beside_the_very_box(editor, shots):
    kind = editor.box('urgency', 'type')
    kind.fill('integr')
    problem = editor.row('urgency').locator('.problem', has_text="unknown type 'integr' → did you mean int?")
    expect(problem).to_be_visible()
    expect(kind).to_have_attribute('aria-invalid', 'true')
    assert kind.get_attribute('aria-describedby') == problem.get_attribute('id')
    below, box = problem.bounding_box(), kind.bounding_box()
    assert abs(below['x'] - box['x']) < 8 and 0 <= below['y'] - box['y'] - box['height'] < 12
    editor.state('1 problem')
    expect(editor.root.locator('.page pre').first).to_contain_text('urgency: int')  # the last cell that was valid
    shots(editor.root, 'wrong type')
    until_told(editor.lab, "None [\"unknown type 'integr' → did you mean int?\"]")
    editor.button('Save as version').click(force=True)
    expect(editor.notice()).to_contain_text('not saved')
    expect(kind).to_be_focused()
    kind.fill('int')
    expect(problem).to_be_hidden()
    editor.state('valid')


def test_a_name_is_checked_without_python(editor):
    editor.lab.start(4)
    editor.box('urgency', 'name').fill('email')
    expect(editor.root.locator('.problem', has_text="there are two fields called 'email'")).to_be_visible()
    assert editor.lab.js('return panel.content.widgets[4].model.executionState') == 'running'
    editor.lab.wait()
    editor.root.get_by_label('name of the signature').fill('')
    editor.state('2 problems')


def test_limits_go_with_the_type(editor, shots):
    editor.button('default and limits of urgency').click()
    limits = lambda: [n.inner_text() for n in editor.row('urgency').locator('.named:visible label').all()]
    assert limits() == ['direction', 'default', '≥', '>', '≤', '<', 'multiple of']
    editor.box('urgency', 'le').fill('ten')
    expect(editor.row('urgency').locator('.problem', has_text='ten is not a value')).to_be_visible()
    editor.box('urgency', 'le').fill('5')
    editor.box('urgency', 'default').fill('7')
    expect(editor.row('urgency').locator('.problem.warning', has_text='the default is not')).to_be_visible()  # DSPy takes it all the same
    editor.state('valid')
    editor.box('urgency', 'type').fill('str')
    expect(editor.row('urgency').locator('.named:visible label', has_text='min length')).to_be_visible()
    assert '≤' in limits()  # it has a value, which nobody throws away
    shots(editor.root, 'limits')


def test_types_are_suggested(editor, shots):
    kind = editor.box('team', 'type')
    kind.fill('')
    editor.page.keyboard.type('list[dat')
    options = editor.row('team').locator('[role=option]')  # of the list, not of the row's own menu
    expect(options).to_have_text(['dateday', 'datetimeday and time'])
    shots(editor.page, 'suggestions')
    for key in ('ArrowDown', 'ArrowDown', 'Enter'): editor.page.keyboard.press(key)
    expect(kind).to_have_value('list[datetime')
    expect(options).to_have_count(0)
    assert len(editor.names()) == 3  # Enter chose, and added no row
    editor.page.keyboard.type(']')
    editor.state('valid')


def test_types_are_found_by_plain_words_too(editor):
    kind = editor.box('team', 'type')
    kind.fill('')
    kind.click()  # an empty box offers all
    options = editor.row('team').locator('[role=option]')  # of the list, not of the row's own menu
    expect(options.first).to_have_text('strtext')
    editor.page.keyboard.type('yes')
    expect(options).to_have_text(['boolyes or no'])
    for key in ('ArrowDown', 'Enter'): editor.page.keyboard.press(key)
    expect(kind).to_have_value('bool')
    kind.fill('')
    editor.page.keyboard.type('some')
    for key in ('ArrowDown', 'Enter'): editor.page.keyboard.press(key)
    editor.page.keyboard.type('"low", "high"')  # over the example
    expect(kind).to_have_value('list[Literal["low", "high"]]')
    editor.state('valid')


def test_an_empty_editor_says_what_is_missing_only_to_those_who_pass_it_by(book, shots):
    lab = book().clear().run(7)
    root = lab.output(7).locator('.dspy-editor')
    expect(root.locator('.state')).to_have_text('not filled in yet')
    assert root.locator('.problem:visible').count() == 0 and root.locator('.state.bad').count() == 0
    shots(root, 'empty')
    root.get_by_label('name of the signature').click()
    for _ in range(2): lab.page.keyboard.press('Tab')
    expect(root.locator('.problem:visible')).to_have_text(['the signature has no name → write one, such as Triage'])
    expect(root.locator('.state')).to_have_text('1 problem')
    root.get_by_role('button', name='Save as version').click(force=True)
    expect(root.locator('.state')).to_have_text('3 problems')
    expect(root.get_by_label('name of the signature')).to_be_focused()
    lab.clear()


# --- previews, versions, cells


def test_a_version_is_saved_and_what_changed_is_shown(editor, shots):
    version = re.fullmatch(r'saved as (Route@\d+)', editor.root.locator('.since').inner_text())[1]
    editor.add('input', 'customer', 'str')
    expect(editor.root.locator('.since')).to_have_text(since := f'since {version}')
    expect(editor.root.locator('.summary')).to_have_text(f'{since}: breaks callers and examples: customer added: input of type str')
    editor.tab('Changes').click()
    rows = editor.root.get_by_role('table', name='changes').get_by_role('row')
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text('added')
    shots(editor.root, 'changes')
    editor.root.get_by_label('why this version').fill('who writes')
    editor.button('Save as version').click()
    expect(editor.notice()).to_have_text(re.compile(r'saved as Route@\d+'))
    expect(editor.root.locator('.since')).to_have_text(re.compile(rf'saved as Route@(?!{version[6:]}$)\d+'))
    expect(editor.root.get_by_label('why this version')).to_have_value('')
    editor.lab.js("panel.model.sharedModel.insertCell(7, {cell_type: 'code', source: 'list(Route.input_fields)'})")
    assert "['email', 'customer']" in told(editor.lab, 7)
    editor.lab.js('panel.model.sharedModel.deleteCell(7)')


def test_the_prompt_follows_what_is_typed(editor, shots):
    editor.tab('Prompt').click()
    page = editor.root.get_by_role('tabpanel')
    expect(page).to_contain_text('‹email›')
    editor.root.get_by_label('Instructions').fill('Be <b>brief</b>.')
    expect(page).to_contain_text('Be <b>brief</b>.')
    assert page.locator('b').count() == 0
    expect(page).to_contain_text('JSONAdapter')
    expect(page.get_by_role('group', name='system')).to_contain_text('Be <b>brief</b>.')
    editor.box('urgency', 'type').fill('strng')  # no signature any more
    editor.state('1 problem')
    expect(page).to_contain_text('as it was when it last was valid')
    expect(page.get_by_role('group', name='system')).to_contain_text('Be <b>brief</b>.')
    editor.box('urgency', 'type').fill('int')
    expect(page).not_to_contain_text('as it was')
    editor.tab('Python').click()
    expect(editor.root.get_by_role('tabpanel')).to_contain_text('class Route(dspy.Signature):')
    shots(editor.root, 'python')


def test_the_prompt_says_the_tokens_of_each_part_to_eyes_and_ears_without_the_model(editor, shots):
    lab, keys, page = editor.lab, editor.page.keyboard, editor.root.get_by_role('tabpanel')
    lab.js("panel.model.sharedModel.insertCell(8, {cell_type: 'code', source: value})", OWN_MODEL)
    try:
        lab.run(8)
        editor.root.get_by_label('Instructions').fill('Be brief.')
        editor.tab('Cell').focus()
        for _ in range(2): keys.press('ArrowRight')
        expect(editor.tab('Prompt')).to_be_focused()
        expect(page.get_by_role('group', name=re.compile(r'^system · \d+ tokens$'))).to_contain_text('Be brief.')
        expect(page.get_by_role('group', name=re.compile(r'^user · \d+ tokens$'))).to_contain_text('‹email›')
        expect(page).to_contain_text(re.compile(r'mlx/tiny · GrammarAdapter, short · \d+ tokens'))
        keys.press('Tab')
        expect(page).to_be_focused()
        editor.page.evaluate(AXE_SCRIPT)
        for theme in ('Dark', 'Light'):
            lab.theme(theme)
            editor.page.locator('#jupyterlab-splash').wait_for(state='detached')
            found = editor.page.evaluate("() => axe.run('.dspy-editor [role=tabpanel]:not([hidden])', {resultTypes: ['violations']})")
            shots(editor.root, f'tokens, {theme.lower()}')
            assert found['violations'] == []
        lab.run(8)
        assert lab.output(8).inner_text().strip() == 'new'
    finally:
        lab.js('panel.model.sharedModel.deleteCell(8)')
        lab.run(1)


def test_the_cell_is_inserted_below_and_runs(editor, shots):
    editor.add('output', 'why', 'str')
    editor.button('Insert cell').click()  # before Python has answered
    expect(editor.notice()).to_have_text('inserted below')
    source = editor.lab.source(4)
    assert source.startswith('%%dspy Signature Route\n') and source.endswith('why: str')
    editor.lab.run(4)
    expect(editor.lab.output(4).get_by_role('group', name='signature Route')).to_contain_text('why')
    editor.lab.js('panel.model.sharedModel.deleteCell(4)')


def test_python_and_the_page_follow_each_other(editor):
    editor.lab.run(6)
    expect(editor.root.get_by_label('Instructions')).to_have_value('Written in a cell.')
    editor.root.get_by_label('Instructions').fill('Written on the page.')
    editor.box('team', 'type').fill('strng')
    editor.state('1 problem')
    editor.lab.js("panel.model.sharedModel.insertCell(7, {cell_type: 'code', source: 'editor.draft[\"instructions\"], editor.spec'})")
    assert "('Written on the page.', None)" in told(editor.lab, 7)
    editor.lab.js('panel.model.sharedModel.deleteCell(7)')
    editor.page.keyboard.press('Control+z')


# --- trying


def test_a_run_streams_and_stops(editor, shots):
    editor.add('output', 'why', 'str')
    editor.tab('Try it').click()
    editor.page.evaluate('''() => { window.frames_ = []; const root = document.querySelector('.dspy-editor .result');
        new MutationObserver(() => window.frames_.push([performance.now(), root.innerText])).observe(root, {childList: true}) }''')
    editor.root.get_by_label('email', exact=True).fill('I was charged <b>twice</b>.')
    editor.button('Run').click()
    running = editor.root.get_by_role('group', name='Route, Predict: running')
    expect(running).to_contain_text('It asks')
    shots(editor.page, 'running')
    expect(editor.root.get_by_role('group', name='Route, Predict: done')).to_contain_text('and soon.')
    times = [t for t, _ in editor.page.evaluate('window.frames_')]
    rate = (len(times) - 1) / (times[-1] - times[0]) * 1000
    print(f'\nupdates while a run streams: {rate:.1f} a second')
    assert rate > 3
    assert editor.root.locator('.result img').count() == 0 and editor.page.evaluate('window.hacked') is None
    shots(editor.root, 'done')
    editor.button('Run').click()
    expect(editor.root.get_by_role('group', name='Route, Predict: running')).to_contain_text('It asks')
    editor.button('Stop').click()
    stopped = editor.root.get_by_role('group', name='Route, Predict: stopped')
    expect(stopped).to_contain_text('It asks')
    expect(editor.root.get_by_role('tabpanel').get_by_role('status')).to_contain_text('stopped; what was written is kept')
    shots(editor.root, 'stopped')
    expect(editor.button('Run')).to_be_visible()


def test_what_is_missing_is_said_beside_its_box(editor):
    editor.add('input', 'count', 'int')
    count = editor.lab.js('return panel.content.widgets[3].model.executionCount')
    editor.page.keyboard.press('Control+Enter')  # runs the signature, not the cell
    expect(editor.root.locator('.box', has_text='count').locator('.problem')).to_have_text('count needs a value')
    assert editor.lab.js('return panel.content.widgets[3].model.executionCount') == count


# --- everybody


@pytest.mark.parametrize('theme', ['Light', 'Dark'])
def test_axe_finds_nothing_serious(editor, theme, shots):
    editor.lab.theme(theme)
    editor.page.locator('#jupyterlab-splash').wait_for(state='detached')
    editor.add('output', 'urgency', 'strng')
    editor.state('2 problems')
    editor.button('default and limits of team').click()
    editor.page.evaluate(AXE_SCRIPT)
    found = []
    for tab in ('Cell', 'Prompt', 'Changes', 'Try it'):
        editor.tab(tab).click()
        result = editor.page.evaluate("() => axe.run('.dspy-editor', {resultTypes: ['violations']})")
        found += [(tab, v['id'], v['impact'], [n['target'] for n in v['nodes']][:3]) for v in result['violations']]
        shots(editor.root, f'{theme.lower()}, {tab}')
    editor.lab.theme('Light')
    print(f'\naxe, {theme.lower()}: {sorted({f[1:3] for f in found}) or "nothing at all"}')
    assert [f for f in found if f[2] in ('serious', 'critical')] == []


def test_by_keyboard_alone(book, shots):
    "Open it, add a field, type, move it, save: no mouse."
    lab, keys = book(), book().page.keyboard
    lab.run(2)
    lab.js("panel.content.activeCellIndex = 3; panel.content.deselectAll(); panel.content.mode = 'command'; app.commands.execute('notebook:enter-command-mode'); panel.content.activeCell.node.focus()")
    keys.press('Control+Enter')
    lab.wait()
    editor = Page(lab, 3)
    focused = lambda: lab.page.evaluate("() => { const e = document.activeElement; return e.closest('.dspy-editor') ? e.getAttribute('aria-label') || e.textContent || e.id : '' }")

    def tab_to(name, most=40):
        for n in range(most):
            if focused() == name: return n
            keys.press('Tab')
        raise AssertionError(f'{name} cannot be reached')
    print(f"\nkeys to the editor's first box: {tab_to('name of the signature')}")
    tab_to('Add output')
    keys.press('Enter')
    keys.type('summary')
    keys.press('Tab')
    keys.type('list[str]')
    keys.press('Tab')
    keys.type('in a few words')
    keys.press('Enter')  # another one below
    keys.type('score')
    editor.state('valid')
    keys.press('Alt+ArrowUp')
    keys.press('Alt+ArrowUp')
    assert editor.names() == ['email', 'team', 'score', 'urgency', 'summary']
    expect(editor.box('score', 'name')).to_be_focused()
    expect(editor.notice()).to_have_text('score is now output 2')
    for _ in range(2): keys.press('Alt+ArrowUp')  # over the border
    expect(editor.root.get_by_role('group', name='input score')).to_be_visible()
    expect(editor.notice()).to_have_text('score is now input 2')
    for _ in range(2): keys.press('Alt+ArrowDown')
    tab_to('remove score')
    keys.press('Enter')
    expect(editor.box('urgency', 'name')).to_be_focused()
    tab_to('Cell')
    cells = lab.js('return panel.content.widgets.length')
    for key in 'abx': keys.press(key)  # to the notebook they mean: insert above, insert below, cut
    assert lab.js('return panel.content.widgets.length') == cells
    expect(editor.tab('Cell')).to_be_focused()
    for _ in range(3): keys.press('ArrowRight')
    expect(editor.tab('Changes')).to_be_focused()
    expect(editor.root.get_by_role('tabpanel')).to_contain_text('summary: list[str]')
    tab_to('why this version')
    keys.type('by hand')
    tab_to('Save as version')
    shots(editor.root, 'keyboard')
    keys.press('Enter')
    expect(editor.notice()).to_have_text(re.compile(r'saved as Route@\d+'))
    until_told(lab, "['email', 'team', 'urgency', 'summary'] []")


# --- reloads, restarts, other places


def test_a_page_that_is_loaded_again_goes_on_where_it_was(editor, shots):
    editor.root.get_by_label('Instructions').fill('Not lost.')
    editor.box('team', 'type').fill('strng')
    editor.state('1 problem')
    lab = editor.lab
    lab.js('await panel.context.save()')
    saved = nbformat.read(lab.server.folder/lab.name, 4)
    lab.show(lab.name, again=True)
    root = lab.output(3).locator('.dspy-editor')
    expect(root.get_by_label('Instructions')).to_have_value('Not lost.')
    expect(root.locator('.problem', has_text="unknown type 'strng'")).to_be_visible()
    assert 'widgets' not in saved.metadata
    shots(root, 'loaded again')


def test_somebody_else_s_notebook_shows_the_card(editor):
    "Its widget is gone, and its html is washed, since it is not trusted."
    lab = editor.lab
    cell = nbformat.v4.new_code_cell(OPEN, execution_count=1, outputs=[nbformat.from_dict(o) for o in lab.saved(3)])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={'kernelspec': {'name': 'python3', 'display_name': 'python3', 'language': 'python'}}), lab.server.folder/'theirs too.ipynb')
    lab.show('theirs too.ipynb')
    expect(lab.output(0)).to_contain_text('Route a support email to the right team.')
    expect(lab.output(0)).to_contain_text('Literal["billing", "technical", "sales"]')


def seen(lab, cell):
    "Of the outputs of a cell, the text of each that is on the screen."
    outputs = [o for o in lab.output(cell).locator('.jp-OutputArea-child').all() if o.is_visible()]
    return [o.inner_text() for o in outputs]


@pytest.mark.parametrize('front', ['lab', 'notebooks'])
def test_a_notebook_opened_without_its_kernel_shows_the_card_as_it_was_typed_last(lab, front, shots):
    lab.open('%load_ext dspy_toolkit', ROUTE, '%dspy edit Route', front=front)
    for n in range(3): lab.run(n)
    root = lab.output(2).locator('.dspy-editor')
    root.get_by_label('Instructions').fill('Typed <b>last</b>.')
    lab.page.wait_for_function("() => { " + PANEL + " return JSON.stringify(panel.content.widgets[2].model.outputs.toJSON()[0]).includes('Typed &lt;b&gt;last') }")
    assert len(seen(lab, 2)) == 1 and 'signature editor' in seen(lab, 2)[0]  # of the two outputs, the living one
    lab.js('await panel.context.save(); await panel.sessionContext.session.shutdown()')
    lab.show(lab.name, front, again=True)
    expect(lab.output(2)).to_contain_text('Typed <b>last</b>.')
    lab.page.wait_for_function("""() => [...document.querySelectorAll('.jp-OutputArea-child')].some(o => o.textContent == 'Error displaying widget: model not found')""")
    texts = seen(lab, 2)
    assert len(texts) == 1 and 'Literal["billing", "technical", "sales"]' in texts[0] and 'edited since Route@' in texts[0]
    shots(lab.page, f'no kernel, {front}')
    for n in range(3): lab.run(n)  # and with a kernel, the editor is back
    expect(root).to_be_visible()
    assert len(seen(lab, 2)) == 1 and 'signature editor' in seen(lab, 2)[0]


def test_a_kernel_that_goes_takes_nothing_with_it(editor, shots):
    editor.add('output', 'why', 'str')
    editor.root.get_by_label('Instructions').fill('Typed \\d before the\n"end"')
    lab = editor.lab
    lab.js('await panel.sessionContext.session.kernel.restart()')
    expect(editor.root.get_by_role('alert')).to_contain_text('The kernel has gone')
    editor.state('disconnected')
    assert editor.names() == ['email', 'team', 'urgency', 'why']
    editor.add('output', 'later', 'bool')
    shots(editor.root, 'disconnected')
    editor.root.get_by_role('alert').get_by_role('button').click()
    expect(editor.notice()).to_have_text('inserted below')
    source = lab.source(4)
    expect(editor.root.locator('.page pre')).to_have_text(source)
    assert [f.name for f in parse_cell(source).spec.fields] == ['email', 'team', 'urgency', 'why', 'later'] and parse_cell(source).spec.instructions == 'Typed \\d before the\n"end"'
    lab.js('panel.model.sharedModel.deleteCell(4)')
    lab.run(0).run(1)


def do(lab, line):
    "Run a verb, without a cell."
    lab.js('await panel.sessionContext.session.kernel.requestExecute({code: value}).done', f'get_ipython().run_line_magic("dspy", {line!r})')


def test_an_edit_is_checked_against_its_cases_first_and_can_be_saved_all_the_same(editor, shots):
    for case in ('charged email="I was charged twice." --expect team=technical', 'fine email="All fine." --expect team=billing'): do(editor.lab, f'case Route {case}')
    editor.root.get_by_label('Instructions').fill('Route it to a team.')
    editor.state('valid').tab('Try it').click()
    editor.root.get_by_label('email', exact=True).fill('It is late.')
    editor.button('Keep as case…').click()
    name = editor.root.get_by_label('name of the case')
    expect(name).to_be_focused()
    expect(name).to_have_value('late')
    editor.page.keyboard.press('Enter')
    expect(name).to_be_hidden()
    expect(editor.notice()).to_contain_text('kept the case late')
    editor.button('Run').click()
    lines = editor.root.get_by_role('list', name='cases').get_by_role('listitem')
    expect(lines).to_have_count(3)
    assert [' '.join(line.split()) for line in lines.all_inner_texts()] == ['✗ failed charged team: billing, expected technical', '✓ pass fine', '✓ pass late']
    expect(editor.root.locator('.foot .broken')).to_have_text('this edit fails 1 case: charged (team)')
    expect(editor.root.get_by_role('group', name='Route, Predict: running')).to_contain_text('billing')
    editor.page.evaluate(AXE_SCRIPT)
    result = editor.page.evaluate("() => axe.run('.dspy-editor', {resultTypes: ['violations']})")
    assert [(v['id'], [n['target'] for n in v['nodes']]) for v in result['violations'] if v['impact'] in ('serious', 'critical')] == []
    shots(editor.root, 'cases of an edit')
    editor.button('Stop').click()
    editor.button('Save as version').click()
    expect(editor.notice()).to_have_text(re.compile(r'saved as Route@\d+'))
    expect(editor.root.locator('.foot .broken')).to_have_text('')
    for case in ('charged', 'fine', 'late'): do(editor.lab, f'case Route {case} --delete')


def test_notebook_7_has_it_all(lab, shots):
    lab.open('%load_ext dspy_toolkit', MODEL, ROUTE, OPEN, BUSY, LOOK, front='notebooks')
    assert lab.js('return app.name') == 'Jupyter Notebook'
    for n in range(4): lab.run(n)
    editor = Page(lab, 3)
    editor.add('output', 'why', 'strng')
    expect(editor.root.locator('.problem', has_text="unknown type 'strng'")).to_be_visible()
    editor.box('why', 'type').fill('str')
    editor.button('move why up').click()
    assert editor.names() == ['email', 'team', 'why', 'urgency']
    lab.start(4)
    busy = lab.page.evaluate(ADD)
    assert lab.js('return panel.content.widgets[4].model.executionState') == 'running'
    print(f'\nadd a row in Notebook 7 while a cell runs: {busy:.0f} ms')
    assert busy < 1000
    lab.page.keyboard.press('Control+z')
    lab.wait()
    editor.button('Save as version').click()
    expect(editor.notice()).to_have_text(re.compile(r'saved as Route@\d+'))
    editor.tab('Try it').click()
    editor.root.get_by_label('email', exact=True).fill('x')
    lab.page.keyboard.press('Control+Enter')
    expect(editor.root.get_by_role('group', name='Route, Predict: running')).to_contain_text('It asks')
    editor.button('Stop').click()
    expect(editor.root.get_by_role('group', name='Route, Predict: stopped')).to_contain_text('It asks')
    editor.button('Insert cell').click()
    expect(editor.notice()).to_have_text('inserted below')
    assert lab.source(4).startswith('%%dspy Signature Route\n')
    shots(lab.page, 'notebook 7')
    lab.run(4)
    expect(lab.output(4)).to_contain_text('why')
    assert told(lab, 6) == "['email', 'team', 'why', 'urgency'] []"
    lab.js("panel.content.widgets[6].model.sharedModel.setSource(value)", '%%dspy run Route\nemail = "x"')
    lab.run(6)
    marks = lab.output(6).get_by_role('group', name='what you say of this answer')  # and the buttons below an answer
    marks.get_by_role('button', name='✎ Correct…').click()
    marks.get_by_label('urgency').fill('11')
    marks.get_by_label('urgency').press('Enter')
    expect(marks.locator('.problem:visible')).to_contain_text('less than or equal to 10')
    marks.get_by_label('urgency').fill('9')
    marks.get_by_label('urgency').press('Enter')
    expect(marks.get_by_role('status')).to_contain_text('%dspy mark last --correct urgency=9')
    marks.get_by_role('button', name='Undo').click()
    expect(marks.get_by_role('status')).to_contain_text('%dspy mark last --undo')
    shots(lab.output(6), 'buttons below an answer, notebook 7')
    assert 'dspy-answer' in str(lab.saved(6)) and 'button' not in str(lab.saved(6))  # a saved notebook has none
    lab.js('await panel.sessionContext.session.kernel.restart()')
    expect(marks).to_have_count(0)  # and they go with their kernel
    expect(lab.output(6)).to_contain_text('billing')


ALONE = '''async ([code, state]) => {
    const heard = {}, sent = window.sent = [], model = window.model = {
        get: k => state[k], set: (k, v) => { state[k] = v }, save_changes: () => sent.push(structuredClone(state)), send: m => sent.push(m), on: (e, f) => (heard[e] ??= []).push(f), off: () => {},
        say: (k, v) => { state[k] = v; (heard['change:' + k] ?? []).forEach(f => f()) } };
    const {default: widget} = await import('data:text/javascript;base64,' + code);
    widget.render({model, el: document.querySelector('main')}) }'''


@pytest.fixture
def alone(lab):
    "The page's half on an empty page without Jupyter, as VS Code or Colab might show it."
    spec = parse_cell(ROUTE.replace('as received', '<img src=x onerror=hacked=1>'), 'Route').spec
    made, context = SignatureEditor(spec, {}), lab.page.context.browser.new_context()
    page = context.new_page()
    state = {k: getattr(made, k) for k in ('draft', 'inputs', 'checked', 'suggestions', 'trial', 'notice', 'me')}
    page.set_content(f"<style>{SignatureEditor._css}</style><main></main>")
    page.evaluate(ALONE, [base64.b64encode(SignatureEditor._esm.encode()).decode(), json.loads(json.dumps(state))])
    yield page
    context.close()


def test_without_jupyter_the_cell_goes_to_the_clipboard_or_is_selected(alone, shots):
    alone.evaluate("() => { Object.defineProperty(navigator, 'clipboard', {value: {writeText: async text => { window.copied = text }}}) }")
    alone.get_by_role('button', name='Insert cell').click()
    expect(alone.locator('.notice')).to_have_text('copied; paste it into a new cell')
    assert alone.evaluate('window.copied').startswith('%%dspy Signature Route\n')
    alone.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('no') } }")
    alone.get_by_role('tab', name='Prompt').click()
    alone.get_by_role('button', name='Insert cell').click()
    expect(alone.locator('.notice')).to_contain_text('press Ctrl+C')
    assert alone.evaluate('String(getSelection())').startswith('%%dspy Signature Route')
    shots(alone, 'elsewhere')
    alone.set_viewport_size(dict(width=420, height=900))
    shots(alone, 'narrow')
    assert alone.evaluate("document.querySelector('.dspy-editor').scrollWidth <= document.querySelector('.dspy-editor').clientWidth + 1")


def test_what_was_typed_is_only_ever_text(alone):
    assert alone.locator('.dspy-editor img').count() == 0 and alone.evaluate('window.hacked') is None
    evil = '<img src=x onerror=hacked=1>'
    for key in ('.name', '.instructions'): alone.locator(f'[data-key="{key}"]').fill(evil)
    alone.evaluate('text => { const c = structuredClone(model.get("checked")); c.problems = [{field: "", part: "name", message: text, hint: text}]; c.by = model.get("draft").by; c.n = model.get("draft").n;'
                   ' c.cells = [text]; c.prompt = [[text, text]]; model.say("checked", c); model.say("notice", {n: 1, text, level: "error"}); model.say("suggestions", [[text, text]]) }', evil)
    for tab in ('Cell', 'Python', 'Prompt', 'Changes', 'Try it'): alone.get_by_role('tab', name=tab).click()
    assert alone.locator('.dspy-editor img').count() == 0 and alone.evaluate('window.hacked') is None


def test_an_answer_to_an_older_draft_is_passed_over(alone):
    first = alone.locator('[data-key="p0.type"]')
    first.fill('in')
    old = alone.evaluate('structuredClone(model.get("draft"))')
    alone.wait_for_function('() => sent.length')
    first.fill('int')
    alone.evaluate('old => model.say("checked", {n: old.n, by: old.by, valid: false, problems: [{field: "p0", part: "type", message: "old news", hint: ""}], fits: {}})', old)
    assert alone.locator('.problem', has_text='old news').count() == 0


def test_typing_is_sent_once_a_pause_is_made_and_at_once_when_one_leaves(alone):
    alone.locator('[data-key=".instructions"]').click()
    alone.keyboard.type('quickly')
    assert alone.evaluate('sent.length') == 0
    alone.wait_for_function('() => sent.length == 1')
    alone.keyboard.type('x')
    alone.evaluate('document.activeElement.blur()')
    assert alone.evaluate('sent.length') == 2 and alone.evaluate('sent[1].draft.instructions').endswith('quicklyx')


def test_nothing_was_asked_of_any_other_machine(lab):
    assert lab.refused == []


def pressed_while_composing(node, how: dict):
    "Press the keys of an input method: candidates are walked through, chosen and dismissed."
    node.evaluate('''(node, how) => { node.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
        for (const key of ['ArrowDown', 'ArrowUp', 'Enter', 'Escape']) for (const more of [{}, {ctrlKey: true}, {altKey: true}])
            node.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...more, ...how})) }''', how)


@pytest.mark.parametrize('how', [dict(isComposing=True), dict(keyCode=229)], ids=['as browsers say it', 'as Safari says it'])
def test_a_key_of_an_input_method_is_left_to_it(alone, how):
    "Enter that confirms a candidate saves no version, adds no field, picks no type and runs nothing; Enter after it does."
    message, name = alone.get_by_label('why this version'), alone.locator('.row [data-key$=".name"]').first
    kind, rows = alone.locator('.row [data-key$=".type"]').first, alone.locator('.row')
    before = rows.count()
    kind.fill('st')
    kind.press('ArrowDown')
    alone.wait_for_timeout(400)
    sent, order = alone.evaluate('sent.length'), alone.locator('.row [data-key$=".name"]').evaluate_all('boxes => boxes.map(b => b.value)')
    for node in (message, name, kind, alone.get_by_role('tab', name='Cell')): pressed_while_composing(node, how)
    alone.wait_for_timeout(400)
    assert alone.evaluate('sent.length') == sent and rows.count() == before and kind.input_value() == 'st'
    assert alone.locator('.row [data-key$=".name"]').evaluate_all('boxes => boxes.map(b => b.value)') == order
    kind.press('Enter')
    assert kind.input_value() != 'st'
    name.press('Enter')
    expect(rows).to_have_count(before + 1)
    message.press('Enter')
    alone.wait_for_function('n => sent.length > n', arg=sent)


def test_an_input_method_writes_a_word_and_its_enter_saves_nothing(alone):
    "As Chromium itself passes on the keys of an input method."
    message = alone.get_by_label('why this version')
    message.focus()
    alone.wait_for_timeout(400)
    sent, keys = alone.evaluate('sent.length'), alone.context.new_cdp_session(alone)
    keys.send('Input.imeSetComposition', dict(text='にほん', selectionStart=3, selectionEnd=3))
    keys.send('Input.dispatchKeyEvent', dict(type='rawKeyDown', key='Enter', code='Enter', windowsVirtualKeyCode=229))
    keys.send('Input.insertText', dict(text='日本'))
    keys.send('Input.dispatchKeyEvent', dict(type='keyUp', key='Enter', code='Enter', windowsVirtualKeyCode=13))
    alone.wait_for_timeout(400)
    assert message.input_value() == '日本' and alone.evaluate('sent.length') == sent
