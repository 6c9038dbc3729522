"""Writes a trained network as safetensors for the synthesizer.

    python -m starling_training.export vocoder|speaker|aligner CHECKPOINT OUT.safetensors
    python -m starling_training.export acoustic|content CHECKPOINT OUT.safetensors --data DATA_DIR

takes the averaged weights of a checkpoint. Matrices and kernels are rounded to bfloat16, vectors stay float32; names are
those of the PyTorch state, and the metadata holds the network's configuration as JSON, and which `languages` of the trainer's
configuration an acoustic model speaks, in the order of symbols.LANGUAGES. The speaker encoder's checkpoint is
rated.pt, which holds the speaking rate too. `--data` names the folder with the exported speaker encoder and codebook whose
profiles the acoustic model was trained on; their fingerprint goes into the metadata. For the content encoder it is the folder
with the acoustic model that it was trained for.
"""

import argparse
import json
from dataclasses import asdict

import torch
from safetensors.torch import load_file, save_file
from safetensors import safe_open

from . import fingerprint
from .acoustic import AcousticConfig, AcousticModel
from .aligner import Aligner, AlignerConfig
from .content import HEAD, ContentConfig, ContentEncoder
from .speaker import SpeakerConfig, SpeakerEncoder
from .vocoder import Vocoder, VocoderConfig

NETWORKS = {
    "vocoder": (Vocoder, VocoderConfig), "acoustic": (AcousticModel, AcousticConfig),
    "speaker": (SpeakerEncoder, SpeakerConfig), "aligner": (Aligner, AlignerConfig),
    "content": (ContentEncoder, ContentConfig),
}


def export(kind, checkpoint, path, data=None):
    if data and kind not in ("acoustic", "content"):
        raise SystemExit("--data belongs to the acoustic model and the content encoder; no other network takes profiles")
    if kind == "content" and not data:
        raise SystemExit("name the folder with the acoustic model that the content encoder is for: --data DATA_DIR")
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    network, config = NETWORKS[kind]
    model = network(config(**state["config"]["model"]))
    model.load_state_dict(state["average"])
    tensors = {
        name: (value.to(torch.bfloat16) if value.dim() > 1 else value.float()).contiguous()
        for name, value in model.state_dict().items()
    }
    metadata = {"network": kind, "config": json.dumps(asdict(model.config)), "step": str(state["step"])}
    if kind == "acoustic" and model.config.languages:
        metadata["languages"] = " ".join(state["config"]["languages"])
    belonging = ""
    if kind == "content":
        metadata["acoustic"] = belonging = fingerprint.acoustic(data)
    elif data:
        metadata[fingerprint.KEY] = belonging = fingerprint.of(data)
    save_file(tensors, path, metadata)
    print(f"{path}: {sum(t.numel() for t in tensors.values()) / 1e6:.2f} M numbers, step {state['step']} {belonging}")


def load(kind, path):
    """The network of an exported file, in float32 and evaluation mode; a content encoder without its pace head."""
    network, config = NETWORKS[kind]
    with safe_open(path, "pt") as file:
        model = network(config(**json.loads(file.metadata()["config"])))
    model.load_state_dict({name: value.float() for name, value in load_file(path).items() if not name.startswith(HEAD)})
    return model.eval()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=NETWORKS)
    parser.add_argument("checkpoint")
    parser.add_argument("path")
    parser.add_argument("--data")
    export(**vars(parser.parse_args()))
