"""Vectors of common words for the homograph network to begin with, from a large network's.

    python -m frontend.word_vectors MINILM vectors.npz TEXT...

MINILM is the folder of sentence-transformers' all-MiniLM-L6-v2 (Apache-2.0), with model.safetensors and tokenizer.json. Each of
the commonest words of the texts is read by it alone; what goes in and what comes out are joined and reduced to the
principal components.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from frontend.homograph_data import TOKEN
from frontend.train_tagger import normal

HEADS, BLOCKS = 12, 6


def hidden(weights: dict, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """BERT (Devlin et al. 2019): what goes in and what comes out of each piece, [B, N, 384] both."""
    def linear(x, name):
        return F.linear(x, weights[name + ".weight"], weights[name + ".bias"])

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"], 1e-12)

    pieces = weights["embeddings.word_embeddings.weight"][ids]
    x = pieces + weights["embeddings.position_embeddings.weight"][: ids.shape[1]] + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, "embeddings.LayerNorm")
    for i in range(BLOCKS):
        at = f"encoder.layer.{i}."
        q, k, v = (linear(x, f"{at}attention.self.{n}").view(*ids.shape, HEADS, -1).transpose(1, 2) for n in ("query", "key", "value"))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :]).transpose(1, 2).reshape(x.shape)
        x = norm(x + linear(y, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        x = norm(x + linear(F.gelu(linear(x, at + "intermediate.dense")), at + "output.dense"), at + "output.LayerNorm")
    return pieces, x


def read(weights: dict, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Means over the pieces of a word of what goes in and of what comes out, [B, 384] each."""
    pieces, x = hidden(weights, ids, mask)
    inner = mask.clone()
    inner[:, 0] = False
    share = inner.float() / inner.sum(1, keepdim=True)
    return (pieces * share[..., None]).sum(1), (x * share[..., None]).sum(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--words", type=int, default=16000)
    parser.add_argument("--channels", type=int, default=64)
    arguments = parser.parse_args()
    counts = Counter()
    for path in arguments.texts:
        counts.update(normal(w) for w in TOKEN.findall(path.read_text(errors="ignore").replace("’", "'")))
    words = [w for w, n in counts.most_common(arguments.words) if n > 1]
    tokenizer = Tokenizer.from_file(str(arguments.minilm / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = load_file(arguments.minilm / "model.safetensors")
    encoded = [tokenizer.encode(w.replace("!num", "5")).ids for w in words]
    vectors = torch.zeros(len(words), 768)
    order = sorted(range(len(words)), key=lambda k: len(encoded[k]))
    with torch.no_grad():
        for start in range(0, len(order), 256):
            group = order[start : start + 256]
            length = max(len(encoded[k]) for k in group)
            ids, mask = torch.zeros(len(group), length, dtype=torch.long), torch.zeros(len(group), length, dtype=torch.bool)
            for row, k in enumerate(group):
                ids[row, : len(encoded[k])] = torch.tensor(encoded[k])
                mask[row, : len(encoded[k]) - 1] = True
            given, gained = read(weights, ids, mask)
            vectors[group] = torch.cat([F.normalize(given), F.normalize(gained)], 1)
    vectors -= vectors.mean(0)
    _, sizes, axes = torch.linalg.svd(vectors, full_matrices=False)
    reduced = vectors @ axes[: arguments.channels].T
    print(len(words), "words; share of the variance:", float((sizes[: arguments.channels] ** 2).sum() / (sizes**2).sum()))
    reduced = reduced / reduced.std()
    np.savez(arguments.out, words=np.array(words), vectors=reduced.numpy().astype(np.float32))


if __name__ == "__main__":
    main()
