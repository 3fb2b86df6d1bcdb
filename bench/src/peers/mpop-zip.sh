#!/usr/bin/env bash
# A backup put together from Debian's programs: POP3 inbox -> Maildir -> checksums -> ZIP -> read back.
#   mpop-zip.sh PORT USER PASSWORD DIRECTORY
# Everything stays in DIRECTORY, which has to be empty. Prints how many messages were read back and found right.
set -euo pipefail
port=$1 user=$2 password=$3 work=$4
mkdir -p "$work/mail"/{cur,new,tmp} "$work/sums" "$work/check"
cat > "$work/mpoprc" <<RC
account default
host 127.0.0.1
port $port
user $user
password $password
auth user
tls off
keep on
received_header off
uidls_file $work/uidls
delivery maildir $work/mail
RC
chmod 600 "$work/mpoprc"
mpop -q -C "$work/mpoprc"

cd "$work/mail/new"
perl -e 'rename $_, ++$n . ".eml" or die for glob "*"'
find . -type f -name '*.eml' -print0 | SUMS="$work/sums" xargs -0 -P2 -n1000 sh -c 'sha256sum "$@" > "$SUMS/$$"' sh
cat "$work/sums"/* > MANIFEST.sha256
zip -q -6 -r "$work/backup.zip" .

cd "$work/check"
7zz x -bso0 -bsp0 "$work/backup.zip"
sha256sum --quiet -c MANIFEST.sha256
wc -l < MANIFEST.sha256
