// Sixteen-lane vectors of the compiler, which splits them into what the target has, and the functions on them.
//
// Included once in the file of each instruction set, inside its target attribute, with
//   TILE_VECTORS   the width of a matrix tile in vectors: 4 where there are 32 registers of 512 bits, else 1
//   UNROLL_INPUTS  a pragma that unrolls the loop over a tile's inputs as often as measured best
// defined.

#include <math.h>
#include <string.h>

#include "BERTKernels.h"

#define INLINE static inline __attribute__((always_inline))
/// Output columns of a tile, and of a panel of packed weights.
#define PANEL (16 * TILE_VECTORS)

#define UNROLL _Pragma("clang loop unroll(full)")

typedef float V16 __attribute__((ext_vector_type(16), aligned(4), __may_alias__));
typedef int32_t I16 __attribute__((ext_vector_type(16), aligned(4), __may_alias__));
typedef int16_t H16 __attribute__((ext_vector_type(16), aligned(2), __may_alias__));
typedef uint8_t B16 __attribute__((ext_vector_type(16), aligned(1), __may_alias__));

INLINE V16 load(const float *p) { return *(const V16 *)p; }
INLINE void store(float *p, V16 v) { *(V16 *)p = v; }
INLINE V16 larger(V16 a, V16 b) { return a > b ? a : b; }
INLINE V16 smaller(V16 a, V16 b) { return a < b ? a : b; }
INLINE V16 magnitude(V16 a) { return __builtin_elementwise_abs(a); }

/// Nearest integers, for magnitudes below 2^22: adding 1.5 * 2^23 leaves no bits for a fraction.
INLINE V16 nearest(V16 x) { return (x + 12582912.0f) - 12582912.0f; }

INLINE float horizontal_sum(V16 v) {
    float __attribute__((ext_vector_type(8))) a = v.lo + v.hi;
    float __attribute__((ext_vector_type(4))) b = a.lo + a.hi;
    return (b.x + b.z) + (b.y + b.w);
}

INLINE float horizontal_maximum(V16 v) {
    float __attribute__((ext_vector_type(8))) a = v.lo > v.hi ? v.lo : v.hi;
    float __attribute__((ext_vector_type(4))) b = a.lo > a.hi ? a.lo : a.hi;
    float c = b.x > b.z ? b.x : b.z, d = b.y > b.w ? b.y : b.w;
    return c > d ? c : d;
}

/// 2^x for x <= 126, within 2 units in the last place; below -126 the smallest normal number.
INLINE V16 power_of_two(V16 x) {
    x = larger(x, (V16)(-126.0f));
    V16 whole = nearest(x), r = x - whole;  // |r| <= 1/2
    V16 p = r * 1.5403530e-4f + 1.3333558e-3f;  // Taylor's series of e^(r ln 2)
    p = p * r + 9.6181291e-3f;
    p = p * r + 5.5504109e-2f;
    p = p * r + 2.4022651e-1f;
    p = p * r + 6.9314718e-1f;
    p = p * r + 1.0f;
    I16 exponent = (__builtin_convertvector(whole, I16) + 127) << 23;
    return p * (V16)exponent;
}

#define LOG2_E 1.44269504f

/// x * Phi(x). erf(x / sqrt 2) / x is a polynomial of degree 12 in t = 2 (x / 5.2)^2 - 1, fitted for the smallest
/// largest error of the result by iterated reweighted least squares: 1.2e-6 over all x.
INLINE V16 gelu(V16 x) {
    V16 c = smaller(larger(x, (V16)(-5.2f)), (V16)(5.2f));
    V16 t = c * c * (2.0f / (5.2f * 5.2f)) - 1.0f;
    V16 p = t * 0.00171753387f - 0.00500742311f;
    p = p * t + 0.00570721601f;
    p = p * t - 0.00701145773f;
    p = p * t + 0.0151156723f;
    p = p * t - 0.0262066615f;
    p = p * t + 0.0367743216f;
    p = p * t - 0.0491868217f;
    p = p * t + 0.0638145278f;
    p = p * t - 0.0798825991f;
    p = p * t + 0.100060335f;
    p = p * t - 0.135486805f;
    p = p * t + 0.271899865f;
    V16 half = x * 0.5f;
    return half * (p * c) + half;
}

/// x / (1 + e^-x); the exponent is bounded so that the quotient stays finite.
INLINE V16 silu(V16 x) { return x / (power_of_two(smaller(x * -LOG2_E, (V16)(126.0f))) + 1.0f); }

/// x / (1 + e^-2u) with u = sqrt(2 / pi) (x + 0.044715 x^3), which equals x (1 + tanh u) / 2.
INLINE V16 gelu_tanh(V16 x) {
    V16 u = x * (x * x * 0.044715f + 1.0f) * (-2.0f * 0.79788456f * LOG2_E);
    return x / (power_of_two(smaller(u, (V16)(126.0f))) + 1.0f);
}

#define APPLY(function)                                                                                               \
    for (int i = 0; i < rows; i++)                                                                                    \
        for (int j = 0; j < PANEL; j += 16) {                                                                      \
            float *p = c + (size_t)i * stride + j;                                                                    \
            store(p, function(load(p)));                                                                              \
        }

INLINE V16 positive(V16 x) { return larger(x, (V16)(0.0f)); }

/// Applies the activation to a tile that was just written and is still in the nearest cache.
static __attribute__((noinline)) void activate(bk_activation activation, int rows, float *c, int stride) {
    switch (activation) {
    case BK_IDENTITY: break;
    case BK_GELU: APPLY(gelu) break;
    case BK_GELU_TANH: APPLY(gelu_tanh) break;
    case BK_RELU: APPLY(positive) break;
    case BK_SILU: APPLY(silu) break;
    }
}
#undef APPLY
