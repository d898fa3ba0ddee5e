#!/usr/bin/env python3
"""What PyTorch 1.13 makes of the rate when losses no longer fall, for ReduceOnPlateauTest:

    python3 pytorch_plateau.py > pytorch_plateau.txt

One line of losses, and one of the shares of the rate after each.
"""
import torch

torch.manual_seed(3)
losses = [1.5 * 0.9 ** step + 0.1 * abs(float(torch.randn(()))) for step in range(80)]
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
    optimizer, factor=0.5, patience=2, threshold=0.01, threshold_mode="abs", cooldown=2, min_lr=0.01, eps=0)
shares = []
for loss in losses:
    schedule.step(loss)
    shares.append(optimizer.param_groups[0]["lr"])
print(*map(repr, losses))
print(*map(repr, shares))
