"""The site as a person gets it: one page of each kind, built as all are, served under the address where it is published, in a real browser.

That every link of every page leads somewhere is checked by `python -m scripts.docs` itself, which CI runs; here it is shown that it would notice.
"""
import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

from scripts.browser import find, launch
from scripts.docs import mend_output, process
from scripts.site import body, check, versions
from scripts.site.render import build

root = Path(__file__).parents[2]
PAGES = {  # what a page is an example of -> its notebook, its address
    'home': ('index.ipynb', ''), 'tutorial': ('tutorials/quickstart.ipynb', 'tutorials/quickstart.html'),
    'how-to': ('how_to/serve.ipynb', 'how_to/serve.html'), 'reference': ('core/00_errors.ipynb', 'core/errors.html'),
    'benchmark': ('explanations/engine_benchmark.ipynb', 'explanations/engine_benchmark.html'), 'formulas': ('resilience/24_legs.ipynb', 'resilience/legs.html'),
}


@pytest.fixture(scope='module')
def site(tmp_path_factory):
    "The folder of the built pages."
    source = tmp_path_factory.mktemp('source')
    for name in ('styles.css', 'nbdev.yml', '_quarto.yml'): shutil.copy(root/'nbs'/name, source/name)
    shutil.copytree(root/'nbs'/'images', source/'images')
    contents = [dict(section=kind, contents=[name]) if name != 'index.ipynb' else name for kind, (name, _) in PAGES.items()]
    (source/'sidebar.yml').write_text(yaml.safe_dump(dict(website=dict(sidebar=dict(contents=contents)))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('IN_TEST', '1')
        for name, _ in PAGES.values():
            (source/name).parent.mkdir(exist_ok=True)
            shutil.copy(root/'nbs'/name, source/name)
            process(source/name, root)
    return build(source, root/'nbs', '0.2.0').out


@pytest.fixture(scope='module')
def address(site, tmp_path_factory):
    "Where the site is served: below the same path as the published one, with an older version in it."
    served = tmp_path_factory.mktemp('served')
    shutil.copytree(site, served/'dspy_toolkit')
    shutil.copytree(site, served/'older')
    (served/'older'/'core'/'errors.html').unlink()
    versions.gather(served/'dspy_toolkit', {'0.1.0': served/'older'})

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_): pass
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory=served)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f'http://127.0.0.1:{server.server_port}/dspy_toolkit/'
        server.shutdown()
        thread.join()


@pytest.fixture(scope='module')
def browser():
    if not (chromium := find()): pytest.skip('no browser: `make test` gets one where it may')
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture
def show(browser, address):
    "Opens a page of the site in a window of its own; it asks nothing of any other server, finds all it asks for, and ends in no error."
    contexts, asked, errors = [], [], []

    def show(path='', width=1280, **settings):
        context = browser.new_context(viewport=dict(width=width, height=900), **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on('request', lambda request: asked.append(request.url))
        page.on('response', lambda answer: errors.append(f'{answer.status} {answer.url}') if answer.status >= 400 and 'HEAD' != answer.request.method else None)
        page.on('pageerror', lambda error: errors.append(str(error)))
        page.goto(address + path)
        return page
    yield show
    for context in contexts: context.close()
    assert [o for o in asked if not o.startswith((address, 'data:'))] == [] and errors == []


def keep(page, name):
    if folder := os.environ.get('BROWSER_ARTIFACTS'): page.screenshot(path=Path(folder)/f'site, {name}.png', full_page=True)


@pytest.mark.parametrize('scheme', ['light', 'dark'])
@pytest.mark.parametrize('kind', ['home', 'tutorial', 'how-to', 'reference', 'benchmark'])
def test_axe_finds_nothing_and_it_fits_a_phone(show, kind, scheme):
    page = show(PAGES[kind][1], color_scheme=scheme)
    assert page.evaluate('getComputedStyle(document.body).backgroundColor') == ('rgb(255, 255, 255)' if scheme == 'light' else 'rgb(18, 22, 28)')
    page.evaluate(AXE_SCRIPT)
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert [(v['id'], [n['html'][:160] for n in v['nodes']][:3]) for v in result['violations']] == []
    keep(page, f'{kind}, {scheme}')
    page.set_viewport_size(dict(width=360, height=800))
    keep(page, f'{kind}, {scheme}, on a phone')
    page.wait_for_function('document.documentElement.scrollWidth <= innerWidth', timeout=10_000)  # the page hears of its new width a moment later
    narrow = page.locator('.cell-output > [role=group]').evaluate_all('cards => cards.filter(o => o.offsetWidth < 600).map(o => o.ariaLabel)')
    assert narrow == []  # squeezed to the phone, a card breaks its words between letters


def test_the_first_page_says_what_it_is_and_shows_it(show):
    page = show(reduced_motion='no-preference')
    picture = page.locator('.moving img')
    assert 'typed answer' in page.locator('.lead').inner_text()
    assert picture.get_attribute('alt') and picture.evaluate('o => o.decode().then(() => o.currentSrc)').endswith('/images/answer-light.webp')
    assert picture.evaluate('o => [o.naturalWidth, o.naturalHeight]') == [int(picture.get_attribute(o)) for o in ('width', 'height')]
    page.get_by_role('button', name='Dark').click()
    assert picture.evaluate('o => o.decode().then(() => o.currentSrc)').endswith('/images/answer-dark.webp')
    page.get_by_role('button', name='Pause').click()
    assert picture.evaluate('o => o.decode().then(() => o.currentSrc)').endswith('/images/answer-dark-still.webp')
    page.get_by_role('button', name='Play').click()
    assert picture.evaluate('o => o.decode().then(() => o.currentSrc)').endswith('/images/answer-dark.webp')


@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_who_asked_for_less_motion_gets_a_still(show, scheme):
    page = show(reduced_motion='reduce', color_scheme=scheme)
    assert page.locator('.moving img').evaluate('o => o.decode().then(() => o.currentSrc)').endswith(f'/images/answer-{scheme}-still.webp')
    expect(page.get_by_role('button', name='Pause')).to_have_count(0)


def test_a_choice_of_light_or_dark_is_kept(show):
    page = show('tutorials/quickstart.html', color_scheme='light')
    page.get_by_role('button', name='Dark').click()
    page.reload()
    assert page.evaluate('getComputedStyle(document.body).backgroundColor') == 'rgb(18, 22, 28)'
    card = page.get_by_role('group', name='signature Triage').first
    assert card.evaluate('o => getComputedStyle(o.firstElementChild).backgroundColor') == 'rgb(34, 42, 51)'


def test_the_keyboard_reaches_the_text_the_search_and_a_page(show, address):
    page = show()
    page.keyboard.press('Tab')
    expect(page.get_by_role('link', name='Skip to the text')).to_be_focused()
    page.keyboard.press('Enter')
    expect(page.locator('main')).to_be_focused()
    page.keyboard.press('/')
    box = page.get_by_role('combobox', name='Search the documentation')
    expect(box).to_be_focused()
    page.keyboard.type('NotRegistered')
    expect(page.get_by_role('option').first).to_contain_text('errors')
    page.keyboard.press('ArrowDown')
    expect(box).to_have_attribute('aria-activedescendant', 'site-found-0')
    page.keyboard.press('Enter')
    page.wait_for_url('**/core/errors.html#notregistered')
    assert page.evaluate('document.querySelector(":target").textContent').startswith('NotRegistered')


def test_what_is_not_found_is_said(show):
    page = show()
    page.get_by_label('Search the documentation').fill('xyzzy')
    expect(page.get_by_role('listbox', name='Found')).to_contain_text('Nothing found')
    page.keyboard.press('Escape')
    expect(page.locator('#site-found')).to_be_hidden()


def test_on_a_phone_the_pages_are_behind_a_button(show):
    page = show('core/errors.html', width=360, color_scheme='dark')
    menu = page.get_by_role('button', name='Menu')
    expect(page.get_by_role('navigation', name='All pages')).to_be_hidden()
    menu.click()
    expect(page.get_by_role('link', name='dspy_toolkit').nth(1)).to_be_focused()
    keep(page, 'menu on a phone')
    page.keyboard.press('Escape')
    expect(menu).to_be_focused()
    assert menu.get_attribute('aria-expanded') == 'false'


def test_versions_lead_to_the_same_page_or_to_the_first(show, address):
    page = show('tutorials/quickstart.html')
    page.get_by_label('Version', exact=True).select_option('0.1.0')
    page.wait_for_url(f'{address}0.1.0/tutorials/quickstart.html')
    page.get_by_label('Version', exact=True).select_option('0.2.0')
    page.wait_for_url(f'{address}tutorials/quickstart.html')
    page.goto(f'{address}core/errors.html')
    page.get_by_label('Version', exact=True).select_option('0.1.0')
    page.wait_for_url(f'{address}0.1.0/')


def test_on_a_phone_the_versions_are_in_the_menu(show, address):
    page = show('core/errors.html', width=360)
    versions = page.get_by_label('Version', exact=True)
    expect(versions).to_be_hidden()
    page.get_by_role('button', name='Menu').click()
    expect(page.get_by_role('navigation', name='All pages').get_by_label('Version', exact=True)).to_be_visible()
    keep(page, 'versions on a phone')
    page.set_viewport_size(dict(width=1280, height=800))
    expect(page.get_by_role('banner').get_by_label('Version', exact=True)).to_be_visible()
    page.set_viewport_size(dict(width=360, height=800))
    versions.select_option('0.1.0')
    page.wait_for_url(f'{address}0.1.0/')


def test_older_versions_are_built_from_their_tags(tmp_path):
    "The newest is not built twice, nor one from before there was this renderer; no work tree is left."
    def git(*words): subprocess.run(['git', '-c', 'user.name=x', '-c', 'user.email=x@y', *words], cwd=tmp_path, check=True, capture_output=True)
    git('init', '--quiet')
    for version in ('0.0.9', '0.1.0', '0.2.0', '0.3.0'):
        listed = json.dumps([dict(version=version, url='./', current=True)])
        (tmp_path/'Makefile').write_text(f"docs:\n\tmkdir _docs\n\techo '{listed}' > _docs/versions.json\n")
        if version == '0.1.0': shutil.copytree(root/'scripts'/'site', tmp_path/'scripts'/'site', ignore=shutil.ignore_patterns('__pycache__'))
        git('add', 'Makefile', *(['scripts'] if version != '0.0.9' else []))
        git('commit', '--quiet', '-m', version)
        git('tag', f'v{version}')
    subprocess.run(['make', 'docs'], cwd=tmp_path, check=True)
    subprocess.run(['sh', 'scripts/site/older.sh', '_docs'], cwd=tmp_path, check=True)
    read = [[(o['version'], o['url']) for o in json.loads((tmp_path/'_docs'/place/'versions.json').read_text())] for place in ('', '0.1.0')]
    assert read == [[('0.3.0', './'), ('0.2.0', '0.2.0/'), ('0.1.0', '0.1.0/')], [('0.3.0', '../'), ('0.1.0', './'), ('0.2.0', '../0.2.0/')]]
    assert len(subprocess.run(['git', 'worktree', 'list'], cwd=tmp_path, capture_output=True, text=True).stdout.splitlines()) == 1


def test_one_version_needs_no_switch(site):
    assert json.loads((site/'versions.json').read_text()) == [dict(version='0.2.0', url='./', current=True)]


def test_a_version_is_not_put_into_itself(site):
    with pytest.raises(ValueError, match='0.2.0 is the version of the site itself'): versions.gather(site, {'0.2.0': site})


def test_a_page_that_is_none_works_at_any_depth(site, show, address):
    page = show('404.html')
    page.get_by_role('link', name='first page').click()
    page.wait_for_url(address)
    text = (site/'404.html').read_text()
    assert 'href="/dspy_toolkit/site/site.css"' in text and 'href="/dspy_toolkit/core/errors.html"' in text and 'noindex' in text


def test_programs_find_each_page_as_markdown_and_as_the_notebook(site):
    index = (site/'llms.txt').read_text()
    for notebook, place in PAGES.values():
        page = site/(place or 'index.html')
        markdown = page.with_suffix('.llms.md').read_text()
        assert page.with_suffix('.llms.md').relative_to(site).as_posix() in index
        assert f'type="text/markdown" href="{page.stem}.llms.md"' in page.read_text() and '<div' not in markdown
        assert page.with_suffix('.ipynb').read_bytes() == (root/'nbs'/notebook).read_bytes()


def test_the_head_of_a_page_says_where_it_is_and_what_it_looks_like(site):
    text, base = (site/'tutorials'/'quickstart.html').read_text(), 'https://dspy-toolkit.github.io/dspy_toolkit'
    assert f'<link rel="canonical" href="{base}/tutorials/quickstart.html">' in text
    assert f'<meta property="og:image" content="{base}/images/card.png">' in text and (site/'images'/'card.png').stat().st_size < 400_000
    assert '<link rel="icon" href="../images/icon.svg">' in text and (site/'images'/'icon.svg').exists()
    assert 'https://github.com/dspy-toolkit/dspy_toolkit/blob/main/nbs/tutorials/quickstart.ipynb' in text
    assert 'https://colab.research.google.com/github/dspy-toolkit/dspy_toolkit/blob/main/nbs/tutorials/quickstart.ipynb' in text
    assert 'colab' not in (site/'core'/'errors.html').read_text()


def test_formulas_need_no_script(site):
    assert 'xmlns="http://www.w3.org/1998/Math/MathML" display="inline"' in (site/'resilience'/'legs.html').read_text()
    assert 'display="block"' in body.with_math(r'<span class="math display">\[p\]</span>')


def test_a_page_asks_only_for_what_lies_beside_it_and_tells_nothing_of_this_machine(site):
    "Links to pages that are not among these few are no matter here."
    _, links, wrong = check.check(site)
    assert links > 200 and [o for o in wrong if 'leads nowhere' not in o] == []


FAULTS = [  # what is on a page, what is said of it
    ('<a href="away.html">', 'leads nowhere: away.html'), ('<a href="#away">', 'leads nowhere: #away'), ('<a href="other.html#away">', 'leads nowhere: other.html#away'),
    ('<a href="../../outside.html">', 'leads nowhere: ../../outside.html'), ('<script src="https://cdn.example/a.js">', 'asks elsewhere: <script src="https://cdn.example/a.js">'),
    ('<link rel="stylesheet" href="//fonts.example/a.css">', 'asks elsewhere: <link rel="stylesheet" href="//fonts.example/a.css">'),
    ('<style>@import url(https://fonts.example/a.css);</style>', 'asks elsewhere: @import url(https://fonts.example/a.css);'),
    ('<p>/home/someone/notes.txt</p>', 'names a place of this machine: /home/someone/notes.txt'), ('<img src="data:,">', 'a picture without a text: <img src="data:,">'),
    ('<i id="a"></i><b id="a"></b>', "the id 'a' is there twice"),
    ('<a href="other.html#there"></a><a href="other.html"></a><a href="https://example.com/"></a><img src="data:," alt="a dot">', None),
]


@pytest.mark.parametrize(('markup', 'said'), FAULTS, ids=[str(said).partition(':')[0] + f' {n}' for n, (_, said) in enumerate(FAULTS)])
def test_a_fault_of_a_page_is_named(tmp_path, markup, said):
    (tmp_path/'page.html').write_text(markup)
    (tmp_path/'other.html').write_text('<h2 id="there"></h2>')
    assert check.check(tmp_path)[2] == ([f'page.html: {said}'] if said else [])


BODIES = [  # as smalldocs leaves it, as it stands in a page
    ('<h3>a</h3><h2>b</h2><h4>c</h4>', '<h2>a</h2><h2>b</h2><h3>c</h3>'), ('<p>A curve:</p><img src="a">', '<p>A curve:</p><img alt="Figure: A curve" src="a">'),
    ('<img src="a" alt="b">', '<img src="a" alt="b">'), ('<th></th>', '<td></td>'), ('<a href="x.html#shown"><code>shown</code></a>', '<a href="x.html#shown"><code>shown</code></a>'),
    ('<div role="columnheader"><div style="a"></div></div><div role="columnheader">b</div>', '<div role="cell"><div style="a"></div></div><div role="columnheader">b</div>'),
    ('<div role="region" aria-label="a"><div role="region" aria-label="a">', '<div role="region" aria-label="a"><div role="region" aria-label="a 2">'),
    ('<a href="x.html#_own"><code>_own</code></a>', '<code>_own</code>'), ('<source srcset="https://site/a.webp">', '<source srcset="../a.webp">'),
]


@pytest.mark.parametrize(('before', 'after'), BODIES, ids=range(len(BODIES)))
def test_what_is_mended_in_a_text(before, after):
    assert body.finish(before, lambda href: href.replace('https://site', '..'), lambda href: href.endswith('#shown')) == after


def test_signatures_show_no_links_and_no_folder_of_this_machine():
    shown = "```python\ndef f(\n    a, # a [`Leg`](https://site/legs.html#leg)\n    b=Path('/src/here/data'), \n):\n```\n\n*Of a [`Leg`](https://site/legs.html#leg).*"
    mended = "```python\ndef f(\n    a, # a `Leg`\n    b=Path('data'), \n):\n```\n\n*Of a [`Leg`](https://site/legs.html#leg).*"
    assert mend_output(shown, Path('/src/here')) == mended


def test_moving_pictures_are_small():
    sizes = {o.name: o.stat().st_size for o in (root/'nbs'/'images').iterdir()}
    assert {'answer-light.webp', 'answer-dark.webp', 'card.png', 'icon.svg'} <= sizes.keys() and max(sizes.values()) < 400_000
