// Debian builds libxml2 with ICU, and <unicode/utypes.h> then collides with Foundation's own copy of ICU ("'UErrorCode'
// has different definitions in different modules"). Without this macro the header of encodings leaves ICU out; the
// layout of xmlCharEncodingHandler is then not the library's, so nothing here may touch that structure.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <libxml/xmlreader.h>

// xmlFree is a mutable global function pointer, which Swift 6 does not let us call.
static inline void lectern_xml_free(void *memory) { xmlFree(memory); }

// HTML as browsers forgive it, in UTF-8 whatever it declares; never a network access, and no diagnostics on stderr.
// Without XML_PARSE_HUGE, for which the HTML parser has no option of its own, the tree ends at 256 nested elements or at
// 10 MB of one text, and the rest of the page is lost without a word.
static inline htmlDocPtr lectern_html_parse(const char *utf8, int count) {
    htmlParserCtxtPtr context = htmlCreateMemoryParserCtxt(utf8, count);
    if (context == NULL) return NULL;
    htmlCtxtUseOptions(context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                    HTML_PARSE_IGNORE_ENC);
    context->options |= XML_PARSE_HUGE;
    xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(context);
    htmlDocPtr document = context->myDoc;
    context->myDoc = NULL;
    htmlFreeParserCtxt(context);
    return document;
}

// XML without substituting entities, loading a DTD or touching the network.
static inline xmlTextReaderPtr lectern_xml_reader(const char *bytes, int count) {
    return xmlReaderForMemory(bytes, count, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

// The same as a tree of UTF-8 text, whatever it declares. NULL where it is not well-formed, or deeper or longer than
// libxml2's own limits.
static inline xmlDocPtr lectern_xml_parse(const char *utf8, int count) {
    xmlDocPtr document = xmlReadMemory(utf8, count, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    return document;
}
