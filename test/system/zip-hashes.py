"""Prints `name<TAB>sha256` of every entry of the ZIPs, after Python's own check of each."""
import hashlib, sys, zipfile

for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as part:
        if part.testzip() is not None:
            sys.exit('damaged: ' + path)
        for entry in part.infolist():
            print(entry.filename, hashlib.sha256(part.read(entry)).hexdigest(), sep='\t')
