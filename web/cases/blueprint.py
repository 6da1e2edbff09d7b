"""Where the pages about cases are gathered."""

from flask import Blueprint

pages = Blueprint("cases", "web.cases")
