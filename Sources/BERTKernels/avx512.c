// x86-64 with the AVX-512 of Skylake servers: floats and pairs of 16-bit integers in 512 bits.
#include "levels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"), \
                                            min_vector_width(512))), apply_to = function)

#define TILE_VECTORS 4
#define UNROLL_INPUTS _Pragma("clang loop unroll_count(1)")
#include "vectors.h"
#include "float_kernels.h"

#define DOT_S16(sum, pairs, weights) ((sum) + (I16)_mm512_madd_epi16((__m512i)(pairs), (__m512i)(weights)))
#include "integer_kernels.h"
#include "integer_attention.h"

const bk_kernels bk_avx512 = {
    .name = "avx512",
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
