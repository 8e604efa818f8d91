"Reads settings.ini, which holds everything there is to know about the package, and hands it to setuptools."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
cfg = ConfigParser(delimiters=['='])
cfg.read(here/'settings.ini', encoding='utf-8')
cfg = cfg['DEFAULT']


def lines(key: str) -> list[str]:
    "The values of a key that holds one on each line."
    return [o.strip() for o in cfg.get(key, '').splitlines() if o.strip()]


extras = {k.removesuffix('_requirements'): lines(k) for k in cfg if k.endswith('_requirements')}
# The tools of this repository, the choice of a GPU or of PyTorch, and a model are asked for by name, never by `all`
extras['all'] = sorted({o for k, v in extras.items() if k not in ('dev', 'docs', 'train', 'cuda', 'smollm2') for o in v})
statuses = ['1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable', '6 - Mature', '7 - Inactive']
pythons = range(*(int(cfg[k].split('.')[1]) for k in ('min_python', 'max_python')))

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    author=cfg['author'], author_email=cfg['author_email'], license='Apache-2.0', license_files=['LICENSE'],
    url=cfg['git_url'], project_urls={
        'Documentation': cfg['doc_host'] + cfg['doc_baseurl'],
        'Changelog': f"{cfg['git_url']}/blob/{cfg['branch']}/CHANGELOG.md"},
    long_description=(here/'README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    classifiers=[
        f"Development Status :: {statuses[int(cfg['status']) - 1]}", f"Intended Audience :: {cfg['audience']}",
        'Framework :: Jupyter', f"Natural Language :: {cfg['language']}",
        *(f'Programming Language :: Python :: 3.{o}' for o in pythons), 'Topic :: Scientific/Engineering :: Artificial Intelligence'],
    python_requires=f">={cfg['min_python']},<{cfg['max_python']}",
    packages=find_packages(include=[cfg['lib_path'], cfg['lib_path'] + '.*']), package_data={cfg['lib_path']: lines('package_data')},
    include_package_data=False, zip_safe=False,
    install_requires=lines('requirements'), extras_require=extras,
    entry_points={'console_scripts': lines('console_scripts'), 'nbdev': [f"{cfg['lib_name']}={cfg['lib_path']}._modidx:d"]},
)
