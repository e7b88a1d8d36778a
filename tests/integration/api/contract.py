"""Holds every answer of the API against its own OpenAPI description."""

import re

from jsonschema import Draft202012Validator

DOCUMENTATION = ("/docs", "/openapi.json")


class Contract:
    """Knows what the description allows; `check` is a response hook of httpx."""

    def __init__(self, schema):
        self.schema = schema
        self.seen = set()
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, operations)
            for path, operations in schema["paths"].items()
        ]

    def check(self, response):
        """Fail when this answer is not in the description: its status, its media type or its body."""
        path, operations = self._operations(response.request.url.path)
        operation = operations.get(response.request.method.lower()) if operations else None
        if operation is None:
            assert response.status_code in (404, 405) or path in DOCUMENTATION, response.request.url
            return
        where = f"{response.request.method} {path} -> {response.status_code}"
        assert str(response.status_code) in operation["responses"], where
        described = operation["responses"][str(response.status_code)].get("content")
        self.seen.add((response.request.method.lower(), path, str(response.status_code)))
        media_type = response.headers.get("content-type", "").split(";")[0]
        if not described:
            assert not media_type, where
            return
        assert media_type in described, f"{where}: {media_type}"
        if media_type.endswith("json"):
            response.read()
            self._check_body(where, described[media_type]["schema"], response.json())

    def _operations(self, path):
        # addresses without a placeholder first: /documents/upload-async is no document
        for pattern, template, operations in sorted(self._paths, key=lambda entry: "{" in entry[1]):
            if pattern.fullmatch(path):
                return template, operations
        return path, None

    def _check_body(self, where, schema, body):
        validator = Draft202012Validator({**schema, "components": self.schema["components"]})
        errors = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(body)]
        assert not errors, f"{where}: {errors[:3]}"
