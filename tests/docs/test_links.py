"Every link of the documentation leads somewhere, every picture can be read aloud, and no page shows what is meant for a tool."
import re
from html.parser import HTMLParser
from posixpath import normpath
from urllib.parse import urlsplit

import pytest
from fastcore.basics import AttrDict
from nbdev.process import extract_directives

from scripts.docs import link_names
from tests.docs.pages import cells, headings, nbs, own_page, parse, prose, read_cells, root, sidebar

SITE, REPOSITORY = '/dspy_toolkit/', '/dspy-toolkit/dspy_toolkit/blob/main/'
HOSTS = {'dspy-toolkit.github.io': SITE, 'github.com': REPOSITORY}
HIDDEN = {'hide', 'export', 'exporti', 'default_exp'}  # directives whose cells nbdev leaves out of a page
OPTIONS = {'eval', 'echo', 'output', 'include', 'warning', 'label', 'fig-cap', 'fig-alt', 'tbl-cap', 'code-fold', 'code-summary', 'column'}  # Quarto's own
HAND_WRITTEN = sorted(path.name for path in root.glob('*.md'))


# --- links

class Tags(HTMLParser):
    "The links and the pictures of a piece of HTML."
    def __init__(self):
        super().__init__()
        self.links, self.pictures = [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == 'a' and 'href' in found: self.links.append(found['href'])
        if tag == 'img': self.pictures.append((found.get('src', ''), found.get('alt')))


def take_html(text: str) -> Tags:
    made = Tags()
    made.feed(text)
    return made


def links(text: str) -> list[str]:
    "The addresses that Markdown links to."
    found = [str(each.attrGet('href')) for each in parse(text) if each.type == 'link_open']
    return found + [link for each in parse(text) if each.type.startswith('html_') for link in take_html(each.content).links]


def pictures(text: str) -> list[tuple[str, str | None]]:
    "(source, alternative text) of each picture of Markdown."
    found = [(str(each.attrGet('src')), each.content) for each in parse(text) if each.type == 'image']
    return found + [picture for each in parse(text) if each.type.startswith('html_') for picture in take_html(each.content).pictures]


def wrong_address(link: str) -> str:
    "What is wrong with an address outside of the page's folder; '' where nothing is."
    found = urlsplit(link)
    if link.startswith('mailto:'): return '' if re.fullmatch(r'mailto:[\w.+-]+@[\w.-]+', link) else 'no address of a person'
    if found.scheme != 'https': return 'not https'
    if not re.fullmatch(r'([a-z0-9-]+\.)+[a-z]{2,}', found.netloc) or re.search(r'\s', link): return 'not an address'
    start = HOSTS.get(found.netloc)
    if not start or not found.path.startswith(start): return ''
    rest = found.path.removeprefix(start)
    if start == REPOSITORY: return '' if (root/rest).exists() else 'no such file in the repository'
    page = own_page(rest)
    if not page: return 'no such page of the site'
    return '' if not found.fragment or found.fragment in headings(page) else 'no such heading on that page'


def wrong_link(page: str, link: str) -> str:
    "What is wrong with a link of a page; '' where nothing is. Between pages a link names the notebook: it works on the site, in Jupyter and on GitHub."
    if re.match(r'\w+:|//', link): return wrong_address(link)
    target, _, place = link.partition('#')
    named = normpath(f'{page}/../{target}') if target else page
    if named not in sidebar(): return 'no notebook of the sidebar'
    return '' if not place or place in headings(named) else f"no such heading: {', '.join(sorted(headings(named)))}"


def bad_links(page: str, texts) -> list[str]:
    "The links that lead nowhere."
    checked = [(where, link, wrong_link(page, link)) for where, text in texts for link in links(text)]
    return [f'{where}: {link}: {wrong}' for where, link, wrong in checked if wrong]


def test_every_link_of_a_page_leads_somewhere():
    found = [problem for page in sidebar() for problem in bad_links(page, prose(page))]
    assert not found, '\n'.join(found)


@pytest.mark.parametrize('name', HAND_WRITTEN)
def test_every_link_of_a_file_beside_the_code_leads_somewhere(name):
    "On GitHub a relative link names a file of the repository."
    found = links((root/name).read_text(encoding='utf-8'))
    wrong = {link: wrong_address(link) if re.match(r'\w+:', link) else '' if (root/link.partition('#')[0]).exists() else 'no such file' for link in found}
    assert {link: why for link, why in wrong.items() if why} == {}


PAGE = 'tutorials/quickstart.ipynb'


@pytest.mark.parametrize('link', [
    'versions.html', '../concepts/models.md', '#no-such-heading', 'versions.ipynb#no-such-heading', '../../README.md', 'http://dspy.ai', 'https://dspy', '//dspy.ai',
    'https://dspy-toolkit.github.io/dspy_toolkit/nothing.html', 'https://dspy-toolkit.github.io/dspy_toolkit/core/errors.html#no-such-heading',
    'https://github.com/dspy-toolkit/dspy_toolkit/blob/main/NOTHING.md'])
def test_a_link_that_leads_nowhere_is_found(link): assert len(bad_links(PAGE, [('cell 1', f'See [this]({link}).')])) == 1


@pytest.mark.parametrize('text', ['<a href="versions.html">V</a>', '- a list with [V](versions.html)', '| a |\n|---|\n| [V](versions.html) |', '![V][1]\n\n[V][1]\n\n[1]: versions.html'])
def test_a_link_is_found_however_it_is_written(text): assert len(bad_links(PAGE, [('cell 1', text)])) == 1


@pytest.mark.parametrize('link', [
    'versions.ipynb', '../core/00_errors.ipynb', 'https://dspy.ai', 'https://dspy-toolkit.github.io/dspy_toolkit/', 'mailto:ada@example.org',
    'https://dspy-toolkit.github.io/dspy_toolkit/core/errors.html', 'https://dspy-toolkit.github.io/dspy_toolkit/core/00_errors.html'])
def test_a_link_that_leads_somewhere_is_taken(link): assert bad_links(PAGE, [('cell 1', f'See [this]({link}).')]) == []


# --- pictures

def bad_pictures(page: str) -> list[str]:
    "Pictures of a page, in its prose and in its outputs, that are not there or that nobody can read aloud."
    found = [(where, *each) for where, text in prose(page) for each in pictures(text)]
    for n, cell in enumerate(cells(page)):
        html = ''.join(''.join(output.get('data', {}).get('text/html', '')) for output in cell.outputs)
        if '<img' in html: found += [(f'{page}, output of cell {n}', *each) for each in take_html(html).pictures]
    return [f'{where}: {source[:60]} has no alternative text' for where, source, alt in found if not (alt or '').strip()] + [
        f'{where}: there is no file {source}' for where, source, _ in found
        if not re.match(r'\w+:', source) and not (nbs/page).parent.joinpath(source).exists()]


def test_every_picture_is_there_and_has_an_alternative_text():
    found = [problem for page in sidebar() for problem in bad_pictures(page)]
    assert not found, '\n'.join(found)


def test_a_name_is_no_link_within_a_block_of_code():
    "There the marks of the link would be seen: a comment on a parameter stays as it is written."
    said = '`ToolkitError` is the base.\n\n```python\ndef f(\n    e, # a `ToolkitError`\n)\n```'
    cell = AttrDict(cell_type='code', source='', outputs=[AttrDict(output_type='display_data', data={'text/markdown': said.splitlines(keepends=True)})])
    link_names(cell)
    first, rest = cell.outputs[0]['data']['text/markdown'].split('\n', 1)
    assert first.startswith('[`ToolkitError`](https://') and rest == said.split('\n', 1)[1]


# --- what is meant for tools

def visible_directives(source: str) -> list[str]:
    "The lines `#| …` of a code cell that a page shows by nbdev's rules and Quarto's: those that neither takes away."
    cell = Source(source=source)
    if extract_directives(cell).keys() & HIDDEN: return []
    lines = cell['source'].splitlines()
    while lines and (option := re.match(r'#\| ([\w-]+):', lines[0])) and option[1] in OPTIONS: lines.pop(0)
    return [line for line in lines if re.match(r'\s*#\s*\|', line)]


class Source(dict):
    "As much of a cell as nbdev needs for its directives."
    source = property(lambda self: self['source'])


def visible_markup(text: str) -> list[str]:
    "Attributes of links and spans, fenced divs and front matter, which only some renderers take away."
    outside = ''.join(each.content for each in parse(text) if each.type == 'text')
    return re.findall(r'\{[.#][\w-][^}]*\}|\{[\w-]+="[^}]*\}|:::+', outside) + re.findall(r'\A---\n', text)


def test_no_page_shows_a_directive():
    found = [(page, n, line) for page in sidebar() for n, cell in enumerate(cells(page)) if cell.kind == 'code' for line in visible_directives(cell.source)]
    assert found == []


def test_no_page_shows_markup():
    found = [(where, mark) for page in sidebar() for where, text in prose(page) for mark in visible_markup(text)]
    assert found + [(page, cell.source) for page in sidebar() for cell in cells(page) if cell.kind == 'raw'] == []


def test_no_tutorial_shows_a_directive_in_jupyter():
    "There a reader sees each cell as it is. A cell that must fail has the tag raises-exception, one that takes long the tag slow."
    pages = [page for page in sidebar() if page.startswith('tutorials/') or page == 'index.ipynb']
    found = [(page, n, line) for page in pages for n, cell in enumerate(cells(page)) if cell.kind == 'code' for line in re.findall(r'^\s*#\s*\|.*', cell.source, re.M)]
    assert found == []


@pytest.mark.parametrize('source, shown', [
    ('%%dspy run Triage\n#| eval: false\nemail = inbox[2]', 1), ('x = 1\n#| hide', 1), ('#| eval: false\nx = 1', 0), ('#| slow\nx = 1', 0),
    ('#|hide\nx = 1', 0), ('#| export\nx = 1', 0), ('%%dspy run Triage\n#| slow\nemail = 1', 0), ('#| invented: yes\nx = 1', 1)],
    ids=['after a magic', 'below code', "Quarto's", "nbdev's", 'hidden', 'exported', "nbdev's after a magic", 'nobody knows it'])
def test_a_directive_is_shown_where_nobody_takes_it_away(source, shown): assert len(visible_directives(source)) == shown


@pytest.mark.parametrize('text, shown', [
    ('[a](https://dspy.ai){.external}', 1), ('[a](https://dspy.ai){target="_blank"}', 1), ('::: {.callout-note}\nx\n:::', 3), ('---\ntitle: x\n---', 1),
    ('`{.external}` and `:::`', 0), ('a set {1, 2} and {name}', 0)])
def test_markup_is_shown_where_nobody_takes_it_away(text, shown): assert len(visible_markup(text)) == shown


def test_a_notebook_is_read_with_its_tags():
    text = '{"cells": [{"cell_type": "code", "source": ["a\\n", "b"], "metadata": {"tags": ["slow"]}, "outputs": []}]}'
    assert read_cells(text)[0].source == 'a\nb' and read_cells(text)[0].tags == ('slow',)
