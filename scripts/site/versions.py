"""Several versions of the site beside each other: the newest at the root, each older one in a folder named after it.

`versions.json` at the root of each lists all of them, as addresses relative to that root. So a site moves without being built again, and a
site with one version lists itself.

usage: python -m scripts.site.versions SITE VERSION=FOLDER ...      puts older builds into SITE
"""
import json
import shutil
import sys
from pathlib import Path


def write(site: Path, versions: dict[str, str], current: str):
    "Write the list for the root `site`: versions and where each begins, seen from there."
    entries = [dict(version=version, url=f'{url.rstrip("/")}/', current=version == current) for version, url in versions.items()]
    (site/'versions.json').write_text(json.dumps(entries, indent=1) + '\n', encoding='utf-8')


def current_version(site: Path) -> str:
    "The version that a built site is of."
    return next(o['version'] for o in json.loads((site/'versions.json').read_text(encoding='utf-8')) if o['current'])


def gather(site: Path, older: dict[str, Path]):
    "Put the builds of older versions, newest first, into `site`, and tell each of all."
    newest = current_version(site)
    if newest in older: raise ValueError(f'{newest} is the version of the site itself')
    for version, folder in older.items(): shutil.copytree(folder, site/version)
    write(site, {newest: '.'} | {o: o for o in older}, newest)
    for version in older: write(site/version, {newest: '..', version: '.'} | {o: f'../{o}' for o in older if o != version}, version)


if __name__ == '__main__':
    root, *pairs = sys.argv[1:]
    gather(Path(root), {version: Path(folder) for version, _, folder in (o.partition('=') for o in pairs)})
