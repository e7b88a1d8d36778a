"""The JSON schema of a product record, made from the class that the API answers with.

`python -m api.product_schema` writes docs/product.schema.json anew after the record was changed.
"""

import json
from pathlib import Path
from typing import Any

from api.products import ProductOut

SCHEMA_FILE = Path(__file__).resolve().parents[1] / "docs" / "product.schema.json"


def product_schema() -> dict[str, Any]:
    """Draft 2020-12. Records of the API and of the JSON export; only the API's have addresses of their images."""
    schema = ProductOut.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Product"
    image = schema["$defs"]["ProductImage"]
    image["required"] = [name for name in image["required"] if name != "content_url"]
    image["properties"]["file"] = {
        "type": "string", "title": "File", "description": "Where the image lies in an export with images."
    }  # fmt: skip
    return schema


def as_text() -> str:
    """As the file holds it."""
    return json.dumps(product_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(as_text(), encoding="utf-8")
