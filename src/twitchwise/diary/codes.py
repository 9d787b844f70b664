"""The code of a diary in a database: 24 digits that nobody guesses, and the hash under which the diary is found.

Digits are told apart in any handwriting and language, can be read out, and are typed on large keys. 23 of them are
drawn (76 bits); the last one is the check digit of ISO/IEC 7064, MOD 11,10, which finds every single wrong digit.
"""

import hashlib
import secrets

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

DIGITS = 24
IN_A_GROUP = 4
RADIX = 10
# 16 MB and some hundredths of a second a try: with 76 bits that is more than enough, and a lookup stays quick
SCRYPT_COST = 2**14
SCRYPT_BLOCK = 8
SCRYPT_WIDTH = 1
KEY_BYTES = 16
SALT_BYTES = 16
MOST_TYPED = 256  # letters that are looked at; bounds the work
_BETWEEN = frozenset(" \t\r\n\u00a0\u202f\u2013-.,/_")


class CodeError(OutOfRangeError):
    """What was typed cannot be the code of any diary; the sentence says what to look for."""


def new_code() -> str:
    """Return a code that nobody has, in groups of four digits.

    Examples
    --------
    >>> code_in(new_code()).isdigit()
    True
    """
    drawn = "".join(str(secrets.randbelow(RADIX)) for _ in range(DIGITS - 1))
    return in_groups(drawn + check_digit(drawn))


def in_groups(digits: str) -> str:
    """Return digits in groups that an eye can hold."""
    return " ".join(digits[at : at + IN_A_GROUP] for at in range(0, len(digits), IN_A_GROUP))


def check_digit(digits: str) -> str:
    """Return the digit that ISO/IEC 7064, MOD 11,10 puts after others.

    Examples
    --------
    >>> check_digit("0794")
    '5'
    """
    product = RADIX
    for digit in digits:
        product = ((product + int(digit)) % RADIX or RADIX) * 2 % (RADIX + 1)
    return str((RADIX + 1 - product) % RADIX)


def code_in(typed: str) -> str:
    """Return the digits of a code, however they are grouped and in whatever script.

    Raises
    ------
    CodeError
        If it cannot be a code.
    """
    signs = [sign for sign in typed[:MOST_TYPED] if sign not in _BETWEEN]
    if not all(sign.isdecimal() for sign in signs):
        raise CodeError(say("Type digits only. You can leave out the gaps."))
    if len(signs) != DIGITS:
        raise CodeError(say("The code has {wanted} digits. You have typed {count}.", wanted=DIGITS, count=len(signs)))
    digits = "".join(str(int(sign)) for sign in signs)
    if check_digit(digits[:-1]) != digits[-1]:
        raise CodeError(say("A digit is wrong or out of place. Look at each group again."))
    return digits


def key_of(digits: str, salt: bytes) -> str:
    """Return the hash under which a diary is kept: always the same for a code and a salt, and no way back.

    Parameters
    ----------
    digits
        A code as `code_in` returns it.
    salt
        What all codes of one database have in common, so that a code can be looked up.
    """
    hashed = hashlib.scrypt(digits.encode(), salt=salt, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_WIDTH, dklen=KEY_BYTES)
    return hashed.hex()
