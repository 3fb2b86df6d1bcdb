"""Prints `mailbox<TAB>uid<TAB>sha256` of every message of an IMAP account, as Python's imaplib gets it."""
import hashlib, imaplib, re, sys

host, port, user, password = sys.argv[1:5]
imaplib._MAXLINE = 10_000_000
with imaplib.IMAP4(host, int(port)) as imap:
    imap.login(user, password)
    for line in imap.list()[1]:
        flags, name = re.match(rb'\((.*?)\) "." (.*)', line).groups()
        if b'\\Noselect' in flags or b'\\NonExistent' in flags:
            continue
        name = name.decode('ascii').strip('"')
        exists = int(imap.select('"%s"' % name, readonly=True)[1][0])
        if exists == 0:
            continue
        for item in imap.uid('FETCH', '1:*', '(UID BODY.PEEK[])')[1]:
            if isinstance(item, tuple):
                uid = re.search(rb'UID (\d+)', item[0]).group(1).decode()
                print(name, uid, hashlib.sha256(item[1]).hexdigest(), sep='\t')
