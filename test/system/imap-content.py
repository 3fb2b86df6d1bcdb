"""Appends the messages of a folder to two IMAP servers and compares what they say about each. Usage: imap-content.py DIR PORT1 USER1 PASS1 PORT2 USER2 PASS2"""
import imaplib, os, re, sys

imaplib._MAXLINE = 100_000_000


def tokens(raw):
    """A list of nested lists, bytes and None (NIL) from one FETCH answer, its literals in place."""
    at, stack, current = 0, [], []
    while at < len(raw):
        c = raw[at:at + 1]
        if c == b"(":
            stack.append(current)
            current = []
            at += 1
        elif c == b")":
            done, current = current, stack.pop()
            current.append(done)
            at += 1
        elif c in b" \r\n":
            at += 1
        elif c == b'"':
            m = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.S).match(raw, at)
            current.append(re.sub(rb"\\(.)", rb"\1", m.group(1)))
            at = m.end()
        elif c == b"{":
            m = re.compile(rb"\{(\d+)\}\r\n").match(raw, at)
            size = int(m.group(1))
            current.append(raw[m.end():m.end() + size])
            at = m.end() + size
        else:
            m = re.compile(rb"[^() \r\n\[]+(\[[^\]]*\](<\d+>)?)?").match(raw, at)
            current.append(None if m.group(0) == b"NIL" else m.group(0))
            at = m.end()
    return current


class Server:
    def __init__(self, port, user, password):
        self.m = imaplib.IMAP4("127.0.0.1", int(port))
        self.m.login(user, password)
        self.m.create("content")
        self.m.select("content")

    def fetch(self, number, items):
        tag = self.m._new_tag()
        self.m.send(tag + b" FETCH " + str(number).encode() + b" " + items.encode() + b"\r\n")
        out = b""
        while True:
            line = self.m.readline()
            if line.startswith(tag):
                return (line[len(tag) + 1:].split(b" ")[0].decode(), out)
            while (m := re.search(rb"\{(\d+)\}\r\n$", line)):
                line += self.m.read(int(m.group(1))) + self.m.readline()
            if re.match(rb"\* \d+ FETCH ", line):
                out += line

    def items(self, number, items):
        status, raw = self.fetch(number, items)
        if status != "OK" or not raw:
            return status
        flat = tokens(raw.split(b" FETCH ", 1)[1])[0]
        return dict(zip([k.upper() for k in flat[0::2]], flat[1::2]))


def fold(value, depth=0):
    if isinstance(value, list):
        return [fold(one, depth + 1) for one in value]
    return value.lower() if isinstance(value, bytes) else value


def squeeze(value):
    if isinstance(value, list):
        return [squeeze(one) for one in value]
    return re.sub(rb"\s+", b" ", value).strip() if isinstance(value, bytes) else value


def sections(structure, prefix=""):
    """Numbers of all parts, from a BODYSTRUCTURE."""
    if isinstance(structure[0], list):
        for index, part in enumerate([one for one in structure if isinstance(one, list) and one and isinstance(one[0], (bytes, list)) and len(one) > 6 or isinstance(one, list) and one and isinstance(one[0], list)], 1):
            yield from sections(part, f"{prefix}{index}.")
    else:
        yield prefix.rstrip(".") or "1"
        if structure[0].lower() == b"message" and structure[1].lower() == b"rfc822" and len(structure) > 9 and isinstance(structure[8], list):
            inner = structure[8]
            yield from ([f"{prefix}1"] if not isinstance(inner[0], list) else sections(inner, prefix))


def main():
    folder, *rest = sys.argv[1:]
    a, b = Server(*rest[:3]), Server(*rest[3:6])
    names = sorted(os.listdir(folder))
    for name in names:
        data = open(os.path.join(folder, name), "rb").read()
        for server in (a, b):
            status, answer = server.m.append("content", None, None, data)
            assert status == "OK", (name, answer)
    for server in (a, b):
        server.m.noop()
    compared = different = 0
    for number, name in enumerate(names, 1):
        one, two = (server.items(number, "(ENVELOPE BODY BODYSTRUCTURE RFC822.SIZE)") for server in (a, b))
        for key in (b"ENVELOPE", b"BODY", b"BODYSTRUCTURE", b"RFC822.SIZE"):
            compared += 1
            x, y = (squeeze(fold(side[key])) if isinstance(side, dict) else side for side in (one, two))
            if x != y:
                different += 1
                print("differs", key.decode(), name, "\n   ", x, "\n   ", y)
        if not isinstance(one, dict):
            continue
        parts = list(dict.fromkeys(sections(one[b"BODYSTRUCTURE"])))[:40]
        wanted = [f"BODY.PEEK[{p}{s}]" for p in parts for s in ("", ".MIME", ".HEADER", ".TEXT")] + [
            "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)]", "BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT RECEIVED)]", "BODY.PEEK[TEXT]<5.20>", "BODY.PEEK[9]", "BODY.PEEK[1.9.9]"]
        for start in range(0, len(wanted), 20):
            ask = "(" + " ".join(wanted[start:start + 20]) + ")"
            one2, two2 = a.items(number, ask), b.items(number, ask)
            for key in sorted(set(one2) | set(two2)):
                compared += 1
                x, y = one2.get(key), two2.get(key)
                if (x or b"") != (y or b""):
                    different += 1
                    print("differs", key.decode(), name, "\n   ", repr(x)[-300:], "\n   ", repr(y)[-300:])
    print(f"{compared} compared, {different} different")


main()
