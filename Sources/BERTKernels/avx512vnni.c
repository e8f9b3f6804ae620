// x86-64 with AVX-512 and its VNNI extension (Cascade Lake, Ice Lake, Zen 4 and later): one instruction multiplies and
// adds pairs of 16-bit or quadruples of 8-bit integers.
#include "levels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"), \
                                            min_vector_width(512))), apply_to = function)

#define TILE_VECTORS 4
#define UNROLL_INPUTS _Pragma("clang loop unroll_count(4)")
#include "vectors.h"
#include "float_kernels.h"

/// In assembly because LLVM 21 takes the intrinsic apart into a multiplication and an addition, which is half as fast.
INLINE I16 dot_s16(I16 sum, I16 pairs, I16 weights) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(pairs), "v"(weights));
    return sum;
}
#define DOT_S16 dot_s16
#include "integer_kernels.h"
#include "integer_attention.h"

#define DOT_U8(sum, bytes, weights) ((I16)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(bytes), (__m512i)(weights)))
#include "byte_kernels.h"

const bk_kernels bk_avx512vnni = {
    .name = "avx512vnni",
    .panel = PANEL,
    .has_s16 = 1,
    .has_s8 = 1,
    .linear_f32 = linear_f32,
    .linear_s16 = linear_s16,
    .linear_s8 = linear_s8,
    .quantize_s16 = quantize_s16,
    .quantize_u8 = quantize_u8,
    .layer_norm = layer_norm,
    .gate = gate,
    .rotate = rotate,
    .attention_f32 = attention_f32,
    .attention_s16 = attention_s16,
    .sum_rows = sum_rows,
};
#pragma clang attribute pop
#endif
