"The card of a server as a person sees it: a token that is not saved, requests as they come, a button that stops it, and an end with the kernel."
import json
import re
import time

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

LOAD = '%load_ext dspy_toolkit'
CELL = '%%dspy Signature Triage\n"""Route a support email."""\nemail: str\n->\nteam: Literal["billing", "technical"]'
SERVE, AGAIN = '%dspy serve Triage', '%dspy serve Triage@1'


@pytest.fixture(scope='module')
def card(lab):
    lab.open(LOAD, CELL, SERVE, AGAIN)
    for cell in range(3): lab.run(cell)
    return lab.output(2).locator('.dspy-server')


def read(card):
    "The address and the token on a card."
    expect(card.locator('dl')).to_contain_text('dspyt_')
    return card.locator('dd a').inner_text(), re.search(r'Bearer (dspyt_[\w-]+)', card.locator('pre').first.inner_text())[1]


def answers(address):
    try: return httpx.get(f'{address}/livez', timeout=2).status_code == 200
    except httpx.HTTPError: return False


def test_the_card_has_what_one_needs_and_counts_requests(lab, card, shots):
    address, token = read(card)
    found = httpx.post(f'{address}/v1/Triage', json=dict(email='My invoice is wrong.'), headers={'Authorization': f'Bearer {token}'}, timeout=30)
    assert found.json().keys() == {'team'}
    expect(card.locator('.status')).to_have_text(re.compile('1 request'))
    assert token in card.locator('pre').first.inner_text() and card.locator('pre').count() == 3
    assert card.locator('dd a').get_attribute('href').startswith(f'{address}/#token=')
    for theme in ('Dark', 'Light'):
        lab.theme(theme)
        shots(card, f'a server, {theme}')
        lab.page.evaluate(AXE_SCRIPT)
        found = lab.page.evaluate("async () => (await axe.run('.dspy-server')).violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).join(' '))")
        assert found == [], theme


def test_the_token_is_in_nothing_that_is_saved(lab, card):
    _, token = read(card)
    lab.js('await panel.context.save()')
    text = (lab.server.folder/lab.name).read_text()
    assert 'TOKEN' in text and token not in text and token not in json.dumps(lab.saved(2))


def test_the_button_stops_the_server_and_the_card_says_so(lab, card):
    address, _ = read(card)
    card.get_by_role('button', name='Stop').click()
    expect(card.locator('.status')).to_have_text(re.compile('stopped'))
    expect(card.get_by_role('button', name='Stop')).to_be_hidden()
    assert not answers(address)


def test_a_server_ends_with_its_kernel(lab, card):
    lab.run(3)
    address, _ = read(lab.output(3).locator('.dspy-server'))
    assert answers(address)
    lab.js('await panel.sessionContext.session.kernel.restart()')
    end = time.monotonic() + 15
    while answers(address) and time.monotonic() < end: time.sleep(.1)
    assert not answers(address)
