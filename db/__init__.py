"""Knows Postgres: schema, roles, queue, documents, products, metrics. Not Ray, not models, not HTTP."""
