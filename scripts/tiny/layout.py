"""The prompts that DSPy writes, made without DSPy so that hundreds of thousands take seconds.

`tests/tiny/test_layout.py` holds every layout here against DSPy's own adapters, character by character.
"""
import json
from dataclasses import dataclass, replace

SHORT, JSON, INDENTED, CHAT = 'short', 'json', 'indented', 'chat'  # GrammarAdapter's two layouts, JSONAdapter, ChatAdapter


@dataclass(frozen=True)
class Field:
    name: str
    type: str = 'str'  # as DSPy prints it: str, bool, int, float, list[str], Literal['a', 'b']
    desc: str = ''
    options: tuple = ()  # the values of a Literal


@dataclass(frozen=True)
class Sig:
    instructions: str
    inputs: tuple
    outputs: tuple

    def with_reasoning(self): return replace(self, outputs=(Field('reasoning'), *self.outputs))


def literal(name, options, desc=''):
    return Field(name, f"Literal[{', '.join(repr(o) for o in options)}]", desc, tuple(options))


def default_instructions(inputs, outputs):
    "What DSPy writes when a signature has no docstring."
    def names(fields): return ', '.join(f'`{f.name}`' for f in fields)
    return f"Given the fields {names(inputs)}, produce the fields {names(outputs)}."


LIST_SCHEMA = '{"type": "array", "items": {"type": "string"}}'


def _note(f: Field):
    if f.type == 'str': return ''
    if f.options: said = f"must exactly match (no extra characters) one of: {'; '.join(f.options)}"
    elif f.type == 'bool': said = 'must be True or False'
    elif f.type in ('int', 'float'): said = f'must be a single {f.type} value'
    else: said = f'must adhere to the JSON schema: {LIST_SCHEMA}'
    return f'        # note: the value you produce {said}'


def _fields(fields): return '\n'.join(f'{i}. `{f.name}` ({f.type}): {f.desc}' for i, f in enumerate(fields, 1)).strip()


def _slots(fields, noted=False): return '\n\n'.join(f'[[ ## {f.name} ## ]]\n{{{f.name}}}{_note(f) if noted else ""}' for f in fields)


def _phrase(f: Field):
    "What an output may be, in the words of the short layout; '' for any text."
    if f.options: return f.options[0] if len(f.options) == 1 else f"{', '.join(f.options[:-1])} or {f.options[-1]}"
    return {'bool': 'true or false', 'int': 'a whole number', 'float': 'a number', 'list[str]': 'a list'}.get(f.type, '')


def _short_line(f: Field):
    phrase, meaning = _phrase(f), f.desc
    if not phrase: return f'- {f.name}' + (f': {meaning}' if meaning else '')
    return f'- {f.name}: {phrase}' + (f' ({meaning})' if meaning else '')


def short_system(sig: Sig) -> str:
    parts, given = [sig.instructions], [f'- {f.name}: {f.desc}' for f in sig.inputs if f.desc]
    if given: parts.append('\n'.join(['Given:', *given]))
    parts.append('\n'.join(['Outputs:', *map(_short_line, sig.outputs)]))
    return '\n\n'.join(parts)


def short_user(sig: Sig, inputs: dict) -> str:
    said = [(f.name, str(_value(inputs[f.name])).strip()) for f in sig.inputs]
    long = any('\n' in text for _, text in said)
    return ('\n\n' if long else '\n').join(f'{name}:\n{text}' if '\n' in text else f'{name}: {text}' for name, text in said)


def system_message(sig: Sig, layout: str) -> str:
    if layout == SHORT: return short_system(sig)
    parts = ['All interactions will be structured in the following way, with the appropriate values filled in.']
    if layout == CHAT: parts += [_slots(sig.inputs), _slots(sig.outputs, noted=True), '[[ ## completed ## ]]']
    else:
        outputs = json.dumps({f.name: f'{{{f.name}}}{_note(f)}' for f in sig.outputs}, indent=2)
        parts += ['Inputs will have the following structure:', _slots(sig.inputs), 'Outputs will be a JSON object with the following fields.', outputs]
    structure = '\n\n'.join(parts)
    return (f'Your input fields are:\n{_fields(sig.inputs)}\nYour output fields are:\n{_fields(sig.outputs)}\n{structure}\n'
            f'In adhering to this structure, your objective is: \n        {sig.instructions}')


def _value(v): return v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)


def user_message(sig: Sig, inputs: dict, layout: str, last: bool) -> str:
    if layout == SHORT: return short_user(sig, inputs)
    body = '\n\n'.join(f'[[ ## {f.name} ## ]]\n{_value(inputs[f.name])}' for f in sig.inputs)
    if not last: return body
    def kind(f): return f' (must be formatted as a valid Python {f.type})' if f.type != 'str' else ''
    if layout == CHAT:
        asked = 'Respond with the corresponding output fields, starting with the field '
        asked += ', then '.join(f'`[[ ## {f.name} ## ]]`{kind(f)}' for f in sig.outputs)
        return f'{body}\n\n{asked}, and then ending with the marker for `[[ ## completed ## ]]`.'
    asked = ', then '.join(f'`{f.name}`{kind(f)}' for f in sig.outputs)
    return f'{body}\n\nRespond with a JSON object in the following order of fields: {asked}.'


def assistant_message(sig: Sig, outputs: dict, layout: str) -> str:
    values = {f.name: outputs[f.name] for f in sig.outputs}
    if layout in (SHORT, JSON): return json.dumps(values, ensure_ascii=False)
    if layout == INDENTED: return json.dumps(values, indent=2, ensure_ascii=False)
    body = '\n\n'.join(f'[[ ## {n} ## ]]\n{v if isinstance(v, str) else str(v) if not isinstance(v, list) else json.dumps(v, ensure_ascii=False)}'
                       for n, v in values.items())
    return f'{body}\n\n[[ ## completed ## ]]\n'


def messages(sig: Sig, turns: list, layout: str) -> list:
    "A conversation: every turn but the last is a demo. `turns` are (inputs, outputs) pairs; the last outputs are the answer."
    out = [('system', system_message(sig, layout))]
    for i, (inputs, outputs) in enumerate(turns):
        out.append(('user', user_message(sig, inputs, layout, last=i == len(turns) - 1)))
        out.append(('assistant', assistant_message(sig, outputs, layout)))
    return out
