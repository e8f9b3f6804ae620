// Attention on 16-bit integers. Included after integer_kernels.h.
//
// Scores are sums over head_width products of at most BK_S16_LIMIT^2 = 2^22, far from 2^31. What the weights
// of a row may add up to, so that their products with values of at most BK_S16_LIMIT cannot leave 31 bits either:

#define WEIGHT_SUM_LIMIT (2147483647.0f / BK_S16_LIMIT - 1024.0f)

/// Where the parts of one head's attention are kept in scratch.
typedef struct {
    float *scores;         // [TILE_ROWS][columns]
    float *query_scale;    // [columns]
    float *key_scale;      // [columns]
    float *value_scale;    // [head_width]
    int16_t *queries;      // [columns][head_width]
    int16_t *keys;         // panels of [head_width / 2][PANEL][2]
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
    for (int n = 0; n < columns; n += PANEL, packed += (size_t)width * PANEL)
        for (int j = 0; j < PANEL; j++)
            for (int d = 0; d < width; d += 2)
                memcpy(packed + (size_t)d * PANEL + 2 * j, rows + (size_t)(n + j) * width + d, 4);
}

/// Quantizes the values of one head, each column with its own scale, and interleaves neighbouring rows.
static void pack_values_s16(const bk_attention_shape *shape, const float *values, int16_t *packed, float *scale) {
    int width = shape->head_width, length = shape->length;
    for (int d = 0; d < width; d += 16) {
        V16 largest = (V16)(0.0f);
        for (int l = 0; l < length; l++)
            largest = larger(largest, magnitude(load(values + (size_t)l * shape->stride + d)));
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

/// Softmax of a row of scores, in units of the logarithm to base 2, into 16-bit integers as large as their sum allows;
/// gives what their dot product with values is to be multiplied by. What is -infinity becomes 0.
INLINE float quantized_softmax_row(span tokens, float *scores, int16_t *weights) {
    V16 largest = load(scores + tokens.start), sum = (V16)(0.0f), rounded_sum = (V16)(0.0f);
    for (int j = tokens.start + 16; j < tokens.end; j += 16) largest = larger(largest, load(scores + j));
    float top = horizontal_maximum(largest);
    for (int j = tokens.start; j < tokens.end; j += 16) {
        V16 weight = power_of_two(load(scores + j) - top);  // 1 for the largest
        sum += weight;
        store(scores + j, weight);
    }
    float room = WEIGHT_SUM_LIMIT / horizontal_sum(sum), factor = room < 32767.0f ? room : 32767.0f;
    for (int j = tokens.start; j < tokens.end; j += 16) {
        V16 rounded = nearest(load(scores + j) * factor);
        rounded_sum += rounded;
        *(H16 *)(weights + j) = __builtin_convertvector(__builtin_convertvector(rounded, I16), H16);
    }
    return 1.0f / horizontal_sum(rounded_sum);
}

static void attention_s16(const bk_attention_shape *shape, const float *projected, float *out, int out_stride,
                          void *scratch) {
    int length = shape->length, width = shape->head_width, columns = padded(length);
    attention_parts p = parts_in(scratch, columns, width);
    for (int h = 0; h < shape->heads; h++) {
        const float *queries = projected + h * width;
        pack_keys_s16(shape, queries + shape->key_offset, p.queries, p.keys, p.key_scale);
        pack_values_s16(shape, queries + shape->value_offset, p.values, p.value_scale);
        quantize_s16(length, width, queries, shape->stride, p.queries, width, p.query_scale);
        for (int i = 0; i < length; i++) p.query_scale[i] *= shape->scale * LOG2_E;
        for (int m = 0; m < length; m += TILE_ROWS) {
            int rows = smaller_count(length - m, TILE_ROWS);
            span tokens = attended(shape, m, rows);
            float *target = out + (size_t)m * out_stride + h * width, factor[TILE_ROWS];
            for (int n = tokens.start / PANEL * PANEL; n < tokens.end; n += PANEL)
                panel_s16(rows, width, p.queries + (size_t)m * width, width, p.query_scale + m,
                          p.keys + (size_t)n * width, p.key_scale + n, 0, BK_IDENTITY, 0, p.scores + n, columns);
            for (int i = 0; i < rows; i++) {
                size_t row = (size_t)i * columns;
                if (shape->relative) add_relative(shape, h, m + i, tokens, LOG2_E, p.scores + row);
                mask_row(shape, m + i, tokens, p.scores + row);
                factor[i] = quantized_softmax_row(tokens, p.scores + row, p.weights + row);
            }
            const prefetch none = {0, 0};
            int even = (tokens.end - tokens.start + 1) / 2 * 2, j = 0;
            const int16_t *weights = p.weights + tokens.start, *values = p.values + (size_t)tokens.start * width;
            if (TILE_VECTORS > 1)
                for (; j + 32 <= width; j += 32)
                    tile_rows_s16(rows, 2, even, weights, columns, factor, values + 2 * j, width,
                                  p.value_scale + j, 0, 0, none, target + j, out_stride);
            for (; j < width; j += 16)
                tile_rows_s16(rows, 1, even, weights, columns, factor, values + 2 * j, width, p.value_scale + j, 0,
                              0, none, target + j, out_stride);
        }
    }
}
