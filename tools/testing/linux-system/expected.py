# SPDX-License-Identifier: Apache-2.0
"""Lists an archive as lister.c lists the tree that Linux makes of it, and the digests of its files.

    python3 expected.py rootfs.tar >list

Python's tarfile reads the archive: no code of the project has a part in it.
"""
import hashlib
import sys
import tarfile
from decimal import Decimal

KIND = {
    tarfile.REGTYPE: 0o100000,
    tarfile.AREGTYPE: 0o100000,
    tarfile.DIRTYPE: 0o040000,
    tarfile.SYMTYPE: 0o120000,
    tarfile.CHRTYPE: 0o020000,
    tarfile.BLKTYPE: 0o060000,
    tarfile.FIFOTYPE: 0o010000,
}
XATTR = "SCHILY.xattr."


def shown(text):
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return "".join(chr(b) if 0x20 < b < 0x7F and b not in b"%=" else "%%%02x" % b for b in raw)


def clean(name):
    name = name[2:] if name.startswith("./") else name
    return name.rstrip("/") or "."


members, first, links, digests = {}, {}, {}, {}
with tarfile.open(sys.argv[1], errors="surrogateescape") as archive:
    for member in archive:
        path = clean(member.name)
        if member.islnk():
            target = clean(member.linkname)
            first[path] = first.get(target, target)
        else:
            members[path] = member
            first[path] = path
            if member.isreg():
                digests[path] = hashlib.sha256(archive.extractfile(member).read()).hexdigest()

for path, origin in first.items():
    links[origin] = links.get(origin, 0) + 1
for path in members:
    if members[path].isdir():
        links[path] = 2
for path in members:
    if members[path].isdir() and path != ".":
        parent = path.rsplit("/", 1)[0] if "/" in path else "."
        links[parent] += 1

for path, origin in first.items():
    member = members[origin]
    seconds = Decimal(member.pax_headers.get("mtime", str(int(member.mtime))))
    whole = int(seconds // 1)
    attributes = sorted(
        " %s=%s" % (shown(key[len(XATTR):]), shown(value))
        for key, value in member.pax_headers.items()
        if key.startswith(XATTR)
    )
    print(
        shown(path) if path != "." else ".",
        "%o" % (KIND[member.type] | member.mode if not member.issym() else 0o120777),
        member.uid,
        member.gid,
        links[origin],
        len(member.linkname.encode("utf-8", "surrogateescape")) if member.issym() else member.size,
        "%d.%09d" % (whole, (seconds - whole) * 10**9),
        "%d:%d" % (member.devmajor, member.devminor) if member.ischr() or member.isblk() else "-",
        (shown(member.linkname) if member.issym() else "-") + "".join(attributes),
        digests.get(origin, "-"),
    )
