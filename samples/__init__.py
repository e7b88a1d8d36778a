"""Makes PDFs with known contents: for the first run, the tests and the benchmarks."""
