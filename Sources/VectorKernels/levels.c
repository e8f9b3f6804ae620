#include "levels.h"

vk_level vk_best_level(void) {
#if VK_X86
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return VK_PORTABLE;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512vnni")) {
        return VK_AVX512;
    }
    return VK_AVX2;
#else
    return VK_PORTABLE;
#endif
}
