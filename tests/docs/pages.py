"The pages of the site as their notebooks hold them, read once: Markdown by its tokens, code by its cells."
import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt

root = Path(__file__).parents[2]
nbs = root/'nbs'
markdown = MarkdownIt('commonmark').enable('table')


class Cell(NamedTuple):
    "A cell of a notebook."
    kind: str  # code, markdown, raw
    source: str
    outputs: tuple = ()
    tags: tuple = ()


@functools.cache
def sidebar() -> tuple[str, ...]:
    "The notebooks that the sidebar lists, relative to nbs/."
    def pages(node):
        if isinstance(node, str): return [node]
        if isinstance(node, dict): return [*filter(None, [node.get('href')]), *pages(node.get('contents', []))]
        return [page for each in node for page in pages(each)]
    return tuple(pages(yaml.safe_load((nbs/'sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']))


def read_cells(text: str) -> tuple[Cell, ...]:
    "The cells of a notebook."
    def joined(source): return source if isinstance(source, str) else ''.join(source)
    cells = json.loads(text)['cells']
    return tuple(Cell(o['cell_type'], joined(o['source']), tuple(o.get('outputs', ())), tuple(o['metadata'].get('tags', ()))) for o in cells)


@functools.cache
def cells(page: str) -> tuple[Cell, ...]:
    "The cells of a page of the sidebar."
    return read_cells((nbs/page).read_text(encoding='utf-8'))


def prose(page: str) -> list[tuple[str, str]]:
    "(where, Markdown) for each Markdown cell of a page: `core/00_errors.ipynb, cell 3`."
    return [(f'{page}, cell {n}', cell.source) for n, cell in enumerate(cells(page)) if cell.kind == 'markdown']


@functools.cache
def parse(text: str) -> tuple:
    "The tokens of Markdown, those of its lines among them."
    return tuple(token for each in markdown.parse(text) for token in (each, *(each.children or ())))


def text_of(token) -> str:
    "The text of an inline token, without marks."
    return ''.join(each.content for each in token.children if each.type in ('text', 'code_inline'))


@functools.cache
def headings(page: str) -> frozenset[str]:
    "The anchors of a page's headings, as Pandoc and Quarto write them."
    found = set()
    for _, text in prose(page):
        tokens = parse(text)
        found |= {anchor(text_of(inline)) for opening, inline in zip(tokens, tokens[1:]) if opening.type == 'heading_open'}
    return frozenset(found)


def anchor(heading: str) -> str:
    "The anchor of a heading: small letters, a dash for a blank, nothing else but `_`, `-` and `.`."
    text = re.sub(r'[^\w\s.-]', '', heading.lower())
    return re.sub(r'^[^a-z]+', '', re.sub(r'\s+', '-', text.strip()))


def own_page(url: str) -> str | None:
    "The notebook behind an address of the site, with its number or without; None where there is none."
    path = url.partition('#')[0].removesuffix('.html') or 'index'
    folder, _, name = path.rpartition('/')
    found = [page for page in sidebar() if page in (f'{path}.ipynb', f'{name}.ipynb' if not folder else '')]
    numbered = re.compile(rf'{re.escape(folder)}/\d\d_{re.escape(name)}\.ipynb')
    return (found or [page for page in sidebar() if numbered.fullmatch(page)] or [None])[0]
