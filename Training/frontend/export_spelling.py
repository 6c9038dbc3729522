"""Export the spelling-to-sound checkpoint to data/g2p.safetensors (bf16) and golden fixtures for the Swift tests.

    python -m frontend.export_spelling DIR/spelling.pt --data ../data --fixtures ../Tests/TextFrontendTests/Fixtures
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from frontend.spelling_model import Config, SpellingModel
from frontend.train_spelling import padded, tokens_of

WORDS = ["starling", "oswald", "whittemore", "blorptastic", "zyxgry", "o'hara", "thistlewood", "quixotic", "a", "schadenfreude",
         "antidisestablishmentarian", "kubernetes", "gnomically", "fjord", "unbefitting", "tchaikovsky"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--fixtures", type=Path, default=None)
    arguments = parser.parse_args()
    checkpoint = torch.load(arguments.checkpoint)
    config = Config(**checkpoint["config"])
    tensors = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in checkpoint["model"].items()}
    described = {**config.as_dict(), "chunks": checkpoint["labels"]}
    metadata = {"config": json.dumps(described, ensure_ascii=False), "figures": json.dumps(checkpoint["figures"])}
    path = arguments.data / "g2p.safetensors"
    save_file(tensors, path, metadata=metadata)
    print(path, path.stat().st_size, "bytes, step", checkpoint["step"], checkpoint["figures"])
    if arguments.fixtures:
        model = SpellingModel(config)
        model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
        model.eval()
        with (arguments.fixtures / "g2p.tsv").open("w") as file:
            file.write("# accent, word, phonemes, first three values of the first letter's encoding (float32 arithmetic, bf16 weights)\n")
            for accent in config.accents:
                for word in WORDS:
                    tokens = padded([tokens_of(config, accent, word)])
                    with torch.no_grad():
                        encoded = model.encode(tokens)[0, 0, :3].tolist()
                    phonemes = model.read(tokens, checkpoint["labels"])[0]
                    file.write(f"{accent}\t{word}\t{phonemes}\t{' '.join(f'{x:.5f}' for x in encoded)}\n")


if __name__ == "__main__":
    main()
