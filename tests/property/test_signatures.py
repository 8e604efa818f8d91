"""A signature is the same signature, whichever way it is written down and read back."""
import ast
import json
import re
import subprocess
import sys
from typing import Literal, Optional, Union

import dspy
import pytest
from dspy.signatures.signature import infer_prefix as dspy_prefix
from dspy_toolkit.core.errors import BundleError, SignatureError, SignatureSyntaxError, UnsupportedType
from dspy_toolkit.signatures.schema import input_schema, output_schema
from dspy_toolkit.signatures.source import Cell, parse_cell, parse_type
from dspy_toolkit.signatures.checks import check_field_name
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec, infer_prefix
from dspy_toolkit.signatures.text import type_text
from dspy_toolkit.signatures.types import MISSING, annotate, canonical, decode, encode, literal_of, union_of
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.filterwarnings("ignore:Field name .* shadows:UserWarning"), pytest.mark.filterwarnings("ignore:The 'prefix' argument:DeprecationWarning")]

# --- what signatures are made of

text = st.text(max_size=20)
words = st.sampled_from(["as received", "how soon", "{braces} mean nothing", "a # b", 'say "hi"', "it's", "tab\there", "two\nlines", " padded ", "é漢", "\\", '"""', "x" * 60])
awkward = ["date", "str", "list", "dict", "Literal", "dspy", "Field", "Optional", "Mood", "Person", "copy", "json", "schema", "desc", "default", "model_x",
           "self", "cls", "type", "int", "float", "bool", "set", "None_", "match", "été", "Any", "Enum", "BaseModel", "enum", "typing", "x1", "camelCase"]
names = st.sampled_from(awkward) | st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def may_be_field(name, direction="input"):
    try: check_field_name(name, direction)
    except SignatureError: return False
    return True


plain = st.sampled_from(["str", "int", "float", "bool", "bytes", "any", "datetime", "date", "time", "timedelta", "decimal", "uuid", "path", "json", "url"]).map(
    lambda kind: {"type": kind})
of_dspy = st.sampled_from(["Image", "Audio", "History", "Tool", "ToolCalls", "Code", "Reasoning", "Document"]).map(lambda name: {"type": "dspy", "name": name}) | st.sampled_from(
    ["python", "java", "c++"]).map(lambda language: {"type": "dspy", "name": "Code", "language": language})
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text | st.binary(max_size=4) | st.dates() | st.datetimes() | st.timedeltas() | st.decimals(
    allow_nan=False, allow_infinity=False) | st.uuids()
nested_values = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(text, inner, max_size=2) | st.sets(st.integers(), max_size=3)
                             | st.frozensets(text, max_size=2), max_leaves=4).map(encode)
scalars = st.integers() | text | st.booleans() | st.none() | st.sampled_from([b"x", b"'\n"])


@st.composite
def type_nodes(draw, references=()):
    "A structure, as reading an annotation would give it."
    # sorted, since typing remembers unions, and gives back an older one that only differs in the order inside it
    leaves = plain | of_dspy | st.lists(scalars.map(encode), min_size=1, max_size=4).map(lambda found: literal_of(sorted(found, key=canonical)))
    if references: leaves = leaves | st.sampled_from(references)

    def around(inner):
        one = st.sampled_from(["list", "set", "frozenset", "sequence"])
        bounded = st.tuples(st.integers(0, 3), st.integers(4, 9)).map(lambda b: annotate({"type": "int"}, constraints={"ge": b[0], "le": b[1]}))
        patterns = st.sampled_from(["a+", "[\"']", "\\d", encode(re.compile("a(?=b)")), encode(re.compile("[\"']", re.IGNORECASE))])
        short = patterns.map(lambda p: annotate({"type": "str"}, constraints={"max_length": 9, "pattern": p}, info={"description": 'x "y"'}))
        return st.one_of(
            st.builds(lambda kind, a: {"type": kind, "args": [a]}, one, inner), one.map(lambda kind: {"type": kind}), bounded, short,
            st.builds(lambda a, b: {"type": "dict", "args": [a, b]}, plain, inner), st.lists(inner, max_size=3).map(lambda args: {"type": "tuple", "args": args}),
            inner.map(lambda a: {"type": "tuple", "args": [a], "variadic": True}), st.lists(inner, min_size=1, max_size=3).map(lambda args: union_of([*sorted(args, key=canonical), {"type": "none"}])),
        )
    return draw(st.recursive(leaves, around, max_leaves=4))


@st.composite
def definitions(draw):
    "Enums and models, which may refer to each other and to themselves."
    found = {}
    if draw(st.booleans()):
        base = draw(st.sampled_from(["Enum", "IntEnum", "StrEnum", "str", "int"]))
        made = st.integers(-9, 9) if base in ("IntEnum", "int") else text
        members = draw(st.dictionaries(st.sampled_from(["calm", "angry", "light-blue", "date", "name", "x"]), made, min_size=1, max_size=3))
        unique = {}
        for name, value in members.items():
            if value not in unique.values(): unique[name] = value
        found["Mood"] = {"kind": "enum", "base": base, "members": [[n, v] for n, v in unique.items()], **({"description": "A mood."} if draw(st.booleans()) else {})}
    models = draw(st.lists(st.sampled_from(["Person", "Place", "date"]), unique=True, max_size=2))
    known = [{"type": "enum", "name": n} for n in found] + [{"type": "model", "name": n} for n in models]
    for model in models:
        fields = []
        for name in draw(st.lists(names.filter(lambda n: n != "model_x" and may_be_field(n)), unique=True, max_size=3)):
            node = draw(type_nodes(known))
            if any(f'"name": "{m}"' in json.dumps(node) for m in models): node = union_of([node, {"type": "none"}])
            if node["type"] == "annotated": node = {k: v for k, v in node.items() if k != "info"}  # at the top it would be the field's
            default = {"default": None} if node["type"] == "union" and draw(st.booleans()) else {}
            info = {"info": {"description": draw(words)}} if draw(st.booleans()) else {}
            fields.append({"name": name, "type": node, **info, **default})
        found[model] = {"kind": "model", "fields": fields, **({"description": draw(st.sampled_from(["Someone.", "Two\n  lines."]))} if draw(st.booleans()) else {}),
                        **draw(st.sampled_from([{}, {"config": {"extra": "forbid"}}, {"config": {"regex_engine": "python-re"}}]))}
    return found


@st.composite
def specs(draw):
    "A signature of any kind."
    defined = draw(definitions())
    references = [{"type": "enum" if d["kind"] == "enum" else "model", "name": n} for n, d in defined.items()]
    fields = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        direction = draw(st.sampled_from(["input", "output"])) if fields else "output"
        if not may_be_field(name, direction): continue
        constraints = draw(st.dictionaries(st.sampled_from(["ge", "lt"]), st.integers(-5, 5))) if draw(st.integers(0, 3)) == 0 else {}
        node = {"type": draw(st.sampled_from(["int", "float"]))} if constraints else draw(type_nodes(references))
        extra = draw(st.sampled_from([{}, {}, {}, {"title": "A title"}, {"examples": [1, "a", {"b": [None]}]}, {"prefix": "Say:"}]))
        default = draw(st.just(MISSING) | st.just(MISSING) | nested_values)
        fields.append(FieldSpec(name, direction, node, draw(st.just("") | words | text), default, constraints, extra))
    assume(any(f.direction == "output" for f in fields))
    instructions = draw(st.just("") | text | words | st.lists(words | text, min_size=2, max_size=4).map("\n".join) | st.just("Do this:\n  - one\n  - two"))
    return SignatureSpec(draw(st.sampled_from(["Triage", "QA", "Field", "Mood", "date"])), instructions, tuple(fields), defined)


def namespace_of(spec):
    "What a notebook has after the cell that defines the Enums and models."
    found = {"__name__": "somewhere_else"}
    exec(spec.definitions_source(), found)
    return found


# --- the round trips

@given(specs())
@settings(max_examples=30)
def test_spec_to_dspy_to_spec(spec):
    made = spec.to_dspy()
    assert issubclass(made, dspy.Signature) and made.__name__ == spec.name
    assert SignatureSpec.from_dspy(made) == spec


@given(specs())
@settings(max_examples=30)
def test_spec_to_json_to_spec(spec):
    assert SignatureSpec.from_json(json.dumps(spec.to_json())) == spec
    assert SignatureSpec.from_json(spec.to_json()).digest == spec.digest


@given(specs())
@settings(max_examples=30)
def test_spec_to_source_to_spec_in_a_clean_namespace(spec):
    found = {"__name__": "a_module_nobody_has"}
    exec(spec.to_source(), found)
    assert SignatureSpec.from_dspy(found[spec.name]) == spec


@given(specs())
@settings(max_examples=30)
def test_spec_to_cell_to_spec(spec):
    assert parse_cell(spec.to_cell(), namespace=namespace_of(spec)).spec == spec


@given(specs())
@settings(max_examples=15)
def test_a_spec_read_from_a_cell_makes_a_signature_with_the_namespace_s_own_classes(spec):
    found = namespace_of(spec)
    cell = parse_cell(spec.to_cell(), namespace=found)
    assert all(cls is found[name] for name, cls in cell.types.items())
    assert SignatureSpec.from_dspy(cell.to_dspy()) == spec


@given(specs())
@example(SignatureSpec("Triage", "", (FieldSpec("date", "output", {"type": "dspy", "name": "Tool"}),)))
@settings(max_examples=15)
def test_every_spec_has_schemas_with_its_fields_in_order(spec):
    try: outputs, inputs = output_schema(spec), input_schema(spec)
    except UnsupportedType as e:  # a Tool is code, and no model can write one; whoever asks is told of which field
        found = next(f for f in spec.outputs if f"{f.name!r}" in str(e))
        assert '"name":"Tool"' in canonical([found.type, spec.definitions])
        return
    assert list(outputs["properties"]) == outputs["required"] == [f.name for f in spec.outputs]
    assert list(inputs["properties"]) == [f.name for f in spec.inputs]
    assert outputs["additionalProperties"] is False
    json.dumps([outputs, inputs], allow_nan=False)


@given(type_nodes())
def test_a_type_reads_back_from_its_text(node):
    assert parse_type(type_text(node)) == (node, {})


@given(nested_values)
def test_a_value_is_kept_exactly(data):
    assert encode(decode(json.loads(json.dumps(data)))) == data


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True))
def test_the_prefix_of_a_field_is_the_one_dspy_makes(name):
    assert infer_prefix(name) == dspy_prefix(name) + ":"


RICH = '''
from enum import Enum, IntEnum
from pydantic import BaseModel, Field
class Mood(str, Enum):
    calm = "calm"
    light_blue = 'light "blue"'
class Level(IntEnum):
    low = 1
    high = 2
class Place(BaseModel):
    """Where somebody is."""
    name: str = Field(min_length=1, description="as on a map")
    people: list["Person"] = []
class Person(BaseModel, extra="forbid"):
    mood: Mood = Mood.calm
    level: Level | None = None
    place: Place | None = None
    date: "str | None" = None
Place.model_rebuild()
'''
CELLS = [
    'question, context: list[str] -> answer',
    '"""Say\n    what {you} see."""\nphoto: dspy.Image  # a "photo" # really\n->\nseen: list[str]\ncode: dspy.Code["java"]',
    'person: Person  # who\nlevel: Level = Level.low\n->\nwhere: Place | None\nmood: Literal[Mood.calm, "x", 3, None]',
    'date: date | None = None\nstr: list[date]\n->\ndspy: dict[str, tuple[int, ...]] = Field(desc="two\\nlines", title="T")\nlist: Annotated[int, Field(ge=0)]',
    'n: float = Field(0.5, ge=0, le=1)\nt: timedelta = timedelta(days=1)\nb: bytes = b"\\xff"\n->\nd: Decimal\nu: UUID | None = UUID("12345678123456781234567812345678")',
]


def test_the_source_of_a_signature_runs_in_a_process_that_knows_nothing_of_it():
    found = {"__name__": "notebook"}
    exec(RICH, found)
    rich = [parse_cell(c, name=f"S{n}", namespace=found).spec for n, c in enumerate(CELLS)]
    program = "import json, sys\nfrom dspy_toolkit.signatures.spec import SignatureSpec\nout = []\n" + \
        "for name, source in json.load(sys.stdin):\n    space = {'__name__': 'clean'}\n    exec(source, space)\n    out.append(SignatureSpec.from_dspy(space[name]).digest)\nprint(json.dumps(out))"
    ran = subprocess.run([sys.executable, "-c", program], input=json.dumps([(s.name, s.to_source()) for s in rich]), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [s.digest for s in rich]


# --- the digest is of meaning

@pytest.mark.parametrize(("one", "two"), [
    ("a: Optional[str] -> b", "a: str | None -> b"),
    ("a: None | str -> b", "a: Union[str, None] -> b"),
    ("a: List[int] -> b: Dict[str,   int]", "a:list[ int ]->b:dict[str,int]"),
    ("a -> b", "a: str -> b: str"),
    ("a -> b: Literal['x', \"y\"]", 'a -> b: Literal["x", \'y\', "x"]'),
    ("a -> b: int | (str | None)", "a -> b: Optional[Union[int, str]]"),
    ("a -> b: datetime.date", "a -> b: date"),
    ("a -> b: PositiveInt", "a -> b: Annotated[int, Field(gt=0)]"),
    ("a -> b: 'list[int]'", "a -> b: list[int]"),
    ("a = Field(desc='')  -> b", "a: str -> b"),
    ("a: str = 'x' -> b", 'a: str = "x" -> b'),
    ("a: list = [] -> b", "a: list = Field(default_factory=list) -> b"),
    ('"""Do it."""\na\n->\nb', "'Do it.'\na  \n\n# a remark\n->\nb: str"),
    ("'Given the fields `a`, produce the fields `b`.'\na\n->\nb", "a\n->\nb"),
    ("a: int = Field(ge=0, lt=5)\n->\nb", "a: int = Field(lt=5, ge=0)\n->\nb"),
])
def test_the_digest_sees_no_spelling(one, two):
    one, two = parse_cell(one, name="One").spec, parse_cell(two, name="Two").spec
    assert one.digest == two.digest and one != two


@pytest.mark.parametrize(("one", "two"), [
    ("a -> b", "b -> a"), ("a, b -> c", "b, a -> c"), ("a\n->\nb", "a  # what it is\n->\nb"), ("a -> b", "'Do.'\na\n->\nb"),
    ("a -> b: Literal[1]", "a -> b: Literal[True]"), ("a: float = 1.0 -> b", "a: float = 1 -> b"), ("a -> b: int | str", "a -> b: str | int"),
    ("a -> b: list", "a -> b: list[Any]"), ("a: str = '' -> b", "a -> b"), ("a: str | None = None -> b", "a: str | None -> b"),
    ("a: int = Field(ge=0)\n->\nb", "a: Annotated[int, Field(ge=0)]\n->\nb"),
])
def test_the_digest_sees_every_difference_a_model_could(one, two):
    assert parse_cell(one).spec.digest != parse_cell(two).spec.digest


def test_the_digest_is_the_same_in_every_process_and_stays_so():
    spec = parse_cell('email: str  # as received\n->\nteam: Literal["billing", "sales"]').spec
    assert spec.digest == "74edbe25b30892be4cd8986c7ce19a351c0561a51efb4c342192c2101838192d"


def test_two_spellings_of_a_class_are_one_spec():
    one = dspy.Signature({"a": (Optional[Literal["x"]], dspy.InputField()), "b": (str, dspy.OutputField())})
    two = dspy.Signature({"a": (Union[None, Literal["x"]], dspy.InputField(desc="${a}")), "b": (str, dspy.OutputField())})
    assert SignatureSpec.from_dspy(one) == SignatureSpec.from_dspy(two)


# --- any text either is a signature or says where it is not

VALID = [*CELLS, "email: str  # as received\n->\nok: bool\n---\nemail = inbox[0]\n", "class A(dspy.Signature):\n    '''Doc.'''\n    x: str = dspy.InputField(desc='d')\n    y: int = dspy.OutputField(ge=1)\n",
         "a: dict[\n  str,  # key\n  int,\n]\n->\nb: str = Field(\n  'x',\n  desc='''two\nlines''')\n---\na = {\n  'x': [1, 2,\n 3]}\n"]
SIGNS = st.sampled_from(["->", "---", ":", "=", "#", '"""', "'", "(", "[", "{", "}", "]", ")", ",", "\n", "\\", "|", " ", "\t", "\r", "\x0c", "\x00", "é", "漢", "x", "0", "Literal", "Field(", "*", "lambda", ":=", "\ud800"])


@st.composite
def damaged(draw):
    "A good cell after a few accidents."
    found = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found)))
        found = found[:at] + "".join(draw(st.lists(SIGNS, max_size=3))) + found[at + draw(st.integers(0, 4)):]
    return found


def read_or_placed(source):
    try: cell = parse_cell(source, namespace={})
    except SignatureSyntaxError as e:
        rows = source.replace("\r\n", "\n").split("\n")
        assert 1 <= e.line <= len(rows) and 1 <= e.column <= len(rows[e.line - 1]) + 1
        assert "\n" not in str(e) and "\n" not in e.hint
        assert all("\n" not in row for row in e._render_traceback_()[:1])
        return None
    assert isinstance(cell, Cell)
    return cell


@given(damaged())
@settings(max_examples=300)
@example("")
@example("a: " + "(" * 300)
@example("a: " + "list[" * 200 + "int" + "]" * 200 + "\n->\nb")
@example("a: " + "|".join(["int"] * 3000) + "\n->\nb")
def test_a_damaged_cell_is_read_or_its_mistake_is_placed(source):
    cell = read_or_placed(source)
    if cell is not None: assert parse_cell(cell.spec.to_cell()).spec == cell.spec


@given(st.text())
@settings(max_examples=150)
def test_any_text_is_read_or_its_mistake_is_placed(source):
    read_or_placed(source)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["format", "name", "fields", "type", "args", "$", "items", "definitions", "instructions", "kind"]), inner, max_size=4)))
def test_json_that_is_no_signature_is_refused_as_such(data):
    with pytest.raises(BundleError): SignatureSpec.from_json(data)


@st.composite
def tampered(draw):
    "The JSON of a good signature with one thing in it replaced."
    data = json.loads(json.dumps(draw(specs()).to_json()))
    at, key = None, None
    node = data
    while isinstance(node, (dict, list)) and node:
        at, key = node, draw(st.sampled_from(sorted(node)) if isinstance(node, dict) else st.integers(0, len(node) - 1))
        node = at[key]
        if draw(st.integers(0, 3)) == 0: break
    at[key] = draw(st.sampled_from([None, 0, "", "x; import os", "os.system", [], {}, {"type": "str"}, {"$": "enum", "name": "X", "member": "y"}, ["a"], "a\nb"]))
    return data


@given(tampered())
@settings(max_examples=60)
def test_tampered_json_is_refused_or_brings_no_code_of_its_own(data):
    try: spec = SignatureSpec.from_json(data)
    except BundleError: return
    for written in (spec.to_source(), spec.definitions_source()):
        nodes = list(ast.walk(ast.parse(written)))
        assert {n.module for n in nodes if isinstance(n, ast.ImportFrom)} | {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names} <= {
            "dspy", "enum", "typing", "pydantic", "datetime", "decimal", "uuid", "pathlib", "builtins", "collections.abc", "dspy.experimental", "re"}  # re: of patterns that are compiled
        assert not {"os", "system"} & ({n.id for n in nodes if isinstance(n, ast.Name)} | {n.attr for n in nodes if isinstance(n, ast.Attribute)})
