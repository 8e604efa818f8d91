"Write README.md from nbs/index.ipynb: the prose as it is, the code in fences, and beneath each the text it gave."
import re
from pathlib import Path

import nbformat

from scripts.headless import directives, without_directives

root = Path(__file__).parent.parent
head = '<!-- Made from nbs/index.ipynb by `make readme`: edit the notebook. -->\n'
_ansi = re.compile(r'\x1b\[[0-9;]*[A-Za-z]')
# Pictures of the documentation are shown from the repository, where they are before a version is published
PUBLISHED = 'https://dspy-toolkit.github.io/dspy_toolkit/images/'
RAW = 'https://raw.githubusercontent.com/dspy-toolkit/dspy_toolkit/main/nbs/images/'
_relative = re.compile(r'\]\((?!https?://|#|mailto:)([^)\s]+)')


def text_of(output) -> str:
    "An output as a terminal shows it, without its colours."
    if output.output_type == 'stream': text = output.text
    elif output.output_type == 'error': text = '\n'.join(output.traceback)
    else: text = output.data.get('text/plain', '')
    return _ansi.sub('', text).strip('\n')


def fenced(text: str, language: str = '') -> str:
    "`text` between fences longer than any it holds."
    ticks = '`' * max(3, *(len(o) + 1 for o in re.findall('`+', text)), 3)
    return f'{ticks}{language}\n{text}\n{ticks}'


def render(path: Path = root/'nbs'/'index.ipynb') -> str:
    "The Markdown of the notebook at `path`; raises `ValueError` where a link would not work outside the docs."
    parts = []
    for cell in nbformat.read(path, as_version=4).cells:
        marks = directives(cell)
        if 'hide' in marks: continue
        if cell.cell_type != 'code': parts.append(cell.source)
        elif cell.source.strip():
            if 'echo: false' not in marks: parts.append(fenced(without_directives(cell), 'python'))
            text = '\n'.join(filter(None, map(text_of, cell.outputs)))
            if text and 'output: false' not in marks: parts.append(fenced(text))
    if found := _relative.findall('\n'.join(o for o in parts if not o.startswith('```'))):
        raise ValueError(f'{path.name}: a relative link breaks in README.md, make it absolute: {", ".join(found)}')
    return head + '\n' + '\n\n'.join(parts).replace(PUBLISHED, RAW) + '\n'


if __name__ == '__main__': (root/'README.md').write_text(render(), encoding='utf-8')
