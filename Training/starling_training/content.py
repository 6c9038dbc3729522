"""The content encoder: what was said, out of a recording's mel, as the states that the acoustic model's decoder takes.

    heard [B, T, H] ─ two frames a step ─▶ [B, U, C] ─ convolution blocks ─ transformer blocks ─▶ states [B, U, C]

It stands in for the acoustic model's text encoder and length regulator in voice conversion: the decoder then speaks with
the profile of somebody else. Every block knows whose profile that will be (ConditionalNorm), since the states of the text
encoder depend on it. What it hears is centred: the average spectrum of the speaker and the level of the recording are gone,
and nothing above 7.6 kHz is heard, so that recordings of any rate of 16 kHz or more are alike.

Letters: B batch, T frames, U = T / stride steps, C channels, K condition channels, H heard mel bands.
"""

from dataclasses import asdict, dataclass

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from .acoustic import MEL_SCALE, AcousticConfig, Predictor, Transformer
from .corpus import BANDS_BELOW_7600
from .layers import convolve
from .signal import VOICED_FROM

HEAD = "head."  # begins the names of the pace head's tensors beside those of the encoder


@dataclass
class ContentConfig:
    width: int = 256  # as in the acoustic model, like `condition`, `heads` and `stride`
    condition: int = 128
    heads: int = 4
    stride: int = 2
    local_blocks: int = 3  # convolution blocks
    blocks: int = 2  # transformer blocks
    hidden: int = 512
    kernel: int = 7  # taps of the convolution blocks, in steps
    version: int = 1

    def check(self, acoustic: AcousticConfig):
        for name in ("width", "condition", "heads", "stride"):
            if getattr(self, name) != getattr(acoustic, name):
                raise SystemExit(f"the acoustic model's {name} is {getattr(acoustic, name)}, the content encoder's "
                                 f"{getattr(self, name)}; make them equal in the configuration")


def heard(mel: np.ndarray, f0: np.ndarray) -> np.ndarray:
    """What the encoder hears of a log mel [T, M] with F0 in Hz [T]: less its mean over voiced frames, [T, H]."""
    below = mel[:, :BANDS_BELOW_7600]
    return ((below - below[f0 > VOICED_FROM].mean(0)) / MEL_SCALE).astype(np.float32)


class ContentEncoder(nn.Module):
    def __init__(self, config: ContentConfig):
        super().__init__()
        self.config = config
        self.input = nn.Linear(config.stride * BANDS_BELOW_7600, config.width)
        self.local = Predictor(config, config.local_blocks, config.width, kernel=config.kernel)
        self.context = Transformer(config, config.blocks)
        self.output = nn.Linear(config.width, config.width)

    def forward(self, heard, condition, mask):
        """States [B, U, C] of heard [B, T, H], T whole steps, the condition [B, K] and which steps there are [B, U]."""
        x = self.input(heard.reshape(len(heard), -1, self.input.in_features))
        x = self.local(x, condition, mask)
        x = self.context(x, condition, mask, stride=self.config.stride)
        return self.output(x).float()

    def describe(self):
        return asdict(self.config)


class PaceHead(nn.Module):
    """States [B, U, C] of the content encoder to, for every step, the logit of its lying in a spoken phoneme and the
    logarithm of how many of them it holds: one over the phoneme's steps."""

    TAPS = 5

    def __init__(self, width, inputs, stride=2):
        super().__init__()
        self.stride = stride
        self.register_buffer("scale", torch.ones(inputs))
        self.near = nn.Conv1d(inputs, width, self.TAPS, padding=self.TAPS // 2)
        self.output = nn.Linear(width, 2)

    def forward(self, states):
        return self.read(convolve(states / self.scale, self.near))

    def read(self, near):
        spoken, crowd = self.output(functional.gelu(near)).unbind(-1)
        return spoken, crowd.clamp(-8, 2)

    def pace(self, states):
        """ln frames per spoken phoneme of whole utterances, [B]."""
        spoken, crowd = self(states)
        return torch.log(self.stride * torch.sigmoid(spoken).sum(-1) / crowd.exp().sum(-1))

    def exported(self):
        """Its tensors, the scale in the weights of the convolution."""
        state = self.state_dict()
        state["near.weight"] = state["near.weight"] / state.pop("scale")[:, None]
        return state

    @classmethod
    def load(cls, path):
        """The head of an exported content encoder, and the condition [1, K] under which that hears for it."""
        state = {name.removeprefix(HEAD): value.float() for name, value in load_file(path).items() if name.startswith(HEAD)}
        condition = state.pop("condition")[None]
        width, inputs = state["near.weight"].shape[:2]
        head = cls(width, inputs)
        head.load_state_dict(state | dict(scale=head.scale))
        return head.eval(), condition
