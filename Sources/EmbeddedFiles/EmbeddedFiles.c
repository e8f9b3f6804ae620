#include "EmbeddedFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler lists what it embeds among the dependencies of this file, so a changed file is embedded anew.

static const unsigned char openapi_json[] = {
#embed "../../docs/api/openapi.json"
};

static const unsigned char documentation_html[] = {
#embed "../WebUI/Documentation/index.html"
};

static const unsigned char documentation_css[] = {
#embed "../WebUI/Documentation/documentation.css"
};

static const unsigned char documentation_js[] = {
#embed "../WebUI/Documentation/description.js" suffix(, )
#embed "../WebUI/Documentation/documentation.js"
};

static const unsigned char chat_widget_js[] = {
#embed "../WebUI/Widget/lectern-chat-widget.js"
};

#define EMBEDDED(name) \
    lectern_embedded_file lectern_##name(void) { return (lectern_embedded_file){name, sizeof name}; }

EMBEDDED(openapi_json)
EMBEDDED(documentation_html)
EMBEDDED(documentation_css)
EMBEDDED(documentation_js)
EMBEDDED(chat_widget_js)
