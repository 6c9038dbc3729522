"""Transcripts of clips that have none, by Whisper: the manifest that librispeech.py reads.

    pip install faster-whisper
    python -m starling_training.transcribe MODEL FOLDER [HELD_OUT_SPEAKER ...]

writes FOLDER/manifest.tsv of file, speaker, seconds and text, in capitals and without punctuation as LibriSpeech's are. The
speaker is what the file's name begins with, up to the first hyphen. Numbers are left as digits, and clips with any are left
out: how they were said is not known. The aligner refuses a transcript that does not fit.
"""

import glob
import os
import re
import sys

import soundfile
from faster_whisper import WhisperModel


def main(model, folder, *held_out):
    whisper = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=1)
    count = 0
    with open(f"{folder}/manifest.tsv.part", "w", encoding="utf8") as manifest:
        manifest.write("file\tspeaker\tseconds\ttext\n")
        for path in sorted(glob.glob(f"{folder}/**/*.flac", recursive=True)):
            speaker = os.path.basename(path).split("-")[0]
            if speaker in held_out:
                continue
            segments, _ = whisper.transcribe(
                path, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False, without_timestamps=True)
            text = " ".join(segment.text for segment in segments)
            if re.search(r"[0-9$£%&]", text):
                continue
            words = re.sub(r"[^A-Z' ]+", " ", text.upper().replace("’", "'").replace("-", " ")).split()
            if words:
                seconds = soundfile.info(path).duration
                manifest.write(f"{os.path.relpath(path, folder)}\t{speaker}\t{seconds:.2f}\t{' '.join(words)}\n")
                count += 1
    os.replace(f"{folder}/manifest.tsv.part", f"{folder}/manifest.tsv")
    print(f"{count} clips")


if __name__ == "__main__":
    main(*sys.argv[1:])
