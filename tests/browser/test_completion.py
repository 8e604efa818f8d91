"Tab in JupyterLab: what a person sees offered while writing a cell."
import pytest
from playwright.sync_api import expect

REFUND = '%%dspy Signature Refund\n"""Say what a customer gets back."""\nemail: str\n->\nhow_much: float'


@pytest.fixture(scope='module')
def book(lab):
    "A notebook in which Refund is defined twice, and cells to write in."
    lab.open('%load_ext dspy_toolkit', REFUND, REFUND.replace('how_much', 'amount'), 'inbox = ["I was charged twice."]',
             '%dspy', '%dspy show Refund', '%%dspy run', '%%dspy run Refund\ne', '%%dspy Signature Urgency\n"""How soon?"""\nemail: st', '%%dspy Signature Urgency\nemail: str  # a')
    for cell in range(4): lab.run(cell)
    return lab


def offered(found): return [o.locator('.jp-Completer-match').inner_text() for o in found.all()]


def take(book, index, typed, label):
    "Write, press Tab, and choose what is offered."
    expect(book.complete(index, typed).filter(has_text=label).first).to_be_visible()
    book.page.keyboard.press('Enter')
    expect(book.page.locator('.jp-Completer:visible')).to_have_count(0)


def test_verbs_come_with_what_they_do_each_on_a_line_of_its_own(book, shots):
    verbs = book.complete(4, ' ')
    expect(verbs.filter(has_text='save')).to_contain_text('keep a signature, a program or a dataset of this notebook')
    shots(book.page, 'completion')
    lines = verbs.locator('.jp-Completer-typeExtended').evaluate_all('all => all.map(e => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length })')
    texts = verbs.locator('.jp-Completer-typeExtended').all_text_contents()
    assert sum(lines) > 5 and not [text for text, n in zip(texts, lines) if n > 1]  # none for what is scrolled away
    book.page.keyboard.press('Escape')


def test_versions_come_the_newest_first(book):
    versions = book.complete(5, '@')
    expect(versions).to_have_count(3)
    assert offered(versions) == ['2', '1', 'latest']
    book.page.keyboard.press('Enter')
    assert book.source(5) == '%dspy show Refund@2'


def test_a_cell_is_written_with_tab(book):
    take(book, 6, ' Ref', 'Refund')
    take(book, 6, ' --mo', '--module')
    take(book, 6, ' Ch', 'ChainOfThought')
    assert book.source(6) == '%%dspy run Refund --module ChainOfThought'
    take(book, 7, '', 'email = ')
    take(book, 7, 'inb', 'inbox')
    take(book, 7, '[0].capi', 'capitalize')
    assert book.source(7) == '%%dspy run Refund\nemail = inbox[0].capitalize'


def test_a_type_is_offered_in_a_field_and_nothing_in_a_comment(book):
    take(book, 8, '', 'str')
    assert book.source(8).endswith('email: str')
    book.js('''window.answered = [];
        panel.sessionContext.session.kernel.anyMessage.connect((_, {msg}) => { if (msg.header.msg_type == 'complete_reply') window.answered.push(msg.content.matches) })''')
    found = book.complete(9)
    book.page.wait_for_function('() => window.answered.length')
    assert book.js('return window.answered') == [[]] and found.count() == 0
