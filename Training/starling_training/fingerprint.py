"""The name of the space that speaker profiles live in: layout of the profile and speaker encoder behind its embedding.

The acoustic model's metadata and every voice card carry it (`profile`, `model`), so that a voice made for other networks is
refused instead of spoken with the wrong voice. Sources/VoiceProfile/ProfileSpace.swift makes the same name.
"""

import hashlib

LAYOUT = 1  # embedding 256, statistics 4, spectrum 100
KEY = "profile"


def of_encoder(path):
    """Fingerprint of profiles whose embedding is made by the exported encoder `path`, such as 1-3fa9c0de1234."""
    with open(path, "rb") as file:
        return f"{LAYOUT}-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
