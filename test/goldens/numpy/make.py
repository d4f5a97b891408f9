"""Writes this folder's files: arrays as NumPy saves them. Run with NumPy 1.24: python3 test/goldens/numpy/make.py"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ARRAYS = {
    "big-endian": np.arange(-3, 3, dtype=">i2").reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
    "half": np.array([1, 0.5, -2, 65504], dtype="<f2"),
    "truth": np.array([True, False]),
    "unicode": np.array(["cat", "büg", ""]),
    "bytes": np.array([b"cat", b"x"]),
    "long": np.array([1, -2, 2**40], dtype="<i8"),
    "scalar": np.array(3.5),
}

for name, array in ARRAYS.items():
    np.save(HERE / f"{name}.npy", array)

np.savez_compressed(
    HERE / "named.npz",
    x_train=np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    y_train=np.array([1, 0]),
    x_test=np.zeros((1, 3, 4), np.uint8),
    y_test=np.array([1]),
)
np.savez(HERE / "positional.npz", np.array([[1.5, 2], [3, 4], [5, 9]]), np.array(["a", "b", "a"]))
