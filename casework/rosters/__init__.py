"""School and staff rolls taken in: read, compared with the register, shown, and carried out when confirmed."""

from casework.rosters.comparing import LEFT, Change, Comparison
from casework.rosters.confirming import Receipt, confirm, receipt, receipts
from casework.rosters.reading import KEPT, Reading, cancel, forget, preview, upload

__all__ = [
    "KEPT",
    "LEFT",
    "Change",
    "Comparison",
    "Reading",
    "Receipt",
    "cancel",
    "confirm",
    "forget",
    "preview",
    "receipt",
    "receipts",
    "upload",
]
