"""Every documented method of a class of the front door is there from the start.

Each class has a process of its own, which imports of this package nothing but its front door.
"""
import subprocess
import sys

import pytest

begin = '''
import asyncio, os, tempfile
import dspy
import dspy_toolkit
from dspy.lm15 import Config, Message, Request
class Triage(dspy.Signature):
    "Route a support email."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()
request = Request('mlx/tiny', Message.user('Which team?'), config=Config(max_tokens=4))
async def ask(): return 'billing'
async def read(events): return [event async for event in events]
'''
engine_calls = dict(
    complete='made.complete(request)', stream='list(made.stream(request))', dump_state='made.dump_state()',
    load_state='type(made).load_state(made.dump_state())', close='made.close()')
own_calls = dict(stats='made.stats()', warm='made.warm(Triage)', clear_caches='made.clear_caches()', restart='made.restart()')
# async engines answer in a loop of their own, and are closed in it
async_calls = dict(
    complete='asyncio.run(made.complete(request))', stream='asyncio.run(read(made.stream(request)))',
    dump_state='made.dump_state()', load_state='type(made).load_state(made.dump_state())', aclose='asyncio.run(made.aclose())')
spec_calls = dict(to_dspy='made.to_dspy()', to_json='made.to_json()', from_json='type(made).from_json(made.to_json())')

# class -> how to make it, and method -> a call of it, in the order they are called
table = {
    'SignatureSpec': ('dspy_toolkit.SignatureSpec.from_dspy(Triage)', spec_calls | dict(
        from_dspy='type(made).from_dspy(Triage)', to_cell='made.to_cell()', class_source='made.class_source()', to_source='made.to_source()', definitions_source='made.definitions_source()')),
    'ProgramSpec': ('dspy_toolkit.ProgramSpec.from_dspy(dspy.Predict(Triage))', spec_calls | dict(
        from_dspy='type(made).from_dspy(dspy.Predict(Triage))')),
    'Registry': ('dspy_toolkit.registry("sqlite://")', dict(
        save='made.save(Triage), made.save(dspy.Predict(Triage), name="Triage")', resolve='made.resolve("Triage@1")', spec='made.spec("Triage")',
        load='made.load("Triage")', identify='made.identify(Triage)', versions='made.versions("Triage")', latest='made.latest()', count='made.count()',
        alias='made.alias("Triage@1", "prod")', protect='made.protect("Triage@prod")', aliases='made.aliases("Triage")',
        tag='made.tag("Triage@1", "reviewed")', note='made.note("Triage@1", "watch the refunds")', notes='made.notes("Triage@1")',
        add_evaluation='made.add_evaluation("Triage@1", "exact_match", 0.5)', evaluations='made.evaluations("Triage@1")',
        add_deployment='made.add_deployment("Triage@prod", "http://127.0.0.1:8000")', update_deployment='made.update_deployment(1, "stopped")',
        deployments='made.deployments("Triage@1")',
        start_rollout='made.save(Triage.with_instructions("Route an email."), name="Rolled"), made.save(Triage, name="Rolled"), made.start_rollout("Rolled@1"), made.start_rollout("Rolled@2")',
        rollout='made.rollout("Rolled")', rollouts='made.rollouts()', step_rollout='made.step_rollout("Rolled")', roll_back='made.roll_back("Rolled")',
        write_counts='made.write_counts("a", {})', read_counts='made.read_counts(1)', end_rollout='made.end_rollout("Rolled")', trail='made.trail("Triage@prod")', diff='made.diff("Triage@1", "Triage@2")',
        keep_case='made.keep_case("Triage", "urgent", dict(email="x"))', cases='made.cases("Triage")',
        delete_case='made.delete_case("Triage", "urgent")', add_mark='made.add_mark("Triage", "right", dict(email="x"), dict(team="y"))',
        marks='made.marks("Triage")', delete_mark='made.delete_mark("Triage", dict(email="x"))', search='made.search("route")',
        lineage='made.lineage("Triage", most=5)', export='made.export("Triage")',
        import_='made.import_(made.export(), dry_run=True)', unalias='made.unalias("Triage@prod", force=True)', delete='made.delete("Triage@2")',
        close='made.close()')),
    'Dataset': ('dspy_toolkit.Dataset("devset", [dict(email="x")])', dict(to_json='made.to_json()')),
    'CircuitBreaker': ('dspy_toolkit.CircuitBreaker("lm")', dict(
        acquire='permit = made.acquire()', record='made.record(permit)', amend='made.amend(permit, "empty")', release='made.release(made.acquire())',
        call='made.call(len, "x")', acall='asyncio.run(made.acall(ask))', snapshot='made.snapshot()', measure='made.measure()',
        transition_to='made.transition_to(made.state)', reset='made.reset()')),
    'Retry': ('dspy_toolkit.Retry()', dict(call='made.call(len, "x")', acall='asyncio.run(made.acall(ask))')),
    'RetryBudget': ('dspy_toolkit.RetryBudget()', dict(deposit='made.deposit()', withdraw='made.withdraw()')),
    'Semantics': ('dspy_toolkit.Semantics()', dict(
        config='made.config(dspy_toolkit.BreakerConfig())',
        failures='''from dspy_toolkit.resilience.semantic import Outcome
made.failures(Outcome(dspy_toolkit.MLXEngine().complete(request), 1.0))''')),
    'Leg': ('dspy_toolkit.Leg(dspy_toolkit.lm("mlx/tiny"))', dict(
        fit='made.fit(request)', percentile='made.percentile(0.5)', within='asyncio.run(made.within(ask()))')),
    'FallbackEngine': ('dspy_toolkit.FallbackEngine([dspy_toolkit.lm("mlx/tiny")])', engine_calls),
    'AsyncFallbackEngine': ('dspy_toolkit.AsyncFallbackEngine([dspy_toolkit.lm("mlx/tiny")])', async_calls),
    'Chaos': ('dspy_toolkit.Chaos(fail=0.5)', dict(brief='made.brief()')),
    'MLXEngine': ('dspy_toolkit.MLXEngine()', own_calls | engine_calls),
    'AsyncMLXEngine': ('dspy_toolkit.AsyncMLXEngine()', own_calls | async_calls),
    'History': ('dspy_toolkit.History(f"sqlite:///{tempfile.mkdtemp()}/history.db")', dict(
        add="""from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.monitor import Batch
import time
made.add(Batch([], [Call('r1', 'mlx/tiny', at=time.time())], [], [], []))""", flush='made.flush()', query='calls = made.query()', count='made.count()', sums='made.sums()',
        call='made.call("r1")', numbers='made.numbers(calls)', steps='made.steps(calls[0])', sessions='made.sessions()', happenings='made.happenings()',
        frame="""try: made.frame()
except dspy_toolkit.MissingExtra: pass""", close='made.close()')),
    'Supervisor': ('dspy_toolkit.Supervisor()', dict(
        add='name = made.add(dspy_toolkit.MLXEngine().worker)', tick='made.tick()', snapshot='made.snapshot()', latest='made.latest(3)', reset='made.reset()',
        list_notes='made.list_notes()', remove='made.remove(name)', start='made.start()', close='made.close()')),
    'Scored': ('dspy_toolkit.Scored(0.5)', {}),
    'Compared': ("""(os.environ.update(DSPY_TOOLKIT_HOME=tempfile.mkdtemp()), dspy_toolkit.compare(
    [Triage, Triage], [dict(email='x', team='billing')], lms=[dspy.utils.DummyLM([dict(team='billing')] * 2, adapter=dspy.JSONAdapter())]))[1]""",
        dict(describe_row='made.describe_row(0)', to_json='made.to_json()')),
    'Promotion': ("""(os.environ.update(DSPY_TOOLKIT_HOME=tempfile.mkdtemp()), dspy_toolkit.registry().save(Triage), dspy_toolkit.promote(
    'Triage@1', 'prod', [dict(email='x', team='billing')], lm=dspy.utils.DummyLM([dict(team='billing')], adapter=dspy.JSONAdapter())))[2]""",
        dict(to_json='made.to_json()')),
    'Evaluated': ("""(os.environ.update(DSPY_TOOLKIT_HOME=tempfile.mkdtemp()), dspy_toolkit.evaluate(
    Triage, [dict(email='x', team='billing')], lm=dspy.utils.DummyLM([dict(team='billing')], adapter=dspy.JSONAdapter())))[1]""", dict(to_json='made.to_json()')),
    'Optimized': ("""(os.environ.update(DSPY_TOOLKIT_HOME=tempfile.mkdtemp()), dspy_toolkit.optimize(Triage, [dict(email=str(n), team='billing') for n in range(4)],
    lm=dspy.utils.DummyLM([dict(team='billing')] * 99, adapter=dspy.JSONAdapter()), save=False))[1]""", dict(to_json='made.to_json()')),
    'Tuned': ('dspy_toolkit.Tuned("mlx/tiny+triage", "mlx/tiny", "done", "finetune-1")', dict(to_json='made.to_json()')),
    'CancelScope': ('dspy_toolkit.CancelScope()', dict(
        add='scope = dspy_toolkit.CancelScope(); made.add(scope)', note='made.note("so far")', cancel='made.cancel()')),
}
for _calls in table.values():  # what closes comes last
    for _name in ('close', 'aclose'):
        if _name in _calls[1]: _calls[1][_name] = _calls[1].pop(_name)

end = '''
public = [name for name in dir(dspy_toolkit.{name}) if not name.startswith('_')]
print('has', *(name for name in public if callable(getattr(dspy_toolkit.{name}, name)) and getattr(dspy_toolkit.{name}, name).__doc__))
'''


@pytest.mark.parametrize('name', table)
def test_every_documented_method_is_there_and_works_in_a_fresh_process(name):
    make, calls = table[name]
    code = begin + f'made = {make}\n' + end.format(name=name) + '\n'.join(f'print("calls", {m!r})\n{call}' for m, call in calls.items())
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{done.stdout.splitlines()[-1:]}\n{done.stderr}"
    has = next(line.split()[1:] for line in done.stdout.splitlines() if line.startswith('has'))
    assert set(has) - set(calls) == set(), f"documented methods of {name} that this test does not call"
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith('calls')] == list(calls)


def test_a_class_that_the_front_door_gains_is_seen():
    "Errors, configurations, adapters and widgets (with tests of their own) have no place in the table."
    import dspy_toolkit
    elsewhere = {'SignatureEditor', 'Dashboard', 'BreakerConfig', 'RetryConfig', 'Cancelled', 'GrammarAdapter', 'GrammarChatAdapter'}
    values = {name: getattr(dspy_toolkit, name) for name in dspy_toolkit.__all__}
    classes = {name for name, value in values.items() if isinstance(value, type) and not issubclass(value, BaseException)}
    assert classes - elsewhere == set(table)
