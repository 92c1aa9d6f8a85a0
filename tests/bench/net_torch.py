"""The peer of tests/bench/net.c: the same made shapes in PyTorch, done carefully (tensors in memory, one
permutation an epoch, loss on logits, dense Adam, or for embeddings SparseAdam with large and Adagrad with
rowwise, as PyTorch has no row-wise one; no DataLoader).
Prints training and scoring rows/s, by CPU time with one thread.
usage: net_torch.py dense|ctr|student|large|rowwise ROWS HIDDEN BATCH EPOCHS THREADS"""
import sys, time
import torch, torch.nn as nn, torch.nn.functional as F

what, rows, hidden, batch, epochs, threads = sys.argv[1], int(sys.argv[2]), [int(h) for h in sys.argv[3].split(",")], int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6])
torch.set_num_threads(threads)
torch.manual_seed(1)
clock = time.process_time if threads == 1 else time.perf_counter
label = (torch.rand(rows) < 0.5).float()


def mlp(inputs):
    layers = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 1))


class Net(nn.Module):
    def __init__(self, values):
        super().__init__()
        self.first, self.emb, self.unknown = nn.Embedding(values + 1, 1), nn.Embedding(values + 1, 16), values
        self.mlp = mlp(6 * 16)

    def forward(self, x):
        one, bag = x[:, :5], x[:, 5:]
        e = torch.cat([self.emb(one), self.emb(bag).mean(1, keepdim=True)], 1)
        z = self.mlp(e.flatten(1)).squeeze(1)
        if what == "ctr":
            s = e.sum(1)
            z = z + 0.5 * (s * s - (e * e).sum(1)).sum(1) + self.first(one).sum((1, 2)) + self.first(bag).mean((1, 2))
        return z


class Large(nn.Module):
    def __init__(self, values):
        super().__init__()
        self.first, self.emb = nn.Embedding(values, 1, sparse=True), nn.Embedding(values, 16, sparse=True)
        nn.init.normal_(self.emb.weight, std=0.01)
        self.mlp = mlp(26 * 16 + 13)

    def forward(self, x):
        ids, numbers = x[:, :26].long(), x[:, 26:]
        e = self.emb(ids)
        s = e.sum(1)
        z = self.first(ids).sum((1, 2)) + 0.5 * (s * s - (e * e).sum(1)).sum(1)
        return z + self.mlp(torch.cat([e.flatten(1), numbers], 1)).squeeze(1)


if what in ("large", "rowwise"):
    ids = torch.rand(rows, 26, dtype=torch.float64).clamp(min=1e-12) ** -5 - 1
    ids = ids.clamp(max=1e12).long() % 38461 + torch.arange(26) * 38461  # below 2^24: exact as floats
    data, net = torch.cat([ids.float(), torch.rand(rows, 13)], 1), Large(26 * 38461)
    forward = net
elif what == "dense":
    data, net = torch.rand(rows, 784), mlp(784)
    forward = lambda x: net(x).squeeze(1)
else:
    sizes, base, columns = [6040, 3706, 2, 7, 21, 18, 18], 0, []
    for k, n in enumerate(sizes):
        columns.append(base + (torch.rand(rows) ** 2 * n).long())
        base += n if k != 5 else 0
    data, net = torch.stack(columns, 1), Net(base)
    forward = net
if what in ("large", "rowwise"):
    tables = [net.first.weight, net.emb.weight]
    sparse = torch.optim.SparseAdam(tables, lr=1e-3) if what == "large" else torch.optim.Adagrad(tables, lr=3e-2)
    optimisers = [sparse, torch.optim.Adam(net.mlp.parameters(), lr=1e-3)]
else:
    optimisers = [torch.optim.Adam(net.parameters(), lr=1e-3)]
train = serve = 1e9
for e in range(epochs):
    t = clock()
    order = torch.randperm(rows)
    for i in range(0, rows, batch):
        j = order[i:i + batch]
        loss = F.binary_cross_entropy_with_logits(forward(data[j]), label[j])
        net.zero_grad(set_to_none=True)
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
    train = min(train, clock() - t)
    with torch.no_grad():
        t = clock()
        for i in range(0, rows, 8192):
            forward(data[i:i + 8192])
        serve = min(serve, clock() - t)
print("%.0f %.0f" % (rows / train, rows / serve))
