import { CONTACT_FORMATS } from '@mailferry/core/contacts';
import type { Texts } from '../texts.ts';
import { formatText } from './contacts-detection.ts';
import { textTable } from './table.ts';

/** The formats, with what they need. */
export const formatLines = (texts: Texts): string[] => {
  const heading = [texts.text('column.format'), texts.text('column.format-name'), texts.text('column.file'), texts.text('column.needs')];
  const rows = Array.from(CONTACT_FORMATS.values(), ({ id, fileExtension, requires }) => [
    id,
    formatText(id, texts),
    fileExtension,
    texts.text(requires.length > 0 ? 'needs.both' : 'needs.nothing'),
  ]);
  return [...textTable([heading, ...rows]), '', texts.text('final.formats')];
};
