"""The name of the space that speaker profiles live in: their layout, the speaker encoder behind the embedding, and the
codebook behind the colours.

The acoustic model's metadata and every voice card carry it (`profile`, `model`), so that a voice made for other networks is
refused instead of spoken with the wrong voice. Sources/VoiceProfile/ProfileSpace.swift makes the same name.
"""

import hashlib

LAYOUT = 3  # embedding 256, statistics 4, spectrum 100, colours 32 x 100, reference frames 200 x 100
KEY = "profile"


def of(data):
    """Fingerprint of profiles measured with speaker.safetensors and codebook.safetensors of a folder, as 2-3fa9c0de1234."""
    digests = ""
    for name in ("speaker", "codebook"):
        with open(f"{data}/{name}.safetensors", "rb") as file:
            digests += hashlib.file_digest(file, "sha256").hexdigest()
    return f"{LAYOUT}-{hashlib.sha256(digests.encode()).hexdigest()[:12]}"
