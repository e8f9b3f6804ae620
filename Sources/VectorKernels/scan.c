#include "levels.h"

#if VK_X86
#include <immintrin.h>
#endif

// Whether `left` is better than `right`. Ids are unique, so no two hits are equal.
VK_INLINE bool precedes(vk_hit left, vk_hit right) {
    return left.score > right.score || (left.score == right.score && left.id < right.id);
}

VK_INLINE vk_hit median(vk_hit a, vk_hit b, vk_hit c) {
    if (precedes(b, a)) {
        const vk_hit swap = a;
        a = b;
        b = swap;
    }
    return precedes(c, a) ? a : precedes(c, b) ? c : b;
}

/// Quickselect (Hoare 1961): afterwards the `wanted` best hits come first, in any order.
static void select_best(vk_hit *hits, size_t count, size_t wanted) {
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1;
    const ptrdiff_t last = (ptrdiff_t)wanted - 1;
    while (low < high) {
        const vk_hit pivot = median(hits[low], hits[low + (high - low) / 2], hits[high]);
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (precedes(hits[i], pivot)) i++;
            while (precedes(pivot, hits[j])) j--;
            if (i <= j) {
                const vk_hit swap = hits[i];
                hits[i++] = hits[j];
                hits[j--] = swap;
            }
        }
        if (last <= j) high = j;
        else if (last >= i) low = i;
        else return;
    }
}

void vk_thin(vk_best *best) {
    if (best->count <= best->wanted) return;
    select_best(best->hits, best->count, best->wanted);
    best->count = best->wanted;
    float lowest = best->hits[0].score;
    for (size_t i = 1; i < best->count; i++) {
        if (best->hits[i].score < lowest) lowest = best->hits[i].score;
    }
    best->threshold = lowest;
}

/// Rows that are scored together, so that each part of the query is loaded once for all of them.
enum { group = 4 };

/// Bytes to fetch ahead. A million rows of 384 dimensions, per row, on a Xeon of the Sapphire Rapids kind: 20 ns without,
/// 15 ns with, which is what reading the memory alone takes.
enum { prefetch_distance = 4096 };

/// For each row of a group, the sum over all dimensions of its upper four bits, 0...15, times the query's code.
typedef void dot_function(const uint8_t *const rows[group], const int8_t *query, size_t width, int32_t sums[group]);

VK_INLINE void dot_portable(
    const uint8_t *const rows[group], const int8_t *query, size_t width, int32_t sums[group]) {
    for (int row = 0; row < group; row++) {
        int32_t sum = 0;
        for (size_t i = 0; i < width; i++) {
            // At most 2 * 15 * 127 = 3810: said in 16 bits, twice as many fit into a register.
            const int16_t low = (int16_t)((rows[row][i] & 15) * query[i]);
            const int16_t high = (int16_t)((rows[row][i] >> 4) * query[i + width]);
            sum += (int16_t)(low + high);
        }
        sums[row] = sum;
    }
}

#if VK_X86
VK_TARGET_AVX2 VK_INLINE void dot_avx2(
    const uint8_t *const rows[group], const int8_t *query, size_t width, int32_t sums[group]) {
    const __m256i mask = _mm256_set1_epi8(15), ones = _mm256_set1_epi16(1);
    __m256i sum[group] = {};
    for (size_t i = 0; i < width;) {
        // A product pair is at most 2 * 15 * 127 = 3810, so eight of them fit into 16 bits.
        const size_t end = width - i < 128 ? width : i + 128;
        __m256i pairs[group] = {};
        for (; i < end; i += 32) {
            const __m256i q0 = _mm256_loadu_si256((const __m256i *)(query + i));
            const __m256i q1 = _mm256_loadu_si256((const __m256i *)(query + width + i));
            for (int row = 0; row < group; row++) {
                const __m256i codes = _mm256_loadu_si256((const __m256i *)(rows[row] + i));
                const __m256i low = _mm256_and_si256(codes, mask);
                const __m256i high = _mm256_and_si256(_mm256_srli_epi16(codes, 4), mask);
                pairs[row] = _mm256_add_epi16(pairs[row], _mm256_maddubs_epi16(low, q0));
                pairs[row] = _mm256_add_epi16(pairs[row], _mm256_maddubs_epi16(high, q1));
            }
        }
        for (int row = 0; row < group; row++) {
            sum[row] = _mm256_add_epi32(sum[row], _mm256_madd_epi16(pairs[row], ones));
        }
    }
    for (int row = 0; row < group; row++) {
        __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum[row]), _mm256_extracti128_si256(sum[row], 1));
        four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
        four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
        sums[row] = _mm_cvtsi128_si32(four);
    }
}

VK_TARGET_AVX512 VK_INLINE void dot_avx512(
    const uint8_t *const rows[group], const int8_t *query, size_t width, int32_t sums[group]) {
    const __m512i mask = _mm512_set1_epi8(15);
    __m512i low[group] = {}, high[group] = {};
    size_t i = 0;
    for (; i + 64 <= width; i += 64) {
        const __m512i q0 = _mm512_loadu_si512(query + i), q1 = _mm512_loadu_si512(query + width + i);
        for (int row = 0; row < group; row++) {
            const __m512i codes = _mm512_loadu_si512(rows[row] + i);
            low[row] = _mm512_dpbusd_epi32(low[row], _mm512_and_si512(codes, mask), q0);
            high[row] = _mm512_dpbusd_epi32(high[row], _mm512_and_si512(_mm512_srli_epi16(codes, 4), mask), q1);
        }
    }
    if (i < width) {
        // Widths are multiples of 32, so half a register remains.
        const __mmask64 half = 0xFFFFFFFF;
        const __m512i q0 = _mm512_maskz_loadu_epi8(half, query + i);
        const __m512i q1 = _mm512_maskz_loadu_epi8(half, query + width + i);
        for (int row = 0; row < group; row++) {
            const __m512i codes = _mm512_maskz_loadu_epi8(half, rows[row] + i);
            low[row] = _mm512_dpbusd_epi32(low[row], _mm512_and_si512(codes, mask), q0);
            high[row] = _mm512_dpbusd_epi32(high[row], _mm512_and_si512(_mm512_srli_epi16(codes, 4), mask), q1);
        }
    }
    for (int row = 0; row < group; row++) sums[row] = _mm512_reduce_add_epi32(_mm512_add_epi32(low[row], high[row]));
}
#endif

VK_INLINE void add(vk_best *best, int64_t id, float score, uint32_t row) {
    if (__builtin_expect(score < best->threshold, 1)) return;
    best->hits[best->count++] = (vk_hit){id, score, row};
    if (best->count == best->capacity) vk_thin(best);
}

VK_INLINE void scan(
    dot_function *dot, const uint8_t *upper, const float *steps, const int64_t *ids, size_t rows, uint32_t first_row,
    size_t width, const int8_t *query, vk_best *best) {
    int32_t sum = 0;
    for (size_t i = 0; i < 2 * width; i++) sum += query[i];
    // Upper bits h stand for the codes 16 h ... 16 h + 15, whose middle is 16 h + 7.5, and a code c for c - 128.
    const float offset = (7.5f - 128) * (float)sum;
    for (size_t start = 0; start < rows; start += group) {
        for (size_t i = 0; i < group * width; i += 64) {
            __builtin_prefetch(upper + start * width + prefetch_distance + i, 0, 3);
        }
        const uint8_t *members[group];
        const size_t present = rows - start < group ? rows - start : group;
        // A last group that is not full repeats its last row.
        for (size_t i = 0; i < group; i++) members[i] = upper + (start + (i < present ? i : present - 1)) * width;
        int32_t sums[group];
        dot(members, query, width, sums);
        for (size_t i = 0; i < present; i++) {
            const float score = (16 * (float)sums[i] + offset) * steps[start + i];
            add(best, ids[start + i], score, first_row + (uint32_t)(start + i));
        }
    }
}

#if VK_X86
VK_TARGET_AVX2 static void scan_avx2(
    const uint8_t *upper, const float *steps, const int64_t *ids, size_t rows, uint32_t first_row, size_t width,
    const int8_t *query, vk_best *best) {
    scan(dot_avx2, upper, steps, ids, rows, first_row, width, query, best);
}
VK_TARGET_AVX512 static void scan_avx512(
    const uint8_t *upper, const float *steps, const int64_t *ids, size_t rows, uint32_t first_row, size_t width,
    const int8_t *query, vk_best *best) {
    scan(dot_avx512, upper, steps, ids, rows, first_row, width, query, best);
}
#endif

void vk_scan(
    vk_level level, const uint8_t *upper, const float *steps, const int64_t *ids, size_t rows, uint32_t first_row,
    size_t plane_width, const int8_t *query, vk_best *best) {
#if VK_X86
    if (level == VK_AVX512) return scan_avx512(upper, steps, ids, rows, first_row, plane_width, query, best);
    if (level == VK_AVX2) return scan_avx2(upper, steps, ids, rows, first_row, plane_width, query, best);
#else
    (void)level;
#endif
    scan(dot_portable, upper, steps, ids, rows, first_row, plane_width, query, best);
}
