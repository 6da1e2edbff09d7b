"""Puts the rooms together: the web process, the command line, the courier, the demo. Imported by nobody."""
