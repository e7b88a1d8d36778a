"""Writes product records together with their images: a zip of products.json, products.csv and a folder images/.

The records' form is known by `cluster.exports`; where images lie by the storage.
"""

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO, Any

from cluster.exports import export_products, full_product
from cluster.storage import Storage
from db.products import ProductRow

FOLDER = "images"
PIECE_BYTES = 1 << 18


def write_archive(products: Sequence[ProductRow], storage: Storage, target: IO[bytes]) -> None:
    """Write the zip; each image is in it once and is named by its id, which the records and the table name too.

    Args:
        products: of one document.
        storage: that holds the images; raises `StorageFailed` where one cannot be read.
        target: open for writing; seeking is not needed.
    """
    files = {image["image_id"]: image["storage_key"] for product in products for image in product.images}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        records = [_with_files(full_product(product), files) for product in products]
        archive.writestr("products.json", json.dumps(records, ensure_ascii=False, indent=1, default=str))
        archive.writestr("products.csv", export_products(products, "csv"))
        for image_id, key in sorted(files.items()):
            # Pictures are compressed already.
            entry = zipfile.ZipInfo(file_name(image_id, key))
            with storage.open(key) as source, archive.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy, PIECE_BYTES)


def file_name(image_id: str, storage_key: str) -> str:
    """Where an image lies in the zip."""
    return f"{FOLDER}/{image_id}{PurePosixPath(storage_key).suffix}"


def _with_files(record: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
    images = [{**image, "file": file_name(image["image_id"], files[image["image_id"]])} for image in record["images"]]
    return {**record, "images": images}
