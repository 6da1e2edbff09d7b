"""What processes say, one JSON object a line, without anybody's data.

An exception's message may hold what somebody wrote or who they are (a database error quotes the row), so only
its kind and the places in the code are told. `STAFETTEN_LOG_LEVEL=debug` does not change that.
"""

import json
import logging
import sys
import time
import traceback
from types import TracebackType
from typing import Any

NOISY = ("httpx", "httpcore", "weasyprint", "fontTools")
EXTRAS = ("code", "flow")  # what a call may add beside its sentence; nothing else is told
MOST_PLACES = 12  # of one exception; the innermost are kept


class Line(logging.Formatter):
    """Spells a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Answer when, how grave, who says it, what, and where it went wrong."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        told: dict[str, Any] = {
            "at": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage().strip(),
            **{name: str(getattr(record, name)) for name in EXTRAS if hasattr(record, name)},
        }
        if record.exc_info and record.exc_info[1]:
            told["faults"] = faults(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def faults(error: BaseException) -> list[dict[str, Any]]:
    """The exception and what caused it, by kind and place; never by message."""
    found: list[dict[str, Any]] = []
    chain: BaseException | None = error
    while chain is not None and len(found) < MOST_PLACES:
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in _frames(chain)]
        found.append({"kind": f"{type(chain).__module__}.{type(chain).__name__}", "places": places})
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return found


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(error.__traceback__))[-MOST_PLACES:]


def configure(level: str) -> None:
    """Let everything this process logs go to standard error in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _crash


def _crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("stafetten").critical("ended by a fault", exc_info=(kind, error, trace))
