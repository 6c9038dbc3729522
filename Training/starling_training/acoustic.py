"""The acoustic model: phonemes and a speaker profile in; durations, F0, voicing, energy and a mel spectrogram out.

    tokens [B, N] ─ Encoder ─▶ [B, N, C] ─▶ durations [B, N]
                        └─ length regulator ─▶ [B, U, C] ─ Prosody ─▶ F0, voicing, energy [B, T]
                                                    └──────┴─ Decoder ─▶ mel [B, T, M]
                     colours [B, S, M], references [B, R, M] ──┘

Transformers with rotary positions and a convolution in the feed-forward part (FastSpeech 2, Ren et al. 2021); the speaker
enters every block by conditional layer norm (AdaSpeech, Chen et al. 2021), and the decoder attends to what is particular about
the voice in each kind of sound and to frames of its owner's speech. F0 is a z-score under the profile's own mean and deviation.

From the length regulator on, a step is `stride` frames: all durations are whole steps, and what is said of frames is said of
all frames of a step at once. Version 3 has a stride of one, no references and no languages.

Letters: B batch, N tokens, T frames, U = T / stride steps, C channels, M mel bands, K condition channels, S kinds of sound,
R reference frames.
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional

from . import symbols
from .codebook import KINDS
from .corpus import BANDS_BELOW_7600
from .layers import convolve, convolve_each
from .signal import MEL_BANDS

MEL_SHIFT, MEL_SCALE = 5.0, 3.0  # mel = output * scale - shift
LEVEL = -4.5  # mean log mel over voiced frames and the bands below 7.6 kHz, to which every utterance is brought
ENERGY_SCALE = 2.8  # energy = (mean log mel of a frame over those bands - LEVEL) / scale
EMBEDDING, STATISTICS = 256, 4  # profile: unit embedding; mean and deviation of ln F0, ln rate, energy deviation
SPECTRUM = EMBEDDING + STATISTICS  # where the average spectrum begins in a profile vector
MIN_PITCH_DEVIATION = 0.05
REFERENCE = 2 * MEL_BANDS + 1  # numbers of a reference frame: its mel less its energy, the energy, the average spectrum


@dataclass
class AcousticConfig:
    width: int = 256
    condition: int = 128
    heads: int = 4
    encoder_blocks: int = 4
    decoder_blocks: int = 5
    prosody_blocks: int = 4
    hidden: int = 512
    decoder_hidden: int = 0  # of the decoder's feed-forward parts; 0 for `hidden`
    symbols: int = symbols.COUNT
    kinds: int = KINDS
    stride: int = 1  # frames a step
    prosody_kernel: int = 9  # taps of the prosody predictor's convolutions, in steps
    references: bool = False  # whether the decoder attends to frames of the owner's speech
    languages: int = 0  # whose phonemes the encoder tells apart; 0 for English alone
    version: int = 3


class ConditionalNorm(nn.Module):
    """LayerNorm(x) * (1 + scale(k)) + shift(k), x [B, L, C], k [B, K]."""

    def __init__(self, config):
        super().__init__()
        self.affine = nn.Linear(config.condition, 2 * config.width)
        nn.init.normal_(self.affine.weight, std=0.02)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x, condition):
        scale, shift = self.affine(condition)[:, None].chunk(2, -1)
        return functional.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift


def rotate(x, cosine, sine):
    """Rotary positions (Su et al. 2021), halves convention: x [B, H, L, D], cosine and sine [L, D/2]."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)


class VoiceAttention(nn.Module):
    """x + W attention(queries of x [B, T, C]; keys and values of a voice's colours [B, S, C]), pre-norm; W begins as zero."""

    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.norm = ConditionalNorm(config)
        self.query = nn.Linear(config.width, config.width)
        self.memory = nn.Linear(config.width, 2 * config.width)
        self.project = nn.Linear(config.width, config.width)
        nn.init.zeros_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, x, condition, voice, absent=None):
        split = lambda y, parts: y.view(*y.shape[:2], parts, self.heads, -1).permute(2, 0, 3, 1, 4)
        (q,), (k, v) = split(self.query(self.norm(x, condition)), 1), split(self.memory(voice), 2)
        scores = ((q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5).float()
        if absent is not None:  # [B, S + R]: places that hold no frame
            scores = scores.masked_fill(absent[:, None, None, :], float("-inf"))
        y = torch.softmax(scores, -1).to(v.dtype) @ v
        return x + self.project(y.transpose(1, 2).reshape(x.shape))


class TransformerBlock(nn.Module):
    """Pre-norm attention, then, where there is a voice to attend to, that; then a feed-forward part whose first layer is a
    convolution of width 3."""

    def __init__(self, config, attends_to_voice=False):
        super().__init__()
        width, hidden = config.width, (config.decoder_hidden if attends_to_voice else 0) or config.hidden
        self.heads = config.heads
        self.norm_attention = ConditionalNorm(config)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.voice = VoiceAttention(config) if attends_to_voice else None
        self.norm_feed = ConditionalNorm(config)
        self.up = nn.Conv1d(width, hidden, 3, padding=1)
        self.down = nn.Linear(hidden, width)

    def forward(self, x, condition, mask, rotary, voice=None, absent=None):
        batch, length, width = x.shape
        q, k, v = self.qkv(self.norm_attention(x, condition)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, *rotary).to(v.dtype), rotate(k, *rotary).to(v.dtype)
        # Plain products: several times faster on a CPU than the fused kernel's backward pass at these lengths.
        scores = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5
        scores = scores.float().masked_fill(~mask[:, None, None, :], float("-inf"))
        y = torch.softmax(scores, -1).to(v.dtype) @ v
        x = x + self.project(y.transpose(1, 2).reshape(batch, length, width))
        if self.voice is not None:
            x = self.voice(x, condition, voice, absent)
        y = self.norm_feed(x, condition) * mask[..., None]
        y = functional.gelu(convolve(y, self.up))
        return x + self.down(y)


class ConvolutionBlock(nn.Module):
    """x + W2 GELU(W1 ConditionalNorm(depthwise(x))): local context for the predictors."""

    def __init__(self, config, kernel):
        super().__init__()
        self.depthwise = nn.Conv1d(config.width, config.width, kernel, padding=kernel // 2, groups=config.width)
        self.norm = ConditionalNorm(config)
        self.up = nn.Linear(config.width, config.hidden)
        self.down = nn.Linear(config.hidden, config.width)

    def forward(self, x, condition, mask):
        y = convolve_each(x * mask[..., None], self.depthwise)
        return x + self.down(functional.gelu(self.up(self.norm(y, condition))))


class Transformer(nn.Module):
    def __init__(self, config, blocks, attends_to_voice=False):
        super().__init__()
        self.dimension = config.width // config.heads
        self.blocks = nn.ModuleList(TransformerBlock(config, attends_to_voice) for _ in range(blocks))
        self.norm = ConditionalNorm(config)

    def forward(self, x, condition, mask, voice=None, absent=None, stride=1):
        positions = torch.arange(x.shape[1], device=x.device, dtype=torch.float32) * stride
        rates = 10_000.0 ** (-torch.arange(0, self.dimension, 2, device=x.device, dtype=torch.float32) / self.dimension)
        angles = positions[:, None] * rates
        rotary = angles.cos(), angles.sin()
        for block in self.blocks:
            x = block(x, condition, mask, rotary, voice, absent)
        return self.norm(x, condition)


class Predictor(nn.Module):
    """Convolution blocks and a linear head, [B, L, C] -> [B, L, outputs]."""

    def __init__(self, config, blocks, outputs, kernel=5):
        super().__init__()
        self.blocks = nn.ModuleList(ConvolutionBlock(config, kernel) for _ in range(blocks))
        self.norm = ConditionalNorm(config)
        self.output = nn.Linear(config.width, outputs)

    def forward(self, x, condition, mask):
        for block in self.blocks:
            x = block(x, condition, mask)
        return self.output(self.norm(x, condition)).float()


def whole_steps(wanted, speed):
    """Durations [N] at speed 1 as whole steps at any speed, each at least 1; what rounding leaves over goes to the next."""
    usual = torch.clamp(torch.round(wanted), min=1)
    steps, left = [], 0.0
    for value in usual / speed:
        steps.append(torch.clamp(torch.round(value + left), min=1))
        left = torch.clamp(value + left - steps[-1], -0.5, 0.5)
    return torch.stack(steps).long()


class AcousticModel(nn.Module):
    def __init__(self, config: AcousticConfig):
        super().__init__()
        self.config, width = config, config.width
        profile = EMBEDDING + STATISTICS + MEL_BANDS
        self.register_buffer("profile_mean", torch.zeros(profile))
        self.register_buffer("profile_deviation", torch.ones(profile))
        self.profile_up = nn.Linear(profile, 2 * config.condition)
        self.profile_down = nn.Linear(2 * config.condition, config.condition)
        self.embedding = nn.Embedding(config.symbols, width)
        self.encoder = Transformer(config, config.encoder_blocks)
        self.duration = Predictor(config, 2, 1)
        self.position = nn.Linear(4, width)
        self.prosody = Predictor(config, config.prosody_blocks, 3 * config.stride, kernel=config.prosody_kernel)
        self.controls = nn.Conv1d(4 * config.stride, width, 3, padding=1)
        self.colours = nn.Linear(2 * MEL_BANDS, width)
        self.kinds = nn.Parameter(torch.randn(config.kinds, width) * 0.3)
        if config.references:
            self.reference = nn.Linear(REFERENCE, width)
            self.frame_mark = nn.Parameter(torch.zeros(width))  # what makes a frame of speech another thing than a colour
        if config.languages:
            self.language = nn.Embedding(config.languages, width)
            nn.init.zeros_(self.language.weight)
        self.decoder = Transformer(config, config.decoder_blocks, attends_to_voice=True)
        self.output = nn.Linear(width, MEL_BANDS * config.stride)
        self.gate = nn.Linear(width, MEL_BANDS * config.stride)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        self.kind = nn.Linear(width, config.kinds + 1)
        self.colouring = nn.Parameter(torch.full((MEL_BANDS,), 0.5))
        nn.init.normal_(self.embedding.weight, std=0.3)

    # Stages. Every mask is boolean, true where there is something.

    def condition(self, profile, known):
        """[B, K] of profile vectors [B, 360] and known [B, 360], 0 where a number was not measured."""
        z = (profile - self.profile_mean) / self.profile_deviation * known
        return functional.silu(self.profile_down(functional.silu(self.profile_up(z))))

    def frames(self, x, channels):
        """What is said of the frames of every step, [B, U, stride * channels], frame by frame, [B, T, channels]."""
        return x.reshape(len(x), -1, channels)

    def steps(self, x):
        """What is said of frames [B, T, L], side by side for every step, [B, U, stride * L]."""
        return x.reshape(len(x), -1, self.config.stride * x.shape[-1])

    def encode(self, tokens, condition, mask, language=None):
        """Encoder states [B, N, C] and log durations in frames [B, N]; `language` [B] or [B, N], the first if None."""
        x = self.embedding(tokens)
        if self.config.languages:
            language = tokens.new_zeros(len(tokens)) if language is None else language
            x = x + self.language(language if language.dim() > 1 else language[:, None])
        x = self.encoder(x, condition, mask)
        return x, self.duration(x, condition, mask)[..., 0]

    def regulate(self, x, durations, steps=None):
        """Repeats states [B, N, C] by durations [B, N] in frames, whole steps -> [B, U, C], with positions inside the phoneme.

        U is `steps`, or else what the longest takes.
        """
        stride = self.config.stride
        ends = durations.cumsum(1) // stride
        clock = torch.arange(steps or int(ends[:, -1].max()), device=x.device)
        index = torch.searchsorted(ends, clock.expand(len(x), -1).contiguous(), right=True).clamp(max=x.shape[1] - 1)
        mask = clock < ends[:, -1:]
        length = durations.gather(1, index).clamp(min=1).float()
        inside = stride * (clock - (ends - durations // stride).gather(1, index) + 0.5)
        ratio = inside / length
        features = torch.stack([ratio, inside / 10, (length - inside) / 10, torch.log(length)], -1)
        states = x.gather(1, index[..., None].expand(-1, -1, x.shape[-1]))
        return states + self.position(features).to(states.dtype), mask

    def voice(self, spectrum, colours, references=None):
        """What the decoder attends to, [B, S + R, C], and which places of it are empty, [B, S + R].

        Of `spectrum` [B, 1, M], colours [B, S, M], and references: frames of the owner's log mel at LEVEL, [B, R, M], all
        zeros where there is none.
        """
        memory = self.colours(torch.cat([colours, spectrum.expand_as(colours)], -1)) + self.kinds
        if references is None:
            return memory, None
        absent = (references == 0).all(-1)
        energy = references[..., :BANDS_BELOW_7600].mean(-1, keepdim=True)
        scaled = torch.cat([(references - energy) / MEL_SCALE * (references != 0), (energy - LEVEL) / MEL_SCALE], -1)
        frames = self.reference(torch.cat([scaled, spectrum.expand_as(references)], -1)) + self.frame_mark
        return torch.cat([memory, frames], 1), torch.cat([absent.new_zeros(memory.shape[:2]), absent], 1)

    def decode(self, states, pitch, voiced, energy, profile, known, colours, condition, mask, references=None):
        """Log mel [B, T, M] of regulated states, F0 z-score, voicing 0/1 and energy, each [B, T]; and the logits of every
        step's kind of sound [B, U, S + 1], the last of which is no speech.

        What was measured of a voice is added as it is, so that what is particular about it reaches the mel without having to
        be learned and voices never heard keep their colour: the average spectrum through a gate per frame and band, and
        `colours` [B, S, M], what is particular in each kind of sound (codebook.py), in the shares of the kinds expected.
        """
        mean, deviation = profile[:, EMBEDDING, None], profile[:, EMBEDDING + 1, None].clamp(min=MIN_PITCH_DEVIATION)
        absolute = (pitch * deviation + mean - 5.0) * voiced  # ln F0 - 5: about zero for everyone
        controls = self.steps(torch.stack([pitch * voiced, absolute, voiced, energy], -1)) * mask[..., None]
        spectrum = ((profile - self.profile_mean) * known)[:, None, SPECTRUM:]
        memory, absent = self.voice(spectrum, colours, references)
        x = states + convolve(controls, self.controls)
        x = self.decoder(x, condition, mask, memory, absent, self.config.stride)
        kinds = self.kind(x).float()
        particular = torch.softmax(kinds, -1)[..., :-1] @ colours * self.colouring
        own = self.frames(self.output(x), MEL_BANDS).float() * MEL_SCALE - MEL_SHIFT
        gate = torch.sigmoid(self.frames(self.gate(x), MEL_BANDS).float())
        return own + gate * spectrum + particular.repeat_interleave(self.config.stride, 1), kinds

    def forward(self, tokens, durations, pitch, voiced, energy, profile, known, colours, references=None, language=None):
        """Training pass with true durations, F0 z-score, voicing and energy."""
        condition = self.condition(profile, known)
        mask = torch.arange(tokens.shape[1], device=tokens.device) < (durations > 0).sum(1, keepdim=True)
        x, log_durations = self.encode(tokens, condition, mask, language)
        states, step_mask = self.regulate(x, durations, pitch.shape[1] // self.config.stride)
        prosody = self.frames(self.prosody(states, condition, step_mask), 3)
        mel, kinds = self.decode(
            states, pitch, voiced, energy, profile, known, colours, condition, step_mask, references)
        frame_mask = step_mask.repeat_interleave(self.config.stride, 1)
        return dict(
            mel=mel, kinds=kinds, log_durations=log_durations, prosody=prosody, mask=mask, frame_mask=frame_mask,
            step_mask=step_mask)

    @torch.no_grad()
    def synthesize(self, tokens, profile, known, colours, speed=1.0, pitch_shift=0.0, durations=None, gains=(1.0, 1.0),
                   references=None, language=None):
        """One utterance: tokens [1, N] -> mel [1, T, M], F0 in Hz [1, T] (0 where unvoiced), durations [1, N] in frames.

        `gains` widen F0 and energy about their means.
        """
        condition = self.condition(profile, known)
        mask = torch.ones_like(tokens, dtype=torch.bool)
        x, log_durations = self.encode(tokens, condition, mask, language)
        if durations is None:
            stride = self.config.stride
            durations = whole_steps(torch.exp(log_durations[0]) / stride, speed)[None] * stride
        states, step_mask = self.regulate(x, durations)
        pitch, voicing, energy = self.frames(self.prosody(states, condition, step_mask), 3).unbind(-1)
        pitch, energy = pitch * gains[0], energy * gains[1]
        voiced = (voicing > 0).float()
        shifted = profile.clone()
        shifted[:, EMBEDDING] += pitch_shift * 0.05776227  # ln 2 / 12 per semitone
        mel, _ = self.decode(
            states, pitch, voiced, energy, shifted, known, colours, condition, step_mask, references)
        deviation = shifted[:, EMBEDDING + 1, None].clamp(min=MIN_PITCH_DEVIATION)
        f0 = torch.exp(pitch * deviation + shifted[:, EMBEDDING, None]) * voiced
        return mel, f0, durations

    def describe(self):
        return asdict(self.config)
