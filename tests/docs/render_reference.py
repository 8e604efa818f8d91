"""Run the pages of the reference again, each in a process of its own that is forked from one which has imported DSPy.

usage: python -m tests.docs.render_reference PAGE ...      prints {page: the outputs of its code cells, as texts} as JSON
"""
import json
import os
import sys
import tempfile

import dspy  # noqa: F401  once, for all
import nbformat
from execnb.shell import CaptureShell


def text_of(outputs) -> str:
    "What a reader sees of the outputs of a cell: Markdown or text, and what was printed."
    parts = [output.get('data', {}).get('text/markdown') or output.get('data', {}).get('text/plain') or output.get('text', '')
             for output in outputs if output.get('name') != 'stderr']
    return '\n'.join(part if isinstance(part, str) else ''.join(part) for part in parts).strip()


def render(page: str) -> list[str]:
    "The outputs of a page, for each of its code cells."
    os.chdir(os.path.dirname(page))
    shell, found = CaptureShell(), []
    for cell in nbformat.read(page, as_version=4).cells:
        if cell.cell_type != 'code': continue
        found.append(text_of(shell.run(cell.source)))
        if shell.exc: raise shell.exc
    return found


def main():
    rendered = {}
    for page in map(os.path.abspath, sys.argv[1:]):
        with tempfile.NamedTemporaryFile('r', encoding='utf-8') as file:
            if not (pid := os.fork()):
                with open(file.name, 'w', encoding='utf-8') as out: json.dump(render(page), out)
                sys.stdout.flush()
                os._exit(0)
            if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]): sys.exit(f'{page} failed')
            rendered[page] = json.load(file)
    print(json.dumps(rendered))


if __name__ == '__main__': main()
