"""What is in a file, as programs say that are not compared: see `Reference`.

Each kind has at least two witnesses. None of them is Lectern, a tool beside which it is measured, or a library in one.
"""

import collections
import dataclasses
import functools
import html as html_entities
import mailbox
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.parse
import zipfile

import lxml.etree
import lxml.html
import pypdfium2

from words import join_hyphens, words


@dataclasses.dataclass
class Reference:
    """The words that have to be found, how often; those that may be, how often; and the order of them, if it is known."""

    must: collections.Counter
    may: collections.Counter
    order: list


def agreed(witnesses, order, also=()):
    """Words of which all witnesses know have to be found; words of which one knows, or one of `also`, may be."""
    counts = [collections.Counter(words(text)) for text in witnesses]
    must = functools.reduce(lambda one, other: one & other, counts)
    may = functools.reduce(lambda one, other: one | other, counts + [collections.Counter(words(text)) for text in also])
    return Reference(must, may, words(order))


def output(*command, input=None, environment=None):
    result = subprocess.run(
        command, input=input, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600,
        env=os.environ | (environment or {}))
    return result.stdout.decode(errors="replace")


def xml_text(data, *, paragraphs, texts=None, skipped=()):
    """The characters of a document in XML, a line for each paragraph: those in elements named in `texts`, or all."""
    pieces = []

    def walk(node):
        name = lxml.etree.QName(node).localname if isinstance(node.tag, str) else ""
        if not name or name in skipped:
            pieces.append((node.tail or "") if texts is None else "")
            return
        if texts is None or name in texts:
            pieces.append(node.text or "")
        for child in node:
            walk(child)
        pieces.append("\n" if name in paragraphs else " " if name in ("tab", "br", "s", "line-break") else "")
        if texts is None:
            pieces.append(node.tail or "")

    walk(lxml.etree.fromstring(data, lxml.etree.XMLParser(resolve_entities=False, huge_tree=True)))
    return "".join(pieces)


def office(path, filter, suffix):
    """What LibreOffice writes of a document: the contents of the files that it makes, by name."""
    with tempfile.TemporaryDirectory() as directory:
        profile = pathlib.Path(tempfile.gettempdir(), "lectern-fidelity-office").as_uri()
        output("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", filter, "--outdir", directory, path)
        made = sorted(pathlib.Path(directory).glob("*" + suffix))
        if not made:
            raise ValueError(f"LibreOffice made nothing of {path}")
        return [file.read_bytes() for file in made]


# PDF


def mupdf(path):
    return output("mutool", "draw", "-q", "-F", "txt", path)


def pdf_witnesses(path):
    document = pypdfium2.PdfDocument(path)
    pdfium = "\f".join(page.get_textpage().get_text_bounded() for page in document)
    ghostscript = output("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=txtwrite", "-sOutputFile=-", path)
    return [mupdf(path), pdfium, ghostscript]


def running_heads(pages):
    """Words of the lines that pages repeat at their top or foot, apart from numbers, as often as they stand there."""
    edges = []
    for page in pages:
        lines = [words(line) for line in page.splitlines() if line.strip()]
        edges.append(lines[:2] + lines[2:][-2:])
    kinds = [{tuple("0" if word.isdigit() else word for word in line) for line in page} for page in edges]
    often = collections.Counter(kind for page in kinds for kind in page)
    return collections.Counter(
        word for page in edges for line in page for word in line
        if often[tuple("0" if word.isdigit() else word for word in line)] >= max(3, len(pages) / 10))


def pdf(path, source):
    witnesses = pdf_witnesses(path)
    known = set().union(*(words(text) for text in witnesses))
    if source:
        original = source_text(source)
        known = set(words(original))
    joined, unclear = zip(*(join_hyphens(text, known) for text in witnesses))
    counts = [collections.Counter(words(text)) for text in joined]
    # What is in the file is what two of three see; for words at a line's end nobody can tell.
    seen = functools.reduce(lambda one, other: one | other, (one & other for one, other in
                            ((counts[0], counts[1]), (counts[0], counts[2]), (counts[1], counts[2]))))
    may = functools.reduce(lambda one, other: one | other, counts)
    for first, second in {pair for pairs in unclear for pair in pairs}:
        times = max(pairs.count((first, second)) for pairs in unclear)
        for word in words(f"{first} {second}"):
            seen[word] -= times
        may[words(first + second)[0]] += times
    seen -= running_heads(witnesses[1].split("\f"))
    if not source:
        return Reference(seen, may, words(joined[0]))
    written = collections.Counter(words(original))
    return Reference(written & may, may | written, words(original))


def source_text(path):
    suffix = path.suffix
    if suffix == ".html":
        return lynx(path.read_bytes())
    if suffix in (".odt", ".docx"):
        return office(path, "txt:Text (encoded):UTF8", ".txt")[0].decode("utf-8-sig")
    return path.read_bytes().decode("utf-8")


# HTML


LYNX = ["lynx", "-dump", "-stdin", "-force_html", "-nolist", "-nomargins", "-width=1000", "-pseudo_inlines=off",
        "-display_charset=utf-8", "-assume_charset=utf-8"]


def lynx(html):
    return output(*LYNX, input=html)


def w3m(html):
    return output("w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "10000", input=html)


FURNITURE = ("//script|//style|//nav|//template|//noscript|//aside|//header[not(ancestor::article)]|"
             "//footer[not(ancestor::article)]|//*[@role='navigation' or @role='search' or @role='banner' or @role='contentinfo' "
             "or @role='complementary' or @hidden]")


def html(path, _):
    data = path.read_bytes()
    tree = lxml.html.document_fromstring(data)
    whole = lxml.html.tostring(tree, encoding="unicode")
    for element in tree.xpath(FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    mains = tree.xpath("//main|//*[@role='main']")
    if len(mains) == 1:
        tree = mains[0]
    page = lxml.html.tostring(tree, encoding="unicode", with_tail=False)
    head = '<meta charset="utf-8">'
    # Only one declaration of the encoding may be left, now that it is another.
    page, whole = (head + re.sub(r"<meta[^>]*charset[^>]*>", "", text, flags=re.I) for text in (page, whole))
    notes = " ".join(lxml.html.document_fromstring(data).xpath("//title//text()|//@alt|//@title|//meta/@content|//@placeholder|//@value"))
    shown = lynx(page.encode())
    return agreed([shown, w3m(page.encode())], shown, [lynx(whole.encode()), w3m(whole.encode()), notes])


# Office documents


def package_texts(path):
    """The text of all parts of a document of Office or OpenDocument: with every element apart, and with none, since the
    characters of one word may lie in several."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist() if name.endswith(".xml")]
    return [html_entities.unescape(re.sub(r"<[^>]+>", gap, "\n".join(parts))) for gap in (" ", "")]


def document(path, _):
    shown = office(path, "txt:Text (encoded):UTF8", ".txt")[0].decode("utf-8-sig")
    pandoc = output("pandoc", "-t", "plain", "--wrap=none", path)
    reference = agreed([shown, pandoc], shown, [] if path.suffix == ".rtf" else package_texts(path))
    reference.must -= collections.Counter(words(contents(path)))
    return reference


def contents(path):
    """The lines of what a document calls its table of contents, which is for navigation as `nav` is in a page."""
    if path.suffix == ".rtf":
        return ""
    with zipfile.ZipFile(path) as archive:
        body = lxml.etree.fromstring(archive.read("content.xml" if path.suffix == ".odt" else "word/document.xml"))
        if path.suffix == ".odt":
            return "\n".join("".join(line.itertext()) for line in body.iterfind(".//{*}table-of-content/{*}index-body//{*}p"))
        styles = {}
        if "word/styles.xml" in archive.namelist():
            for style in lxml.etree.fromstring(archive.read("word/styles.xml")).iter("{*}style"):
                name = style.find("{*}name")
                styles[attribute(style, "styleId")] = "" if name is None else attribute(name, "val").lower()
    lines = []
    for line in body.iter("{*}p"):
        style = line.find("{*}pPr/{*}pStyle")
        if style is not None and re.fullmatch(r"toc \d", styles.get(attribute(style, "val"), "")):
            lines.append(" ".join(run.text or "" for run in line.iter("{*}t")))
    return "\n".join(lines)


def attribute(element, name):
    return next((value for key, value in element.items() if lxml.etree.QName(key).localname == name), "")


def presentation(path, _):
    with zipfile.ZipFile(path) as archive:
        if path.suffix == ".odp":
            content = archive.read("content.xml")
            slides = xml_text(content, paragraphs={"p", "h"}, skipped={"notes", "scripts", "font-face-decls", "automatic-styles",
                                                                       "date-time-decl", "footer-decl", "header-decl", "desc", "title"})
        else:
            slides = "\n".join(slide_text(archive.read(name)) for name in slide_names(archive))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(office(path, "pdf", ".pdf")[0])
        file.flush()
        drawn = mupdf(file.name)
    return agreed([slides, drawn], slides, package_texts(path))


def slide_names(archive):
    relations = {node.get("Id"): node.get("Target") for node in
                 lxml.etree.fromstring(archive.read("ppt/_rels/presentation.xml.rels"))}
    presentation = lxml.etree.fromstring(archive.read("ppt/presentation.xml"))
    identifier = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    return ["ppt/" + relations[node.get(identifier)] for node in presentation.iter("{*}sldId")]


def slide_text(data):
    """A slide's text without the date, footer and number that every slide repeats."""
    slide = lxml.etree.fromstring(data)
    for place in slide.iterfind(".//{*}ph"):
        if place.get("type") in ("dt", "ftr", "sldNum"):
            shape = next(place.iterancestors("{*}sp"))
            shape.getparent().remove(shape)
    return xml_text(lxml.etree.tostring(slide), paragraphs={"p"}, texts={"t"})


def spreadsheet(path, _):
    sheets = office(path, "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1", ".csv")
    with tempfile.TemporaryDirectory() as directory:
        output("ssconvert", "-S", "-T", "Gnumeric_stf:stf_assistant", "-O", 'format=preserve separator="\t"',
               path, f"{directory}/%n.txt")
        gnumeric = [file.read_text() for file in sorted(pathlib.Path(directory).glob("*.txt"), key=lambda file: int(file.stem))]
    return agreed(["\n".join(sheet.decode() for sheet in sheets), "\n".join(gnumeric)], "\n".join(gnumeric), package_texts(path))


def book(path, _):
    with zipfile.ZipFile(path) as archive:
        container = lxml.etree.fromstring(archive.read("META-INF/container.xml"))
        root = next(container.iter("{*}rootfile")).get("full-path")
        package = lxml.etree.fromstring(archive.read(root))
        items = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
        folder = root.rpartition("/")[0]
        # What the book calls its table of contents is for navigation, as `nav` is in a page.
        contents = {item.get("id") for item in package.iter("{*}item") if "nav" in (item.get("properties") or "").split()}
        listed = {reference.get("href") for reference in package.iter("{*}reference") if reference.get("type") == "toc"}
        places = [items[item.get("idref")].partition("#")[0] for item in package.iter("{*}itemref")
                  if item.get("idref") not in contents and items[item.get("idref")] not in listed]
        # A spine may name parts of one chapter one after the other.
        chapters = dict.fromkeys(urllib.parse.unquote(f"{folder}/{place}" if folder else place) for place in places)
        pages = [archive.read(chapter) for chapter in chapters]
        parts = [re.sub(r"<[^>]+>", " ", archive.read(name).decode("utf-8", errors="replace"))
                 for name in archive.namelist() if re.search(r"\.(x?html?|opf|ncx)$", name)]
    shown = "\n".join(map(lynx, pages))
    return agreed([shown, "\n".join(map(w3m, pages))], shown, ["\n".join(parts)])


# Mail and text


def mail(path, _):
    must, may = [], []
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "filter").write_text(f"text/html: {' '.join(LYNX)}\n")
        if path.suffix == ".mbox":
            messages = [message.as_bytes() for message in mailbox.mbox(path)]
        else:
            messages = [path.read_bytes()]
        for number, message in enumerate(messages):
            file = pathlib.Path(directory, str(number))
            file.write_bytes(message)
            shown = output("mshow", "-h", "subject:from:to:cc:date:reply-to", file, environment={"MBLAZE": directory})
            may.append(shown + message.partition(b"\n\n")[0].decode("utf-8", errors="replace"))
            headers, _, body = shown.partition("\n\n")
            subject = re.search(r"^Subject: (.*)$", headers, re.M)
            body = re.sub(r"^(--- )+[\d.]+: .*---$|^no filter or default handler$", "", body, flags=re.M)
            must.append((subject[1] if subject else "") + "\n" + body)
    return agreed(["\n".join(must)], "\n".join(must), ["\n".join(may)])


def text(path, encoding):
    shown = output("iconv", "-f", encoding, "-t", "UTF-8", path)
    return agreed([shown], shown)


MAKERS = {
    "pdf-source": pdf, "pdf": pdf, "html": html, "docx": document, "odt": document, "rtf": document, "pptx": presentation,
    "odp": presentation, "xlsx": spreadsheet, "ods": spreadsheet, "epub": book, "mail": mail, "text": text,
}


def reference(sample):
    return MAKERS[sample.kind](sample.path, sample.reference)
