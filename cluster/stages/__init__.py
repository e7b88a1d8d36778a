"""The pure Python of the sync stages: no Ray, no database."""
