"Every starter signature is complete, survives every form a signature has, and gets an answer that parses."
import json, re, struct, subprocess, sys, zlib
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import dspy
import pytest
from pydantic import BaseModel, TypeAdapter

from dspy_toolkit.core.errors import NotRegistered
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.engine.grammar import babble, byte_vocabulary, schema_grammar
from dspy_toolkit.engine.mlx import lm
from dspy_toolkit.signatures.library import library, starter
from dspy_toolkit.signatures.schema import check_inputs, output_schema
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.spec import SignatureSpec

entries = list(library().values())
written = [e for e in entries if e.topic != 'vision']  # those that a model without eyes can answer
topics = ['everyday', 'text', 'retrieval', 'judging', 'code', 'machine learning', 'vision']
each = pytest.mark.parametrize('entry', entries, ids=lambda e: e.name)


def fits(fields, values):
    "Every value is of the type of its field, with the field's constraints."
    for name, value in values.items():
        code = isinstance(value, dspy.Code)  # each dspy.Code["sql"] is a class of its own, which takes no other's values
        if code: assert value.language == fields[name].annotation.language
        TypeAdapter(fields[name].rebuild_annotation()).validate_python(value.code if code else value, strict=not code)


def nodes(data):
    "Every dict in some JSON data."
    if isinstance(data, dict): yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else (): yield from nodes(part)


def test_it_has_the_signatures_people_miss():
    assert len(entries) >= 40 and [e.name for e in entries] == list(library())
    asked = '''Classify Summarise Rewrite Translate Answer AnswerWithCitations RouteEmail Judge Compare WriteSQL ExplainCode FixCode WriteTests PlanSteps Moderate Redact
        ExtractInvoice MeetingActions RewriteQuery CheckClaim MakeQuestions ImprovePrompt RepairJSON
        TuneLoRA SampleDiffusion ProposeArchitecture ClipPrompts MatchCaptions CaptionImage AskImage FederatedRound DiagnoseTraining DatasetCard AuditDataset ProposeTrial ClusterFailures'''
    assert set(asked.split()) <= set(library())
    assert [t for n, t in enumerate(e.topic for e in entries) if t not in [e.topic for e in entries[:n]]] == topics, 'entries of a topic stand together'
    assert sum(e.topic == 'machine learning' for e in entries) >= 8


def test_its_types_are_of_many_kinds():
    found = [node for node in nodes([e.spec.to_json() for e in entries]) if isinstance(node.get('type'), str)]
    kinds = {node['name'] if node['type'] == 'dspy' else node['type'] for node in found}
    assert {'str', 'int', 'float', 'bool', 'date', 'decimal', 'literal', 'list', 'dict', 'union', 'model', 'enum', 'json', 'Image', 'Code'} <= kinds
    limits = {k for e in entries for f in e.spec.outputs for k in f.constraints}
    assert {'ge', 'le', 'gt', 'min_length', 'max_length', 'multiple_of'} <= limits


def test_no_two_mean_the_same():
    assert len({e.spec.digest for e in entries}) == len(entries) == len({e.name.lower() for e in entries})


def test_naming_and_listing_them_imports_neither_pydantic_nor_dspy():
    program = '''if True:
        import sys
        from dspy_toolkit.signatures.library import library, starter
        names = [(n, e.summary, starter(n).cell) for n, e in library().items()]
        print(sorted({'pydantic', 'dspy', 'mlx'} & set(sys.modules)))'''
    assert subprocess.run([sys.executable, '-c', program], capture_output=True, text=True, check=True).stdout.strip() == '[]'


@each
def test_it_says_what_it_does_and_what_each_field_is(entry):
    spec = entry.spec
    assert spec.name == entry.name and spec is entry.spec, 'it is read once'
    assert spec.inputs and spec.outputs and [f.name for f in spec.fields if not f.description] == []
    assert 1 <= len(re.findall(r'[.?](?:\s|$)', spec.instructions)) <= 3 and len(spec.instructions) > 60
    assert spec.instructions.startswith(entry.summary) and entry.summary.endswith('.') and len(entry.summary) < 140
    assert '!' not in entry.cell


@each
def test_what_may_go_on_for_ever_is_bounded(entry):
    "Lists have a limit, and so has text that the model makes up; what rewrites an input is as long as that."
    follows = {'rewritten', 'translation', 'corrected', 'redacted'}
    for f in entry.spec.outputs:
        kinds = {n['type'] for n in ([f.type] if f.type['type'] != 'union' else f.type['args'])}
        limits = f.constraints | f.type.get('constraints', {})
        if kinds & {'str', 'list', 'dict'} and f.name not in follows: assert 'max_length' in limits, f.name


@each
def test_it_survives_every_form(entry):
    spec, space = entry.spec, {'__name__': 'a_module_nobody_has'}
    assert SignatureSpec.from_dspy(spec.to_dspy()) == spec
    assert SignatureSpec.from_json(json.dumps(spec.to_json())) == spec
    exec(spec.to_source(), space)
    assert SignatureSpec.from_dspy(space[spec.name]) == spec
    types = {'__name__': 'notebook'}
    exec(spec.definitions_source(), types)
    assert parse_cell(spec.to_cell(), namespace=types).spec == spec, 'as a cell after the one that defines its types'
    assert parse_cell(entry.cell, entry.name, types).spec == spec, 'the library\'s own text too'


@each
def test_the_prompt_shows_types_as_one_would_write_them(entry):
    "DSPy writes constraints inside a container in pydantic's internal words."
    system = GrammarAdapter().format(entry.spec.to_dspy(), [], entry.inputs)[0]['content']
    assert 'annotation=NoneType' not in system


@each
def test_its_example_is_one(entry):
    signature = entry.spec.to_dspy()
    plain = json.loads(json.dumps({'inputs': entry.inputs, 'outputs': entry.outputs}))
    assert plain == {'inputs': entry.inputs, 'outputs': entry.outputs}, 'plain data'
    assert check_inputs(signature, entry.inputs).keys() == entry.inputs.keys()
    assert list(entry.outputs) == list(signature.output_fields)
    example = entry.example
    assert set(example.inputs().keys()) == set(entry.inputs) and list(example.labels().keys()) == list(entry.outputs)
    fits(signature.input_fields, dict(example.inputs()))
    fits(signature.output_fields, dict(example.labels()))
    again = dspy.Example(**dict(example))
    assert set(again.keys()) == set(example.keys()), 'dspy.Example keeps base for itself'


def test_the_values_of_an_example_are_typed():
    invoice, meeting, query, caption = (starter(n).example for n in ('ExtractInvoice', 'MeetingActions', 'WriteSQL', 'CaptionImage'))
    assert (invoice.issued, invoice.total) == (date(2026, 3, 2), Decimal('37.5')) and isinstance(invoice.lines[0], BaseModel)
    assert meeting.held.weekday() == 0 and meeting.actions[0].due.weekday() == 4 and meeting.actions[1].owner is None
    assert isinstance(query.tables, dspy.Code) and query.tables.language == query.query.language == 'sql'
    assert isinstance(caption.image, dspy.Image)


@each
def test_its_example_answer_can_be_written_under_its_grammar(entry):
    signature = entry.spec.to_dspy()
    grammar = schema_grammar(output_schema(signature))
    text = json.dumps({k: {'code': v.code} if isinstance(v, dspy.Code) else entry.outputs[k] for k, v in entry.example.labels().items()}, ensure_ascii=False)
    assert grammar.accepts(text), text
    assert grammar.accepts(babble(byte_vocabulary(), grammar, 400))


def test_images_are_png_of_eight_pixels():
    images = [e.inputs['image']['url'] for e in entries if 'image' in e.inputs]
    assert len(images) == 4 and all(len(url) < 500 for url in images)
    for url in images:
        data, at, chunks = b64decode(url.removeprefix('data:image/png;base64,')), 8, {}
        assert data.startswith(b'\x89PNG\r\n\x1a\n')
        while at < len(data):
            size, kind = struct.unpack('>I4s', data[at:at + 8])
            chunks[kind] = data[at + 8:at + 8 + size]
            assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + chunks[kind])
            at += 12 + size
        assert struct.unpack('>2I', chunks[b'IHDR'][:8]) == (8, 8) and len(zlib.decompress(chunks[b'IDAT'])) == 8 * (1 + 8 * 3)


# --- looking one up

@pytest.mark.parametrize('name', ['Classify', 'classify', ' CLASSIFY '])
def test_a_name_is_found_in_any_case(name): assert starter(name) is library()['Classify']


@pytest.mark.parametrize('name, hint', [('Clasify', 'did you mean Classify?'), ('sumarise', 'did you mean Summarise'), ('lora', 'did you mean TuneLoRA?'), ('sql', 'did you mean WriteSQL?'),
                                        ('Sing', 'RouteEmail, DraftReply'), ('', 'RouteEmail, DraftReply')])
def test_a_name_that_is_not_there_raises_with_what_is_near(name, hint):
    with pytest.raises(NotRegistered, match=re.escape(repr(name))) as e: starter(name)
    assert hint in e.value.hint


def test_taking_an_entry_out_of_the_dict_leaves_the_library_whole():
    library().clear()
    assert list(library()) == [e.name for e in entries]


# --- the built-in model

@pytest.fixture(scope='module')
def tiny():
    made = lm('mlx/tiny', cache=False, max_tokens=120, slots=16)
    yield made
    made.engine.close()
    made._async_engine_spec = None


def test_the_built_in_model_gives_each_an_answer_of_its_types(tiny):
    "Whether the answer is any good is not asked of a model this small."
    failures = {}

    def ask(entry):
        signature = entry.spec.to_dspy()
        try:
            with dspy.context(lm=tiny, adapter=GrammarAdapter()): found = dspy.Predict(signature)(**entry.example.inputs())
            assert list(found.keys()) == list(signature.output_fields)
            fits(signature.output_fields, dict(found))
        except Exception as e: failures[entry.name] = f'{type(e).__name__}: {e}'[:300]
    with ThreadPoolExecutor(16) as pool: list(pool.map(ask, written))
    assert not failures, failures


def test_prompt_and_answer_of_each_example_fit_the_built_in_model():
    from tokenizers import Tokenizer
    folder = Path(sys.modules['dspy_toolkit'].__file__).parent/'data'/'tiny'
    context = json.loads((folder/'config.json').read_text())['max_position_embeddings']
    tokenizer = Tokenizer.from_file(str(folder/'tokenizer.json'))
    sizes = {}
    for entry in written:
        signature, example = entry.spec.to_dspy(), entry.example
        texts = [m['content'] for m in GrammarAdapter().format(signature, [], dict(example.inputs()))]
        texts.append(GrammarAdapter().format_assistant_message_content(signature, dict(example.labels())))
        sizes[entry.name] = sum(len(tokenizer.encode(t).ids) + 4 for t in texts)  # 4 for the marks around a message
    assert {n: s for n, s in sizes.items() if s > context} == {}
