"""Sessions side by side that read, delete, abort and break off, while mail arrives: pop3-torture.py HOST POP3PORT SMTPPORT USER PASSWORD SECONDS SEED

Every message has the SHA-256 of its body in X-Digest, and a name of its own in X-Name. Prints a JSON document: what was done, what is
left, and each violation in words.
"""

import hashlib
import json
import poplib
import random
import smtplib
import socket
import struct
import sys
import threading
import time

host, pop3_port, smtp_port, user, password, seconds, seed = sys.argv[1:8]
poplib._MAXLINE = 10_000_000
WORKERS = 8
deadline = time.monotonic() + float(seconds)
lock = threading.Lock()
names = {}  # UIDL: name
deleted, uncertain, delivered = set(), set(), set()
done = {"sessions": 0, "retr": 0, "cut": 0, "aborted": 0, "quit": 0, "delivered": 0}
violations = []


def violate(text):
    with lock:
        violations.append(text)


def count(what):
    with lock:
        done[what] += 1


def open_session():
    session = poplib.POP3(host, int(pop3_port), timeout=30)
    session.user(user)
    session.pass_(password)
    return session


def fields(lines):
    header = lines[: lines.index(b"")] if b"" in lines else lines
    return {k.strip(): v.strip() for k, _, v in (line.partition(b":") for line in header)}


def read(session, number, uidl):
    """The message's name, after judging its bytes and its UIDL."""
    lines = session.retr(number)[1]
    count("retr")
    found = fields(lines)
    body = b"".join(line + b"\r\n" for line in lines[lines.index(b"") + 1 :])
    name = found.get(b"X-Name", b"?").decode()
    if hashlib.sha256(body).hexdigest().encode() != found.get(b"X-Digest"):
        violate(f"bytes of {name} differ")
    with lock:
        known = names.setdefault(uidl, name)
    if known != name:
        violate(f"UIDL {uidl} was {known} and is {name}")
    return name


def listing(session):
    uidls = [line.split()[1].decode() for line in session.uidl()[1]]
    if len(set(uidls)) != len(uidls):
        violate("a UIDL twice in one listing")
    if session.stat()[0] != len(uidls) or len(session.list()[1]) != len(uidls):
        violate("STAT, LIST and UIDL differ")
    return uidls


def cut_off(session, number, dice):
    """Breaks off in the middle of an answer, by FIN or RST."""
    session._putcmd(f"RETR {number}")
    session.sock.recv(dice.randrange(1, 2000))
    if dice.random() < 0.5:
        session.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    session.file.close()
    session.sock.close()
    count("cut")


def end(session, marked, dice):
    """QUIT, QUIT whose answer is not waited for, or none at all."""
    way = dice.random()
    if way < 0.5:
        session.quit()
        with lock:
            deleted.update(marked)
        count("quit")
    elif way < 0.6:
        with lock:
            uncertain.update(marked)
        session._putcmd("QUIT")
        session.close()
    else:
        session.close()
        count("aborted")


def one_session(dice):
    session = open_session()
    count("sessions")
    uidls = listing(session)
    marked = set()
    for _ in range(dice.randrange(1, 12)):
        if not uidls:
            break
        number = dice.randrange(1, len(uidls) + 1)
        if dice.random() < 0.08:
            return cut_off(session, number, dice)
        if dice.random() < 0.1:
            session.rset()
            marked.clear()
        try:
            name = read(session, number, uidls[number - 1])
        except poplib.error_proto as error:
            if not b"no such message" in error.args[0]:
                violate(f"RETR: {error}")
            continue
        if dice.random() < 0.25:
            session.dele(number)
            marked.add(name)
    if session.stat()[0] != len(uidls) - len(marked):
        violate("the numbers changed within a session")
    end(session, marked, dice)


def work(worker):
    dice = random.Random(f"{seed}-{worker}")
    while time.monotonic() < deadline:
        try:
            one_session(dice)
        except Exception as error:  # noqa: BLE001
            violate(f"{type(error).__name__}: {error}")


def deliver():
    dice = random.Random(seed)
    client = smtplib.SMTP(host, int(smtp_port), timeout=30)
    client.login(user, password)
    number = 0
    while time.monotonic() < deadline:
        lines = [bytes(dice.choice(b".ab c") for _ in range(dice.randrange(70))) for _ in range(dice.randrange(1, 40))]
        body = b"".join(line + b"\r\n" for line in lines)
        name = f"new-{number}"
        header = f"X-Name: {name}\r\nX-Digest: {hashlib.sha256(body).hexdigest()}\r\n\r\n"
        client.sendmail(user, [user], header.encode() + body)
        delivered.add(name)
        count("delivered")
        number += 1
        time.sleep(0.02)
    client.quit()


threads = [threading.Thread(target=work, args=(worker,)) for worker in range(WORKERS)] + [threading.Thread(target=deliver)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
last = open_session()
left = [read(last, i + 1, uidl) for i, uidl in enumerate(listing(last))]
last.quit()
print(json.dumps({**done, "left": left, "deleted": sorted(deleted), "uncertain": sorted(uncertain), "arrived": sorted(delivered), "violations": violations}))
