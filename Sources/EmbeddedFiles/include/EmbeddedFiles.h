#ifndef EMBEDDED_FILES_H
#define EMBEDDED_FILES_H

#include <stddef.h>

// Files that are part of the program, byte for byte.

/// Bytes that last as long as the process.
typedef struct {
    const unsigned char *_Nonnull start;
    size_t length;
} lectern_embedded_file;

lectern_embedded_file lectern_openapi_json(void);
lectern_embedded_file lectern_documentation_html(void);
lectern_embedded_file lectern_documentation_css(void);
lectern_embedded_file lectern_documentation_js(void);
lectern_embedded_file lectern_chat_widget_js(void);

#endif
