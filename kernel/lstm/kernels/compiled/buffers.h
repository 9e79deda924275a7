// Memory that the addon keeps between calls: fresh pages would cost more than the sums of a small layer.
#pragma once
#include <stddef.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

const size_t HUGE_PAGE = 2 << 20;

class Buffer {
  float* floats = nullptr;
  size_t size = 0;

 public:
  /** They hold whatever was there. Null where there is no memory. */
  float* at_least(size_t count) {
    if (count <= size) return floats;
    free(floats);
    size_t bytes = count * sizeof(float), page = bytes < HUGE_PAGE ? 64 : HUGE_PAGE;
    bytes = (bytes + page - 1) / page * page;
    floats = (float*)aligned_alloc(page, bytes);
#ifdef MADV_HUGEPAGE
    if (floats && page == HUGE_PAGE) madvise(floats, bytes, MADV_HUGEPAGE);
#endif
    size = floats ? bytes / sizeof(float) : 0;
    return floats;
  }
};
