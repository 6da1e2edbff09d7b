"""Listens to people: Flask, htmx and Jinja2. Imports casework; never the records, never a chart."""
