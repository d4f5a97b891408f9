"""Makes ranking.json: AUC and average precision by scikit-learn, with equal scores among them.

    /usr/bin/python3 test/goldens/ranking.py            write the file
    /usr/bin/python3 test/goldens/ranking.py --check    write nothing; fail if the file would change

Needs Debian's python3-sklearn.
"""

import json
import sys
from pathlib import Path

import numpy
import sklearn
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.preprocessing import label_binarize


def case(name: str, samples: int, classes: int, steps: int) -> dict:
    """Scores are multiples of 1 / steps: the fewer steps, the more are equal."""
    random = numpy.random.default_rng(sum(name.encode()))
    labels = random.permutation(numpy.arange(samples) % classes)
    noise = random.integers(0, steps, (samples, classes))
    scores = (noise + (labels[:, None] == numpy.arange(classes)) * (steps // 3)) / steps
    own = label_binarize(labels, classes=range(classes))
    if classes == 2:
        own = numpy.hstack([1 - own, own])
    columns = range(classes)
    return {
        "name": name,
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "auc": [roc_auc_score(own[:, c], scores[:, c]) for c in columns],
        "averagePrecision": [average_precision_score(own[:, c], scores[:, c]) for c in columns],
    }


CASES = [
    case("two classes, no two scores equal", 30, 2, 65536),
    case("two classes, most scores equal", 40, 2, 4),
    case("five classes, few scores equal", 50, 5, 64),
    case("three classes, all scores of a few values", 60, 3, 3),
]


def main() -> int:
    content = {"madeBy": "ranking.py", "scikit-learn": sklearn.__version__, "cases": CASES}
    text = json.dumps(content) + "\n"
    path = Path(__file__).parent / "ranking.json"
    if "--check" in sys.argv[1:]:
        return 0 if path.read_text() == text else 1
    path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
