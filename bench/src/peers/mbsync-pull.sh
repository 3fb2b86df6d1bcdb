#!/usr/bin/env bash
# All mail of an IMAP account into a Maildir, by mbsync: mbsync-pull.sh PORT USER PASSWORD DIRECTORY
# DIRECTORY has to be empty. Prints how many messages came.
set -euo pipefail
port=$1 user=$2 password=$3 work=$4
mkdir "$work/mail"
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
RC
# It warns of FSync on stderr; a failure still ends the script.
mbsync -q -c "$work/mbsyncrc" backup 2> "$work/mbsync.log" || { cat "$work/mbsync.log" >&2; exit 1; }
find "$work/mail" -type f -path '*,U=*' | wc -l
