"""Names by which files know what they belong to.

A profile's is that of the space that it lives in: its layout, the speaker encoder behind the embedding, and the codebook
behind the colours.

The acoustic model's metadata and every voice card carry it (`profile`, `model`), so that a voice made for other networks is
refused instead of spoken with the wrong voice. Sources/VoiceProfile/ProfileSpace.swift makes the same name.

An acoustic model's is told by its vectors, as Sources/AcousticModel/AdaptedModels.swift does; the content encoder carries it.
"""

import hashlib

from safetensors import safe_open

LAYOUT = 3  # embedding 256, statistics 4, spectrum 100, colours 32 x 100, reference frames 200 x 100
KEY = "profile"


def of(data):
    """Fingerprint of profiles measured with speaker.safetensors and codebook.safetensors of a folder, as 2-3fa9c0de1234."""
    digests = ""
    for name in ("speaker", "codebook"):
        with open(f"{data}/{name}.safetensors", "rb") as file:
            digests += hashlib.file_digest(file, "sha256").hexdigest()
    return f"{LAYOUT}-{hashlib.sha256(digests.encode()).hexdigest()[:12]}"


def acoustic(data):
    """Fingerprint of acoustic.safetensors of a folder: 12 digits of a SHA-256 over its vectors, in the order of their names."""
    digest = hashlib.sha256()
    with safe_open(f"{data}/acoustic.safetensors", "np") as file:
        for name in sorted(name for name in file.keys() if len(file.get_slice(name).get_shape()) == 1):
            digest.update(name.encode() + file.get_tensor(name).astype("<f4").tobytes())
    return digest.hexdigest()[:12]
