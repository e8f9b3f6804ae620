#include <string.h>

#include "levels.h"

#if defined(__x86_64__)
/// From the plainest to the fastest.
static const bk_kernels *const levels[] = {&bk_portable, &bk_avx2, &bk_avx512, &bk_avx512vnni};

static int supported_level(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
        return 1;
    return __builtin_cpu_supports("avx512vnni") ? 3 : 2;
}
#else
static const bk_kernels *const levels[] = {&bk_portable};
static int supported_level(void) { return 0; }
#endif

const bk_kernels *bk_kernels_for(const char *maximum_level) {
    int supported = supported_level();
    if (!maximum_level) return levels[supported];
    for (int i = 0; i < (int)(sizeof levels / sizeof *levels); i++)
        if (strcmp(levels[i]->name, maximum_level) == 0) return levels[i < supported ? i : supported];
    return NULL;
}

size_t bk_attention_scratch(int length, int head_width) {
    size_t columns = ((size_t)length + BK_ALIGNMENT - 1) / BK_ALIGNMENT * BK_ALIGNMENT, width = (size_t)head_width;
    size_t rows = 6;  // TILE_ROWS of float_kernels.h
    size_t floats = rows * columns * 4 + columns * width * 4;
    size_t integers = floats + columns * 8 + (width + BK_ALIGNMENT) * 4 + columns * width * 2 * 2 + rows * columns * 2;
    return integers + 256;
}
