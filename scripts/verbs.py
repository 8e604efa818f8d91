"""Write the table of verbs, dspy_toolkit/commands/table.py, from the functions of the verbs.

nbs/commands/83_verb.ipynb says how a function declares a verb. Magics, completion, help and the command line read only the table,
so they import nothing of what a verb needs. `python -m scripts.verbs` writes it, as `make export` does.
"""
import inspect
import pkgutil
import textwrap
import types
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

from fastcore.docments import docments

from dspy_toolkit import commands
from dspy_toolkit.commands.verb import GIVEN, Argument, Kind, Option, Verb

path = Path(commands.__file__).parent/'table.py'
GROUPS = {  # heading in help -> its families, both in the order of help
    'Define and run': ('programs', 'define', 'signatures', 'listing'),
    'Models': ('models', 'resilience', 'recovery'),
    'Versions': ('registry',),
    'Measure and improve': ('data', 'cases', 'evaluate', 'compare', 'cost', 'optimize', 'calibrate', 'finetune', 'runs'),
    'Serve and ship': ('serve', 'rollout', 'mcp', 'deploy'),
    'Watch': ('monitoring', 'calls', 'why', 'alerts'),
    'Project and help': ('project', 'convert', 'doctor', 'completion', 'system'),
}
MORE = 'More'  # the heading of a family that has no group yet
NO_VERBS = ['line', 'offers', 'parse', 'table', 'verb']  # modules that verbs are made and read with
HEAD = '''"Every verb with its arguments. Made by `make export` from the functions of the verbs: edit those, in nbs/commands."
from .verb import Argument, Verb

VERBS = {verb.name: verb for verb in (
'''
LONGEST = 120


# --- a function

def take_apart(annotation) -> tuple:  # the type without None and marks, and the marks that `Annotated` gives it
    "Take a type apart: `Annotated[str, Kind('REF')] | None` is `str` and its `Kind`."
    marks = []
    while True:
        inner = get_args(annotation)
        if get_origin(annotation) is Annotated:
            annotation, marks = inner[0], [*marks, *inner[1:]]
            continue
        kinds = [each for each in inner if each is not type(None)]
        if get_origin(annotation) not in (Union, types.UnionType) or len(kinds) != 1: return annotation, marks
        annotation = kinds[0]


def kind_of(annotation, parameter: str) -> Kind:
    "What a word is for whose type has no `Kind`; raises `TypeError` for a type that no word can have."
    if annotation is int: return Kind('N', check='whole')
    if annotation is float: return Kind('NUMBER', check='number')
    if annotation not in (str, bool) and get_origin(annotation) is not Literal:
        raise TypeError(f"the parameter {parameter} has the type {annotation}: use one of commands.verb, or Given[...]")
    return Kind(parameter.strip('_').upper())


def default_of(parameter: inspect.Parameter):
    "The default that help shows; None where there is nothing to say."
    found = parameter.default
    says_nothing = found is parameter.empty or found is None or found is False or found in ('', ())
    return None if says_nothing else found


def read_argument(parameter: inspect.Parameter, annotation, help: str) -> Argument:
    "The argument that a parameter is."
    base, marks = take_apart(annotation)
    is_list = get_origin(base) is list
    if is_list:
        base, inner = take_apart(get_args(base)[0])
        marks = marks + inner
    choices = get_args(base) if get_origin(base) is Literal else ()
    kind = next((each for each in marks if isinstance(each, Kind)), None) or kind_of(base, parameter.name)
    option = next((each for each in marks if isinstance(each, Option)), Option())
    word, common = parameter.name.strip('_'), dict(help=help, choices=choices, **kind._asdict())
    if parameter.kind is not parameter.KEYWORD_ONLY:
        has_default = parameter.default is not parameter.empty
        return Argument(word.upper(), **common | dict(value=None), optional=has_default, many=is_list or bool(kind.text))
    common |= dict(short=option.short, default=default_of(parameter))
    if base is bool: common |= dict(value=None, check='', offers='')
    return Argument('--' + word.replace('_', '-'), **common, many=is_list and option.repeat, several=is_list and not option.repeat)


def read_verb(function) -> Verb:
    "The verb that a function is; raises `TypeError` for a parameter of which nothing can be said."
    hints, comments, command = get_type_hints(function, include_extras=True), docments(function, returns=False), command_of(function)
    arguments, given, others = [], [], False
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD: others = True
        elif name not in hints: raise TypeError(f"{command}: the parameter {name} has no type")
        elif GIVEN in take_apart(hints[name])[1]: given.append(name)
        elif not comments.get(name): raise TypeError(f"{command}: the parameter {name} has no comment")
        else: arguments.append(read_argument(parameter, hints[name], ' '.join(comments[name].split())))
    if not function.__doc__: raise TypeError(f"{command} has no docstring")
    summary = inspect.getdoc(function).splitlines()[0]
    return Verb(function.verb.name, command, summary, tuple(arguments), function.verb.examples, tuple(given), others, group_of(command))


def group_of(command: str) -> str:
    "The heading under which help lists a verb."
    family = command.partition('.')[0]
    return next((heading for heading, families in GROUPS.items() if family in families), MORE)


def command_of(function) -> str: return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


# --- all of them

def modules() -> list[str]:
    "The families of verbs, in the order of help."
    found = sorted(each.name for each in pkgutil.iter_modules(commands.__path__) if each.name not in NO_VERBS)
    known = [name for families in GROUPS.values() for name in families]
    return [*(name for name in known if name in found), *(name for name in found if name not in known)]


def functions() -> list:
    "The functions that are verbs, in the order of their modules and, in a module, of its text."
    homes = [import_module(f'{commands.__name__}.{name}') for name in modules()]
    found = [each for home in homes for each in vars(home).values() if hasattr(each, 'verb') and each.__module__ == home.__name__]
    names = [each.verb.name.lower() for each in found]
    if twice := {name for name in names if names.count(name) > 1}: raise ValueError(f"two functions are the verb {', '.join(twice)}")
    return found


# --- the table's text

def spell(value, indent: str) -> str:
    "A value as Python has it; a text that is too long for a line, or that has several, in pieces."
    text = repr(value)
    if len(text) + len(indent) < LONGEST and '\\n' not in text: return text
    inner = indent + 4 * ' '
    if isinstance(value, str):
        pieces = [piece for line in value.splitlines(keepends=True) for piece in wrapped(line, LONGEST - len(inner))]
        return '(\n' + ''.join(f'{inner}{piece!r}\n' for piece in pieces) + f'{indent})'
    if isinstance(value, tuple): return '(\n' + ''.join(f'{inner}{spell(each, inner)},\n' for each in value) + f'{indent})'
    return text


def wrapped(line: str, width: int) -> list[str]:
    "The pieces of a line; together they are the line."
    pieces = textwrap.wrap(line, width, drop_whitespace=False, replace_whitespace=False, break_long_words=False)
    return pieces if ''.join(pieces) == line else [line]


def lines_of(row, indent: str) -> list[str]:
    "A row without what is the default, on one line where it fits."
    kind, inner, defaults = type(row).__name__, indent + 4 * ' ', row._field_defaults
    said = {name: value for name, value in row._asdict().items() if name not in defaults or value != defaults[name]}
    text = ', '.join(f'{name}={value!r}' for name, value in said.items())
    if len(text) + len(indent) < LONGEST and 'arguments' not in said: return [f'{indent}{kind}({text}),']
    lines = [f'{inner}{name}={spell(value, inner)},' for name, value in said.items() if name != 'arguments']
    if 'arguments' in said:
        below = [line for each in row.arguments for line in lines_of(each, inner + 4 * ' ')]
        lines += [f'{inner}arguments=(', *below, f'{inner}),']
    return [f'{indent}{kind}(', *lines, f'{indent}),']


def render() -> str:
    "The text of the table."
    return HEAD + ''.join(f'{line}\n' for each in functions() for line in lines_of(read_verb(each), '    ')) + ')}\n'


def write():
    "Write the table."
    path.write_text(render(), encoding='utf-8')


if __name__ == '__main__': write()
