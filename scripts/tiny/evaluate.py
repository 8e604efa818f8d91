"""Measure `mlx/tiny` through DSPy, as its users call it: `python -m scripts.tiny.evaluate`.

Two sets: inputs written by hand before training (`tests/tiny/handwritten.jsonl`, which the generator
never reads), and generated ones whose templates and words were held out of training.
"""
import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from statistics import mean

HANDWRITTEN = Path(__file__).parents[2] / 'tests' / 'tiny' / 'handwritten.jsonl'


def plain(text) -> str:
    "Lower case, without punctuation and articles: how SQuAD compares answers (Rajpurkar et al. 2016, arXiv:1606.05250)."
    words = re.sub(r'[^\w\s]', ' ', str(text).lower()).split()
    return ' '.join(w for w in words if w not in ('a', 'an', 'the'))


def comparable(value):
    "A value in a form that is equal where two answers count as the same."
    if isinstance(value, dict): return tuple(sorted((k, comparable(v)) for k, v in value.items()))
    if isinstance(value, list): return tuple(map(comparable, value))
    return plain(value) if isinstance(value, str) else value


def overlap(said: list, wanted: list) -> float:  # F1 in [0, 1]
    "How well two lists agree, in any order: a row of fields counts if all of it is right; a word or number that is said twice counts once."
    kind = list if any(isinstance(item, dict) for item in wanted) else set
    said, wanted = (Counter(kind(map(comparable, items))) for items in (said, wanted))
    if not said and not wanted: return 1.
    return 2 * (said & wanted).total() / (said.total() + wanted.total())


def as_data(value):
    "A typed answer as JSON data: models are dicts, dates are text."
    if hasattr(value, 'model_dump'): return value.model_dump(mode='json')
    if isinstance(value, (list, tuple, set)): return [as_data(v) for v in value]
    return value.isoformat() if hasattr(value, 'isoformat') else value


def right(said, wanted) -> float:  # in [0, 1]
    "How right one field is: lists by F1, models by the mean of their fields, text as SQuAD compares it, everything else exactly."
    said = as_data(said)
    if isinstance(wanted, list): return overlap(said, wanted) if isinstance(said, list) else 0.
    if isinstance(wanted, dict): return mean(right(said.get(k), v) for k, v in wanted.items()) if isinstance(said, dict) else 0.
    if isinstance(wanted, bool) or not isinstance(wanted, str): return float(said == wanted)
    return float(plain(said) == plain(wanted))


def signature_of(spec: dict):
    "A `dspy.Signature` from a line of the handwritten file; its `definitions` are the models, as `SignatureSpec` keeps them."
    from dspy_toolkit.signatures.source import parse_cell
    from dspy_toolkit.signatures.types import build_classes
    sides = {d: [f"{f['name']}: {f['type']}" + (f"  # {f['description']}" if f.get('description') else '') for f in spec['fields'] if f['direction'] == d] for d in ('input', 'output')}
    lines = [json.dumps(spec['instructions']), *sides['input'], '->', *sides['output']]
    models = build_classes(spec.get('definitions', {}))
    return parse_cell('\n'.join(lines), name=spec['name'], namespace=models).spec.to_dspy()


def handwritten(path=HANDWRITTEN):
    "The items as (task, signature, demos, inputs, expected)."
    import dspy
    items = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines() if line.strip()]
    demos, made = defaultdict(list), {}
    for i in items:
        if i.get('split') == 'demo': demos[i['group']].append(dspy.Example(**i['inputs'], **i['expected']).with_inputs(*i['inputs']))
    for i in items:
        if i.get('split') == 'demo': continue
        key = json.dumps(i['signature'], sort_keys=True)
        made.setdefault(key, signature_of(i['signature']))
        name = f"mapping {i['group']}" if i['task'] == 'mapping' else i['task']
        yield name, made[key], demos.get(i.get('group'), []), i['inputs'], i['expected']


def turn_labels(items):
    "Items with labels, in which every label means what the one before it meant: demos and right answers alike."
    import typing

    import dspy
    for task, sig, demos, inputs, expected in items:
        (name, label), = expected.items()
        labels = typing.get_args(sig.output_fields[name].annotation)
        turned = dict(zip(labels, labels[1:] + labels[:1]))
        yield task, sig, [dspy.Example(**{**demo, name: turned[demo[name]]}).with_inputs(*inputs) for demo in demos], inputs, {name: turned[label]}


def generated(n=25, seed=41):
    "n held-out generated items a task, in the same form."
    import dspy

    from .data import conversation
    from .lexicon import HELD_OUT
    from .tasks import TASKS, mapping
    for task in [*TASKS, mapping]:
        rng = Random(seed)
        for _ in range(n):
            name, sig, turns, _ = conversation(rng, HELD_OUT, task, 'json', False, 8 if task is mapping else 0)
            spec = dict(name='Generated', instructions=sig.instructions, fields=[dict(name=f.name, type=f.type, description=f.desc, direction=d) for d, fs in (('input', sig.inputs), ('output', sig.outputs)) for f in fs])
            *shown, (inputs, expected) = turns
            yield name, signature_of(spec), [dspy.Example(**a, **b).with_inputs(*a) for a, b in shown], inputs, expected


def measure(items, lm, adapter, module='Predict', demos=True) -> dict:
    "Run items; gives {task: {n, score, joint, parsed}} with scores in [0, 1], `joint` where every field is right."
    import dspy
    rows, misses = defaultdict(list), []
    for task, sig, shown, inputs, expected in items:
        program = getattr(dspy, module)(sig)
        if demos and shown: (program if module == 'Predict' else program.predict).demos = shown
        with dspy.context(lm=lm, adapter=adapter):
            try: said = program(**inputs)
            except dspy.utils.exceptions.AdapterParseError as e:
                rows[task].append((0., 0., 0.))
                misses.append((task, inputs, expected, str(e)))
                continue
        scores = [right(getattr(said, k), v) for k, v in expected.items()]
        rows[task].append((mean(scores), float(min(scores) == 1.), 1.))
        if min(scores) < 1: misses.append((task, inputs, expected, {k: getattr(said, k) for k in expected}))
    table = {t: dict(n=len(r), score=round(mean(x[0] for x in r), 3), joint=round(mean(x[1] for x in r), 3), parsed=round(mean(x[2] for x in r), 3)) for t, r in rows.items()}
    return dict(table=table, misses=misses)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--model', default='mlx/tiny')
    ap.add_argument('--module', default='Predict', choices=['Predict', 'ChainOfThought'])
    ap.add_argument('--set', default='handwritten', choices=['handwritten', 'generated'])
    ap.add_argument('--no-demos', action='store_true', help='leave the demos out: what chance gives')
    ap.add_argument('--misses', action='store_true', help='print what was wrong')
    args = ap.parse_args()
    import dspy_toolkit
    items = handwritten() if args.set == 'handwritten' else generated()
    out = measure(items, dspy_toolkit.lm(args.model, cache=False), dspy_toolkit.GrammarAdapter(), args.module, not args.no_demos)
    for task, r in out['table'].items(): print(f"{task:14} n={r['n']:3} score {r['score']:.2f} all fields {r['joint']:.2f} parsed {r['parsed']:.2f}")
    if args.misses:
        for miss in out['misses']: print(*miss, sep=' | ')


if __name__ == '__main__': main()
