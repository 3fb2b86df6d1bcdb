import type { Access } from '../store/access-log.ts';
import type { Html, View } from './console-env.ts';
import { refusalText } from './forms.ts';
import { tag, time } from './pieces.ts';
import { type Column, renderTable } from './table.ts';

/** Log-ins, granted and refused (SPEC A12). */
export const accessTable = (view: View, accesses: readonly Access[], withAccount: boolean): Html => {
  const { accessLog: words } = view.texts;
  const account: Column<Access> = { title: words.user, cell: ({ user }) => user };
  return renderTable(
    words.title,
    [
      { title: words.at, cell: ({ at }) => time(view, at) },
      ...(withAccount ? [account] : []),
      { title: words.route, cell: ({ route }) => words.routes[route] },
      { title: words.address, cell: ({ address }) => address },
      { title: words.result, cell: ({ result }) => (result === 'ok' ? tag(words.ok, 'good') : refusalText(view, result)) },
    ],
    accesses,
  );
};
