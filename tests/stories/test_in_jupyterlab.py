"A story in JupyterLab, as a person sees it: from a cell to a server that outlives a failing model; and a kernel that dies in the middle of it."
import itertools
import json
import os
import re
import signal
import time

import httpx
import pytest
from playwright.sync_api import expect

from dspy_toolkit.registry.store import Registry

from .story import HELD, LEARN, Client, Story, list_rows, write_text

CELLS = dict(
    load='%load_ext dspy_toolkit',
    define='%%dspy Signature Code\n"""Assign the right code."""\ntext: str\n->\ncode: str',
    edit='%dspy edit Code',
    data=f'learn = {list_rows(LEARN)!r}\nheld = {list_rows(HELD)!r}',
    evaluate='%dspy evaluate Code@2 --on held',
    optimize='%dspy optimize Code --with bootstrap --on learn --option max_labeled_demos=8 --option max_bootstrapped_demos=2 --budget "60 calls"',
    alias='%dspy alias Code@2 prod',
    promote='%dspy promote Code@3 prod --on held',
    models='%dspy lm fast mlx/tiny\n%dspy lm spare mlx/tiny --temperature 0.2\n%dspy lm safe --fallback fast spare',
    serve='%dspy serve Code@prod --lm safe',
    count='import itertools\nnumber = itertools.count(1)',
    ask='%%dspy run Code@prod --lm safe\ntext = f"The table number {next(number)} was broken."',
    chaos='%dspy chaos fast --fail 100% --for 600',
    breaker='%dspy breaker fast',
    calm='%dspy chaos fast --stop',
)

SEARCH = '--with random_search --on learn --val held --seed 1 --option num_candidate_programs=8 --option max_labeled_demos=4 --option max_bootstrapped_demos=2'
LONG_CELLS = dict(
    load='%load_ext dspy_toolkit',
    # DSPy's cache would hide a call that is made twice
    model='%dspy lm plain mlx/tiny --cache false --keep',
    define=CELLS['define'].replace('Code', 'Long').replace('code: str', 'code: Literal["blick", "dorn"]'),
    data=CELLS['data'],
    slow='import os; print("kernel", os.getpid())\n%dspy chaos plain --latency 0.2 --for 600',
    optimize=f'%dspy optimize Long --to Interrupted --lm plain {SEARCH}',
    runs='%dspy runs',
    count='from dspy_toolkit.core.events import GenerationStarted, bus\nasked = []\n_ = bus.subscribe(asked.append, GenerationStarted)',
    resume='%dspy resume last',
    asked='print(len(asked), "prompts were read by the model"); asked.clear()',
    history='%dspy history --session this --most 500',
    whole=f'%dspy optimize Long --to Whole --lm plain {SEARCH}',
)


class Notebook:
    "A notebook whose cells have names."

    def __init__(self, lab, cells):
        self.lab, self.places = lab.open(*cells.values()), {name: n for n, name in enumerate(cells)}
        self.ran = []

    def run(self, name):
        "Run a cell to its end; gives its output."
        self.ran.append(name)
        self.lab.start(self.places[name]).wait(180)
        return self.output(name)

    def start(self, name):
        "Run a cell, and do not wait for it."
        self.ran.append(name)
        self.lab.start(self.places[name])

    def run_until(self, name, text, seconds=90):
        "Run a cell again and again, as a person would, until its output has a text."
        end = time.monotonic() + seconds
        while text not in self.run(name).inner_text():
            assert time.monotonic() < end, f'{text!r} did not come within {seconds} s'
            self.lab.page.wait_for_timeout(300)

    def output(self, name): return self.lab.output(self.places[name])

    def look(self):
        "What the last cells that ran have on the screen."
        dialogs = self.lab.page.locator('.jp-Dialog').all_inner_texts()
        shown = [f'[{name}] {self.output(name).inner_text().strip()[-800:]}' for name in dict.fromkeys(self.ran[-3:])]
        return '\n'.join([*(f'(dialog) {text}' for text in dialogs), *shown])


@pytest.fixture
def registry(home):
    "The registry of the stories, read by another process than the kernel."
    store = Registry(f"sqlite:///{(home/'registry.db').as_posix()}")
    yield store
    store.close()


def test_from_a_cell_to_a_server_that_outlives_a_failing_model(lab, registry, shots):
    book, clients, number = Notebook(lab, CELLS), [], itertools.count()
    story = Story(lambda: '\n'.join([book.look(), *(f'(HTTP)\n{each}' for each in clients)]), lambda: shots(lab.page, 'the story failed here'))
    with story.step('define a signature in a cell'):
        book.run('load')
        expect(book.run('define')).to_contain_text('version 1')
        assert [str(each) for each in registry.versions('Code')] == ['Code@1']
    with story.step('edit it in the editor, and save that as a version'):
        editor = book.run('edit').locator('.dspy-editor')
        expect(editor.locator('.state[aria-busy=false]')).to_have_text('valid')
        kind = editor.get_by_role('group', name=re.compile('^output code$')).locator('[data-key$=".type"]')
        kind.fill('Literal["blick", "dorn"]')
        kind.press('Tab')
        expect(editor.locator('.page pre').first).to_contain_text('code: Literal["blick", "dorn"]')
        editor.get_by_role('button', name='Save as version', exact=True).click()
        expect(editor.locator('.foot .notice')).to_have_text('saved as Code@2')
        assert str(registry.resolve('Code')) == 'Code@2'
    with story.step('evaluate it'):
        book.run('data')
        card = book.run('evaluate').locator('.dspy-live')
        expect(card.locator('.status')).to_have_text('✓ done')
        expect(card).to_contain_text('6 of 6 rows')
        before = float(find_number(card, 'score'))
        assert [each.score for each in registry.evaluations('Code@2')] == [pytest.approx(before, abs=.001)]
    with story.step('optimise it on a small budget'):
        card = book.run('optimize').locator('.dspy-live')
        expect(card.locator('.status')).to_have_text('✓ done')
        expect(card).to_contain_text('the best program is Code@3')
        assert int(find_number(card, 'spent').split()[0]) <= 60
        assert str(registry.resolve('Code')) == 'Code@3'
    with story.step('promote the better version'):
        book.run('alias')
        card = book.run('promote').locator('.dspy-live')
        expect(card).to_contain_text('Code@prod points to Code@3 now; it pointed to Code@2')
        assert str(registry.resolve('Code@prod')) == 'Code@3'
    with story.step('serve it'):
        book.run('models')
        card = book.run('serve').locator('.dspy-server')
        expect(card.locator('dl')).to_contain_text('dspyt_')
        clients.append(client := Client(card.locator('dd a').inner_text(), re.search(r'Bearer (dspyt_[\w-]+)', card.locator('pre').first.inner_text())[1]))
    with story.step('ask it over HTTP'):
        assert client.ask(write_text(number)) == ('fast', 'Code@3')
        expect(card.locator('.status')).to_have_text('1 request')
        shots(card, 'story, server')
    with story.step('let the first model fail'):
        expect(book.run('chaos')).to_contain_text('100% of calls fail')
        shots(book.output('chaos'), 'story, chaos')
    with story.step('the other model answers in the notebook, and the card says so'):
        book.run('count')
        expect(book.run('ask')).to_contain_text('fallback/safe → spare')
        expect(book.output('ask')).to_contain_text("fast did not answer: ServerError: the server is overloaded (chaos, on purpose, on 'fast')")
        shots(book.output('ask'), 'story, fallback')
    with story.step('the breaker of the notebook opens'):
        book.run_until('ask', 'fast did not answer: its breaker is open', seconds=30)
        expect(book.run('breaker')).to_contain_text('At the end open')
        shots(book.output('breaker'), 'story, breaker')
    with story.step('the breaker of the server opens, and each client still gets an answer'):
        client.ask_until(lambda leg: leg == 'spare', number)
        client.ask_until(lambda leg: client.read_breaker('fast') == 'open', number)
        assert client.ask(write_text(number)) == ('spare', 'Code@3')
    with story.step('end the failing'):
        expect(book.run('calm')).to_contain_text('Chaos is off')
    with story.step('the first model answers again in the notebook, and its breaker closes'):
        book.run_until('ask', 'fallback/safe → fast')
        expect(book.output('ask')).not_to_contain_text('did not answer')
        expect(book.run('breaker')).to_contain_text('At the end closed')
        shots(book.output('breaker'), 'story, breaker closed')
    with story.step('the first model answers again over HTTP, and its breaker closes'):
        client.ask_until(lambda leg: leg == 'fast', number)
        assert client.read_breaker('fast') == 'closed'
        assert client.ask(write_text(number)) == ('fast', 'Code@3')
    with story.step('stop the server'):
        card = book.output('serve').locator('.dspy-server')
        card.get_by_role('button', name='Stop').click()
        expect(card.locator('.status')).to_have_text('stopped')
        with pytest.raises(httpx.ConnectError): client.ask(write_text(number))


def find_number(card, label):
    "What a tile of a live card says."
    return card.locator('.tiles div', has=card.page.get_by_text(label, exact=True)).locator('dd').inner_text()


def test_a_kernel_that_is_killed_in_the_middle_of_an_optimisation_loses_nothing_that_was_paid_for(lab, home, registry, shots):
    book, runs = Notebook(lab, LONG_CELLS), home/'runs'
    story = Story(book.look, lambda: shots(lab.page, 'the story of the kill failed here'))
    with story.step('optimise with a slow model'):
        for name in ('load', 'model', 'define', 'data', 'slow'): book.run(name)
        kernel = int(re.search(r'kernel (\d+)', book.output('slow').inner_text())[1])
        others = set(runs.glob('optimize-*')) if runs.exists() else set()
        book.start('optimize')
        card = book.output('optimize').locator('.dspy-live')
        expect(card.locator('tbody tr')).not_to_have_count(0)
        expect(card.locator('tbody tr').nth(2)).to_be_visible()
    with story.step('kill the kernel'):
        os.kill(kernel, signal.SIGKILL)
        dialog = lab.page.locator('.jp-Dialog')
        expect(dialog).to_contain_text('appears to have died. It will restart automatically')
        shots(lab.page, 'story, killed')
        dialog.get_by_role('button', name='Ok').click()
        expect(card.locator('.status')).to_contain_text('the kernel has gone')
        run, = set(runs.glob('optimize-*')) - others
        kept = read_keys(run)
        assert kept, 'nothing was kept'
    with story.step('the new kernel knows the run'):
        lab.wait_idle()
        book.run('load')
        expect(book.run('runs')).to_contain_text(f'go on: %dspy resume {run.name}')
        assert 'stopped' in find_line(book.output('runs'), run.name)
    with story.step('go on with it'):
        book.run('count')
        card = book.run('resume').locator('.dspy-live')
        expect(card.locator('.status')).to_have_text('✓ done')
        expect(card).to_contain_text('the best program is Interrupted@1')
        shots(card, 'story, resumed')
    with story.step('nothing that was paid for was asked again'):
        keys = read_keys(run)
        assert len(keys) == len(set(keys)), f'{len(keys) - len(set(keys))} calls are in the ledger twice'
        assert 0 < len(kept) < len(keys) and keys[:len(kept)] == kept, f'the ledger had {len(kept)} calls before and has {len(keys)} now'
        expect(book.run('asked')).to_contain_text(f'{len(keys) - len(kept)} prompts were read by the model')
        assert find_number(card, 'spent').startswith(f'{len(keys)} calls')
        calls = book.run('history').inner_text()
        assert 'from a cache' in calls and len(re.findall(r'\d+ → \d+ tokens', calls)) <= len(keys) - len(kept), 'history counts again what was paid for before'
    with story.step('a run that nothing disturbs ends the same'):
        for name in ('define', 'data'): book.run(name)
        other = book.run('whole').locator('.dspy-live')
        expect(other.locator('.status')).to_have_text('✓ done')
        expect(book.run('asked')).to_contain_text(f'{len(keys)} prompts were read by the model')
        for label in ('start', 'best', 'candidates', 'demos', 'spent'): assert find_number(other, label) == find_number(card, label), label
        assert other.locator('tbody tr').all_inner_texts() == card.locator('tbody tr').all_inner_texts()
        assert registry.resolve('Whole').digest == registry.resolve('Interrupted').digest


def read_keys(run):
    "The calls that a run has paid for, in their order."
    return [json.loads(line)['key'] for line in (run/'ledger.jsonl').read_text().splitlines() if line.endswith('}')]


def find_line(output, text):
    "The row of a card that has a text."
    rows = output.get_by_role('row').all_inner_texts()
    return next((row for row in rows if text in row), f'no row has {text}: {rows}')
