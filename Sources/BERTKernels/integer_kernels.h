// The kernels on 16-bit integers. Included after float_kernels.h by the instruction sets that multiply pairs of them, with
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

/// c[rows, 16 * vectors] = (a * b) * row scale * column scale + what is there already, or else bias; b has inputs / 2 rows
/// of pairs, b_stride pairs apart.
INLINE void tile_s16(const int rows, const int vectors, int inputs, const int16_t *a, int a_stride,
                     const float *a_scale, const int16_t *b, int b_stride, const float *b_scale, const float *bias,
                     int adds, prefetch ahead, float *c, int c_stride) {
    I16 sum[TILE_ROWS][4];
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) sum[i][j] = (I16)(0);
    UNROLL_INPUTS for (int k = 0; k < inputs / 2; k++) {
        I16 w[4];
        for (int line = 0; line < ahead.lines; line++)
            __builtin_prefetch(ahead.start + (size_t)k * BK_PANEL * 4 + line * 64, 0, 2);
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

/// Inputs of a panel that are multiplied for all rows before the next: 24 kB of weights, which stay in the first-level cache.
#define BLOCK_INPUTS 192

/// One panel of 64 output columns; `fetches` where what lies behind it in memory is needed next.
static void panel_s16(int rows, int inputs, const int16_t *a, int a_stride, const float *a_scale, const int16_t *b,
                      const float *b_scale, const float *bias, bk_activation activation, int fetches, float *c,
                      int c_stride) {
    for (int k = 0; k < inputs; k += BLOCK_INPUTS) {
        int block = smaller_count(inputs - k, BLOCK_INPUTS);
        // The passes over this block fetch the next one, so that few rows do not wait for their weights.
        int passes = (rows + TILE_ROWS - 1) / TILE_ROWS * (4 / TILE_VECTORS), lines = passes == 1 ? 4 : passes == 2 ? 2 : 1;
        prefetch ahead = {(const char *)(b + (size_t)(k + block) * BK_PANEL), fetches ? lines : 0};
        const char *end = ahead.start + 4 * 64;
        for (int m = 0; m < rows; m += TILE_ROWS) {
            int tile = smaller_count(rows - m, TILE_ROWS);
            float *out = c + (size_t)m * c_stride;
            for (int j = 0; j < BK_PANEL; j += 16 * TILE_VECTORS) {
                tile_rows_s16(tile, TILE_VECTORS, block, a + (size_t)m * a_stride + k, a_stride, a_scale + m,
                              b + (size_t)k * BK_PANEL + 2 * j, BK_PANEL, b_scale + j, bias ? bias + j : 0, k > 0, ahead,
                              out + j, c_stride);
                ahead.start += lines * 64;
                if (ahead.start >= end) ahead.lines = 0;
            }
            if (k + block == inputs) activate(activation, tile, out, c_stride);
        }
    }
}

static void linear_s16(const bk_linear_s16 *weights, bk_activation activation, int rows, const int16_t *a,
                       int a_stride, const float *a_scale, float *c, int c_stride) {
    for (int n = 0; n < weights->outputs; n += BK_PANEL)
        panel_s16(rows, weights->inputs, a, a_stride, a_scale, weights->packed + (size_t)n * weights->inputs,
                  weights->scale + n, weights->bias + n, activation, n + BK_PANEL < weights->outputs, c + n, c_stride);
}

// Attention. Scores are sums over head_width products of at most BK_S16_LIMIT^2 = 2^22, far from 2^31. What the weights of
// a row may add up to, so that their products with values of at most BK_S16_LIMIT cannot leave 31 bits either:

#define WEIGHT_SUM_LIMIT (2147483647.0f / BK_S16_LIMIT - 1024.0f)

/// Where the parts of one head's attention are kept in scratch.
typedef struct {
    float *scores;         // [TILE_ROWS][columns]
    float *query_scale;    // [columns]
    float *key_scale;      // [columns]
    float *value_scale;    // [head_width]
    int16_t *queries;      // [columns][head_width]
    int16_t *keys;         // panels of [head_width / 2][BK_PANEL][2]
    int16_t *values;       // [columns / 2][head_width][2]
    int16_t *weights;      // [TILE_ROWS][columns]
} attention_parts;

static attention_parts parts_in(void *scratch, int columns, int width) {
    attention_parts p;
    p.scores = scratch;
    p.query_scale = p.scores + (size_t)TILE_ROWS * columns;
    p.key_scale = p.query_scale + columns;
    p.value_scale = p.key_scale + columns;
    p.queries = (int16_t *)(p.value_scale + padded(width));
    p.keys = p.queries + (size_t)columns * width;
    p.values = p.keys + (size_t)columns * width;
    p.weights = p.values + (size_t)columns * width;
    return p;
}

/// Quantizes the keys of one head, each with its own scale, and packs them as weights.
static void pack_keys_s16(const bk_attention_shape *shape, const float *keys, int16_t *rows, int16_t *packed,
                          float *scale) {
    int width = shape->head_width, columns = padded(shape->length);
    quantize_s16(shape->length, width, keys, shape->stride, rows, width, scale);
    memset(rows + (size_t)shape->length * width, 0, sizeof *rows * (size_t)(columns - shape->length) * width);
    for (int j = shape->length; j < columns; j++) scale[j] = 0;
    // Each pair of 16-bit integers moves as one of 32 bits.
    for (int n = 0; n < columns; n += BK_PANEL, packed += (size_t)width * BK_PANEL)
        for (int j = 0; j < BK_PANEL; j++)
            for (int d = 0; d < width; d += 2)
                memcpy(packed + (size_t)d * BK_PANEL + 2 * j, rows + (size_t)(n + j) * width + d, 4);
}

/// Quantizes the values of one head, each column with its own scale, and interleaves neighbouring rows.
static void pack_values_s16(const bk_attention_shape *shape, const float *values, int16_t *packed, float *scale) {
    int width = shape->head_width, length = shape->length;
    for (int d = 0; d < width; d += 16) {
        V16 largest = (V16)(0.0f);
        for (int l = 0; l < length; l++) largest = larger(largest, magnitude(load(values + (size_t)l * shape->stride + d)));
        for (int j = 0; j < 16; j++) scale[d + j] = scale_for(largest[j], BK_S16_LIMIT);
        V16 inverse = 1.0f / load(scale + d);
        for (int l = 0; l < length; l += 2) {
            const float *row = values + (size_t)l * shape->stride + d;
            I16 even = __builtin_convertvector(nearest(load(row) * inverse), I16);
            I16 odd = l + 1 < length ? __builtin_convertvector(nearest(load(row + shape->stride) * inverse), I16)
                                     : (I16)(0);
            *(I16 *)(packed + (size_t)l * width + 2 * d) = (even & 0xffff) | (odd << 16);
        }
    }
}

/// Softmax of a row of scores, in units of the logarithm to base 2, into 16-bit integers as large as their sum allows; gives
/// what their dot product with values is to be multiplied by. Columns from `length` to the next multiple of 16 become 0.
INLINE float quantized_softmax_row(int length, float *scores, int16_t *weights) {
    int columns = (length + 15) / 16 * 16;
    for (int j = length; j < columns; j++) scores[j] = -INFINITY;
    V16 largest = load(scores), sum = (V16)(0.0f), rounded_sum = (V16)(0.0f);
    for (int j = 16; j < columns; j += 16) largest = larger(largest, load(scores + j));
    float top = horizontal_maximum(largest);
    for (int j = 0; j < columns; j += 16) {
        V16 weight = power_of_two(load(scores + j) - top);  // 1 for the largest
        sum += weight;
        store(scores + j, weight);
    }
    float room = WEIGHT_SUM_LIMIT / horizontal_sum(sum), factor = room < 32767.0f ? room : 32767.0f;
    for (int j = 0; j < columns; j += 16) {
        V16 rounded = nearest(load(scores + j) * factor);
        rounded_sum += rounded;
        *(H16 *)(weights + j) = __builtin_convertvector(__builtin_convertvector(rounded, I16), H16);
    }
    return 1.0f / horizontal_sum(rounded_sum);
}

static void attention_s16(const bk_attention_shape *shape, const float *projected, float *out, int out_stride,
                          void *scratch) {
    int length = shape->length, width = shape->head_width, columns = padded(length), even = (length + 1) / 2 * 2;
    attention_parts p = parts_in(scratch, columns, width);
    for (int h = 0; h < shape->heads; h++) {
        const float *queries = projected + h * width;
        pack_keys_s16(shape, queries + shape->key_offset, p.queries, p.keys, p.key_scale);
        pack_values_s16(shape, queries + shape->value_offset, p.values, p.value_scale);
        quantize_s16(length, width, queries, shape->stride, p.queries, width, p.query_scale);
        for (int i = 0; i < length; i++) p.query_scale[i] *= shape->scale * LOG2_E;
        for (int m = 0; m < length; m += TILE_ROWS) {
            int rows = smaller_count(length - m, TILE_ROWS);
            float *target = out + (size_t)m * out_stride + h * width, factor[TILE_ROWS];
            for (int n = 0; n < columns; n += BK_PANEL)
                panel_s16(rows, width, p.queries + (size_t)m * width, width, p.query_scale + m,
                          p.keys + (size_t)n * width, p.key_scale + n, 0, BK_IDENTITY, 0, p.scores + n, columns);
            for (int i = 0; i < rows; i++)
                factor[i] = quantized_softmax_row(length, p.scores + (size_t)i * columns, p.weights + (size_t)i * columns);
            int j = 0;
            if (TILE_VECTORS > 1)
                for (; j + 32 <= width; j += 32)
                    tile_rows_s16(rows, 2, even, p.weights, columns, factor, p.values + 2 * j, width, p.value_scale + j,
                                  0, 0, (prefetch){0, 0}, target + j, out_stride);
            for (; j < width; j += 16)
                tile_rows_s16(rows, 1, even, p.weights, columns, factor, p.values + 2 * j, width, p.value_scale + j, 0, 0, (prefetch){0, 0},
                              target + j, out_stride);
        }
    }
}
