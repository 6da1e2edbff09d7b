"""How often a guess was wrong, by a keyed hash of its kind and of where it came from. No address is kept."""

from datetime import datetime

from sqlmodel import Field

from records.base import Row, moment


class Try(Row, table=True):
    """Wrong guesses of one kind from one place since a moment; forgotten a day later."""

    __tablename__ = "tries"
    place: bytes = Field(unique=True)
    since: datetime = moment()
    times: int
