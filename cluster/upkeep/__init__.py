"""What the supervisor does beside the documents: webhooks, metrics, files nobody names, vectors that were not made."""
