"""Training against discriminators: least squares (Mao et al. 2017) and matching of features (Larsen et al. 2016)."""

import torch

from .checkpoint import device, mixed_precision


def discriminator_loss(real, fakes):
    """Least squares: real towards 1, whatever is false towards 0."""
    mean = lambda judged, target: sum((target - score).square().mean() for score, _ in judged) / len(judged)
    return mean(real, 1) + sum(mean(fake, 0) for fake in fakes) / len(fakes)


def generator_loss(fake):
    return sum((1 - score).square().mean() for score, _ in fake) / len(fake)


def feature_loss(real, fake):
    """L1 between the discriminators' features, relative to the real ones' mean."""
    pairs = [(r.float(), f.float()) for a, b in zip(real, fake) for r, f in zip(a[1], b[1])]
    return sum((r.detach() - f).abs().mean() / r.detach().abs().mean().clamp(min=1e-3) for r, f in pairs) / len(pairs)


class Adversary:
    """Discriminators with their optimizer.

    They take what is judged and the condition under which it is (where it counts, or who shall be heard), here together as a
    pair, and return a list of scores and features.
    """

    def __init__(self, discriminators, rate):
        self.discriminators = discriminators.to(device())
        self.optimizer = torch.optim.AdamW(self.discriminators.parameters(), rate, betas=(0.8, 0.99), fused=True)

    def judge(self, estimate, truth):
        """The generator's losses: to be taken for real, and to look alike in every layer."""
        self.discriminators.requires_grad_(False)
        with mixed_precision():
            fake = self.discriminators(*estimate)
            with torch.no_grad():
                real = self.discriminators(*truth)
            return dict(generator=generator_loss(fake), features=feature_loss(real, fake))

    def learn(self, truth, *fakes):
        """One step of the discriminators; what is false may be generated, or the truth under a false condition."""
        self.discriminators.requires_grad_(True)
        with mixed_precision():
            loss = discriminator_loss(self.discriminators(*truth), [self.discriminators(*fake) for fake in fakes])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss
