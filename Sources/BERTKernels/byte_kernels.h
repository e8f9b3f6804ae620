// The kernels on 8-bit integers. Included after integer_kernels.h by the instruction sets that multiply quadruples of
// them, with
//   DOT_U8(sum, bytes, weights)  sum + the products of 16 quadruples of unsigned and signed bytes, in 16 integers
// defined. No sum can leave 32 bits: 255 * 127 * inputs stays below 2^31 up to 66,000 inputs.

static void quantize_u8(int rows, int columns, const float *x, int x_stride, const float *channel_scale, uint8_t *q,
                        int q_stride, float *scale, float *minimum) {
    for (int m = 0; m < rows; m++, x += x_stride, q += q_stride) {
        V16 high = load(x) * load(channel_scale), low = high;
        for (int i = 16; i < columns; i += 16) {
            V16 v = load(x + i) * load(channel_scale + i);
            high = larger(high, v);
            low = smaller(low, v);
        }
        minimum[m] = -horizontal_maximum(-low);
        scale[m] = scale_for(horizontal_maximum(high) - minimum[m], 255.0f);
        float inverse = 1.0f / scale[m], offset = 0.5f - minimum[m] * inverse;
        for (int i = 0; i < columns; i += 16) {
            V16 v = load(x + i) * load(channel_scale + i) * inverse + offset;  // truncated below
            *(B16 *)(q + i) = __builtin_convertvector(__builtin_convertvector(v, I16), B16);
        }
    }
}

/// Four neighbouring inputs in all lanes.
INLINE I16 all_four(const uint8_t *p) {
    int32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    return (I16)(bytes);
}

/// c[rows, PANEL] = (a * b * row scale + row minimum * column sum) * column scale + bias.
INLINE void tile_s8(const int rows, const bk_linear_s8 *weights, int n, const uint8_t *a, int a_stride,
                    const float *a_scale, const float *a_minimum, float *c, int c_stride) {
    const int8_t *b = weights->packed + (size_t)n * weights->inputs;
    I16 sum[TILE_ROWS][4];
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < 4; j++) sum[i][j] = (I16)(0);
    UNROLL_INPUTS for (int k = 0; k < weights->inputs / 4; k++) {
        I16 w[4];
        for (int j = 0; j < 4; j++) w[j] = *(const I16 *)(b + 4 * ((size_t)k * PANEL + 16 * j));
        UNROLL for (int i = 0; i < rows; i++) {
            I16 x = all_four(a + (size_t)i * a_stride + 4 * k);
            for (int j = 0; j < 4; j++) sum[i][j] = DOT_U8(sum[i][j], x, w[j]);
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        for (int j = 0; j < 4; j++) {
            V16 shift = load(weights->sum + n + 16 * j) * a_minimum[i];
            V16 v = __builtin_convertvector(sum[i][j], V16) * a_scale[i] + shift;
            store(c + (size_t)i * c_stride + 16 * j,
                  v * load(weights->scale + n + 16 * j) + load(weights->bias + n + 16 * j));
        }
}

static void linear_s8(const bk_linear_s8 *weights, bk_activation activation, int rows, const uint8_t *a, int a_stride,
                      const float *a_scale, const float *a_minimum, float *c, int c_stride) {
#define CASE(count)                                                                                                   \
    tile_s8(count, weights, n, in, a_stride, a_scale + m, a_minimum + m, out, c_stride);                              \
    break;
    for (int n = 0; n < weights->outputs; n += PANEL)
        for (int m = 0; m < rows; m += TILE_ROWS) {
            int tile = smaller_count(rows - m, TILE_ROWS);
            const uint8_t *in = a + (size_t)m * a_stride;
            float *out = c + (size_t)m * c_stride + n;
            switch (tile) {
            case 1: CASE(1)
            case 2: CASE(2)
            case 3: CASE(3)
            case 4: CASE(4)
            case 5: CASE(5)
            default: CASE(6)
            }
            activate(activation, tile, out, c_stride);
        }
#undef CASE
}
