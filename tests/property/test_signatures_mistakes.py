"""Every mistake in a cell is placed exactly, and says what to do."""
import enum
import sys

import pytest
from dspy_toolkit.core.errors import InputError, SignatureError, SignatureSyntaxError, UnsupportedType
from dspy_toolkit.signatures.source import parse_cell, parse_type
from dspy_toolkit.signatures.checks import REFUSED, check_field_name
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec
from pydantic import BaseModel

OUT = "\n->\nok: bool"


class Mood(enum.Enum):
    calm = "calm"


class Person(BaseModel):
    name: str


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), [
    # types
    ("a: strr" + OUT, 1, 4, "unknown type 'strr'", "did you mean str?"),
    ("a: string" + OUT, 1, 4, "unknown type 'string'", "did you mean str?"),
    ("x: str\na: dict[str,\n   Litteral['x']]" + OUT, 3, 4, "unknown type 'Litteral'", "did you mean Literal?"),
    ("é漢: str\na: list['é漢', strr]" + OUT, 2, 9, "list takes one type in brackets, not 2", ""),
    ("a: Literal['é漢'] | strr" + OUT, 1, 20, "unknown type 'strr'", "did you mean str?"),
    ("a: Moood" + OUT, 1, 4, "unknown type 'Moood'", "did you mean Mood?"),
    ("a: dict[str]" + OUT, 1, 9, "dict takes two types", ""),
    ("a: Optional[int, str]" + OUT, 1, 13, "Optional takes one type", "write A | B | None"),
    ("a: Literal" + OUT, 1, 4, "Literal needs something in brackets", ""),
    ("a: str[int]" + OUT, 1, 8, "str takes nothing in brackets", "write str"),
    ("a: 3" + OUT, 1, 4, "'3' is not a type", "Literal"),
    ("a: ['x', 'y']" + OUT, 1, 4, "is not a type", "Literal"),
    ("a: Literal[x]" + OUT, 1, 12, "x is not a value", "quotes"),
    ("a: Literal[1.5]" + OUT, 1, 12, "Literal cannot hold", ""),
    ("a: list[" + OUT, 1, 8, "'[' is not closed", "']'"),
    ("a: list(int]" + OUT, 1, 12, "']' does not close", ""),
    ("a: int]" + OUT, 1, 7, "']' closes nothing", "take it out"),
    ("a: __import__('os').system" + OUT, 1, 4, "is not a type", ""),
    ("a: list[int" + " " * 3 + "+ 1]" + OUT, 1, 9, "is not a type", ""),
    ("a: int str" + OUT, 1, 4, "is not a type", ""),
    ("a:" + OUT, 1, 3, "a type is missing", ""),
    ("a: 'lisst[int]'" + OUT, 1, 4, "unknown type 'lisst'", "did you mean list?"),
    ("a: Person[int]" + OUT, 1, 4, "cannot be read from text", "subclass"),
    ("a: Annotated[int]" + OUT, 1, 14, "Annotated takes", ""),
    ("a: Annotated[int, Field(gee=0)]" + OUT, 1, 25, "'gee'", "did you mean ge?"),
    ("a: Annotated[str, Field(ge=0)]" + OUT, 1, 4, "ge=0 does not apply to a str", ""),
    ("a: Annotated[str, AfterValidator(f)]" + OUT, 1, 19, "cannot stand in Annotated", ""),
    # names
    ("class: str" + OUT, 1, 1, "'class' is a keyword", "class_"),
    ("  2a: str" + OUT, 1, 3, "'2a' is not a field name", ""),
    ("a b: str" + OUT, 1, 1, "'a b' is not a field name", "own line"),
    ("_a: str" + OUT, 1, 1, "underscore", "'a'"),
    ("instructions: str" + OUT, 1, 1, "dspy.Signature keeps", ""),
    ("config: str" + OUT, 1, 1, "dspy.Predict keeps", ""),
    ("a: str\nb: int\na: int" + OUT, 3, 1, "two fields called 'a'", ""),
    ("a: str\n->\nb: int\na: int", 4, 1, "two fields called 'a'", ""),
    ("a: str, b: int" + OUT, 1, 7, "more than one field", "one field on each line"),
    # arrows and outputs
    ("a: str\nb: bool", 2, 1, "there is no ->", "on a line of its own"),
    ("a: str\n=>\nb: bool", 2, 1, "'=>' is not ->", "write ->"),
    ("a: str\n-->\nb: bool", 2, 1, "is not ->", "write ->"),
    ("a: str\n->", 2, 1, "no outputs", "below ->"),
    ("a, b ->  # what", 1, 6, "no outputs", "after ->"),
    ("a: str\n->\nb: int\n->\nc: int", 4, 1, "a second ->", ""),
    ("a -> b -> c", 1, 8, "a second ->", ""),
    ("x: str\na: str -> b: int", 2, 8, "-> must be on a line of its own", "own line"),
    ("", 1, 1, "no fields", ""),
    ('"""Say."""', 1, 1, "no fields", ""),
    ('"a -> b"', 1, 1, "no fields", "take the quotes away"),
    ("a,, b -> c", 1, 3, "a field is missing", ""),
    # instructions
    ('\n"""Route.\na: str' + OUT, 2, 1, "a docstring that begins with \"\"\" does not end", '"""'),
    ("'Route.\na: str" + OUT, 1, 1, "does not end", "several lines"),
    ('f"""Route {x}."""\na: str' + OUT, 1, 1, "f-string", "braces mean nothing"),
    ('b"Route."\na: str' + OUT, 1, 1, "neither instructions nor a field", ""),
    # defaults
    ("a: int = 'x'" + OUT, 1, 10, "is not an int", "Field(default=...)"),
    ("a: str = None" + OUT, 1, 10, "is not a str", "str | None"),
    ("a: str = hello" + OUT, 1, 10, "hello is not a value", "quotes"),
    ("a: str = f()" + OUT, 1, 10, "f(...) is not a value", ""),
    ("a: str = 1 +" + OUT, 1, 12, "is not a default", ""),
    ("a: date = date(2024, 13, 1)" + OUT, 1, 11, "is not a date", ""),
    ("a: str = 'x" + OUT, 1, 10, "a string that begins with ' does not end", ""),
    ("a = 3" + OUT, 1, 1, "has no type", "a: str"),
    ("a: int = Field(gee=3)" + OUT, 1, 16, "'gee'", "did you mean ge?"),
    ("a: str = Field(ge=3)" + OUT, 1, 4, "ge=3 does not apply to a str", ""),
    ("a: int = Field(max_length=3)" + OUT, 1, 4, "max_length=3 does not apply to an int", ""),
    ("a: str = Field(pattern='(')" + OUT, 1, 4, "pydantic refuses", ""),
    ("a: str = Field(desc=3)" + OUT, 1, 21, "desc is text", ""),
    ("a: str = dspy.OutputField()" + OUT, 1, 10, "OutputField stands among the inputs", ""),
    ("a: list = Field(default_factory=make)" + OUT, 1, 33, "default_factory is code", ""),
    ("a: Mood = Mood.angry" + OUT, 1, 11, "is not a value", ""),
    # values after ---
    ("email: str" + OUT + "\n---\nemial = 1", 5, 1, "'emial' is not an input", "did you mean email?"),
    ("email: str" + OUT + "\n---\nok = True", 5, 1, "'ok' is not an input", "is an output"),
    ("email: str" + OUT + "\n---\nemail = inbox[0", 5, 14, "'[' is not closed", ""),
    ("email: str" + OUT + "\n---\nemail = (1 +\n  * 2)", 6, 3, "is not an expression", ""),
    ("email: str" + OUT + "\n---\n  email = 1 2", 5, 11, "is not an expression", ""),
    ("email: str" + OUT + "\n---\nemail =", 5, 8, "an expression is missing", ""),
    ("email: str" + OUT + "\n---\nemail", 5, 1, "gives no input a value", ""),
    ("email: str" + OUT + "\n---\nemail = 1\nemail = 2", 6, 1, "has a value already", ""),
    ("email: str" + OUT + "\n---\nemail: str = 1", 5, 1, "is not an input", "types stand above"),
    ("email: str" + OUT + "\n---\nemail = await x", 5, 9, "is not an expression", ""),
    ("email: str" + OUT + "\n---\nemail = 1\n---", 6, 1, "a second line of dashes", ""),
    ("->\nok: bool\n---\nx = 1", 4, 1, "'x' is not an input", "no inputs"),
    # class bodies
    ("class A(dspy.Module):\n  x: str = dspy.InputField()", 1, 1, "only a class that derives from dspy.Signature", ""),
    ("class A(dspy.Signature):\n  x: str = dspy.InputField()\n  y: str", 3, 3, "is not a field", ""),
    ("x: str = dspy.InputField()\ny: str = 3", 2, 10, "neither InputField nor OutputField", ""),
    ("x: str = dspy.InputField()", 1, 1, "no outputs", ""),
    ("x = dspy.InputField()\ny = dspy.OutputField(ge=1)", 2, 5, "ge=1 does not apply to a str", ""),
])
def test_a_mistake_is_placed(text, line, column, message, hint):
    with pytest.raises(SignatureSyntaxError) as caught: parse_cell(text, name="Triage", namespace={"Mood": Mood, "Person": Person})
    error = caught.value
    assert (error.line, error.column) == (line, column), "\n".join(error._render_traceback_())
    assert message in error.message and hint in error.hint, "\n".join(error._render_traceback_())
    assert "\n" not in str(error)


def test_the_mark_is_under_the_word():
    with pytest.raises(SignatureSyntaxError) as caught: parse_cell("\ta: list[strr]" + OUT)
    assert caught.value._render_traceback_()[1:3] == ["    \ta: list[strr]", "    \t        ^^^^ expected a type"]


def test_positions_count_from_the_first_line_of_the_whole_cell():
    with pytest.raises(SignatureSyntaxError) as caught: parse_cell("a: strr" + OUT, first_line=2)
    assert caught.value.line == 2
    with pytest.raises(SignatureSyntaxError) as caught: parse_cell("%%dspy Signature Triage\na: strr" + OUT)
    assert (caught.value.line, caught.value.column) == (2, 4)


# --- what is no mistake

@pytest.mark.parametrize(("text", "want"), [
    ("a: str  # 'quoted' # twice" + OUT, "'quoted' # twice"),
    ("a: Literal['#', \"it's\"]  # real" + OUT, "real"),
    ("a: dict[  # one\n  str,\n  int  # two\n]  # three" + OUT, "one two three"),
    ("# a remark\na: str\n# another" + OUT, ""),
    ("a: str  #   {braces} mean nothing, ''' neither  " + OUT, "{braces} mean nothing, ''' neither"),
    ("a: str = '#'  # real" + OUT, "real"),
    ("a: str = Field(desc='two\\nlines')  # unused" + OUT, "two\nlines"),
    ("a: str = Field(description='said')" + OUT, "said"),
])
def test_a_comment_after_a_field_describes_it(text, want):
    assert parse_cell(text).spec["a"].description == want


@pytest.mark.parametrize(("docstring", "want"), [
    ('"""One."""', "One."), ("'One.'", "One."), ('"One."', "One."), ('r"""a\\b"""', "a\\b"), ("'a' 'b'", "ab"), ('"""\n  One.\n\n    Two.\n"""', "One.\n\n  Two."),
    ("'''It is \"it\".'''  # a remark", 'It is "it".'), ('"""# not a comment"""', "# not a comment"), ("''", ""), ('"""{x} -> {y}\n---\n"""', "{x} -> {y}\n---"),
])
def test_the_docstring_is_the_instructions(docstring, want):
    assert parse_cell(docstring + "\na: str" + OUT).spec.instructions == want


def test_values_after_the_dashes_may_span_lines_and_are_evaluated_where_the_person_is():
    cell = parse_cell('a: str\nb: list\nc: str' + OUT + '\n---\nb = [\n  x,  # one\n  "]",\n]\nc = """two\nlines"""\na = "{x}"  # braces mean nothing')
    assert cell.evaluate({"x": 1}) == {"b": [1, "]"], "c": "two\nlines", "a": "{x}"}
    assert [(b.name, b.line, b.column) for b in cell.bindings] == [("b", 7, 5), ("c", 11, 5), ("a", 13, 5)]
    assert cell.runs and not parse_cell("a -> b").runs and parse_cell("a -> b\n---").runs


def test_an_error_in_a_value_shows_the_line_of_the_cell():
    cell = parse_cell("a: str" + OUT + "\n---\na = (1 +\n  nobody)")
    with pytest.raises(NameError) as caught: cell.evaluate({})
    assert caught.traceback[-1].lineno + 1 == 6


def test_reading_a_cell_runs_nothing_of_the_person_s():
    class Trap:
        def __getattr__(self, name): raise AssertionError("looked into")
        def __class_getitem__(cls, item): raise AssertionError("subscripted")

    space = {"Trap": Trap, "trap": Trap(), "Mood": Mood, "module": sys}
    for text in ("a: Trap", "a: trap.x", "a: Trap[int]", "a: trap", "a: str = Trap()", "a: Literal[trap.x]", "a: module.path"):
        with pytest.raises(SignatureSyntaxError): parse_cell(text + OUT, namespace=space)
    assert parse_cell("a: str" + OUT + "\n---\na = Trap[0]", namespace=space).bindings[0].expression == "Trap[0]"


def test_the_namespace_is_asked_before_the_allow_list_only_for_enums_and_models():
    class Path(BaseModel): steps: list[str]
    found = parse_cell("a: Path\nb: pathlib.Path\nc: int" + OUT, namespace={"Path": Path, "int": 3}).spec
    assert [f.type["type"] for f in found.inputs] == ["model", "path", "int"]
    assert parse_cell("a: here.Mood" + OUT, namespace={"here": sys.modules[__name__]}).types == {"Mood": Mood}


def test_a_class_body_is_read_as_dspy_would_run_it():
    import dspy
    body = '''
    """Say it."""
    q: str = dspy.InputField(desc="d", min_length=1)  # only a comment
    z: int | None = dspy.OutputField(default=None)
    y = dspy.InputField()
    n: float = OutputField(ge=0, lt=1, title="N", examples=[0.5])
    s: str = dspy.OutputField(pattern="a+", description="x")
'''
    space = {"dspy": dspy, "OutputField": dspy.OutputField, "__name__": "here"}
    exec("class Say(dspy.Signature):" + body, space)
    for text in (body, "import dspy\n\nclass Say(dspy.Signature):" + body):
        assert parse_cell(text, name="Say").spec == SignatureSpec.from_dspy(space["Say"])


@pytest.mark.filterwarnings("ignore:Field name:UserWarning")
def test_the_names_that_are_refused_are_the_ones_that_break_dspy():
    import dspy
    attributes = {n for n in (*dir(dspy.Signature), *dir(type(dspy.Signature)), "desc", "prefix", "x") if not n.startswith("_")} - {"class"}
    broken = set()
    for name in attributes:
        try: held = list(dspy.Signature({name: (str, dspy.InputField(desc="d")), "ok": (str, dspy.OutputField())}, "x").input_fields) == [name]
        except Exception: held = False
        if not held: broken.add(name)
    assert broken == set(REFUSED)
    for name in attributes - broken:
        check_field_name(name)
        spec = SignatureSpec("S", "", (FieldSpec(name, "input"), FieldSpec("ok", "output")))
        assert SignatureSpec.from_dspy(spec.to_dspy()) == spec


def test_the_inputs_that_are_refused_are_the_ones_predict_swallows():
    import inspect

    import dspy
    source = inspect.getsource(dspy.Predict._forward_preprocess)
    assert all(f'kwargs.pop("{name}"' in source for name in ("config", "demos", "lm", "signature"))


@pytest.mark.parametrize(("annotation", "named"), [("typing.Callable", "Callable"), ("type", "type"), ("Iterator[int]", "Iterator"), ("Checked", "AfterValidator"), ("Thing", "Thing")])
def test_what_cannot_be_kept_names_the_field_and_the_type(annotation, named):
    import typing
    from collections.abc import Iterator
    from typing import Annotated

    import dspy
    from pydantic import AfterValidator, ConfigDict

    class Thing: pass

    kinds = {"typing.Callable": typing.Callable, "type": type, "Iterator[int]": Iterator[int], "Thing": Thing,
             "Checked": Annotated[str, AfterValidator(str.strip)]}

    class Odd(dspy.Signature):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        text: str = dspy.InputField()
        odd: kinds[annotation] = dspy.OutputField()

    with pytest.raises(UnsupportedType) as caught: SignatureSpec.from_dspy(Odd)
    assert "Odd.odd" in str(caught.value) and named in str(caught.value) and "\n" not in str(caught.value)


def test_a_default_or_factory_that_is_code_is_refused_by_name():
    import uuid

    import dspy

    class Odd(dspy.Signature):
        id: str = dspy.InputField(default_factory=uuid.uuid4)
        ok: bool = dspy.OutputField()

    with pytest.raises(UnsupportedType, match=r"Odd\.id"): SignatureSpec.from_dspy(Odd)


def test_a_spec_that_dspy_could_not_hold_is_refused():
    ok = FieldSpec("ok", "output")
    for fields, said in (((FieldSpec("a", "input"),), "no outputs"), ((ok, FieldSpec("ok", "input")), "two fields called 'ok'")):
        with pytest.raises(SignatureError, match=said): SignatureSpec("S", "", fields)
    with pytest.raises(SignatureError, match="not a name"): SignatureSpec("not a name", "", (ok,))
    with pytest.raises(SignatureError, match="not a direction"): FieldSpec("a", "sideways")


def test_two_different_classes_of_one_name_are_kept_apart():
    import dspy
    first, second = enum.Enum("Status", {"on": 1}), enum.Enum("Status", {"off": 0})
    spec = SignatureSpec.from_dspy(dspy.Signature({"a": (first, dspy.InputField()), "b": (second, dspy.OutputField())}, "x"))
    assert set(spec.definitions) == {"Status", "Status_2"}
    assert SignatureSpec.from_dspy(spec.to_dspy()) == spec


def test_the_validators_of_a_model_are_said_to_be_lost():
    import dspy
    from pydantic import field_validator

    class Checked(BaseModel):
        age: int
        @field_validator("age")
        @classmethod
        def positive(cls, v): return abs(v)

    spec = SignatureSpec.from_dspy(dspy.Signature({"a": (str, dspy.InputField()), "b": (Checked, dspy.OutputField())}, "x"))
    assert spec.definitions["Checked"]["lost"] == ["positive"]
    assert "not kept, being code: positive" in spec.to_source()
    assert SignatureSpec.from_dspy(spec.to_dspy()) == spec
    kept = spec.to_dspy(types={"Checked": Checked}).output_fields["b"].annotation
    assert kept is Checked


def test_what_was_passed_for_a_type_is_one_class_in_every_spec():
    text = "who: Person -> mood: Mood"
    one, two = (SignatureSpec.from_json(parse_cell(text, name=n, namespace=globals()).spec.to_json()).to_dspy() for n in ("One", "Two"))
    assert one.fields["who"].annotation is two.fields["who"].annotation is not Person
    assert one.fields["mood"].annotation("calm") is two.fields["mood"].annotation("calm")


@pytest.mark.parametrize("text", ["int | None", "Annotated[str, Field(max_length=3), 'a note']", "tuple[()]", "tuple[int, ...]", 'dspy.Code["java"]', "dspy.ToolCalls.ToolCall",
                                  'dspy.experimental.Noul[(True, "blocked"), (False, "usable")]', 'dspy.experimental.Score["poor", "fair"]',
                                  'dspy.experimental.Choice[("a", "first"), ("b", "second")]', 'Annotated[bool, dspy.experimental.Noul[(True, "yes")]]'])
def test_a_type_is_the_same_after_python_has_held_it(text):
    from dspy_toolkit.signatures.types import TypeReader, annotation_of
    node, _ = parse_type(text)
    assert TypeReader().read(annotation_of(node)) == node


def test_an_input_error_is_a_value_error():
    assert issubclass(InputError, ValueError)


BELOW = 'q: str\n->\na: str\n---\n'


@pytest.mark.parametrize('text, message, hint', [
    *((f'q: str\n->\nkind: {kind}', 'is not a type (line 3, column 7)', 'write Literal["order", "question"]') for kind in (
        '"order" | "question"', "'order' | 'question'", '["order", "question"]', '{"order", "question"}', '("order", "question")', '"order" or "question"', 'order | question', 'order/question')),
    ('q: str\n->\nkind: list["order" | "question"]', 'column 12', 'write Literal["order", "question"]'), ('q: str\n->\nkind: 1 | 2', 'column 7', 'write Literal[1, 2]'),
    ('q: str\n->\nkind: "order" | None', 'column 7', 'write Literal["order", None]'), ('q: str\n->\nkind: "order"', "unknown type 'order'", 'write Literal["order"] if it is a value'),
    ('q: str\n->\nkind: "order", "question"', 'more than one field', 'write Literal["order", "question"] if'),
    *((f'q: str\n->\na: str\n{sign}\nq = 1', 'is not --- (line 4, column 1)', 'write --- between') for sign in ('--', '- - -', '===', '\u2014', '\u2013\u2013')), ('q -> a\n--\nq = 1', "'--' is not --- (line 2", 'write ---'),
    ('q: str\n->\na: str\n--- q: mail', "'q: mail' stands behind ---", 'q = mail below it'), ('q: str\n->\na: str\nprint(a)', 'is not a field name', 'below a line ---'),
    (BELOW + 'q: mail', 'gives no input a value (line 5', 'write q = mail'), (BELOW + 'with open("x") as f:\n    q = f.read()', 'gives no input a value (line 5', 'a cell of its own'),
    (BELOW + 'print("x")', 'gives no input a value', 'a cell of its own'), (BELOW + 'import os', 'gives no input a value', 'a cell of its own'), (BELOW + 'for x in y: z = 1', 'is not an input', 'a cell of its own'),
    (BELOW + 'q += 1', 'gives no input a value', 'write q = 1'), (BELOW + '%time q = 1', 'is not an input', 'cells of their own'), (BELOW + 'q =', 'an expression is missing', 'write an expression'),
    ('%%dspy Signature my-sig\nq -> a', "'my-sig' is not a name for a signature (line 1, column 18)", 'Triage'), ('%%dspy Signature 2nd\nq: str\n->\na: str', '(line 1, column 18)', 'Triage')])
def test_what_was_meant_is_said_where_it_is_wrong(text, message, hint):
    with pytest.raises(SignatureSyntaxError) as caught: parse_cell(text)
    assert message in str(caught.value) and hint in caught.value.hint, (str(caught.value), caught.value.hint)


def test_types_in_quotes_stay_types():
    assert parse_cell('q: "str" | "int"\n->\na: "list[str]" | None').spec.outputs[0].type == parse_cell('q: str\n->\na: list[str] | None').spec.outputs[0].type
