"""Unpacks Node and Dawn where they are looked for. Argument: the prepared folder."""

import lzma
import os
import shutil
import sys

folder = sys.argv[1]
for packed, path in [("node.xz", "node"), ("dawn.node.xz", "node_modules/webgpu/dist/linux-x64/dawn.node")]:
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with lzma.open(os.path.join(folder, packed)) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file)
    os.chmod(target, 0o755)
