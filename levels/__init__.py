"""Decides: state charts, guides, statutes and working days. Pure; knows no database, door or clock."""
