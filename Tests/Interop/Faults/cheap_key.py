# SPDX-License-Identifier: Apache-2.0
"""A second key file for a repository of tests, with a derivation that costs nothing: opening it 500 times is then quick.

It follows restic's design document, "Keys, Encryption and MAC", by itself, with the system's openssl for AES.
"""

import base64
import hashlib
import json
import os
import subprocess


def aes(mode, key, data, vector=None):
    command = ["openssl", "enc", f"-aes-{len(key) * 8}-{mode}", "-K", key.hex(), "-nopad"]
    if vector is not None:
        command += ["-iv", vector.hex()]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def tag(key, r, vector, data):
    """Poly1305-AES."""
    s = int.from_bytes(aes("ecb", key, vector), "little")
    r = int.from_bytes(r, "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    sum = 0
    for place in range(0, len(data), 16):
        sum = (sum + int.from_bytes(data[place:place + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((sum + s) % (1 << 128)).to_bytes(16, "little")


def stretch(password, salt, n, r, p):
    key = hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=64, maxmem=1 << 28)
    return key[:32], key[32:48], key[48:]


def add(repository, password):
    """Puts a cheap key file beside the one that is there, and takes that one away."""
    (old,) = (repository / "keys").iterdir()
    key = json.loads(old.read_bytes())
    encrypt, k, r = stretch(password, base64.b64decode(key["salt"]), key["N"], key["r"], key["p"])
    sealed = base64.b64decode(key["data"])
    vector, content, found = sealed[:16], sealed[16:-16], sealed[-16:]
    assert tag(k, r, vector, content) == found, "the key file does not open"
    master = aes("ctr", encrypt, content, vector)
    salt, vector = os.urandom(64), os.urandom(16)
    encrypt, k, r = stretch(password, salt, 2, 1, 1)
    content = aes("ctr", encrypt, master, vector)
    key.update(N=2, r=1, p=1, salt=base64.b64encode(salt).decode(),
               data=base64.b64encode(vector + content + tag(k, r, vector, content)).decode())
    text = json.dumps(key).encode()
    (repository / "keys" / hashlib.sha256(text).hexdigest()).write_bytes(text)
    old.unlink()
