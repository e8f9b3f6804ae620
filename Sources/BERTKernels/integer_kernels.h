// The kernels on 16-bit integers. Included after float_kernels.h by the instruction sets that multiply pairs of them,
// with
//   DOT_S16(sum, pairs, weights)  sum + the products of 16 pairs of 16-bit integers, as 16 32-bit integers
// defined.

/// Rounds x * inverse into 16 bits.
INLINE H16 quantized_s16(V16 x, float inverse) {
    return __builtin_convertvector(__builtin_convertvector(nearest(x * inverse), I16), H16);
}

/// The scale that makes `largest` become `limit`; never 0, and 1 for what is not finite.
INLINE float scale_for(float largest, float limit) {
    float scale = largest / limit;
    return scale > 1e-30f && scale < 1e30f ? scale : (scale >= 1e30f ? 1.0f : 1e-30f);
}

static void quantize_s16(int rows, int columns, const float *x, int x_stride, int16_t *q, int q_stride, float *scale) {
    for (int m = 0; m < rows; m++, x += x_stride, q += q_stride) {
        V16 largest = magnitude(load(x));
        for (int i = 16; i < columns; i += 16) largest = larger(largest, magnitude(load(x + i)));
        scale[m] = scale_for(horizontal_maximum(largest), BK_S16_LIMIT);
        float inverse = 1.0f / scale[m];
        for (int i = 0; i < columns; i += 16) *(H16 *)(q + i) = quantized_s16(load(x + i), inverse);
    }
}

/// Two neighbouring 16-bit inputs in all lanes.
INLINE I16 both(const int16_t *p) {
    int32_t pair;
    memcpy(&pair, p, sizeof pair);
    return (I16)(pair);
}

/// Weights to fetch into the second-level cache while a tile is computed: `lines` of each pair of inputs.
typedef struct {
    const char *start;
    int lines;
} prefetch;

/// c[rows, 16 * vectors] = (a * b) * row scale * column scale + what is there already, or else bias; b has inputs / 2
/// rows of pairs, b_stride pairs apart.
INLINE void tile_s16(const int rows, const int vectors, int inputs, const int16_t *a, int a_stride,
                     const float *a_scale, const int16_t *b, int b_stride, const float *b_scale, const float *bias,
                     int adds, prefetch ahead, float *c, int c_stride) {
    I16 sum[TILE_ROWS][4];
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) sum[i][j] = (I16)(0);
    UNROLL_INPUTS for (int k = 0; k < inputs / 2; k++) {
        I16 w[4];
        for (int line = 0; line < ahead.lines; line++)
            __builtin_prefetch(ahead.start + (size_t)k * PANEL * 4 + line * 64, 0, 2);
        for (int j = 0; j < vectors; j++) w[j] = *(const I16 *)(b + 2 * ((size_t)k * b_stride + 16 * j));
        UNROLL for (int i = 0; i < rows; i++) {
            I16 x = both(a + (size_t)i * a_stride + 2 * k);
            for (int j = 0; j < vectors; j++) sum[i][j] = DOT_S16(sum[i][j], x, w[j]);
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            float *target = c + (size_t)i * c_stride + 16 * j;
            V16 v = __builtin_convertvector(sum[i][j], V16) * a_scale[i] * load(b_scale + 16 * j);
            if (adds) v += load(target);
            else if (bias) v += load(bias + 16 * j);
            store(target, v);
        }
}

INLINE void tile_rows_s16(int rows, const int vectors, int inputs, const int16_t *a, int a_stride,
                          const float *a_scale, const int16_t *b, int b_stride, const float *b_scale,
                          const float *bias, int adds, prefetch ahead, float *c, int c_stride) {
#define CASE(n)                                                                                                       \
    tile_s16(n, vectors, inputs, a, a_stride, a_scale, b, b_stride, b_scale, bias, adds, ahead, c, c_stride);         \
    break;
    switch (rows) {
    case 1: CASE(1)
    case 2: CASE(2)
    case 3: CASE(3)
    case 4: CASE(4)
    case 5: CASE(5)
    default: CASE(6)
    }
#undef CASE
}

/// One panel of output columns; `fetches` where what lies behind it in memory is needed next.
static void panel_s16(int rows, int inputs, const int16_t *a, int a_stride, const float *a_scale, const int16_t *b,
                      const float *b_scale, const float *bias, bk_activation activation, int fetches, float *c,
                      int c_stride) {
    const int block_inputs = BLOCK_BYTES / (2 * PANEL);
    // The tiles of a block fetch the next one among them, so that few rows do not wait for their weights.
    int lines = rows <= TILE_ROWS ? TILE_VECTORS : rows <= 2 * TILE_ROWS ? (TILE_VECTORS + 1) / 2 : 1;
    for (int k = 0; k < inputs; k += block_inputs) {
        int block = smaller_count(inputs - k, block_inputs);
        prefetch ahead = {(const char *)(b + (size_t)(k + block) * PANEL), fetches ? lines : 0};
        const char *end = ahead.start + TILE_VECTORS * 64;
        for (int m = 0; m < rows; m += TILE_ROWS) {
            int tile = smaller_count(rows - m, TILE_ROWS);
            float *out = c + (size_t)m * c_stride;
            tile_rows_s16(tile, TILE_VECTORS, block, a + (size_t)m * a_stride + k, a_stride, a_scale + m,
                          b + (size_t)k * PANEL, PANEL, b_scale, bias, k > 0, ahead, out, c_stride);
            ahead.start += lines * 64;
            if (ahead.start >= end) ahead.lines = 0;
            if (k + block == inputs) activate(activation, tile, out, c_stride);
        }
    }
}

static void linear_s16(const bk_linear_s16 *weights, bk_activation activation, int rows, const int16_t *a,
                       int a_stride, const float *a_scale, float *c, int c_stride) {
    for (int n = 0; n < weights->outputs; n += PANEL)
        panel_s16(rows, weights->inputs, a, a_stride, a_scale, weights->packed + (size_t)n * weights->inputs,
                  weights->scale + n, weights->bias + n, activation, n + PANEL < weights->outputs, c + n, c_stride);
}
