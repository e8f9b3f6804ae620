// The detector's header leaves these two to whoever includes it.
#include <cstdio>
#include <cld2/public/encodings.h>

#include <cld2/public/compact_lang_det.h>

#include <climits>

#include "CLanguageDetector.h"

const char *language_code(const char *text, size_t length) {
    if (text == nullptr || length > INT_MAX) return nullptr;
    const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percent[3];
    double scores[3];
    int bytes = 0;
    bool is_reliable = false;
    const CLD2::Language language = CLD2::ExtDetectLanguageSummary(
        text, static_cast<int>(length), true, &hints, 0, languages, percent, scores, nullptr, &bytes, &is_reliable);
    if (!is_reliable || language == CLD2::UNKNOWN_LANGUAGE) return nullptr;
    return CLD2::LanguageCode(language);
}
