"""Several Ray nodes on one machine: not part of `make test`, `make nodes` runs them."""
