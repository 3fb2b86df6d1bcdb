import type { PostalAddress } from './contact.ts';

const HANGUL = /[가-힣]/;

/** An address in one text: as its source formatted it, else its parts, from big to small in Korean, from small to big otherwise. */
export const displayAddress = (address: PostalAddress): string => {
  if (address.formatted !== '') return address.formatted;
  const { street, extended, street3, poBox, city, region, postalCode, country } = address;
  const lines = [street, extended, street3, poBox];
  const isKorean = HANGUL.test(`${street}${extended}${city}${region}`);
  const written = (parts: readonly string[], separator: string): string => parts.filter((part) => part !== '').join(separator);
  if (!isKorean) return written([...lines, city, written([region, postalCode], ' '), country], ', ');
  const place = written([region, city, ...lines], ' ');
  return written([country, postalCode === '' ? '' : place === '' ? postalCode : `(${postalCode})`, place], ' ');
};
