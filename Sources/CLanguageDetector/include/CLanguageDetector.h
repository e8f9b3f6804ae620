#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The ISO 639-1 code of the language that most of the text is in (of 639-3 where that has none), by the Compact Language Detector 2;
/// NULL where it is not sure.
///
/// @param text valid UTF-8.
/// @param length in bytes.
const char *_Nullable language_code(const char *_Nullable text, size_t length);

#ifdef __cplusplus
}
#endif
