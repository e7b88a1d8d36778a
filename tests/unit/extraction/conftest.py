import pytest

from cluster.stages.extraction import Inspector, PageReader, warm_child
from cluster.stages.limits import ExtractionLimits
from cluster.storage import Storage
from samples.catalogue import SAMPLE_PAGES, make_sample_catalogue


@pytest.fixture(scope="session")
def limits():
    return ExtractionLimits()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    return f"file://{tmp_path_factory.mktemp('files')}"


@pytest.fixture(scope="session")
def storage(address):
    return Storage(address)


@pytest.fixture(scope="session")
def inspector(limits):
    with Inspector(limits) as warm:
        yield warm


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "catalogue.pdf"
    make_sample_catalogue(path)
    return path


@pytest.fixture(scope="session")
def sample_pages(sample, address, limits, child):
    """The sample catalogue's pages, by number."""
    with PageReader(sample, address, limits, child=child) as reader:
        return {page: reader.read(page) for page in range(1, SAMPLE_PAGES + 1)}


@pytest.fixture(scope="session")
def child(limits):
    """One warm child for all tests that read a page and mean it no harm."""
    with warm_child(limits) as warm:
        yield warm


@pytest.fixture
def read_page(address, limits, child):
    """Reads one page of a file."""

    def read(path, page=1, limits=limits, password=None):
        with PageReader(path, address, limits, password, child=child) as reader:
            return reader.read(page)

    return read
