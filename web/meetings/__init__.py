"""Meetings: the time agreed, called with a calendar entry, answered, held with minutes, moved or called off."""

from web.meetings import calendars, calling, holding, times
from web.meetings.blueprint import pages

__all__ = ["calendars", "calling", "holding", "pages", "times"]
