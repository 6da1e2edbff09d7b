"""From closed to archived: the package a case leaves behind, and its way to the municipality's archive."""

from casework.archives.desk import (
    Delivery,
    Package,
    TakeOver,
    catch_up,
    fetch,
    keep_package,
    of_case,
    one,
    packed,
    take_over,
    unpacked,
    waiting,
)

__all__ = [
    "Delivery",
    "Package",
    "TakeOver",
    "catch_up",
    "fetch",
    "keep_package",
    "of_case",
    "one",
    "packed",
    "take_over",
    "unpacked",
    "waiting",
]
