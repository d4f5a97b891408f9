"""The same numbers as ../../values.mjs."""

import numpy


def fill(count, stream, scale):
    index = numpy.arange(1, count + 1, dtype=numpy.uint64)
    mask = numpy.uint64(0xFFFFFFFF)
    bits = (index * numpy.uint64(2654435761) + numpy.uint64(stream * 40503 * 65537 % 2**32)) & mask
    mixed = ((bits ^ (bits >> numpy.uint64(15))) * numpy.uint64(2246822519)) & mask
    return ((mixed.astype(numpy.float64) / 4294967296 - 0.5) * scale).astype(numpy.float32)
