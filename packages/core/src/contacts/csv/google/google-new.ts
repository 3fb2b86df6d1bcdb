import { googleForm } from './google-form.ts';

/** Google Contacts since 2024. */
export const googleNew = googleForm({
  id: 'google',
  labelHeader: 'Label',
  columns: [
    ['First Name', 'name.given'],
    ['Middle Name', 'name.middle'],
    ['Last Name', 'name.family'],
    ['Phonetic First Name', 'name.phoneticGiven'],
    ['Phonetic Middle Name', 'name.phoneticMiddle'],
    ['Phonetic Last Name', 'name.phoneticFamily'],
    ['Name Prefix', 'name.prefix'],
    ['Name Suffix', 'name.suffix'],
    ['Nickname', 'name.nickname'],
    ['File As', 'name.fileAs'],
    ['Organization Name', 'organization.name'],
    ['Organization Title', 'organization.title'],
    ['Organization Department', 'organization.department'],
    ['Birthday', 'date.birthday'],
    ['Notes', 'notes'],
    ['Photo', 'photo'],
    ['Labels', 'groups'],
  ],
  kinds: ['email', 'phone', 'address', 'relation', 'website', 'event', 'custom'],
});
