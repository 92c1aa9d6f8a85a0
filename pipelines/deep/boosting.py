"""Gradient boosting on the same parts: python3 hgb.py train.csv valid.csv test.csv"""
import sys
import numpy as np, pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OrdinalEncoder
CATS, NUMS = [1, 3, 5, 6, 7, 8, 9, 13], [0, 4, 10, 11, 12]
parts = [pd.read_csv(f, header=None) for f in sys.argv[1:4]]
enc = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(parts[0][CATS])
x = [np.hstack([np.maximum(enc.transform(p[CATS]), -1) + 1, p[NUMS]]) for p in parts]
y = [(p[14] == ">50K").to_numpy() for p in parts]
best = None
for rate in (0.05, 0.1):
    for leaves in (15, 31):
        m = HistGradientBoostingClassifier(learning_rate=rate, max_leaf_nodes=leaves, max_iter=400, early_stopping=False,
            categorical_features=list(range(len(CATS))), random_state=1).fit(x[0], y[0])
        valid = [roc_auc_score(y[1], p[:, 1]) for p in m.staged_predict_proba(x[1])]
        k = int(np.argmax(valid))
        if best is None or valid[k] > best[0]:
            best = valid[k], rate, leaves, k + 1, list(m.staged_predict_proba(x[2]))[k][:, 1]
print("rate %g, %d leaves, %d trees: valid %.5f test %.5f" % (best[1], best[2], best[3], best[0], roc_auc_score(y[2], best[4])))
