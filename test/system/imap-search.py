"""Appends the messages of a folder to two IMAP servers and searches both for what Python reads in them. Prints each search in which the
first one misses a message that the second one and Python find, and counts messages that only one of the two finds. Usage:
imap-search.py DIR PORT1 USER1 PASS1 PORT2 USER2 PASS2"""
import email, email.header, email.policy, imaplib, os, random, re, sys, unicodedata
from email.utils import parsedate_tz

imaplib._MAXLINE = 100_000_000
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Server:
    def __init__(self, port, user, password):
        self.m = imaplib.IMAP4("127.0.0.1", int(port))
        self.m.login(user, password)
        self.m.create("search")
        self.m.select("search")

    def search(self, keys):
        """Numbers that are found; keys are bytes, those in a tuple literals."""
        tag = self.m._new_tag()
        line = tag + b" SEARCH CHARSET UTF-8"
        for key in keys:
            if isinstance(key, tuple):
                self.m.send(line + b" {%d}\r\n" % len(key[0]))
                self.m.readline()
                line = key[0]
            else:
                line += b" " + key
        self.m.send(line + b"\r\n")
        found = set()
        while True:
            answer = self.m.readline()
            if answer.startswith(b"* SEARCH"):
                found |= {int(one) for one in answer.split()[2:]}
            if answer.startswith(tag):
                return found if b" OK " in answer else answer


def words(text):
    return [one for one in re.findall(r"[^\W\d_]{4,14}", text) if unicodedata.is_normalized("NFC", one)]


def subject(message):
    try:
        return "".join(
            part.decode(charset or "ascii") if isinstance(part, bytes) else part
            for part, charset in email.header.decode_header(re.sub(r"\r?\n", "", message["subject"] or ""))
        )
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return ""


def bodies(message):
    """Texts that Python can decode as they are declared."""
    for part in message.walk():
        encoding = str(part.get("content-transfer-encoding", "7bit")).strip().lower()
        if part.get_content_maintype() != "text" or encoding not in ("7bit", "8bit", "base64", "quoted-printable"):
            continue
        try:
            yield part.get_payload(decode=True).decode(part.get_content_charset("ascii"))
        except (LookupError, UnicodeError, AttributeError):
            pass


def wanted(random_, message):
    """Searches that have to find the message."""
    in_subject = words(subject(message))
    if in_subject:
        yield [b"SUBJECT", (random_.choice(in_subject).swapcase().encode(),)]
    for text in list(bodies(message))[:2]:
        in_body = words(text)
        if in_body:
            word = random_.choice(in_body).encode()
            yield [random_.choice([b"BODY", b"TEXT"]), (word,)]
    if re.search(r"^[\w.]+@[\w.]+$", str(message["from"] or "")):
        yield [b"FROM", (str(message["from"]).encode(),)]
    date = parsedate_tz(str(message["date"] or ""))
    if date and 1970 < date[0] < 2040 and re.match(PLAIN_DATE, str(message["date"])):
        yield [random_.choice([b"SENTON", b"SENTSINCE"]), b"%d-%s-%d" % (date[2], MONTHS[date[1] - 1].encode(), date[0])]


FIXED = [
    [b"LARGER 5000 SMALLER 9000"], [b"NOT HEADER subject", (b"",)], [b"HEADER Content-Type", (b"multipart",)], [b"HEADER X-Mailer", (b"",)],
    [b"OR FROM example SUBJECT re"], [b"SENTBEFORE 1-Jan-2003"], [b"CC", (b"@",)], [b"BODY", (b"http://",)], [b"TEXT", (b"boundary",)],
    [b"UNSEEN NOT LARGER 1000 NOT 5:9"], [b"TEXT", ("안녕".encode(),)], [b"NOT OR TEXT", (b"the",), b"BODY", (b"and",)],
]
ENCODINGS = {"7bit", "8bit", "binary", "base64", "quoted-printable"}
PLAIN_DATE = r"(\w{3}, +)?\d{1,2} \w{3} \d{4} \d\d:\d\d(:\d\d)? [+-]\d{4}$"


def incomparable(message):
    """Kinds of keys for which the servers choose differently where the message is like this, each with good reason."""
    kinds = set()
    # A day that the field names in another form than RFC 5322's, or a message without the field.
    if not re.match(PLAIN_DATE, str(message["date"] or "")):
        kinds |= {b"SENTON", b"SENTSINCE", b"SENTBEFORE"}
    # The header of an attached message is part of the body for the first, and for the second only of the text.
    if any(part.get_content_maintype() == "message" for part in message.walk()):
        kinds |= {b"BODY"}
    # Content in a transfer encoding that does not exist: the first searches what stands there, the second nothing.
    # Text in a charset that is not named, or not the one that is: the first tries others, the second takes none.
    encodings = {str(part.get("content-transfer-encoding", "7bit")).strip().lower() for part in message.walk()}
    if not encodings <= ENCODINGS or message.defects or any(part.defects for part in message.walk()) or not message.get_content_charset("ascii").isascii():
        kinds |= {b"BODY", b"TEXT"}
    return kinds


def main():
    folder, *rest = sys.argv[1:]
    a, b = Server(*rest[:3]), Server(*rest[3:6])
    random_ = random.Random(5)
    searches = [(None, keys) for keys in FIXED]
    apart = {}
    for number, name in enumerate(sorted(os.listdir(folder)), 1):
        data = open(os.path.join(folder, name), "rb").read()
        for server in (a, b):
            server.m.append("search", None, None, data)
        message = email.message_from_bytes(data)
        try:
            apart[number] = incomparable(message)
            searches += [(number, keys) for keys in wanted(random_, message)]
        except (email.errors.MessageError, ValueError, TypeError, IndexError, AttributeError):
            apart[number] = {b"BODY", b"TEXT", b"SENTON", b"SENTSINCE", b"SENTBEFORE"}
    for server in (a, b):
        server.m.noop()
    found = different = missed = 0
    for number, keys in searches:
        one, two = a.search(keys), b.search(keys)
        if not isinstance(one, set) or not isinstance(two, set):
            print("refused", keys, one, two)
            missed += 1
            continue
        if number in two - one:
            missed += 1
            print("missed", number, keys)
        only = [n for n in one ^ two if not any(kind in b" ".join(k for k in keys if isinstance(k, bytes)) for kind in apart[n])]
        found += len(one | two)
        different += len(only)
        if only:
            print("differs", keys, "first only", sorted(set(only) & one)[:8], "second only", sorted(set(only) & two)[:8])
    print(f"{len(searches)} searches, {found} found, {missed} missed, {different} by one only")


main()
