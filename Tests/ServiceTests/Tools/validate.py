"""Validates documents against the components of an API's description, strictly: what is not described is wrong.

Arguments: the description, and a file of lines `SCHEMA<tab>JSON`.
"""
import json
import sys

import jsonschema


def strict(schema):
    """The same, without room for more than what is described."""
    if isinstance(schema, dict):
        schema = {key: strict(value) for key, value in schema.items()}
        if schema.get("properties") and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        return schema
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


description = json.load(open(sys.argv[1]))
components = {"components": {"schemas": strict(description["components"]["schemas"])}}
wrong = 0
for line in open(sys.argv[2]):
    name, text = line.rstrip("\n").split("\t", 1)
    schema = dict(components, **{"$ref": "#/components/schemas/" + name})
    for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(text)):
        wrong += 1
        print(f"{name} at {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
for name, schema in components["components"]["schemas"].items():
    jsonschema.Draft202012Validator.check_schema(schema)
sys.exit(1 if wrong else 0)
