"""The words of problem documents, in the language the caller asks for."""

from functools import cache
from pathlib import Path

from babel import negotiate_locale
from babel.support import NullTranslations, Translations

LOCALE = Path(__file__).resolve().parents[1] / "locale"
LANGUAGES = ("nb", "nn", "en")


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(LOCALE), [language])


def language_of(accepted: str) -> str:
    """One of ours from an Accept-Language header; bokmål when nothing fits."""
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",") if part.strip()]
    wanted = ["nb" if one.lower() in ("no", "no_no") else one for one in wanted]
    return negotiate_locale(wanted, LANGUAGES) or "nb"


def word(language: str, context: str, code: str) -> str:
    """A code word in words; the code without underscores where the catalogues have none."""
    found = _catalogue(language).upgettext(context, code)
    return code.replace("_", " ") if found == code else found
