// Calls every kernel of every level that this CPU has, with sizes at their edges and on memory that is exactly as long as it need
// be, and compares what comes out with the portable level. For sanitizers and emulated CPUs, which Swift's test runner is too
// large for; what is right is tested by KernelTests and VectorKernelTests.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "BERTKernels.h"
#include "VectorKernels.h"

static int failures;
static unsigned long long state = 1;

static float number(void) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (float)((double)(state >> 33) / (double)(1ull << 30) - 1.0);
}

static void *memory(size_t bytes) {
    void *result = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!result) abort();
    return memset(result, 0, bytes);
}

static float *numbers(int count) {
    float *result = malloc((size_t)count * sizeof *result);
    for (int i = 0; i < count; i++) result[i] = number();
    return result;
}

static void compare(const char *what, const char *level, const float *left, const float *right, int count, float tolerance) {
    for (int i = 0; i < count; i++)
        if (!(fabsf(left[i] - right[i]) <= tolerance)) {
            printf("FAIL %s at level %s: %g is not %g\n", what, level, (double)left[i], (double)right[i]);
            failures++;
            return;
        }
}

static void linear(const bk_kernels *k, int rows, int inputs, int outputs, const float *a, const float *w, const float *bias,
                   bk_activation activation, float *c32, float *c16, float *c8) {
    size_t weights = (size_t)(inputs * outputs), values = (size_t)(rows * inputs);
    float *packed = memory(weights * 4), *scale = memory((size_t)outputs * 4), *sum = memory((size_t)outputs * 4);
    float *row_scale = memory((size_t)rows * 4), *minimum = memory((size_t)rows * 4), *ones = memory((size_t)inputs * 4);
    int16_t *packed16 = memory(weights * 2), *q16 = memory(values * 2);
    int8_t *packed8 = memory(weights);
    uint8_t *q8 = memory(values);
    for (int i = 0; i < inputs; i++) ones[i] = 1;
    bk_pack_f32(k->panel, inputs, outputs, w, packed);
    bk_linear_f32 f32 = {inputs, outputs, packed, bias};
    k->linear_f32(&f32, activation, rows, a, inputs, c32, outputs);
    if (k->has_s16) {
        bk_pack_s16(k->panel, inputs, outputs, w, packed16, scale);
        k->quantize_s16(rows, inputs, a, inputs, q16, inputs, row_scale);
        bk_linear_s16 s16 = {inputs, outputs, packed16, scale, bias};
        k->linear_s16(&s16, activation, rows, q16, inputs, row_scale, c16, outputs);
    }
    if (k->has_s8) {
        bk_pack_s8(k->panel, inputs, outputs, w, packed8, scale, sum);
        k->quantize_u8(rows, inputs, a, inputs, ones, q8, inputs, row_scale, minimum);
        bk_linear_s8 s8 = {inputs, outputs, packed8, scale, sum, bias};
        k->linear_s8(&s8, activation, rows, q8, inputs, row_scale, minimum, c8, outputs);
    }
    free(packed), free(scale), free(sum), free(row_scale), free(minimum), free(ones);
    free(packed16), free(q16), free(packed8), free(q8);
}

static void test_linear(const bk_kernels *k) {
    const bk_kernels *plain = bk_kernels_for("portable");
    for (int rows = 1; rows <= 13; rows++)
        for (int activation = BK_IDENTITY; activation <= BK_SILU; activation++) {
            int inputs = rows % 2 ? 64 : 192, outputs = 128, count = rows * outputs;
            float *a = numbers(rows * inputs), *w = numbers(inputs * outputs), *bias = numbers(outputs);
            float *c[4];
            for (int i = 0; i < 4; i++) c[i] = memory((size_t)count * 4);
            linear(plain, rows, inputs, outputs, a, w, bias, (bk_activation)activation, c[3], c[1], c[2]);
            linear(k, rows, inputs, outputs, a, w, bias, (bk_activation)activation, c[0], c[1], c[2]);
            compare("linear_f32", k->name, c[0], c[3], count, 1e-3f);
            if (k->has_s16) compare("linear_s16", k->name, c[1], c[3], count, 5e-2f);
            if (k->has_s8) compare("linear_s8", k->name, c[2], c[3], count, 1.f);
            for (int i = 0; i < 4; i++) free(c[i]);
            free(a), free(w), free(bias);
        }
}

static void test_attention(const bk_kernels *k) {
    const bk_kernels *plain = bk_kernels_for("portable");
    int lengths[] = {1, 2, 5, 6, 7, 15, 16, 17, 63, 64, 65, 130};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int width = 16; width <= 64; width *= 2) {
            int length = lengths[i], heads = 64 / width, columns = 64;
            float *projected = numbers(length * columns * 3);
            float *out = memory((size_t)(length * columns) * 4), *expected = memory((size_t)(length * columns) * 4);
            void *scratch = memory(bk_attention_scratch(length, width));
            int relative_stride = 2 * length + 14;
            float *relative = numbers(heads * relative_stride);
            for (int kind = 0; kind < 4; kind++) {
                bk_attention_shape shape = {length, heads, width, columns * 3, columns, columns * 2, 1 / sqrtf((float)width),
                                            kind & 1 ? 1 + length / 4 : 0, kind & 2 ? relative + length - 1 : NULL,
                                            relative_stride};
                plain->attention_f32(&shape, projected, expected, columns, scratch);
                k->attention_f32(&shape, projected, out, columns, scratch);
                compare("attention_f32", k->name, out, expected, length * columns, 1e-4f);
                if (k->has_s16) {
                    k->attention_s16(&shape, projected, out, columns, scratch);
                    compare("attention_s16", k->name, out, expected, length * columns, 2e-2f);
                }
            }
            free(projected), free(out), free(expected), free(scratch), free(relative);
        }
}

static void test_rows(const bk_kernels *k) {
    const bk_kernels *plain = bk_kernels_for("portable");
    int widths[] = {1, 15, 16, 33, 64, 100};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        int width = widths[i], stride = (width + 63) / 64 * 64, rows = 3;
        float *x = memory((size_t)(rows * stride) * 4), *copy = memory((size_t)(rows * stride) * 4);
        float *gamma = memory((size_t)stride * 4), *beta = memory((size_t)stride * 4), *sums = memory((size_t)stride * 4);
        float *expected = memory((size_t)stride * 4);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < width; column++) x[row * stride + column] = number();
        for (int column = 0; column < width; column++) gamma[column] = number(), beta[column] = number();
        memcpy(copy, x, (size_t)(rows * stride) * 4);
        k->layer_norm(rows, width, stride, x, NULL, x, gamma, beta, 1e-5f);
        plain->layer_norm(rows, width, stride, copy, NULL, copy, gamma, beta, 1e-5f);
        compare("layer_norm", k->name, x, copy, rows * stride, 1e-4f);
        float *angles = numbers(rows * stride);
        k->rotate(rows, 1, stride, width / 2, angles, angles, x, stride);
        plain->rotate(rows, 1, stride, width / 2, angles, angles, copy, stride);
        compare("rotate", k->name, x, copy, rows * stride, 1e-4f);
        free(angles);
        k->sum_rows(rows, stride, x, stride, sums);
        plain->sum_rows(rows, stride, copy, stride, expected);
        compare("sum_rows", k->name, sums, expected, stride, 1e-3f);
        for (int activation = BK_IDENTITY; activation <= BK_SILU; activation++) {
            k->gate((bk_activation)activation, 1, stride, x);
            plain->gate((bk_activation)activation, 1, stride, copy);
            compare("gate", k->name, x, copy, rows * stride, 1e-3f);
        }
        free(x), free(copy), free(gamma), free(beta), free(sums), free(expected);
    }
}

static void test_vectors(vk_level level, const char *name) {
    int dimensions[] = {1, 2, 31, 63, 64, 65, 100, 255, 256, 257, 384, 1000};
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        size_t d = (size_t)dimensions[i], width = vk_plane_width(d), rows = 70;
        float *scratch = malloc(vk_scratch_length(d) * sizeof(float)), *steps = malloc(rows * sizeof(float));
        uint8_t *upper = malloc(rows * width), *lower = malloc(rows * width);
        float *vectors = numbers((int)(rows * d)), *query = numbers((int)d), *values = malloc(2 * width * sizeof(float));
        int8_t *codes = malloc(2 * width);
        int64_t *ids = malloc(rows * sizeof *ids);
        vk_hit *hits = malloc(8 * sizeof *hits);
        vk_encode_query(query, d, scratch, values, codes);
        for (size_t row = 0; row < rows; row++) {
            ids[row] = (int64_t)row;
            vk_encode_row(level, vectors + row * d, d, scratch, upper + row * width, lower + row * width, steps + row);
            float refined = vk_refine(level, upper + row * width, lower + row * width, steps[row], width, values);
            float cosine = vk_cosine(level, vectors + row * d, query, d);
            compare("refine", name, &refined, &cosine, 1, 0.05f);
        }
        vk_best best = {hits, 8, 0, 4, -INFINITY};
        vk_scan(level, upper, steps, ids, rows, 0, width, codes, &best);
        vk_thin(&best);
        if (best.count != 4) printf("FAIL scan at level %s\n", name), failures++;
        free(scratch), free(steps), free(upper), free(lower), free(vectors), free(query), free(values), free(codes);
        free(ids), free(hits);
    }
}

int main(void) {
    const char *levels[] = {"portable", "avx2", "avx512", "avx512vnni"};
    for (int i = 0; i < 4; i++) {
        const bk_kernels *k = bk_kernels_for(levels[i]);
        if (!k || strcmp(k->name, levels[i]) != 0) {
            printf("skipped: this CPU has no %s for the encoder\n", levels[i]);
            continue;
        }
        test_linear(k), test_attention(k), test_rows(k);
        printf("tried: the encoder at level %s\n", levels[i]);
    }
    const char *names[] = {"portable", "avx2", "avx512"};
    for (int level = VK_PORTABLE; level <= VK_AVX512; level++) {
        if (level > (int)vk_best_level()) {
            printf("skipped: this CPU has no %s for vectors\n", names[level]);
            continue;
        }
        test_vectors((vk_level)level, names[level]);
        printf("tried: vectors at level %s\n", names[level]);
    }
    return failures != 0;
}
