"The page around a text: its head, the bars above and beside it, and the way to other pages."
import html
import re
from functools import cached_property
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from smalldocs.layout import Item, SiteNav
from smalldocs.site import Page, Site, rel

TEMPLATE = Template((Path(__file__).parent/'page.html').read_text(encoding='utf-8'))
TRIED = 'tutorials', 'how_to'  # folders of notebooks that a person may want to run elsewhere


def markdown_name(page: Page) -> str:
    "The file of a page's Markdown, beside it."
    return page.out.name.removesuffix('.html') + '.llms.md'


def attribute(text) -> str: return html.escape(' '.join(str(text).split()))


def list_links(name: str, label: str, items: str, kind: str = '') -> str:
    "A list of links with its label."
    return f'<nav aria-labelledby="{name}"><p class="label" id="{name}">{label}</p><ul class="{kind}">{items}</ul></nav>'


class Frame:
    "What the pages of a site share."

    def __init__(self, site: Site, nav: SiteNav, version: str):
        self.site, self.nav, self.version, self.web = site, nav, version, site.project.website
        self.title, self.address = str(self.web['title']), str(self.web['site-url']).rstrip('/')
        self.repo, self.branch = str(self.web['repo-url']).rstrip('/'), str(self.web.get('repo-branch') or 'main')
        self._entries: dict[str, list[tuple[Item, str]]] = {}
        self.folder = str(self.web.get('repo-subdir') or '').strip('/')

    def pictures(self) -> list[str]:
        "Files that the head of each page names."
        return [str(o) for o in (self.web.get('image'), self.web.get('favicon')) if o]

    @cached_property
    def sections(self) -> list[Item]: return [o for bar in self.nav.sidebars for o in bar['items']]

    @cached_property
    def order(self) -> list[tuple[Page, str]]:
        "(page, the section it is in) as the sidebar has them."
        return [(page, item.text if item.section else '') for item in self.sections for page in item.pages()]

    def entries(self, up: str) -> list[tuple[Item, str]]:
        "The links of each section, seen from a page that is `up` below the root; no page is marked yet."
        if up not in self._entries: self._entries[up] = [(item, self.links(item, up)) for item in self.sections]
        return self._entries[up]

    def links(self, item: Item, up: str) -> str:
        "A section's pages."
        return ''.join(f'<li><a href="{up}{o.out}">{html.escape(o.title)}</a></li>' for o in item.pages())

    def sidebar(self, page: Page | None, up: str) -> str:
        "Every page of the site, with this page's section open."
        parts = []
        for item, links in self.entries(up):
            here = page is not None and item.contains(page)
            if here: links = links.replace(f'href="{up}{page.out}"', f'href="{up}{page.out}" aria-current="page"')
            if item.section: links = f'<li><details{" open" if here else ""}><summary>{item.text}</summary><ul>{links}</ul></details></li>'
            parts.append(links)
        return f'<ul>{"".join(parts)}</ul>'

    def top(self, up: str) -> str:
        "The links of the bar at the top."
        def link(item): return item.href if re.match(r'[a-z]+:', item.href) else up + item.href
        return ''.join(f'<li><a href="{link(item)}">{item.text}</a></li>' for item in self.nav.left)

    def contents(self, page: Page) -> str:
        "The headings of a page."
        heads = [o for o in page.env.get('headings', []) if o['level'] <= 3]
        if len(heads) < 2: return ''
        links = ''.join(f'<li class="level{o["level"]}"><a href="#{o["id"]}">{html.escape(o["text"])}</a></li>' for o in heads)
        return list_links('site-contents', 'On this page', links, 'toc')

    def elsewhere(self, page: Page) -> str:
        "Where else this page can be read, run and mended."
        path = f'{self.folder}/{page.src}'.lstrip('/')
        links = {f'{self.repo}/blob/{self.branch}/{path}': 'On GitHub'}
        if page.src.parts[0] in TRIED:
            colab = f'https://colab.research.google.com/github/{self.repo.removeprefix("https://github.com/")}/blob/{self.branch}/{path}'
            links[colab] = 'In Colab'
        links |= {page.out.with_suffix('.ipynb').name: 'Notebook', markdown_name(page): 'Markdown'}
        links[f'{self.repo}/issues/new'] = 'Report an issue'
        notes = {
            'In Colab': f' title="There, run first: %pip install git+{self.repo}"',
            'Notebook': ' download title="For JupyterLab on your machine"',
        }
        items = ''.join(f'<li><a href="{html.escape(href)}"{notes.get(text, "")}>{text}</a></li>' for href, text in links.items())
        return list_links('site-open', 'Open this page', items)

    def neighbours(self, page: Page) -> str:
        "The pages before and after."
        pages = [o for o, _ in self.order]
        if page not in pages: return ''
        at, parts = pages.index(page), []
        for step, name, word in ((-1, 'prev', 'Before'), (1, 'next', 'Next')):
            if not 0 <= at + step < len(pages): continue
            other = pages[at + step]
            parts.append(f'<a rel="{name}" href="{rel(other.out, page)}"><small>{word}</small> {html.escape(other.title)}</a>')
        return f'<nav class="neighbours" aria-label="Pages before and after">{"".join(parts)}</nav>'

    def heading(self, page: Page) -> str:
        "The title of a page, and what it is about."
        section = next((name for o, name in self.order if o is page), '')
        about = page.front.get('description')
        parts = [f'<p class="section">{section}</p>' if section else '', f'<h1>{html.escape(page.title)}</h1>']
        return ''.join([*parts, f'<p class="lead">{html.escape(str(about))}</p>' if about else ''])

    def head(self, page: Page) -> str:
        "What search engines, feeds and other programs read of a page."
        home = str(page.out) == 'index.html'
        place = self.address + '/' + ('' if home else str(page.out))
        title = self.title if home else f'{page.title} · {self.title}'
        about = page.front.get('description') or self.web.get('description') or ''
        tags = [f'<title>{attribute(title)}</title>', f'<meta name="description" content="{attribute(about)}">']
        tags.append(f'<link rel="canonical" href="{place}">')
        tags.append(f'<link rel="alternate" type="text/markdown" href="{markdown_name(page)}">')
        shared = dict(type='website', site_name=self.title, title=page.title, description=about, url=place)
        if image := self.web.get('image'): shared |= {'image': f'{self.address}/{image}', 'image:alt': self.web.get('description')}
        if self.web.get('open-graph'): tags += [f'<meta property="og:{key}" content="{attribute(value)}">' for key, value in shared.items()]
        if self.web.get('twitter-card'): tags.append('<meta name="twitter:card" content="summary_large_image">')
        return '\n'.join(tags)

    def fill(self, up: str, sidebar: str, head: str, main: str, aside: str = '', kind: str = 'page') -> str:
        "Put the parts into the page."
        icon = f'<link rel="icon" href="{up}{self.web["favicon"]}">' if self.web.get('favicon') else ''
        return TEMPLATE.substitute(
            up=up, home=up or './', head=head, icon=icon, brand=html.escape(self.title), top=self.top(up), repo=self.repo,
            version=self.version, sidebar=sidebar, main=main, aside=aside, kind=kind,
            about=html.escape(str(self.web.get('description') or '')))

    def page(self, page: Page, text: str) -> str:
        "The whole of a page."
        up, home = '../' * len(page.out.parent.parts), str(page.out) == 'index.html'
        main = self.heading(page) + text + self.neighbours(page)
        aside = self.contents(page) + self.elsewhere(page)
        return self.fill(up, self.sidebar(page, up), self.head(page), main, aside, 'home' if home else page.src.parts[0])

    def not_found(self) -> str:
        "The page for an address that is none. It is shown at any depth, so its own addresses begin at the root of the server."
        root = urlsplit(self.address).path.rstrip('/') + '/'
        main = '<h1>This page does not exist</h1><p>It may have moved with a new version. Search above, or begin at the '
        head = f'<title>Not found · {self.title}</title><meta name="robots" content="noindex">'
        return self.fill(root, self.sidebar(None, root), head, f'{main}<a href="{root}">first page</a>.</p>', kind='missing')
