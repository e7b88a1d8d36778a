"""What runs inside the pools' actors, and how calls reach them: in turn, in batches, watched."""
