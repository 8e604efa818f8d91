"""Build the documentation into _docs/: with Quarto where it is installed, else as plain pages good enough to read and to check.

`nbdev_docs` would install Quarto by itself where it is missing; this never does.
"""
import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from execnb.nbio import read_nb, write_nb
from nbdev.config import get_config
from nbdev.doclinks import NbdevLookup, _build_modidx
from nbdev.processors import FilterDefaults, add_links, exec_show_docs
from nbdev.quarto import refresh_quarto_yml


class Exec(exec_show_docs):
    "Runs what `show_doc` needs: exported cells and cells that only import. nbdev also runs an example that happens to import something."
    def __call__(self, cell):
        trees = cell.parsed_() if cell.cell_type == 'code' else None
        if not self._example(trees or []) or cell.directives_.keys() & {'export', 'exports', 'exporti', 'exec_doc'}: super().__call__(cell)

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


def processed(nbs: Path, cache: Path):
    "Write the folder of notebooks and other files that are ready to render."
    refresh_quarto_yml()
    _build_modidx()
    shutil.rmtree(cache, ignore_errors=True)
    shutil.copytree(nbs, cache, ignore=shutil.ignore_patterns('.*', '_proc', '_docs'))
    os.environ['IN_TEST'] = '1'  # as nbdev does, so that cells know
    for path in sorted(cache.rglob('*.ipynb')):
        nb = read_nb(path)
        Processors()(nb)
        nb.metadata.pop('widgets', None)  # the state of a widget makes a page fetch scripts from the network
        write_nb(nb, path)


def with_quarto(cache: Path, site: Path):
    "Render the real site."
    subprocess.run(['quarto', 'render', '--no-cache'], cwd=cache, check=True)
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(cache/site.name, site)


def with_nbconvert(cache: Path, site: Path):
    "Render each notebook as a page by itself."
    from nbconvert import HTMLExporter
    exporter = HTMLExporter(require_js_url='', mathjax_url='')  # nothing here needs them, and they come from the network
    shutil.rmtree(site, ignore_errors=True)
    for path in sorted(cache.rglob('*.ipynb')):
        page = (site/path.relative_to(cache)).with_suffix('.html')
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(exporter.from_filename(str(path))[0], encoding='utf-8')


def main():
    cfg = get_config()
    os.environ['PATH'] = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    site, cache, render = Path(cfg.doc_path), Path(cfg.config_path)/'_proc', with_quarto if shutil.which('quarto') else with_nbconvert
    processed(Path(cfg.nbs_path), cache)
    render(cache, site)
    print(f'{sum(1 for _ in site.rglob("*.html"))} pages in {site.name}/' + ('' if render is with_quarto else ' (without Quarto)'))


if __name__ == '__main__': main()
