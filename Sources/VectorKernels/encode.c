#include "levels.h"

#include <math.h>
#include <string.h>

// Half a plane is at least one AVX2 register.
static const size_t width_multiple = 32;

size_t vk_plane_width(size_t dimensions) {
    const size_t half = (dimensions + 1) / 2;
    return (half + width_multiple - 1) / width_multiple * width_multiple;
}

size_t vk_scratch_length(size_t dimensions) { return 2 * 2 * vk_plane_width(dimensions); }

/// Flips the sign of about half of the numbers, always the same ones. The constants are those of the Murmur3 finalizer.
VK_INLINE void flip_signs(float *values, size_t count, uint32_t seed) {
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = (uint32_t)i * 0x9E3779B1u + seed;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        bits ^= hash & 0x80000000u;
        memcpy(values + i, &bits, sizeof bits);
    }
}

VK_INLINE void hadamard_stage(const float *restrict from, float *restrict to, size_t half) {
    for (size_t i = 0; i < half; i++) {
        const float a = from[i], b = from[i + half];
        to[2 * i] = a + b;
        to[2 * i + 1] = a - b;
    }
}

/// Walsh-Hadamard transform of `count` numbers, a power of two, not scaled. Every stage has the same geometry (Pease
/// 1968), which vectorises where the usual butterflies with their short strides do not.
VK_INLINE void hadamard(float *values, size_t count, float *spare) {
    float *from = values, *to = spare;
    for (size_t stage = 1; stage < count; stage *= 2) {
        hadamard_stage(from, to, count / 2);
        float *const swap = from;
        from = to;
        to = swap;
    }
    if (from != values) memcpy(values, from, count * sizeof(float));
}

/// Rotates in place. A transform over the first 2^n dimensions and one over the last 2^n mix numbers of every
/// dimension with at least half of the others, whatever the number of dimensions; both keep lengths.
VK_INLINE void rotate(float *values, size_t count, float *spare) {
    size_t power = 1;
    while (power * 2 <= count) power *= 2;
    const float scale = 1 / sqrtf((float)power);
    for (size_t start = 0;; start = count - power) {
        flip_signs(values + start, power, (uint32_t)(start + 1) * 0x27D4EB2Fu);
        hadamard(values + start, power, spare);
        for (size_t i = 0; i < power; i++) values[start + i] *= scale;
        if (start + power == count) return;
    }
}

typedef struct {
    /// Not finite where one of the numbers is not.
    float length;
    float largest;
} extent;

VK_INLINE extent measure(const float *values, size_t count) {
    VK_FAST_SUMS
    float squares = 0;
    // Without their signs, floats are ordered as their bits are; integers have a maximum that vectorises.
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        squares += values[i] * values[i];
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        bits &= 0x7FFFFFFFu;
        largest = bits > largest ? bits : largest;
    }
    extent result = {sqrtf(squares), 0};
    memcpy(&result.largest, &largest, sizeof largest);
    return result;
}

/// Leaves the rotated vector in `scratch`, zeros beyond it, and says how large it is.
VK_INLINE bool prepare(const float *vector, size_t dimensions, float *scratch, extent *size) {
    const size_t padded = 2 * vk_plane_width(dimensions);
    memcpy(scratch, vector, dimensions * sizeof(float));
    memset(scratch + dimensions, 0, (padded - dimensions) * sizeof(float));
    if (!isfinite(measure(vector, dimensions).length)) return false;
    rotate(scratch, dimensions, scratch + padded);
    *size = measure(scratch, dimensions);
    return isfinite(size->length);
}

VK_INLINE bool encode_row(
    const float *vector, size_t dimensions, float *scratch, uint8_t *upper, uint8_t *lower, float *step) {
    extent size;
    if (!prepare(vector, dimensions, scratch, &size)) return false;
    // A length so small that its inverse overflows counts as zero.
    const float steps = size.largest > 1e-30f ? 127 / size.largest : 0;
    *step = steps > 0 ? size.largest / (127 * size.length) : 0;
    const size_t width = vk_plane_width(dimensions);
    for (size_t i = 0; i < width; i++) {
        // The conversion truncates, so adding 128.5 rounds.
        const uint32_t a = (uint32_t)(int32_t)(scratch[i] * steps + 128.5f);
        const uint32_t b = (uint32_t)(int32_t)(scratch[i + width] * steps + 128.5f);
        upper[i] = (uint8_t)((a >> 4) | (b & 0xF0));
        lower[i] = (uint8_t)((a & 0x0F) | (b << 4));
    }
    return true;
}

#if VK_X86
VK_TARGET_AVX2 static bool encode_row_avx2(
    const float *vector, size_t dimensions, float *scratch, uint8_t *upper, uint8_t *lower, float *step) {
    return encode_row(vector, dimensions, scratch, upper, lower, step);
}
VK_TARGET_AVX512 static bool encode_row_avx512(
    const float *vector, size_t dimensions, float *scratch, uint8_t *upper, uint8_t *lower, float *step) {
    return encode_row(vector, dimensions, scratch, upper, lower, step);
}
#endif

bool vk_encode_row(
    vk_level level, const float *vector, size_t dimensions, float *scratch, uint8_t *upper, uint8_t *lower,
    float *step) {
#if VK_X86
    if (level == VK_AVX512) return encode_row_avx512(vector, dimensions, scratch, upper, lower, step);
    if (level == VK_AVX2) return encode_row_avx2(vector, dimensions, scratch, upper, lower, step);
#else
    (void)level;
#endif
    return encode_row(vector, dimensions, scratch, upper, lower, step);
}

// Once for each query, so not worth a version for each level.
bool vk_encode_query(const float *vector, size_t dimensions, float *scratch, float *values, int8_t *codes) {
    extent size;
    if (!prepare(vector, dimensions, scratch, &size)) return false;
    const bool zero = size.largest <= 1e-30f;
    const float steps = zero ? 0 : 127 / size.largest, inverse = zero ? 0 : 1 / size.length;
    const size_t count = 2 * vk_plane_width(dimensions);
    for (size_t i = 0; i < count; i++) {
        values[i] = scratch[i] * inverse;
        codes[i] = (int8_t)((int32_t)(scratch[i] * steps + 128.5f) - 128);
    }
    return true;
}
