#!/usr/bin/env python3
"""Checks an archive by docs/archive-format.md, with nothing of Mailferry's: check_archive.py FOLDER [KEY.pub]
Prints what is wrong and ends with 1, else with 0. Parts that are encrypted are only hashed. Python 3.9, standard library only."""
import base64, hashlib, json, os, sys, zipfile
def sha256(data): return hashlib.sha256(data).digest()
def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""): digest.update(block)
    return digest.hexdigest()
def merkle_root(leaves):  # RFC 9162, section 2.1.1
    if len(leaves) < 2: return sha256(b"\0" + leaves[0]) if leaves else sha256(b"")
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + merkle_root(leaves[:k]) + merkle_root(leaves[k:]))
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, section 5.1
D = -121665 * pow(121666, -1, P) % P
def add(a, b):
    (x, y), (u, v) = a, b
    k = D * x * u * y * v % P
    return (x * v + u * y) * pow(1 + k, -1, P) % P, (y * v + x * u) * pow(1 - k, -1, P) % P
def times(n, point):
    total = (0, 1)
    while n: total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total
def point_of(raw):
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P: raise ValueError("not a point")
    return (P - x if (x & 1) != raw[31] >> 7 else x), y
def is_signed(text, key, signature):
    s, base = int.from_bytes(signature[32:], "little"), point_of(bytes.fromhex("58" + "66" * 31))
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return s < L and times(s, base) == add(point_of(signature[:32]), times(h, point_of(key)))
folder, problems, previous = sys.argv[1], [], None
at = lambda name: os.path.join(folder, name)
lines = open(at("chain.jsonl"), "rb").read().splitlines(keepends=True)
records = [json.loads(line) for line in lines]
if records[-1]["kind"] == "signature" or len(sys.argv) > 2:
    key, signature = (base64.b64decode(records[-1].get(name, "")) for name in ("publicKey", "signature"))
    if len(sys.argv) > 2 and base64.b64decode("".join(open(sys.argv[2]).read().split("\n")[1:-2]))[-32:] != key: problems.append("signed by another key, or not at all")
    elif not is_signed(b"".join(lines[:-1]), key, signature): problems.append("the signature does not hold")
for link in (record for record in records if record["kind"] == "link"):
    for name, wanted in ((link["part"], link["sha256"]), (link["manifest"], link["manifestSha256"])):
        if not os.path.exists(at(name)) or sha256_of(at(name)) != wanted: problems.append(f"{name}: missing, or changed")
    if link["part"].endswith(".age") or not os.path.exists(at(link["part"])) or not os.path.exists(at(link["manifest"])): continue
    manifest = open(at(link["manifest"]), "rb").read().splitlines()
    head, messages = json.loads(manifest[0]), [line for line in manifest if json.loads(line)["kind"] == "message"]
    if head["previous"] != previous: problems.append(f"{link['manifest']}: does not go on from the one before")
    if not merkle_root(messages).hex() == head["merkleRoot"] == link["merkleRoot"]: problems.append(f"{link['manifest']}: another Merkle root")
    previous = link["linkSha256"]
    try:
        with zipfile.ZipFile(at(link["part"])) as part:
            if part.namelist() != [json.loads(line)["name"] for line in messages]: problems.append(f"{link['part']}: other entries than its manifest")
            for entry in map(json.loads, messages):
                if sha256(part.read(entry["name"])).hex() != entry["sha256"]: problems.append(f"{link['part']}: {entry['name']}: changed")
    except Exception as error: problems.append(f"{link['part']}: {error}")
print("\n".join(problems) or f"whole: {records[0]['messages']} messages in {records[0]['parts']} parts, head {previous}")
sys.exit(bool(problems))
