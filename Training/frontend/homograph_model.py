"""The homograph network: which sense of a word its neighbours leave.

A word is the sum of what it is, how it ends, how it is written, its part of speech, and where it stands beside the homograph.
Two pre-norm transformer blocks follow, the second for the homograph alone, whose vector is compared with those of its senses.

Letters: B batch, N words of the window, C channels, S senses of all words. HomographModel.swift is the same.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from frontend.homograph_data import Example, Senses
from frontend.train_tagger import TAGS, fnv, normal, shape

NAMES = TAGS + ["PUNCT", "OTHER"]
SHAPES = "xXuUmhdp"
ENDINGS = 1024


@dataclass
class Config:
    channels: int = 64
    heads: int = 4
    hidden: int = 128
    #: Words on each side of the homograph that are read.
    reach: int = 10


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.heads = config.heads
        self.norm1 = nn.LayerNorm(config.channels)
        self.query = nn.Linear(config.channels, config.channels)
        self.memory = nn.Linear(config.channels, 2 * config.channels)
        self.out = nn.Linear(config.channels, config.channels)
        self.norm2 = nn.LayerNorm(config.channels)
        self.up = nn.Linear(config.channels, config.hidden)
        self.down = nn.Linear(config.hidden, config.channels)

    def forward(self, x, mask, rows: slice, dropout: float):
        """Only `rows` of the window, [B, rows, C], are worked out from all of it."""
        b, n, c = x.shape
        normed = self.norm1(x)
        own = x[:, rows]
        q = self.query(normed[:, rows]).view(b, own.shape[1], self.heads, -1).transpose(1, 2)
        k, v = self.memory(normed).view(b, n, 2, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        x = own + F.dropout(self.out(y.transpose(1, 2).reshape(own.shape)), dropout, self.training)
        return x + F.dropout(self.down(F.relu(self.up(self.norm2(x)))), dropout, self.training)


class HomographModel(nn.Module):
    def __init__(self, config: Config, words: int, senses: Senses, blocks: int = 2):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(1 + words, config.channels, sparse=True)
        self.endings = nn.Embedding(ENDINGS, config.channels)
        self.shapes = nn.Embedding(len(SHAPES), config.channels)
        self.tags = nn.Embedding(1 + len(NAMES), config.channels)
        self.places = nn.Embedding(2 * config.reach + 1, config.channels)
        self.blocks = nn.ModuleList(Block(config) for _ in range(blocks))
        self.norm = nn.LayerNorm(config.channels)
        self.senses = nn.Linear(config.channels, senses.count)
        #: A sense is scored by itself and by its part of speech, which words share.
        self.kinds = nn.Embedding(senses.kinds, config.channels)
        self.register_buffer("kind_of", torch.tensor(senses.kind_of), persistent=False)
        for table in (self.endings, self.shapes, self.tags, self.places):
            nn.init.normal_(table.weight, std=0.3)
        nn.init.zeros_(self.words.weight)
        nn.init.zeros_(self.kinds.weight)
        nn.init.normal_(self.senses.weight, std=0.02)

    def forward(self, words, endings, shapes, tags, mask, dropout: float = 0.0):
        """Scores of all senses, [B, S], of the words in the middle of windows [B, 2 reach + 1]."""
        x = self.words(words) + self.endings(endings) + self.shapes(shapes) + self.tags(tags) + self.places.weight
        x = F.dropout(x, dropout, self.training)
        middle = slice(self.config.reach, self.config.reach + 1)
        for k, block in enumerate(self.blocks):
            x = block(x, mask, middle if k == len(self.blocks) - 1 else slice(None), dropout)
        x = F.dropout(self.norm(x[:, 0]), dropout, self.training)
        return x @ (self.senses.weight + self.kinds(self.kind_of)).T + self.senses.bias


def window(example: Example, tags: list[str], vocabulary: dict[str, int], reach: int) -> tuple[list[int], ...]:
    """Rows of words, endings, shapes and tags of a homograph's window, and which places have a word."""
    rows = []
    for k in range(example.i - reach, example.i + reach + 1):
        if 0 <= k < len(example.words):
            word = normal(example.words[k])
            rows.append((vocabulary.get(word, 0), fnv(word[-3:]) % ENDINGS, SHAPES.index(shape(example.words[k])), 1 + NAMES.index(tags[k]), 1))
        else:
            rows.append((0, 0, 0, 0, 0))
    return tuple(zip(*rows))
