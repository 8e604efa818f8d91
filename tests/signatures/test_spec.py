"What a spec writes and refuses, word for word."
import copy, datetime, decimal, enum
from typing import Annotated, Literal, Optional

import dspy
import pytest
from pydantic import BaseModel, Field

from dspy_toolkit import BundleError
from dspy_toolkit.core.errors import UnsupportedType
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec, default_instructions, infer_prefix


class Colour(enum.Enum): red, green = 'red', 'green'
class Place(BaseModel): town: str
class Deadline(BaseModel): at: int
Deadline.__name__ = Deadline.__qualname__ = 'date'


class Errand(dspy.Signature):
    "Read it."
    q: str = dspy.InputField(desc='the question')
    number: Annotated[int, Field(ge=0)] = dspy.InputField(ge=1, le=9, default=3)
    colour: Colour = dspy.InputField(default=Colour.red)
    answer: str = dspy.OutputField()
    where: Optional[Place] = dspy.OutputField(desc=' spaced ')
    picture: dspy.Image = dspy.OutputField(desc='what it looks like', title='Picture')


SPEC = SignatureSpec.from_dspy(Errand)
CELL = '''%%dspy Signature Errand
"""Read it."""
q: str  # the question
number: Annotated[int, Field(ge=0)] = Field(default=3, ge=1, le=9)
colour: Colour = Colour.red
->
answer: str
where: Place | None = Field(desc=" spaced ")
picture: dspy.Image = Field(title="Picture")  # what it looks like
'''
CLASSES = '''class Colour(Enum):
    red = "red"
    green = "green"


class Place(BaseModel):
    town: str
'''
CLASS = '''class Errand(dspy.Signature):
    """Read it."""

    q: str = dspy.InputField(desc="the question")
    number: Annotated[int, Field(ge=0)] = dspy.InputField(default=3, ge=1, le=9)
    colour: Colour = dspy.InputField(default=Colour.red)
    answer: str = dspy.OutputField()
    where: Place | None = dspy.OutputField(desc=" spaced ")
    picture: dspy.Image = dspy.OutputField(desc="what it looks like", title="Picture")
'''


def test_a_spec_is_written_as_a_cell_as_a_class_and_as_a_module():
    assert SPEC.to_cell() == CELL
    assert SPEC.class_source() == f'from typing import Annotated\nfrom pydantic import Field\nimport dspy\n\n\n{CLASS}'
    assert SPEC.definitions_source() == f'from enum import Enum\nfrom pydantic import BaseModel\n\n\n{CLASSES}'
    assert SPEC.to_source() == f'from enum import Enum\nfrom typing import Annotated\nfrom pydantic import BaseModel, Field\nimport dspy\n\n\n{CLASSES}\n\n{CLASS}'
    assert [f.type_text for f in SPEC.fields] == ['str', 'Annotated[int, Field(ge=0)]', 'Colour', 'str', 'Place | None', 'dspy.Image']


def of(**fields): return SignatureSpec.from_dspy(dspy.Signature({'a': (str, dspy.OutputField())} | fields, 'Do it.', signature_name='S'))
def cell(**fields): return of(**fields).to_cell().split('\n')[2:-1]


def test_comments_of_one_side_are_in_line_but_for_lines_that_are_too_long():
    "A field without a comment, or of more than 48 characters, does not move the others."
    long, longer, short = 'x' * 43, 'y' * 44, dict(desc='why')
    fields = {'q': (str, dspy.InputField(**short)), 'more': (int, dspy.InputField(**short)), 'without_any_comment': (str, dspy.InputField()), longer: (str, dspy.InputField(**short))}
    assert cell(**fields) == ['q: str     # why', 'more: int  # why', 'without_any_comment: str', f'{longer}: str  # why', '->', 'a: str']
    assert cell(q=(str, dspy.InputField(**short)), **{long: (str, dspy.InputField(**short))})[:2] == [f'{"q: str":<48}  # why', f'{long}: str  # why']


COMMENTS = {  # what a description looks like behind a field
    'why': 'q: str  # why', ' why': 'q: str = Field(desc=" why")', 'two\nlines': 'q: str = Field(desc="two\\nlines")', '': 'q: str', '${q}': 'q: str', '${other}': 'q: str  # ${other}'}


@pytest.mark.parametrize('description, line', COMMENTS.items(), ids=['plain', 'a space before', 'two lines', 'none', 'as DSPy writes it', 'a placeholder'])
def test_a_description_is_a_comment_where_it_fits_into_one(description, line): assert cell(q=(str, dspy.InputField(desc=description)))[0] == line


@pytest.mark.parametrize('annotation, default, line', [
    (int, 3, 'q: int = 3'), (Colour, Colour.green, 'q: Colour = Colour.green'), (Optional[str], None, 'q: str | None = None'), (int, 'three', 'q: int = Field(default="three")'),
    (Literal['a'], 'b', 'q: Literal["a"] = Field(default="b")'), (Colour, 'red', 'q: Colour = Field(default="red")')],
    ids=['int', 'Enum', 'None', 'a text for an int', 'not of a Literal', 'the value of a member'])
def test_a_default_that_its_type_takes_is_written_behind_the_type(annotation, default, line):
    assert cell(q=(annotation, dspy.InputField(default=default)))[0] == line


def test_a_type_that_has_the_name_of_a_model_says_its_module():
    assert cell(q=(datetime.date, dspy.InputField()))[0] == 'q: date'
    assert cell(q=(datetime.date, dspy.InputField()), b=(Deadline, dspy.OutputField())) == ['q: datetime.date', '->', 'a: str', 'b: date']
    assert cell(q=(dspy.Image, dspy.InputField()))[0] == 'q: dspy.Image'


def test_a_default_of_a_type_that_has_the_name_of_a_model_says_its_module_too():
    day = datetime.date(2026, 11, 28)
    assert cell(q=(datetime.date, dspy.InputField(default=day)))[0] == 'q: date = date.fromisoformat("2026-11-28")'
    assert cell(q=(datetime.date, dspy.InputField(default=day)), b=(Deadline, dspy.OutputField()))[0] == 'q: datetime.date = datetime.date.fromisoformat("2026-11-28")'


def test_instructions_of_two_lines_are_not_moved_in():
    made = SignatureSpec('S', 'One.\n\n  Two.', SPEC.fields[:1] + SPEC.outputs[:1])
    assert made.to_cell() == '%%dspy Signature S\n"""\nOne.\n\n  Two.\n"""\nq: str  # the question\n->\nanswer: str\n'


def test_an_output_may_have_a_default(): assert cell(b=(Colour, dspy.OutputField(default=Colour.green)))[-1] == 'b: Colour = Colour.green'


@pytest.mark.parametrize('name', ['Literal', 'Annotated', 'Field', 'dspy'])
def test_a_signature_named_like_what_its_source_imports_keeps_its_name(name):
    fields = {'q': (Annotated[int, Field(ge=1)], dspy.InputField()), 'a': (Literal['a', 'b'], dspy.OutputField())}
    made = SignatureSpec.from_dspy(dspy.Signature(fields, 'Do it.', signature_name=name))
    for source in (made.to_source(), made.class_source()):
        space = {'__name__': 'somewhere'}
        exec(source, space)
        assert SignatureSpec.from_dspy(space[name]) == made
        assert f'{name} as {name}_' in source  # so that what comes after the class means what it says


def test_a_field_named_like_what_a_source_imports_has_another_name_for_it():
    made = SignatureSpec.from_dspy(dspy.Signature({'dspy': (str, dspy.InputField()), 'a': (list[dspy.Image], dspy.OutputField())}, 'Do it.', signature_name='Field'))
    for source in (made.to_source(), made.class_source()):
        space = {'__name__': 'somewhere'}
        exec(source, space)
        assert SignatureSpec.from_dspy(space['Field']) == made


DATA = SPEC.to_json()
FIELDS = {f['name']: n for n, f in enumerate(DATA['fields'])}


def change(path, value):
    data = copy.deepcopy(DATA)
    part = data
    for step in path[:-1]: part = part[step]
    part[path[-1]] = value
    return data


REFUSED = {  # where, what, the error
    'format': (['format'], 2, 'format is 2, and this version reads 1'),
    'a key more': (['more'], 1, 'signature has the unknown more'),
    'instructions': (['instructions'], 3, 'instructions is not text'),
    'definitions': (['definitions'], [], 'definitions is not an object'),
    'a definition': (['definitions', 'Place'], 3, 'definitions.Place is neither an Enum nor a model'),
    'a field of a definition': (['definitions', 'Place', 'fields'], [dict(name='a', type=dict(type='model', name='Nope'))], "definitions.Place.fields[0].type refers to 'Nope', which is not defined"),
    'fields': (['fields'], 3, 'fields is not a list'),
    'a field': (['fields', 1], 3, 'fields[1] is not an object'),
    'a key more in a field': (['fields', 1, 'more'], 3, 'fields[1] has the unknown more'),
    'a description': (['fields', 1, 'description'], 3, 'fields[1].description is not text'),
    'a type': (['fields', 1, 'type'], dict(type='nope'), "fields[1].type has the unknown type 'nope'"),
    'a type that is not defined': (['fields', 1, 'type'], dict(type='model', name='Nope'), "fields[1].type refers to 'Nope', which is not defined"),
    'constraints': (['fields', 1, 'constraints'], 3, 'fields[1].constraints is not an object'),
    'a constraint': (['fields', 1, 'constraints'], dict(what=1), 'fields[1].constraints has the unknown what'),
    'the value of a constraint': (['fields', 1, 'constraints'], dict(ge={'$': 'enum', 'name': 'Colour', 'member': 'blue'}), "fields[1].constraints.ge refers to 'blue', which is no member"),
    'what else a field has': (['fields', 1, 'extra'], 3, 'fields[1].extra is not an object'),
    'what else a field may have': (['fields', 1, 'extra'], dict(what=1), 'fields[1].extra has the unknown what'),
    'a default': (['fields', 2, 'default'], dict(what=1), 'fields[2].default is not a value'),
    'a default that is no member': (['fields', 2, 'default', 'member'], 'blue', "fields[2].default refers to 'blue', which is no member"),
    'a direction': (['fields', 1, 'direction'], 'up', "fields make no signature: 'up' is not a direction"),
    'a name': (['name'], '9', "fields make no signature: '9' is not a name for a signature"),
}


@pytest.mark.parametrize('path, value, said', REFUSED.values(), ids=REFUSED)
def test_data_that_nobody_wrote_is_refused_and_its_place_is_named(path, value, said):
    with pytest.raises(BundleError) as caught: SignatureSpec.from_json(change(path, value))
    assert str(caught.value) == f'signature: {said}'


@pytest.mark.parametrize('text, said', [('[]', 'the whole is not an object'), (b'3', 'the whole is not an object'), ('{', 'the whole is not JSON: '), (b'\xff', 'the whole is not JSON: '), ('[' * 100_000, 'the whole is nested too deeply')], ids=['a list', 'a number', 'half', 'bytes', 'deep'])
def test_text_that_is_no_signature_is_refused(text, said):
    with pytest.raises(BundleError) as caught: SignatureSpec.from_json(text)
    assert str(caught.value).startswith(f'signature: {said}')


def test_values_that_refer_to_definitions_are_taken():
    red = {'$': 'enum', 'name': 'Colour', 'member': 'red'}
    made = SignatureSpec.from_json(change(['fields', FIELDS['colour'], 'constraints'], dict(ge=red)))
    assert made['colour'].default == red and made['colour'].constraints == dict(ge=red)
    own = made.to_dspy().fields['colour']
    assert own.default is own.annotation.red and own.annotation is not Colour
    assert made.to_dspy(types=dict(Colour=Colour)).fields['colour'].default is Colour.red


def test_what_there_is_none_of_is_left_out():
    assert 'definitions' in DATA and 'definitions' not in of(q=(str, dspy.InputField())).to_json()
    assert of(q=(str, dspy.InputField()))['q'].to_json() == dict(name='q', direction='input', type=dict(type='str'))


def test_equal_means_the_same_and_a_digest_is_made_once():
    one, other = (FieldSpec('q', 'input', description=o) for o in ('why', 'why not'))
    assert one == FieldSpec('q', 'input', description='why') and hash(one) == hash(FieldSpec('q', 'input', description='why'))
    assert one != other and hash(one) != hash(other) and one != 'q' and not one == 'q'
    again = SignatureSpec.from_json(DATA)
    assert again == SPEC and hash(again) == hash(SPEC) and again != 'Errand'
    renamed = SignatureSpec.from_json(change(['name'], 'Other'))
    assert renamed.digest == SPEC.digest and renamed != SPEC and hash(renamed) != hash(SPEC)
    assert again.digest is again.digest
    assert SignatureSpec.from_json(change(['instructions'], 'Read it again.')).digest != SPEC.digest != SignatureSpec.from_json(change(['fields', 0, 'description'], '')).digest


def test_classes_of_the_user_are_used_where_they_mean_the_same():
    class Green(enum.Enum): red = 'red'
    made = SPEC.to_dspy(namespace=dict(Colour=Colour, Place=Place))
    assert made.fields['colour'].annotation is Colour and made.fields['colour'].default is Colour.red and made.__module__ == '__main__'
    assert SPEC.to_dspy(namespace=dict(Colour=Green)).fields['colour'].annotation not in (Colour, Green)
    assert SPEC.to_dspy(types=dict(Colour=Green)).fields['colour'].annotation is Green


def test_two_constraints_of_one_value_are_both_kept_and_one_of_two_kinds_only_once():
    made = of(q=(Annotated[int, Field(ge=3)], dspy.InputField(ge=3, le=3, multiple_of=3)))
    assert made['q'].constraints == dict(ge=3, le=3, multiple_of=3)
    assert made['q'].type == dict(type='annotated', args=[dict(type='int')], constraints=dict(ge=3))
    assert SignatureSpec.from_dspy(made.to_dspy()) == made


class Level(enum.IntEnum): low, high = 1, 2
class Trip(BaseModel): places: list[Place]


def test_a_constraint_may_be_a_decimal_or_a_member():
    made = of(q=(decimal.Decimal, dspy.InputField(ge=decimal.Decimal('0.5'))), r=(int, dspy.InputField(ge=Level.high)))
    space = {'__name__': 'somewhere'}
    exec(made.to_source(), space)
    for again in (SignatureSpec.from_json(made.to_json()), SignatureSpec.from_dspy(made.to_dspy()), SignatureSpec.from_dspy(space['S'])): assert again == made
    assert made['q'].constraints == dict(ge={'$': 'decimal', 'value': '0.5'}) and 'ge=Decimal("0.5")' in made.to_source()
    assert made['r'].constraints == dict(ge={'$': 'enum', 'name': 'Level', 'member': 'high'}) and 'ge=Level.high' in made.to_cell()


def test_what_only_a_constraint_needs_is_imported():
    source = of(q=(float, dspy.InputField(ge=decimal.Decimal('0.5')))).to_source()
    assert source.startswith('from decimal import Decimal\nimport dspy\n')
    exec(source, {'__name__': 'somewhere'})


def test_what_a_type_says_about_its_field_is_said_by_the_field():
    node = dict(type='annotated', args=[dict(type='str')], constraints=dict(max_length=3), info=dict(title='T', alias='t'))
    made = FieldSpec('q', 'input', node, extra=dict(description='more'))
    assert made.extra == dict(title='T', description='more') and made.type == dict(type='annotated', args=[dict(type='str')], constraints=dict(max_length=3))
    assert list(FieldSpec('q', 'input', constraints=dict(multiple_of=2, le=4, ge=1, gt=0)).constraints) == ['gt', 'ge', 'le', 'multiple_of']


def test_a_definition_may_refer_to_another():
    made = of(q=(Trip, dspy.InputField()))
    assert SignatureSpec.from_json(made.to_json()) == made and list(made.definitions) == ["Trip", "Place"]


def test_an_example_that_cannot_be_kept_is_named_with_its_field():
    with pytest.raises(UnsupportedType) as caught: of(q=(str, dspy.InputField(examples=[datetime.date(2026, 11, 28)])))
    assert 'S.q' in str(caught.value) and 'examples' in str(caught.value)


def test_a_description_that_pydantic_has_is_kept_beside_that_of_dspy():
    made = of(q=(str, dspy.InputField(description='for the schema')), r=(str, dspy.InputField(desc='one', description='two')), p=(str, dspy.InputField(desc='${p}', description='three')), s=(str, dspy.InputField(desc='same', description='same')))
    assert [(f.description, f.extra) for f in made.inputs] == [('for the schema', {}), ('one', dict(description='two')), ('', dict(description='three')), ('same', {})]
    assert SignatureSpec.from_dspy(made.to_dspy()) == made and made.to_dspy().fields['p'].json_schema_extra['desc'] == '${p}'


@pytest.mark.parametrize('prefix, extra', [(None, {}), ('Question:', dict(prefix='Question:')), ('', dict(prefix=''))], ids=['none', 'other', 'empty'])
def test_a_prefix_that_dspy_does_not_make_is_kept(prefix, extra):
    made = SignatureSpec.from_dspy(dspy.Signature({'q': (str, dspy.InputField(**({} if prefix is None else dict(prefix=prefix)))), 'a': (str, dspy.OutputField())}, signature_name='S'))
    assert made['q'].extra == extra


def test_the_prefix_of_a_name_is_that_of_dspy():
    for name in ('q', 'someText', 'HTMLPage', 'top3items', 'a_b', 'x1', 'URL2go', 'answer_in_JSON'): assert infer_prefix(name) == dspy.signatures.signature.infer_prefix(name) + ':'


def test_instructions_that_dspy_would_make_are_none():
    fields = SPEC.fields
    said = 'Given the fields `q`, `number`, `colour`, produce the fields `answer`, `where`, `picture`.'
    assert default_instructions(fields) == said and SignatureSpec('S', said, fields, SPEC.definitions).instructions == ''
    assert SignatureSpec('S', '\n    Two lines,\n      one further in.\n  ', fields, SPEC.definitions).instructions == 'Two lines,\n  one further in.'
    assert SignatureSpec('S', '  \n ', fields, SPEC.definitions).instructions == ''
