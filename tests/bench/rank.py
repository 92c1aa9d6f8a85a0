"""Full ranking with torch or numpy: python3 rank.py torch|numpy FOLDER THREADS

FOLDER has what `rank --raw` wrote. Prints the seconds from factors and pairs in memory to seven
metrics at 20, recall, which must be rs-score's, and seconds of processor time (the best of two
runs). Scores in blocks of 512 users, seen items masked, the top 20 by the library's own selection,
metrics vectorized: what evaluation loops in the field do.
"""
import sys
import time

import numpy as np

kind, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
U, I, D, TRAIN, K, BLOCK = 29858, 40981, 64, 810128, 20, 512
p = np.fromfile(folder + "/p", np.float32).reshape(U, D)
q = np.fromfile(folder + "/q", np.float32).reshape(I, D)
user = np.fromfile(folder + "/user", np.uint32).astype(np.int64)
item = np.fromfile(folder + "/item", np.uint32).astype(np.int64)
if kind == "torch":
    import torch
    torch.set_num_threads(threads)
    P, Q = torch.from_numpy(p), torch.from_numpy(q).T.contiguous()


def pairs(rows):
    """Distinct pairs by user: where each user's begin, and their items."""
    key = np.unique(user[rows] * I + item[rows])
    return np.searchsorted(key // I, np.arange(U + 1)), key


def top(block, rows, cols):
    if kind == "torch":
        s = P[block] @ Q
        s[torch.from_numpy(rows), torch.from_numpy(cols)] = -np.inf
        return torch.topk(s, K, dim=1)[1].numpy()
    s = p[block] @ q.T
    s[rows, cols] = -np.inf
    best = np.argpartition(-s, K, axis=1)[:, :K]
    return np.take_along_axis(best, np.argsort(-np.take_along_axis(s, best, 1), 1), 1)


def evaluate():
    at, train = pairs(slice(0, TRAIN))
    _, test = pairs(slice(TRAIN, None))
    test = test[~np.isin(test, train)]
    count = np.bincount(test // I, minlength=U)
    discount = 1 / np.log2(np.arange(2, K + 2))
    ideal = np.concatenate([[0], np.cumsum(discount)])
    sums, users = np.zeros(7), 0
    for first in range(0, U, BLOCK):
        last = min(first + BLOCK, U)
        seen = train[at[first]:at[last]]
        best = top(slice(first, last), seen // I - first, seen % I)
        keys = np.arange(first, last)[:, None] * I + best
        where = np.minimum(np.searchsorted(test, keys), len(test) - 1)
        rel = (test[where] == keys)[count[first:last] > 0]
        n = count[first:last][count[first:last] > 0]
        hits = rel.sum(1)
        prec, rec = hits / K, hits / n
        most = np.minimum(n, K)
        precisions = (np.cumsum(rel, 1) / np.arange(1, K + 1) * rel).sum(1)
        f1 = np.divide(2 * prec * rec, prec + rec, out=np.zeros(len(n)), where=hits > 0)
        mrr = np.where(hits > 0, 1 / (rel.argmax(1) + 1), 0)
        sums += [prec.sum(), rec.sum(), f1.sum(), (hits > 0).sum(),
                 ((rel * discount).sum(1) / ideal[most]).sum(), (precisions / most).sum(), mrr.sum()]
        users += len(n)
    return sums / users


best = cost = np.inf
for _ in range(2):
    start, cpu = time.perf_counter(), time.process_time()
    m = evaluate()
    best = min(best, time.perf_counter() - start)
    cost = min(cost, time.process_time() - cpu)
print("%.3f %.8f %.3f" % (best, m[1], cost))
