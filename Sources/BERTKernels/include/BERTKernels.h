#pragma once
#include <stddef.h>
#include <stdint.h>

// Dense kernels of a BERT encoder, written once and compiled for several instruction sets.
//
// Matrices are row-major; a "stride" is the distance between rows in elements. A row count may be any number from 1,
// every column count and stride is a multiple of BK_ALIGNMENT, and the pad columns hold zeros. Weights are packed into
// panels of some output columns, see bk_pack_*. No kernel allocates, keeps state or reads past what it is given.

/// What every column count and stride is a multiple of.
#define BK_ALIGNMENT 64

/// Quantized queries, keys and activations of the 16-bit kernels are within -BK_S16_LIMIT ... BK_S16_LIMIT.
#define BK_S16_LIMIT 2047

/// What is applied to a product after its bias.
typedef enum {
    BK_IDENTITY = 0,
    BK_GELU = 1,       // x * Phi(x), by the error function
    BK_GELU_TANH = 2,  // the tanh approximation of it
    BK_RELU = 3,
    BK_SILU = 4,
} bk_activation;

/// Weights as 32-bit floats: panels of [inputs][panel].
typedef struct {
    int inputs, outputs;
    const float *packed;
    const float *bias;
} bk_linear_f32;

/// Weights as 16-bit integers: panels of [inputs / 2][panel][2], a scale for each output.
typedef struct {
    int inputs, outputs;
    const int16_t *packed;
    const float *scale;
    const float *bias;
} bk_linear_s16;

/// Weights as 8-bit integers: panels of [inputs / 4][panel][4], a scale and the sum of the integers for each output.
typedef struct {
    int inputs, outputs;
    const int8_t *packed;
    const float *scale;
    const float *sum;
    const float *bias;
} bk_linear_s8;

/// One sequence of a packed batch, as attention sees it.
typedef struct {
    int length;
    int heads;
    int head_width;   // a multiple of 16; where the model's is not, pad columns are zero
    int stride;       // of `projected`
    int key_offset;   // where in a row of `projected` the keys begin; queries begin at 0
    int value_offset;
    float scale;      // of the scores: 1 / sqrt(the model's own head width)
    int window;       // tokens further apart than this do not attend to each other; 0 where all do
    /// What is added to the scaled scores by distance: that of head 0 for distance 0, with distances from 1 - length to
    /// length + 14 around it. NULL where nothing is.
    const float *relative;
    int relative_stride;  // from one head to the next
} bk_attention_shape;

/// The kernels for one instruction set. A member may be NULL where `has_s16` or `has_s8` is 0.
typedef struct {
    const char *name;
    int has_s16, has_s8;
    /// Output columns in a panel of packed weights.
    int panel;

    /// c[rows, outputs] = activation(a[rows, inputs] * weights + bias)
    void (*linear_f32)(const bk_linear_f32 *weights, bk_activation activation, int rows, const float *a, int a_stride,
                       float *c, int c_stride);
    /// The same from rows quantized by quantize_s16. The caller has seen to it that no sum leaves 32 bits, see
    /// bk_pack_s16.
    void (*linear_s16)(const bk_linear_s16 *weights, bk_activation activation, int rows, const int16_t *a, int a_stride,
                       const float *a_scale, float *c, int c_stride);
    /// The same from rows quantized by quantize_u8.
    void (*linear_s8)(const bk_linear_s8 *weights, bk_activation activation, int rows, const uint8_t *a, int a_stride,
                      const float *a_scale, const float *a_minimum, float *c, int c_stride);

    /// q = round(x / scale) with a scale for each row that makes its largest magnitude BK_S16_LIMIT.
    void (*quantize_s16)(int rows, int columns, const float *x, int x_stride, int16_t *q, int q_stride, float *scale);
    /// q = round((x * channel_scale - minimum) / scale) within 0...255, with a minimum and a scale for each row.
    void (*quantize_u8)(int rows, int columns, const float *x, int x_stride, const float *channel_scale, uint8_t *q,
                        int q_stride, float *scale, float *minimum);

    /// x = x + y; out = normalized(x) * gamma + beta over the first `width` columns; y may be NULL, and out may be x. gamma
    /// and beta are padded with zeros to the stride, and so is out afterwards.
    void (*layer_norm)(int rows, int width, int stride, float *x, const float *y, float *out, const float *gamma,
                       const float *beta, float epsilon);

    /// Rows of 2 * width columns become rows of width columns: activation(left half) * right half.
    void (*gate)(bk_activation activation, int rows, int width, float *x);

    /// Turns the pairs of columns j and j + half of each head, j below half, by the angle whose cosine and sine are those
    /// of the row: rotary positions. Heads begin head_width columns apart; any half is allowed.
    void (*rotate)(int rows, int heads, int head_width, int half, const float *cosines, const float *sines, float *x,
                   int stride);

    /// Scaled dot-product attention within one sequence; `out` has heads * head_width columns. `scratch` holds
    /// bk_attention_scratch(length, head_width) bytes, 64-byte aligned.
    void (*attention_f32)(const bk_attention_shape *shape, const float *projected, float *out, int out_stride,
                          void *scratch);
    void (*attention_s16)(const bk_attention_shape *shape, const float *projected, float *out, int out_stride,
                          void *scratch);

    /// out[j] = sum of x[i, j] over the rows.
    void (*sum_rows)(int rows, int columns, const float *x, int stride, float *out);
} bk_kernels;

/// The fastest kernels that this CPU runs, at most the named level: "portable", "avx2", "avx512" or "avx512vnni".
/// NULL stands for no bound; any other name gives NULL.
const bk_kernels *bk_kernels_for(const char *maximum_level);

/// Bytes of scratch that either attention kernel needs for a sequence.
size_t bk_attention_scratch(int length, int head_width);

// Packing. `w` is [outputs, inputs] with row stride `inputs`, both padded; `panel` is that of the kernels.

void bk_pack_f32(int panel, int inputs, int outputs, const float *w, float *packed);
/// Quantizes each output with the finest scale for which the sum over inputs of |q| * BK_S16_LIMIT stays within 31
/// bits, so that linear_s16 cannot overflow whatever its input.
void bk_pack_s16(int panel, int inputs, int outputs, const float *w, int16_t *packed, float *scale);
/// Quantizes each output with the scale that maps its largest magnitude to 127. `sum` is of the quantized integers.
void bk_pack_s8(int panel, int inputs, int outputs, const float *w, int8_t *packed, float *scale, float *sum);

/// Widening of tensors stored in 16 bits.
void bk_widen_f16(size_t count, const uint16_t *x, float *out);
void bk_widen_bf16(size_t count, const uint16_t *x, float *out);
