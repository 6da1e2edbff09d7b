"""Where the pages about families are gathered."""

from flask import Blueprint

pages = Blueprint("families", "web.families")
