# SPDX-License-Identifier: Apache-2.0
"""The tests' own telephone is right: RFC 6238, appendix B."""

import hashlib

import pytest

import totp

SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "algorithm", "length", "expected"),
    [
        (59, hashlib.sha1, 20, "94287082"),
        (1111111109, hashlib.sha1, 20, "07081804"),
        (20000000000, hashlib.sha1, 20, "65353130"),
        (59, hashlib.sha256, 32, "46119246"),
        (1234567890, hashlib.sha256, 32, "91819424"),
        (59, hashlib.sha512, 64, "90693936"),
        (2000000000, hashlib.sha512, 64, "38618901"),
    ],
)
def test_rfc_vectors(at, algorithm, length, expected):
    secret = (SEED * 4)[:length]
    assert totp.code(secret, at=at, digits=8, algorithm=algorithm) == expected


def test_secret_as_shown_on_a_page():
    assert totp.decode_secret("gezd gnbv gy3t qojq GEZD GNBV GY3T QOJQ") == SEED
