// What every machine of the architecture runs: SSE2 on x86-64, NEON on arm64.
#include "levels.h"
#define TILE_VECTORS 1
#define UNROLL_INPUTS _Pragma("clang loop unroll_count(1)")
#include "vectors.h"
#include "float_kernels.h"

const bk_kernels bk_portable = {
    .name = "portable",
    .panel = PANEL,
    .linear_f32 = linear_f32,
    .layer_norm = layer_norm,
    .gate = gate,
    .rotate = rotate,
    .attention_f32 = attention_f32,
    .sum_rows = sum_rows,
};
