"""Measure how often small models are right: `python -m scripts.accuracy --models tiny smollm2 --layouts short json chat --half both`.

The cases are written by hand: `tests/accuracy/cases.jsonl` and `tests/tiny/handwritten.jsonl` (its tasks are named `tiny: …`).
Each is asked without demos and with four of its kind. The half `tune` may be looked at while one works on prompts; `report` is for what is
reported. Answers are greedy, nothing comes from a cache, and many cases are asked at once, so that batches fill.
`--fitted none batch labels` measures calibrated choices instead, on `tests/accuracy/labels.jsonl` (see scripts/choices.py).
"""
import argparse
import hashlib
import json
import logging
import os
import platform
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean

from scripts.choices import FITTED, measure_choices, print_choices
from scripts.tiny.evaluate import HANDWRITTEN, right, signature_of

ROOT = Path(__file__).parents[1]
CASES = ROOT/'tests'/'accuracy'/'cases.jsonl'
REPORT = ROOT/'nbs'/'explanations'/'accuracy.json'
FILES = {'': CASES, 'tiny: ': HANDWRITTEN}  # what the names of a file's tasks begin with
LAYOUTS = 'short', 'json', 'chat'
SHOTS = 0, 4
HALVES = 'tune', 'report'
ENDS = 'difference', 'low', 'high'
MEANS = 'score', 'parsed', 'prompt_tokens', 'answer_tokens', 'seconds'


# --- cases

@dataclass(frozen=True)
class Case:
    "One input with its right answer."
    id: str
    task: str
    half: str
    signature: type  # a `dspy.Signature`
    demos: tuple  # of `dspy.Example`
    inputs: dict
    expected: dict


def split_names(row: dict) -> tuple[list, list]:
    "The names of a line's inputs and outputs."
    return tuple([f['name'] for f in row['signature']['fields'] if f['direction'] == side] for side in ('input', 'output'))


def fit_demo(demo: dict, row: dict):
    "A demo under the field names of a case: wordings vary within a group, the order of its fields does not."
    import dspy
    inputs, outputs = split_names(row)
    named = dict(zip(inputs, demo['inputs'].values(), strict=True)) | dict(zip(outputs, demo['expected'].values(), strict=True))
    return dspy.Example(**named).with_inputs(*inputs)


def read_rows(path: Path) -> list[dict]:
    "The lines of a file of cases, demos too."
    return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines() if line.strip()]


def read_cases(path: Path = CASES, prefix: str = '') -> Iterator[Case]:
    "The tests of a file with their demos. Of each task, the first belongs to the half `tune`, the second to `report`, and so on."
    rows, demos, seen, made = read_rows(path), defaultdict(list), defaultdict(int), {}
    for row in rows:
        if row.get('split') == 'demo': demos[row['group']].append(row)
    for row in rows:
        if row.get('split') == 'demo': continue
        key = json.dumps(row['signature'], sort_keys=True)
        if key not in made: made[key] = signature_of(row['signature'])
        shown = tuple(fit_demo(demo, row) for demo in demos.get(row.get('group'), ()))
        half = HALVES[seen[row['task']] % 2]
        seen[row['task']] += 1
        yield Case(prefix + row['id'], prefix + row['task'], half, made[key], shown, row['inputs'], row['expected'])


def choose_cases(half: str = 'both', tasks: list | None = None, limit: int | None = None) -> list[Case]:
    "The cases of both files; `limit` takes so many, spread over all."
    found = [c for prefix, path in FILES.items() for c in read_cases(path, prefix)]
    found = [c for c in found if half in ('both', c.half) and (not tasks or c.task in tasks)]
    if limit and limit < len(found): found = [found[n * len(found) // limit] for n in range(limit)]
    return found


def can_ask(case: Case, shots: int) -> bool:
    "Whether a case is asked: with demos only where there are some; made-up labels mean nothing without them."
    return bool(case.demos) if shots else case.task != 'tiny: mapping'


def digest(*parts: str) -> str:
    "What tells cases apart, so that scores of other cases are not compared."
    return hashlib.sha256('\n'.join(parts).encode()).hexdigest()[:16]


def digest_data() -> str:
    "The digest of the files of cases."
    return digest(*(path.read_text(encoding='utf-8') for path in FILES.values()))


# --- asking

@dataclass(frozen=True)
class Answer:
    "How one case went."
    id: str
    task: str
    half: str
    score: float  # mean of the output fields, in [0, 1]
    parsed: bool
    prompt_tokens: int
    answer_tokens: int
    seconds: float  # while others were asked too
    said: object = field(compare=False)  # outputs, or the error

    @property
    def right(self) -> bool: return self.score == 1


def ask(case: Case, lm, adapter, shots: int) -> Answer:
    "Ask one case; an answer that cannot be read, and a prompt that is too long, score nothing."
    import dspy
    from dspy.utils.exceptions import AdapterParseError, ContextWindowExceededError
    from dspy.utils.usage_tracker import track_usage
    program = dspy.Predict(case.signature)
    program.demos = list(case.demos) if shots else []
    begin, score, parsed = time.perf_counter(), 0., False
    with dspy.context(lm=lm, adapter=adapter), track_usage() as usage:
        try:
            found = program(**case.inputs)
            said, parsed = {name: getattr(found, name) for name in case.expected}, True
            score = mean(right(said[name], wanted) for name, wanted in case.expected.items())
        except (AdapterParseError, ContextWindowExceededError) as e: said = f'{type(e).__name__}: {e}'
    seconds, calls = time.perf_counter() - begin, [call for calls in usage.usage_data.values() for call in calls]
    prompt, answer = (sum(call.get(name) or 0 for call in calls) for name in ('prompt_tokens', 'completion_tokens'))
    return Answer(case.id, case.task, case.half, score, parsed, prompt, answer, seconds, said)


def make_adapter(layout: str):
    "The adapter of a layout."
    import dspy_toolkit
    return dspy_toolkit.GrammarChatAdapter() if layout == 'chat' else dspy_toolkit.GrammarAdapter(layout=layout)


def name_model(text: str) -> str:
    "The name by which `dspy_toolkit.lm` takes a model: `tiny`, `smollm2`, a folder and a GGUF file get their `mlx/`."
    return f'mlx/{text}' if text in ('tiny', 'smollm2') or Path(text).exists() else text


def show_model(name: str) -> str:
    "The name of a model in the report, without the folders of this machine."
    path = name.removeprefix('mlx/')
    return Path(path).name if Path(path).is_absolute() or path.startswith('.') else name


# --- results

@dataclass
class Run:
    "All cases, asked of one model in one layout."
    model: str
    layout: str
    shots: int
    half: str
    weights: str  # fingerprint; '' where the model is elsewhere
    cases: str  # digest of their ids
    n: int  # how many
    seconds: float = 0.  # for all of them
    wrong: list = field(default_factory=list)  # ids of answers in which not every field is right
    tasks: dict = field(default_factory=dict)  # name -> figures

    def asks(self) -> tuple: return self.layout, self.model, self.shots, self.half, self.weights, self.cases
    def matches(self, base: 'Run') -> bool: return self.asks()[1:] == base.asks()[1:]


def find_groups(answers: list) -> dict:
    "Answers, or cases, by task, then those of each file, of each half where there are two, and all together."
    groups = defaultdict(list)
    for a in answers: groups[a.task].append(a)
    own, tiny = ([a for a in answers if a.task.startswith('tiny: ') == is_tiny] for is_tiny in (False, True))
    groups |= {name: some for name, some in (('all new', own), ('all tiny', tiny)) if some}
    halves = {f'all {half}': [a for a in answers if a.half == half] for half in HALVES}
    return {**groups, **(halves if all(halves.values()) else {}), 'all': answers}


def describe_group(answers: list) -> dict:
    "The figures of some answers."
    from dspy_toolkit.programs.statistics import interval
    scores = [float(a.right) for a in answers]
    low, high = interval(scores)
    means = {name: round(mean(getattr(a, name) for a in answers), 3) for name in MEANS}
    return dict(n=len(answers), right=round(mean(scores), 4), low=round(low, 4), high=round(high, 4)) | means


def add_differences(run: Run, base: Run, groups: dict):  # name -> ids
    "Add to each task how its share of right answers differs from the base's, on the same cases."
    from dspy_toolkit.programs.statistics import compare_pairs
    for name, ids in groups.items():
        found = compare_pairs(*([float(i not in each.wrong) for i in ids] for each in (base, run)))
        ends = [round(value, 4) for value in (found.difference, found.low, found.high)]
        run.tasks[name]['against'] = dict(base=base.layout, better=found.better, worse=found.worse, **dict(zip(ENDS, ends, strict=True)))


def measure(run: Run, cases: list[Case], lm, threads: int) -> list[Answer]:
    "Ask all cases of a run and fill in its figures."
    adapter, begin = make_adapter(run.layout), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool: answers = list(pool.map(lambda case: ask(case, lm, adapter, run.shots), cases))
    run.seconds = round(time.perf_counter() - begin, 1)
    run.wrong = [a.id for a in answers if not a.right]
    run.tasks = {name: describe_group(some) for name, some in find_groups(answers).items()}
    return answers


def print_run(run: Run):
    "Print a run as a table."
    print(f"\n{run.model}, layout {run.layout}, {run.shots} demos, half {run.half}: {run.n} cases in {run.seconds:.0f} s")
    base = next((t['against']['base'] for t in run.tasks.values() if 'against' in t), '')
    columns = 'right  95% interval  score parsed  prompt answer  s/call'
    print(f"{'task':18}{'n':>4}  {columns}" + (f'  against {base} (better/worse)' if base else ''))
    for name, t in run.tasks.items():
        line = f"{name:18}{t['n']:4}  {t['right']:5.0%}   {t['low']:4.0%} - {t['high']:4.0%}  {t['score']:5.2f}  {t['parsed']:5.0%}"
        line += f"  {t['prompt_tokens']:6.0f} {t['answer_tokens']:6.1f} {t['seconds']:7.2f}"
        if d := t.get('against'): line += f"  {d['difference']:+5.0%} ({d['low']:+.0%} to {d['high']:+.0%}; {d['better']}/{d['worse']})"
        print(line)


def print_misses(cases: list[Case], answers: list[Answer]):
    "Print what was wrong; of both halves, only what may be looked at."
    hidden = {'report'} if len({c.half for c in cases}) > 1 else set()
    for case, answer in zip(cases, answers, strict=True):
        if answer.right or case.half in hidden: continue
        print(f"- {case.id}: {json.dumps(case.inputs, ensure_ascii=False)}\n  wanted {case.expected}\n  said   {answer.said}")


# --- the report

def read_report(path: Path) -> dict:
    "An earlier report; empty where there is none."
    return json.loads(path.read_text(encoding='utf-8')) if path.exists() else {}


def read_kept(path: Path) -> list[Run]:
    "The runs of an earlier report, if the cases are still the same."
    report = read_report(path)
    return [Run(**run) for run in report['runs']] if report.get('data') == digest_data() else []


def save_report(path: Path, report: dict):
    "Write a report: a run, or the fitted choices of a model, a line."
    head = json.dumps({name: value for name, value in report.items() if name not in ('runs', 'fitted')})[1:-1]
    lists = [f'"{name}": [\n' + ',\n'.join(map(json.dumps, report.get(name, ()))) + '\n]' for name in ('runs', 'fitted')]
    path.write_text(f"{{{', '.join([head, *lists])}}}\n", encoding='utf-8')


def write_report(path: Path, runs: list[Run], args):
    "Write the runs into the report; what it says of fitted choices stays."
    import dspy_toolkit
    about = dict(version=dspy_toolkit.__version__, data=digest_data(), threads=args.threads, seed=args.seed, max_tokens=args.max_tokens)
    about |= dict(cpus=os.cpu_count(), system=platform.system(), machine=platform.machine())
    save_report(path, about | dict(runs=[asdict(run) for run in runs], fitted=read_report(path).get('fitted', [])))


def write_fitted(path: Path, found: dict):
    "Write the fitted choices of a model into the report; all else stays."
    report = read_report(path)
    others = [each for each in report.get('fitted', ()) if (each['model'], each['layout']) != (found['model'], found['layout'])]
    save_report(path, report | dict(fitted=[*others, found]))


def plan_runs(args, model: str, weights: str) -> list[tuple[Run, list[Case]]]:
    "The runs of a model with the cases of each; the base layout comes first."
    cases, planned = choose_cases(args.half, args.tasks, args.limit), []
    for shots in args.shots:
        chosen = [c for c in cases if can_ask(c, shots)]
        about = dict(shots=shots, half=args.half, weights=weights, cases=digest(*(c.id for c in chosen)), n=len(chosen))
        layouts = sorted(args.layouts, key=lambda name: name != args.base) if chosen else []
        planned += [(Run(show_model(model), layout, **about), chosen) for layout in layouts]
    return planned


def compare(run: Run, cases: list[Case], bases: list[Run]):
    "Compare a run with that of the base layout, if there is one."
    base = next((other for other in bases if run is not other and run.matches(other)), None)
    if base: add_differences(run, base, {name: [c.id for c in some] for name, some in find_groups(cases).items()})


def run_model(args, model: str, runs: list[Run]):
    "Make the runs of a model that are not among `runs`, printing each and writing the report after each."
    import dspy_toolkit
    lm = dspy_toolkit.lm(model, temperature=0, seed=args.seed, max_tokens=args.max_tokens, cache=False)
    for run, cases in plan_runs(args, model, lm.kwargs.get('metadata', {}).get('weights', '')):
        if run.asks() in [other.asks() for other in runs]: continue
        answers = measure(run, cases, lm, args.threads)
        runs.append(run)
        compare(run, cases, [other for other in runs if other.layout == args.base])
        print_run(run)
        if args.misses: print_misses(cases, answers)
        write_report(args.json, runs, args)
    if close := getattr(getattr(lm, 'engine', None), 'close', None): close()


def fit_model(args, model: str):
    "Measure the fitted choices of a model, print them, and write them into the report."
    import dspy_toolkit
    lm = dspy_toolkit.lm(model, temperature=0, seed=args.seed, max_tokens=args.max_tokens, cache=False)
    found = measure_choices(lm, show_model(model), args.fitted, args.threads, args.seed, args.tasks, args.limit)
    print_choices(found)
    write_fitted(args.json, found)
    lm.engine.close()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--models', nargs='+', default=['tiny'], help='tiny, smollm2, a folder, a GGUF file, or any name for dspy_toolkit.lm')
    ap.add_argument('--layouts', nargs='+', default=list(LAYOUTS), choices=LAYOUTS)
    ap.add_argument('--shots', nargs='+', type=int, default=list(SHOTS), choices=SHOTS, help='demos (mapping has eight)')
    ap.add_argument('--half', default='tune', choices=[*HALVES, 'both'])
    ap.add_argument('--tasks', nargs='+', help='only these, such as qa or "tiny: qa"')
    ap.add_argument('--limit', type=int, help='only so many cases, spread over all')
    ap.add_argument('--base', default='json', choices=LAYOUTS, help='the layout that the others are compared with')
    ap.add_argument('--threads', type=int, default=8, help='cases asked at once')
    ap.add_argument('--max-tokens', type=int, default=128, help='of an answer; the longest right one has about 80')
    ap.add_argument('--seed', type=int, default=0)
    ap.add_argument('--json', type=Path, default=REPORT, help='where the report is written')
    ap.add_argument('--keep', action='store_true', help='keep the runs that the report has, and make only those that it lacks')
    ap.add_argument('--fitted', nargs='+', choices=FITTED, help='measure calibrated choices instead; --limit: of each half')
    ap.add_argument('--misses', action='store_true', help='print what was wrong; with --half both, in the half tune')
    args = ap.parse_args()
    logging.getLogger('dspy_toolkit').setLevel(logging.ERROR)  # else each answer that is cut short says so
    if args.fitted:
        for model in args.models: fit_model(args, name_model(model))
        return
    runs = read_kept(args.json) if args.keep else []
    for model in args.models: run_model(args, name_model(model), runs)


if __name__ == '__main__': main()
