"""How easy a text is to read: LIX (läsbarhetsindex), made by C. H. Björnsson for Scandinavian languages.

Source: Björnsson, *Läsbarhet*, Liber 1968: LIX = words per sentence + 100 × long words per word, a word being long
from seven letters. His scale: below 30 very easy, as books for children; 30–40 easy, as fiction; 40–50 medium, as a
newspaper; 50–60 difficult, as official texts; above 60 the language of bureaucrats.
"""

import re
from dataclasses import dataclass

# Ours is stricter than his «easy»: whoever is worried about a child, or is one, reads these on a phone.
MOST_LIX = 35
MOST_WORDS_A_SENTENCE = 15
_LONG = 7
_FIELD = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_END = re.compile(r"[.!?:;]+(?=\s|$)|\n+")

# The language of offices, by how the words begin: what a family must look up, or what sounds like a threat.
OFFICE_WORDS: dict[str, tuple[str, ...]] = {
    "nb": (
        "inhabil", "habil", "vedtak", "jf", "samtykkekompetan", "iverksett", "ivareta", "vedrørende", "herunder",
        "foreligge", "henhold", "hjemmel", "hjemle", "begjær", "påklag", "rekvir", "innvilg", "besørg", "anmod",
        "medfør", "forvaltning", "saksbehandl", "personopplysning", "behandlingsansvarlig", "effektuer", "implementer",
    ),
    "nn": (
        "inhabil", "habil", "vedtak", "jf", "samtykkekompetan", "iverkset", "ivaret", "vedkomande", "herunder",
        "liggje føre", "medhald", "heimel", "heiml", "krevje inn", "påklag", "rekvir", "innvilg", "oppmod", "medfør",
        "forvaltning", "sakshandsam", "personopplysning", "behandlingsansvarleg", "effektuer", "implementer",
    ),
    "en": (
        "pursuant", "hereby", "thereof", "herein", "notwithstanding", "aforementioned", "disqualif", "adjudicat",
        "data subject", "data controller", "implement", "commence", "facilitat", "whereas", "in accordance",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readability:
    """What was counted in a text."""

    words: int
    sentences: int
    long_words: int

    @property
    def mean(self) -> float:
        """Words in a sentence, on average."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def lix(self) -> float:
        """Björnsson's figure; 0 for a text without words."""
        return self.mean + 100 * self.long_words / self.words if self.words else 0.0

    def __add__(self, other: "Readability") -> "Readability":
        """The two texts as one."""
        return Readability(
            self.words + other.words, self.sentences + other.sentences, self.long_words + other.long_words
        )


def measure(text: str) -> Readability:
    """Count a text; a blank that a case fills in counts as one short word, a line as a sentence of its own."""
    plain = _FIELD.sub("Ada", text)
    sentences = [found for found in (_WORD.findall(one) for one in _END.split(plain)) if found]
    words = [word for sentence in sentences for word in sentence]
    return Readability(len(words), len(sentences), sum(len(word) >= _LONG for word in words))


def office_words(text: str, language: str) -> tuple[str, ...]:
    """The words of offices in a text; none for a language we have no list for."""
    known = OFFICE_WORDS.get(language, ())
    return tuple(word for word in known if re.search(rf"\b{re.escape(word)}", text.lower()))
