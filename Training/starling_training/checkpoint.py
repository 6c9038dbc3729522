"""A resumable training run: checkpoints, log lines, seeds."""

import functools
import json
import math
import os
import time

import torch


@functools.cache
def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@functools.cache
def has_bfloat16() -> bool:
    """Whether products in bfloat16 are faster than in float32 here: on CUDA, and on CPUs with instructions for them."""
    if device().type == "cuda":
        return True
    able = torch.cpu.get_capabilities()
    return able.get("avx512_bf16", False) or able.get("amx_bf16", False)


def mixed_precision():
    """A context in which products run in bfloat16 where that is faster."""
    return torch.autocast(device().type, torch.bfloat16, enabled=has_bfloat16())


def cosine(step: int, warmup: int, steps: int, peak: float, floor: float = 0.02) -> float:
    """Linear warm-up, then a cosine from the peak rate to floor * peak."""
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min(1.0, (step - warmup) / max(1, steps - warmup))
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


class Run:
    """Saves `last.pt` every `minutes`, a numbered snapshot every `snapshot` steps, and an average of the weights.

    The exponential average of the weights starts after warm-up and is what gets exported.
    """

    def __init__(self, folder, config, minutes=4.0, log_every=50, **parts):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.config, self.parts, self.step = folder, config, parts, 0
        self.minutes, self.log_every = minutes, log_every
        torch.manual_seed(config["seed"])
        torch.set_num_threads(config.get("threads", 1))
        path = f"{folder}/last.pt"
        average = None
        if os.path.exists(path):
            state = torch.load(path, map_location=device(), weights_only=False)
            self.step, average = state["step"], state["average"]
            for name, part in parts.items():
                if name in state:
                    part.load_state_dict(state[name])
            torch.manual_seed(config["seed"] + self.step)
            print(f"resumed at step {self.step}", flush=True)
        model = parts["model"]
        self.average = average or {k: v.detach().clone() for k, v in model.state_dict().items()}
        self.values, self.count, self.started, self.saved = {}, 0, time.time(), time.time()
        self.decay = config.get("average", 0.998)
        json.dump(config, open(f"{folder}/config.json", "w"), indent=2)

    def advance(self, losses):
        self.step += 1
        decay = min(self.decay, self.step / (self.step + 10))
        with torch.no_grad():
            for name, value in self.parts["model"].state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - decay)
                else:
                    self.average[name].copy_(value)
        for name, value in losses.items():
            self.values.setdefault(name, []).append(float(value.detach() if torch.is_tensor(value) else value))
        self.count += 1
        if self.count == self.log_every:
            now = time.time()
            means = " ".join(f"{name} {sum(values) / len(values):.4f}" for name, values in self.values.items())
            print(f"{self.step} {means} {(now - self.started) / self.count:.3f} s/step", flush=True)
            self.values, self.count, self.started = {}, 0, now
        if time.time() - self.saved > 60 * self.minutes:
            self.save()
        if self.step % self.config.get("snapshot", 1 << 60) == 0:
            self.save(f"{self.step:06d}.pt")

    def save(self, name="last.pt"):
        state = {k: part.state_dict() for k, part in self.parts.items()} | dict(
            step=self.step, average=self.average, config=self.config)
        if name != "last.pt":
            state = dict(step=self.step, average=self.average, config=self.config)
        torch.save(state, f"{self.folder}/{name}.part")
        os.replace(f"{self.folder}/{name}.part", f"{self.folder}/{name}")
        if name == "last.pt":  # a run resumes from this one alone, however often there are snapshots
            self.saved = time.time()
