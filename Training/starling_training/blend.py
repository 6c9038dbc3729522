"""Blends an acoustic model with the exported one that its run began from.

    python -m starling_training.blend RUN/last.pt OLD.safetensors SHARE OUT.pt

What reads and times text stays as it was trained: a new language lives there. What makes the sound of a voice goes SHARE of the
way from the old weights to the averaged new ones. A run that teaches languages loses some likeness of voices; the weights between
the two ends of a fine-tuning keep much of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import sys

import torch
from safetensors.torch import load_file

#: Where the names of the parameters that make the sound of a voice begin: the decoder, and what it knows of the voice.
SOUND = ("decoder.", "output.", "gate.", "kind.", "kinds", "colour", "reference.", "frame_mark", "profile_up.", "profile_down.")


def blended(new, old, share):
    """The parameters of `new`, those of the sound at `share` of the way from `old`."""
    missing = new.keys() ^ old.keys()
    if missing:
        raise SystemExit(f"these are not the same network; only one has {', '.join(sorted(missing))}")
    part = lambda name: share if name.startswith(SOUND) else 1.0
    return {name: torch.lerp(old[name].float(), value.float(), part(name)) for name, value in new.items()}


def main(run, exported, share, out):
    state = torch.load(run, map_location="cpu", weights_only=False)
    average = blended(state["average"], load_file(exported), float(share))
    torch.save(dict(step=state["step"], average=average, config=state["config"]), out)


if __name__ == "__main__":
    main(*sys.argv[1:])
