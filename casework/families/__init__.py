"""The family's own door: coming in, reading one's own file, answering consent, and being heard."""

from casework.families.coming import Code, by_code, by_number, hand_out
from casework.families.consenting import Asked, Given, Plan, answer, asked, plan, renew, withdraw
from casework.families.reading import (
    FamilyCase,
    FamilyEntry,
    FamilyMeasure,
    FamilyMeeting,
    FamilyPage,
    Reader,
    case,
    copy,
    home,
    printed,
    readers,
)
from casework.families.saying import AnswerWord, Say, Word, answer_word, of_case, said, say, word

__all__ = [
    "AnswerWord",
    "Asked",
    "Code",
    "FamilyCase",
    "FamilyEntry",
    "FamilyMeasure",
    "FamilyMeeting",
    "FamilyPage",
    "Given",
    "Plan",
    "Reader",
    "Say",
    "Word",
    "answer",
    "answer_word",
    "asked",
    "by_code",
    "by_number",
    "case",
    "copy",
    "hand_out",
    "home",
    "of_case",
    "plan",
    "printed",
    "readers",
    "renew",
    "said",
    "say",
    "withdraw",
    "word",
]
