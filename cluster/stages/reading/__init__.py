"""The child's side of stage 1: what a PDF page holds, read in a process that may be killed."""
