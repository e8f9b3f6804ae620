#include "levels.h"

#include <math.h>

VK_INLINE float refine(const uint8_t *upper, const uint8_t *lower, float step, size_t width, const float *query) {
    VK_FAST_SUMS
    float sum = 0;
    for (size_t i = 0; i < width; i++) {
        const int32_t a = ((upper[i] & 0x0F) << 4) | (lower[i] & 0x0F);
        const int32_t b = (upper[i] & 0xF0) | (lower[i] >> 4);
        sum += (float)(a - 128) * query[i] + (float)(b - 128) * query[i + width];
    }
    return sum * step;
}

VK_INLINE float cosine(const float *left, const float *right, size_t dimensions) {
    VK_FAST_SUMS
    float dot = 0, left_squares = 0, right_squares = 0;
    for (size_t i = 0; i < dimensions; i++) {
        dot += left[i] * right[i];
        left_squares += left[i] * left[i];
        right_squares += right[i] * right[i];
    }
    const float lengths = sqrtf(left_squares) * sqrtf(right_squares);
    if (lengths == 0) return 0;
    const float quotient = dot / lengths;
    return quotient > 1 ? 1 : quotient < -1 ? -1 : quotient;
}

#if VK_X86
VK_TARGET_AVX2 static float refine_avx2(
    const uint8_t *upper, const uint8_t *lower, float step, size_t width, const float *query) {
    return refine(upper, lower, step, width, query);
}
VK_TARGET_AVX512 static float refine_avx512(
    const uint8_t *upper, const uint8_t *lower, float step, size_t width, const float *query) {
    return refine(upper, lower, step, width, query);
}
VK_TARGET_AVX2 static float cosine_avx2(const float *left, const float *right, size_t dimensions) {
    return cosine(left, right, dimensions);
}
VK_TARGET_AVX512 static float cosine_avx512(const float *left, const float *right, size_t dimensions) {
    return cosine(left, right, dimensions);
}
#endif

float vk_refine(
    vk_level level, const uint8_t *upper, const uint8_t *lower, float step, size_t plane_width, const float *query) {
#if VK_X86
    if (level == VK_AVX512) return refine_avx512(upper, lower, step, plane_width, query);
    if (level == VK_AVX2) return refine_avx2(upper, lower, step, plane_width, query);
#else
    (void)level;
#endif
    return refine(upper, lower, step, plane_width, query);
}

float vk_cosine(vk_level level, const float *left, const float *right, size_t dimensions) {
#if VK_X86
    if (level == VK_AVX512) return cosine_avx512(left, right, dimensions);
    if (level == VK_AVX2) return cosine_avx2(left, right, dimensions);
#else
    (void)level;
#endif
    return cosine(left, right, dimensions);
}

size_t vk_find(const int64_t *ids, size_t count, int64_t id) {
    // Whole groups are compared without leaving early, which vectorises.
    const size_t group = 32;
    size_t i = 0;
    for (; i + group <= count; i += group) {
        int64_t found = 0;
        for (size_t j = 0; j < group; j++) found |= ids[i + j] == id;
        if (found) break;
    }
    while (i < count && ids[i] != id) i++;
    return i;
}
