"""PDF documents for tests, made by hand: lines of text in any script, with a map from glyphs to letters and no font."""

from collections.abc import Sequence
from zlib import compress

_MAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Letters def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfrange <0000> <00FF> <0000> <0400> <04FF> <0400> <2000> <20FF> <2000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def pdf(*pages: Sequence[str], title: str = "") -> bytes:
    """A document of these pages, each some lines of text."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /DW 600 >>",
        _stream(_MAP.encode()),
        b"<< /Title <FEFF" + title.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for number, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {8 + 2 * number} 0 R >>".encode()
        )
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -14 Td" for line in lines)
        objects.append(_stream(f"BT /F 12 Tf 50 800 Td {shown} ET".encode()))
    return _document(objects)


def _stream(content: bytes) -> bytes:
    packed = compress(content)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _document(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(body))
    )
