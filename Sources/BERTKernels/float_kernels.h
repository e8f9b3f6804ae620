// The kernels in 32-bit floats. Included after vectors.h, once for each instruction set.

/// Rows of a tile: 6 x TILE_VECTORS accumulators leave registers for the weights and one input.
#define TILE_ROWS 6

/// Bytes of weights that are multiplied for all rows before the next, so that they stay in the first-level cache.
#define BLOCK_BYTES (24 << 10)

/// c[rows, 16 * vectors] = a[rows, inputs] * b + what is there already, or else bias, all in registers; b has `inputs`
/// rows, b_stride apart.
INLINE void tile_f32(const int rows, const int vectors, int inputs, const float *a, int a_stride, const float *b,
                     int b_stride, const float *bias, int adds, float *c, int c_stride) {
    V16 sum[TILE_ROWS][4];
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++)
            sum[i][j] = adds ? load(c + (size_t)i * c_stride + 16 * j) : bias ? load(bias + 16 * j) : (V16)(0.0f);
    UNROLL_INPUTS for (int k = 0; k < inputs; k++) {
        V16 w[4];
        for (int j = 0; j < vectors; j++) w[j] = load(b + (size_t)k * b_stride + 16 * j);
        UNROLL for (int i = 0; i < rows; i++) {
            V16 x = (V16)(a[(size_t)i * a_stride + k]);
            for (int j = 0; j < vectors; j++) sum[i][j] += x * w[j];
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) store(c + (size_t)i * c_stride + 16 * j, sum[i][j]);
}

/// tile_f32 for a row count known only now.
INLINE void tile_rows_f32(int rows, const int vectors, int inputs, const float *a, int a_stride, const float *b,
                          int b_stride, const float *bias, int adds, float *c, int c_stride) {
#define CASE(n)                                                                                                       \
    tile_f32(n, vectors, inputs, a, a_stride, b, b_stride, bias, adds, c, c_stride);                                  \
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

static int smaller_count(int a, int b) { return a < b ? a : b; }

static void panel_f32(int rows, int inputs, const float *a, int a_stride, const float *b, const float *bias,
                      bk_activation activation, float *c, int c_stride) {
    const int block_inputs = BLOCK_BYTES / (4 * PANEL);
    for (int k = 0; k < inputs; k += block_inputs) {
        int block = smaller_count(inputs - k, block_inputs);
        for (int m = 0; m < rows; m += TILE_ROWS) {
            int tile = smaller_count(rows - m, TILE_ROWS);
            float *out = c + (size_t)m * c_stride;
            tile_rows_f32(tile, TILE_VECTORS, block, a + (size_t)m * a_stride + k, a_stride, b + (size_t)k * PANEL,
                          PANEL, bias, k > 0, out, c_stride);
            if (k + block == inputs) activate(activation, tile, out, c_stride);
        }
    }
}

static void linear_f32(const bk_linear_f32 *weights, bk_activation activation, int rows, const float *a, int a_stride,
                       float *c, int c_stride) {
    for (int n = 0; n < weights->outputs; n += PANEL)
        panel_f32(rows, weights->inputs, a, a_stride, weights->packed + (size_t)n * weights->inputs, weights->bias + n,
                  activation, c + n, c_stride);
}

static void layer_norm(int rows, int width, int stride, float *x, const float *y, float *out, const float *gamma,
                       const float *beta, float epsilon) {
    int whole = width / 16 * 16;
    for (int m = 0; m < rows; m++, x += stride, out += stride, y = y ? y + stride : 0) {
        V16 sums = (V16)(0.0f), squares = (V16)(0.0f);
        if (y)
            for (int i = 0; i < stride; i += 16) store(x + i, load(x + i) + load(y + i));
        for (int i = 0; i < whole; i += 16) sums += load(x + i);
        float sum = horizontal_sum(sums), square = 0;
        for (int i = whole; i < width; i++) sum += x[i];
        float mean = sum / (float)width;
        for (int i = 0; i < whole; i += 16) {
            V16 d = load(x + i) - mean;
            squares += d * d;
        }
        for (int i = whole; i < width; i++) square += (x[i] - mean) * (x[i] - mean);
        float inverse = 1.0f / sqrtf((horizontal_sum(squares) + square) / (float)width + epsilon);
        for (int i = 0; i < stride; i += 16)
            store(out + i, (load(x + i) - mean) * inverse * load(gamma + i) + load(beta + i));
    }
}

/// In place: a row is written no further than it and those before it were read.
#define GATE(function)                                                                                                \
    for (int m = 0; m < rows; m++) {                                                                                  \
        const float *in = x + 2 * (size_t)m * width;                                                                  \
        float *out = x + (size_t)m * width;                                                                           \
        for (int j = 0; j < width; j += 16) store(out + j, function(load(in + j)) * load(in + width + j));            \
    }

static void gate(bk_activation activation, int rows, int width, float *x) {
    switch (activation) {
    case BK_IDENTITY: GATE() break;
    case BK_GELU: GATE(gelu) break;
    case BK_GELU_TANH: GATE(gelu_tanh) break;
    case BK_RELU: GATE(positive) break;
    case BK_SILU: GATE(silu) break;
    }
}
#undef GATE

static void rotate(int rows, int heads, int head_width, int half, const float *cosines, const float *sines, float *x,
                   int stride) {
    int whole = half / 16 * 16;
    for (int m = 0; m < rows; m++, x += stride, cosines += half, sines += half)
        for (int h = 0; h < heads; h++) {
            float *left = x + h * head_width, *right = left + half;
            for (int j = 0; j < whole; j += 16) {
                V16 a = load(left + j), b = load(right + j), c = load(cosines + j), s = load(sines + j);
                store(left + j, a * c - b * s);
                store(right + j, b * c + a * s);
            }
            for (int j = whole; j < half; j++) {
                float a = left[j], b = right[j];
                left[j] = a * cosines[j] - b * sines[j];
                right[j] = b * cosines[j] + a * sines[j];
            }
        }
}

static void sum_rows(int rows, int columns, const float *x, int stride, float *out) {
    for (int j = 0; j < columns; j += 16) {
        V16 sum = (V16)(0.0f);
        for (int i = 0; i < rows; i++) sum += load(x + (size_t)i * stride + j);
        store(out + j, sum);
    }
}

static int padded(int count) { return (count + BK_ALIGNMENT - 1) / BK_ALIGNMENT * BK_ALIGNMENT; }

/// The tokens that some of the rows from `first` on attend to; the start is a multiple of 16.
typedef struct {
    int start, end;
} span;

INLINE span attended(const bk_attention_shape *shape, int first, int rows) {
    if (!shape->window) return (span){0, shape->length};
    int start = first - shape->window, end = first + rows + shape->window;
    return (span){start > 0 ? start / 16 * 16 : 0, smaller_count(end, shape->length)};
}

/// Adds what the distances to the tokens of the span are worth, times `factor`, to the scores of one row.
INLINE void add_relative(const bk_attention_shape *shape, int head, int row, span tokens, float factor, float *scores) {
    const float *values = shape->relative + (ptrdiff_t)head * shape->relative_stride - row;
    for (int j = tokens.start; j < tokens.end; j += 16) store(scores + j, load(scores + j) + load(values + j) * factor);
}

/// Makes the scores of a row -infinity where it does not attend to a token of the span, up to a whole vector.
INLINE void mask_row(const bk_attention_shape *shape, int row, span tokens, float *scores) {
    int end = tokens.end, columns = (tokens.end + 15) / 16 * 16;
    if (shape->window) {
        for (int j = tokens.start; j < row - shape->window; j++) scores[j] = -INFINITY;
        end = smaller_count(end, row + shape->window + 1);
    }
    for (int j = end; j < columns; j++) scores[j] = -INFINITY;
}

/// Turns scores into weights that still have to be divided by their sum, which it returns; `scale` is applied to the
/// scores first. Those of -infinity become 0.
INLINE float softmax_row(span tokens, float scale, float *scores) {
    V16 largest = load(scores + tokens.start), sum = (V16)(0.0f);
    for (int j = tokens.start + 16; j < tokens.end; j += 16) largest = larger(largest, load(scores + j));
    float base2 = scale * LOG2_E, top = horizontal_maximum(largest) * base2;
    for (int j = tokens.start; j < tokens.end; j += 16) {
        V16 score = load(scores + j), weight = power_of_two(score * base2 - top);
        // Not the smallest number there is: products with such are slow.
        weight = score == -INFINITY ? (V16)(0.0f) : weight;
        sum += weight;
        store(scores + j, weight);
    }
    return horizontal_sum(sum);
}

/// Keys of one head as packed weights: panels of [head_width][PANEL], zero beyond the sequence.
static void pack_keys_f32(const bk_attention_shape *shape, const float *keys, float *packed) {
    for (int n = 0; n < padded(shape->length); n += PANEL, packed += (size_t)shape->head_width * PANEL)
        for (int j = 0; j < PANEL; j++) {
            const float *key = keys + (size_t)(n + j) * shape->stride;
            for (int d = 0; d < shape->head_width; d++) packed[d * PANEL + j] = n + j < shape->length ? key[d] : 0;
        }
}

static void attention_f32(const bk_attention_shape *shape, const float *projected, float *out, int out_stride,
                          void *scratch) {
    int length = shape->length, width = shape->head_width, columns = padded(length), stride = shape->stride;
    float *scores = scratch, *packed = scores + (size_t)TILE_ROWS * columns;
    for (int h = 0; h < shape->heads; h++) {
        const float *queries = projected + h * width, *values = queries + shape->value_offset;
        pack_keys_f32(shape, queries + shape->key_offset, packed);
        for (int m = 0; m < length; m += TILE_ROWS) {
            int rows = smaller_count(length - m, TILE_ROWS);
            span tokens = attended(shape, m, rows);
            float *target = out + (size_t)m * out_stride + h * width;
            for (int n = tokens.start / PANEL * PANEL; n < tokens.end; n += PANEL)
                panel_f32(rows, width, queries + (size_t)m * stride, stride, packed + (size_t)n * width, 0, BK_IDENTITY,
                          scores + n, columns);
            for (int i = 0; i < rows; i++) {
                float *row = scores + (size_t)i * columns;
                if (shape->relative) add_relative(shape, h, m + i, tokens, 1 / shape->scale, row);
                mask_row(shape, m + i, tokens, row);
                V16 inverse = (V16)(1.0f / softmax_row(tokens, shape->scale, row));
                for (int j = tokens.start; j < tokens.end; j += 16) store(row + j, load(row + j) * inverse);
            }
            int count = tokens.end - tokens.start, j = 0;
            const float *weights = scores + tokens.start, *first = values + (size_t)tokens.start * stride;
            if (TILE_VECTORS > 1)
                for (; j + 32 <= width; j += 32)
                    tile_rows_f32(rows, 2, count, weights, columns, first + j, stride, 0, 0, target + j, out_stride);
            for (; j < width; j += 16)
                tile_rows_f32(rows, 1, count, weights, columns, first + j, stride, 0, 0, target + j, out_stride);
        }
    }
}
