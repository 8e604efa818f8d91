"""Make the conversations that `mlx/tiny` is trained on.

A conversation is what DSPy sends: a system message, demos, a request; and the answer. Every
assistant message in it carries a loss, so a conversation with demos teaches several answers for the
price of one system message.
"""
from dataclasses import dataclass, replace
from random import Random

from .layout import CHAT, INDENTED, JSON, Sig, messages, user_message
from .lexicon import TRAIN, Words
from .tasks import TASKS, extract, facts, keywords, mapping, message_kind, qa, rewrite, routing, sentiment, topic, yes_no


@dataclass(frozen=True)
class Mix:
    "What conversations are made of; shares are fractions of them."
    mapping: float = .25  # labels that only the demos explain
    reasoning: float = .14  # a ChainOfThought
    layouts: tuple = (.68, .12, .20)  # JSON, INDENTED, CHAT
    turns: tuple = (0, 0, 1, 2, 3, 4, 5, 6, 8, 10)  # demos; nobody sends ten, but each is an answer learnt for few tokens
    tasks: tuple = tuple(TASKS.items())  # (task, weight)
    bare: float = 0.  # with nothing but text and answer: ten words' worth of classes for each prompt's worth of tokens


BROAD = Mix()
FOCUS = Mix(.14, .08, (.80, .06, .14), (0, 0, 2, 4, 6, 8, 10, 12),
            tuple({sentiment: 17, topic: 21, routing: 14, yes_no: 12, qa: 9, extract: 11, keywords: 3, rewrite: 4, message_kind: 2, facts: .5}.items()))
BARE = Mix(0., 0., (1., 0., 0.), (0, 0, 0, 1), tuple({sentiment: 10, topic: 12, routing: 8, message_kind: 2}.items()), bare=1.)
DIRECT = replace(FOCUS, mapping=.06, layouts=(.88, .02, .10), turns=(0, 0, 0, 0, 0, 1, 3), bare=.5)


def conversation(
    rng: Random,
    split: str = TRAIN,
    task=None,  # one of `tasks`, or None for any
    layout: str | None = None,
    reasoning: bool | None = None,  # a ChainOfThought?
    demos: int | None = None,
    mix: Mix = BROAD,  # what is left open follows its shares
) -> tuple[str, Sig, list, str]:  # the task's name, the signature, turns (inputs, outputs), the layout
    w = Words(rng, split)
    if task is None: task = mapping if rng.random() < mix.mapping else rng.choices([t for t, _ in mix.tasks], [n for _, n in mix.tasks])[0]
    if layout is None: layout = rng.choices([JSON, INDENTED, CHAT], mix.layouts)[0]
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
