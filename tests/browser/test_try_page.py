"The page to try programs as a person sees it, on a real server: forms, an answer while it is written, Stop, and lines of code that work."
import contextlib
import datetime
import enum
import json
import subprocess
import threading
import time
from typing import Literal

import dspy
import pydantic
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from dspy.utils import DummyLM
from playwright.sync_api import expect

import dspy_toolkit
from dspy_toolkit.deploy.app import make_app
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.server import HTTPServer, Place
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens


class Triage(dspy.Signature):
    "Route a support email to the right team.\n\nA person reads what is urgent first."
    email: str = dspy.InputField(desc='as received')
    priority: Literal['low', 'normal', 'high'] = dspy.OutputField()
    team: Literal['billing', 'technical', 'sales'] = dspy.OutputField()
    needs_human: bool = dspy.OutputField()


class Story(dspy.Signature):
    "Write a long story."
    topic: str = dspy.InputField()
    story: str = dspy.OutputField()


class Level(enum.Enum):
    low = 'low'
    high = 'high'


class Line(pydantic.BaseModel):
    item: str
    count: int = pydantic.Field(1, ge=0, le=99)


class Order(dspy.Signature):
    "Give back what came in."
    note: str = dspy.InputField(desc='any text')
    lines: list[Line] = dspy.InputField()
    level: Level = dspy.InputField(default=Level.high)
    kind: Literal['new', 'again'] = dspy.InputField()
    urgent: bool = dspy.InputField(default=True)
    number: int = dspy.InputField(ge=3)
    price: float | None = dspy.InputField(default=None)
    day: datetime.date = dspy.InputField()
    extra: dict[str, int] = dspy.InputField(default={'a': 1})
    remark: str | None = dspy.InputField(default='none yet')
    got: dict = dspy.OutputField()


class GiveBack(dspy.Module):
    def __init__(self):
        super().__init__()
        self.step = dspy.Predict(Order)

    async def aforward(self, **inputs): return dspy.Prediction(got=pydantic.TypeAdapter(dict).dump_python(inputs, mode='json'))


ATTACK = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>'


class Hostile(dspy.Signature):
    __doc__ = ATTACK
    question: str = dspy.InputField(desc=ATTACK, default=ATTACK)
    answer: str = dspy.OutputField(desc=ATTACK)
    items: list[str] = dspy.OutputField()


def look_up(what: str) -> str: return ATTACK


STEPS = [
    dict(next_thought='look', next_tool_name='look_up', next_tool_args=json.dumps({'what': ATTACK})),
    dict(next_thought='enough', next_tool_name='finish', next_tool_args='{}'),
    dict(reasoning=ATTACK, answer=ATTACK, items=json.dumps([ATTACK])),
]


@pytest.fixture(scope='module')
def served(tmp_path_factory):
    "A server with four programs, the text of a token, and every address that the browser asked for."
    lm = dspy_toolkit.lm('mlx/tiny', max_tokens=900, cache=False)
    chat = dspy.ChatAdapter()
    hostile = Service(dspy.ReAct(Hostile, [look_up]), DummyLM(STEPS * 3, adapter=chat), 'Hostile', adapter=chat)
    tokens = Tokens(tmp_path_factory.mktemp('tokens')/'tokens.json')
    models = [Service(dspy.ChainOfThought(Triage), lm, 'Triage', 'Triage@3'), Service(dspy.ChainOfThought(Story), lm, 'Story')]
    ready, catalog = threading.Event(), Catalog(*models, Service(GiveBack(), lm, 'Order'), hostile)
    server = HTTPServer(make_app(catalog, tokens), Place(port=0, drain=5), lambda address: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(20)
    server.token, server.asked, home = tokens.add('tests'), [], f'{server.address}/'
    yield server
    server.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert [url for url in server.asked if not url.startswith((home, 'data:'))] == []
    assert [url for url in server.asked if server.token in url] == []


@pytest.fixture
def open_page(browser, served):
    "Opens the page in a window of its own, and shows a program; it ends in no error of the page."
    with contextlib.ExitStack() as stack:
        def open_page(program='Triage', token=True, width=1200, **settings):
            context = stack.enter_context(browser.new_context(viewport={'width': width, 'height': 900}, **settings))
            page = context.new_page()
            page.errors = []
            page.on('request', lambda request: served.asked.append(request.url))
            page.on('pageerror', lambda error: page.errors.append(str(error)))
            page.on('console', lambda message: page.errors.append(message.text) if 'Content Security' in message.text else None)
            page.goto(served.address + (f'/#token={served.token}' if token else '/'))
            if token:
                page.get_by_label('Program').select_option(program)
                page.card = page.get_by_role('region', name=program)
            pages.append(page)
            return page
        pages = []
        yield open_page
        assert [each.errors for each in pages] == [[]] * len(pages)


def answer_of(page): return page.card.get_by_role('group', name='Answer')


def test_a_token_is_asked_for_and_kept_in_the_tab_alone(open_page, served):
    page = open_page(token=False)
    box = page.get_by_role('textbox', name='Token')
    expect(box).to_be_focused()
    box.fill('dspyt_wrong')
    page.keyboard.press('Enter')
    expect(page.get_by_role('alert')).to_have_text('the token is not known, or was revoked')
    box.fill(served.token)
    page.keyboard.press('Enter')
    expect(page.get_by_label('email')).to_be_focused()
    page.reload()
    expect(page.get_by_label('email')).to_be_visible()
    assert page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]') == [0, 1, '']
    page.get_by_role('button', name='Forget the token').click()
    expect(page.get_by_label('email')).to_have_count(0)
    assert page.evaluate('sessionStorage.length') == 0


def test_a_token_in_the_address_leaves_it_at_once(open_page, served):
    page = open_page()
    expect(page.get_by_label('email')).to_be_visible()
    assert page.url == f'{served.address}/' and page.evaluate('history.length') == 2  # about:blank and this


def test_an_answer_is_seen_while_it_is_written(open_page):
    page = open_page()
    page.get_by_label('email').fill('I was charged twice for one order, and nobody answers.')
    page.evaluate('''() => {
        window.seen = new Set();
        const node = document.querySelector('section:not([hidden]) .outputs');
        const observer = new MutationObserver(() => window.seen.add(node.textContent));
        observer.observe(node, { subtree: true, childList: true, characterData: true });
    }''')
    page.keyboard.press('Control+Enter')
    expect(page.card.get_by_role('status')).to_have_text('done')
    seen = page.evaluate('[...window.seen]')
    assert len(seen) > 8 and all(text.startswith('reasoning') for text in seen) and 'team' not in seen[0]
    assert [term.inner_text() for term in page.card.get_by_role('term').all()] == ['reasoning', 'priority', 'team', 'needs_human']
    expect(page.card.locator('.facts')).to_contain_text(' tokens in, ')
    expect(page.card.locator('.facts')).to_contain_text('Triage@3 · mlx/tiny')


def wait_idle(served):
    end = time.monotonic() + 10
    while served.front.active and time.monotonic() < end: time.sleep(.02)
    return not served.front.active


def test_stop_ends_the_work_and_keeps_what_was_written(open_page, served):
    page = open_page('Story')
    page.get_by_label('topic').fill('x ' * 50)  # mlx/tiny goes on with it for seconds
    page.keyboard.press('Control+Enter')
    expect(answer_of(page)).to_contain_text('x x')
    assert served.front.active == 1 and answer_of(page).get_attribute('aria-busy') == 'true'
    page.keyboard.press('Escape')
    expect(page.card.get_by_role('status')).to_have_text('stopped')
    expect(answer_of(page)).to_contain_text('x x')
    assert wait_idle(served)
    page.card.get_by_role('button', name='Run').click()
    page.card.get_by_role('button', name='Stop').click()
    expect(page.card.get_by_role('status')).to_have_text('stopped')
    expect(page.card.get_by_role('button', name='Run')).to_be_focused()
    assert wait_idle(served)


NOTE = 'it\'s "quoted" $HOME `ls` \\ é 😀\n<b>&amp;</b> true null'


def fill_order(page):
    page.get_by_label('note').fill(NOTE)
    page.get_by_label('lines', exact=True).fill('[{"item": "ink", "count": 2}]')
    page.get_by_label('kind').select_option('again')
    page.get_by_label('number').fill('9007199254740993')
    page.get_by_label('day').fill('2026-11-27')
    page.get_by_label('remark').fill('')


MISTAKES = [  # label, what is written, what is said
    ('kind', '', 'choose one'), ('number', '', 'a number is needed'), ('number', '2', '3'), ('day', '', 'a date is needed'),
    ('lines', '[{"item"', 'this is not JSON'), ('lines', '{"item": "ink"}', 'a list in […] is needed'),
]


def test_each_type_has_its_control_and_mistakes_are_said_beside_it(open_page):
    page = open_page('Order')
    run = page.card.get_by_role('button', name='Run')
    for label, value, said in MISTAKES:
        fill_order(page)
        box = page.get_by_label(label, exact=True)
        if label == 'kind': box.select_option(value)
        else: box.fill(value)
        run.click()
        expect(box).to_be_focused()
        expect(page.card.locator('.problem:visible')).to_contain_text(said)
    fill_order(page)
    page.get_by_label('lines', exact=True).fill('[{"item": "ink", "count": 100}]')
    run.click()
    expect(page.card.get_by_role('alert')).to_contain_text('The inputs do not fit')
    expect(page.card.locator('.problem:visible')).to_have_text('lines[0].count: Input should be less than or equal to 99')
    page.get_by_role('button', name='Fill in the shape of lines').click()
    assert json.loads(page.get_by_label('lines', exact=True).input_value()) == [dict(item='', count=1)]


def test_the_lines_of_code_send_what_is_in_the_form(open_page, served, monkeypatch, capsys):
    page = open_page('Order')
    fill_order(page)
    page.card.get_by_role('button', name='Run').click()
    expect(page.card.get_by_role('status')).to_have_text('done')
    expected = dict(note=NOTE, lines=[dict(item='ink', count=2)], level='high', kind='again', urgent=True, number=9007199254740993)
    expected |= dict(price=None, day='2026-11-27', extra={'a': 1}, remark=None)
    page.card.get_by_text('From code').click()
    monkeypatch.setenv('TOKEN', served.token)
    monkeypatch.delenv('LD_PRELOAD', raising=False)
    for kind in ('curl', 'Python', 'OpenAI'):
        page.card.get_by_role('button', name=kind).click()
        lines = page.card.locator('.uses pre').text_content()
        assert served.token not in lines
        if kind == 'curl': said = subprocess.run(['sh', '-c', lines], capture_output=True, text=True, timeout=20).stdout
        else:
            exec(lines, {})
            said = capsys.readouterr().out
        assert (json.loads(said) if kind != 'Python' else eval(said)) == {'got': expected}, kind


def test_what_programs_and_models_say_runs_nothing(open_page):
    page = open_page('Hostile')
    page.card.get_by_role('button', name='Run').click()
    expect(page.card.get_by_role('status')).to_have_text('done')
    shown = [page.card.locator(place).text_content() for place in ('.instructions', 'dd >> nth=-2')]
    assert shown == [ATTACK, ATTACK] and page.card.locator('.steps li').count() > 0
    page.card.get_by_text('From code').click()
    assert page.evaluate('[window.hacked ?? null, document.images.length, document.scripts.length]') == [None, 0, 1]


@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_axe_finds_nothing_and_it_fits_a_phone(open_page, shots, scheme):
    page = open_page(color_scheme=scheme)
    page.evaluate(AXE_SCRIPT)
    page.get_by_label('email').fill('I was charged twice for one order, and nobody answers.')
    page.keyboard.press('Control+Enter')
    expect(page.card.get_by_role('status')).to_have_text('done')
    page.card.get_by_text('From code').click()
    check_page(page, shots, f'a program, {scheme}')
    page.get_by_label('Program').select_option('Order')
    page.card = page.get_by_role('region', name='Order')
    fill_order(page)
    page.get_by_label('lines', exact=True).fill('[{"item": "ink", "count": 100}]')
    page.card.get_by_role('button', name='Run').click()
    expect(page.card.get_by_role('alert')).to_be_visible()
    page.set_viewport_size({'width': 360, 'height': 800})
    check_page(page, shots, f'a form on a phone, {scheme}')
    page.get_by_role('button', name='Forget the token').click()
    check_page(page, shots, f'the door, {scheme}')


def check_page(page, shots, name):
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    shots(page, f'try, {name}')
    assert [(v['id'], [n['html'][:160] for n in v['nodes']][:2]) for v in result['violations']] == []
    page.wait_for_function('document.documentElement.scrollWidth <= innerWidth', timeout=10_000)
