"""Words that stand in one place of the world each, and who may ever meet them: what each persona must never see.

From the design's list of personas. They are looked for in every answer of every page and every route, so that a list,
a search, a count with a name in it, an export or a notice that tells too much is found wherever it is.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from casework import attachments, children, logs
from tests.factories import Town

# Letters as in tests/access/world.py: T teacher and holder, L leader, N nurse inside by consent, C counsellor only
# invited, E colleague, W child welfare, V who leads it, K coordinator, M manager, A administrator, O operator, F mother,
# X father kept out.
MAY_MEET = {
    "Marihøne": "TLNF",  # written in the log
    "Nattsvermer": "TLN",  # written in the log and kept from the family, with a reason
    "Sneglebelg": "TLNF",  # in a document in the case
    "Skogstjerne": "TLN",  # what a document is called that is kept from the family, with a reason
    "Hestehov": "TLF",  # written in the log of a case that is closed now
    "Revebjelle": "F",  # written in the log of a case everybody at work is barred from
    "Bjørnemose": "TL",  # a worry about another child, which has not become a case
    "Rognebær": "TW",  # a report to child welfare: its writer's and its receivers'
    "Tiriltunge": "TLNW",  # the father's telephone: not the mother's to see; child welfare must call
    "Storkenebb": "TLF",  # what the mother asked: whoever may answer
    "Gjøkesyre": "TL",  # the tie for which somebody stepped aside: theirs, and whoever decides
    "Kattefot": "WV",  # why somebody read in an emergency: theirs, and whoever reviews it
    "Engsoleie": "L",  # in the pack of a family that moves to the leader's school
    "Linnea": "",  # the same, of a child everybody here is kept away from
    "Blåklokke": "TLN",  # what a service answered its invitation with
}


def plant(town: Town, ids: dict[str, Any], word: str, **more: Any) -> None:
    """Write a word in the log of a case."""
    with town.begin("teacher") as tx:
        logs.write(tx, ids["case_id"], logs.WriteEntry(f"{word} i bed.", **more))


def plant_in_own(town: Town, ids: dict[str, Any]) -> None:
    """What stands in the file that is open and where nobody is barred."""
    plant(town, ids, "Marihøne")
    until = date(2026, 12, 24)
    plant(
        town,
        ids,
        "Nattsvermer",
        for_family=False,
        hidden_reason="Fare for barnet",
        hidden_until=until,
    )
    with town.begin("teacher") as tx:
        hidden = attachments.PutAttachment("Skogstjerne", b"Hemmelig.", None, False, "Fare for barnet", until)
        attachments.put(tx, ids["case_id"], hidden)
    with town.begin("teacher") as tx:
        father = next(one for one in children.guardians(tx, ids["child_id"]) if one.relation == "father")
        kept = children.KeepGuardian(father.name, "father", phone="Tiriltunge")
        children.keep_guardian(tx, father.id, kept)


class Told:
    """Who has met which word so far."""

    def __init__(self) -> None:
        self.met: dict[str, set[str]] = defaultdict(set)

    def look(self, situation: str, letter: str, text: str) -> None:
        """Note the words in an answer; somebody of another town is nobody in the list."""
        for word in MAY_MEET:
            if word in text:
                self.met[word].add("elsewhere" if situation == "other" else letter)

    def too_much(self) -> dict[str, set[str]]:
        """Words met by whoever must not, and by whom."""
        over = {word: met - set(MAY_MEET[word]) for word, met in self.met.items()}
        return {word: who for word, who in over.items() if who}

    def never_met(self, letters: str) -> dict[str, set[str]]:
        """Words not met by those of these letters who may: where the test would look at nothing."""
        under = {word: set(may) & set(letters) - self.met[word] for word, may in MAY_MEET.items()}
        return {word: who for word, who in under.items() if who}
