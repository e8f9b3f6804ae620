// x86-64 with AVX2 and FMA: floats, and pairs of 16-bit integers, which multiply twice as fast.
#include "levels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define TILE_VECTORS 1
#define UNROLL_INPUTS _Pragma("clang loop unroll_count(1)")
#include "vectors.h"
#include "float_kernels.h"

typedef int32_t I8 __attribute__((ext_vector_type(8)));

INLINE I16 dot_s16(I16 sum, I16 pairs, I16 weights) {
    I8 low = (I8)_mm256_madd_epi16((__m256i)pairs.lo, (__m256i)weights.lo);
    I8 high = (I8)_mm256_madd_epi16((__m256i)pairs.hi, (__m256i)weights.hi);
    sum.lo += low;
    sum.hi += high;
    return sum;
}
#define DOT_S16 dot_s16
#include "integer_kernels.h"
#include "integer_attention.h"

const bk_kernels bk_avx2 = {
    .name = "avx2",
    .panel = PANEL,
    .has_s16 = 1,
    .linear_f32 = linear_f32,
    .linear_s16 = linear_s16,
    .quantize_s16 = quantize_s16,
    .layer_norm = layer_norm,
    .gate = gate,
    .rotate = rotate,
    .attention_f32 = attention_f32,
    .attention_s16 = attention_s16,
    .sum_rows = sum_rows,
};
#pragma clang attribute pop
#endif
