import { encodingOf, type Property, parameterOf, type VcardVersion } from './property.ts';
import { readText, writeUndivided } from './value-text.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATA_URI = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+);base64,/;
const UNKNOWN_MEDIA = 'application/octet-stream';
/** The beginnings of pictures, in base64. */
const SIGNATURES: readonly (readonly [start: string, mediaType: string])[] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

export const isBase64 = (text: string): boolean => text.length % 4 === 0 && BASE64.test(text);

/** What stands behind a base64 value of which no media type is known. */
export const unknownData = (base64: string): string => `data:${UNKNOWN_MEDIA};base64,${base64}`;

/** The base64 behind a `data:` URI of no known media type; null for any other text. */
export const unknownDataOf = (text: string): string | null => {
  const start = unknownData('');
  const base64 = text.startsWith(start) ? text.slice(start.length) : '';
  return base64 !== '' && isBase64(base64) ? base64 : null;
};

const mediaTypeOf = (type: string, base64: string): string => {
  if (type.includes('/')) return type.toLowerCase();
  if (type !== '') return `image/${type.toLowerCase()}`;
  return SIGNATURES.find(([start]) => base64.startsWith(start))?.[1] ?? UNKNOWN_MEDIA;
};

/** A picture as a URL or `data:` URI; null where it is neither. `TYPE` is understood where the picture is in the card. */
export const readPhoto = (property: Property, version: VcardVersion): string | null => {
  if (encodingOf(property) !== 'base64') return readText(property.value, version);
  if (property.value === '' || !isBase64(property.value)) return null;
  const [type = ''] = parameterOf(property, 'TYPE');
  return `data:${mediaTypeOf(type, property.value)};base64,${property.value}`;
};

/** 4.0 has `data:` URIs, the others base64. */
export const writePhoto = (photo: string, version: VcardVersion): Pick<Property, 'parameters' | 'value'> => {
  const [start, mediaType = ''] = (version === '4.0' ? null : DATA_URI.exec(photo.slice(0, 100))) ?? [];
  const base64 = start === undefined ? '' : photo.slice(start.length);
  if (base64 === '' || !isBase64(base64)) {
    const parameters = version === '4.0' ? [] : [{ name: 'VALUE', values: [version === '2.1' ? 'URL' : 'uri'] }];
    return { parameters, value: writeUndivided(photo, version) };
  }
  const subtype = mediaType.startsWith('image/') ? mediaType.slice('image/'.length).toUpperCase() : mediaType;
  const parameters = [
    { name: 'TYPE', values: [subtype] },
    { name: 'ENCODING', values: ['b'] },
  ];
  return { parameters, value: base64 };
};
