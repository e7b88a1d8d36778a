"""A small server of the OpenAI protocol on a free port: it checks what it is asked and answers in the asked form.

Requests are checked, and answers built, by the types that the openai package generates from OpenAI's own description of
the protocol. What it says is chosen by the model's name, so that a test says which server it talks to.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter, ValidationError

PRODUCTS = {
    "products": [
        {"name": "Silver Grey", "code": "SG-220", "quote": "Silver Grey SG-220\n1520 x 228 x 7.5mm",
         "confidence": 0.9, "reason": "a plank with its size"},
        {"name": "Golden Oak", "code": None, "quote": "Golden Oak", "confidence": 0.99, "reason": "made up"},
    ],
    "note": "",
}  # fmt: skip
FIELDS = {
    "fields": [
        {"field": "physicalProperties.dimensions", "value": "1520 x 228 x 7.5mm", "quote": "1520 x 228 x 7.5mm",
         "confidence": 1.0},
        {"field": "visualProperties.surfaceFinish", "value": "Matte coating", "quote": "Water based Matte coating",
         "confidence": 0.8},
        {"field": "visualProperties.primaryColor", "value": "Silver Grey", "quote": "Silver Grey SG-220",
         "confidence": 0.9},
        {"field": "physicalProperties.height", "value": "7.5mm", "quote": "1520 x 228 x 7.5mm", "confidence": 0.7},
        {"field": "commercialInformation.price", "value": "45.00", "quote": "45.00 per m2", "confidence": 1.0},
        {"field": "physicalProperties.weight", "value": "228", "quote": "228 kg", "confidence": 7.0},
    ]
}  # fmt: skip
CLASS = {"label": "PRODUCT", "confidence": 0.8, "reasoning": "It names a plank.", "sub_categories": ["flooring"]}
REQUEST = TypeAdapter(CompletionCreateParamsNonStreaming)
REQUEST_FIELDS = get_type_hints(CompletionCreateParamsNonStreaming).keys()
TITLES = {
    "classification": "ClassificationAnswer", "metadata": "MetadataAnswer", "product_detection": "ProductsAnswer",
}  # fmt: skip
ANSWERS: dict[str, Any] = {"classification": CLASS, "metadata": FIELDS, "product_detection": PRODUCTS}


class ModelServer:
    """Where it answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.app = FastAPI()
        self.app.post("/v1/chat/completions")(self.complete)
        self.url = ""

    async def complete(self, request: Request) -> JSONResponse:
        """One chat completion, as the model's name has it."""
        body = await request.json()
        if wrong := wrong_in(body):
            return _error(400, wrong)
        self.asked.append(body)
        self.calls[body["model"]] += 1
        return self._answer(body, request.headers.get("authorization", ""))

    def _answer(self, body: dict[str, Any], authorization: str) -> JSONResponse:
        model = body["model"]
        if model == "locked" and authorization != "Bearer right-key":
            return _error(401, "Incorrect API key provided")
        if model == "unknown":
            return _error(404, "The model does not exist")
        if model == "busy" and self.calls[model] == 1:
            return _error(429, "Rate limit reached")
        if model == "broken":
            return _error(500, "The server had an error")
        if refusal := refused_by(model, body):
            return _error(400, refusal)
        if model == "slow":
            time.sleep(1.5)
        content = "I think it is a plank." if model == "chatty" else json.dumps(ANSWERS[asked_for(body)])
        told = {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model,
            "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None,
                         "message": {"role": "assistant", "content": content, "refusal": None}}],
            "usage": {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366},
        }  # fmt: skip
        return JSONResponse(ChatCompletion.model_validate(told).model_dump(mode="json", exclude_unset=True))


def wrong_in(body: dict[str, Any]) -> str:
    """What makes this no request of the protocol; empty where it is one."""
    if unknown := body.keys() - REQUEST_FIELDS:
        return f"Unrecognized request argument supplied: {', '.join(sorted(unknown))}"
    try:
        for message in REQUEST.validate_python(body)["messages"]:
            assert message
    except ValidationError as error:
        return str(error)
    return ""


def refused_by(model: str, body: dict[str, Any]) -> str:
    """What a model does not take, in the words of servers that do not."""
    form = body.get("response_format", {}).get("type")
    if model in ("hosted", "reasoner", "plain") and "max_tokens" in body:
        return (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
    if model in ("reasoner", "plain") and "temperature" in body:
        return "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported."
    if model == "plain" and "max_completion_tokens" in body:
        return "Extra inputs are not permitted: max_completion_tokens"
    if model in ("no-schema", "plain") and form == "json_schema":
        return "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    if model == "plain" and form:
        return "response_format is not supported"
    return "The prompt is too long" if model == "short" else ""


def asked_for(body: dict[str, Any]) -> str:
    """Which analysis: by the schema, or by its title where it is spelled out."""
    if "json_schema" in body.get("response_format", {}):
        return str(body["response_format"]["json_schema"]["name"])
    question = body["messages"][-1]["content"]
    return next(name for name, title in TITLES.items() if f'"title": "{title}"' in question)


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": "error"}}, status_code=status)


@contextmanager
def running_server() -> Iterator[ModelServer]:
    """The server, listening; it ends with the block."""
    model_server = ModelServer()
    server = uvicorn.Server(
        uvicorn.Config(model_server.app, host="127.0.0.1", port=0, log_level="warning", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, name="model-server", daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline and thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    model_server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield model_server
    finally:
        server.should_exit = True
        thread.join(timeout=20)
