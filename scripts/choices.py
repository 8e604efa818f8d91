"""Measure whether calibrated choices are right more often: `python -m scripts.accuracy --models smollm2 --fitted none batch labels`.

The cases are written by hand: `tests/accuracy/labels.jsonl`, five tasks with 20 rows a label to fit on (half `fit`) and 20 others to
measure on (half `held`). `none` is the greedy answer, as a program gives it without a calibration. `labels` fits biases and a scale to the
half `fit`, and `batch` subtracts the mean log probabilities of that half, without its labels. Each is compared with `none` on the half
`held`, row by row.
"""
import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from scripts.tiny.evaluate import signature_of

LABELS = Path(__file__).parents[1]/'tests'/'accuracy'/'labels.jsonl'
FITTED = 'none', 'batch', 'labels'
HALVES = 'fit', 'held'


@dataclass
class Task:
    "A choice, and rows with their labels."
    name: str
    signature: type  # a `dspy.Signature` with one output
    rows: list = field(default_factory=list)  # of dict: id, half, inputs, expected

    @property
    def output(self) -> str: return next(iter(self.signature.output_fields))

    def half(self, name: str) -> list: return [row for row in self.rows if row['half'] == name]


def read_tasks(path: Path = LABELS) -> dict[str, Task]:
    "The tasks of the file: the first line of each has its signature."
    tasks = {}
    for line in path.read_text(encoding='utf-8').splitlines():
        row = json.loads(line)
        if 'signature' in row: tasks[row['task']] = Task(row['task'], signature_of(row['signature']))
        else: tasks[row['task']].rows.append(row)
    return tasks


@dataclass
class Asked:
    "What a model says to one row."
    label: str  # the right one
    shares: dict  # label -> probability
    greedy: str = ''  # the label of the plain answer; only of the half `held`


def ask(task: Task, row: dict) -> Asked:
    "Have a choice measured, and ask for the plain answer."
    import dspy

    from dspy_toolkit.engine.calibration import record_shares
    from dspy_toolkit.engine.decisions import read_label
    program, name = dspy.Predict(task.signature), task.output
    with record_shares() as found: program(**row['inputs'])
    greedy = read_label(program(**row['inputs'])[name]) if row['half'] == 'held' else ''
    return Asked(read_label(row['expected'][name]), found[0].shares, greedy)


def ask_all(tasks: list[Task], lm, threads: int) -> dict[str, dict[str, list[Asked]]]:  # task -> half -> rows
    "Ask all rows of all tasks at once, so that batches fill."
    import dspy

    import dspy_toolkit
    def one(pair):
        with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()): return ask(*pair)
    pairs = [(task, row) for task in tasks for row in task.rows]
    with ThreadPoolExecutor(threads) as pool: said = list(pool.map(one, pairs))
    asked = {task.name: {half: [] for half in HALVES} for task in tasks}
    for (task, row), each in zip(pairs, said, strict=True): asked[task.name][row['half']].append(each)
    return asked


def make_fit(how: str, rows: list[Asked], seed: int):
    "A calibration from the half `fit`, and whether the product keeps it."
    from dspy_toolkit.engine.decisions import Calibration
    from dspy_toolkit.programs.calibrate import choose_ridge, fit_batch, fit_bias, measure_gain
    shares, labels = [row.shares for row in rows], [row.label for row in rows]
    if how == 'none': return Calibration({}), True
    if how == 'batch': return fit_batch(shares), True
    return fit_bias(shares, labels, choose_ridge(shares, labels, seed)), bool(measure_gain(shares, labels, seed).helps)


def describe_fit(how: str, calibration, kept: bool, rows: list[Asked]) -> dict:
    "The figures of a fit on the half `held`."
    from dspy_toolkit.programs.statistics import calibration_error, compare_pairs, interval
    chosen = [calibration.choose(row.shares) for row in rows]
    right = [float(label == row.label) for (label, _), row in zip(chosen, rows)]
    sure = [min(share, 1.0) for _, share in chosen]
    loss = mean(-math.log(max(calibration.apply(row.shares)[row.label], 1e-12)) for row in rows)
    error = calibration_error(sure, right)
    plain = [float(row.greedy == row.label) for row in rows]
    if how == 'none': right = plain  # what a program answers without a calibration
    low, high = interval(right)
    found = dict(right=mean(right), low=low, high=high, calibration_error=error, log_loss=loss, kept=kept)
    if how != 'none':
        pair = compare_pairs(plain, right)
        found['against'] = dict(difference=pair.difference, low=pair.low, high=pair.high, better=pair.better, worse=pair.worse)
    return found


def round_all(value):
    "The same with numbers of four digits."
    if isinstance(value, dict): return {key: round_all(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def measure_choices(lm, model: str, fitted: list, threads: int, seed: int, only=None, limit: int | None = None) -> dict:
    "Ask a model all rows of the tasks, fit, and compare."
    import dspy_toolkit
    tasks, begin = [task for name, task in read_tasks().items() if not only or name in only], time.perf_counter()
    for task in tasks: task.rows = [row for half in HALVES for row in task.half(half)[:limit]]
    asked = ask_all(tasks, lm, threads)
    found = {}
    for task in tasks:
        fit, held = (asked[task.name][half] for half in HALVES)
        figures = {how: describe_fit(how, *make_fit(how, fit, seed), held) for how in fitted}
        found[task.name] = dict(labels=len(held[0].shares), fit=len(fit), held=len(held), fitted=figures)
    layout = dspy_toolkit.GrammarAdapter().choose_layout(lm)
    about = dict(model=model, layout=layout, weights=lm.kwargs.get('metadata', {}).get('weights', ''), seed=seed)
    return round_all(about | dict(seconds=time.perf_counter() - begin, tasks=found))


def write_line(each: dict) -> str:
    "The figures of a fit in a line."
    line = f"{each['right']:6.0%}  {each['low']:4.0%} - {each['high']:4.0%}  {each['calibration_error']:17.3f}  {each['log_loss']:8.2f}"
    if d := each.get('against'):
        line += f"  {d['difference']:+5.0%} ({d['low']:+.0%} to {d['high']:+.0%}; {d['better']}/{d['worse']})"
    return line + ('' if each['kept'] else '  not kept')


def print_choices(found: dict):
    "Print the figures as a table."
    print(f"\n{found['model']}, layout {found['layout']}, choices measured and fitted, {found['seconds']:.0f} s")
    columns = 'right  95% interval  calibration error  log loss  against none (better/worse)'
    print(f"{'task':12}{'labels':>7}{'fit':>5}{'held':>5}  {'fitted':8}{columns:>6}")
    for name, task in found['tasks'].items():
        head = f"{name:12}{task['labels']:7}{task['fit']:5}{task['held']:5}"
        for how, each in task['fitted'].items():
            print(f"{head}  {how:8}{write_line(each)}")
            head = ' ' * len(head)
