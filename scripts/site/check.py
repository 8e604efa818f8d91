"What must be true of every page of the built site."
import html
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

_link = re.compile(r'<(\w+)\b[^>]*?\s(href|src|srcset)="([^"]*)"')
_id = re.compile(r'\sid="([^"]+)"')
_machine = re.compile(r'(?<![\w.:/-])/(?:root|home|Users|work|private|var/folders)/[\w./-]+')
_outside = re.compile(
    r'<(?:script|img|source|iframe|video|audio|link)\b[^>]*?\s(?:src|srcset|href)="(?:https?:)?//[^"]+"[^>]*>'
    r'|@import[^;]+;|url\(["\']?(?:https?:)?//[^)]*\)')
_said = re.compile(r'rel="canonical"')


@cache
def ids(page: Path) -> set[str]: return {html.unescape(o) for o in _id.findall(page.read_text(encoding='utf-8'))}


def broken(site: Path, page: Path, text: str) -> tuple[int, list[str]]:
    "(how many links of a page stay within the site, those that lead nowhere)"
    count, wrong = 0, []
    for _, _, href in _link.findall(text):
        parts = urlsplit(html.unescape(href))
        if parts.scheme or parts.netloc: continue
        count += 1
        path = page.parent/unquote(parts.path) if parts.path else page
        if path.is_dir(): path /= 'index.html'
        if not path.exists() or not path.resolve().is_relative_to(site.resolve()): wrong.append(href)
        elif parts.fragment and path.suffix == '.html' and unquote(parts.fragment) not in ids(path): wrong.append(href)
    return count, wrong


def faults(page: Path, text: str) -> list[str]:
    "What a page asks of other servers, tells of the machine that built it, or does not say of its pictures."
    found = [f'asks elsewhere: {o[:120]}' for o in _outside.findall(text) if not _said.search(o)]
    found += [f'names a place of this machine: {o}' for o in _machine.findall(text)]
    found += [f'a picture without a text: {o[:80]}' for o in re.findall(r'<img\b[^>]*>', text) if not re.search(r'\balt="[^"]', o)]
    twice = _id.findall(text)
    return found + [f'the id {o!r} is there twice' for o in sorted({o for o in twice if twice.count(o) > 1})]


def check(site: Path) -> tuple[int, int, list[str]]:
    "(pages, links within the site, what is wrong) of all pages but 404.html, whose addresses begin at the server's root."
    pages, links, wrong = [o for o in sorted(site.rglob('*.html')) if o.name != '404.html'], 0, []
    for page in pages:
        text = page.read_text(encoding='utf-8')
        count, nowhere = broken(site, page, text)
        links += count
        wrong += [f'{page.relative_to(site)}: {o}' for o in [*(f'leads nowhere: {o}' for o in sorted(set(nowhere))), *faults(page, text)]]
    for style in site.rglob('*.css'): wrong += [f'{style.relative_to(site)}: {o}' for o in faults(style, style.read_text(encoding='utf-8'))]
    ids.cache_clear()
    return len(pages), links, wrong
