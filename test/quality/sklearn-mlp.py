"""scikit-learn's MLP with its defaults, and standardized inputs (and targets of regression), on one data set.

python3 sklearn-mlp.py FOLDER SEEDS prints the test accuracy, or R², for each of the seeds 0, 1, … as JSON.
"""

import csv
import json
import os
import sys
import warnings

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    target = [row[-1] for row in rows]
    inputs = np.array([[float(x) for x in row[:-1]] for row in rows])
    try:
        return inputs, np.array([float(y) for y in target])
    except ValueError:
        return inputs, np.array(target)


def model(seed, classes):
    if classes:
        return make_pipeline(StandardScaler(), MLPClassifier(random_state=seed))
    return TransformedTargetRegressor(
        make_pipeline(StandardScaler(), MLPRegressor(random_state=seed)), transformer=StandardScaler()
    )


folder, seeds = sys.argv[1], int(sys.argv[2])
(x, y), (x_test, y_test) = (read(os.path.join(folder, f"{part}.csv")) for part in ["train", "test"])
print(json.dumps([model(seed, y.dtype.kind == "U").fit(x, y).score(x_test, y_test) for seed in range(seeds)]))
