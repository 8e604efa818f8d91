"""The tokenizer of `mlx/tiny`: byte-level BPE in which DSPy's boilerplate is a handful of tokens.

Spaces are tokens of their own, so a word has one spelling everywhere: after a space in the prompt and
after a quote in a JSON value. Digits are single tokens, so that numbers can be copied.
"""
from random import Random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from .data import ASSISTANT, END, PAD, SYSTEM, USER, conversation
from .layout import LIST_SCHEMA
from .lexicon import FOLDER

SIZE = 6144  # entries, added tokens included

_types = ['str', 'bool', 'int', 'float', 'list[str]']
_note = '}        # note: the value you produce '
_quoted = LIST_SCHEMA.replace('"', '\\"')
BOILERPLATE = [
    'Your input fields are:\n1. `', '\nYour output fields are:\n1. `', *(f'\n{i}. `' for i in range(2, 9)),
    *(f'` ({t}):' for t in _types), *(f'` ({t}): ' for t in _types), '` (Literal[', "` (Literal['", ']):', ']): ', "']):", "']): ", 'Literal[', "Literal['", "', '", "['", "']",
    *(f' (must be formatted as a valid Python {t}){end}' for t in _types[1:] for end in ('', '.', ', then `')), *(f'` (must be formatted as a valid Python {t}){end}' for t in _types[1:] for end in ('', '.', ', then `')),
    "` (must be formatted as a valid Python Literal['", " (must be formatted as a valid Python Literal['", "']), then `", "']).",
    '\nAll interactions will be structured in the following way, with the appropriate values filled in.\n\nInputs will have the following structure:\n\n[[ ## ',
    '\nAll interactions will be structured in the following way, with the appropriate values filled in.\n\n[[ ## ',
    ' ## ]]\n', ' ## ]]\n{', '}\n\n[[ ## ', '\n\n[[ ## ', '[[ ## ', '[[ ## completed ## ]]', '\n\n[[ ## completed ## ]]\n', '}\n\n[[ ## completed ## ]]',
    '\n\n[[ ## completed ## ]]\nIn adhering to this structure, your objective is: \n        ', '}\n\n[[ ## completed ## ]]\nIn adhering to this structure, your objective is: \n        ',
    '}\n\nOutputs will be a JSON object with the following fields.\n\n{\n  "', '": "{', '}",\n  "', '",\n  "', '}"\n}\nIn adhering to this structure, your objective is: \n        ',
    '"\n}\nIn adhering to this structure, your objective is: \n        ',
    _note + 'must exactly match (no extra characters) one of: ', '; ', _note + 'must be True or False', _note + 'must be a single int value', _note + 'must be a single float value',
    _note + 'must adhere to the JSON schema: ' + LIST_SCHEMA, _note + 'must adhere to the JSON schema: ' + _quoted,
    '\n\nRespond with a JSON object in the following order of fields: `', '`, then `', '`.', ').', ' (must be formatted as a valid Python ', '), then `', '` (must be formatted as a valid Python ',
    '\n\nRespond with the corresponding output fields, starting with the field `[[ ## ', ' ## ]]`', ' ## ]]`, then `[[ ## ', '), then `[[ ## ', ' ## ]]` (must be formatted as a valid Python ',
    ', and then ending with the marker for `[[ ## completed ## ]]`.',
    '{"', '": "', '": ', '", "', '"}', '": ["', '"], "', '"]}', '": [\n    "', '",\n    "', '"\n  ],\n  "', '"\n  ]\n}', '{\n  "', '"\n}', ', "', ',\n  "', '["', '"]',
]  # fmt: skip
SPECIAL = [PAD, SYSTEM, USER, ASSISTANT, END]


def texts(n=40_000, seed=11):
    "What people write: values, instructions and field names of generated conversations, then every list once."
    rng = Random(seed)
    for _ in range(n):
        _, sig, turns, _ = conversation(rng, demos=1)
        yield sig.instructions
        for f in sig.inputs + sig.outputs: yield f'{f.name} {f.desc}'
        for inputs, outputs in turns:
            for v in (*inputs.values(), *outputs.values()): yield v if isinstance(v, str) else str(v)
    for file in sorted(FOLDER.glob('*.txt')): yield from file.read_text(encoding='utf-8').splitlines()


def build() -> Tokenizer:
    tok = Tokenizer(models.BPE())
    words = Regex(r"[\p{L}_]+|\p{N}| |\n|[^\p{L}\p{N}\s_]|\s")
    tok.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(words, 'isolated'), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    added = [*dict.fromkeys(BOILERPLATE)]
    trainer = trainers.BpeTrainer(vocab_size=SIZE - len(added), special_tokens=SPECIAL, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tok.train_from_iterator(texts(), trainer)
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    tok.add_tokens([AddedToken(t, normalized=False, special=False) for t in added])
    return tok
