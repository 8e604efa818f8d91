"""What editors and type checkers see: a script that uses every name of the front door is right in the strict modes of mypy and pyright.

The methods come from the stubs, since `@patch` adds most of them to their classes. basedpyright is pyright with its Node, from the package index.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

import dspy_toolkit
import pytest

root = Path(__file__).parent.parent  # checkers do not follow the import hook of an editable install

SCRIPT = '''
from dspy_toolkit import (
    AllLegsFailed, AsyncFallbackEngine, AsyncMLXEngine, BreakerConfig, BundleError, CallNotPermitted, CancelScope, Cancelled, Chaos,
    CircuitBreaker, FallbackEngine, GrammarAdapter, GrammarChatAdapter, InputError, InUse, Leg, MissingExtra, MLXEngine,
    ModelNotAvailable, NotRegistered, ProgramSpec, Protected, Registry, RegistryError, Retry, RetryBudget, RetryConfig, Semantics,
    SettingsError, SignatureEditor, SignatureSpec, SignatureSyntaxError, ToolkitError, breakers, configure, edit, fallback, library, lm,
    load_ipython_extension, registry, reset_settings, settings, starter, unload_ipython_extension,
    monitor, prometheus_text, serve_metrics, watch_alerts,
    Evaluated, evaluate, Optimized, optimize, Tuned, finetune, calibrate,
    AliasConflict, Compared, MetricError, Promotion, Regression, Scored, compare, judge, promote,
    Dataset, check_dataset, find_dataset, split_dataset,
    Dashboard, History, HistoryError, Supervisor, dashboard, diff, export_mlflow, export_otlp, history, supervise,
)


def guard(name: str) -> float | None:
    breaker = CircuitBreaker(name, BreakerConfig(minimum_number_of_calls=2))
    permit = breaker.acquire()
    breaker.record(permit, None, result="fine", duration=0.5)
    breaker.release(breaker.acquire())
    breaker.reset()
    print(breaker.state.value, breaker.snapshot().failed, breakers[name].name)
    breaker.call(print, "x")
    return breaker.snapshot().failure_rate


def keep(url: str) -> None:
    kept: Registry = registry(url)
    version = kept.versions("Triage")[0]
    print(version.number, version.name, kept.latest("signature", 3))
    kept.alias("Triage@1", "prod")
    kept.tag("Triage@1", "reviewed")
    kept.note("Triage@1", "as agreed")
    kept.export("Triage", path="triage.json")
    kept.import_("triage.json", dry_run=True)
    kept.lineage("Triage@1")
    kept.search("route")
    kept.diff("Triage@1", "Triage@2")
    spec = kept.load("Triage@prod")
    kept.save(spec, message="kept")
    kept.close()


def score(example: object, prediction: object) -> Scored: return Scored(0.5, "so")


def release() -> str:
    compared: Compared = compare(["Triage@1", "Triage@2"], "devset", judge("helpful"), lms=["fast"], budget="2 USD")
    try: promotion: Promotion = promote("Triage@2", "prod", "devset", score, margin=0.02)
    except (Regression, AliasConflict, MetricError) as error: return error.hint
    return promotion.where + compared.state + str(compared.flips[0])


def measure() -> float | None:
    data: Dataset = find_dataset("devset")
    parts = split_dataset(check_dataset(data, None), dict(train=0.7, dev=0.3), seed=1)
    print(data.columns, data.digest, len(parts["train"]))
    found: Evaluated = evaluate("Triage", "devset", "exact_match", threads=4, budget="200 calls")
    print(found.state, found.low, found.high, found.failures["TimeoutError"], found.how_to_go_on, found.to_json())
    return found.score


def improve() -> float | None:
    found: Optimized = optimize("Triage", "trainset", "exact_match", optimizer="mipro", options={"num_candidates": 4}, budget="500 calls", seed=7)
    print(found.state, found.start_score, found.paired, found.version, found.candidates[0].instructions, found.how_to_go_on, found.to_json())
    return found.score


def tune() -> str:
    tuned: Tuned = finetune("Triage", "trainset", lm="mlx/tiny", steps=10)
    calibrate("Triage", "trainset", lm="mlx/tiny", method="labels")
    return tuned.name + tuned.base + tuned.how_to_go_on


def ask() -> None:
    model = lm("mlx/tiny", max_tokens=100)
    configure("mlx/tiny")
    safe = fallback("safe", [model, lm("mlx/tiny")], semantics=Semantics())
    engine = MLXEngine("mlx/tiny")
    engine.warm()
    engine.close()
    net = FallbackEngine([Leg(model)])
    print(net.name)
    print(net.legs)
    print(safe)
    Retry(RetryConfig(attempts=2), RetryBudget()).call(print, "x")
    print(Chaos(fail=0.3).brief())


def handle(run: CancelScope) -> None:
    try: run.cancel()
    except (AllLegsFailed, CallNotPermitted, Cancelled, NotRegistered) as e: print(e)
    except (BundleError, InputError, InUse, MissingExtra, ModelNotAvailable, Protected, RegistryError) as e: print(e.hint)
    except (SettingsError, SignatureSyntaxError, ToolkitError) as e: print(e.hint)


print(settings().home, library(), starter("triage"), edit("Triage"))
print(AsyncFallbackEngine, AsyncMLXEngine, GrammarAdapter(), GrammarChatAdapter(), ProgramSpec, SignatureEditor, SignatureSpec)
print(load_ipython_extension, unload_ipython_extension, reset_settings)
print(monitor().snapshot(60).total, prometheus_text(monitor()), serve_metrics, watch_alerts().firing())
print(Dashboard, History, HistoryError, Supervisor, dashboard, diff, export_mlflow, export_otlp, history(), supervise().states)
'''


MISTAKES = """import dspy_toolkit
dspy_toolkit.CircuitBreaker("x").aquire()
dspy_toolkit.registry().versoins("A")
dspy_toolkit.MLXEngine(3.5)
print(dspy_toolkit.nothing)
dspy_toolkit.CircuitBreaker("x").acquire()
"""


def mypy(folder: Path) -> dict[str, str]:
    "Messages by file and line."
    command = [sys.executable, '-m', 'mypy', '--strict', '--follow-imports=silent', '--cache-dir', 'cache', 'right.py', 'wrong.py']
    out = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, 'MYPYPATH': str(root)})
    assert out.returncode in (0, 1), out.stdout + out.stderr
    parts = [line.split(':', 2) for line in out.stdout.splitlines() if ': error:' in line and line.startswith(('right.py', 'wrong.py'))]
    return {f'{file}:{number}': message for file, number, message in parts}


def pyright(folder: Path) -> dict[str, str]:
    "The same."
    (folder/'pyrightconfig.json').write_text(json.dumps({'typeCheckingMode': 'strict', 'include': ['right.py', 'wrong.py'], 'extraPaths': [str(root)]}))
    command = [sys.executable, '-m', 'basedpyright', '--outputjson', '--pythonpath', sys.executable]
    out = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert out.returncode in (0, 1), out.stdout + out.stderr
    found = json.loads(out.stdout)['generalDiagnostics']
    return {f"{Path(d['file']).name}:{d['range']['start']['line'] + 1}": d['message'] for d in found}


@pytest.mark.parametrize('check', [mypy, pyright])
def test_what_is_right_passes_and_a_mistake_is_seen(tmp_path, check):
    assert not {name for name in dspy_toolkit.__all__ if name not in SCRIPT}
    (tmp_path/'right.py').write_text(SCRIPT)
    (tmp_path/'wrong.py').write_text(MISTAKES)
    found = check(tmp_path)
    assert set(found) == {f'wrong.py:{line}' for line in (2, 3, 4, 5)}, found
