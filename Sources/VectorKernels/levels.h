#ifndef VECTOR_KERNELS_LEVELS_H
#define VECTOR_KERNELS_LEVELS_H

#include "include/VectorKernels.h"

/// Written once as an inlined body, a loop is compiled once for each level by functions that differ in their target
/// only; the compiler does the vectorising. Sums may be reordered for that.
#define VK_INLINE static inline __attribute__((always_inline))
#define VK_FAST_SUMS _Pragma("clang fp reassociate(on) contract(fast)")

#if defined(__x86_64__)
#define VK_X86 1
#define VK_TARGET_AVX2 __attribute__((target("avx2,fma"), min_vector_width(256)))
#define VK_TARGET_AVX512                                                                                               \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512vnni"), min_vector_width(512)))
#endif

#endif
