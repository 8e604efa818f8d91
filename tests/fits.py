"Whether what a verb gives as JSON has the keys and types that `views.schemas` says, and no others."
import json
from functools import cache

import jsonschema

from dspy_toolkit.views.schemas import make_schema


@cache
def validator(verb):
    "Of the schema of a verb, strict: a key that is not in it is a mistake."
    schema = make_schema(verb)
    for each in [schema, *schema.get('$defs', {}).values()]:
        if 'properties' in each: each['additionalProperties'] = False
    return jsonschema.Draft202012Validator(schema)


def fits(verb, data):
    "The mistakes, each with its place; none where it fits."
    found = jsonschema.exceptions.best_match(validator(verb).iter_errors(json.loads(json.dumps(data, default=str))))
    return f'{verb}: {found.json_path}: {found.message[:300]}' if found else ''
