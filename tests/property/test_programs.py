"""A program is the same program after it was kept, and keeping it brings no code along."""
import datetime
import enum
import ipaddress
import json
import os
import subprocess
import sys
import textwrap
import warnings
from typing import Literal

import dspy
import pytest
from dspy.primitives.repl_types import REPLEntry, REPLHistory
from dspy.utils.dummies import DummyLM
from dspy_toolkit.core.errors import BundleError, ToolkitError, UnsupportedType
from dspy_toolkit.signatures.program import ProgramSpec, keep, restore, write_kept
from dspy_toolkit.signatures.program_diff import diff_programs, pair_predictors, words
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.signatures.types import build_classes, decode
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel

from tests.property.test_signatures import nested_values, specs, text

pytestmark = [pytest.mark.filterwarnings("ignore:Field name .* shadows:UserWarning"), pytest.mark.filterwarnings("ignore::DeprecationWarning"),
              pytest.mark.filterwarnings("ignore:Do not use the .random. module"),  # dspy.Predict gives itself a number
              pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")]

# --- what programs are made of


def search(query: str, most: int = 3) -> list[str]:
    "Find articles."
    return [query]


def reward(args, pred): return 1.0


class Tree(dspy.Module):
    "A program of somebody's own, of any shape."
    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items(): setattr(self, name, part)


def use(**said): return {"tools": {"search": search}, "functions": {"reward": reward}, **said}


media = st.sampled_from([dspy.Image("https://example.com/a.png"), dspy.Image("data:image/png;base64,AAAA"), dspy.History(messages=[{"question": "a", "when": datetime.date(2024, 1, 2)}]),
                         dspy.Code["java"](code="x = '```y```'"), dspy.Reasoning(content=" so "), dspy.ToolCalls.from_dict_list([{"name": "search", "args": {"query": "x"}}]), dspy.Tool(search)])
anything = nested_values.map(decode) | media | st.lists(media, max_size=2) | st.dictionaries(st.sampled_from(["a", "b c"]), media, max_size=2)


@st.composite
def demos_for(draw, spec):
    "Examples and dicts with values for some fields, whether or not of the right type."
    enums = [c for c in build_classes(spec.definitions).values() if issubclass(c, enum.Enum)]
    members = [st.sampled_from(list(c)) for c in enums]
    made = draw(st.dictionaries(st.sampled_from([*(f.name for f in spec.fields), "augmented", "dspy_uuid", "note"]), st.one_of(text, anything, *members), max_size=4))
    if draw(st.booleans()): return made
    names = draw(st.none() | st.lists(st.sampled_from([f.name for f in spec.fields]), unique=True))
    return dspy.Example(made) if names is None else dspy.Example(made).with_inputs(*names)


@st.composite
def learned(draw, predictor):
    "A predictor after an optimiser has had it."
    spec = SignatureSpec.from_dspy(predictor.signature)
    if draw(st.booleans()): predictor.signature = predictor.signature.with_instructions(draw(st.sampled_from(["Do.", "Do it:\n  - well\n\tand soon", "{braces}", "é漢 \"\"\""])))
    predictor.demos = [draw(demos_for(spec)) for _ in range(draw(st.integers(0, 2)))]
    predictor.config = draw(st.sampled_from([{}, {"temperature": 0.3}, {"n": 3, "stop": ["a", "b"], "logit_bias": {"7": -1.0}}]))
    return predictor


plainer = specs().filter(lambda s: not any(f.name in ("history", "tools", "trajectory", "completions") for f in s.fields))


@st.composite
def leaves(draw):
    "One of DSPy's modules."
    signature = draw(plainer).to_dspy()
    kind = draw(st.sampled_from(["Predict", "Predict", "ChainOfThought", "MultiChainComparison", "ReAct"]))
    if kind == "Predict": module = dspy.Predict(signature)
    elif kind == "ChainOfThought": module = dspy.ChainOfThought(signature)
    elif kind == "MultiChainComparison": module = dspy.MultiChainComparison(signature, M=2)
    else: module = dspy.ReAct(signature, tools=[search], max_iters=draw(st.integers(1, 9)))
    for predictor in module.predictors(): draw(learned(predictor))
    return module


@st.composite
def programs(draw):
    "A program of any shape; a class of one's own at most once on the way down, as one maker makes it."
    if draw(st.booleans()): module = draw(leaves())
    else:
        found = draw(st.lists(leaves(), min_size=1, max_size=2))
        shape = draw(st.sampled_from(["attributes", "list", "dict", "inner", "shared"]))
        if shape == "attributes": module = Tree(**{f"p{n}": m for n, m in enumerate(found)})
        elif shape == "list": module = Tree(steps=found, k=3)
        elif shape == "dict": module = Tree(steps={f"a {n}": m for n, m in enumerate(found)})
        elif shape == "shared": module = Tree(first=found[0], second=found[-1], again=found[0])
        else: module = Tree(inner=Tree(p=found[0]), other=found[-1] if len(found) > 1 else None)
        if shape == "inner" and draw(st.booleans()): module.inner._compiled = True
    if draw(st.integers(0, 3)) == 0: module = dspy.BestOfN(module, N=draw(st.integers(1, 4)), reward_fn=reward, threshold=draw(st.sampled_from([0.5, 1, float("inf")])))
    return module


def blank(module):
    "The same program before it has learned anything."
    copied = module.deepcopy()
    for _, part in copied.named_sub_modules(dspy.Predict):
        part.signature, part.demos, part.config = dspy.Signature("x -> y"), [], {}
    return copied


def outermost(module): return module if isinstance(module, Tree) else outermost(module.module) if hasattr(module, "module") else None


def rebuilt(spec, module):
    tree = outermost(module)
    return spec.to_dspy(**use(allow={f"{__name__}:Tree": lambda: blank(tree)} if tree else ()))


def prompts(module):
    "What each predictor would send, or why it could send nothing."
    found = []
    for name, predictor in module.named_predictors():
        for adapter in (dspy.ChatAdapter(), dspy.JSONAdapter()):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found.append((name, adapter.format(predictor.signature, predictor.demos, dict.fromkeys(predictor.signature.input_fields, "some value"))))
            except Exception as e: found.append((name, type(e).__name__))
    return found


# --- the round trips

@given(programs())
@settings(max_examples=30)
def test_a_program_is_the_same_after_it_was_kept_and_sends_the_same_prompts(module):
    spec = ProgramSpec.from_dspy(module, name="Kept")
    read = ProgramSpec.from_json(json.dumps(spec.to_json(), sort_keys=True))  # a database may keep keys in another order
    assert read == spec
    again = rebuilt(read, module)
    assert ProgramSpec.from_dspy(again, name="Kept") == spec
    assert [n for n, _ in again.named_predictors()] == [n for n, _ in module.named_predictors()] == [n for n, p in spec.predictors.items() if not p["frozen"]]
    assert prompts(again) == prompts(module)
    for p, q in zip(module.predictors(), again.predictors()):
        assert [(type(d), getattr(d, "_input_keys", 0)) for d in q.demos] == [(type(d), getattr(d, "_input_keys", 0)) for d in p.demos]
    assert diff_programs(spec, read).summary == "no changes"


@given(programs(), programs())
@settings(max_examples=15)
def test_two_programs_have_no_changes_exactly_when_their_digests_are_equal(one, two):
    one, two = (ProgramSpec.from_dspy(m, name="Kept") for m in (one, two))
    found = diff_programs(one, two)
    assert (found.summary == "no changes") == (one.digest == two.digest)
    json.dumps([found.to_json(), found.summary], allow_nan=False)
    pairs = pair_predictors(one, two)
    assert [b for _, b in pairs if b] == list(two.predictors) and sorted(a for a, _ in pairs if a) == sorted(one.predictors)


@given(anything)
def test_a_value_in_a_demo_comes_back_as_what_it_was(value):
    data = json.loads(json.dumps(keep(value)))
    back = restore(data, {})
    assert keep(back) == data
    if "Tool(" not in repr(value): assert repr(back) == repr(value)
    assert isinstance(write_kept(data), str)


@given(st.text(alphabet="ab .\n\té", max_size=30), st.text(alphabet="ab .\n\té", max_size=30))
def test_the_words_of_two_texts_give_either_text_back(before, after):
    found = words(before, after)
    assert "".join(t for kind, t in found if kind != "added") == before and "".join(t for kind, t in found if kind != "removed") == after


class Mood(enum.Enum):
    calm = "calm"
    angry = "angry"


class Line(BaseModel):
    text: str = Field(alias="Text")
    at: datetime.date | None = None


class Letter(BaseModel):
    model_config = ConfigDict(extra="allow")
    lines: list[Line] = []
    mood: Mood = Mood.calm


class Names(RootModel[list[str]]): pass


class Read(dspy.Signature):
    "Say how the writer feels."
    letter: Letter = dspy.InputField()
    photo: dspy.Image | None = dspy.InputField()
    mood: Mood = dspy.OutputField()
    names: Names = dspy.OutputField()


LETTER = Letter(lines=[Line(Text="Dear all", at=datetime.date(2024, 2, 29))], mood=Mood.angry, **{"sent by": "post"})
DEMO = dict(letter=LETTER, photo=dspy.Image("https://example.com/a.png"), mood=Mood.angry, names=Names(["Ann"]), augmented=True)


def reading():
    program = dspy.ChainOfThought(Read, temperature=0.5)
    program.predict.demos = [dspy.Example(**DEMO, reasoning="It shouts.").with_inputs("letter", "photo")]
    return program


def test_models_and_enums_come_back_with_their_values_and_as_the_real_classes_when_given():
    program = reading()
    spec = ProgramSpec.from_json(ProgramSpec.from_dspy(program).to_json())
    (demo,) = spec.to_dspy(types={"Letter": Letter, "Line": Line, "Mood": Mood, "Names": Names}).predict.demos
    assert demo.toDict() == program.predict.demos[0].toDict() and demo.letter == LETTER and demo.mood is Mood.angry
    assert demo._input_keys == {"letter", "photo"} and demo.augmented is True
    built = spec.to_dspy().predict
    assert type(built.demos[0].mood) is built.signature.output_fields["mood"].annotation  # the class that the signature has
    assert type(built.demos[0].letter) is built.signature.input_fields["letter"].annotation
    assert built.demos[0].letter.model_dump(mode="json") == LETTER.model_dump(mode="json")


def test_a_class_that_was_defined_again_is_the_same_and_one_with_another_meaning_is_not():
    again = enum.Enum("Mood", {"calm": "calm", "angry": "angry"})
    other = enum.Enum("Mood", {"sad": "sad"})
    predict = dspy.Predict(dspy.Signature({"a": (str, dspy.InputField()), "mood": (Mood, dspy.OutputField())}))
    predict.demos = [dspy.Example(mood=again.angry), dspy.Example(mood=other.sad)]
    spec = ProgramSpec.from_dspy(predict)
    one, two = spec.to_dspy().demos
    assert isinstance(one.mood, spec.to_dspy().signature.output_fields["mood"].annotation) and two.mood.name == "sad"
    assert list(spec.predictors["self"]["definitions"]) == ["Mood_2"]


def test_a_process_that_never_saw_the_models_rebuilds_the_program():
    program = reading()
    spec = ProgramSpec.from_dspy(program, name="Reading")
    code = """
        import json, sys
        from dspy_toolkit.signatures.program import ProgramSpec
        assert 'dspy' not in sys.modules and 'pydantic' not in sys.modules
        spec = ProgramSpec.from_json(sys.stdin.read())
        try: spec.to_dspy(tools=None) if spec.tools else None
        except Exception as e: raise SystemExit(e)
        assert 'dspy' not in sys.modules, 'reading needs no dspy'
        import dspy
        p = spec.to_dspy().predict
        messages = dspy.ChatAdapter().format(p.signature, p.demos, dict(letter=p.demos[0].letter, photo=None))
        print(json.dumps([ProgramSpec.from_dspy(spec.to_dspy(), 'Reading').digest, messages, str(type(p.demos[0].letter))]))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], input=json.dumps(spec.to_json()), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    digest, messages, cls = json.loads(ran.stdout)
    assert digest == spec.digest and cls == "<class '__main__.Letter'>"
    assert messages == dspy.ChatAdapter().format(program.predict.signature, program.predict.demos, dict(letter=LETTER, photo=None))


# --- each of DSPy's modules, as its optimisers leave it

class QA(dspy.Signature):
    """Answer it:

      - shortly
    """
    question: str = dspy.InputField(desc="what")
    answer: Literal["yes", "no"] = dspy.OutputField()


def factory(): return None


MODULES = {
    "Predict": lambda: dspy.Predict(QA, temperature=1.0, n=2), "ChainOfThought": lambda: dspy.ChainOfThought(QA),
    "rationale": lambda: dspy.ChainOfThought(QA, rationale_field=dspy.OutputField(desc="why")), "type": lambda: dspy.ChainOfThought(QA, rationale_field_type=list[str]),
    "Reasoning": lambda: dspy.ChainOfThought(QA, rationale_field_type=dspy.Reasoning), "MultiChainComparison": lambda: dspy.MultiChainComparison(QA, M=4, temperature=0.2),
    "ReAct": lambda: dspy.ReAct(QA, tools=[search, dspy.Tool(reward, name="other", desc="d", args={"x": {"type": "string", "a": 1}})]), "ReActV2": lambda: dspy.ReActV2(QA, tools=[search]),
    "CodeAct": lambda: dspy.CodeAct(QA, tools=[search]), "ProgramOfThought": lambda: dspy.ProgramOfThought(QA, interpreter_factory=factory),
    "RLM": lambda: dspy.RLM(QA, tools=[search], max_iters=4), "BestOfN": lambda: dspy.BestOfN(dspy.ReAct(QA, tools=[search]), 3, reward, 1.0, fail_count=2),
    "Refine": lambda: dspy.Refine(dspy.BestOfN(dspy.Predict(QA), 2, reward, 0), 3, reward, 1),
}


def a_value(name, field):
    if field.annotation is REPLHistory: return REPLHistory(entries=[REPLEntry(code="1", output="2")])
    return {"history": dspy.History(messages=[]), "tools": [dspy.Tool(search)]}.get(name, "yes")


@pytest.mark.parametrize("kind", MODULES)
def test_each_module_comes_back_with_what_was_learned(kind):
    module = MODULES[kind]()
    for n, (_, p) in enumerate(module.named_predictors()):
        p.signature = p.signature.with_instructions(f"{p.signature.instructions}\n\nAnd {n}.").with_updated_fields(list(p.signature.output_fields)[-1], prefix="So:")  # as COPRO does
        p.demos = [dspy.Example({k: a_value(k, f) for k, f in p.signature.fields.items()}, augmented=True)]
    spec = ProgramSpec.from_json(json.dumps(ProgramSpec.from_dspy(module).to_json(), sort_keys=True))
    again = spec.to_dspy(tools={"search": search, "other": search, "unknown": None}, functions={"reward": reward, "factory": factory})
    assert type(again) is type(module) and ProgramSpec.from_dspy(again) == spec
    assert list(spec.predictors) == [n for n, _ in module.named_predictors()]
    for (name, p), (_, q) in zip(module.named_predictors(), again.named_predictors()):
        inputs = {k: a_value(k, f) for k, f in p.signature.input_fields.items()}
        for adapter in (dspy.ChatAdapter(), dspy.JSONAdapter()): assert adapter.format(q.signature, q.demos, dict(inputs)) == adapter.format(p.signature, p.demos, dict(inputs)), name
    learned = "\n\nAnd 0."
    for base in spec.signatures.values():
        assert [f.name for f in base.fields] == ["question", "answer"] and base.instructions.removesuffix(learned) == SignatureSpec.from_dspy(QA).instructions


@pytest.mark.parametrize("kind", ["ReAct", "ReActV2", "RLM", "CodeAct"])
def test_tools_keep_the_words_they_were_saved_with_and_run_what_is_handed_in(kind):
    def find(query: str): return [f"found {query}"]
    spec = ProgramSpec.from_dspy(MODULES[kind]())
    tool = spec.to_dspy(tools={"search": find, "other": find}).tools["search"]
    assert (tool.name, tool.desc, list(tool.args)) == ("search", "Find articles.", ["query", "most"]) and tool(query="x") == ["found x"]
    given = dspy.Tool(find, name="elsewhere", desc="another", args={"query": {"type": "string"}})
    if kind != "CodeAct": assert ProgramSpec.from_dspy(spec.to_dspy(tools={"search": given, "other": given})) == spec


def test_a_function_may_have_another_name_now():
    def other(args, pred): return 2.0
    spec = ProgramSpec.from_dspy(dspy.Refine(dspy.Predict(QA), 3, reward, 1))
    again = spec.to_dspy(functions={"reward": other})
    assert ProgramSpec.from_dspy(again) == spec and again.reward_fn({}, None) == 2.0


def answers(n): return DummyLM([{"reasoning": f"r{i}", "answer": "yes"} for i in range(n)])


@pytest.mark.parametrize("optimiser", ["BootstrapFewShot", "LabeledFewShot"])
def test_an_optimised_program_sends_the_same_messages_to_an_lm(optimiser, capsys):
    train = [dspy.Example(question=f"is it {n}?", answer="yes").with_inputs("question") for n in range(6)]
    made = dspy.BootstrapFewShot(metric=lambda *_: True, max_bootstrapped_demos=2, max_labeled_demos=3) if optimiser == "BootstrapFewShot" else dspy.LabeledFewShot(k=3)
    with dspy.context(lm=answers(20), adapter=dspy.ChatAdapter()): program = made.compile(dspy.ChainOfThought(QA), trainset=train)
    spec = ProgramSpec.from_json(json.dumps(ProgramSpec.from_dspy(program, name="QA").to_json()))
    again, sent = spec.to_dspy(), []
    for p in (program, again):
        with dspy.context(lm=(lm := answers(1)), adapter=dspy.ChatAdapter()): assert p(question="really?").answer == "yes"
        sent.append(lm.history[-1]["messages"])
    assert sent[0] == sent[1] and len(sent[0]) > 6
    assert again._compiled is program._compiled and [d.toDict() for d in again.predict.demos] == [d.toDict() for d in program.predict.demos]
    found = diff_programs(ProgramSpec.from_dspy(dspy.ChainOfThought(QA), name="QA"), spec)
    assert not found.breaking and [c for c in found.changes if c.what == "demos"][0].after == 3
    assert "3 demos added" in found.summary
    capsys.readouterr()


# --- a class of one's own

class Inner(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.ReAct("q -> a", tools=[search])


class Outer(dspy.Module):
    def __init__(self, k=1, plain=True):
        super().__init__()
        self.k, self.inner, self.steps = k, Inner(), {"first": [1], "a 'b'": dspy.Predict("q -> a") if plain else dspy.ChainOfThought("q -> a")}


class Needs(dspy.Module):
    def __init__(self, k):
        super().__init__()
        self.k, self.p = k, dspy.Predict("q -> a")


def here(cls): return f"{__name__}:{cls.__name__}"


@pytest.mark.parametrize("allow", [lambda: (Outer,), lambda: Outer, lambda: (__name__,), lambda: __name__, lambda: [here(Outer)], lambda: {here(Outer): Outer}, lambda: {here(Outer): lambda: Outer(k=7)}])
def test_a_class_comes_back_only_in_a_way_that_was_allowed_and_brings_its_own_tools(allow):
    module = Outer()
    module.inner.ask.react.demos = [dspy.Example(q="1", a="2")]
    module.inner._compiled = True
    spec = ProgramSpec.from_json(ProgramSpec.from_dspy(module).to_json())
    assert (spec.name, spec.kind, spec.imports, spec.tools) == ("Outer", "Outer", [here(Outer)], [])
    again = spec.to_dspy(allow=allow())
    assert ProgramSpec.from_dspy(again) == spec and again.inner.ask.react.demos == module.inner.ask.react.demos
    assert [n for n, _ in again.named_predictors()] == ["steps['a 'b'']"] == [n for n, p in spec.predictors.items() if not p["frozen"]]
    assert len(spec.predictors) == 3


def test_what_an_optimiser_said_of_a_tool_stays_said_of_the_tool_that_the_class_brings():
    module = Outer()
    module.inner.ask.tools["search"].desc = "Look it up."
    again = ProgramSpec.from_dspy(module).to_dspy(allow=(Outer,))
    assert again.inner.ask.tools["search"].desc == "Look it up." and again.inner.ask.tools["search"].func is search


def test_a_part_that_was_replaced_after_the_class_made_it_is_replaced_again():
    module = Outer()
    module.steps["a 'b'"] = dspy.BestOfN(dspy.ChainOfThought("q -> a"), 2, reward, 1.0)
    spec = ProgramSpec.from_dspy(module)
    with pytest.raises(ToolkitError, match="needs the function 'reward'"): spec.to_dspy(allow=(Outer,))
    again = spec.to_dspy(allow=(Outer,), functions={"reward": reward})
    assert isinstance(again.steps["a 'b'"], dspy.BestOfN) and ProgramSpec.from_dspy(again) == spec


class Judge(dspy.Predict):
    "A predictor of somebody's own, with an LM of its own."
    def __init__(self, k=1):
        super().__init__("q -> verdict", temperature=0.1)
        self.lm = dspy.LM("openai/gpt-4o-mini", api_key="sk-very")


class Court(dspy.Module):
    def __init__(self):
        super().__init__()
        self.judge = Judge()


@pytest.mark.parametrize("make", [Judge, Court])
def test_a_predictor_of_one_s_own_keeps_what_it_learned_and_the_lm_its_code_gives_it(make):
    module = make()
    (name, p), = module.named_predictors()
    p.demos, p.signature = [dspy.Example(q="1", verdict="2")], p.signature.with_instructions("Judge.")
    spec = ProgramSpec.from_dspy(module)
    again = spec.to_dspy(allow=(make,))
    (_, q), = again.named_predictors()
    assert list(spec.predictors) == [name] and ProgramSpec.from_dspy(again) == spec and q.lm.model == "openai/gpt-4o-mini" and q.demos == p.demos
    p.lm = dspy.LM("openai/gpt-5-nano")
    assert [q.lm for q in ProgramSpec.from_dspy(module).to_dspy(allow=(make,)).predictors()] == [None]  # not what its code gives it


@pytest.mark.parametrize(("make", "said", "message", "hint"), [
    (lambda: dspy.ReAct(QA, tools=[search]), {}, "program QA needs the tool 'search'", "tools={'search': ...}"),
    (lambda: dspy.ReAct(QA, tools=[search]), {"tools": {"search": 3}}, "cannot be called", "tools['search']"),
    (lambda: dspy.BestOfN(dspy.ReAct(QA, tools=[search]), 2, reward, 1), {"tools": {"search": search}}, "needs the function 'reward'", "functions={'reward': ...}"),
    (lambda: dspy.BestOfN(dspy.ReAct(QA, tools=[search]), 2, reward, 1), {"functions": {"reward": reward}}, "needs the tool 'search' in module", ""),
    (Outer, {}, f"made by {__name__}:Outer, which is code and was not allowed", f"allow={{'{__name__}:Outer': lambda: ...}}"),
    (Outer, {"allow": ("os", "tests.property", Inner)}, "was not allowed", "allow="),
    (lambda: Needs(3), {"allow": (Needs,)}, "cannot be made without arguments: missing a required argument: 'k'", "lambda: Needs(...)"),
    (Outer, {"allow": {here(Outer): lambda: 3}}, "made 3", "an instance of dspy.Module"),
    (Outer, {"allow": {here(Outer): Inner}}, "program Outer has a part 'inner' that Inner does not make", "code has changed"),
])
def test_what_was_not_handed_in_is_named_with_what_to_do(make, said, message, hint):
    with pytest.raises(ToolkitError) as e: ProgramSpec.from_dspy(make()).to_dspy(**said)
    assert message in str(e.value) and hint in e.value.hint


def test_a_class_that_the_allowed_module_only_imported_is_not_taken():
    data = ProgramSpec.from_dspy(Needs(1)).to_json()
    for path in (f"{__name__}:dspy.Predict", f"{__name__}:ProgramSpec", f"{__name__}:Gone", f"{__name__}:Tree.deepcopy"):
        data["root"]["class"] = path
        with pytest.raises(ToolkitError, match="there is no dspy.Module"): ProgramSpec.from_json(data).to_dspy(allow=(__name__,))


def test_nothing_is_imported_by_reading_or_by_a_refusal(tmp_path, monkeypatch):
    (tmp_path/"unwanted.py").write_text("import dspy\nclass RAG(dspy.Module):\n    def __init__(self):\n        super().__init__()\n        self.p = dspy.Predict('q -> a')\n")
    monkeypatch.syspath_prepend(tmp_path)
    data = ProgramSpec.from_dspy(Needs(1)).to_json()
    data["root"]["class"] = "unwanted:RAG"
    spec = ProgramSpec.from_json(data)
    repr(spec), spec.digest, spec.predictors, spec.imports, diff_programs(spec, spec).summary
    with pytest.raises(ToolkitError, match="was not allowed"): spec.to_dspy(allow=("other", "unwanted.more", "unwanted:Other", "unw"))
    assert "unwanted" not in sys.modules
    nested = ProgramSpec.from_dspy(dspy.BestOfN(dspy.ReAct(QA, tools=[search]), 2, reward, 1)).to_json()
    nested["root"]["parts"][0][1] = data["root"]
    with pytest.raises(ToolkitError, match="needs the function"): ProgramSpec.from_json(nested).to_dspy(allow=("unwanted",))  # before the import
    assert "unwanted" not in sys.modules
    try: assert type(spec.to_dspy(allow=("unwanted",))).__name__ == "RAG" and "unwanted" in sys.modules
    finally: sys.modules.pop("unwanted", None)


# --- what cannot be kept is named, and what must not be is not

class Odd: pass


@pytest.mark.parametrize(("make", "message"), [
    (lambda: dspy.Flex("a -> b"), "Flex: dspy.Flex cannot be kept"),
    (lambda: Tree(a=[dspy.Predict("a -> b"), dspy.Flex("a -> b")]), "a[1]: dspy.Flex"),
    (lambda: dspy.BestOfN(dspy.Predict("a -> b"), 2, lambda a, b: 1, 1), "BestOfN.reward_fn: a function without a name"),
    (lambda: dspy.ReAct("a -> b", tools=[lambda x: x]), "ReAct.tools: a tool without a name"),
    (lambda: dspy.Predict("a -> b", api_key="sk-1"), "Predict.config: the setting 'api_key'"),
    (lambda: dspy.Predict("a -> b", base_url="https://example.com"), "the setting 'base_url'"),
    (lambda: dspy.Predict("a -> b", response_format=Letter), "Predict.config: the settings"),
    (lambda: dspy.Predict(dspy.Signature({"a": (ipaddress.IPv4Address, dspy.InputField()), "b": (str, dspy.OutputField())})), "Predict: StringSignature.a: the type IPv4Address"),
    (lambda: demo(a=Odd()), "Predict.demos[0].a: the value"), (lambda: demo(a=[{"x": (Odd(),)}]), "Predict.demos[0].a: the value"),
    (lambda: demo(a=type("Mine", (dspy.Image,), {})("https://example.com/a.png")), "Predict.demos[0].a"),
    (lambda: replaced(), "Predict: its forward was replaced"), (lambda: more(), "ChainOfThought: ChainOfThought has no part 'extra'"),
    (lambda: 3, "3 is not a program"),
])
def test_what_cannot_be_kept_is_named(make, message):
    with pytest.raises(UnsupportedType) as e: ProgramSpec.from_dspy(make())
    assert message in str(e.value) and e.value.hint


def demo(**values):
    predict = dspy.Predict("a -> b")
    predict.demos = [dspy.Example(**values)]
    return predict


def replaced():
    predict = dspy.Predict("a -> b")
    predict.forward = lambda **_: None
    return predict


def more():
    cot = dspy.ChainOfThought("a -> b")
    cot.extra = dspy.Predict("a -> b")
    return cot


def test_an_lm_is_kept_by_name_and_without_its_secrets():
    module = Tree(one=dspy.Predict(QA), two=dspy.Predict(QA))
    secret = dict(api_key="sk-very", api_base="https://me:sk-very@example.com", organization="sk-very", top_p=0.5)
    module.set_lm(dspy.LM("openai/gpt-4o-mini", temperature=0.2, max_tokens=99, **secret))
    module.two.lm = dspy.LM("ollama/http://me:sk-very@example.com/x")
    spec = ProgramSpec.from_dspy(module)
    assert "sk-very" not in json.dumps(spec.to_json()) and "example.com" in json.dumps(spec.to_json())
    assert spec.predictors["one"]["lm"] == {"model": "openai/gpt-4o-mini", "model_type": "chat", "cache": True, "num_retries": 3, "temperature": 0.2, "max_tokens": 99, "top_p": 0.5}
    allow = {here(Tree): lambda: Tree(one=dspy.Predict(QA), two=dspy.Predict(QA))}
    assert [p.lm for p in spec.to_dspy(allow=allow).predictors()] == [None, None]
    asked = []
    again = spec.to_dspy(allow=allow, lm=lambda name: asked.append(name) or dspy.LM(name))
    assert asked == ["openai/gpt-4o-mini", "ollama/http://example.com/x"] and ProgramSpec.from_dspy(again) == spec
    module.set_lm(dspy.LM("openai/gpt-4o-mini", temperature=0.2))
    assert ProgramSpec.from_dspy(module).to_dspy(allow=allow, lm=dspy.LM).get_lm().kwargs["temperature"] == 0.2  # one LM for all


def test_the_digest_is_of_what_a_model_would_see():
    data = ProgramSpec.from_dspy(MODULES["ReAct"]()).to_json()
    data["root"]["parts"].reverse()
    data["root"]["parts"][1][1]["state"]["signature"]["name"] = "Another"
    assert ProgramSpec.from_json(data).digest == ProgramSpec.from_dspy(MODULES["ReAct"]()).digest
    base = ProgramSpec.from_dspy(dspy.Predict(QA))
    other = ProgramSpec.from_dspy(dspy.Predict(type("Other", (QA,), {"__doc__": QA.__doc__})))
    assert (base.name, other.name) == ("QA", "Other") and base.digest == other.digest and base != other
    assert len({base.digest, ProgramSpec.from_dspy(dspy.ChainOfThought(QA)).digest, ProgramSpec.from_dspy(dspy.Predict(QA, temperature=1)).digest,
                ProgramSpec.from_dspy(dspy.Predict(QA, temperature=1.0)).digest}) == 4


# --- JSON that is no program is refused as such

KEYS = ["format", "name", "root", "module", "class", "parts", "state", "signature", "demos", "values", "$", "items", "tools", "arguments"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)))
def test_json_that_is_no_program_is_refused_as_such(data):
    for given_ in (data, json.dumps(data), {"format": 1, "name": "A", "root": data}, {"format": 1, "name": "A", "root": {"module": "Predict", "state": data}}):
        with pytest.raises(BundleError) as e: ProgramSpec.from_json(given_)
        assert str(e.value).startswith("program: ")


def seeds():
    module = Tree(a=MODULES["ReAct"](), b=[reading()], c=dspy.MultiChainComparison(QA))
    module.again, module.a._compiled = module.b[0], True
    module.c.predict.lm = dspy.LM("openai/gpt-4o-mini")
    return [ProgramSpec.from_dspy(m).to_json() for m in (module, MODULES["BestOfN"](), MODULES["RLM"](), reading())], module


SEEDS, SEED = seeds()
JUNK = [None, 0, 10**30, "", "x; import os", "os.system", "this:Zen", [], {}, {"module": "same", "path": ""}, {"type": "str"}, {"$": "enum", "name": "X", "member": "y"}, {"$": []}, ["a"], "a\nb", [["a", 1]],
        {"$": "dspy", "name": "Tool", "values": []}, {"$": "dspy", "name": "Image", "values": [["url", "/etc/passwd"]]}, {"$": "dspy", "name": "Choice", "options": [1], "values": []}, True, 1.5, {"$": "float", "value": "nan"}]


@st.composite
def tampered(draw):
    "The JSON of a good program with one thing in it replaced, removed or added."
    data = json.loads(json.dumps(draw(st.sampled_from(SEEDS))))
    at, key, node = None, None, data
    while isinstance(node, (dict, list)) and node:
        at, key = node, draw(st.sampled_from(sorted(node)) if isinstance(node, dict) else st.integers(0, len(node) - 1))
        node = at[key]
        if draw(st.integers(0, 9)) == 0: break
    change = draw(st.integers(0, 4))
    if change == 0: del at[key]
    elif change == 1 and isinstance(at, dict): at[draw(st.sampled_from([*KEYS, "lm", "config", "definitions", "functions"]))] = draw(st.sampled_from(JUNK))
    else: at[key] = draw(st.sampled_from(JUNK))
    return data


@given(tampered())
@settings(max_examples=300)
def test_tampered_json_is_refused_or_makes_nothing_but_modules_of_known_kinds(data):
    before = set(sys.modules)
    try: spec = ProgramSpec.from_json(data)
    except BundleError as e:
        assert str(e).startswith("program: ")
        return
    json.dumps([spec.to_json(), repr(spec), spec.tools, spec.functions, spec.imports, diff_programs(spec, ProgramSpec.from_json(SEEDS[0])).to_json()], allow_nan=False)
    assert ProgramSpec.from_json(spec.to_json()) == spec
    assert set(sys.modules) - before <= {m for m in sys.modules if m.startswith(("dspy", "pydantic"))}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = spec.to_dspy(tools={"search": search, "other": search}, functions={"reward": reward}, allow={here(Tree): lambda: SEED.deepcopy()})
    except ToolkitError: return
    finally: assert not {"this", "os.system"} & (set(sys.modules) - before)
    assert all(type(m).__module__.startswith("dspy.predict.") or type(m) is Tree for _, m in module.named_sub_modules(dspy.Module))


def deep_values(n):
    found = "x"
    for _ in range(n): found = [found]
    return found


@pytest.mark.parametrize("n", [30, 3000])
def test_what_is_nested_too_deeply_is_refused(n):
    data = ProgramSpec.from_dspy(MODULES["Predict"]()).to_json()
    best = ProgramSpec.from_dspy(dspy.BestOfN(dspy.Predict(QA), 2, reward, 1)).to_json()["root"]
    for _ in range(n): data["root"] = {**best, "parts": [["module", data["root"]]]}
    with pytest.raises(BundleError, match="nested too deeply"): ProgramSpec.from_json(data)
    data = ProgramSpec.from_dspy(MODULES["Predict"]()).to_json()
    data["root"]["state"]["demos"] = [{"values": [["question", deep_values(n)]]}]
    if n > 1000:
        with pytest.raises(BundleError, match="nested too deeply"): ProgramSpec.from_json(data)
        with pytest.raises(BundleError): ProgramSpec.from_json('{"format": ' + "[" * 100_000)


@pytest.mark.parametrize(("path", "value", "message"), [
    (("format",), 2, "format is 2, and this version reads 1"), (("format",), True, "format is True"), (("name",), "a b", "name is 'a b', not a name"), (("root", "module"), "Flex", "of the unknown module 'Flex'"),
    (("root", "class"), "a.b:C", "has the unknown class"), (("root", "arguments", "max_iters"), "3", "is '3', not a number"), (("root", "tools", 0, "name"), "other", "has two of a name"),
    (("root", "parts", 0, 0), "reactor", "has the parts"), (("root", "parts", 0, 1, "state", "config"), {"$": "dict", "items": [["api_base", "https://evil.example"]]}, "has the unknown api_base"),
    (("root", "parts", 0, 1, "state", "lm"), {"model": "x", "api_key": "y"}, "has the unknown api_key"), (("root", "parts", 0, 1, "state", "signature", "fields", 0, "type"), {"type": "eval"}, "fields[0].type"),
    (("root", "parts", 0, 1, "state", "demos"), [{"values": [["a", {"$": "model", "name": "M", "values": []}]]}], "demos[0].a refers to 'M', which is not defined"),
])
def test_a_mistake_in_a_file_is_placed(path, value, message): placed(ProgramSpec.from_dspy(MODULES["ReAct"]()).to_json(), path, value, message)


STATE = ("root", "parts", 0, 1, "state")


@pytest.mark.parametrize(("make", "path", "value", "message"), [
    (MODULES["MultiChainComparison"], ("root", "arguments", "M"), 10**9, "root.arguments.M is not the number of attempts there are, 4"),
    (reading, (*STATE, "definitions"), {"Mood": {"kind": "enum", "base": "Enum", "members": []}}, "state.definitions defines again what the signature does"),
    (reading, (*STATE, "definitions"), {"More": {"kind": "enum", "base": "Enum", "members": [["mro", 1]]}}, "state.definitions.More.members[0] is not a pair"),
    (reading, (*STATE, "definitions"), {"More": 3}, "state.definitions.More is neither an Enum nor a model"),
    (Outer, ("root", "parts", 1, 1), {"module": "same", "path": "elsewhere"}, "stands for 'elsewhere', which is not there"),
    (Outer, ("root", "parts", 0, 1, "parts", 0, 1), {"module": "same", "path": "inner"}, "stands for 'inner', which is not there"),
    (MODULES["ReAct"], ("root", "parts", 0, 1), {"module": "same", "path": "extract"}, "stands for another where nothing can"),
])
def test_a_mistake_in_the_structure_is_placed(make, path, value, message): placed(ProgramSpec.from_dspy(make()).to_json(), path, value, message)


def placed(data, path, value, message):
    node = data
    for key in path[:-1]: node = node[key]
    node[path[-1]] = value
    with pytest.raises(BundleError) as e: ProgramSpec.from_json(data)
    assert message in str(e.value) and str(e.value).startswith("program: ")


def test_a_value_that_its_class_does_not_take_is_placed_when_the_program_is_rebuilt():
    data = ProgramSpec.from_dspy(reading()).to_json()
    (demo_,) = data["root"]["parts"][0][1]["state"]["demos"]
    demo_["values"] = [["photo", {"$": "dspy", "name": "Image", "values": [["url", "/etc/passwd"]]}]]
    with pytest.raises(BundleError, match=r"predict.demos\[0\] cannot be rebuilt: Unrecognized image string"): ProgramSpec.from_json(data).to_dspy()


# --- what changed

def changed(change, make=lambda: dspy.ChainOfThought(QA)):
    old, new = make(), make()
    change(new)
    return diff_programs(*(ProgramSpec.from_dspy(m, name="QA") for m in (old, new)))


def test_a_difference_says_what_an_optimiser_did():
    def optimise(m):
        m.predict.signature = m.predict.signature.with_instructions("Answer it with one word:\n\n  - shortly")
        m.predict.demos, m.predict.config = [dspy.Example(question="a", answer="yes"), {"question": "b"}], {"temperature": 1.0}
        m.predict.lm = dspy.LM("openai/gpt-4o-mini")
    found = changed(optimise)
    assert [(c.what, c.path) for c in found.changes] == [("instructions", "predict"), ("demos", "predict"), ("config", "predict"), ("lm", "predict")] and not found.breaking
    assert found.summary == "compatible: predict: instructions; predict: 2 demos added; predict: temperature none → 1.0; and 1 more"
    assert ("added", " with one word") in found.changes[0].words and found.rows[0][:2] == ("predict", "predict") and len(found.rows[0][2]) == 4


def test_a_difference_says_which_demos_were_kept():
    examples = [dspy.Example(question=str(n), answer="yes") for n in range(4)]
    def make(): m = dspy.Predict(QA); m.demos = examples[:3]; return m
    (change,) = changed(lambda m: setattr(m, "demos", [examples[2], examples[3]]), make).changes
    assert (change.before, change.after, change.kept, len(change.added), len(change.removed)) == (3, 2, 1, 1, 2)
    assert changed(lambda m: m.demos.reverse(), make).summary == "compatible: demos in another order"
    assert str(change) == "1 demo added, 2 removed"


def test_a_difference_says_whom_another_signature_breaks():
    one = ProgramSpec.from_dspy(dspy.ChainOfThought(QA), name="QA")
    two = ProgramSpec.from_dspy(dspy.ReAct(QA.append("language", dspy.InputField()), tools=[search]), name="QA")
    found = diff_programs(one, two)
    assert found.callers and found.examples and found.summary.startswith("breaks callers and examples: ChainOfThought → ReAct; react: language added")
    assert [c.what for c in found.changes] == ["module", "signature", "instructions", "predictor added"]
    assert diff_programs(one, ProgramSpec.from_dspy(dspy.Predict(QA), name="QA")).summary == "compatible: ChainOfThought → Predict"
    assert diff_programs(one, ProgramSpec.from_dspy(dspy.BestOfN(dspy.ChainOfThought(QA), 2, reward, 1), name="QA")).summary == "compatible: ChainOfThought → BestOfN"


def test_the_signature_of_an_agent_is_compared_once():
    one, two = (ProgramSpec.from_dspy(dspy.ReAct(s, tools=[search]), name="QA") for s in (QA, QA.append("sure", dspy.OutputField(), type_=bool)))
    found = diff_programs(one, two)
    assert [str(c) for c in found.changes if c.what == "signature"] == ["react: sure added: output of type bool"] and found.examples and not found.callers


def test_no_difference_is_passed_over():
    assert diff_programs(ProgramSpec.from_dspy(Tree(inner=Tree())), ProgramSpec.from_dspy(Tree())).summary == "compatible: details"


def test_a_difference_says_what_became_of_modules_and_tools():
    def make(): return dspy.BestOfN(dspy.ReAct(QA, tools=[search]), 2, reward, 1.0)
    def better(m):
        m.N, m.module.tools["search"] = 5, m.module.tools["search"].model_copy(update={"desc": "Look it up."})
        m.module.tools["more"], m.module._compiled = dspy.Tool(search, name="more"), True
    found = changed(better, make)
    assert [(c.what, c.path) for c in found.changes] == [("arguments", ""), ("tools", "module"), ("frozen", "module")] and not found.breaking
    assert str(found.changes[0]) == "N 2 → 5" and "search described in other words" in found.changes[1].note
    assert [t["name"] for t in found.changes[1].added] == ["search", "more"]


def test_importing_the_two_modules_imports_no_dspy():
    code = "import sys, dspy_toolkit.signatures.program, dspy_toolkit.signatures.program_diff; assert not {'dspy', 'pydantic', 'numpy'} & set(sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert ran.returncode == 0, ran.stderr
