"""Makes the golden numbers in this folder from PyTorch.

    /usr/bin/python3 test/goldens/make.py            write every file
    /usr/bin/python3 test/goldens/make.py --check    write nothing; fail if a file would change

Needs Debian's python3-torch and libopenblas0-pthread. README.md beside this file says what is in the files.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from generator import averages, exchange, families, functions, halves, layers, losses, module_db, networks, op_db, optimizers, powers, safetensors, schedules, toolbox  # noqa: E402
from generator.common import Output, prepare_torch  # noqa: E402

FILES = [averages, families, layers, losses, optimizers, networks, schedules, powers, safetensors, exchange, halves, functions, toolbox, module_db, op_db]


def main() -> int:
    prepare_torch()
    output = Output(Path(__file__).parent, check_only="--check" in sys.argv[1:])
    for file in FILES:
        file.write(output)
    return output.finish()


if __name__ == "__main__":
    sys.exit(main())
