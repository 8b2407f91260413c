# SPDX-License-Identifier: Apache-2.0
"""Time-based one-time passwords, RFC 6238, as a telephone makes them."""

import base64
import hashlib
import hmac
import struct
import time


def decode_secret(text):
    """The bytes of a base32 secret as a page shows it: blanks and case do not matter, padding may be missing."""
    bare = text.replace(" ", "").upper().rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def code(secret, at=None, digits=6, period=30, algorithm=hashlib.sha1):
    """The code of a secret (bytes, or base32 text) at a time in seconds since 1970; now unless given."""
    key = decode_secret(secret) if isinstance(secret, str) else secret
    step = int(time.time() if at is None else at) // period
    mac = hmac.new(key, struct.pack(">Q", step), algorithm).digest()
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start:start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


class Phone:
    """An authenticator that never gives the same code twice.

    It may be one period early, which a server must bear (RFC 6238, 5.2), so that a test seldom waits.
    """

    def __init__(self, secret, period=30):
        self.secret, self.period, self.last = secret, period, -1

    def code(self):
        """The next code; waits where the last one was early already."""
        self.last = max(self.last + 1, int(time.time()) // self.period)
        while self.last > time.time() // self.period + 1:
            time.sleep(0.2)
        return self.again()

    def again(self):
        """The code that was given last."""
        return code(self.secret, at=self.last * self.period, period=self.period)
