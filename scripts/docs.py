"""Build the documentation into _docs/: with Quarto where it is installed, else as plain pages good enough to read and to check.

`nbdev_docs` would install Quarto by itself where it is missing; this never does.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbdev.config import get_config
from nbdev.doclinks import _build_modidx
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs


def processed() -> Path:  # the folder of notebooks ready to render
    "Run nbdev's processors over every notebook: links to symbols, signatures and parameter tables, hidden cells removed."
    refresh_quarto_yml()
    _build_modidx()
    cache = proc_nbs(n_workers=0, force=True)
    for path in cache.rglob('*.ipynb'):  # the state of a widget makes a page fetch scripts from the network
        nb = nbformat.read(path, as_version=4)
        if nb.metadata.pop('widgets', None): nbformat.write(nb, path)
    return cache


def with_quarto(cache: Path, site: Path):
    "Render the real site."
    subprocess.run(['quarto', 'render', '--no-cache'], cwd=cache, check=True)
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(cache/site.name, site)


def with_nbconvert(cache: Path, site: Path):
    "Render each notebook as a page by itself."
    from nbconvert import HTMLExporter
    exporter = HTMLExporter()
    shutil.rmtree(site, ignore_errors=True)
    for path in sorted(cache.rglob('*.ipynb')):
        page = (site/path.relative_to(cache)).with_suffix('.html')
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(exporter.from_filename(str(path))[0], encoding='utf-8')


def main():
    os.environ['PATH'] = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    site, render = Path(get_config().doc_path), with_quarto if shutil.which('quarto') else with_nbconvert
    render(processed(), site)
    print(f'{sum(1 for _ in site.rglob("*.html"))} pages in {site.name}/' + ('' if render is with_quarto else ' (without Quarto)'))


if __name__ == '__main__': main()
