import type { Access } from '../store/access-log.ts';
import type { Html, View } from './console-env.ts';
import { tag, time } from './pieces.ts';
import { type Column, renderTable } from './table.ts';

const resultText = ({ texts }: View, result: string): string => {
  const { results } = texts.accessLog;
  return Object.hasOwn(results, result) ? results[result as keyof typeof results] : result;
};

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
      { title: words.result, cell: ({ result }) => (result === 'ok' ? tag(words.results.ok, 'good') : resultText(view, result)) },
    ],
    accesses,
  );
};
