"""The API's document is valid OpenAPI 3.1, and says of every operation who may call it."""

import json

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from xaso.core.access import PUBLIC
from xaso.core.access.roles import roles
from xaso.faces.api.urls import api

VERBS = {"get", "post", "put", "patch", "delete"}
# The parts of the OpenAPI 3.1 schema that this document uses, closed so that a misspelt word is found.
SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"required": ["title", "version"]},
        "paths": {
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "propertyNames": {"enum": sorted(VERBS)},
                "additionalProperties": {"$ref": "#/$defs/operation"},
            },
        },
        "components": {"propertyNames": {"enum": ["schemas", "securitySchemes"]}},
        "servers": {"type": "array"},
    },
    "additionalProperties": False,
    "$defs": {
        "operation": {
            "type": "object",
            "required": ["operationId", "summary", "responses"],
            "properties": {
                "operationId": {"type": "string"},
                "summary": {"type": "string"},
                "description": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "parameters": {"type": "array", "items": {"$ref": "#/$defs/parameter"}},
                "requestBody": {"required": ["content"]},
                "responses": {
                    "minProperties": 1,
                    "propertyNames": {"pattern": r"^([1-5]\d\d|default)$"},
                    "additionalProperties": {"required": ["description"]},
                },
                "security": {"type": "array", "items": {"type": "object"}},
            },
            "additionalProperties": False,
        },
        "parameter": {
            "required": ["in", "name", "schema"],
            "properties": {"in": {"enum": ["query", "path", "header"]}},
        },
    },
}


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations(document):
    return [(f"{verb} {path}", details) for path, verbs in document["paths"].items() for verb, details in verbs.items()]


def references(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_is_openapi_3_1(document):
    assert not [fault.message for fault in Draft202012Validator(SHAPE).iter_errors(document)]


def test_every_schema_is_a_json_schema_and_every_reference_leads_somewhere(document):
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema), name
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= names


def test_every_operation_is_named_once_and_tells_of_errors(document):
    ids = [details["operationId"] for _, details in operations(document)]
    assert len(ids) == len(set(ids)) >= 18
    assert not [name for name, details in operations(document) if "default" not in details["responses"]]


def test_path_parameters_are_declared(document):
    for name, details in operations(document):
        wanted = {part.strip("{}") for part in name.split("/") if part.startswith("{")}
        declared = {one["name"] for one in details.get("parameters", []) if one["in"] == "path"}
        assert wanted == declared, name


def test_every_operation_declares_a_permission_that_a_role_has():
    granted = {name for permissions in roles().values() for name in permissions} | {PUBLIC}
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                assert getattr(operation.view_func, "permission", "") in granted, path


def test_the_scope_an_operation_needs_is_in_the_document(document):
    scopes = {name: details.get("security") for name, details in operations(document)}
    assert scopes["get /api/v1/dossiers/{uuid}"] == [{"Token": ["dossiers.view"]}]
    assert scopes["post /api/v1/payments/webhook"] is None


def test_the_document_is_served_and_says_who_may_read_it():
    served = Client().get("/api/openapi.json")
    assert served.status_code == 200
    assert served.json()["openapi"].startswith("3.1")


def test_an_unknown_address_is_a_problem_too():
    answer = Client().get("/api/v1/nothing/here")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
