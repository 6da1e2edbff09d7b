"""Documents in the demo's cases: a report made as the house makes its prints, and a letter in plain words."""

import functools

from weasyprint import HTML

REPORT = "Sakkyndig vurdering fra PPT"
LETTER = "Brev fra helsestasjonen"
LETTER_TEXT = """Hei!

Synet er undersøkt i dag. Det er i orden, og det trengs ikke briller.
Kom gjerne tilbake om et år.

Hilsen helsestasjonen
"""
_PAGE = f"""<!doctype html><html lang="nb"><head><title>{REPORT}</title></head><body>
<h1>{REPORT}</h1>
<p>Eleven leser sakte og blir fort sliten. Vi har sett på lesing, språk og trivsel sammen med skolen.</p>
<h2>Dette foreslår vi</h2>
<ul><li>Lesegruppe tre ganger i uken, tjue minutter.</li><li>Lydbok i fagene.</li><li>En ny samtale før påske.</li></ul>
<p>Dette er et eksempel. Ingen i det finnes.</p>
</body></html>"""


@functools.cache
def report() -> bytes:
    """A short report as PDF, made once."""
    return bytes(HTML(string=_PAGE).write_pdf())


def letter() -> bytes:
    """A letter in plain words."""
    return LETTER_TEXT.encode()
