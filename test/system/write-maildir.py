"""Delivers a tree of EML files into a Maildir++ by Python's mailbox module: write-maildir.py TREE MAILDIR"""

import mailbox
import os
import sys

tree, target = sys.argv[1:3]
root = mailbox.Maildir(target, create=True)
for n, name in enumerate(sorted(os.listdir(tree))):
    folder = root.add_folder(name)
    for file in sorted(os.listdir(os.path.join(tree, name))):
        with open(os.path.join(tree, name, file), "rb") as message:
            content = message.read()
        # Messages go in as they are: the module would rewrite the line ends of what it parses.
        key = folder.add("placeholder")
        path = os.path.join(folder._path, folder._lookup(key))
        with open(path, "wb") as out:
            out.write(content)
        if n % 2 == 0:
            entry = folder.get_message(key)
            entry.set_flags("FS")
            entry.set_subdir("cur")
            flagged = os.path.join(folder._path, "cur", key + ":2,FS")
            os.rename(path, flagged)
