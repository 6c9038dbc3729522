"""Speech in a language out of the teacher (Kokoro-82M, Apache-2.0), as a corpus.

    starling phonemize --language es --file SENTENCES.txt > PHONEMES.txt
    python -m starling_training.teach TEACHER OUT_DIR MINUTES SEED es SENTENCES.txt PHONEMES.txt [VOICE …]

TEACHER is a folder with teacher.py: `voices()` gives style packs by name, and `Teacher()(phonemes, pack, speed)` samples at
24 kHz, durations in units of 600 samples and F0. Line by line, PHONEMES.txt says how SENTENCES.txt is pronounced. One process
a core, each with a seed of its own.

Where voices are named, they speak in turn, as bundled voices need it; NAME=PACK:SHARE+PACK:SHARE names a mix. `new:N` makes
a voice that is no other's for every N sentences: of two or three English voices, and outside English one of the language's
own as well; `polyglot:N` likewise, of English voices and of every other language's: run with the same seed for another
language, English among them, the same people speak that one too. Otherwise half of the speech is in the language's own
voices, half in mixes of one of them with an English voice, so that what is learned of a language does not hang on who speaks
it. The held-out voices are in no mix.
"""

import json
import os
import random
import sys
import time

import numpy as np
import soundfile

from .signal import DURATION_UNIT, HOP, SAMPLE_RATE
from .symbols import LANGUAGES

OWN = dict(es=("ef_dora", "em_alex"), it=("if_sara", "im_nicola"), fr=("ff_siwis",), pt=("pf_dora", "pm_alex"))
HELD_OUT = ("af_bella", "am_fenrir", "bm_lewis")
WHISPERS = ("af_nicole",)
MIXES, SHARES = 60, (0.4, 0.6)  # how many mixes, and how much of them the language's own voice is
BLEND = 3.0  # concentration of the shares in a new voice
HALF = 128  # of a pack: the sound before it, the melody after it
NATIVE, FRENCH = (0.5, 0.6), 2.0  # how much of a polyglot is not English; French in relation to each of the others
OFF_SPAN = 0.5, ((0.5, 1.9), (0.2, 1.1))  # share of new voices off the span; the norms of either half of the vector
SPEEDS = (0.9, 1.0, 1.0, 1.0, 1.1)
PHONEMES = (10, 230)  # of a sentence


def recipes(packs, language, pick):
    """Voices by name: the weights of the packs that they are mixed from; own ones first."""
    own = OWN[language]
    english = english_voices(packs)
    voices = {name: {name: 1.0} for name in own}
    for number in range(MIXES):
        native, share = pick.choice(own), round(pick.uniform(*SHARES), 3)
        voices[f"{language}{number:02d}"] = {native: share, pick.choice(english): round(1 - share, 3)}
    return voices


def english_voices(packs):
    return [name for name in packs if name[0] in "ab" and name not in HELD_OUT + WHISPERS]


def native(language, pick):
    """The part of a new voice that speaks a language as its own: weights of packs."""
    return {pick.choice(OWN[language]): round(pick.uniform(*SHARES), 4)} if language in OWN else {}


def natives(pick):
    """The part of a polyglot that speaks Spanish, Italian, French and Portuguese."""
    weights = {pick.choice(OWN[language]): FRENCH if language == "fr" else 1.0 for language in OWN}
    share = pick.uniform(*NATIVE)
    return {name: round(share * weight / sum(weights.values()), 4) for name, weight in weights.items()}


def new_voice(packs, native, pick):
    """A voice that is no other's, with a native part: its pack, and the weights of the packs that it is mixed from."""
    english = english_voices(packs)
    names = pick.sample(english, pick.choice((2, 3)))
    shares = [pick.gammavariate(BLEND, 1.0) for _ in names]
    rest = 1 - sum(native.values())
    recipe = native | {name: round(rest * share / sum(shares), 4) for name, share in zip(names, shares)}
    pack = sum(share * packs[name] for name, share in recipe.items())
    chance, norms = OFF_SPAN
    if pick.random() < chance:
        deviations = np.std([packs[name].mean(0) for name in english], axis=0)
        for half, (low, high) in enumerate(norms):
            part = slice(half * HALF, (half + 1) * HALF)
            vector = np.array([pick.gauss(0, 1) for _ in range(HALF)], np.float32) * deviations[part]
            pack[:, part] += vector * (pick.uniform(low, high) / np.linalg.norm(vector))
    return pack, recipe


def named_mix(text):
    """A voice's name and the weights of the packs that it is mixed from: "af_heart", or "luc=ff_siwis:0.5+bm_george:0.5"."""
    name, _, recipe = text.partition("=")
    parts = [part.partition(":") for part in (recipe or name).split("+")]
    return name, {pack: float(share or 1) for pack, _, share in parts}


class Newcomers:
    """A new voice for every `each` sentences."""

    def __init__(self, packs, language, pick, seed, each):
        self.packs, self.language, self.pick, self.seed, self.each = packs, language, pick, seed, each
        self.recipes, self.pack = {}, None

    def __call__(self, number):
        name = f"{self.language}new{self.seed}_{number // self.each:04d}"
        if name not in self.recipes:
            self.pack, self.recipes[name] = new_voice(self.packs, native(self.language, self.pick), self.pick)
        return name, self.pack


class Polyglots:
    """A new voice for every `each` sentences, by the seed alone: whatever the language, the same people."""

    def __init__(self, packs, seed, each):
        self.packs, self.seed, self.each = packs, seed, each
        self.recipes, self.pack = {}, None

    def __call__(self, number):
        name = f"polyglot{self.seed}_{number // self.each:04d}"
        if name not in self.recipes:
            pick = random.Random(name)
            self.pack, self.recipes[name] = new_voice(self.packs, natives(pick), pick)
        return name, self.pack


class Speakers:
    """Voices by recipe. They speak in turn, or, where there are own ones, half of the sentences fall to those."""

    def __init__(self, packs, recipes, own, pick, mix):
        self.packs, self.recipes, self.own, self.pick, self.mix = packs, recipes, own, pick, mix
        self.others = [name for name in recipes if name not in own]

    def __call__(self, number):
        if not self.own:
            name = self.others[number % len(self.others)]
        else:
            name = self.pick.choice(self.own if self.pick.random() < 0.5 else self.others)
        return name, self.mix(self.packs, self.recipes[name])


def speakers(packs, mix, language, named, pick, seed):
    """Who speaks: number of the sentence -> name, pack; `recipes` has the weights of all that spoke."""
    kind, _, each = named[0].partition(":") if named else ("", "", "")
    if kind == "new":
        return Newcomers(packs, language, pick, seed, int(each))
    if kind == "polyglot":
        return Polyglots(packs, seed, int(each))
    if named:
        return Speakers(packs, dict(map(named_mix, named)), (), pick, mix)
    return Speakers(packs, recipes(packs, language, random.Random(7)), OWN[language], pick, mix)


def main(teacher, out, minutes, seed, language, sentences, phonemes, *named):
    assert language in LANGUAGES
    sys.path.insert(0, teacher)
    from teacher import Teacher, mix, voices

    os.makedirs(out, exist_ok=True)
    packs, pick, speak = voices(), random.Random(int(seed)), Teacher()
    speaker = speakers(packs, mix, language, named, pick, seed)
    lines = [line.strip() for line in open(sentences, encoding="utf8")]
    spoken = [line.strip() for line in open(phonemes, encoding="utf8")]
    if len(lines) != len(spoken):
        raise SystemExit(f"{sentences} has {len(lines)} lines and {phonemes} {len(spoken)}; phonemize it again")
    rows = [(text, sounds) for text, sounds in zip(lines, spoken) if PHONEMES[0] <= len(sounds) <= PHONEMES[1]]
    end, number, seconds = time.time() + 60 * float(minutes), 0, 0.0
    with open(f"{out}/{seed}.jsonl", "w", encoding="utf8") as manifest:
        while time.time() < end:
            voice, pack = speaker(number)
            text, sounds = pick.choice(rows)
            speed = pick.choice(SPEEDS)
            audio, durations, f0 = speak(sounds, pack, speed)
            if len(audio) != durations.sum() * DURATION_UNIT * HOP or not np.isfinite(audio).all():
                continue
            name = f"{language}{seed}_{number:05d}"
            np.save(f"{out}/{name}.npy", f0.astype(np.float16))
            soundfile.write(f"{out}/{name}.flac", np.clip(audio, -1, 1), SAMPLE_RATE, subtype="PCM_16")
            row = dict(
                id=name, voice=voice, language=language, text=text, phonemes=sounds, durations=durations.tolist(), speed=speed,
                seconds=round(len(audio) / SAMPLE_RATE, 3))
            manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
            manifest.flush()
            number, seconds = number + 1, seconds + len(audio) / SAMPLE_RATE
    json.dump(speaker.recipes, open(f"{out}/voices.json", "w"), indent=0)
    print(f"{number} sentences, {seconds / 60:.1f} min")


if __name__ == "__main__":
    main(*sys.argv[1:])
