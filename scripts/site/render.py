"""Render processed notebooks with smalldocs, from the same `_quarto.yml` that Quarto reads.

From smalldocs come the Markdown of Quarto, notebooks with their stored outputs, links, and each page's Markdown. It names a page by its
notebook and knows no `output-file`, so the addresses are given here. The page around the text is `layout`'s: smalldocs' own asks other
servers for fonts, and lays each of 335 sidebars anew.
"""
import json
import posixpath
import shutil
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from smalldocs import llms
from smalldocs.config import PAGE_EXTS, load
from smalldocs.layout import SiteNav
from smalldocs.site import Page, Site

from scripts.site import body, layout, versions

STATIC = Path(__file__).parent/'static'
INDEXED = 400  # characters of a section that search reads


class Book(Site):
    "A site whose pages have the addresses that nbdev gives them, and whose links to itself are relative."

    @cached_property
    def address(self) -> str: return str(self.project.website.get('site-url') or '').rstrip('/')

    def read(self, src: PurePosixPath) -> Page:
        page = super().read(src)
        if name := page.front.get('output-file'): page.out = src.with_name(str(name))
        return page

    @cached_property
    def by_address(self) -> dict[PurePosixPath, Page]:
        "Pages by the address they are written to; read when all are known."
        return {page.out: page for page in self.pages.values()}

    def find_page(self, target: PurePosixPath) -> Page | None:
        page = super().find_page(target)
        return page or self.by_address.get(target.with_suffix('.html') if target.suffix in PAGE_EXTS else target)

    def resolve(self, href: str, page: Page | None, record: bool = True) -> str:
        "Nobody who reads the site on their own machine, or an older version of it, is sent to the one that is published."
        if self.address and (href + '/').startswith(self.address + '/'): href = '/' + href.removeprefix(self.address).lstrip('/')
        return super().resolve(href, page, record)

    def llms_copy(self, page: Page) -> tuple[str, dict[str, bytes]]:
        "A page's Markdown, where an output is the text that a terminal shows, and not the markup of a card."
        notebook = json.loads((self.root/page.src).read_text(encoding='utf-8'))
        for output in (o for cell in notebook['cells'] for o in cell.get('outputs', [])):
            data = output.get('data', {})
            if 'text/plain' in data: data.pop('text/html', None)
        prose = llms.Prose(lambda href: self.llms_link(href, page), page.env)
        text, files = llms.notebook(json.dumps(notebook), {}, page.src.stem, prose, str)
        return llms.page_markdown(page.title, str(page.front.get('description') or ''), text), files

    def write(self, version: str, notebooks: Path):
        "Write every page, its Markdown and its notebook, and what they need."
        self.pages |= {src: self.read(src) for src in self.discover()}
        for page in self.pages.values(): self.render_page(page)
        frame = layout.Frame(self, SiteNav(self), version)
        shutil.rmtree(self.out, ignore_errors=True)
        for page in self.pages.values():
            place = self.out/page.out
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(frame.page(page, self.finish(page)), encoding='utf-8')
            text, files = self.llms_copy(page)
            for name, data in {layout.markdown_name(page): text.encode(), **files}.items():
                (place.parent/name).parent.mkdir(parents=True, exist_ok=True)
                (place.parent/name).write_bytes(data)
            shutil.copy(notebooks/page.src, place.with_suffix('.ipynb'))
        self.write_rest(frame, version)

    @cached_property
    def anchors(self) -> set[str]:
        "The places that a link can lead to: pages, and within them headings and whatever else has an id."
        return {place for page in self.pages.values() for place in (str(page.out), *(f'{page.out}#{o}' for o in body.ids(page.html)))}

    def finish(self, page: Page) -> str:
        "The text of a page, with its links as they are written from it."
        def exists(href): return posixpath.normpath(page.out.parent/unquote(href)) in self.anchors
        return body.finish(page.html, lambda href: self.resolve(href, page), exists)

    def write_rest(self, frame: layout.Frame, version: str):
        "Write the files that belong to no page."
        self.resources |= {PurePosixPath(o) for o in ('styles.css', *frame.pictures()) if (self.root/o).is_file()}
        shutil.copytree(STATIC, self.out/'site')
        self.copy_resources()
        self.write_search()
        self.write_sitemap()
        self.write_llms_txt()
        (self.out/'404.html').write_text(frame.not_found(), encoding='utf-8')
        (self.out/'.nojekyll').touch()
        versions.write(self.out, {version: '.'}, version)

    def write_search(self):
        "One list a section: address, title of the page, heading, beginning of the text."
        def entry(page, part):
            place, heading = (f'{page.out}#{part["id"]}', part['title']) if part['id'] else (str(page.out), '')
            return [place, page.title, heading, body.plain(part['text'])[:INDEXED]]
        entries = [entry(page, part) for page in self.pages.values() for part in page.env.get('search', [])]
        (self.out/'search.json').write_text(json.dumps(entries, ensure_ascii=False, separators=(',', ':')), encoding='utf-8')


def build(source: Path, notebooks: Path, version: str) -> Book:
    """Render the folder `source` to where its `project.output-dir` says; `notebooks` holds those a person may take along.

    Raises `smalldocs.config.BuildError` where a page cannot be read."""
    book = Book(load(source), quiet=True)
    book.write(version, notebooks)
    return book
