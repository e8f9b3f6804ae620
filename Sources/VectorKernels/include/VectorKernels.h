#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Arithmetic of the embedded vector store: compact rows, and the loops that score them.
///
/// A vector is rotated by a fixed pseudo-random orthogonal matrix, so that no dimension stands out, and each number is
/// stored as `code - 128`, where `code` is a byte and one float per row says what a step of 1 is worth. The byte is kept
/// in two halves, in two separate planes: a scan reads the upper four bits of all rows, which is half of the memory,
/// and only the best of them are scored again with all eight.
///
/// Both planes pack two dimensions into a byte: byte `i` holds dimension `i` in its lower four bits and dimension
/// `i + plane_width` in its upper four. Dimensions beyond the vector's own are zero.

/// Which instructions the kernels may use.
typedef enum {
    VK_PORTABLE = 0,
    /// AVX2 and FMA.
    VK_AVX2 = 1,
    /// AVX-512 F, BW, VL and VNNI.
    VK_AVX512 = 2
} vk_level;

/// The best level that this processor and its operating system support.
vk_level vk_best_level(void);

/// Bytes of one row in each of the two planes; a multiple of 32.
size_t vk_plane_width(size_t dimensions);

/// Floats of scratch memory that the encoders need.
size_t vk_scratch_length(size_t dimensions);

/// Encodes `vector` as one row: `vk_plane_width` bytes in each plane, and what a step is worth once the vector has
/// length 1. A vector of zeros gets the step 0. Returns false, having written nothing, where the vector has a number
/// that is not finite or a length that a float cannot hold.
bool vk_encode_row(
    vk_level level, const float *vector, size_t dimensions, float *scratch, uint8_t *upper, uint8_t *lower, float *step);

/// Encodes a query, scaled to length 1: `2 * vk_plane_width` floats and as many bytes in -127...127, zero beyond the
/// dimensions, in the order of the planes. Returns false as `vk_encode_row` does.
bool vk_encode_query(const float *vector, size_t dimensions, float *scratch, float *values, int8_t *codes);

/// A row that scored high.
typedef struct {
    int64_t id;
    float score;
    /// Number of the row as the caller counts.
    uint32_t row;
} vk_hit;

/// The best rows so far. Higher scores come first, and lower ids among equal scores.
typedef struct {
    /// Room for `capacity` hits, more than `wanted`; the more, the less often they are thinned out.
    vk_hit *hits;
    size_t capacity;
    size_t count;
    size_t wanted;
    /// Rows that score lower cannot be among the best; `-INFINITY` at first.
    float threshold;
} vk_best;

/// Scores `rows` consecutive rows by their upper four bits and adds those that are good enough to `best`. Scores are
/// comparable within one query only.
void vk_scan(
    vk_level level, const uint8_t *upper, const float *steps, const int64_t *ids, size_t rows, uint32_t first_row,
    size_t plane_width, const int8_t *query, vk_best *best);

/// Reduces `best` to the `wanted` best hits, in no particular order.
void vk_thin(vk_best *best);

/// Approximate cosine of a query to one row, from all eight bits.
float vk_refine(
    vk_level level, const uint8_t *upper, const uint8_t *lower, float step, size_t plane_width, const float *query);

/// Cosine of two vectors, of any length; 0 where one has length 0, NaN where one has a number that is not finite.
float vk_cosine(vk_level level, const float *left, const float *right, size_t dimensions);

/// Position of `id` among `count` ids, or `count`.
size_t vk_find(const int64_t *ids, size_t count, int64_t id);

/// Memory straight from the kernel, aligned to a page: what is not written to takes no room, and freeing gives it back
/// at once, which `malloc` does not promise. Returns NULL where there is none.
void *vk_allocate_pages(size_t bytes);
void vk_free_pages(void *pages, size_t bytes);

#endif
