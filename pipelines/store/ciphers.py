"""What of cryptography is used, all of it loaded by whoever first opens a library.

It comes with the extra `app`: what reads an export, or asks whether there is a library, runs
without it. A rescue file is begun when a disk may be gone, so nothing is left to be loaded then.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

__all__ = ["AESGCM", "HKDF", "SHA256", "InvalidTag", "Scrypt"]
