"""Reading in an emergency (nødrettstilgang): which reasons there are, how long it lasts, by when it is reviewed."""

from datetime import date, timedelta
from enum import StrEnum

from levels import workdays

LASTS = timedelta(hours=4)


class Emergency(StrEnum):
    """Why somebody on duty must know something at once."""

    IN_DANGER = "in_danger"
    FOUND_ALONE = "found_alone"
    POLICE_ASKED = "police_asked"
    NEEDS_PLACE = "needs_place"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "emergency"


class Verdict(StrEnum):
    """What the leader finds afterwards."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "glass_verdict"


EMERGENCIES = tuple(one.value for one in Emergency)
VERDICTS = tuple(one.value for one in Verdict)


def review_by(day: date) -> date:
    """The next working day after it was used."""
    return workdays.add_workdays(day, 1)
