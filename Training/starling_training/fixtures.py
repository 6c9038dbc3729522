"""Golden fixtures: what the Swift networks must reproduce, stage by stage.

    python -m starling_training.fixtures [signal] [vocoder] [acoustic] [content] [tiny] [tuning] [speaker] [pitch] [codebook]
        [transport]

writes Tests/*/Fixtures/*.safetensors from fixed inputs and, for the networks, the weights in data/ (or in the folder that
STARLING_DATA names).
"""

import hashlib
import json
import os
import sys
from dataclasses import asdict

import numpy as np
import torch
from safetensors.torch import save_file

from . import codebook, content, f0 as pitch, signal, speaker, symbols, transport
from .acoustic import EMBEDDING, ENERGY_SCALE, LEVEL, MEL_SCALE, SPECTRUM, AcousticConfig, AcousticModel
from .export import load

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

TINY = "NetworkTests/Fixtures/tiny-acoustic.safetensors"
DATA = os.environ.get("STARLING_DATA", f"{ROOT}/data")
# Where the networks of each size are in the data folder, and what the names of their fixtures begin with.
SIZES = (("", ""), ("small/", "small-"))


def save(path, weights=None, **tensors):
    """The fixture of a network names the weights it was computed with, so that a stale one is noticed."""
    metadata = None
    if weights:
        with open(f"{DATA}/{weights}.safetensors", "rb") as file:
            metadata = {"weights": hashlib.file_digest(file, "sha256").hexdigest()}
    save_file({k: v.contiguous() for k, v in tensors.items()}, f"{ROOT}/Tests/{path}", metadata)
    print(path, {k: tuple(v.shape) for k, v in tensors.items()}, os.path.getsize(f"{ROOT}/Tests/{path}"))


def interleaved(spectrum):
    """[T, 2F] of a complex [F, T]."""
    return torch.view_as_real(spectrum.transpose(0, 1)).reshape(spectrum.shape[1], -1)


def signal_fixture():
    torch.manual_seed(1)
    time = torch.arange(4500) / signal.SAMPLE_RATE
    samples = 0.3 * torch.sin(2 * torch.pi * 220 * time) + 0.05 * torch.randn(4500)
    spectrum = signal.stft(samples[None])[0]
    save(
        "NumericTests/Fixtures/signal.safetensors",
        samples=samples, spectrum=interleaved(spectrum), log_mel=signal.log_mel(samples[None])[0].T,
        filters=signal.mel_filters())


def vocoder_fixture():
    for folder, name in SIZES:
        samples_fixture(f"{name}vocoder", load("vocoder", f"{DATA}/{folder}vocoder.safetensors"), f"{folder}vocoder")


def samples_fixture(name, model, weights, frames=60):
    """A vowel-like spectrum whose F0 glides, stops and starts again."""
    torch.manual_seed(2)
    time, band = torch.arange(frames)[None], torch.arange(signal.MEL_BANDS)[:, None]
    mel = -3 + 2.5 * torch.cos(band / 9 + time / 17) - band / 40 + 0.3 * torch.randn(signal.MEL_BANDS, frames)
    f0 = torch.linspace(90, 320, frames)
    f0[20:31] = 0
    f0[45] = 0
    noise = torch.complex(torch.randn(signal.BINS, frames), torch.randn(signal.BINS, frames))
    phase = torch.from_numpy(signal.frame_phase(f0.numpy()))
    outputs = {}
    hook = lambda name: lambda module, inputs, output: outputs.__setitem__(name, output[0])
    model.blocks[-1].register_forward_hook(hook("trunk"))
    model.output.register_forward_hook(hook("parts"))
    samples = model(mel[None], f0[None], phase[None], noise[None])[0]
    save(
        f"NetworkTests/Fixtures/{name}.safetensors", weights,
        mel=mel.T, f0=f0, noise=interleaved(noise), trunk=outputs["trunk"], parts=outputs["parts"], samples=samples)


def tiny_acoustic_model():
    """A network of every part that there may be, with made-up weights: two frames a step, references, languages."""
    torch.manual_seed(9)
    model = AcousticModel(AcousticConfig(
        width=16, condition=8, heads=2, encoder_blocks=1, decoder_blocks=2, prosody_blocks=1, hidden=24, decoder_hidden=20,
        stride=2, prosody_kernel=5, references=True, languages=3, version=4)).eval()
    for parameter in model.parameters():
        if not parameter.any():  # what training begins with as zero
            torch.nn.init.normal_(parameter, std=0.3)
    model.duration.output.bias.data.fill_(1.6)
    model.profile_mean[EMBEDDING:SPECTRUM] = torch.tensor([5.0, 0.2, 2.0, 0.8])
    model.profile_deviation[EMBEDDING:SPECTRUM] = 0.1
    tensors = {name: value.to(torch.bfloat16) if value.dim() > 1 else value for name, value in model.state_dict().items()}
    model.load_state_dict({name: value.float() for name, value in tensors.items()})
    metadata = {"network": "acoustic", "config": json.dumps(asdict(model.config)), "languages": "en es it"}
    save_file({k: v.contiguous() for k, v in tensors.items()}, f"{ROOT}/Tests/{TINY}", metadata)
    return model


def acoustic_fixture():
    for folder, name in SIZES:
        utterance_fixture(f"{name}acoustic", load("acoustic", f"{DATA}/{folder}acoustic.safetensors"), f"{folder}acoustic")


def tiny_acoustic_fixture():
    """In the second of three languages, with seven frames to attend to; of the last the upper bands are missing."""
    references = 2 * torch.randn(7, signal.MEL_BANDS, generator=torch.Generator().manual_seed(10)) - 4.5
    references[-1, -15:] = 0
    utterance_fixture("tiny-utterance", tiny_acoustic_model(), None, references=references, language=1)


def made_up_speaker(model):
    """The profile [360], what is known of it and the colours [S, M] of a speaker whose spectrum ends at 7.6 kHz."""
    profile = model.profile_mean + 0.7 * model.profile_deviation * torch.randn(len(model.profile_mean))
    profile[:EMBEDDING] /= profile[:EMBEDDING].norm()
    profile[EMBEDDING : EMBEDDING + 2] = torch.tensor([5.2, 0.21])
    profile[-15:] = 0
    known = torch.ones_like(profile)
    known[-15:] = 0
    colours = 0.8 * torch.randn(model.config.kinds, signal.MEL_BANDS)
    colours[:, -15:] = 0
    return profile, known, colours


def content_fixture(frames=48):
    """A made-up mel, heard and said again by somebody whose spectrum is known below 7.6 kHz."""
    torch.manual_seed(12)
    model, acoustic = load("content", f"{DATA}/content.safetensors"), load("acoustic", f"{DATA}/acoustic.safetensors")
    profile, known, colours = made_up_speaker(acoustic)
    time, band = torch.arange(frames)[:, None], torch.arange(signal.MEL_BANDS)
    mel = -4.5 + 2 * torch.cos(band / 9 + time / 7) - band / 60 + 0.3 * torch.randn(frames, signal.MEL_BANDS)
    f0 = torch.exp(torch.linspace(5.0, 5.5, frames)) * (torch.arange(frames) % 11 > 2)
    ear = torch.from_numpy(content.heard(mel.numpy(), f0.numpy()))
    energy = (mel[:, :85].mean(1) - LEVEL) / ENERGY_SCALE
    z = torch.where(f0 > 0, (torch.log(f0.clamp(min=1)) - profile[EMBEDDING]) / profile[EMBEDDING + 1], 0)
    condition, mask = acoustic.condition(profile[None], known[None]), torch.ones(1, frames // 2, dtype=torch.bool)
    states = model(ear[None], condition, mask)
    said, _ = acoustic.decode(
        states, z[None], (f0 > 0).float()[None], energy[None], profile[None], known[None], colours[None], condition, mask)
    head, typical = content.PaceHead.load(f"{DATA}/content.safetensors")
    spoken, crowd = head(model(ear[None], typical, mask))
    pace = torch.stack([head.stride * torch.sigmoid(spoken).sum(), crowd.exp().sum()])
    save(
        "NetworkTests/Fixtures/content.safetensors", "content",
        profile=profile, colours=colours, options=torch.tensor([1.0, 0, 1, 1]), tokens=torch.zeros(1),
        heard=ear * MEL_SCALE, f0=f0, energy=energy, states=states[0], mel=said[0], pace=pace)


def tuned_layers(model):
    """Names of what is tuned for a voice: layers whose weights change, and those of which only the bias does."""
    parts = ("decoder", "output", "gate", "duration", "prosody")
    names = [name.removesuffix(".bias") for name, _ in model.named_parameters() if name.endswith(".bias")]
    names = [name for name in names if name.split(".")[0] in parts]
    vectors = [name for name in names if name.endswith(("affine", "depthwise"))]
    return [name for name in names if name not in vectors], vectors


def tuning_fixture(rank=4):
    """Losses of a piece of speech and of an anchor, and their gradients by all that is tuned (Sources/Adaptation)."""
    model = load("acoustic", f"{ROOT}/Tests/{TINY}")
    torch.manual_seed(11)
    low, vectors = tuned_layers(model)
    state = dict(model.named_parameters())
    tuned = {f"{name}.bias": 0.1 * torch.randn_like(state[f"{name}.bias"]) for name in low + vectors}
    for name in low:
        outputs, *inputs = state[f"{name}.weight"].shape
        tuned[f"{name}.down"] = 0.2 * torch.randn(rank, int(np.prod(inputs)))
        tuned[f"{name}.up"] = 0.2 * torch.randn(outputs, rank)
    profile = model.profile_mean + 0.7 * model.profile_deviation * torch.randn(len(model.profile_mean))
    profile[:EMBEDDING] /= profile[:EMBEDDING].norm()
    profile[EMBEDDING : EMBEDDING + 2] = torch.tensor([5.2, 0.21])
    profile[-15:] = 0
    known = torch.ones_like(profile)
    known[-15:] = 0
    colours, references = 0.8 * torch.randn(model.config.kinds, signal.MEL_BANDS), 2 * torch.randn(7, signal.MEL_BANDS) - 4.5
    colours[:, -15:], references[:, -15:] = 0, 0
    tokens = torch.tensor(symbols.encode("həlˈO, wɜːld?"))
    durations = 2 * torch.randint(1, 4, (len(tokens),))
    frames = int(durations.sum())
    mel, untuned = (3 * torch.randn(frames, signal.MEL_BANDS) - 5 for _ in range(2))
    floor = torch.full((signal.MEL_BANDS,), -6.0)
    f0 = torch.exp(5.2 + 0.3 * torch.randn(frames)) * (torch.rand(frames) > 0.3)
    is_speech = torch.rand(frames) > 0.2
    mean = lambda x, mask: (x * mask).sum() / mask.sum()

    def changed(values):
        result = dict(state)
        for name in low + vectors:
            result[f"{name}.bias"] = state[f"{name}.bias"] + values[f"{name}.bias"]
        for name in low:
            weight, change = state[f"{name}.weight"], values[f"{name}.up"] @ values[f"{name}.down"]
            if weight.dim() == 3:  # the columns of a change are taps of inputs
                change = change.unflatten(1, (weight.shape[2], weight.shape[1])).transpose(1, 2)
            result[f"{name}.weight"] = weight + change
        return result

    def loss(values, is_anchor):
        voiced, energy = (f0 > 0).float(), (mel[:, :85].mean(1) + 4.5) / 2.8
        z = torch.where(f0 > 0, ((torch.log(f0.clamp(min=1)) - profile[EMBEDDING]) / profile[EMBEDDING + 1]).clamp(-4, 4), 0)
        inputs = [x[None] for x in (tokens, durations, z, voiced, energy, profile, known, colours, references)]
        with torch.no_grad():  # nothing in front of what is tuned changes
            condition = model.condition(profile[None], known[None])
            encoded = model.encoder(
                model.embedding(inputs[0]) + model.language(torch.tensor([[1]])), condition, torch.ones_like(inputs[0]).bool())
        call = lambda method, *arguments: torch.func.functional_call(
            _Method(model, method), {f"model.{k}": v for k, v in changed(values).items()}, arguments, strict=False)
        states, mask = model.regulate(encoded, inputs[1])
        said, _ = call("decode", states, *inputs[2:8], condition, mask, inputs[8])
        spoken = model.frames(call("prosody", states, condition, mask), 3)[0]
        lasting = call("duration", encoded, condition, torch.ones_like(inputs[0]).bool())[0, :, 0]
        smooth = torch.nn.functional.smooth_l1_loss
        level = mel[:, :85].mean(1) + 7.5
        weights = torch.exp(0.5 * level) * torch.sigmoid(2 * level)
        weights = (weights / weights.sum())[:, None].repeat(1, signal.MEL_BANDS) / signal.MEL_BANDS
        bands = signal.MEL_BANDS if is_anchor else 85
        error = (said[0] - mel)[:, :bands]
        error = error * ~((error < 0) & (mel < floor)[:, :bands])
        if is_anchor:
            part = smooth(error, torch.zeros_like(error), reduction="none")
        else:  # loud bands count more, and details that cannot be predicted hardly at all
            loudness = torch.exp(0.25 * mel[:, :bands])
            weights[:, :bands] *= loudness / loudness.mean(1, keepdim=True)
            part = torch.nn.functional.avg_pool2d(error[None], 3, stride=1, padding=1)[0].abs()
        held = smooth(said[0], untuned, reduction="none")
        distance = smooth if is_anchor else torch.nn.functional.l1_loss
        sounds = is_speech.float()
        prosody = 0.5 * mean(distance(spoken[:, 0], z, reduction="none"), voiced)
        prosody = prosody + 0.5 * mean(torch.nn.functional.binary_cross_entropy_with_logits(
            spoken[:, 1], voiced, reduction="none"), sounds)
        prosody = prosody + 0.3 * mean(distance(spoken[:, 2], energy, reduction="none"), sounds)
        duration = mean((lasting - torch.log(durations.float())).square(), (tokens > 0).float())
        values_of = torch.stack([(weights[:, :bands] * part).sum() * signal.MEL_BANDS / bands, prosody, duration])
        return values_of, (weights[:, :bands] * part).sum() + (weights * held)[:, bands:].sum() + prosody + duration

    tensors = {}
    for name, is_anchor in (("piece", False), ("anchor", True)):
        values = {key: value.clone().requires_grad_() for key, value in tuned.items()}
        with torch.enable_grad():
            losses, total = loss(values, is_anchor)
            gradients = torch.autograd.grad(total, list(values.values()))
        tensors[f"{name}.losses"] = losses.detach()
        tensors |= {f"{name}.{key}": gradient for key, gradient in zip(values, gradients)}
    save(
        "AdaptationTests/Fixtures/tuning.safetensors", **tensors, **{f"tuned.{key}": value for key, value in tuned.items()},
        tokens=tokens.float(), profile=profile, colours=colours, references=references, durations=durations.float(), f0=f0,
        mel=mel, untuned=untuned, floor=floor, is_speech=is_speech.float())


class _Method(torch.nn.Module):
    """A method of a network as a network, so that it can be called with other parameters."""

    def __init__(self, model, name):
        super().__init__()
        self.model, self.name = model, name

    def forward(self, *arguments):
        return getattr(self.model, self.name)(*arguments)


def utterance_fixture(name, model, weights, phonemes="həlˈO, wɜːld?", references=None, language=None):
    """A short utterance by a made-up speaker whose spectrum is known below 7.6 kHz."""
    torch.manual_seed(3)
    profile, known, colours = made_up_speaker(model)
    tokens = torch.tensor(symbols.encode(phonemes))
    speed, shift, gains = 0.8, 1.5, (1.2, 1.3)
    outputs = {}

    def keep(name, method):
        original = getattr(model, method)

        def kept(*arguments):
            outputs[name] = original(*arguments)
            return outputs[name]

        setattr(model, method, kept)

    keep("encode", "encode")
    keep("regulate", "regulate")
    model.prosody.register_forward_hook(lambda module, inputs, output: outputs.__setitem__("prosody", output))
    mel, f0, durations = model.synthesize(
        tokens[None], profile[None], known[None], colours[None], speed, shift, gains=gains,
        references=None if references is None else references[None],
        language=None if language is None else torch.tensor([language]))
    (encoded, log_durations), (states, _) = outputs["encode"], outputs["regulate"]
    more = {} if references is None else dict(references=references)
    save(
        f"NetworkTests/Fixtures/{name}.safetensors", weights, **more,
        tokens=tokens.float(), profile=profile, colours=colours, options=torch.tensor([speed, shift, *gains]), encoded=encoded[0],
        log_durations=log_durations[0], durations=durations[0].float(), states=states[0],
        prosody=model.frames(outputs["prosody"], 3)[0], mel=mel[0], f0=f0[0])


def syllables(rate, seconds, base=140.0, seed=4):
    """Something like speech: harmonics under moving formants, syllables at 4 Hz, noise between, a pause; [seconds * rate]."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    f0 = base * np.exp(0.25 * np.sin(2 * np.pi * 0.7 * time) + 0.05 * np.sin(2 * np.pi * 2.3 * time))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    formants = [(500 + 250 * np.sin(2 * np.pi * 1.9 * time), 120), (1500 + 600 * np.sin(2 * np.pi * 1.3 * time), 200),
                (2600 + 200 * np.sin(2 * np.pi * 0.9 * time), 300)]
    voice = np.zeros_like(time)
    for k in range(1, int(0.45 * rate / f0.max())):
        gain = sum(1 / (1 + ((k * f0 - centre) / width) ** 2) for centre, width in formants)
        voice += gain / k**0.5 * np.cos(k * phase)
    envelope = np.clip(np.sin(2 * np.pi * 2 * time) ** 2 * 1.5 - 0.3, 0, 1)
    rest = (time > 0.45 * seconds) & (time < 0.65 * seconds)
    noise = random.standard_normal(len(time))
    samples = 0.06 * voice * envelope + 0.01 * noise * (envelope == 0)
    return (np.where(rest, 0, samples) + 1e-4 * noise).astype(np.float32)


def speaker_fixture():
    """Three seconds, a pause among them."""
    model = load("speaker", f"{DATA}/speaker.safetensors")
    samples = syllables(speaker.RATE, 3.2)
    power = speaker.mel_power(samples)
    heard = speaker.active(power)
    outputs = {}
    hook = lambda name: lambda module, inputs, output: outputs.__setitem__(name, output.reshape(-1, output.shape[-1]))
    model.input.register_forward_hook(
        lambda module, inputs, output: outputs.__setitem__("input", output.transpose(1, 2).reshape(-1, output.shape[1])))
    for index, block in enumerate(model.blocks):
        block.register_forward_hook(hook(f"block{index}"))
    model.embed.register_forward_pre_hook(lambda module, inputs: outputs.__setitem__("pooled", inputs[0]))
    embeddings = model(speaker.features(speaker.cut(heard)))
    # Of the first and the last block; what is wrong in between shows there.
    blocks = {name: outputs[name] for name in ("block0", f"block{len(model.blocks) - 1}")}
    save(
        "NetworkTests/Fixtures/speaker.safetensors", "speaker",
        samples=torch.from_numpy(samples), power=power, active=heard, input=outputs["input"], **blocks,
        pooled=outputs["pooled"], embeddings=embeddings, rates=model.rate(outputs["pooled"]),
        embedding=torch.nn.functional.normalize(embeddings.mean(0), dim=0))


def pitch_fixture():
    """The tracker at its own rate, on voices a third apart with noise of 15 dB less, and on one at 24 kHz as a whole."""
    random = np.random.default_rng(5)
    tensors = {}
    for name, base in (("low", 95.0), ("high", 240.0)):
        samples = syllables(pitch.RATE, 3.0, base)
        samples = samples + 0.17 * samples.std() * random.standard_normal(len(samples)).astype(np.float32)
        frames = len(samples) // pitch.STEP
        frequency, score, unvoiced = pitch.candidates(samples, frames)
        tracked = pitch.drop_specks(pitch.twice(frequency, score, unvoiced))
        best = np.take_along_axis(frequency, score.argmax(1)[:, None], 1)[:, 0]
        tensors |= {f"{name}.samples": samples, f"{name}.best": best, f"{name}.unvoiced": unvoiced, f"{name}.f0": tracked}
    samples = syllables(signal.SAMPLE_RATE, 2.0, 170.0)
    tensors |= {"whole.samples": samples, "whole.f0": pitch.track(samples, signal.SAMPLE_RATE)[0]}
    save("EnrollmentTests/Fixtures/pitch.safetensors",
         **{name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in tensors.items()})


def codebook_fixture():
    """Mels near the centroids and between them, some too weak to be speech."""
    random = np.random.default_rng(6)
    book = codebook.Codebook.load(f"{DATA}/codebook.safetensors")
    kinds = random.integers(0, len(book.centroids), 240)
    mel = (book.means[kinds] + 0.5 * random.standard_normal((240, signal.MEL_BANDS)) - 4).astype(np.float32)
    mel[random.random(240) < 0.15] -= 4
    f0 = np.where(book.centroids[kinds, -1] > codebook.VOICED / 2, 150, 0).astype(np.float32)
    _, counts, totals = book.measure(mel, f0, signal.MEL_BANDS)
    tensors = dict(mel=mel, f0=f0, average=mel[f0 > 0].mean(0), counts=counts, totals=totals,
                   colours=codebook.colours(counts[None], totals[None]))
    save("EnrollmentTests/Fixtures/codebook.safetensors", "codebook",
         **{name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in tensors.items()})


def transport_fixture(bands=85):
    """Two people who say different words: sounds of the codebook that glide into each other, and silence."""
    random, tensors = np.random.default_rng(8), {}
    book = codebook.Codebook.load(f"{DATA}/codebook.safetensors")
    people = {}
    for name, syllables, liveliness, tilt in (("model", 42, 0.8, 0.0), ("owner", 36, 1.2, 0.6)):
        kinds = random.choice(len(book.means), syllables, p=random.dirichlet(np.ones(len(book.means))))
        mel = np.repeat(book.means[kinds], 8, axis=0)
        steps = random.standard_normal((len(mel), 12)).cumsum(0) * 0.2
        steps -= steps.mean(0)
        curves = np.cos(np.pi * np.outer(np.arange(12), np.arange(signal.MEL_BANDS)) / signal.MEL_BANDS)
        mel = transport.smoothed(mel + liveliness * 0.3 * steps @ curves) + 0.2 * liveliness * random.standard_normal(mel.shape)
        mel += transport.THRESHOLD + 3 + tilt * np.linspace(1, -1, signal.MEL_BANDS)
        mel[:16] -= 5
        f0 = np.repeat(np.where(book.centroids[kinds, -1] > codebook.VOICED / 2, 150, 0), 8)
        people[name] = mel.astype(np.float32), f0.astype(np.float32)
        tensors |= {f"{name}.mel": people[name][0], f"{name}.f0": people[name][1]}
    found = transport.estimate([people["model"]], transport.spoken([people["owner"]], book), bands, book)
    for name, numbers in (("before", found.before), ("after", found.after)):
        tensors |= {f"{name}.{part}": values for part, values in zip(("offset", "slow", "fast"), numbers)}
    mapped = transport.mapped(people["model"][0], *found.before)
    tensors |= {"palette": found.palette, "mapped": mapped, "pulled": transport.pulled(mapped, found.palette)}
    tensors |= dict(mel=transport.apply(people["model"][0], found))
    save("EnrollmentTests/Fixtures/transport.safetensors", "codebook",
         **{name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in tensors.items()})


FIXTURES = dict(
    signal=signal_fixture, vocoder=vocoder_fixture, acoustic=acoustic_fixture, content=content_fixture, tiny=tiny_acoustic_fixture, tuning=tuning_fixture, speaker=speaker_fixture,
    pitch=pitch_fixture, codebook=codebook_fixture, transport=transport_fixture)


def main(names):
    for name in names or FIXTURES:
        FIXTURES[name]()


if __name__ == "__main__":
    with torch.no_grad():
        main(sys.argv[1:])
