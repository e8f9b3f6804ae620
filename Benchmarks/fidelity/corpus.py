"""The files that are read: parts of Debian's packages, which are fetched and unpacked but not installed.

    corpus.py CACHE          fetches them
    corpus.py CACHE --pin    writes into files.tsv the sums of the files as they are now

files.tsv has five columns: kind, package, path in the package (one that ends with .gz is unpacked), SHA-256 of the file as it
is read, and what its reference is made from: `package:path` of the text or document that a PDF was made from, an encoding,
or nothing.
"""

import collections
import gzip
import hashlib
import pathlib
import shutil
import subprocess
import sys

LIST = pathlib.Path(__file__).with_name("files.tsv")
Row = collections.namedtuple("Row", "kind package path sha256 reference")
# A file to read: `name` is unique, `path` is where it lies.
Sample = collections.namedtuple("Sample", "kind name path sha256 reference")


def rows():
    lines = [line.split("\t") for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return [Row(*line) for line in lines]


def unpacked(cache, package):
    """The folder of a package's files, fetched when it is missing."""
    folder = cache / "packages" / package
    if not folder.exists():
        work = cache / "download"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        # apt leaves its privileges where it can, and then needs a folder that anyone may write.
        work.chmod(0o777)
        subprocess.run(["apt-get", "download", "-q", package], cwd=work, check=True, stdout=subprocess.DEVNULL)
        [archive] = work.glob("*.deb")
        subprocess.run(["dpkg", "-x", archive, work / "files"], check=True)
        folder.parent.mkdir(exist_ok=True)
        (work / "files").rename(folder)
    return folder


def plain(cache, package, path):
    """A file of a package, without the compression that Debian gives large documents."""
    source = unpacked(cache, package) / path
    if source.suffix != ".gz":
        return source
    target = cache / "plain" / package / pathlib.Path(path).with_suffix("")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.decompress(source.read_bytes()))
    return target


def sum_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def samples(cache, kinds=None):
    """The files of the list. One that is not what it was when the list was made is left out, and named."""
    found = []
    for row in rows():
        if kinds and row.kind not in kinds:
            continue
        path = plain(cache, row.package, row.path)
        if not path.exists() or sum_of(path) != row.sha256:
            print(f"left out: {row.package}:{row.path} is not the file that was measured", file=sys.stderr)
            continue
        reference = row.reference
        if ":" in reference:
            reference = plain(cache, *reference.split(":", 1))
        found.append(Sample(row.kind, f"{row.package}/{path.name}", path, row.sha256, reference))
    return found


def pin(cache):
    lines = []
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            row = Row(*line.split("\t"))
            line = "\t".join(row._replace(sha256=sum_of(plain(cache, row.package, row.path))))
        lines.append(line)
    LIST.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    if "--pin" in sys.argv:
        pin(folder)
    else:
        print(len(samples(folder)), "files")
