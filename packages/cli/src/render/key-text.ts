import type { KeyReport } from '../commands/key-new.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { labelledLines } from './table.ts';

/** A key that was made. */
export const keyText = ({ privateKeyPath, publicKeyPath, fingerprint }: KeyReport, texts: Texts, columns: number): string[][] => [
  labelledLines(
    [
      [texts.text('key.private'), printable(privateKeyPath)],
      [texts.text('key.public'), printable(publicKeyPath)],
      [texts.text('key.fingerprint'), fingerprint],
    ],
    columns,
  ),
  wrapToWidth(texts.text('final.key', { path: printable(privateKeyPath) }), columns, 0),
];
