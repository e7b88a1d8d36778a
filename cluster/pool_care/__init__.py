"""What the supervisor does for the pools: as many actors as the backlog wants, fresh ones for worn ones."""
