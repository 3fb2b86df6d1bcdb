import type { PlainKey } from './texts.ts';

type HelpName<Key> = Key extends `help.${infer Name}` ? (Name extends `${string}.${string}` ? never : Name) : never;
/** An option has its text under `help.<name>`. */
export type OptionName = HelpName<PlainKey>;

export interface OptionSpec {
  readonly kind: 'value' | 'list' | 'flag';
  readonly group: 'source' | 'login' | 'filter' | 'target' | 'archive' | 'reading' | 'writing' | 'platform';
  readonly required?: boolean;
  /** Its text, where that of its name is about something else. */
  readonly help?: PlainKey;
  /** Shown in the help; the default itself is set where the options are checked. */
  readonly shownDefault?: string;
}

export interface CommandSpec {
  readonly help: PlainKey;
  readonly shortHelp: PlainKey;
  /** Text of the one positional argument `<path>`, for commands that take it. */
  readonly path?: PlainKey;
  /** The same for one that may be left out. */
  readonly optionalPath?: { readonly name: string; readonly help: PlainKey };
  /** One more behind `<path>`. */
  readonly second?: { readonly name: string; readonly typed: string; readonly help: PlainKey };
  readonly options: Readonly<Partial<Record<OptionName, OptionSpec>>>;
  /** A command line in pieces, one below the other. */
  readonly examples: readonly (readonly [pieces: readonly string[], help: PlainKey])[];
  readonly epilogue?: PlainKey;
}

const value = (group: OptionSpec['group']): OptionSpec => ({ kind: 'value', group });
const list = (group: OptionSpec['group']): OptionSpec => ({ kind: 'list', group });
const flag = (group: OptionSpec['group']): OptionSpec => ({ kind: 'flag', group });

const tokens: CommandSpec['options'] = {
  'oauth2-token-command': value('login'),
  'oauth2-provider': value('login'),
  'oauth2-client-id': value('login'),
  'oauth2-client-secret-file': value('login'),
  'oauth2-refresh-token-file': value('login'),
};
const source: CommandSpec['options'] = {
  'from': { kind: 'value', group: 'source', required: true },
  'provider': value('source'),
  'way': value('source'),
  'connections': value('source'),
  'compress': flag('source'),
  'mbox-format': value('source'),
  'allow-insecure': flag('source'),
  'from-ca-file': value('source'),
  'from-fingerprint': value('source'),
  'from-password-file': value('login'),
  'from-password-env': value('login'),
  'from-master-user': value('login'),
  'from-master-separator': { kind: 'value', group: 'login', shownDefault: '*' },
  ...tokens,
};
const filter: CommandSpec['options'] = {
  'include': list('filter'),
  'exclude': list('filter'),
  'period': value('filter'),
  'time-zone': value('filter'),
  'larger-than': value('filter'),
  'smaller-than': value('filter'),
  'with-flag': list('filter'),
  'without-flag': list('filter'),
};
const inArchive: CommandSpec['options'] = {
  'identity': value('archive'),
  'time-zone': { kind: 'value', group: 'archive', help: 'help.time-zone.shown' },
};
const goOn: CommandSpec['options'] = {
  'rebind': flag('archive'),
  'delete-after-pull': flag('archive'),
  'sign-key': value('archive'),
  'dry-run': flag('archive'),
};
const target: CommandSpec['options'] = {
  'to': { kind: 'value', group: 'target', required: true },
  'to-password-file': { kind: 'value', group: 'target' },
  'to-password-env': { kind: 'value', group: 'target' },
  'to-ca-file': { kind: 'value', group: 'target' },
  'to-code-command': value('login'),
};
const yes: OptionSpec = { kind: 'flag', group: 'target' };

const reading: CommandSpec['options'] = {
  'from': { kind: 'value', group: 'reading', help: 'help.from.contacts' },
  'encoding': value('reading'),
  'delimiter': value('reading'),
  'map': list('reading'),
};
const writing: CommandSpec['options'] = {
  'output-encoding': { kind: 'value', group: 'writing', shownDefault: 'utf-8' },
  'raw': flag('writing'),
  'national-id': flag('writing'),
  'incomplete': value('writing'),
  'details': value('writing'),
  'overwrite': flag('writing'),
};
const out: OptionSpec = { kind: 'value', group: 'writing', required: true, help: 'help.out.contacts' };
const toFormat: OptionSpec = { kind: 'value', group: 'writing', help: 'help.to.contacts' };
const more = { name: 'more', typed: '[more..]', help: 'help.path.contacts-more' } as const;
const account: CommandSpec['options'] = {
  'to-password-file': value('login'),
  'to-password-env': value('login'),
  'to-code-command': value('login'),
  'to-ca-file': value('target'),
  'allow-insecure': flag('target'),
};

const MIGRATE = 'mailferry migrate --from imaps://kim@mail.old.example';
const NEW_HOME = '--to https://kim@new.example --archive ./kim';

/** What can be typed: the one table behind parsing and help. Values are checked in options.ts. */
export const COMMANDS = {
  'migrate': {
    help: 'help.migrate',
    shortHelp: 'help.migrate.short',
    options: {
      ...source,
      ...filter,
      ...target,
      'archive': { kind: 'value', group: 'archive', required: true },
      ...goOn,
      yes,
    },
    examples: [
      [[`${MIGRATE} \\`, `  ${NEW_HOME}`], 'help.example.migrate'],
      [
        [`${MIGRATE} \\`, `  ${NEW_HOME} \\`, '  --from-password-file old.txt --to-password-file new.txt --yes'],
        'help.example.migrate-unattended',
      ],
    ],
    epilogue: 'help.passwords',
  },
  'backup': {
    help: 'help.backup',
    shortHelp: 'help.backup.short',
    options: {
      ...source,
      ...filter,
      'out': { kind: 'value', group: 'archive', required: true },
      'for-upload': { kind: 'flag', group: 'archive' },
      'part-size': { kind: 'value', group: 'archive' },
      'encrypt-to': list('archive'),
      'recipients-file': value('archive'),
      ...goOn,
      'yes': flag('archive'),
    },
    examples: [
      [['mailferry backup --from imaps://kim@mail.example.com --out ./kim'], 'help.example.backup'],
      [['mailferry backup --from imaps://kim@mail.example.com \\', '  --out ./kim --for-upload'], 'help.example.backup-for-upload'],
      [['mailferry backup --from kim@naver.com --period 2024 \\', "  --exclude '스팸*' --out ./kim"], 'help.example.backup-filter'],
      [['mailferry backup --from ./Takeout/Mail --out ./kim'], 'help.example.backup-files'],
      [
        ['mailferry backup --from imaps://kim@mail.example.com --out ./kim \\', '  --recipients-file keys.txt'],
        'help.example.backup-encrypted',
      ],
      [['mailferry backup --from imaps://kim@mail.example.com --out ./kim --dry-run'], 'help.example.backup-dry-run'],
    ],
    epilogue: 'help.passwords',
  },
  'upload': {
    help: 'help.upload',
    shortHelp: 'help.upload.short',
    path: 'help.path.upload',
    options: { ...target, 'allow-insecure': { kind: 'flag', group: 'target' }, yes, 'mailbox': { kind: 'value', group: 'archive' } },
    examples: [
      [['mailferry upload ./kim --to https://kim@new.example'], 'help.example.upload-archive'],
      [['mailferry upload old-mail.zip --mailbox Archive --to https://kim@new.example'], 'help.example.upload-zip'],
    ],
    epilogue: 'help.passwords',
  },
  'repack': {
    help: 'help.repack',
    shortHelp: 'help.repack.short',
    path: 'help.path.repack',
    options: {
      'out': { kind: 'value', group: 'archive', required: true },
      'by': { kind: 'value', group: 'archive', shownDefault: 'mailbox' },
      'part-size': value('archive'),
      'identity': value('archive'),
      'sign-key': value('archive'),
    },
    examples: [
      [['mailferry repack ./kim --out ./kim-upload'], 'help.example.repack'],
      [['mailferry repack ./kim --out ./kim-years --by year'], 'help.example.repack-year'],
      [['mailferry repack ./backup-of-a-hoster --out ./kim-upload'], 'help.example.repack-foreign'],
    ],
  },
  'repair': {
    help: 'help.repair',
    shortHelp: 'help.repair.short',
    path: 'help.path.repair',
    options: { out: { kind: 'value', group: 'archive', required: true }, identity: value('archive') },
    examples: [[['mailferry repair ./kim --out ./kim-repaired'], 'help.example.repair']],
  },
  'restore': {
    help: 'help.restore',
    shortHelp: 'help.restore.short',
    path: 'help.path.verify',
    options: {
      'to': { kind: 'value', group: 'target', required: true, help: 'help.to-imap' },
      'allow-insecure': flag('target'),
      'to-ca-file': value('target'),
      'to-fingerprint': value('target'),
      'connections': { kind: 'value', group: 'target', help: 'help.connections-target' },
      'under': value('target'),
      'to-password-file': value('login'),
      'to-password-env': value('login'),
      'to-master-user': value('login'),
      'to-master-separator': { kind: 'value', group: 'login', shownDefault: '*' },
      ...tokens,
      ...filter,
      'as-listed': flag('filter'),
      'identity': value('archive'),
      'journal': value('archive'),
      'send-uncertain': flag('archive'),
      'dry-run': flag('archive'),
      'yes': flag('archive'),
    },
    examples: [
      [['mailferry restore ./kim --to imaps://kim@mail.example.com'], 'help.example.restore'],
      [
        ['mailferry restore ./kim --to imaps://kim@mail.example.com --under Restored \\', "  --include 'Projects*' --period 2024"],
        'help.example.restore-selection',
      ],
    ],
    epilogue: 'help.passwords',
  },
  'verify': {
    help: 'help.verify',
    shortHelp: 'help.verify.short',
    path: 'help.path.verify-zip',
    options: { 'key-file': value('archive'), 'identity': value('archive'), 'head': value('archive') },
    examples: [
      [['mailferry verify ./kim'], 'help.example.verify'],
      [['mailferry verify ./kim --json'], 'help.example.verify-json'],
      [['mailferry verify ./kim --key-file my-key.pub'], 'help.example.verify-key'],
      [['mailferry verify ./kim --identity key.txt'], 'help.example.verify-identity'],
    ],
  },
  'ls': {
    help: 'help.ls',
    shortHelp: 'help.ls.short',
    path: 'help.path.verify',
    second: { name: 'mailbox', typed: '[mailbox]', help: 'help.path.ls' },
    options: { messages: flag('filter'), ...inArchive },
    examples: [
      [['mailferry ls ./kim'], 'help.example.ls'],
      [["mailferry ls ./kim '보낸*'"], 'help.example.ls-mailbox'],
    ],
  },
  'cat': {
    help: 'help.cat',
    shortHelp: 'help.cat.short',
    path: 'help.path.verify',
    second: { name: 'id', typed: '<id>', help: 'help.path.cat' },
    options: {
      text: flag('archive'),
      headers: flag('archive'),
      out: { kind: 'value', group: 'archive', help: 'help.out.cat' },
      ...inArchive,
    },
    examples: [
      [['mailferry cat ./kim 1a2b3c4d --text'], 'help.example.cat-text'],
      [['mailferry cat ./kim 1a2b3c4d --out mail.eml'], 'help.example.cat-out'],
    ],
  },
  'search': {
    help: 'help.search',
    shortHelp: 'help.search.short',
    path: 'help.path.verify',
    second: { name: 'words', typed: '[words..]', help: 'help.path.search' },
    options: {
      'from': { kind: 'value', group: 'filter', help: 'help.from.search' },
      'to': { kind: 'value', group: 'filter', help: 'help.to.search' },
      'subject': value('filter'),
      'mailbox': { kind: 'list', group: 'filter', help: 'help.include' },
      'period': value('filter'),
      'has-attachment': flag('filter'),
      ...inArchive,
    },
    examples: [
      [["mailferry search ./kim 견적서 '최종 확인'"], 'help.example.search'],
      [['mailferry search ./kim --from lee@ --period 2024 --has-attachment'], 'help.example.search-fields'],
    ],
  },
  'index': {
    help: 'help.index',
    shortHelp: 'help.index.short',
    path: 'help.path.verify',
    options: { out: { kind: 'value', group: 'archive', required: true, help: 'help.out.index' }, ...inArchive },
    examples: [[['mailferry index ./kim --out ./kim-index'], 'help.example.index']],
  },
  'probe': {
    help: 'help.probe',
    shortHelp: 'help.probe.short',
    options: source,
    examples: [
      [['mailferry probe --from imaps://kim@mail.example.com'], 'help.example.probe'],
      [['mailferry probe --from kim@company.co.kr --provider mailplug'], 'help.example.probe-provider'],
    ],
    epilogue: 'help.passwords',
  },
  'providers': {
    help: 'help.providers',
    shortHelp: 'help.providers.short',
    optionalPath: { name: 'id', help: 'help.path.providers' },
    options: {},
    examples: [[['mailferry providers naver'], 'help.example.providers']],
  },
  'prune': {
    help: 'help.prune',
    shortHelp: 'help.prune.short',
    path: 'help.path.prune',
    options: {
      'keep-last': value('archive'),
      'keep-within': value('archive'),
      'identity': value('archive'),
      'dry-run': flag('archive'),
      'yes': flag('archive'),
    },
    examples: [
      [['mailferry prune ./backups --keep-last 3 --dry-run'], 'help.example.prune'],
      [['mailferry prune ./backups --keep-last 3 --keep-within 6m'], 'help.example.prune-yes'],
    ],
  },
  'drill': {
    help: 'help.drill',
    shortHelp: 'help.drill.short',
    path: 'help.path.verify',
    options: { sample: value('archive'), identity: value('archive') },
    examples: [
      [['mailferry drill ./kim'], 'help.example.drill'],
      [['mailferry drill ./kim --sample 500'], 'help.example.drill-sample'],
    ],
  },
  'key new': {
    help: 'help.key.new',
    shortHelp: 'help.key.new.short',
    path: 'help.path.key',
    options: {},
    examples: [
      [
        ['mailferry key new ./my-key', 'mailferry backup --from imaps://kim@mail.example.com --out ./kim \\', '  --sign-key ./my-key'],
        'help.example.key',
      ],
    ],
  },
  'contacts detect': {
    help: 'help.contacts.detect',
    shortHelp: 'help.contacts.detect.short',
    path: 'help.path.contacts',
    options: reading,
    examples: [[['mailferry contacts detect ./addresses.csv'], 'help.example.contacts-detect']],
  },
  'contacts check': {
    help: 'help.contacts.check',
    shortHelp: 'help.contacts.check.short',
    path: 'help.path.contacts',
    options: reading,
    examples: [[['mailferry contacts check ./addresses.csv'], 'help.example.contacts-check']],
  },
  'contacts convert': {
    help: 'help.contacts.convert',
    shortHelp: 'help.contacts.convert.short',
    path: 'help.path.contacts',
    options: {
      ...reading,
      to: { kind: 'value', group: 'writing', required: true, help: 'help.to.convert' },
      out,
      rows: { kind: 'value', group: 'writing', help: 'help.rows.most' },
      ...writing,
    },
    examples: [
      [['mailferry contacts convert ./outlook.csv --to google --out ./google.csv'], 'help.example.contacts-convert'],
      [
        [
          'mailferry contacts convert ./book.csv --map 연락처=phone.mobile \\',
          '  --to mailplug-book --out ./mailplug.csv --details ./losses.csv',
        ],
        'help.example.contacts-convert-map',
      ],
    ],
  },
  'contacts split': {
    help: 'help.contacts.split',
    shortHelp: 'help.contacts.split.short',
    path: 'help.path.contacts',
    options: {
      ...reading,
      rows: { kind: 'value', group: 'writing', shownDefault: '1000' },
      to: toFormat,
      out: { kind: 'value', group: 'writing', required: true, help: 'help.out.split' },
      ...writing,
    },
    examples: [[['mailferry contacts split ./book.csv --out ./parts/book.csv'], 'help.example.contacts-split']],
  },
  'contacts merge': {
    help: 'help.contacts.merge',
    shortHelp: 'help.contacts.merge.short',
    path: 'help.path.contacts',
    second: more,
    options: { ...reading, to: toFormat, out, rows: { kind: 'value', group: 'writing', help: 'help.rows.most' }, ...writing },
    examples: [[['mailferry contacts merge ./kim.csv ./lee.vcf --to vcard-4.0 --out ./all.vcf'], 'help.example.contacts-merge']],
  },
  'contacts dedupe': {
    help: 'help.contacts.dedupe',
    shortHelp: 'help.contacts.dedupe.short',
    path: 'help.path.contacts',
    second: more,
    options: {
      ...reading,
      by: { kind: 'value', group: 'writing', shownDefault: 'email', help: 'help.by.contacts' },
      to: toFormat,
      out: { kind: 'value', group: 'writing', help: 'help.out.dedupe' },
      rows: { kind: 'value', group: 'writing', help: 'help.rows.most' },
      ...writing,
    },
    examples: [
      [
        ['mailferry contacts dedupe ./book.csv', 'mailferry contacts dedupe ./book.csv --out ./book-deduped.csv'],
        'help.example.contacts-dedupe',
      ],
    ],
  },
  'contacts template': {
    help: 'help.contacts.template',
    shortHelp: 'help.contacts.template.short',
    optionalPath: { name: 'format', help: 'help.path.template' },
    options: {
      'out': { kind: 'value', group: 'writing', help: 'help.out.template' },
      'output-encoding': { kind: 'value', group: 'writing', shownDefault: 'utf-8' },
      'overwrite': flag('writing'),
    },
    examples: [[['mailferry contacts template mailplug-book --out ./book.csv'], 'help.example.contacts-template']],
  },
  'contacts upload': {
    help: 'help.contacts.upload',
    shortHelp: 'help.contacts.upload.short',
    path: 'help.path.contacts',
    options: {
      ...reading,
      to: { kind: 'value', group: 'target', required: true, help: 'help.to.upload-contacts' },
      shared: flag('target'),
      ...account,
    },
    examples: [[['mailferry contacts upload ./book.csv --to https://admin@new.example --shared'], 'help.example.contacts-upload']],
    epilogue: 'help.passwords',
  },
  'contacts download': {
    help: 'help.contacts.download',
    shortHelp: 'help.contacts.download.short',
    options: {
      'from': { kind: 'value', group: 'source', required: true, help: 'help.from.download' },
      'shared': flag('source'),
      'form': { kind: 'value', group: 'source', shownDefault: 'ecount' },
      'from-ca-file': value('source'),
      'allow-insecure': flag('source'),
      'from-password-file': value('login'),
      'from-password-env': value('login'),
      'from-code-command': value('login'),
      'to': { kind: 'value', group: 'writing', help: 'help.to.download' },
      out,
      ...writing,
    },
    examples: [
      [
        ['mailferry contacts download --from https://kim@new.example --to vcard-4.0 \\', '  --out ./kim.vcf'],
        'help.example.contacts-download',
      ],
    ],
    epilogue: 'help.passwords',
  },
  'contacts org-chart': {
    help: 'help.contacts.org-chart',
    shortHelp: 'help.contacts.org-chart.short',
    path: 'help.path.org-chart',
    options: {
      ...reading,
      'out': { kind: 'value', group: 'writing', required: true, help: 'help.out.org-chart' },
      'with-members': flag('writing'),
      'overwrite': flag('writing'),
    },
    examples: [[['mailferry contacts org-chart ./org-chart.csv --out ./org-chart.svg'], 'help.example.contacts-org-chart']],
  },
  'platform serve': {
    help: 'help.platform.serve',
    shortHelp: 'help.platform.serve.short',
    options: {
      'imap-port': { kind: 'value', group: 'platform', shownDefault: '0' },
      'pop3-port': { kind: 'value', group: 'platform' },
      'smtp-port': { kind: 'value', group: 'platform' },
      'http-port': { kind: 'value', group: 'platform', shownDefault: '0' },
      'host': { kind: 'value', group: 'platform', shownDefault: '127.0.0.1' },
      'data': { kind: 'value', group: 'platform' },
      'account': { kind: 'list', group: 'platform' },
      'super-admin': { kind: 'value', group: 'platform' },
      'quota': { kind: 'value', group: 'platform', shownDefault: '10GB' },
      'password-file': { kind: 'value', group: 'platform' },
      'profile': { kind: 'value', group: 'platform' },
      'tls-cert': { kind: 'value', group: 'platform' },
      'tls-key': { kind: 'value', group: 'platform' },
      'time-zone': { kind: 'value', group: 'platform', help: 'help.time-zone.platform', shownDefault: 'Asia/Seoul' },
    },
    examples: [
      [['mailferry platform serve --account kim@example.com'], 'help.example.serve'],
      [['mailferry platform serve --account kim@example.com --profile hiworks'], 'help.example.serve-profile'],
      [
        ['mailferry platform serve --data ./platform --account kim@example.com \\', '  --imap-port 1143 --http-port 8080'],
        'help.example.serve-data',
      ],
    ],
    epilogue: 'help.passwords.platform',
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;
