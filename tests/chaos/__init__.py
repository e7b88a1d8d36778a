"""The breaking suite: real faults at each state of the pipeline, and what is left of a document after them."""
