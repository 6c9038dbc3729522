"""The spelling-to-sound network: a small transformer over letters, then a recurrent decoder over phoneme chunks.

N letters plus the accent token in front, C channels, L chunk labels. The decoder walks the letters; at each one it
sees the letter's encoding and the chunk chosen for the letter before, so stress and vowels agree along the word.
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Config:
    letters: str = "abcdefghijklmnopqrstuvwxyz'"
    accents: tuple[str, ...] = ("american", "british")
    channels: int = 128
    heads: int = 4
    blocks: int = 4
    hidden: int = 320
    chunk_channels: int = 48
    state: int = 160
    labels: int = 0

    def as_dict(self) -> dict:
        return asdict(self)


def rotate(x: torch.Tensor) -> torch.Tensor:
    """Rotary positions on [B, H, N, D]: halves paired, base 100."""
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[2], dtype=torch.float32)[:, None] * 100.0 ** (
        -torch.arange(half, dtype=torch.float32) / half
    )
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], -1)


class Block(nn.Module):
    """Pre-norm self-attention and a ReLU feed-forward layer."""

    def __init__(self, config: Config):
        super().__init__()
        self.heads = config.heads
        self.norm1 = nn.LayerNorm(config.channels)
        self.qkv = nn.Linear(config.channels, 3 * config.channels)
        self.out = nn.Linear(config.channels, config.channels)
        self.norm2 = nn.LayerNorm(config.channels)
        self.up = nn.Linear(config.channels, config.hidden)
        self.down = nn.Linear(config.hidden, config.channels)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, channels = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(rotate(q), rotate(k), v, attn_mask=mask)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, length, channels))
        return x + self.down(F.relu(self.up(self.norm2(x))))


class SpellingModel(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        # 0 pad, then the accents, then the letters
        self.embedding = nn.Embedding(1 + len(config.accents) + len(config.letters), config.channels)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.channels)
        self.chunks = nn.Embedding(config.labels + 1, config.chunk_channels)  # label + 1; 0 begins
        self.decoder = nn.GRU(config.channels + config.chunk_channels, config.state, batch_first=True)
        self.output = nn.Linear(config.state + config.channels, config.labels)

    def encode(self, tokens: torch.Tensor) -> torch.Tensor:
        """tokens [B, 1 + N], accent first → [B, N, C]."""
        mask = (tokens != 0)[:, None, None, :]
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x)[:, 1:]

    def forward(self, tokens: torch.Tensor, previous: torch.Tensor) -> torch.Tensor:
        """Logits [B, N, L] given each letter's preceding chunk, `previous` [B, N]."""
        encoded = self.encode(tokens)
        states, _ = self.decoder(torch.cat([encoded, self.chunks(previous)], -1))
        return self.output(torch.cat([states, encoded], -1))

    @torch.no_grad()
    def read(self, tokens: torch.Tensor, labels: list[str], width: int = 4) -> list[str]:
        """The likeliest phonemes of every word, by a beam search; ways to spread them over the letters count together."""
        encoded = self.encode(tokens)
        batch, longest, _ = encoded.shape
        lengths = (tokens != 0).sum(1) - 1
        score = torch.full((batch, width), -1e9)
        score[:, 0] = 0
        chunk, state = torch.zeros(batch, width, dtype=torch.long), torch.zeros(1, batch * width, self.config.state)
        chosen = torch.zeros(batch, width, 0, dtype=torch.long)
        for i in range(longest):
            letter = encoded[:, i : i + 1].repeat_interleave(width, 0)
            y, state = self.decoder(torch.cat([letter, self.chunks(chunk.view(-1, 1))], -1), state)
            logits = self.output(torch.cat([y, letter], -1))[:, 0].view(batch, width, -1)
            totals = score[..., None] + torch.log_softmax(logits, -1)
            best, index = totals.view(batch, -1).topk(width, 1)
            origin, label = index // logits.shape[-1], index % logits.shape[-1]
            done = (i >= lengths)[:, None]
            origin = torch.where(done, torch.arange(width), origin)
            score = torch.where(done, score, best)
            chunk = torch.where(done, 0, label + 1)
            state = state.view(batch, width, -1).gather(1, origin[..., None].expand(-1, -1, state.shape[-1])).view(1, batch * width, -1)
            chosen = torch.cat([chosen.gather(1, origin[..., None].expand(-1, -1, i)), chunk[..., None]], 2)
        words = []
        for rows, scores in zip(chosen.tolist(), score.softmax(1).tolist()):
            sums: dict[str, float] = {}
            for row, probability in zip(rows, scores):
                phonemes = "".join(labels[k - 1] for k in row if k)
                sums[phonemes] = sums.get(phonemes, 0.0) + probability
            words.append(max(sums, key=sums.get))
        return words
