"""Follows up: Prefect's hands. Nothing is remembered here that the database does not know."""
