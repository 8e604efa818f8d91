"The fenced blocks of the documentation, and what can be said of each without running a shell: what is wrong with it, line by line."
import ast
import builtins
import configparser
import importlib.util
import json
import re
import shlex
import tomllib
from typing import NamedTuple

import yaml

from dspy_toolkit.cli.main import NOTEBOOK_ONLY, split_options
from dspy_toolkit.commands.parse import read_line, read_words
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.monitoring.metrics import INSTRUMENTS
from dspy_toolkit.monitoring.prometheus import prometheus_name
from dspy_toolkit.signatures.source import parse_cell
from tests.docs.pages import cells, parse, root, sidebar

FREE = {'text', 'txt', 'output'}  # what something printed, or a drawing
SHELL = {'sh', 'bash', 'shell', 'console'}
NOTEBOOK = {'', 'python', 'py', 'ipython'}
PROGRAMS = {  # what a reader may be told to call besides what is checked here
    'cat', 'cd', 'chmod', 'cp', 'curl', 'docker', 'echo', 'export', 'git', 'grep', 'head', 'jq', 'journalctl', 'jupyter', 'kubectl', 'launchctl', 'ls', 'mkdir', 'mv',
    'printf', 'pytest', 'rm', 'ruff', 'sed', 'sort', 'sudo', 'systemctl', 'systemd-analyze', 'tail', 'tee', 'test', 'touch', 'uv', 'wc', 'which', 'xargs', 'sh', 'exit',
    'apt-get', 'brew', 'env', 'kill', 'sleep', 'openssl', 'source', '.', 'nbdev_export', 'nbdev_clean', 'nbdev_test', 'nbdev_install_hooks', 'nbdev_update', 'pre-commit', 'gh',
}
WORDS = {'if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', '!', '{', '}', 'time', 'nice', 'exec', 'nohup'}


class Block(NamedTuple):
    "A fenced block, and where it stands."
    page: str
    number: int  # of its cell; 0 in a file that is no notebook
    kind: str  # the first word of its first line: python, sh, ...
    text: str

    @property
    def where(self): return f'{self.page}, cell {self.number}, {self.kind or "no kind"}: {self.text.strip().partition(chr(10))[0][:60]}'


def fences(page: str, number: int, text: str) -> list[Block]:
    "The fenced blocks of Markdown, also those in lists and quotations."
    return [Block(page, number, (each.info.split() or [''])[0].strip('{}.').lower(), each.content) for each in parse(text) if each.type == 'fence']


def blocks() -> list[Block]:
    "Every fenced block of every page, and of CONTRIBUTING.md and its like."
    found = [block for page in sidebar() for n, cell in enumerate(cells(page)) if cell.kind == 'markdown' for block in fences(page, n, cell.source)]
    beside = [path for path in sorted(root.glob('*.md')) if path.name != 'README.md']  # that one is made from a page
    return found + [block for path in beside for block in fences(path.name, 0, path.read_text(encoding='utf-8'))]


# --- lines of the toolkit

def said_by(error: ToolkitError) -> str: return f'{error} → {error.hint}'


def wrong_line(line: str) -> str:
    "What is wrong with a line of a notebook, `%dspy log Triage`; '' where nothing is."
    if not (found := re.match(r'%%?dspy\b ?(.*)', line)): return '' if re.match(r'%(load_ext|unload_ext|reload_ext|pip|env|cd|autoreload) |!', line) else f'nobody knows {line!r}'
    if found[1].startswith(('->', '{')) or not found[1].strip(): return ''
    named = {name: name for name in re.findall(r'[{$](\w+)', line)}  # a variable of the notebook stands for its name
    try: read = read_line(found[1], named)
    except ToolkitError as e: return said_by(e)
    return f'{read.verb.name} takes no text below its line' if line.startswith('%%') and not read.verb.body else ''


def wrong_cell(text: str) -> str:
    "What is wrong with a cell that begins with `%%dspy`."
    first, _, body = text.partition('\n')
    wrong = wrong_line(first)
    return wrong or (wrong_signature(body) if re.match(r'%%dspy Signature\b', first) else '')


def wrong_signature(body: str) -> str:
    "What is wrong with the text of a signature."
    try: parse_cell(body, name='Name')
    except ToolkitError as e: return said_by(e)
    return ''


def wrong_words(words: list[str]) -> str:
    "What is wrong with the words after `dspy-toolkit`."
    if words[:1] == ['--complete']: return ''
    words, options = split_options(words)
    if 'version' in options: return ''
    named = [word for word in words if word.startswith('-') or not re.match(r'\w+=', word) or '->' in word]  # inputs stand on the line of some verbs
    try: read = read_words(words)
    except ToolkitError as e:
        try: read = read_words(named)
        except ToolkitError: return said_by(e)
        if not read.verb.inputs: return said_by(e)
    return f'{read.verb.name} is for notebooks: {NOTEBOOK_ONLY[read.verb.name]}' if read.verb.name in NOTEBOOK_ONLY else ''


# --- a shell

def commands(text: str) -> list[list[str]]:
    "The simple commands of a shell's text, each as its words; what is put in with $(...) follows."
    text = re.sub(r'\\\n\s*', ' ', text)
    lexer = shlex.shlex(text.replace('\n', '\n;'), posix=True, punctuation_chars='();<>|&')
    lexer.whitespace_split, lexer.commenters = True, '#'
    found, inner, skip = [[]], [], False
    for token in lexer:
        if re.fullmatch(r'[();|&]+', token): found.append([])
        elif re.fullmatch(r'[<>&]+', token):
            if found[-1] and found[-1][-1] in ('1', '2'): found[-1].pop()
            skip = True
        elif skip: skip = False
        else:
            found[-1].append(token)
            inner += re.findall(r'\$\(([^()]*)\)', token)
    simple = [take_lead(words) for words in found]
    return [words for words in simple if words] + [words for each in inner for words in commands(each)]


def take_lead(words: list[str]) -> list[str]:
    "The words of a command without what may stand before it: `if`, NAME=value, the sign of a prompt."
    while words and (words[0] in WORDS or words[0] == '$' or re.fullmatch(r'[A-Za-z_]\w*=.*', words[0], re.S)): words = words[1:]
    return words[3:] if words[:1] == ['for'] and words[2:3] == ['in'] else words


HEREDOC = re.compile(r'<<-?\s*([\'"]?)(\w+)\1([^\n]*)\n(.*?)^\2$', re.M | re.S)


def wrong_shell(block: Block, targets: set[str]) -> list[str]:
    "What is wrong with the lines of a shell; `targets` are those of make."
    wrong = []
    for found in HEREDOC.finditer(block.text):
        line = block.text[:found.start()].rpartition('\n')[2]
        if re.search(r'dspy-toolkit Signature\b', line): wrong.append(wrong_signature(found[4]))
    text = HEREDOC.sub(r'\3', block.text)
    if block.kind == 'console': text = '\n'.join(line[2:] for line in text.splitlines() if line.startswith('$ '))
    try: return [each for each in [*wrong, *(wrong_command(words, targets) for words in commands(text))] if each]
    except ValueError as e: return [*wrong, f'no shell reads this: {e}']


def wrong_command(words: list[str], targets: set[str]) -> str:
    "What is wrong with one command; '' where nothing is."
    program, rest = words[0].rpartition('/')[2], words[1:]
    if program in ('sudo', 'env', 'xargs', 'nice'):
        inner = next((n for n, word in enumerate(rest) if word.rpartition('/')[2] in {'sh', 'dspy-toolkit', 'python'}), None)
        return wrong_command(rest[inner:], targets) if inner is not None else ''
    if program == 'sh' and rest[:1] == ['-c']: return '; '.join(filter(None, (wrong_command(each, targets) for each in commands(rest[1]))))
    if program == 'dspy-toolkit': return wrong_words(rest)
    if program == 'make': return '; '.join(f'there is no target {word}' for word in rest if not word.startswith('-') and '=' not in word and word not in targets)
    if program in ('pip', 'pip3') or rest[:2] == ['-m', 'pip']: return wrong_packages(rest)
    if program.startswith('python'): return wrong_python(rest)
    if program == 'curl': return wrong_request(rest)
    return '' if program in PROGRAMS else f'nobody knows the program {program}'


def wrong_packages(words: list[str]) -> str:
    "What is wrong with what `pip install` is given: an extra of this package that is not there."
    known = extras()
    found = [extra for word in words for group in re.findall(r'(?:^|/)(?:dspy[_-]toolkit|\.)\[([\w,-]+)\]', word) for extra in group.split(',')]
    return '; '.join(f'there is no extra {extra}' for extra in found if extra not in known)


def extras() -> set[str]:
    "The extras of this package."
    settings = configparser.ConfigParser(delimiters=['='])
    settings.read(root/'settings.ini', encoding='utf-8')
    return {'all'} | {key.removesuffix('_requirements') for key in settings['DEFAULT'] if key.endswith('_requirements')}


def wrong_python(words: list[str]) -> str:
    "What is wrong with the arguments of `python`: a module that is not there, code that is none."
    if '-m' in words: return '' if exists(words[words.index('-m') + 1]) else f'there is no module {words[words.index("-m") + 1]}'
    if '-c' in words: return wrong_code(words[words.index('-c') + 1])
    return ''


def exists(module: str) -> bool:
    try: return importlib.util.find_spec(module) is not None
    except ImportError: return False


def wrong_request(words: list[str]) -> str:
    "What is wrong with a request of `curl`: data that are no JSON."
    texts = [words[n + 1] for n, word in enumerate(words[:-1]) if word in ('-d', '--data', '--json')]
    return '; '.join(filter(None, (wrong_json(text) for text in texts if not text.startswith('@') and '$' not in text)))


# --- data

def wrong_json(text: str) -> str:
    try: json.loads(text)
    except ValueError as e: return f'no JSON: {e}'
    return ''


def wrong_data(block: Block) -> list[str]:
    "What is wrong with a block of data."
    readers = {
        'json': json.loads, 'jsonl': lambda text: [json.loads(line) for line in text.splitlines()], 'yaml': lambda text: list(yaml.safe_load_all(text)),
        'toml': tomllib.loads, 'ini': read_ini}
    try: readers[block.kind](block.text)
    except (ValueError, yaml.YAMLError, configparser.Error) as e: return [f'no {block.kind}: {e}']
    return []


def read_ini(text: str): configparser.ConfigParser(delimiters=['='], strict=False, interpolation=None).read_string(text)


def wrong_query(block: Block) -> list[str]:
    "What is wrong with a query of Prometheus: the name of a metric that nobody exports."
    asked = set(re.findall(r'\b(?:dspy_toolkit|gen_ai|resilience4j)_\w+(?=[{\[)\s])', re.sub(r'(?:by|without) ?\([^)]*\)', '', block.text)))
    return [f'there is no metric {name}' for name in sorted(asked - exported())]


def exported() -> set[str]:
    "The names under which Prometheus finds the metrics."
    found = set(GAUGES)
    for instrument in INSTRUMENTS.values():
        for each in instrument.names.values():
            name = prometheus_name(each, instrument.unit)
            found |= {f'{name}_total'} if instrument.kind == 'counter' else {f'{name}_{part}' for part in ('bucket', 'count', 'sum')}
    return found


GAUGES = {'resilience4j_circuitbreaker_state'}


def wrong_makefile(block: Block) -> list[str]:
    "What is wrong with the recipes of a Makefile."
    recipes = ''.join(line.lstrip('\t@') + '\n' for line in block.text.splitlines() if line.startswith('\t'))
    return wrong_shell(block._replace(text=recipes.replace('$@', 'target'), kind='make'), set())


def wrong_crontab(block: Block) -> list[str]:
    "What is wrong with the lines of a crontab."
    wrong = []
    for line in filter(None, block.text.splitlines()):
        if re.match(r'#|\w+=', line): continue
        found = re.fullmatch(r'(?:@\w+|(?:[\d*/,-]+ ){5}) *(.+)', line)
        wrong += wrong_shell(block._replace(text=found[1]), set()) if found else [f'no line of a crontab: {line}']
    return wrong


# --- Python

def wrong_code(text: str) -> str:
    try: ast.parse(text)
    except SyntaxError as e: return f'no Python: {e}'
    return ''


def take_magics(text: str) -> tuple[list[str], str]:
    "The lines of the toolkit in a block for a notebook, and the rest, which is Python."
    magics = [line for line in text.splitlines() if re.match(r'[%!]', line)]
    return magics, '\n'.join('' if re.match(r'[%!]', line) else line for line in text.splitlines())


def wrong_magics(block: Block) -> list[str]:
    "What is wrong with the magics of a block for a notebook."
    if block.text.startswith('%%'): return list(filter(None, [wrong_cell(block.text)]))
    return list(filter(None, map(wrong_line, take_magics(block.text)[0])))


def names_bound(tree) -> set[str]:
    "The names that statements bind at the top."
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store): found.add(node.id)
        elif isinstance(node, ast.alias): found.add((node.asname or node.name).partition('.')[0])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef): found.add(node.name)
        elif isinstance(node, ast.arg): found.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name: found.add(node.name)
    return found


def names_used(tree) -> set[str]:
    "The names that statements read and do not bind themselves."
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - names_bound(tree) - set(dir(builtins))


def statements_above(page: str, number: int) -> list[ast.stmt]:
    "The statements of Python in the code cells above a cell."
    found = []
    for cell in cells(page)[:number] if page.endswith('.ipynb') else ():
        if cell.kind != 'code' or cell.source.startswith('%%'): continue
        try: found += ast.parse(take_magics(cell.source)[1]).body
        except SyntaxError: continue
    return found


def needed(page: str, number: int, text: str) -> str:
    "The statements above a block that bind what it uses, and what those use, in their order: the namespace that the page declares."
    wanted, kept = names_used(ast.parse(text)), []
    for statement in reversed(statements_above(page, number)):
        if not names_bound(statement) & wanted: continue
        kept.insert(0, ast.unparse(statement))
        wanted = (wanted - names_bound(statement)) | names_used(statement)
    return '\n'.join(kept)


def is_file(text: str) -> bool:
    "Does a block say that it is a file: `# app.py` on its first line?"
    return re.match(r'# [\w./-]+\.py\b', text) is not None


