"""Writes every sample that PyTorch has of the operations of test/toolbox/op-db.ts.

    /usr/bin/python3 test/goldens/op_db.py FILE.json.gz
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from generator.common import prepare_torch  # noqa: E402
from generator.op_db import all_samples  # noqa: E402

prepare_torch()
all_samples(sys.argv[1])
