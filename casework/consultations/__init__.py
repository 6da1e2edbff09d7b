"""Anonymous consultation: a service is asked without a child, answers in time, and what was learnt is kept for all."""

from casework.consultations.answering import answer, put_back, take
from casework.consultations.asking import (
    Ask,
    Write,
    addressees,
    ask,
    close,
    follow_up,
    gives_advice,
    limits_here,
    withdraw,
)
from casework.consultations.attaching import CaseChoice, attach, attachable
from casework.consultations.knowing import (
    Kept,
    Propose,
    Wanted,
    agree,
    decline,
    learnt,
    one_kept,
    propose,
    retire,
)
from casework.consultations.limits import ChooseLimits, choose_limits, limits
from casework.consultations.pages import Line, Question, Thread, mine, put_to_us, thread, waiting
from casework.consultations.reminding import forget, late, let_go, remind
from casework.consultations.threads import suspicious
from records.consultations import ASKED_FROM
from records.signals import THEMES

__all__ = [
    "ASKED_FROM",
    "THEMES",
    "Ask",
    "CaseChoice",
    "ChooseLimits",
    "Kept",
    "Line",
    "Propose",
    "Question",
    "Thread",
    "Wanted",
    "Write",
    "addressees",
    "agree",
    "answer",
    "ask",
    "attach",
    "attachable",
    "choose_limits",
    "close",
    "decline",
    "follow_up",
    "forget",
    "gives_advice",
    "late",
    "learnt",
    "let_go",
    "limits",
    "limits_here",
    "mine",
    "one_kept",
    "propose",
    "put_back",
    "put_to_us",
    "remind",
    "retire",
    "suspicious",
    "take",
    "thread",
    "waiting",
    "withdraw",
]
