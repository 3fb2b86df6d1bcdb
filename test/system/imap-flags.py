"""Prints flags and INTERNALDATE of every message of an IMAP account, to see that nothing changed."""
import imaplib, re, sys

host, port, user, password = sys.argv[1:5]
with imaplib.IMAP4(host, int(port)) as imap:
    imap.login(user, password)
    for line in imap.list()[1]:
        flags, name = re.match(rb'\((.*?)\) "." (.*)', line).groups()
        if b'\\Noselect' in flags:
            continue
        if int(imap.select(b'"%s"' % name.strip(b'"'), readonly=True)[1][0]):
            for item in imap.uid('FETCH', '1:*', '(UID FLAGS INTERNALDATE)')[1]:
                print(name, re.sub(rb' ?\\Recent', b'', item))
