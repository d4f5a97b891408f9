# What PyTorch and NumPy make of the cells of scripts/names/table.mjs, which come as JSON: `npm run names -- --golden PYTHON`.
import json
import sys

import numpy as np
import torch

asked = json.load(sys.stdin)
nn, F = torch.nn, torch.nn.functional


def plain(value):
    """Numbers and lists of them."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
        return value.tolist()
    return value


def scope(make):
    values = {name: make(value) for name, value in asked["values"].items()}
    whole = {name: make(value, True) for name, value in asked["integers"].items()}
    return {**values, **whole, "torch": torch, "np": np, "nn": nn, "F": F, "p": [nn.Parameter(torch.zeros(3, 3))]}


SCOPES = {
    "torch": scope(lambda v, whole=False: torch.tensor(v, dtype=torch.int64 if whole else torch.float32)),
    "numpy": scope(lambda v, whole=False: np.array(v, dtype=np.int64 if whole else np.float32)),
}


def cell(library, text, compared):
    value = eval(text, SCOPES[library])
    if compared == "names":
        return None
    return list(value.shape) if compared == "shapes" and hasattr(value, "shape") else plain(value) if compared == "values" else None


answers = {library: {text: cell(library, text, compared) for text, compared in asked[library]} for library in SCOPES}
print(json.dumps({"versions": {"torch": torch.__version__, "numpy": np.__version__}, **answers}))
