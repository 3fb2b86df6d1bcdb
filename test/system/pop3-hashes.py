"""SHA-256 of every message of a POP3 account: pop3-hashes.py HOST PORT USER PASSWORD"""

import hashlib
import poplib
import sys

host, port, user, password = sys.argv[1:5]
poplib._MAXLINE = 10_000_000
session = poplib.POP3(host, int(port))
session.user(user)
session.pass_(password)
for number in range(1, session.stat()[0] + 1):
    lines = session.retr(number)[1]
    print(hashlib.sha256(b"".join(line + b"\r\n" for line in lines)).hexdigest())
session.quit()
