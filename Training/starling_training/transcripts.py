"""What is said in a recording of a public corpus."""

import glob
import os


def transcript(path):
    """The text beside a recording: a file NAME.txt, or the line of LibriSpeech's list that begins with NAME; "" without."""
    folder, file = os.path.split(path)
    name = os.path.splitext(file)[0]
    if os.path.exists(f"{folder}/{name}.txt"):
        with open(f"{folder}/{name}.txt", encoding="utf8") as text:
            return text.read().strip()
    for listing in glob.glob(f"{glob.escape(folder)}/*.trans.txt"):
        with open(listing, encoding="utf8") as lines:
            for line in lines:
                listed, _, text = line.strip().partition(" ")
                if listed == name:
                    return text
    return ""
