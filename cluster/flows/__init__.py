"""What a driver does with a document's items: a flow a stage, and what is taken over instead of being computed."""
