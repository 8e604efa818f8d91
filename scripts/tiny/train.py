"""Train `mlx/tiny` from nothing: `make train-tiny`, or `python -m scripts.tiny.train OUT`.

First a few minutes of copying random tokens, which is what filling fields from a text comes down to, then
one epoch of conversations that are made while training runs. Muon (Jordan et al. 2024) for the
matrices, AdamW for embeddings and norms; the learning rate rises for `WARMUP` steps, stays, and falls
linearly over the last `DECAY` of the run. Everything follows from `SEED` and the word lists.
"""
import argparse
import json
import math
import multiprocessing as mp
import time
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch.nn import functional as F

from .data import CHAT_TEMPLATE, END, PAD, conversation, pieces
from .layout import CHAT
from .lexicon import HELD_OUT
from .model import Shape, Tiny
from .tasks import TASKS, mapping
from .tokenizer import build

SEED, STEPS, WARMUP, DECAY = 20261122, 8000, 100, .6
COPY_STEPS, COPY_ROWS, COPY_WIDTH = 1200, 20, 64
TOKENS_A_STEP, WIDTHS = 3072, (96, 128, 160, 192, 256, 320, 384, 448, 576, 768)  # tokens
MUON_LR, ADAM_LR, WEIGHT_DECAY = .01, 3e-3, .01
REASONING = .3  # weight of a token of reasoning; an answer's is 1
SHAPE = Shape(vocab_size=6144, num_hidden_layers=5, max_position_embeddings=1024)


def encode(tok, sig, turns, layout, silent=()):
    "Token ids and, for each, how much it counts that the model says it; the answers of silent turns count nothing."
    ids, weights, turn = [], [], 0
    reasoned = sig.outputs[1].name if sig.outputs[0].name == 'reasoning' else None
    for text, answer in pieces(sig, turns, layout):
        new = tok.encode(text, add_special_tokens=False)
        weight = float(answer and turn not in silent)
        begins = text.rfind(f'[[ ## {reasoned} ## ]]' if layout == CHAT else f'"{reasoned}": ') if weight and reasoned else 0
        ids += new.ids
        weights += [weight * REASONING if at < begins else weight for at, _ in new.offsets]
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


def shard(tok, seed, n=4096):
    "Batches (ids, where, next, weight) of about `TOKENS_A_STEP` tokens from n conversations, shuffled; what is left over is dropped."
    rng, rows = Random(seed), {w: [] for w in WIDTHS}
    for _ in range(n):
        name, sig, turns, layout = conversation(rng)
        ids, weights = encode(tok, sig, turns, layout, unguessable(name, turns))
        width = next((w for w in WIDTHS if len(ids) <= w), None)
        if width and any(weights): rows[width].append((ids, weights))
    batches = []
    for width, some in rows.items():
        size = TOKENS_A_STEP // width
        batches += [collate(some[i:i + size], width) for i in range(0, len(some) - size + 1, size)]
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


def produce(tok_json, queue, seed):
    "Fill the queue with batches for ever; runs in a process of its own."
    from tokenizers import Tokenizer
    tok, k = Tokenizer.from_str(tok_json), 0
    while True:
        for b in shard(tok, seed + k): queue.put(b)
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


def rate(step, steps):  # the learning rate at a step, as a fraction of its peak
    if step < WARMUP: return (step + 1) / WARMUP
    return min(1., (steps - step) / (steps * DECAY))


@torch.no_grad()
def held_out_accuracy(model, tok, n=96):
    "Of n held-out examples a task, the share whose last answer is all argmax, given what came before it."
    out = {}
    for t in [*TASKS, mapping]:
        rng, hit = Random(77), 0
        for _ in range(n):
            _, sig, turns, layout = conversation(rng, HELD_OUT, t, 'json', False, 8 if t is mapping else 0)
            ids, scored = encode(tok, sig, turns, layout, set(range(len(turns) - 1)))
            at = torch.tensor(np.flatnonzero(np.array(scored[1:])))
            said = model(torch.tensor([ids]), at).argmax(-1)
            hit += bool((said == torch.tensor(ids)[at + 1]).all())
        out[t.__name__] = round(hit / n, 3)
    return out


def save(model, tok, folder: Path, **about):
    "Write the folder that mlx-lm loads: config, fp16 weights, tokenizer, and how it was made."
    from safetensors.torch import save_file
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
    ap.add_argument('--steps', type=int, default=STEPS)
    ap.add_argument('--copy-steps', type=int, default=COPY_STEPS)
    ap.add_argument('--threads', type=int, default=2)
    ap.add_argument('--init-only', action='store_true', help='write the untrained model, to try the rest with')
    args = ap.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    tok = build()
    assert tok.get_vocab_size() == SHAPE.vocab_size, tok.get_vocab_size()
    model = Tiny(SHAPE)
    n = sum(p.numel() for p in model.parameters())
    print(f'{n / 1e6:.2f}M parameters', flush=True)
    if args.init_only: return save(model, tok, args.out, parameters=n, steps=0, tokens=0, seed=SEED)
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and 'embed' not in name]
    others = [p for name, p in model.named_parameters() if p.dim() != 2 or 'embed' in name]
    muon, adam = Muon(matrices), torch.optim.AdamW(others, lr=ADAM_LR, betas=(.9, .98), weight_decay=0.)
    seen, began, losses = 0, time.time(), []

    def learn(batch, scale):
        nonlocal seen
        ids, where, following, weight = (torch.from_numpy(a) for a in batch)
        loss = (F.cross_entropy(model(ids, where), following, reduction='none') * weight).sum() / weight.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.)
        muon.step(MUON_LR * scale)
        for g in adam.param_groups: g['lr'] = ADAM_LR * scale
        adam.step()
        model.zero_grad()
        seen += ids.numel()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]): raise RuntimeError(f'the loss is {losses[-1]} after {seen} tokens')
        if len(losses) % 100 == 0: print(f'step {len(losses)} loss {np.mean(losses[-100:]):.4f} {seen / 1e6:.1f}M tokens, {seen / (time.time() - began):.0f} tokens/s', flush=True)

    rng = Random(SEED)
    for step in range(args.copy_steps):
        learn(copies(rng, tok.token_to_id('Ġ'), 5, 400 if step < args.copy_steps * 2 // 3 else SHAPE.vocab_size), min(1., (step + 1) / WARMUP))
    queue = mp.Queue(maxsize=400)
    maker = mp.Process(target=produce, args=(tok.to_str(), queue, SEED), daemon=True)
    maker.start()
    for step in range(args.steps):
        learn(queue.get(), rate(step, args.steps))
        if step % 1000 == 999:
            print('held out', held_out_accuracy(model, tok), flush=True)
            save(model, tok, args.out, parameters=n, steps=step + 1, tokens=seen, seed=SEED)
    maker.kill()
    save(model, tok, args.out, parameters=n, steps=args.steps, tokens=seen, seed=SEED, torch=torch.__version__)


if __name__ == '__main__': main()
