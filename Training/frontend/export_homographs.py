"""Export the homograph network to data/homographs.safetensors (float16) and golden fixtures for the Swift tests.

    python -m frontend.export_homographs MODEL.pt homograph_pronunciations.tsv vectors.npz --fixtures ../Tests/TextFrontendTests/Fixtures
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from frontend import dictionaries
from frontend.carnegie import british
from frontend.homograph_data import LEFT_OUT, MORE, Senses, marked
from frontend.homograph_model import ENDINGS, SHAPES, Config, HomographModel, window
from frontend.homograph_phonemes import pronounce
from frontend.tagger import Tagger
from frontend.train_tagger import fnv


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("pronunciations", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--fixtures", type=Path, default=None)
    parser.add_argument("--cases", type=Path, default=None, help="lines of sense, tab, sentence, the word in brackets, for the fixtures")
    arguments = parser.parse_args()
    senses = Senses(arguments.pronunciations)
    entries = dictionaries.load(dictionaries.find_assets())
    table = {word: pronounce(word, senses.listed[word], entries) for word in sorted(senses.listed)}
    for word in MORE:
        table[word] = [(own, british(word, own) if gb == own else gb) for own, gb in table[word]]
    saved = torch.load(arguments.model)
    vocabulary = {str(w): 1 + k for k, w in enumerate(np.load(arguments.vectors)["words"])}
    config = Config(channels=saved["channels"], hidden=2 * saved["channels"])
    model = HomographModel(config, len(vocabulary), senses, saved["blocks"])
    model.load_state_dict(saved["model"])
    with torch.no_grad():
        model.senses.weight += model.kinds(model.kind_of)
        model.kinds.weight.zero_()
    tensors = model.half().state_dict()
    model = model.float().eval()

    order = sorted(vocabulary, key=fnv)
    hashes = torch.from_numpy(np.array([fnv(w) for w in order], dtype=np.uint32))
    assert len(set(hashes.tolist())) == len(order)
    kept = [k for word in sorted(senses.listed) if word not in LEFT_OUT for k in range(senses.count)[senses.span(word)]]
    exported = {name: tensor for name, tensor in tensors.items() if name != "kinds.weight"}
    exported["words.weight"] = tensors["words.weight"][[0] + [vocabulary[w] for w in order]]
    exported["words.hashes"] = hashes
    for name in ("senses.weight", "senses.bias"):
        exported[name] = tensors[name][kept]
    described = {"channels": config.channels, "heads": config.heads, "hidden": config.hidden, "blocks": saved["blocks"],
                 "reach": config.reach, "words": len(order), "endings": ENDINGS, "shapes": SHAPES,
                 "homographs": ["\t".join([word, *(p for pair in table[word] for p in pair)]) for word in sorted(table) if word not in LEFT_OUT]}
    path = arguments.data / "homographs.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in exported.items()}, path,
              metadata={"config": json.dumps(described, ensure_ascii=False)})
    print(path, path.stat().st_size, "bytes")
    if not arguments.fixtures:
        return
    tagger = Tagger(arguments.data / "tagger.bin")
    rows = [line.rstrip("\n").split("\t") for line in arguments.cases.open()]
    with (arguments.fixtures / "homograph_cases.tsv").open("w") as cases, (arguments.fixtures / "homograph_scores.tsv").open("w") as scores:
        cases.write("# American phonemes of the word in brackets, sentence: written by hand, not learned from\n")
        scores.write("# place of a homograph, words, probability of each sense as the trainer computes it\n")
        for number, (name, sentence) in enumerate(rows):
            example = marked(name, sentence, senses)
            own = senses.first[example.word]
            cases.write(f"{table[example.word][example.sense - own][0]}\t{sentence}\n")
            if number % 5:
                continue
            *inputs, mask = (torch.tensor([row]) for row in window(example, tagger(example.words), vocabulary, config.reach))
            with torch.no_grad():
                chances = model(*inputs, mask.bool())[0, senses.span(example.word)].softmax(0)
            scores.write(f"{example.i}\t{' '.join(example.words)}\t{' '.join(f'{x:.5f}' for x in chances.tolist())}\n")


if __name__ == "__main__":
    main()
