"""Ten small data sets of scikit-learn as CSV files, divided into a training and a test part.

python3 data-sets.py FOLDER writes FOLDER/NAME/train.csv and test.csv. Needs Debian's python3-sklearn; nothing is
downloaded. The last column is the target.
"""

import csv
import os
import sys

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split


def named(load):
    found = load()
    names = [str(name) for name in getattr(found, "feature_names", range(found.data.shape[1]))]
    target = found.target
    if hasattr(found, "target_names") and target.ndim == 1 and target.dtype.kind in "iu":
        target = np.array([f"class {found.target_names[t]}" for t in target])
    return names, found.data, target


def made(inputs, target, classes):
    names = [f"x{i}" for i in range(inputs.shape[1])]
    return names, inputs, np.array([f"class {t}" for t in target]) if classes else target


SETS = {
    "iris": lambda: named(datasets.load_iris),
    "wine": lambda: named(datasets.load_wine),
    "breast-cancer": lambda: named(datasets.load_breast_cancer),
    "digits": lambda: named(datasets.load_digits),
    "diabetes": lambda: named(datasets.load_diabetes),
    "moons": lambda: made(*datasets.make_moons(600, noise=0.25, random_state=1), classes=True),
    "circles": lambda: made(*datasets.make_circles(600, noise=0.15, factor=0.5, random_state=1), classes=True),
    "uneven": lambda: made(
        *datasets.make_classification(
            1500, 20, n_informative=8, n_redundant=4, n_classes=3, weights=[0.8, 0.15, 0.05], random_state=1
        ),
        classes=True,
    ),
    "friedman1": lambda: made(*datasets.make_friedman1(1000, noise=1, random_state=1), classes=False),
    "friedman2": lambda: made(*datasets.make_friedman2(1000, noise=50, random_state=1), classes=False),
}


def write(path, names, inputs, target):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*names, "target"])
        for row, y in zip(inputs, target):
            out.writerow([*(repr(float(x)) for x in row), y if isinstance(y, str) else repr(float(y))])


def main(folder):
    for name, load in SETS.items():
        names, inputs, target = load()
        classes = target.dtype.kind == "U"
        parts = train_test_split(inputs, target, test_size=0.25, random_state=0, stratify=target if classes else None)
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        for part, x, y in [("train", parts[0], parts[2]), ("test", parts[1], parts[3])]:
            write(os.path.join(folder, name, f"{part}.csv"), names, x, [str(t) if classes else t for t in y])


main(sys.argv[1])
