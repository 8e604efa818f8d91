"""Keep the required cases of the JSON Schema Test Suite as one small file: python -m scripts.schema_suite jsonschema-4.26.0.tar.gz

The suite comes in the source archive of the package jsonschema (pip download --no-binary :all: --no-deps jsonschema).
Its licence is kept with it.
"""
import gzip
import json
import sys
import tarfile
from pathlib import Path

DRAFTS = ('draft7', 'draft2020-12')
KEPT = Path(__file__).parent.parent/'tests'/'data'/'json-schema-test-suite.json.gz'


def read_suite(archive):
    "What is kept: where it is from, its licence, and draft -> file -> [description, schema, [description, instance, is it valid]]."
    with tarfile.open(archive) as found:
        names, top = sorted(found.getnames()), found.getnames()[0].partition('/')[0]

        def text(name): return found.extractfile(name).read().decode()
        kept = dict(source=f'JSON Schema Test Suite, as it is in {top}', licence=text(f'{top}/json/LICENSE'))
        for draft in DRAFTS:
            files = [o for o in names if o.startswith(f'{top}/json/tests/{draft}/') and o.endswith('.json') and '/optional/' not in o]
            kept[draft] = {Path(o).stem: [_case(case) for case in json.loads(text(o))] for o in files}
    return kept


def _case(case): return [case['description'], case['schema'], [[t['description'], t['data'], t['valid']] for t in case['tests']]]


if __name__ == '__main__':
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_bytes(gzip.compress(json.dumps(read_suite(sys.argv[1]), ensure_ascii=False, separators=(',', ':')).encode(), 9, mtime=0))
