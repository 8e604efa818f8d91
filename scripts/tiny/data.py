"""Make the conversations that `mlx/tiny` is trained on.

A conversation is what DSPy sends: a system message, demos, a request; and the answer. Every
assistant message in it carries a loss, so a conversation with demos teaches several answers for the
price of one system message.
"""
from random import Random

from .layout import CHAT, INDENTED, JSON, Sig, messages
from .lexicon import TRAIN, Words
from .tasks import TASKS, mapping

MAPPING_SHARE = .25  # of the conversations
TURNS = (0, 0, 1, 2, 3, 4, 5, 6, 8, 10)  # demos of the others; nobody sends ten, but each is an example learnt for few tokens


def conversation(
    rng: Random,
    split: str = TRAIN,
    task=None,  # one of `tasks`, or None for any
    layout: str | None = None,
    reasoning: bool | None = None,  # a ChainOfThought?
    demos: int | None = None,
) -> tuple[str, Sig, list, str]:  # the task's name, the signature, turns (inputs, outputs), the layout
    w = Words(rng, split)
    if task is None: task = mapping if rng.random() < MAPPING_SHARE else rng.choices(list(TASKS), list(TASKS.values()))[0]
    if layout is None: layout = rng.choices([JSON, INDENTED, CHAT], [.68, .12, .20])[0]
    sig, sample = task(w)
    if reasoning is None: reasoning = rng.random() < (.05 if task is mapping else .14)
    if demos is None: demos = rng.randint(4, 12) if task is mapping else rng.choice(TURNS)
    if reasoning: sig = sig.with_reasoning()
    turns = []
    for _ in range(demos + 1):
        inputs, outputs, why = sample()
        turns.append((inputs, {'reasoning': why, **outputs} if reasoning else outputs))
    return task.__name__, sig, turns, layout


SYSTEM, USER, ASSISTANT, END, PAD = '<|system|>', '<|user|>', '<|assistant|>', '<|end|>', '<|pad|>'
ROLES = {'system': SYSTEM, 'user': USER, 'assistant': ASSISTANT}
CHAT_TEMPLATE = ("{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] + '<|end|>' }}{% endfor %}"
                 "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}")


def pieces(sig, turns, layout) -> list:
    "The conversation as (text, is an answer) pieces; the end of an answer belongs to it."
    out = []
    for role, content in messages(sig, turns, layout): out += [(ROLES[role], False), (content, role == 'assistant'), (END, role == 'assistant')]
    return out
