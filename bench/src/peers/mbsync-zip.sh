#!/usr/bin/env bash
# A backup put together from Debian's programs: IMAP account -> Maildir -> EML files -> checksums -> ZIP -> read back.
#   mbsync-zip.sh PORT USER PASSWORD DIRECTORY
# Everything stays in DIRECTORY, which has to be empty. Prints how many messages were read back and found right.
set -euo pipefail
port=$1 user=$2 password=$3 work=$4
mkdir "$work/mail" "$work/eml" "$work/sums" "$work/check"

cat > "$work/mbsyncrc" <<RC
FSync no
IMAPAccount source
Host 127.0.0.1
Port $port
User $user
Pass $password
SSLType None
AuthMechs LOGIN

IMAPStore far
Account source

MaildirStore near
Path $work/mail/
Inbox $work/mail/INBOX
SubFolders Verbatim

Channel backup
Far :far:
Near :near:
Patterns *
Create Near
Sync Pull
SyncState *
CopyArrivalDate yes
RC
# It warns of FSync on stderr; a failure still ends the script.
mbsync -q -c "$work/mbsyncrc" backup 2> "$work/mbsync.log" || { cat "$work/mbsync.log" >&2; exit 1; }

# Maildir names are made for mail programs: <mailbox>/<uid>.eml, by renaming.
(cd "$work/mail" && find . -type f -path '*,U=*' -print0) | perl -0 -ne '
  BEGIN { use File::Path "make_path"; ($from, $to) = splice @ARGV, 0, 2 }
  chomp;
  if (m{^\./(.*)/(?:cur|new)/[^/]*,U=(\d+)}) {
    make_path("$to/$1") unless $made{$1}++;
    rename "$from/$_", "$to/$1/$2.eml" or die "$_: $!";
  }' "$work/mail" "$work/eml"

cd "$work/eml"
find . -type f -name '*.eml' -print0 | SUMS="$work/sums" xargs -0 -P2 -n1000 sh -c 'sha256sum "$@" > "$SUMS/$$"' sh
cat "$work/sums"/* > MANIFEST.sha256
zip -q -6 -r "$work/backup.zip" .

cd "$work/check"
7zz x -bso0 -bsp0 "$work/backup.zip"
sha256sum --quiet -c MANIFEST.sha256
wc -l < MANIFEST.sha256
