"""Train `mlx/tiny` from nothing: `make train-tiny`, or `python -m scripts.tiny.train OUT`.

First a few minutes of copying random tokens, which is what filling fields from a text comes down to, then
one epoch of conversations that are made while training runs, from short to long: texts and answers with
nothing else, the same with labels that only demos explain, and whole prompts while the learning rate
falls to zero, twice; then the mean of the two ends learns the short layout, in which it is asked, half of the time on demos with fresh labels. What a grammar forces (keys, markers) counts
little, so the loss is about the values. Muon (Jordan et al. 2024) for the matrices, AdamW for embeddings
and norms. Everything follows from `SEED` and the word lists.
"""
import argparse
import json
import math
import multiprocessing as mp
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from .data import ASSISTANT, BARE, CHAT_TEMPLATE, END, FEW_SHOT, LABELS, LAST, MEANING, PAD, READ, USER, WHOLE, Mix, conversation, pieces
from .layout import CHAT, SHORT
from .lexicon import HELD_OUT
from .model import Shape, Tiny
from .tasks import TASKS, mapping
from .tokenizer import build

SEED, WARMUP = 20261122, 60
COPY_STEPS, COPY_ROWS, COPY_WIDTH = 1200, 20, 64
RECALL_ROWS, RECALL_WIDTH = 17, 180
TOKENS_A_STEP, WIDTHS = 3072, (32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 448, 576, 768)  # tokens
WEIGHT_DECAY = .01
REASONING, FORCED = .3, .1  # weight of a token of reasoning, and of one that the layout leaves no choice; a value's is 1
SHAPE = Shape(vocab_size=6144, num_hidden_layers=5, max_position_embeddings=1024)


@dataclass(frozen=True)
class Stage:
    "So many steps on one mix of tasks."
    steps: int
    muon: float  # peak learning rate of the matrices
    adam: float  # of embeddings and norms
    mix: Mix
    falls: bool = False  # linearly to zero, or stays
    recall: float = 0.  # share of batches that are made of random tokens, to learn the look-up that demos ask for
    mean: bool = False  # ends as the mean of the weights before and after it


COPY = Stage(COPY_STEPS, .01, .003, BARE)
STAGES = (Stage(2500, .005, .005, BARE), Stage(2000, .005, .005, LABELS), Stage(500, .005, .005, WHOLE), Stage(500, .005, .005, FEW_SHOT),
          Stage(1200, .005, .005, FEW_SHOT, recall=.6), Stage(500, .004, .004, FEW_SHOT, recall=.35), Stage(2300, .005, .005, LAST, falls=True),
          Stage(1700, .004, .004, READ, falls=True, mean=True), Stage(2500, .005, .004, MEANING), Stage(3200, .0036, .003, MEANING, falls=True))


def marks(sig, text, layout):
    "Where in an answer its layout says which field comes: (begin, end) of every key or header."
    out, at = [], 0
    for name in [*(f.name for f in sig.outputs), *(['completed'] if layout == CHAT else [])]:
        mark = f'[[ ## {name} ## ]]' if layout == CHAT else f'"{name}":'
        begin = text.index(mark, at)
        out.append((begin, at := begin + len(mark)))
    return out


def encode(tok, sig, turns, layout, silent=(), bare=False):
    "Token ids and, for each, how much it counts that the model says it; the answers of silent turns count nothing."
    ids, weights, turn = [], [], 0
    for text, answer in pieces(sig, turns, layout, bare):
        new = tok.encode(text, add_special_tokens=False)
        ids += new.ids
        if not answer or turn in silent: weights += [0.] * len(new.ids)
        elif text == END: weights += [1.]
        else:
            keys = marks(sig, text, layout)
            reasons = keys[1][0] if sig.outputs[0].name == 'reasoning' else 0
            weights += [FORCED if any(b <= at < e for b, e in keys) else REASONING if at < reasons else 1. for at, _ in new.offsets]
        turn += answer and text == END
    return ids, weights


def unguessable(name, turns):
    "In a label mapping, the demos whose label has not been shown before."
    seen, out = set(), set()
    if name != mapping.__name__: return out
    for i, (_, outputs) in enumerate(turns):
        label = list(outputs.values())[-1]
        if label not in seen: out.add(i)
        seen.add(label)
    return out


def shard(tok, seed, stage, n=4096):
    "Batches (ids, where, next, weight) of about `TOKENS_A_STEP` tokens from n conversations, shuffled; what is left over is dropped."
    rng, rows = Random(seed), {w: [] for w in WIDTHS}
    for _ in range(n):
        name, sig, turns, layout = conversation(rng, mix=stage.mix)
        ids, weights = encode(tok, sig, turns, layout, unguessable(name, turns), rng.random() < stage.mix.bare)
        width = next((w for w in WIDTHS if len(ids) <= w), None)
        if width and any(weights): rows[width].append((ids, weights))
    batches = []
    for width, some in rows.items():
        size = TOKENS_A_STEP // width
        batches += [collate(some[i:i + size], width) for i in range(0, len(some) - size + 1, size)]
    batches += [recalls(rng, tok) for _ in range(round(len(batches) * stage.recall / (1 - stage.recall)))]
    rng.shuffle(batches)
    return batches


def collate(rows, width):
    ids = np.zeros((len(rows), width), np.int64)
    where, following, weight = [], [], []
    for r, (row, weights) in enumerate(rows):
        ids[r, :len(row)] = row
        at = np.flatnonzero(np.array(weights[1:]))
        where.append(r * width + at)
        following.append(np.array(row)[at + 1])
        weight.append(np.array(weights, np.float32)[at + 1])
    return ids, np.concatenate(where), np.concatenate(following), np.concatenate(weight)


def copies(rng, space, first, last):
    "A batch of random pieces that come again, token by token or with spaces between; what comes again is to be said."
    rows = []
    for _ in range(COPY_ROWS):
        row, weights, bank = [], [], []
        while len(row) < COPY_WIDTH:
            known = bank and rng.random() < .6
            if known: piece = rng.choice(bank)
            else:
                piece = [rng.randrange(first, last) for _ in range(rng.randint(2, 8))]
                if rng.random() < .7: piece = [t for token in piece for t in (token, space)][:-1]
                bank.append(piece)
            row += [*piece, rng.randrange(3)]
            weights += [0.] + [1. if known else 0.] * (len(piece) - 1) + [0.]
        rows.append((row[:COPY_WIDTH], weights[:COPY_WIDTH]))
    return collate(rows, COPY_WIDTH)


def recalls(rng, tok):
    """A batch of rows in which groups of random words have random labels, laid out as demos are.

    Associative recall (Arora et al. 2023, arXiv:2312.04927), with bags of words for keys: to say a label one has to find the earlier texts
    with the same words. With words of one meaning in place of the same words it is what demos with made-up labels ask for."""
    said = lambda text: tok.encode(text, add_special_tokens=False).ids
    space, words, rows = tok.token_to_id('Ġ'), range(400, SHAPE.vocab_size), []
    while len(rows) < RECALL_ROWS:
        head, key = said(rng.choice(['[[ ## text ## ]]\n', '[[ ## message ## ]]\n'])), said(rng.choice(['{"label": "', '{"code": "']))
        groups = [rng.sample(words, rng.choice([1, 2, 3])) for _ in range(rng.choice([2, 2, 3]))]
        labels = [rng.sample(words, rng.choice([1, 1, 2])) for _ in groups]
        row, weights, known = [], [], set()
        while True:
            k = rng.randrange(len(groups))
            text = [rng.choice(groups[k]) for _ in range(rng.choice([1, 1, 1, 2]))] + rng.sample(words, rng.choice([0, 0, 0, 1, 2]))
            rng.shuffle(text)
            text = [t for word in text for t in (word, space)][:-1]
            turn = [*said(USER), *head, *text, *said(END + ASSISTANT), *key]
            new = [*turn, *labels[k], *said('"}' + END)]
            if len(row) + len(new) > RECALL_WIDTH: break
            weights += [0.] * len(turn) + [float(k in known)] * len(labels[k]) + [0.] * (len(new) - len(turn) - len(labels[k]))
            row += new
            known.add(k)
        rows.append((row, weights))
    return collate(rows, RECALL_WIDTH)


def produce(tok_json, queue, seed, stage):
    "Fill the queue with batches for ever; runs in a process of its own."
    tok, k = Tokenizer.from_str(tok_json), 0
    while True:
        for b in shard(tok, seed + k, stage): queue.put(b)
        k += 1


class Muon:
    "Momentum whose update is made orthogonal by five Newton-Schulz steps; matrices of one shape go together."

    def __init__(self, params, momentum=.95):
        self.momentum, self.groups = momentum, {}
        for p in params: self.groups.setdefault(tuple(p.shape), []).append(p)
        self.state = {s: torch.zeros(len(ps), *s) for s, ps in self.groups.items()}

    @torch.no_grad()
    def step(self, lr):
        for s, ps in self.groups.items():
            g, m = torch.stack([p.grad for p in ps]), self.state[s]
            m.lerp_(g, 1 - self.momentum)
            x = g.lerp(m, self.momentum)
            if flip := s[0] > s[1]: x = x.mT
            x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
            for a, b, c in ((3.4445, -4.7750, 2.0315),) * 5:
                y = x @ x.mT
                x = a * x + (b * y + c * y @ y) @ x
            if flip: x = x.mT
            for p, u in zip(ps, x): p.mul_(1 - lr * WEIGHT_DECAY).add_(u, alpha=-lr * max(1, s[0] / s[1]) ** .5)


def rate(stage, step):  # the learning rate at a step of a stage, as a fraction of its peak
    return min((step + 1) / WARMUP, (stage.steps - step) / stage.steps if stage.falls else 1., 1.)


@torch.no_grad()
def held_out_accuracy(model, tok, bare=False, n=96):
    "Of n held-out examples a task, the share whose last answer's values are all argmax, given what came before."
    out = {}
    for t in [*TASKS, mapping]:
        rng, hit = Random(77), 0
        for _ in range(n):
            _, sig, turns, layout = conversation(rng, HELD_OUT, t, SHORT, False, 8 if t is mapping else 0)
            ids, weights = encode(tok, sig, turns, layout, set(range(len(turns) - 1)), bare)
            at = torch.tensor(np.flatnonzero(np.array(weights[1:]) == 1.))
            said = model(torch.tensor([ids]), at).argmax(-1)
            hit += bool((said == torch.tensor(ids)[at + 1]).all())
        out[t.__name__] = round(hit / n, 3)
    return out


def save(model, tok, folder: Path, **about):
    "Write the folder that mlx-lm loads: config, fp16 weights, tokenizer, and how it was made."
    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.detach().to(torch.float16).contiguous() for k, v in model.state_dict().items()}
    save_file(weights, folder / 'model.safetensors', metadata={'format': 'mlx'})
    end, pad = tok.token_to_id(END), tok.token_to_id(PAD)
    (folder / 'config.json').write_text(json.dumps(model.shape.config(eos_token_id=end, pad_token_id=pad, bos_token_id=None), indent=2) + '\n')
    tok.save(str(folder / 'tokenizer.json'), pretty=False)
    (folder / 'tokenizer_config.json').write_text(json.dumps(dict(tokenizer_class='PreTrainedTokenizerFast', eos_token=END, pad_token=PAD, chat_template=CHAT_TEMPLATE,
                                                                  model_max_length=model.shape.max_position_embeddings, clean_up_tokenization_spaces=False), indent=2) + '\n')
    (folder / 'training.json').write_text(json.dumps(about, indent=2) + '\n')


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('out', type=Path, nargs='?', default=Path(__file__).parents[2] / 'dspy_toolkit' / 'data' / 'tiny', help='folder to write')
    ap.add_argument('--threads', type=int, default=1, help='on a machine that does other work too, two are slower than one')
    ap.add_argument('--half', action='store_true', help='multiply in bfloat16: faster where the processor has it')
    ap.add_argument('--resume', type=int, metavar='STAGE', help='begin at this stage (0, 1, ...) with the weights in the folder')
    ap.add_argument('--init-only', action='store_true', help='write the untrained model, to try the rest with')
    args = ap.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    tok = build() if args.resume is None else Tokenizer.from_file(str(args.out / 'tokenizer.json'))
    assert tok.get_vocab_size() == SHAPE.vocab_size, tok.get_vocab_size()
    model = Tiny(SHAPE)
    about = dict(parameters=sum(p.numel() for p in model.parameters()), seed=SEED, tokens=0, torch=torch.__version__)
    print(f"{about['parameters'] / 1e6:.2f}M parameters", flush=True)
    if args.init_only: return save(model, tok, args.out, **about)
    if args.resume is not None:
        model.load_state_dict({k: v.float() for k, v in load_file(args.out / 'model.safetensors').items()})
        about['tokens'] = json.loads((args.out / 'training.json').read_text())['tokens']
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and 'embed' not in name]
    others = [p for name, p in model.named_parameters() if p.dim() != 2 or 'embed' in name]

    def run(stage, batches, name):
        muon, adam = Muon(matrices), torch.optim.AdamW(others, lr=stage.adam, betas=(.9, .98), weight_decay=0.)
        began, before, losses, looked_up = time.time(), about['tokens'], [], [0.]
        first = {k: v.clone() for k, v in model.state_dict().items()}
        for step, batch in zip(range(stage.steps), batches):
            ids, where, following, weight = (torch.from_numpy(a) for a in batch)
            with torch.autocast('cpu', torch.bfloat16, enabled=args.half): logits = model(ids, where)
            loss = (F.cross_entropy(logits.float(), following, reduction='none') * weight).sum() / weight.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(others, 1.)
            scale = rate(stage, step)
            muon.step(stage.muon * scale)
            for g in adam.param_groups: g['lr'] = stage.adam * scale
            adam.step()
            model.zero_grad()
            about['tokens'] += ids.numel()
            (looked_up if ids.shape == (RECALL_ROWS, RECALL_WIDTH) else losses).append(loss.item())
            if not math.isfinite(loss.item()): raise RuntimeError(f'the loss is {loss.item()} at step {step} of stage {name}')
            if step % 100 == 99: print(f"{name} step {step + 1} loss {np.mean(losses[-100:]):.4f} recall {np.mean(looked_up[-50:]):.3f} {about['tokens'] / 1e6:.1f}M tokens, {(about['tokens'] - before) / (time.time() - began):.0f} tokens/s", flush=True)
            if step % 500 == 499 and name != 'copy':
                print('held out', held_out_accuracy(model, tok, stage.mix.bare == 1), flush=True)
                save(model, tok, args.out, **about)
        # the mean of two models on one path knows what either does (Wortsman et al. 2022, arXiv:2203.05482); the one before had finished too
        if stage.mean: model.load_state_dict({k: (v + first[k]) / 2 for k, v in model.state_dict().items()})
        save(model, tok, args.out, **about)  # with the mean, because `--resume` begins the next stage with what is in the folder

    if args.resume is None:
        rng = Random(SEED)
        run(COPY, (copies(rng, tok.token_to_id('Ġ'), 5, 400 if i < COPY_STEPS * 2 // 3 else SHAPE.vocab_size) for i in range(COPY_STEPS)), 'copy')
    for i, stage in enumerate(STAGES):
        if i < (args.resume or 0): continue
        queue = mp.Queue(maxsize=400)
        maker = mp.Process(target=produce, args=(tok.to_str(), queue, SEED + 1_000_000 * i, stage), daemon=True)
        maker.start()
        try: run(stage, iter(queue.get, None), f'stage {i}')
        finally: maker.kill()
    print('held out', held_out_accuracy(model, tok), flush=True)


if __name__ == '__main__': main()
