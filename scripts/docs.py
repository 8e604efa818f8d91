"""Build the documentation into _docs/, from `_quarto.yml` and the notebooks: what CI checks is what is published.

usage: python -m scripts.docs [--quarto]      `--quarto` renders with Quarto instead, where it is installed

`nbdev_docs` would install Quarto by itself where it is missing; this never does.
"""
import ast
import atexit
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from execnb.nbio import read_nb, write_nb
from nbdev.config import get_config
from nbdev.doclinks import NbdevLookup, _build_modidx
from nbdev.processors import FilterDefaults, add_links, exec_show_docs
from nbdev.quarto import refresh_quarto_yml

_fence = re.compile(r'^```.*?^```$', re.M | re.S)
_linked_name = re.compile(r'\[(`[^`\n]+`)\]\(https?:[^)\s]+\)')


class Exec(exec_show_docs):
    "Runs what `show_doc` needs: exported cells and cells that only import. nbdev also runs an example that happens to import something."
    def __call__(self, cell):
        trees = cell.parsed_() if cell.cell_type == 'code' else None
        if not self._example(trees or []) or cell.directives_.keys() & {'export', 'exports', 'exporti', 'exec_doc'}: super().__call__(cell)

    def end(self):
        "Leave nothing of the shell for the end of the program: of 335 shells, each would then look through all that there is in memory."
        super().end()
        if hasattr(self, 'k'): atexit.unregister(self.k.atexit_operations)

    @staticmethod
    def _example(trees) -> bool:
        imports = ast.Import, ast.ImportFrom
        return any(isinstance(o, imports) for t in trees for o in ast.walk(t)) and not all(isinstance(o, imports) for o in trees)


def link_names(cell):
    "Link names to where they are explained; not within a block of code, as nbdev does: there the marks of a link would be seen."
    lookup = NbdevLookup()
    if cell.cell_type == 'markdown': cell.source = lookup.linkify(cell.source)
    for output in cell.get('outputs', []):
        text = output.get('data', {}).get('text/markdown')
        if text: output['data']['text/markdown'] = lookup.linkify(''.join(text))


class Processors(FilterDefaults):
    "nbdev's processors: links to symbols, signatures and parameter tables, hidden cells removed."
    def base_procs(self): return [{exec_show_docs: Exec, add_links: link_names}.get(o, o) for o in super().base_procs()]


def process(path: Path, root: Path):
    "Make the notebook at `path` ready to render, in its place."
    nb, shell = read_nb(path), InteractiveShell._instance
    try: Processors()(nb)
    finally: InteractiveShell._instance = shell  # nbdev's own takes its place, for the whole process
    nb.metadata.pop('widgets', None)  # the state of a widget makes a page fetch scripts from the network
    mend_outputs(nb, root)
    write_nb(nb, path)


def processed(nbs: Path, cache: Path):
    "Write the folder of notebooks and other files that are ready to render."
    refresh_quarto_yml()
    _build_modidx()
    shutil.rmtree(cache, ignore_errors=True)
    shutil.copytree(nbs, cache, ignore=shutil.ignore_patterns('.*', '_proc', '_docs'))
    os.environ['IN_TEST'] = '1'  # as nbdev does, so that cells know
    for path in sorted(cache.rglob('*.ipynb')): process(path, nbs.parent)


def mend_output(text: str, root: Path) -> str:
    """Mend what `show_doc` gave: nbdev makes links of names also within code, where they are not read as such, and a default that is a file
    of the package is shown with the folder of this checkout."""
    text = _fence.sub(lambda code: _linked_name.sub(r'\1', code[0]), text)
    return text.replace(f'{root}{os.sep}', '')


def mend_outputs(nb, root: Path):
    "Mend the texts among the outputs of a notebook."
    for output in (o for cell in nb.cells for o in cell.get('outputs', [])):
        data = output.get('data', {})
        for kind, text in data.items():
            if not kind.startswith('image/'): data[kind] = mend_output(''.join(text), root)


def with_quarto(cache: Path, site: Path):
    "Render the real site."
    subprocess.run(['quarto', 'render', '--no-cache'], cwd=cache, check=True)
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(cache/site.name, site)


def with_smalldocs(cache: Path, site: Path):
    "Render the real site in Python alone, and refuse one with a broken link, a request to another server or a picture without a text."
    from scripts.site.check import check
    from scripts.site.render import build
    cfg = get_config()
    shutil.rmtree(site, ignore_errors=True)
    book = build(cache, Path(cfg.nbs_path), cfg.version)
    shutil.move(book.out, site)
    pages, links, wrong = check(site)
    if wrong: sys.exit('\n'.join(['the documentation has faults:', *wrong]))
    print(f'{links:,} links within {pages} pages lead somewhere')


def main():
    cfg = get_config()
    os.environ['PATH'] = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    site, cache, render = Path(cfg.doc_path), Path(cfg.config_path)/'_proc', with_smalldocs
    if '--quarto' in sys.argv[1:]: render = with_quarto
    processed(Path(cfg.nbs_path), cache)
    render(cache, site)
    print(f'{sum(1 for _ in site.rglob("*.html"))} pages in {site.name}/')


if __name__ == '__main__': main()
