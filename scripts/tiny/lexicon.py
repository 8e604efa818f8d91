"""The word lists, and what of them the model never sees.

One entry in ten of every list, and one sentence template in ten, is held out of training by a hash
of its text, so that the evaluation on generated data uses words and templates that are new.
"""
import hashlib
import sys
from functools import lru_cache
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / 'lexicon'
TRAIN, HELD_OUT = 'train', 'held_out'


def held_out(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 10 == 0


def _part(entries, split):
    "The entries of one split; a list too short to spare any is shared."
    mine = [e for e in entries if held_out(str(e)) == (split == HELD_OUT)]
    return mine if len(mine) > 1 else list(entries)


@lru_cache(None)
def entries(name: str, split: str) -> list:
    "The entries of `lexicon/<name>.txt` in one split; a line with tabs is a tuple."
    lines = [line.strip('\n') for line in (FOLDER / f'{name}.txt').read_text(encoding='utf-8').splitlines()]
    lines = [line for line in lines if line.strip() and not line.startswith('#')]
    return [tuple(p.strip() for p in line.split('\t')) if '\t' in line else line.strip() for line in _part(lines, split)]


@lru_cache(None)
def _forms(where: str, n: int, split: str) -> list:
    "Which of the n ways of saying something, written in the function `where`, belong to one split: one in five is held out."
    out = [i for i in range(n) if n > 2 and (hashlib.sha256(f'{where}/{i}/{n}'.encode()).digest()[0] % 5 == 0)]
    mine = out if split == HELD_OUT else [i for i in range(n) if i not in out]
    return mine or list(range(n))


class Words:
    "Random choices from the word lists and templates of one split."

    def __init__(self, rng: Random, split: str = TRAIN): self.rng, self.split = rng, split

    def pick(self, name): return self.rng.choice(entries(name, self.split))

    def some(self, name, n):
        pool = entries(name, self.split)
        return self.rng.sample(pool, min(n, len(pool)))

    def form(self, *ways):
        "One of several ways of saying a thing, among those of this split."
        return ways[self.rng.choice(_forms(sys._getframe(1).f_code.co_name, len(ways), self.split))]

    def chance(self, p): return self.rng.random() < p

    def person(self):
        "A first name, often with a last name."
        first = self.pick('first_names')
        first = first[0] if isinstance(first, tuple) else first
        return f"{first} {self.pick('last_names')}" if self.chance(.3) else first

    def pseudo_word(self):
        "A made-up word, as labels and unknown names are."
        r, onset = self.rng, ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z', 'bl', 'dr', 'gr', 'kl', 'pl', 'st', 'tr', 'sh', 'fl', 'qu', 'w', 'j', 'h', 'ch', 'th']
        core, coda = ['a', 'e', 'i', 'o', 'u', 'ee', 'oo', 'ai', 'ou'], ['', '', 'n', 'm', 'k', 'x', 'r', 's', 't', 'p', 'ck', 'rn', 'st', 'nd', 'l', 'b', 'g', 'v']
        return ''.join(r.choice(onset) + r.choice(core) + r.choice(coda) for _ in range(r.choice([1, 1, 2, 2, 3])))

    def article(self, noun): return ('an ' if noun[0].lower() in 'aeiou' else 'a ') + noun

    def join(self, *sentences):
        "Sentences as one text, in the ways that people write them."
        out = [s.strip() for s in sentences if s and s.strip()]
        out = [s if s[-1] in '.!?,:' else s + self.rng.choice(['.'] * 9 + ['!']) for s in out]
        out = [s[0].upper() + s[1:] for s in out]
        text = ' '.join(out)
        if self.chance(.08): text = text.lower()
        if self.chance(.08): text = text.rstrip('.')
        return text
