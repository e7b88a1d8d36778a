"""How a driver's process begins."""

import os
import subprocess
import sys
import threading
import uuid

from pydantic import SecretStr

from cluster.driver_start import NICENESS, start_driving
from cluster.settings import Settings


def test_a_driver_gives_way_to_the_api(tmp_path, service_url):
    settings = Settings(home=tmp_path, service_database_url=SecretStr(service_url))
    seen = []

    def begin():
        seen.append(start_driving(str(uuid.uuid4()), "nobody", 1, settings))
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    assert seen == ["taken over by another driver", max(before, NICENESS)]


def test_what_a_driver_needs_is_imported_after_it_gave_way():
    check = "import sys, cluster.driver_start; assert not {'cluster.driver', 'ray', 'pymupdf'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True, timeout=60)
