"""The tools beside which Lectern is measured, as their documentation shows them used.

    tools.py TOOL        reads paths, one a line; answers each with a line of JSON: text or error, and processor seconds
"""

import json
import pathlib
import resource
import subprocess
import sys


def pypdf(path):
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def pdfminer(path):
    from pdfminer.high_level import extract_text

    return extract_text(path)


def pdftotext(path):
    return subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], check=True, capture_output=True).stdout.decode()


def markitdown(path):
    import markitdown

    global converter
    if "converter" not in globals():
        converter = markitdown.MarkItDown()
    return converter.convert(path).text_content


def beautifulsoup(path):
    import bs4

    soup = bs4.BeautifulSoup(pathlib.Path(path).read_bytes(), "lxml")
    for element in soup(["script", "style"]):
        element.decompose()
    return soup.get_text("\n")


def trafilatura(path):
    import trafilatura

    return trafilatura.extract(pathlib.Path(path).read_bytes(), include_tables=True, include_comments=True) or ""


def python_docx(path):
    import docx
    from docx.table import Table

    def blocks(container):
        for block in container.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from blocks(cell)
            else:
                yield block.text

    return "\n".join(blocks(docx.Document(path)))


def python_pptx(path):
    import pptx

    def texts(shapes):
        for shape in shapes:
            if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.GROUP:
                yield from texts(shape.shapes)
            elif shape.has_text_frame:
                yield shape.text_frame.text
            elif shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)

    import pptx.enum.shapes

    lines = []
    for slide in pptx.Presentation(path).slides:
        lines += texts(slide.shapes)
        if slide.has_notes_slide:
            lines.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(lines)


def openpyxl(path):
    import openpyxl

    workbook = openpyxl.load_workbook(path, data_only=True)
    return "\n".join(
        "\t".join("" if value is None else str(value) for value in row)
        for sheet in workbook.worksheets for row in sheet.iter_rows(values_only=True))


def odfpy(path):
    from odf import teletype, text
    from odf.opendocument import load

    body = load(path).body
    blocks = [element for element in elements(body) if element.qname in ((text.TEXTNS, "p"), (text.TEXTNS, "h"))]
    return "\n".join(teletype.extractText(block) for block in blocks)


def elements(node):
    for child in node.childNodes:
        if child.nodeType == child.ELEMENT_NODE:
            yield child
            yield from elements(child)


def striprtf(path):
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(pathlib.Path(path).read_bytes().decode("latin-1"), errors="ignore")


def ebooklib(path):
    import bs4
    import ebooklib
    from ebooklib import epub

    book = epub.read_epub(path)
    chapters = (book.get_item_with_id(identifier) for identifier, _ in book.spine)
    return "\n".join(bs4.BeautifulSoup(chapter.get_content(), "lxml").get_text("\n") for chapter in chapters if chapter)


def messages(path):
    """The messages of a file of mail, as bytes."""
    import mailbox

    if path.endswith(".mbox"):
        return [message.as_bytes() for message in mailbox.mbox(path)]
    return [pathlib.Path(path).read_bytes()]


def python_email(path):
    import email
    import email.policy

    import bs4

    parts = []
    for data in messages(path):
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts += [str(message.get(name, "")) for name in ("subject", "from", "to", "date")]
        body = message.get_body(("plain", "html"))
        if body is not None:
            content = body.get_content()
            is_html = body.get_content_type() == "text/html"
            parts.append(bs4.BeautifulSoup(content, "lxml").get_text("\n") if is_html else content)
    return "\n".join(parts)


def mail_parser(path):
    import bs4
    import mailparser

    parts = []
    for data in messages(path):
        mail = mailparser.parse_from_bytes(data)
        parts += [mail.subject, *(" ".join(pair) for pair in mail.from_ + mail.to), str(mail.date or "")]
        parts += mail.text_plain or [bs4.BeautifulSoup(html, "lxml").get_text("\n") for html in mail.text_html]
    return "\n".join(parts)


def charset_normalizer(path):
    import charset_normalizer

    best = charset_normalizer.from_bytes(pathlib.Path(path).read_bytes()).best()
    if best is None:
        raise ValueError("no encoding found")
    return str(best)


def chardet(path):
    import chardet

    data = pathlib.Path(path).read_bytes()
    return data.decode(chardet.detect(data)["encoding"] or "utf-8", errors="replace")


TOOLS = {
    "pypdf": pypdf, "pdfminer.six": pdfminer, "pdftotext": pdftotext, "markitdown": markitdown,
    "BeautifulSoup": beautifulsoup, "trafilatura": trafilatura, "python-docx": python_docx, "python-pptx": python_pptx,
    "openpyxl": openpyxl, "odfpy": odfpy, "striprtf": striprtf, "EbookLib": ebooklib, "email": python_email,
    "mail-parser": mail_parser, "charset-normalizer": charset_normalizer, "chardet": chardet,
}


def seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def serve(tool):
    # What a library prints must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        start = seconds()
        try:
            answer = {"text": TOOLS[tool](line.rstrip("\n"))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answer["seconds"] = seconds() - start
        # A text may hold half a surrogate pair, which only the escapes of JSON can carry.
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
