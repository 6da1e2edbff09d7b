"""Listens to machines: FastAPI, JSON, bearer tokens. Translates, and decides nothing."""
