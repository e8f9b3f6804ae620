// Weights into the layouts that the kernels read, and 16-bit floats into 32 bits.
#include <math.h>
#include <string.h>

#include "BERTKernels.h"

void bk_pack_f32(int panel, int inputs, int outputs, const float *w, float *packed) {
    for (int n = 0; n < outputs; n += panel)
        for (int k = 0; k < inputs; k++)
            for (int j = 0; j < panel; j++) *packed++ = w[(size_t)(n + j) * inputs + k];
}

static float largest_magnitude(int count, const float *w) {
    float largest = 0;
    for (int k = 0; k < count; k++) {
        float a = fabsf(w[k]);
        if (a > largest) largest = a;
    }
    return largest;
}

/// 1 for what cannot be a scale: a zero row, or one that is not finite.
static float usable(float scale) { return scale > 1e-30f && scale < 1e30f ? scale : 1.0f; }

/// Nearest integer within -limit ... limit, and limit for what is not a number. Adding 1.5 * 2^23 leaves no bits for a
/// fraction; calling lrintf for each weight would take a third of the time that loading takes.
static inline int rounded(float x, float limit) {
    x = x < limit ? x : limit;
    x = x > -limit ? x : -limit;
    return (int)((x + 12582912.0f) - 12582912.0f);
}

void bk_pack_s16(int panel, int inputs, int outputs, const float *w, int16_t *packed, float *scale) {
    for (int n = 0; n < outputs; n++) {
        const float *row = w + (size_t)n * inputs;
        float total = 0;
        for (int k = 0; k < inputs; k++) total += fabsf(row[k]);
        // Each rounding adds at most 1/2 to the sum of magnitudes.
        float room = 2147483647.0f / BK_S16_LIMIT - 0.5f * (float)inputs - 64.0f;
        float by_sum = total / room, by_largest = largest_magnitude(inputs, row) / 32767.0f;
        float s = usable(by_sum > by_largest ? by_sum : by_largest), inverse = 1.0f / s;
        scale[n] = s;
        int16_t *out = packed + (size_t)(n / panel) * panel * inputs + (n % panel) * 2;
        for (int k = 0; k < inputs; k += 2, out += panel * 2) {
            out[0] = (int16_t)rounded(row[k] * inverse, 32767.0f);
            out[1] = (int16_t)rounded(row[k + 1] * inverse, 32767.0f);
        }
    }
}

void bk_pack_s8(int panel, int inputs, int outputs, const float *w, int8_t *packed, float *scale, float *sum) {
    for (int n = 0; n < outputs; n++) {
        const float *row = w + (size_t)n * inputs;
        float s = usable(largest_magnitude(inputs, row) / 127.0f), inverse = 1.0f / s;
        int8_t *out = packed + (size_t)(n / panel) * panel * inputs + (n % panel) * 4;
        int total = 0;
        for (int k = 0; k < inputs; k++) {
            int q = rounded(row[k] * inverse, 127.0f);
            total += q;
            out[(size_t)(k / 4) * panel * 4 + k % 4] = (int8_t)q;
        }
        scale[n] = s;
        sum[n] = (float)total;
    }
}

void bk_widen_f16(size_t count, const uint16_t *x, float *out) {
    for (size_t i = 0; i < count; i++) {
        // Exponent and fraction moved into place are the number times 2^-112, subnormal numbers too.
        uint32_t magnitude = x[i] & 0x7fff, bits = magnitude << 13;
        float value;
        memcpy(&value, &bits, sizeof value);
        value *= 0x1p112f;
        memcpy(&bits, &value, sizeof bits);
        if (magnitude >= 0x7c00) bits |= 0x7f800000;  // infinity, not a number
        bits |= (uint32_t)(x[i] & 0x8000) << 16;
        memcpy(out + i, &bits, sizeof bits);
    }
}

void bk_widen_bf16(size_t count, const uint16_t *x, float *out) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)x[i] << 16;
        memcpy(out + i, &bits, sizeof bits);
    }
}
