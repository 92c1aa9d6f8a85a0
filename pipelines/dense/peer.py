"""The dense example in PyTorch, on the same rows as rs-teach: 784 normal numbers of which a tenth decide, with
four in two products; a test of 20,000 rows. 784-128-64-1, ReLU, Adam at 0.001, batch 1024, 10 epochs.
usage: peer.py data ROWS FOLDER: writes FOLDER/train.csv and FOLDER/test.csv
       peer.py train ROWS SEED...: trains, prints seed and test AUC"""
import sys

import numpy as np


def make(rows, seed):
    draw = np.random.default_rng(seed)
    weight = np.random.default_rng(7).standard_normal(784).astype(np.float32)
    weight *= np.random.default_rng(8).random(784) < 0.1
    x = draw.standard_normal((rows, 784), dtype=np.float32)
    z = x @ weight * 0.25 + 0.8 * x[:, 0] * x[:, 1] - 0.8 * x[:, 2] * x[:, 3]
    return x, (draw.random(rows) < 1 / (1 + np.exp(-2 * z))).astype(np.float32)


def auc(score, label):
    _, place, count = np.unique(score.astype(np.float64), return_inverse=True, return_counts=True)
    rank, positives = (np.cumsum(count) - (count - 1) / 2)[place], label.sum()
    return (rank[label > 0.5].sum() - positives * (positives + 1) / 2) / (positives * (len(label) - positives))


def train(rows, seed):
    import torch
    import torch.nn as nn

    torch.manual_seed(seed)
    x, y = (torch.from_numpy(part) for part in make(rows, 1))
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(10):
        order = torch.randperm(rows)
        for i in range(0, rows, 1024):
            batch = order[i:i + 1024]
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[batch]).squeeze(1), y[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
    x, y = make(20000, 2)
    with torch.no_grad():
        return auc(net(torch.from_numpy(x)).squeeze(1).numpy(), y)


if sys.argv[1] == "data":
    for name, rows, seed in ("train", int(sys.argv[2]), 1), ("test", 20000, 2):
        x, y = make(rows, seed)
        np.savetxt("%s/%s.csv" % (sys.argv[3], name), np.column_stack((y, x)), fmt="%.9g", delimiter=",")
else:
    for seed in sys.argv[3:]:
        print(seed, "%.5f" % train(int(sys.argv[2]), int(seed)), flush=True)
