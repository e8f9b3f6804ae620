// The kernels in 32-bit floats. Included after vectors.h, once for each instruction set, with TILE_VECTORS defined: the
// width of a matrix tile in vectors of 16 floats, 4 where there are 32 registers of 512 bits, else 1.

/// Rows of a tile: 6 x TILE_VECTORS accumulators leave registers for the weights and one input.
#define TILE_ROWS 6

/// c[rows, 16 * vectors] = a[rows, inputs] * b + bias, all in registers; b has `inputs` rows, b_stride apart.
INLINE void tile_f32(const int rows, const int vectors, int inputs, const float *a, int a_stride, const float *b,
                     int b_stride, const float *bias, float *c, int c_stride) {
    V16 sum[TILE_ROWS][4];
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) sum[i][j] = bias ? load(bias + 16 * j) : (V16)(0.0f);
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
                          int b_stride, const float *bias, float *c, int c_stride) {
    switch (rows) {
    case 1: tile_f32(1, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    case 2: tile_f32(2, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    case 3: tile_f32(3, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    case 4: tile_f32(4, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    case 5: tile_f32(5, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    default: tile_f32(6, vectors, inputs, a, a_stride, b, b_stride, bias, c, c_stride); break;
    }
}

static int smaller_count(int a, int b) { return a < b ? a : b; }

/// One panel of 64 output columns.
static void panel_f32(int rows, int inputs, const float *a, int a_stride, const float *b, const float *bias,
                      bk_activation activation, float *c, int c_stride) {
    for (int m = 0; m < rows; m += TILE_ROWS) {
        int tile = smaller_count(rows - m, TILE_ROWS);
        float *out = c + (size_t)m * c_stride;
        for (int j = 0; j < BK_PANEL; j += 16 * TILE_VECTORS)
            tile_rows_f32(tile, TILE_VECTORS, inputs, a + (size_t)m * a_stride, a_stride, b + j, BK_PANEL,
                          bias ? bias + j : 0, out + j, c_stride);
        activate(activation, tile, out, c_stride);
    }
}

static void linear_f32(const bk_linear_f32 *weights, bk_activation activation, int rows, const float *a, int a_stride,
                       float *c, int c_stride) {
    for (int n = 0; n < weights->outputs; n += BK_PANEL)
        panel_f32(rows, weights->inputs, a, a_stride, weights->packed + (size_t)n * weights->inputs, weights->bias + n,
                  activation, c + n, c_stride);
}


static void layer_norm(int rows, int width, int stride, float *x, const float *y, const float *gamma,
                       const float *beta, float epsilon) {
    int whole = width / 16 * 16;
    for (int m = 0; m < rows; m++, x += stride, y = y ? y + stride : 0) {
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
            store(x + i, (load(x + i) - mean) * inverse * load(gamma + i) + load(beta + i));
    }
}

static void sum_rows(int rows, int columns, const float *x, int stride, float *out) {
    for (int j = 0; j < columns; j += 16) {
        V16 sum = (V16)(0.0f);
        for (int i = 0; i < rows; i++) sum += load(x + (size_t)i * stride + j);
        store(out + j, sum);
    }
}

static int padded(int count) { return (count + BK_PANEL - 1) / BK_PANEL * BK_PANEL; }

/// Turns scores into weights that still have to be divided by their sum, which it returns; `scale` is applied to the
/// scores first. Columns from `length` on become 0.
INLINE float softmax_row(int length, float scale, float *scores) {
    int columns = (length + 15) / 16 * 16;
    for (int j = length; j < columns; j++) scores[j] = -INFINITY;
    V16 largest = load(scores), sum = (V16)(0.0f);
    for (int j = 16; j < columns; j += 16) largest = larger(largest, load(scores + j));
    float base2 = scale * LOG2_E, top = horizontal_maximum(largest) * base2;
    for (int j = 0; j < columns; j += 16) store(scores + j, power_of_two(load(scores + j) * base2 - top));
    for (int j = length; j < columns; j++) scores[j] = 0;
    for (int j = 0; j < columns; j += 16) sum += load(scores + j);
    return horizontal_sum(sum);
}

/// Keys of one head as packed weights: panels of [head_width][BK_PANEL], zero beyond the sequence.
static void pack_keys_f32(const bk_attention_shape *shape, const float *keys, float *packed) {
    for (int n = 0; n < shape->length; n += BK_PANEL, packed += (size_t)shape->head_width * BK_PANEL)
        for (int j = 0; j < BK_PANEL; j++) {
            const float *key = keys + (size_t)(n + j) * shape->stride;
            for (int d = 0; d < shape->head_width; d++) packed[d * BK_PANEL + j] = n + j < shape->length ? key[d] : 0;
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
            float *target = out + (size_t)m * out_stride + h * width;
            for (int n = 0; n < columns; n += BK_PANEL)
                panel_f32(rows, width, queries + (size_t)m * stride, stride, packed + (size_t)n * width, 0, BK_IDENTITY,
                          scores + n, columns);
            for (int i = 0; i < rows; i++) {
                float *row = scores + (size_t)i * columns;
                V16 inverse = (V16)(1.0f / softmax_row(length, shape->scale, row));
                for (int j = 0; j < length; j += 16) store(row + j, load(row + j) * inverse);
            }
            int j = 0;
            if (TILE_VECTORS > 1)
                for (; j + 32 <= width; j += 32)
                    tile_rows_f32(rows, 2, length, scores, columns, values + j, stride, 0, target + j, out_stride);
            for (; j < width; j += 16)
                tile_rows_f32(rows, 1, length, scores, columns, values + j, stride, 0, target + j, out_stride);
        }
    }
}
