#pragma once
#include "BERTKernels.h"

// The kernels of each instruction set, each compiled in a file of its own.
extern const bk_kernels bk_portable;
#if defined(__x86_64__)
extern const bk_kernels bk_avx2, bk_avx512, bk_avx512vnni;
#endif
