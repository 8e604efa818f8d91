"""Make the conversations that `mlx/tiny` is trained on.

A conversation is what DSPy sends: a system message, demos, a request; and the answer. Every
assistant message in it carries a loss, so a conversation with demos teaches several answers for the
price of one system message.
"""
from dataclasses import dataclass, replace
from random import Random

from .layout import CHAT, INDENTED, JSON, SHORT, Sig, messages, user_message
from .lexicon import TRAIN, Words
from .tasks import TASKS, mapping, qa, yes_no


@dataclass(frozen=True)
class Mix:
    "What conversations are made of; shares are fractions of them."
    mapping: float = .12  # labels that only the demos explain; with their demos they are several times as long as others
    reasoning: float = .14  # a ChainOfThought
    layouts: tuple = (0., .74, .08, .18)  # SHORT, JSON, INDENTED, CHAT
    turns: tuple = (0, 0, 0, 0, 1, 3, 5)  # demos: each is an answer learnt for few tokens
    reading: float = 0.  # questions about a passage, beyond their share of the other tasks
    bare: float = .4  # with nothing but text and answer: no system message, no request


WHOLE = Mix()
LABELS = Mix(reasoning=0., layouts=(0., 1., 0., 0.), turns=(0, 0, 0, 1), bare=1.)
BARE = replace(LABELS, mapping=0.)
FEW_SHOT = replace(WHOLE, mapping=.4, reasoning=.05)
LAST = replace(WHOLE, mapping=.1, bare=.5)
READ = replace(LAST, reading=.4)
# the layout that the model is asked in: a third of the tokens, so three times the examples; half of it demos whose labels only they explain
MEANING = Mix(mapping=.5, reasoning=.06, layouts=(.82, .1, .03, .05), turns=(0, 0, 0, 1, 3), reading=.25, bare=.2)


def conversation(
    rng: Random,
    split: str = TRAIN,
    task=None,  # one of `tasks`, or None for any
    layout: str | None = None,
    reasoning: bool | None = None,  # a ChainOfThought?
    demos: int | None = None,
    mix: Mix = WHOLE,  # what is left open follows its shares
) -> tuple[str, Sig, list, str]:  # the task's name, the signature, turns (inputs, outputs), the layout
    w = Words(rng, split)
    if task is None: task = mapping if rng.random() < mix.mapping else rng.choice([qa, yes_no]) if rng.random() < mix.reading else rng.choices(list(TASKS), list(TASKS.values()))[0]
    if layout is None: layout = rng.choices([SHORT, JSON, INDENTED, CHAT], mix.layouts)[0]
    sig, sample = task(w)
    if reasoning is None: reasoning = rng.random() < (mix.reasoning / 3 if task is mapping else mix.reasoning)
    if demos is None: demos = rng.randint(4, 12) if task is mapping else rng.choice(mix.turns)
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


def pieces(sig, turns, layout, bare=False) -> list:
    "The conversation as (text, is an answer) pieces; the end of an answer belongs to it."
    said = messages(sig, turns, layout)
    if bare: said = [(role, user_message(sig, turns[i // 2][0], layout, last=False) if role == 'user' else content) for i, (role, content) in enumerate(said[1:])]
    return [piece for role, content in said for piece in ((ROLES[role], False), (content, role == 'assistant'), (END, role == 'assistant'))]
