"""The program under judgement, as every evaluation calls it."""

import os
import subprocess


def run(*command):
    """Runs a command without its output; CalledProcessError if it fails."""
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def say(starling, sentences, voice, stem, *options):
    """Paths of the sentences as a voice speaks them, STEM_01.wav and so on; what is there already is used again."""
    paths = [f"{stem}_{number:02d}.wav" for number in range(1, len(sentences) + 1)]
    for path, sentence in zip(paths, sentences):
        if not os.path.exists(path):
            run(starling, "say", sentence, "--voice", voice, *options, "--output", path)
    return paths
