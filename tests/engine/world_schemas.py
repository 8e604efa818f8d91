"""Schemas as they are met in the world, written here after the features of real ones (none is a copy).

`SCHEMAS` maps a name to a `World`: what it follows, the schema, and which words a grammar may relax there.
What is not named may not be relaxed: a random model's answer must then be valid as it stands.
"""
import functools
from dataclasses import dataclass

TEXT, INT, NUMBER, BOOL, NULL = ({'type': t} for t in ('string', 'integer', 'number', 'boolean', 'null'))
DRAFT7, DRAFT4, DRAFT2019, DRAFT2020 = ('http://json-schema.org/draft-07/schema#', 'http://json-schema.org/draft-04/schema#',
                                        'https://json-schema.org/draft/2019-09/schema', 'https://json-schema.org/draft/2020-12/schema')


@dataclass(frozen=True)
class World:
    "A schema of the world."
    kind: str  # which real kind it follows
    schema: object  # a dict or a bool
    relaxable: tuple = ()  # words that a grammar may relax here


def obj(properties=None, required=None, extra=False, **more):
    "An object; all of its properties are required unless said, and others only where `extra` lets them."
    properties = properties or {}
    return {'type': 'object', 'properties': properties, 'required': list(properties) if required is None else list(required), 'additionalProperties': extra, **more}


def arr(items, **more): return {'type': 'array', 'items': items, **more}
def ref(name): return {'$ref': f'#/$defs/{name}'}
def old(name): return {'$ref': f'#/definitions/{name}'}
def either(*schemas): return {'anyOf': list(schemas)}
def maps(value, **more): return {'type': 'object', 'additionalProperties': value, **more}
def enum(*values): return {'enum': list(values)}
def maybe(schema): return either(schema, NULL)


SCHEMAS: dict[str, World] = {}


def add(name, kind, schema, *relaxable): SCHEMAS[name] = World(kind, schema, relaxable)


# ---- workflows of continuous integration: unions of a text, a list and an object; maps with patterns for keys

_ENV = old('env')
add('ci workflow', 'A workflow file: triggers written in three ways, jobs by name, steps that run or use.', {
    '$schema': DRAFT7, 'type': 'object', 'required': ['on', 'jobs'], 'additionalProperties': False,
    'properties': {
        'name': TEXT, 'on': {'oneOf': [old('event'), arr(old('event'), minItems=1), {'type': 'object', 'additionalProperties': {'type': ['object', 'null']}}]},
        'env': _ENV, 'concurrency': {'oneOf': [TEXT, obj({'group': TEXT, 'cancel-in-progress': either(BOOL, old('expression'))}, ['group'])]},
        'permissions': {'oneOf': [enum('read-all', 'write-all'), obj({n: enum('read', 'write', 'none') for n in ('actions', 'checks', 'contents', 'issues')}, [])]},
        'jobs': {'type': 'object', 'minProperties': 1, 'patternProperties': {'^[_a-zA-Z][a-zA-Z0-9_-]*$': old('job')}, 'additionalProperties': False}},
    'definitions': {
        'event': enum('push', 'pull_request', 'schedule', 'workflow_dispatch', 'release'),
        'expression': {'type': 'string', 'pattern': r'^\$\{\{(.|[\r\n])*\}\}$'},
        'env': {'type': 'object', 'additionalProperties': {'oneOf': [TEXT, {'type': 'number'}, BOOL]}},
        'matrix': {'type': 'object', 'patternProperties': {'^(in|ex)clude$': arr(maps({}))}, 'additionalProperties': arr({}, minItems=1), 'minProperties': 1},
        'step': {'type': 'object', 'properties': {'id': TEXT, 'if': {'type': ['boolean', 'number', 'string']}, 'name': TEXT, 'uses': TEXT, 'run': TEXT,
                                                  'with': {**maps({'type': ['string', 'number', 'boolean']})}, 'env': _ENV, 'timeout-minutes': {'type': 'number', 'exclusiveMinimum': 0}},
                 'additionalProperties': False, 'anyOf': [{'required': ['uses']}, {'required': ['run']}]},
        'job': {'type': 'object', 'required': ['runs-on'], 'additionalProperties': False,
                'properties': {'runs-on': either(TEXT, arr(TEXT, minItems=1), obj({'group': TEXT, 'labels': either(TEXT, arr(TEXT))}, [])), 'needs': {'oneOf': [arr(TEXT, minItems=1), TEXT]},
                               'strategy': obj({'matrix': old('matrix'), 'fail-fast': BOOL, 'max-parallel': INT}, ['matrix']), 'steps': arr(old('step'), minItems=1), 'env': _ENV}}}},
    'patternProperties')
add('pipeline with includes', 'A pipeline file: reserved names beside free ones, each a job.', {
    'type': 'object', 'properties': {'stages': arr(TEXT, uniqueItems=True, minItems=1), 'include': either(TEXT, arr(either(TEXT, obj({'local': TEXT}), obj({'remote': TEXT}))))},
    'additionalProperties': ref('job'), 'minProperties': 1,
    '$defs': {'script': either(TEXT, arr(either(TEXT, arr(TEXT)))), 'when': enum('on_success', 'on_failure', 'always', 'manual'),
              'job': obj({'script': ref('script'), 'when': ref('when'), 'only': either(arr(TEXT), maps(arr(TEXT))), 'retry': either({'type': 'integer', 'minimum': 0, 'maximum': 2}, obj({'max': INT}))}, ['script'])}},
    'uniqueItems')
add('compose file', 'Services by name: short and long forms of everything.', {
    'type': 'object', 'additionalProperties': False, 'patternProperties': {'^x-': {}},
    'properties': {'version': TEXT, 'services': {'type': 'object', 'patternProperties': {'^[a-zA-Z0-9._-]+$': ref('service')}, 'additionalProperties': False}},
    '$defs': {'listed': {'oneOf': [{'type': 'object', 'patternProperties': {'.+': {'type': ['string', 'number', 'boolean', 'null']}}, 'additionalProperties': False}, arr(TEXT, uniqueItems=True)]},
              'service': obj({'image': TEXT, 'build': {'oneOf': [TEXT, obj({'context': TEXT, 'args': ref('listed')}, [])]}, 'environment': ref('listed'), 'command': {'oneOf': [NULL, TEXT, arr(TEXT)]},
                              'ports': arr({'oneOf': [NUMBER, TEXT, obj({'target': INT, 'published': {'type': ['string', 'integer']}}, [])]}, uniqueItems=True),
                              'deploy': maybe(obj({'replicas': {'type': ['integer', 'string']}, 'labels': ref('listed')}, []))}, [])}},
    'oneOf', 'uniqueItems', 'patternProperties')

# ---- manifests of packages

add('package manifest', 'A manifest of a package: dependencies, scripts, people in two forms, nested exports.', {
    '$schema': DRAFT7, 'type': 'object', 'required': ['name', 'version'], 'additionalProperties': True,
    'properties': {'name': {'type': 'string', 'maxLength': 214, 'minLength': 1, 'pattern': r'^(?:(?:@(?:[a-z0-9-*~][a-z0-9-*._~]*)?/[a-z0-9-._~])|[a-z0-9-~])[a-z0-9-._~]*$'},
                   'version': {'type': 'string', 'pattern': r'^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$'}, 'private': either(BOOL, enum('false', 'true')), 'keywords': arr(TEXT),
                   'author': old('person'), 'contributors': arr(old('person')), 'bin': {'type': ['string', 'object'], 'additionalProperties': TEXT}, 'exports': old('exports'),
                   **{n: old('dependency') for n in ('dependencies', 'devDependencies', 'peerDependencies')}},
    'definitions': {'person': {'type': ['object', 'string'], 'required': ['name'], 'properties': {'name': TEXT, 'url': {'type': 'string', 'format': 'uri'}, 'email': {'type': 'string', 'format': 'email'}}},
                    'dependency': {'type': 'object', 'additionalProperties': TEXT},
                    'exports': {'anyOf': [{'type': ['string', 'null'], 'pattern': '^\\./'}, {'type': 'object', 'additionalProperties': old('exports')}, arr(old('exports'))]}}})
add('lock file', 'What was resolved: packages within packages, hashes as patterns.', {
    'type': 'object', 'required': ['lockfileVersion'], 'properties': {'lockfileVersion': {'type': 'integer', 'enum': [1, 2, 3]}, 'packages': maps(ref('package'))}, 'additionalProperties': False,
    '$defs': {'package': obj({'version': TEXT, 'integrity': {'type': 'string', 'pattern': '^(sha1|sha256|sha512)-[A-Za-z0-9+/]{20,88}={0,2}$'}, 'dev': {'const': True}, 'dependencies': maps(ref('package'))}, ['version'])}})
add('compiler settings', 'Settings with deep optional groups, where everything has a default and a long description.', {
    'allOf': [ref('options'), ref('files')],
    '$defs': {'files': {'properties': {'files': arr(TEXT, uniqueItems=True), 'extends': either(TEXT, arr(TEXT))}},
              'options': {'properties': {'options': {'type': 'object', 'properties': {
                  'target': {'description': 'Set the "target".\n\n* ES5\n* ES2015', 'default': 'ES5', 'anyOf': [enum('ES5', 'ES2015', 'ESNext'), {'pattern': '^([Ee][Ss]([356]|(20(1[56789]|2[0123]))|[Nn][Ee][Xx][Tt]))$'}], 'type': 'string'},
                  'lib': arr(enum('DOM', 'ES2015', 'WebWorker'), uniqueItems=True), 'paths': maps(arr(TEXT)), 'strict': {'type': ['boolean', 'null']}, 'plugins': arr({'type': ['object', 'null'], 'properties': {'name': {'type': ['string', 'null']}}})}}}}},
    'type': 'object'}, 'uniqueItems')
add('linter settings', 'Rules: a level, or a list that begins with one.', {
    'type': 'object', 'properties': {'root': BOOL, 'rules': maps(ref('rule')), 'globals': maps({'oneOf': [enum('readonly', 'writable', 'off'), BOOL]}), 'overrides': arr(obj({'files': either(TEXT, arr(TEXT, minItems=1)), 'rules': maps(ref('rule'))}))},
    'required': ['rules'], 'additionalProperties': False,
    '$defs': {'level': enum(0, 1, 2, 'off', 'warn', 'error'), 'rule': either(ref('level'), {'type': 'array', 'prefixItems': [ref('level')], 'items': {}, 'minItems': 1, 'maxItems': 4})}})

# ---- schemas of functions

add('weather tool', 'The arguments of the function that every page on tools shows.', {
    'type': 'object', 'properties': {'location': {'type': 'string', 'description': 'The city and state, e.g. "San Francisco, CA"'}, 'unit': {'type': 'string', 'enum': ['celsius', 'fahrenheit']}}, 'required': ['location']})
add('strict tool', 'Arguments in a strict form: everything required, null for what is left out.', obj({
    'query': TEXT, 'filters': {'type': ['array', 'null'], 'items': obj({'field': enum('price', 'date'), 'op': enum('<', '=', '>'), 'value': {'type': ['string', 'number']}})}, 'limit': {'type': ['integer', 'null'], 'minimum': 1, 'maximum': 100}}))
add('tool without arguments', 'A function that takes nothing.', {'type': 'object', 'properties': {}})
add('tool with a free argument', 'A function whose argument may be anything.', {'type': 'object', 'properties': {'payload': {}, 'options': {'type': 'object'}, 'list': {'type': 'array'}}, 'required': ['payload', 'options', 'list']})
add('tools as one of', 'A call of one of several functions, told apart by a constant.', {
    'oneOf': [obj({'name': {'const': n}, 'arguments': a}) for n, a in [('search', obj({'q': TEXT, 'k': {'type': 'integer', 'default': 5}}, ['q'])), ('open', obj({'url': {'type': 'string', 'format': 'uri'}})),
                                                                      ('sum', obj({'numbers': arr(NUMBER, minItems=1)})), ('stop', obj({}))]]})
add('editor tool', 'A tool of an agent: commands with arguments that depend on each other.', {
    'type': 'object', 'properties': {'command': enum('view', 'create', 'replace', 'insert'), 'path': TEXT, 'line': INT, 'view_range': {'type': 'array', 'items': INT, 'minItems': 2, 'maxItems': 2}, 'old': TEXT, 'new': TEXT},
    'required': ['command', 'path'], 'dependentRequired': {'old': ['new'], 'line': ['new']}, 'additionalProperties': False}, 'dependentRequired')
add('vendor words', 'Words nobody else knows, and annotations of every kind.', {
    'type': 'object', 'x-order': ['b', 'a'], 'x-internal': True, '$comment': 'not for people', 'deprecated': False, 'readOnly': False, 'examples': [{'a': 1}], 'title': 'Vendor',
    'properties': {'a': {'type': 'integer', 'x-order': 1, 'x-widget': {'kind': 'slider'}, 'writeOnly': False, 'example': 3}, 'b': {'type': 'string', 'x-nullable': True, 'nullable': False, 'markdownDescription': '**b**', 'enumNames': ['x']}},
    'required': ['a', 'b'], 'discriminator': {'propertyName': 'a'}})

# ---- API documents

add('api document', 'A document of an interface: paths, operations, schemas within schemas, references or the thing itself.', {
    'type': 'object', 'required': ['openapi', 'info', 'paths'], 'patternProperties': {'^x-': True}, 'additionalProperties': False,
    'properties': {'openapi': {'type': 'string', 'pattern': r'^3\.0\.\d(-.+)?$'}, 'info': obj({'title': TEXT, 'version': TEXT, 'license': obj({'name': TEXT}, ['name'])}, ['title', 'version']), 'paths': {'type': 'object', 'patternProperties': {'^\\/': ref('item'), '^x-': {}}, 'additionalProperties': False},
                   'components': obj({'schemas': {'type': 'object', 'patternProperties': {r'^[a-zA-Z0-9\.\-_]+$': {'oneOf': [ref('schema'), ref('reference')]}}, 'additionalProperties': False}}, [])},
    '$defs': {'reference': {'type': 'object', 'required': ['$ref'], 'patternProperties': {r'^\$ref$': {'type': 'string', 'format': 'uri-reference'}}},
              'schema': {'type': 'object', 'properties': {
                  'type': enum('array', 'boolean', 'integer', 'number', 'object', 'string'), 'multipleOf': {'type': 'number', 'exclusiveMinimum': 0}, 'required': arr(TEXT, minItems=1, uniqueItems=True),
                  'not': {'oneOf': [ref('schema'), ref('reference')]}, 'items': {'oneOf': [ref('schema'), ref('reference')]}, 'properties': maps({'oneOf': [ref('schema'), ref('reference')]}),
                  **{n: arr({'oneOf': [ref('schema'), ref('reference')]}) for n in ('allOf', 'oneOf', 'anyOf')}, 'enum': arr({}, minItems=1), 'default': {}}, 'patternProperties': {'^x-': {}}, 'additionalProperties': False},
              'operation': obj({'operationId': TEXT, 'tags': arr(TEXT), 'parameters': arr(either(ref('parameter'), ref('reference'))), 'responses': {'type': 'object', 'patternProperties': {'^[1-5](?:\\d{2}|XX)$': obj({'description': TEXT})}, 'minProperties': 1, 'additionalProperties': False}}, ['responses']),
              'parameter': obj({'name': TEXT, 'in': enum('path', 'query', 'header', 'cookie'), 'schema': either(ref('schema'), ref('reference'))}, ['name', 'in']),
              'item': {'type': 'object', 'properties': {'summary': TEXT}, 'patternProperties': {'^(get|put|post|delete)$': ref('operation')}, 'additionalProperties': False}}},
    'oneOf', 'patternProperties', 'uniqueItems')
add('schema of schemas', 'The language of schemas in itself, with a dynamic reference to the tree it belongs to.', {
    '$schema': DRAFT2020, '$id': 'https://schemas.example/meta', '$dynamicAnchor': 'node', 'type': ['object', 'boolean'],
    'properties': {'$defs': maps({'$dynamicRef': '#node'}), 'properties': maps({'$dynamicRef': '#node'}), 'items': {'$dynamicRef': '#node'}, 'anyOf': {'$ref': '#/$defs/several'}, 'type': either(ref('simple'), arr(ref('simple'), minItems=1, uniqueItems=True)),
                   'minimum': NUMBER, 'maxLength': ref('natural'), 'minLength': {'$ref': '#/$defs/natural', 'default': 0}, 'pattern': {'type': 'string', 'format': 'regex'}, 'const': True, 'enum': {'type': 'array', 'items': True}},
    '$defs': {'several': {'type': 'array', 'minItems': 1, 'items': {'$dynamicRef': '#node'}}, 'natural': {'type': 'integer', 'minimum': 0}, 'simple': enum('array', 'boolean', 'integer', 'null', 'number', 'object', 'string')}}, 'uniqueItems')
add('old schema of schemas', 'The same as it was in draft 4, where the root refers to itself.', {
    '$schema': DRAFT4, 'id': 'http://schemas.example/old#', 'type': 'object', 'definitions': {'schemas': arr({'$ref': '#'}, minItems=1), 'natural': {'type': 'integer', 'minimum': 0}, 'natural0': {'allOf': [old('natural'), {'default': 0}]}},
    'properties': {'title': TEXT, 'multipleOf': {'type': 'number', 'minimum': 0, 'exclusiveMinimum': True}, 'maxItems': old('natural'), 'minItems': old('natural0'), 'items': {'anyOf': [{'$ref': '#'}, old('schemas')], 'default': {}},
                   'additionalProperties': {'anyOf': [BOOL, {'$ref': '#'}]}, 'properties': maps({'$ref': '#'}), 'dependencies': maps({'anyOf': [{'$ref': '#'}, arr(TEXT, uniqueItems=True)]})}, 'dependencies': {'exclusiveMaximum': ['maximum']}},
    'uniqueItems', 'dependencies')
add('query document', 'A search query: clauses within clauses, by name.', {
    '$ref': '#/$defs/query', '$defs': {'queries': either(ref('query'), arr(ref('query'))), 'value': {'type': ['string', 'number', 'boolean', 'null']},
                                       'query': {'type': 'object', 'minProperties': 1, 'maxProperties': 1, 'additionalProperties': False, 'properties': {
                                           'match': maps(either(TEXT, obj({'query': TEXT, 'operator': enum('and', 'or'), 'boost': NUMBER}, ['query']))), 'term': maps(ref('value')), 'range': maps(obj({n: {'type': ['number', 'string']} for n in ('gt', 'gte', 'lt', 'lte')}, [])),
                                           'bool': obj({n: ref('queries') for n in ('must', 'should', 'filter', 'must_not')}, []), 'exists': obj({'field': TEXT}), 'match_all': obj({})}}}})

# ---- charts

_FIELD = either(TEXT, obj({'repeat': enum('row', 'column', 'layer')}))
_COLOUR = either({'type': 'string', 'pattern': '^#[0-9a-fA-F]{6}$'}, enum('black', 'silver', 'red', 'steelblue'), ref('Gradient'))
_CHANNELS = ('x', 'y', 'x2', 'y2', 'color', 'fill', 'stroke', 'opacity', 'size', 'shape', 'theta', 'radius', 'text', 'tooltip', 'detail', 'order', 'href', 'key', 'row', 'column', 'facet')
_DEFS = {
    'Gradient': obj({'gradient': enum('linear', 'radial'), 'stops': arr(obj({'offset': NUMBER, 'color': TEXT}))}, ['gradient', 'stops']),
    'Expr': obj({'expr': TEXT}), 'Value': either(NUMBER, TEXT, BOOL, NULL, ref('Expr')),
    'Predicate': either(TEXT, *(obj({'field': TEXT, op: ref('Value')}) for op in ('equal', 'lt', 'lte', 'gt', 'gte')), obj({'field': TEXT, 'range': arr(either(NUMBER, NULL), minItems=2, maxItems=2)}), obj({'field': TEXT, 'oneOf': either(arr(TEXT), arr(NUMBER), arr(BOOL))}),
                        obj({'param': TEXT, 'empty': BOOL}, ['param']), obj({'and': arr(ref('Composition'))}), obj({'or': arr(ref('Composition'))}), obj({'not': ref('Composition')})),
    'Composition': either(ref('Predicate'), obj({'and': arr(ref('Composition'))}), obj({'or': arr(ref('Composition'))}), obj({'not': ref('Composition')})),
    'Scale': obj({'type': enum('linear', 'log', 'pow', 'time', 'band', 'point'), 'domain': either(arr(either(NUMBER, TEXT, BOOL, ref('Expr'))), enum('unaggregated'), obj({'param': TEXT, 'field': TEXT}, ['param'])), 'range': either(arr(either(NUMBER, TEXT, arr(NUMBER))), TEXT), 'zero': either(BOOL, ref('Expr')), 'scheme': either(TEXT, obj({'name': TEXT, 'count': NUMBER}, ['name']))}, []),
    'Axis': obj({n: either(NUMBER, ref('Expr')) for n in ('labelAngle', 'tickCount', 'offset', 'zindex')} | {'title': either(TEXT, arr(TEXT), NULL), 'labelColor': either(_COLOUR, ref('Conditional')), 'grid': BOOL, 'format': either(TEXT, maps({}))}, []),
    'Legend': obj({'title': either(TEXT, NULL), 'orient': enum('left', 'right', 'top', 'none'), 'values': arr(ref('Value')), 'symbolFillColor': either(_COLOUR, NULL)}, []),
    'Sort': either(enum('ascending', 'descending', 'x', '-x', 'y', '-y'), obj({'field': _FIELD, 'op': ref('Aggregate'), 'order': either(enum('ascending', 'descending'), NULL)}, []), obj({'encoding': enum(*_CHANNELS), 'order': enum('ascending', 'descending')}, ['encoding']), arr(NUMBER), arr(TEXT), NULL),
    'Aggregate': either(enum('count', 'sum', 'mean', 'median', 'min', 'max'), obj({'argmax': TEXT}), obj({'argmin': TEXT})),
    'Bin': obj({'maxbins': NUMBER, 'step': NUMBER, 'extent': either(arr(NUMBER, minItems=2, maxItems=2), obj({'param': TEXT}))}, []),
    'TimeUnit': either(enum('year', 'month', 'yearmonth', 'hours'), obj({'unit': enum('year', 'month'), 'step': NUMBER, 'utc': BOOL}, [])),
    'Conditional': obj({'condition': either(ref('ConditionalDef'), arr(ref('ConditionalDef'))), 'value': ref('Value')}, ['condition']),
    'ConditionalDef': either(obj({'test': ref('Composition'), 'value': ref('Value')}), obj({'param': TEXT, 'value': ref('Value'), 'empty': BOOL}, ['param', 'value']), obj({'test': ref('Composition'), 'field': _FIELD, 'scale': maybe(ref('Scale')), 'type': ref('Type')}, ['test', 'field'])),
    'Type': enum('quantitative', 'ordinal', 'temporal', 'nominal', 'geojson'),
    'FieldDef': obj({'field': _FIELD, 'type': ref('Type'), 'aggregate': ref('Aggregate'), 'bin': either(BOOL, ref('Bin'), NULL), 'timeUnit': ref('TimeUnit'), 'scale': maybe(ref('Scale')), 'axis': maybe(ref('Axis')), 'legend': maybe(ref('Legend')), 'sort': ref('Sort'),
                     'condition': either(ref('ConditionalDef'), arr(ref('ConditionalDef'))), 'title': either(TEXT, arr(TEXT), NULL)}, []),
    'ValueDef': obj({'value': either(ref('Value'), enum('width', 'height')), 'condition': either(ref('ConditionalDef'), arr(ref('ConditionalDef')))}, ['value']),
    'Channel': either(ref('FieldDef'), ref('ValueDef'), obj({'datum': either(ref('Value'), obj({'repeat': enum('layer')})), 'type': ref('Type')}, ['datum'])),
    'Encoding': obj({n: either(ref('Channel'), arr(ref('FieldDef')), NULL) if n in ('tooltip', 'detail', 'order') else ref('Channel') for n in _CHANNELS}, []),
    'MarkType': enum('bar', 'line', 'area', 'point', 'rule', 'text', 'tick', 'arc', 'rect'),
    'MarkDef': obj({'type': ref('MarkType'), 'color': _COLOUR, 'tooltip': either(ref('Value'), obj({'content': enum('encoding', 'data')}), NULL), 'point': either(BOOL, ref('Overlay'), enum('transparent')), 'line': either(BOOL, ref('Overlay')),
                    **{n: either(NUMBER, ref('Expr')) for n in ('opacity', 'size', 'angle', 'strokeWidth', 'cornerRadius')}, 'strokeDash': arr(NUMBER)}, ['type']),
    'Overlay': obj({'color': _COLOUR, 'size': either(NUMBER, ref('Expr')), 'tooltip': ref('Value')}, []),
    'Transform': either(obj({'filter': ref('Composition')}), obj({'calculate': TEXT, 'as': TEXT}), obj({'aggregate': arr(obj({'op': ref('Aggregate'), 'field': TEXT, 'as': TEXT}, ['op', 'as'])), 'groupby': arr(TEXT)}, ['aggregate']), obj({'fold': arr(TEXT), 'as': arr(TEXT, minItems=2, maxItems=2)}, ['fold']),
                        obj({'lookup': TEXT, 'from': either(obj({'data': ref('Data'), 'key': TEXT, 'fields': arr(TEXT)}, ['data', 'key']), obj({'param': TEXT, 'key': TEXT}))}), obj({'window': arr(obj({'op': enum('rank', 'lag'), 'as': TEXT})), 'frame': arr(either(NULL, NUMBER))}, ['window'])),
    'Data': either(obj({'url': TEXT, 'format': maps({})}, ['url']), obj({'values': either(arr(NUMBER), arr(TEXT), arr(maps({})), TEXT, maps({}))}), obj({'name': TEXT}), obj({'sequence': obj({'start': NUMBER, 'stop': NUMBER, 'step': NUMBER}, ['start', 'stop'])})),
    'Params': arr(obj({'name': TEXT, 'select': either(enum('point', 'interval'), obj({'type': enum('point', 'interval'), 'encodings': arr(enum(*_CHANNELS)), 'on': either(TEXT, maps({}))}, ['type'])), 'value': either(ref('Value'), arr(maps(ref('Value')))), 'bind': either(enum('scales', 'legend'), maps({}))}, ['name'])),
    'Resolve': obj({n: maps(enum('independent', 'shared')) for n in ('scale', 'axis', 'legend')}, []),
}
_COMMON = {'data': maybe(ref('Data')), 'transform': arr(ref('Transform')), 'title': either(TEXT, arr(TEXT), obj({'text': TEXT, 'color': _COLOUR}, ['text'])), 'name': TEXT, 'description': TEXT, 'resolve': ref('Resolve')}
_DEFS |= {
    'Unit': obj({**_COMMON, 'mark': either(ref('MarkType'), ref('MarkDef')), 'encoding': ref('Encoding'), 'params': ref('Params'), 'width': either(NUMBER, enum('container'), obj({'step': NUMBER})), 'projection': maps({})}, ['mark']),
    'Layer': obj({**_COMMON, 'layer': arr(either(ref('Layer'), ref('Unit'))), 'encoding': ref('Encoding'), 'view': maps(either(_COLOUR, NUMBER))}, ['layer']),
    'Facet': obj({**_COMMON, 'facet': either(ref('FieldDef'), obj({'row': ref('FieldDef'), 'column': ref('FieldDef')}, [])), 'spec': either(ref('Layer'), ref('Unit')), 'columns': NUMBER}, ['facet', 'spec']),
    'Repeat': obj({**_COMMON, 'repeat': either(arr(TEXT), obj({n: arr(TEXT) for n in ('row', 'column', 'layer')}, [])), 'spec': ref('Spec')}, ['repeat', 'spec']),
    'Concat': either(*(obj({**_COMMON, n: arr(ref('Spec')), 'spacing': either(NUMBER, obj({'row': NUMBER, 'column': NUMBER}, []))}, [n]) for n in ('concat', 'hconcat', 'vconcat'))),
    'Spec': either(ref('Unit'), ref('Layer'), ref('Facet'), ref('Repeat'), ref('Concat')),
}
add('chart', 'A grammar of graphics: some fifty definitions that refer to each other, layers in layers, charts in charts.', {'$schema': DRAFT7, '$ref': '#/$defs/Spec', '$defs': _DEFS})
add('chart in a field', 'The same chart as one field of an answer that also explains it.', obj({'explanation': TEXT, 'chart': ref('Spec')}, **{'$defs': _DEFS}))
add('dashboard', 'Panels of several kinds on a grid, each with queries and thresholds.', obj({'panels': arr(ref('panel'), maxItems=20), 'time': obj({'from': TEXT, 'to': TEXT})}, **{'$defs': {
    'panel': {'oneOf': [obj({'type': {'const': 'row'}, 'collapsed': BOOL, 'panels': arr(ref('panel'))}), obj({'type': {'const': 'graph'}, 'gridPos': ref('grid'), 'targets': arr(obj({'expr': TEXT, 'refId': {'type': 'string', 'pattern': '^[A-Z]$'}})), 'thresholds': arr(obj({'value': maybe(NUMBER), 'color': TEXT}))}, ['type', 'gridPos']),
                        obj({'type': {'const': 'text'}, 'content': TEXT})]}, 'grid': obj({'x': {'type': 'integer', 'minimum': 0, 'maximum': 23}, 'y': {'type': 'integer', 'minimum': 0}, 'w': {'type': 'integer', 'minimum': 1, 'maximum': 24}, 'h': {'type': 'integer', 'exclusiveMinimum': 0}})}}))
# ---- logs, findings, traces

_MESSAGE = {'properties': {'text': TEXT, 'markdown': TEXT, 'id': TEXT, 'arguments': arr(TEXT)}, 'type': 'object', 'additionalProperties': False, 'anyOf': [{'required': ['text']}, {'required': ['id']}]}
add('findings log', 'A log of an analyser: runs, results, places, flows; dozens of optional definitions within each other.', {
    '$schema': DRAFT7, 'type': 'object', 'required': ['version', 'runs'], 'additionalProperties': False, 'properties': {'version': {'enum': ['2.1.0']}, 'runs': {'type': ['array', 'null'], 'minItems': 0, 'uniqueItems': False, 'items': old('run')}, 'properties': old('bag')},
    'definitions': {
        'bag': {'type': 'object', 'additionalProperties': True, 'properties': {'tags': arr(TEXT, uniqueItems=True, default=[])}}, 'message': _MESSAGE,
        'artifactLocation': obj({'uri': {'type': 'string', 'format': 'uri-reference'}, 'uriBaseId': TEXT, 'index': {'type': 'integer', 'default': -1, 'minimum': -1}, 'description': old('message'), 'properties': old('bag')}, []),
        'region': obj({n: {'type': 'integer', 'minimum': 1} for n in ('startLine', 'startColumn', 'endLine', 'endColumn')} | {'snippet': old('artifactContent'), 'message': old('message'), 'properties': old('bag')}, []),
        'artifactContent': obj({'text': TEXT, 'binary': {'type': 'string', 'contentEncoding': 'base64'}, 'rendered': old('multi')}, []), 'multi': {'type': 'object', 'required': ['text'], 'properties': {'text': TEXT, 'markdown': TEXT}, 'additionalProperties': False},
        'physicalLocation': {'type': 'object', 'properties': {'artifactLocation': old('artifactLocation'), 'region': old('region'), 'contextRegion': old('region')}, 'additionalProperties': False, 'anyOf': [{'required': ['artifactLocation']}, {'required': ['region']}]},
        'location': obj({'id': {'type': 'integer', 'minimum': -1}, 'physicalLocation': old('physicalLocation'), 'logicalLocations': arr(old('logicalLocation'), uniqueItems=True), 'message': old('message'), 'annotations': arr(old('region'), uniqueItems=True), 'relationships': arr(obj({'target': INT, 'kinds': arr(TEXT)}, ['target']))}, []),
        'logicalLocation': obj({'name': TEXT, 'fullyQualifiedName': TEXT, 'parentIndex': INT, 'kind': TEXT}, []),
        'threadFlow': obj({'locations': arr(obj({'location': old('location'), 'stack': old('stack'), 'nestingLevel': {'type': 'integer', 'minimum': 0}, 'state': maps(old('multi')), 'importance': enum('important', 'essential', 'unimportant')}, []), minItems=1), 'immutableState': maps(old('multi'))}, ['locations']),
        'codeFlow': obj({'message': old('message'), 'threadFlows': arr(old('threadFlow'), minItems=1)}, ['threadFlows']), 'stack': obj({'message': old('message'), 'frames': arr(obj({'location': old('location'), 'module': TEXT, 'parameters': arr(TEXT)}, []))}, ['frames']),
        'node': obj({'id': TEXT, 'label': old('message'), 'location': old('location'), 'children': arr(old('node'), uniqueItems=True)}, ['id']), 'graph': obj({'nodes': arr(old('node')), 'edges': arr(obj({'id': TEXT, 'sourceNodeId': TEXT, 'targetNodeId': TEXT}))}, []),
        'fix': obj({'description': old('message'), 'artifactChanges': arr(obj({'artifactLocation': old('artifactLocation'), 'replacements': arr(obj({'deletedRegion': old('region'), 'insertedContent': old('artifactContent')}, ['deletedRegion']), minItems=1)}), minItems=1)}, ['artifactChanges']),
        'exception': obj({'kind': TEXT, 'message': TEXT, 'stack': old('stack'), 'innerExceptions': arr(old('exception'))}, []),
        'result': obj({'ruleId': TEXT, 'level': enum('none', 'note', 'warning', 'error'), 'message': old('message'), 'locations': arr(old('location')), 'guid': {'type': 'string', 'pattern': '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$'}, 'rank': {'type': 'number', 'minimum': -1, 'maximum': 100},
                       'stacks': arr(old('stack'), uniqueItems=True), 'codeFlows': arr(old('codeFlow')), 'graphs': arr(old('graph'), uniqueItems=True), 'fixes': arr(old('fix'), uniqueItems=True), 'properties': old('bag')}, ['message']),
        'driver': obj({'name': TEXT, 'rules': arr(obj({'id': TEXT, 'shortDescription': old('multi'), 'helpUri': {'type': 'string', 'format': 'uri'}, 'properties': old('bag')}, ['id']), uniqueItems=True)}, ['name']),
        'run': obj({'tool': obj({'driver': old('driver'), 'extensions': arr(old('driver'))}, ['driver']), 'results': {'type': ['array', 'null'], 'items': old('result')}, 'exceptions': arr(old('exception')), 'properties': old('bag')}, ['tool'])}}, 'uniqueItems')
add('trace', 'Spans with attributes whose values say their own kind.', obj({'spans': arr(obj({'traceId': {'type': 'string', 'pattern': '^[0-9a-f]{32}$'}, 'name': TEXT, 'start': {'type': 'integer', 'minimum': 0}, 'attributes': arr(obj({'key': TEXT, 'value': ref('any')})), 'events': arr(obj({'name': TEXT, 'time': INT}))}, ['traceId', 'name']), minItems=1)}, **{'$defs': {
    'any': {'oneOf': [obj({'stringValue': TEXT}), obj({'intValue': {'type': ['integer', 'string']}}), obj({'doubleValue': NUMBER}), obj({'boolValue': BOOL}), obj({'arrayValue': obj({'values': arr(ref('any'))})}), obj({'kvlistValue': obj({'values': arr(obj({'key': TEXT, 'value': ref('any')}))})})]}}}))
# ---- places, patches, patients, clusters, words

_POSITION = {'type': 'array', 'minItems': 2, 'maxItems': 3, 'items': NUMBER}
_BOX = {'bbox': {'type': 'array', 'minItems': 4, 'items': NUMBER}}
_GEOMETRY = {n: obj({'type': enum(n), 'coordinates': c, **_BOX}, ['type', 'coordinates'], extra=True) for n, c in [
    ('Point', _POSITION), ('LineString', arr(_POSITION, minItems=2)), ('Polygon', arr(arr(_POSITION, minItems=4))), ('MultiPoint', arr(_POSITION)), ('MultiPolygon', arr(arr(arr(_POSITION, minItems=4))))]}
add('places', 'Features of a map: geometries in geometries, coordinates four arrays deep.', {
    'oneOf': [ref('feature'), obj({'type': enum('FeatureCollection'), 'features': arr(ref('feature')), **_BOX}, ['type', 'features'])],
    '$defs': {'geometry': {'oneOf': [*_GEOMETRY.values(), obj({'type': enum('GeometryCollection'), 'geometries': arr(ref('geometry'))})]}, 'feature': obj({'type': enum('Feature'), 'id': {'oneOf': [NUMBER, TEXT]}, 'properties': {'oneOf': [NULL, {'type': 'object'}]}, 'geometry': {'oneOf': [NULL, ref('geometry')]}}, ['type', 'properties', 'geometry'])}})
add('patch', 'A patch of a document: operations, each with what it needs.', arr({'oneOf': [
    {'required': ['value'], 'properties': {'op': enum('add', 'replace', 'test'), 'path': old('path'), 'value': {}}, 'additionalProperties': False, 'type': 'object'}, obj({'op': enum('remove'), 'path': old('path')}), obj({'op': enum('move', 'copy'), 'path': old('path'), 'from': old('path')})]},
    definitions={'path': {'type': 'string', 'pattern': '^(/[^/~]*(~[01][^/~]*)*)*$'}}))
add('patient record', 'A record of medicine: elements that carry extensions, which carry elements; a value of any of twenty kinds.', {
    'discriminator': {'propertyName': 'resourceType'}, 'oneOf': [ref('Patient'), ref('Observation'), ref('Bundle')],
    '$defs': {'id': {'type': 'string', 'pattern': r'^[A-Za-z0-9\-\.]{1,64}$'}, 'date': {'type': 'string', 'pattern': r'^([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1]))?)?$'}, 'decimal': {'type': 'number', 'pattern': r'^-?(0|[1-9][0-9]*)(\.[0-9]+)?$'},
              'Extension': obj({'url': TEXT, 'extension': arr(ref('Extension')), 'valueString': {'type': 'string', 'pattern': r'^[ \r\n\t\S]+$'}, '_valueString': ref('Element'), **{f'value{t}': ref(t) for t in ('Quantity', 'Coding', 'Period', 'Reference', 'CodeableConcept')}}, ['url']),
              'Element': obj({'id': TEXT, 'extension': arr(ref('Extension'))}, []), 'Quantity': obj({'value': ref('decimal'), 'unit': TEXT, 'extension': arr(ref('Extension'))}, []), 'Coding': obj({'system': TEXT, 'code': TEXT, '_code': ref('Element')}, []),
              'Period': obj({'start': ref('date'), 'end': ref('date')}, []), 'Reference': obj({'reference': TEXT, 'identifier': ref('Identifier')}, []), 'Identifier': obj({'system': TEXT, 'value': TEXT, 'period': ref('Period'), 'assigner': ref('Reference')}, []), 'CodeableConcept': obj({'coding': arr(ref('Coding')), 'text': TEXT}, []),
              'Patient': obj({'resourceType': {'const': 'Patient'}, 'id': ref('id'), 'identifier': arr(ref('Identifier')), 'birthDate': ref('date'), '_birthDate': ref('Element'), 'gender': enum('male', 'female', 'other', 'unknown'), 'contained': arr(ref('Resource'))}, ['resourceType']),
              'Observation': obj({'resourceType': {'const': 'Observation'}, 'status': {'pattern': r'^[^\s]+(\s[^\s]+)*$', 'type': 'string'}, 'code': ref('CodeableConcept'), 'valueQuantity': ref('Quantity'), 'valueBoolean': BOOL, 'component': arr(obj({'code': ref('CodeableConcept')}))}, ['resourceType', 'code']),
              'Bundle': obj({'resourceType': {'const': 'Bundle'}, 'entry': arr(obj({'fullUrl': TEXT, 'resource': ref('Resource')}, []))}, ['resourceType']), 'Resource': {'oneOf': [ref('Patient'), ref('Observation'), ref('Bundle')]}}}, 'oneOf')
_QUANTITY = {'oneOf': [TEXT, NUMBER]}
add('cluster object', 'A workload of a cluster: null allowed everywhere, quantities that are a text or a number.', {
    'type': 'object', 'x-kind': [{'group': 'apps', 'version': 'v1'}], 'required': ['apiVersion', 'kind', 'spec'], 'properties': {'apiVersion': {'type': ['string', 'null'], 'enum': ['apps/v1']}, 'kind': {'type': ['string', 'null'], 'enum': ['Deployment']}, 'metadata': {'$ref': '#/definitions/io.meta.v1.ObjectMeta', 'description': 'beside'},
                                                                                                                                   'spec': {'$ref': '#/definitions/io.apps.v1.Spec'}}, 'additionalProperties': False,
    'definitions': {'io.meta.v1.ObjectMeta': {'properties': {'name': {'type': ['string', 'null']}, 'labels': {'additionalProperties': {'type': ['string', 'null']}, 'type': ['object', 'null']}, 'creationTimestamp': {'format': 'date-time', 'type': ['string', 'null']}}, 'type': ['object', 'null']},
                    'io.apps.v1.Spec': {'type': 'object', 'required': ['template'], 'properties': {'replicas': {'type': ['integer', 'null'], 'format': 'int32'}, 'template': {'type': 'object', 'properties': {'containers': arr({'$ref': '#/definitions/io.core.v1.Container'}, **{'x-patch-merge-key': 'name'})}}}},
                    'io.core.v1.Container': {'type': 'object', 'required': ['name'], 'properties': {'name': TEXT, 'image': {'type': ['string', 'null']}, 'args': {'type': ['array', 'null'], 'items': {'type': ['string', 'null']}}, 'resources': {'type': 'object', 'properties': {'limits': {'type': 'object', 'additionalProperties': _QUANTITY}}},
                                                                                                    'ports': arr({'type': 'object', 'required': ['containerPort'], 'properties': {'containerPort': {'type': 'integer', 'format': 'int32'}, 'protocol': enum('TCP', 'UDP', None)}})}}}})
add('resource definition', 'A schema that is kept inside of a document: its own tree, restricted.', {
    '$ref': '#/$defs/props', '$defs': {'props': obj({'type': enum('object', 'array', 'string', 'integer'), 'properties': maps(ref('props')), 'items': ref('props'), 'required': arr(TEXT, uniqueItems=True), 'x-int-or-string': BOOL, 'enum': arr({'type': ['string', 'integer', 'null']}, minItems=1), 'default': {}}, ['type'])}}, 'uniqueItems')
add('catalogue of messages', 'Texts by language and by key, nested as deep as one likes.', {
    'type': 'object', 'patternProperties': {'^[a-z]{2}(-[A-Z]{2})?$': ref('messages')}, 'additionalProperties': False, 'minProperties': 1, '$defs': {'messages': maps(either(TEXT, ref('messages'), obj({'one': TEXT, 'other': TEXT, 'few': TEXT}, ['other'])))}}, 'patternProperties')
add('feed', 'An event stream: activities whose object is an activity, a link or a text.', {
    '$ref': '#/$defs/activity', '$defs': {'activity': obj({'@context': either({'type': 'string', 'format': 'uri'}, arr({})), 'type': enum('Create', 'Announce', 'Like'), 'id': {'type': 'string', 'format': 'iri'}, 'published': {'type': 'string', 'format': 'date-time'}, 'object': either(ref('activity'), ref('note'), TEXT)}, ['type', 'object']),
                                          'note': obj({'type': {'const': 'Note'}, 'content': TEXT, 'attachments': arr(either(ref('note'), obj({'href': TEXT})))}, ['type', 'content'])}})

# ---- trees

_OPS = ['+', '-', '*', '/', '==', '&&', '||', '<=']
add('expression tree', 'Expressions of a language: what stands between brackets is again one.', {
    '$ref': '#/$defs/expr', '$defs': {'expr': either(ref('lit'), ref('name'), ref('binary'), ref('call'), ref('lambda')), 'lit': obj({'kind': {'const': 'lit'}, 'value': {'type': ['number', 'string', 'boolean', 'null']}}), 'name': obj({'kind': {'const': 'name'}, 'id': {'type': 'string', 'pattern': '^[A-Za-z_]\\w*$'}}),
                                      'binary': obj({'kind': {'const': 'binary'}, 'op': enum(*_OPS), 'left': ref('expr'), 'right': ref('expr')}), 'call': obj({'kind': {'const': 'call'}, 'function': ref('expr'), 'arguments': arr(ref('expr'))}), 'lambda': obj({'kind': {'const': 'lambda'}, 'parameters': arr(ref('name')), 'body': ref('expr')})}})
_STATEMENTS = {'block': {'body': arr(ref('statement'))}, 'if': {'test': ref('node'), 'then': ref('statement'), 'else': maybe(ref('statement'))}, 'return': {'value': maybe(ref('node'))}, 'for': {'target': ref('node'), 'in': ref('node'), 'body': arr(ref('statement'))}, 'assign': {'target': ref('node'), 'value': ref('node')}, 'try': {'body': arr(ref('statement')), 'handlers': arr(ref('handler'), minItems=1), 'finally': maybe(arr(ref('statement')))}}
add('program tree', 'A whole program: statements, nodes and handlers that refer to each other.', {
    **obj({'body': arr(ref('statement')), 'sourceType': enum('script', 'module')}), '$defs': {'handler': obj({'name': maybe(TEXT), 'body': arr(ref('statement'))}), 'node': either(TEXT, NUMBER, obj({'op': enum(*_OPS), 'args': arr(ref('node'))}), obj({'body': arr(ref('statement'))})), 'statement': {'oneOf': [obj({'type': {'const': n}, **p}) for n, p in _STATEMENTS.items()]}}})
add('file tree', 'Folders in folders, by name.', {'$ref': '#/$defs/folder', '$defs': {'file': obj({'size': {'type': 'integer', 'minimum': 0}, 'modified': {'type': 'string', 'format': 'date-time'}}), 'folder': obj({'entries': maps(either(ref('file'), ref('folder')))})}})
add('linked list', 'A list by references: every item holds the next or null.', obj({'value': INT, 'next': maybe({'$ref': '#'})}))
add('json value', 'Any value, spelt out.', {'$ref': '#/$defs/json', '$defs': {'json': either(NULL, BOOL, NUMBER, TEXT, arr(ref('json')), maps(ref('json')))}})
add('nested arrays', 'Arrays of arrays, ten deep.', functools.reduce(lambda inner, n: arr(inner), range(10), INT))
add('deep object', 'Forty objects in each other.', functools.reduce(lambda inner, n: obj({f'level_{n}': inner}), range(40), TEXT))
_SEVEN = ('Heading', 'Paragraph', 'Quote', 'List', 'Table', 'Figure', 'Section')
add('union of seven', 'Seven models, each holding a list of the union.', obj({'blocks': arr(ref('block'))}, **{'$defs': {'block': {'anyOf': [ref(n) for n in _SEVEN]}, **{n: obj({'kind': {'const': n.lower()}, 'title': TEXT, 'children': arr({'anyOf': [ref(m) for m in _SEVEN]})}) for n in _SEVEN}}}))
add('union of twelve without a mark', 'Twelve models that only their properties tell apart, all optional, each holding all.', obj({'root': ref('any')}, **{'$defs': {'any': {'anyOf': [ref(f'M{n}') for n in range(12)]}, **{f'M{n}': obj({f'p{n}_{k}': maybe(arr(ref('any'))) for k in range(4)}, []) for n in range(12)}}}))
add('mutual references', 'Four definitions that go round in a ring.', {'$ref': '#/$defs/a', '$defs': {x: obj({'v': INT, y: maybe(ref(y)), f'{y}s': arr(ref(y))}, ['v']) for x, y in ('ab', 'bc', 'cd', 'da')}})
add('cycle of references', 'A reference that leads to a reference and back is beside a real one.', {'$defs': {'a': {'$ref': '#/$defs/b'}, 'b': {'anyOf': [INT, ref('a')]}}, **obj({'x': ref('a')})})

# ---- many of something

add('200 optional enums', 'A form of two hundred questions, none of which must be answered.', obj({f'question_{n}': enum('yes', 'no', 'n/a', f'other {n}') for n in range(200)}, []))
add('200 required fields', 'A form of two hundred questions, all of which must be answered.', obj({f'f{n}': BOOL for n in range(200)}))
add('300 definitions', 'Many definitions, each of which uses the next three.', {'$ref': '#/$defs/d0', '$defs': {f'd{n}': obj({f'to_{k}': ref(f'd{(n * 3 + k) % 300}') for k in (1, 2, 3)} | {'v': INT}, ['v']) for n in range(300)}})
add('3000 words', 'A field with a code out of a list of three thousand.', obj({'code': enum(*(f'{chr(65 + n % 26)}{n:04d}.{n * 7 % 10}' for n in range(3000)))}))
add('3000 numbers', 'A field with a number out of a list of three thousand.', obj({'postcode': enum(*range(10_000, 40_000, 10))}))
add('2500 words or nothing', 'A code out of a list, or null.', obj({'code': enum(None, *(f'ICD-{n:05x}' for n in range(2500)))}))
add('words with common beginnings', 'Names of which one begins another.', arr(enum('a', 'ab', 'abc', 'abcd', 'b', 'ba', '', ' ', 'a b', '"', '\\', '\n', 'é', '😀', 'a' * 300), minItems=2, maxItems=6))
add('mixed enum', 'Values of every kind in one list.', arr({'enum': [None, True, False, 0, 1, -1, 1.5, 1e10, 'null', '0', [], {}, [1, [2]], {'a': {'b': None}}]}, minItems=1))
add('long enum of objects', 'Sixty fixed objects.', {'enum': [{'id': n, 'name': f'Option {n}', 'tags': [n, str(n)]} for n in range(60)]})

add('20000 words', 'A field with a code out of a list of twenty thousand.', obj({'code': enum(*(f'w{n * 7919 % 1_000_003}x{n}' for n in range(20_000)))}))

# ---- arrays

add('wide tuple', 'A row of forty columns.', {'type': 'array', 'prefixItems': [(INT, TEXT, BOOL, NUMBER, NULL)[n % 5] for n in range(40)], 'items': False, 'minItems': 40})
add('old tuple', 'A tuple of draft 7, which ends.', {'$schema': DRAFT7, 'type': 'array', 'items': [TEXT, INT, {'type': 'object', 'additionalProperties': False}], 'additionalItems': False, 'minItems': 2})
add('old tuple with more', 'A tuple of draft 7 with a tail.', {'$schema': DRAFT7, 'type': 'array', 'items': [{'const': 'sum'}, INT], 'additionalItems': NUMBER, 'minItems': 4, 'maxItems': 8})
add('tuple 2019', 'The same of 2019-09.', {'$schema': DRAFT2019, 'type': 'array', 'items': [enum('GET', 'POST'), {'type': 'string', 'minLength': 1}], 'minItems': 2, 'additionalItems': False})
add('unique items', 'Distinct things, of which there must be some.', obj({'tags': arr(enum('a', 'b', 'c', 'd'), uniqueItems=True, minItems=3), 'days': arr({'type': 'integer', 'minimum': 1, 'maximum': 7}, uniqueItems=True, minItems=5), 'flags': arr(BOOL, uniqueItems=True, minItems=2)}))
add('unique texts', 'Distinct texts and distinct objects.', obj({'names': arr(TEXT, uniqueItems=True, minItems=2), 'points': arr(obj({'x': {'type': 'integer', 'minimum': 0, 'maximum': 9}}), uniqueItems=True, maxItems=5)}), 'uniqueItems')
add('contains', 'A list that must hold something of a kind.', obj({'parts': arr({'type': ['integer', 'string']}, contains={'type': 'integer'}, minContains=1), 'others': {'type': 'array', 'contains': {'const': 'x'}, 'items': enum('x', 'y')}}), 'contains', 'minContains')
add('matrix', 'Three by three numbers, and a colour.', obj({'m': arr(arr(NUMBER, minItems=3, maxItems=3), minItems=3, maxItems=3), 'rgb': {'type': 'array', 'items': {'type': 'integer', 'minimum': 0, 'maximum': 255}, 'minItems': 3, 'maxItems': 3}}))
add('long list', 'At least twenty, and never more than a thousand.', arr({'type': 'integer', 'minimum': 0, 'maximum': 9}, minItems=20, maxItems=1000))

add('few distinct', 'Distinct things out of a handful that are no texts and no numbers.', obj({'objects': arr(obj({'a': BOOL, 'b': BOOL}), uniqueItems=True, minItems=3), 'words': arr({'type': ['boolean', 'null']}, uniqueItems=True, minItems=3),
                                                                                              'rows': arr({'type': 'array', 'prefixItems': [BOOL, BOOL], 'minItems': 2, 'items': False}, uniqueItems=True, minItems=4)}), 'uniqueItems')
add('many distinct', 'Half of a list of sixty words, none twice.', arr(enum(*(f'e{n}' for n in range(60))), uniqueItems=True, minItems=30))

# ---- conditions

add('if then else', 'An address, where the country decides on the form of the code.', {
    'type': 'object', 'properties': {'country': enum('US', 'NL'), 'code': TEXT}, 'required': ['country', 'code'], 'additionalProperties': False,
    'if': {'properties': {'country': {'const': 'US'}}}, 'then': {'properties': {'code': {'pattern': '^[0-9]{5}$'}}}, 'else': {'properties': {'code': {'pattern': '^[0-9]{4} [A-Z]{2}$'}}}}, 'if')
add('not', 'What must not be.', obj({'name': {'type': 'string', 'not': {'enum': ['admin', 'root']}}, 'n': {'type': 'integer', 'not': {'multipleOf': 3}}, 'free': {'not': {'type': 'string'}}}), 'not')
add('overlapping one of', 'Branches of which more than one may fit.', obj({'n': {'oneOf': [{'type': 'integer', 'minimum': 0}, {'type': 'integer', 'maximum': 10}]}, 's': {'oneOf': [{'type': 'string', 'maxLength': 5}, {'type': 'string', 'minLength': 3}]}, 'o': {'oneOf': [{'type': 'object', 'required': ['a']}, {'type': 'object', 'required': ['b']}]}}), 'oneOf')
add('all of objects', 'An object made of three parts, each of which adds properties and bounds.', {'allOf': [
    {'type': 'object', 'properties': {'id': INT, 'score': {'type': 'number', 'minimum': 0}}, 'required': ['id']}, {'properties': {'id': {'minimum': 1, 'maximum': 99}, 'name': {'type': 'string', 'minLength': 1}}, 'required': ['name']}, {'properties': {'score': {'maximum': 1}, 'name': {'maxLength': 8}}, 'required': ['score']}]})
add('all of references', 'Inheritance: a base in a definition, and what is beside it.', {'$defs': {'base': {'type': 'object', 'properties': {'kind': TEXT, 'id': {'type': 'string', 'format': 'uuid'}}, 'required': ['kind', 'id']}, 'dog': {'allOf': [ref('base'), {'properties': {'kind': {'const': 'dog'}, 'barks': BOOL}, 'required': ['barks']}], 'unevaluatedProperties': False}}, **arr(ref('dog'), minItems=1)})
add('any of required', 'An object that needs one property of several.', {'type': 'object', 'properties': {'email': {'type': 'string', 'format': 'email'}, 'phone': {'type': 'string', 'pattern': r'^\+?[0-9 ()-]{6,20}$'}, 'address': TEXT}, 'anyOf': [{'required': ['email']}, {'required': ['phone']}, {'required': ['address']}], 'additionalProperties': False})
add('dependent', 'Properties that need others, in both spellings.', {'type': 'object', 'properties': {'card': TEXT, 'address': TEXT, 'zip': TEXT}, 'dependentRequired': {'card': ['address']}, 'dependentSchemas': {'address': {'required': ['zip']}}, 'additionalProperties': False}, 'dependentRequired', 'dependentSchemas')
add('old dependencies', 'The same in draft 7.', {'$schema': DRAFT7, 'type': 'object', 'properties': {'card': TEXT, 'address': TEXT}, 'dependencies': {'card': ['address']}, 'additionalProperties': False}, 'dependencies')
add('unevaluated', 'An object that is closed after all of its parts were read.', {'type': 'object', 'properties': {'a': INT}, 'required': ['a'], 'anyOf': [{'properties': {'b': TEXT}, 'required': ['b']}, {'properties': {'c': BOOL}, 'required': ['c']}], 'unevaluatedProperties': False}, 'unevaluatedProperties')
add('unevaluated items', 'A tuple that ends where its parts end.', {'type': 'array', 'prefixItems': [INT, TEXT], 'minItems': 1, 'unevaluatedItems': False}, 'unevaluatedItems')
add('nothing of one branch', 'A branch that no value fits beside one that can be filled.', obj({'x': either(False, {'allOf': [TEXT, INT]}, {'type': 'integer', 'minimum': 5, 'maximum': 4}, BOOL)}))
add('implicit types', 'Words without a type: what they speak about is meant, and all else fits.', obj({'a': {'minLength': 3}, 'b': {'minimum': 5}, 'c': {'required': ['x']}, 'd': {'minItems': 2, 'items': INT}}))

add('one of each of many', 'An object that needs one property of each of twelve groups.', {'type': 'object', 'allOf': [{'anyOf': [{'required': [f'{group}{n}']} for group in 'abc']} for n in range(12)]}, 'allOf', 'anyOf')
add('exactly one of each', 'The same, where no two of a group may be there.', {'type': 'object', 'properties': {f'{group}{n}': INT for n in range(8) for group in 'ab'}, 'allOf': [{'oneOf': [{'required': [f'a{n}']}, {'required': [f'b{n}']}]} for n in range(8)], 'additionalProperties': False},
    'allOf', 'oneOf', 'anyOf')
add('chain of conditions', 'What a value is depends on its kind, one condition after the other.', {**obj({'kind': enum(*'abcdefgh'), 'value': {}}), 'allOf': [{'if': {'properties': {'kind': {'const': k}}}, 'then': {'properties': {'value': {'type': t}}}} for k, t in zip('abcd', ('string', 'integer', 'boolean', 'array'))]}, 'if')
add('narrowed enums', 'Lists of values beside words that rule out some of them.', obj({'a': {'type': 'integer', 'enum': [1, 'a', 2.0, 3.5]}, 'b': {'enum': ['x', 'yy', 'zzz'], 'maxLength': 2}, 'c': {'enum': [1, 5, 9], 'minimum': 4}, 'd': {'enum': [[1], [1, 2], 'x'], 'minItems': 2}, 'e': {'allOf': [enum('a', 'b', 'c'), enum('b', 'c', 'd'), {'pattern': '^[cd]$'}]}}))

# ---- references

add('anchors', 'Names for places, and a reference to the whole by its own address.', {'$id': 'https://schemas.example/tree', **obj({'left': {'$ref': '#leaf'}, 'right': maybe({'$ref': 'https://schemas.example/tree'}), 'other': {'$ref': 'https://schemas.example/tree#/$defs/leaf'}}, ['left']), '$defs': {'leaf': {'$anchor': 'leaf', **obj({'n': INT})}}})
add('embedded document', 'A schema with an address of its own inside of another.', {'$id': 'https://schemas.example/order', **obj({'item': {'$ref': '/item'}, 'spare': {'$ref': 'item#/$defs/size'}}), '$defs': {'item': {'$id': '/item', **obj({'size': {'$ref': '#/$defs/size'}}), '$defs': {'size': enum('S', 'M', 'L')}}}})
add('escaped references', 'References with escapes, to places that are no definitions.', {'$defs': {'a/b': INT, 'a b': BOOL, 'a~b': TEXT, 'a%b': NULL, '"q"': enum(1)}, **obj({'x': {'$ref': '#/$defs/a~1b'}, 'y': {'$ref': '#/$defs/a%20b'}, 'z': {'$ref': '#/$defs/a~0b'}, 'w': {'$ref': '#/$defs/a%25b'}, 'v': {'$ref': '#/$defs/%22q%22'}, 'u': {'$ref': '#/properties/x'}, 't': {'$ref': '#/properties/s/anyOf/1'}, 's': either(BOOL, {'type': 'integer', 'minimum': 3})})})
add('beside references', 'References with words beside them, which count too.', {'$defs': {'n': {'type': 'integer', 'minimum': 0}, 'o': {'type': 'object', 'properties': {'a': INT}}}, **obj({'x': {'$ref': '#/$defs/n', 'maximum': 9}, 'y': {'$ref': '#/$defs/o', 'required': ['a'], 'unevaluatedProperties': False}, 'z': {'$ref': '#/$defs/n', 'description': 'just a word', 'default': 4}})}, 'unevaluatedProperties')
add('reference to a boolean', 'Definitions that are true and false.', {'$defs': {'yes': True, 'no': False}, **obj({'x': ref('yes'), 'y': either(ref('no'), BOOL), 'z': arr(ref('no'))})})

# ---- texts and numbers

add('patterns', 'Patterns as people write them, in the dialect of the web.', obj({'url': {'type': 'string', 'pattern': r'^(https?:\/\/)?([\da-z\.-]+)\.([a-z\.]{2,6})([\/\w \.-]*)*\/?$'}, 'phone': {'type': 'string', 'pattern': r'^\(?\d{3}\)?[-.\s]?\d{3}[-.\s]?\d{4}$'}, 'semver': {'type': 'string', 'pattern': r'^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$'}, 'part': {'type': 'string', 'pattern': 'ab+c'},
                                                                                 'hex': {'type': 'string', 'pattern': '^#?([a-f0-9]{6}|[a-f0-9]{3})$'}, 'cron': {'type': 'string', 'pattern': r'^(\*|[0-5]?\d)(\/\d+)?( (\*|\d{1,2})){4}$'}}))
add('letters of the world', 'Patterns with classes of letters and marks of the u flag.', obj({'name': {'type': 'string', 'pattern': r'^\p{L}+$'}, 'upper': {'type': 'string', 'pattern': r'^\p{Lu}\p{Ll}{1,5}$'}, 'cjk': {'type': 'string', 'pattern': r'^[\u4e00-\u9fff]{1,4}$'}, 'byte': {'type': 'string', 'pattern': r'^[\x20-\x7e]{0,9}$'}}), 'pattern')
add('lookaround', 'Patterns that look ahead or back at what was there.', obj({'password': {'type': 'string', 'pattern': r'^(?=.*[A-Z])(?=.*\d).{8,}$'}, 'slug': {'type': 'string', 'pattern': r'^(?!-)[a-z-]{1,20}$'}, 'twice': {'type': 'string', 'pattern': r'^(a|b)\1$'}, 'word': {'type': 'string', 'pattern': r'\bcat\b'}}), 'pattern')
add('formats', 'Every format there is.', obj({n: {'type': 'string', 'format': n} for n in ('date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'uuid', 'json-pointer', 'regex', 'iri', 'idn-email', 'uri-template', 'byte', 'binary', 'password', 'unheard-of')} | {n: {'type': 'integer', 'format': n} for n in ('int32', 'int64')}))
add('text lengths', 'Texts between two lengths, and one that is long.', obj({'code': {'type': 'string', 'minLength': 3, 'maxLength': 3}, 'note': {'type': 'string', 'maxLength': 140}, 'essay': {'type': 'string', 'maxLength': 100_000}, 'empty': {'type': 'string', 'maxLength': 0}}))
add('numbers', 'Bounds and steps of numbers, large and small.', obj({'ratio': {'type': 'number', 'minimum': 0, 'maximum': 1}, 'step': {'type': 'number', 'multipleOf': 0.25}, 'even': {'type': 'integer', 'multipleOf': 2, 'minimum': -10}, 'tiny': {'type': 'number', 'exclusiveMinimum': 0, 'maximum': 4e-7}, 'huge': {'type': 'integer', 'minimum': 10 ** 15, 'maximum': 10 ** 18}, 'open': {'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 1}, 'below': {'type': 'number', 'maximum': -5.5},
                                                                          'cents': {'type': 'number', 'multipleOf': 0.01, 'minimum': 0.01, 'maximum': 99.99}, 'port': {'type': 'integer', 'minimum': 1, 'maximum': 65_535}, 'whole': {'type': 'integer', 'minimum': 1.5, 'maximum': 4.5}}))
add('null in lists of types', 'Lists of types, with words for some of them.', obj({'a': {'type': ['string', 'null'], 'maxLength': 3}, 'b': {'type': ['integer', 'string'], 'minimum': 5, 'minLength': 1}, 'c': {'type': ['array', 'null'], 'items': INT}, 'd': {'type': ['boolean', 'object'], 'properties': {'x': INT}}, 'e': {'type': ['null']}}))

add('several patterns', 'More than one pattern for a text, and lengths beside one.', obj({'a': {'allOf': [{'type': 'string', 'pattern': '^a'}, {'pattern': 'z$'}, {'minLength': 4}]}, 'b': {'type': 'string', 'pattern': 'b', 'minLength': 10, 'maxLength': 12}, 'c': {'type': 'string', 'pattern': r'\d{3}'}, 'd': {'type': 'string', 'pattern': '^a|b$'},
                                                                                               'host': {'type': 'string', 'pattern': r'^([a-z]{1,63}\.){1,8}[a-z]{2,63}$', 'maxLength': 253}}))
add('steps', 'Multiples of odd steps between odd limits.', obj({'a': {'type': 'integer', 'multipleOf': 7, 'minimum': 100, 'maximum': 10 ** 9}, 'b': {'type': 'integer', 'multipleOf': 360}, 'c': {'type': 'integer', 'multipleOf': 99_991}, 'd': {'type': 'number', 'minimum': 1e-300, 'maximum': 2e-300}, 'e': {'type': 'number', 'minimum': 1e300}}))

# ---- keys

add('keys by name', 'A dictionary whose keys are constrained.', obj({'by_year': {'type': 'object', 'propertyNames': {'enum': ['2024', '2025']}, 'additionalProperties': NUMBER}, 'by_code': {'type': 'object', 'propertyNames': {'pattern': '^[A-Z]{2}$'}, 'additionalProperties': TEXT}, 'short': {'type': 'object', 'propertyNames': {'maxLength': 3}, 'additionalProperties': INT}}))
add('a few keys', 'At least two keys, at most four.', maps(INT, minProperties=2, maxProperties=4))
add('keys out of few', 'More keys than one are asked for out of a short list.', {'type': 'object', 'propertyNames': {'enum': ['a', 'b', 'c']}, 'additionalProperties': BOOL, 'minProperties': 3})
add('named and other keys', 'Properties of one kind beside others of another, of which some are needed.', {'type': 'object', 'properties': {'version': {'const': 2}, 'name': TEXT}, 'required': ['version', 'not in properties'], 'additionalProperties': arr(INT)})
add('patterns of keys', 'Keys by pattern, which overlap with the named ones.', {'type': 'object', 'properties': {'s_name': {'maxLength': 5}}, 'patternProperties': {'^s_': TEXT, '^n_': NUMBER, '_id$': {'type': ['integer', 'string']}}, 'additionalProperties': False, 'required': ['s_name']}, 'patternProperties')
add('odd names', 'Names that are hard to write.', obj({'a "quoted" name': INT, 'back\\slash': INT, 'new\nline': INT, 'tab\there': INT, 'é è 😀': INT, '': INT, '$ref': INT, 'a.b[0]': INT, ' ': INT, '</tool_call>': INT, '名前': INT, 'x' * 200: INT, '__proto__': INT, 'null\u2028sep': INT, '{{braces}}': INT}))
add('odd descriptions', 'Titles and descriptions with everything in them.', {'title': '"}]\n\\', 'description': '```json\n{"a": 1}\n``` \u0001 \U0001f600 %s {x} <b>', **obj({'x': {'description': '/* */ // # "', 'type': 'integer', 'title': "it's"}, 'y': {'default': {'a': ['"']}, 'examples': ['"\n'], 'type': 'string'}})})

add('some of thirty', 'Ten to twelve of thirty properties.', {'type': 'object', 'properties': {f'p{n}': INT for n in range(30)}, 'additionalProperties': False, 'minProperties': 10, 'maxProperties': 12})
add('required elsewhere', 'Names that must be there and are described nowhere.', {'type': 'object', 'required': ['x', 'y "z"'], 'additionalProperties': INT})
add('a property that may not be', 'A name that is forbidden among free ones.', {'type': 'object', 'properties': {'a': False, 'b': INT}, 'required': ['b']})

# ---- next to nothing

add('empty schema', 'Nothing is said.', {})
add('true', 'Nothing is said, in one word.', True)
add('only a title', 'Nothing but a name.', {'title': 'Answer', 'type': 'object'})
add('a text', 'The whole answer is a text.', {'type': 'string'})
add('a number', 'The whole answer is a number.', {'type': 'number'})
add('a constant', 'There is nothing to choose.', {'const': {'status': 'ok', 'list': [1, 2.5, None], 'text': 'quote " and\nline'}})
add('an object of anything', 'Free keys and free values within closed ones.', obj({'metadata': {'type': 'object', 'additionalProperties': True}, 'extra': maps({}), 'rest': {}}))
