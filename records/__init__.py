"""Remembers: the only room with tables, migrations and row policies."""
