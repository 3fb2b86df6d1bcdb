import { expect, it } from 'vitest';
import { readGmailLabels } from './gmail-labels.ts';

it('makes mailboxes of labels, and flags of states', () => {
  expect(readGmailLabels('Inbox,Important,Starred,Unread,업무/2024')).toEqual({
    mailboxes: ['INBOX', '업무/2024'],
    flags: ['$Important', '\\Flagged'],
  });
  expect(readGmailLabels('Sent,Opened,Category Promotions')).toEqual({ mailboxes: ['Sent'], flags: ['\\Seen', 'Category_Promotions'] });
});

it('knows the Korean names, also decomposed', () => {
  expect(readGmailLabels('받은편지함,별표편지함,읽지 않음')).toEqual({ mailboxes: ['INBOX'], flags: ['\\Flagged'] });
  expect(readGmailLabels('임시보관함'.normalize('NFD'))).toEqual({ mailboxes: ['Drafts'], flags: ['\\Seen', '\\Draft'] });
  expect(readGmailLabels('보낸편지함,휴지통,스팸함').mailboxes).toEqual(['Sent', 'Trash', 'Spam']);
});

it('puts what no label places into the archive', () => {
  expect(readGmailLabels('')).toEqual({ mailboxes: ['Archive'], flags: ['\\Seen'] });
  expect(readGmailLabels('Archived,Unread')).toEqual({ mailboxes: ['Archive'], flags: [] });
});

it('keeps commas and quotes in quoted labels, and names a mailbox once', () => {
  expect(readGmailLabels('"3. Culture, Time",Work,"say ""hi""",Work').mailboxes).toEqual(['3. Culture, Time', 'Work', 'say "hi"']);
});
