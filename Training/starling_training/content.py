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
from torch import nn

from .acoustic import MEL_SCALE, AcousticConfig, Predictor, Transformer
from .corpus import BANDS_BELOW_7600
from .signal import VOICED_FROM


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
