"The text of a page: what smalldocs leaves to be mended before it stands in a page."
import html
import re
from collections import Counter
from collections.abc import Callable

from latex2mathml.converter import convert

CHANGED = {' target="_blank"': '', '<i class="bi"></i>': '', ' title="Copy to Clipboard"': ' type="button" title="Copy"'}
_tag = re.compile(r'<[^>]+>')
_math = re.compile(r'<span class="math (inline|display)">\\[(\[](.*?)\\[)\]]</span>', re.S)
_heading = re.compile(r'<h([2-6])\b([^>]*)>(.*?)</h\1>', re.S)
_image = re.compile(r'<img\b(?![^>]*\balt=)')
_own_tag = re.compile(r'(<(?:a|img|source|video)\b[^>]*?\b(?:href|src|srcset)=")([^"#?]+)([^"]*")')
_name = re.compile(r'<a href="([^":]*#[^"]+)"[^>]*>(<code>[^<]*</code>)</a>')
_id = re.compile(r'\sid="([^"]+)"')
_corner = re.compile(r'<th\b([^>]*)></th>')
_column = re.compile(r'role="columnheader"(?=[^>]*>(?:<div[^>]*></div>)?</div>)')
_region = re.compile(r'(role="region" aria-label="[^"]*)"')
_sentence = re.compile(r'<p>((?:(?!</?p>).)*)</p>', re.S)


def plain(markup: str) -> str:
    "HTML as text on one line."
    return ' '.join(html.unescape(_tag.sub(' ', markup)).split())


def with_math(text: str) -> str:
    "Formulas as MathML, which browsers draw by themselves and screen readers say."
    return _math.sub(lambda m: convert(html.unescape(m[2]), display='block' if m[1] == 'display' else 'inline'), text)


def with_steady_headings(text: str) -> str:
    "No heading more than one level below the one before: a page that begins with a function's heading skips a level."
    before = 1

    def place(m):
        nonlocal before
        before = min(int(m[1]), before + 1)
        return f'<h{before}{m[2]}>{m[3]}</h{before}>'
    return _heading.sub(place, text)


def with_alternatives(text: str) -> str:
    "Each picture without a text of its own has the sentence before it, which says what it shows."
    def put(m):
        said = _sentence.findall(text[:m.start()])
        words = plain(said[-1]).rstrip(':') if said else 'the output of the code above'
        return f'<img alt="Figure: {html.escape(words[-200:])}"'
    return _image.sub(put, text)


def with_own_links(text: str, resolve: Callable) -> str:
    "Addresses within raw HTML are written as those of Markdown are."
    def put(m):
        return m[1] + resolve(html.unescape(m[2])) + m[3] if m[2].startswith('https:') else m[0]
    return _own_tag.sub(put, text)


def ids(text: str) -> list[str]: return [html.unescape(o) for o in _id.findall(text)]


def with_shown_names(text: str, exists: Callable) -> str:
    "A name leads to where it is explained. nbdev makes a link of every name, also of those that no page shows."
    return _name.sub(lambda m: m[0] if m[1].startswith('#') or exists(html.unescape(m[1])) else m[2], text)


def with_told_regions(text: str) -> str:
    "Regions of a page have names of their own: of the cards that are alike, the second one says so."
    seen = Counter()

    def name(m):
        seen[m[1]] += 1
        return f'{m[1]} {seen[m[1]]}"' if seen[m[1]] > 1 else m[0]
    return _region.sub(name, text)


def finish(
    text: str,
    resolve: Callable,  # an address as it is written -> the same from this page
    exists: Callable,  # whether an address, from this page, leads somewhere
) -> str:
    "The body of a page, ready for its place."
    text = re.sub(r'<!--.*?-->\s*', '', text, flags=re.S)
    for before, after in CHANGED.items(): text = text.replace(before, after)
    text = _corner.sub(r'<td\1></td>', _column.sub('role="cell"', text))  # what is empty heads nothing
    return with_alternatives(with_told_regions(with_steady_headings(with_math(with_shown_names(with_own_links(text, resolve), exists)))))
