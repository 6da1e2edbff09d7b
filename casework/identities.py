"""National identity numbers: checked, encrypted, and found again without being readable."""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from stdnum.no import fodselsnummer

from casework.refusals import Invalid


@dataclass(frozen=True)
class IdentityKeys:
    """Keys made from one field key of 32 bytes: one to encrypt, one to index."""

    field_key: bytes

    @classmethod
    def for_tests(cls) -> "IdentityKeys":
        """A key that guards nothing real."""
        return cls(hashlib.sha256(b"stafetten tests").digest())

    def _derived(self, use: bytes) -> bytes:
        return hmac.digest(self.field_key, use, "sha256")

    def encrypt(self, number: str) -> bytes:
        """AES-256-GCM with a fresh nonce in front."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._derived(b"cipher")).encrypt(nonce, number.encode(), None)

    def decrypt(self, cipher: bytes) -> str:
        """The number again; raises cryptography.exceptions.InvalidTag if it was tampered with."""
        return AESGCM(self._derived(b"cipher")).decrypt(cipher[:12], cipher[12:], None).decode()

    def index(self, number: str) -> bytes:
        """A keyed hash, the same for the same number: for look-up without decrypting."""
        return hmac.digest(self._derived(b"index"), number.encode(), "sha256")

    def home(self, compared: str) -> bytes:
        """A keyed hash of where somebody lives: two can be compared, and neither be read."""
        return hmac.digest(self._derived(b"home"), compared.encode(), "sha256")


def checked(number: str) -> str:
    """The eleven digits; raises Invalid when the control digits are wrong. Synthetic numbers are welcome."""
    digits = re.sub(r"[^0-9]", "", number)
    # Synthetic numbers carry 40 or 80 added to the month; the control digits are computed over them as they are.
    if len(digits) != 11 or digits[-2:] != _control(digits):
        raise Invalid({"identity_number": "identity_number_wrong"})
    return digits


def is_synthetic(number: str) -> bool:
    """Whether no real person can hold the number: 40 or 80 is added to its month (Skatteetaten, NAV)."""
    return int(number[2:4]) > 40


def born_on(number: str) -> date | None:
    """The day of birth that a checked number says, also a D-number's; None when it says no day there is.

    The century stands in the individual number. From 2032 numbers say nothing of the kind, so a birth date that is
    known is never replaced by this one.
    """
    day, month, year, individual = (int(part) for part in (number[:2], number[2:4], number[4:6], number[6:9]))
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    last_century = individual < 500 or (individual >= 900 and year >= 40)
    century = 19 if last_century else 20 if year < 40 else 18
    try:
        return date(100 * century + year, month, day)
    except ValueError:
        return None


def _control(digits: str) -> str:
    return fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
