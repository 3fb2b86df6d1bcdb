#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: better-sqlite3 needs Node-API 10 and crashes
// without a word where it is missing, so nothing else is loaded before this check.

import module from 'node:module';

const NODE_API_NEEDED = 10;

if (Number(process.versions.napi) >= NODE_API_NEEDED) {
  // Compiled once, and read back by later runs: a fifth of a second of each.
  module.enableCompileCache?.();
  import('../dist/main.js');
} else {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  process.stderr.write(
    locale.startsWith('ko')
      ? `mailferry를 실행하려면 Node.js 22.14 이상이 필요합니다. 현재 버전은 ${process.version}입니다.\nhttps://nodejs.org/ 에서 새 버전을 설치한 뒤 다시 실행해 주십시오.\n`
      : `mailferry needs Node.js 22.14 or newer; this is ${process.version}.\nInstall a newer version from https://nodejs.org/ and run it again.\n`,
  );
  process.exitCode = 1;
}
