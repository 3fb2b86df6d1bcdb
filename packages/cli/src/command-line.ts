import { readFileSync } from 'node:fs';
import yargs, { type Argv, type Options } from 'yargs';
import { COMMANDS, type CommandName, type CommandSpec, type OptionName, type OptionSpec } from './command-table.ts';
import { optionInvalid } from './option-invalid.ts';
import { LANGUAGES, type Texts } from './texts.ts';

/** A command line that was understood: a command to run, or a text (help, version) to show. */
export type CommandLine =
  | { readonly kind: 'command'; readonly name: CommandName; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'text'; readonly text: string };

const HELP_COLUMNS_MAX = 110;

const packageVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
};

const yargsOption = (name: OptionName, spec: OptionSpec, texts: Texts): Options => ({
  describe: texts.text(spec.help ?? (`help.${name}` as const)),
  group: texts.text(`help.group.${spec.group}` as const),
  ...(spec.required ? { demandOption: true } : {}),
  ...(spec.shownDefault === undefined ? {} : { defaultDescription: spec.shownDefault }),
  ...(spec.kind === 'flag' ? { type: 'boolean' } : { type: spec.kind === 'list' ? 'array' : 'string', string: true, requiresArg: true }),
});

const examplesText = (spec: CommandSpec, texts: Texts): string => {
  const examples = spec.examples.flatMap(([line, help]) => ['', `  ${texts.text(help)}`, ...line.map((piece) => `    ${piece}`)]);
  return [texts.text('usage.examples'), ...examples].join('\n');
};

const withSpec = (line: Argv, name: CommandName, texts: Texts): Argv => {
  const spec: CommandSpec = COMMANDS[name];
  const typed =
    spec.path !== undefined
      ? [`${name} <path>`, ...(spec.second ? [spec.second.typed] : [])].join(' ')
      : spec.optionalPath
        ? `${name} [${spec.optionalPath.name}]`
        : name;
  line.usage(`${texts.text('usage.line', { command: typed })}\n\n${texts.text(spec.help)}`);
  if (spec.path !== undefined) line.positional('path', { type: 'string', describe: texts.text(spec.path) });
  if (spec.second) line.positional(spec.second.name, { type: 'string', describe: texts.text(spec.second.help) });
  if (spec.optionalPath) line.positional(spec.optionalPath.name, { type: 'string', describe: texts.text(spec.optionalPath.help) });
  for (const [option, optionSpec] of Object.entries(spec.options))
    line.option(option, yargsOption(option as OptionName, optionSpec, texts));
  const epilogue = spec.epilogue === undefined ? [] : [texts.text(spec.epilogue)];
  return line.epilogue([examplesText(spec, texts), ...epilogue].join('\n\n'));
};

const withCommonOptions = (line: Argv, texts: Texts, version: string): Argv =>
  line
    .option('json', { type: 'boolean', describe: texts.text('help.json'), group: texts.text('help.group.display') })
    .option('quiet', { type: 'boolean', describe: texts.text('help.quiet'), group: texts.text('help.group.display') })
    .option('lang', { choices: LANGUAGES, requiresArg: true, describe: texts.text('help.lang'), group: texts.text('help.group.display') })
    .help('help', texts.text('help.help'))
    .version('version', texts.text('help.version'), version)
    .group(['help', 'version'], texts.text('help.group.display'));

const prepare = (texts: Texts, columns: number): Argv =>
  yargs()
    .scriptName('mailferry')
    .detectLocale(false)
    .locale(texts.language)
    .updateStrings({
      'Positionals:': texts.text('usage.positionals'),
      'string': texts.text('usage.type.value'),
      'boolean': texts.text('usage.type.flag'),
      'array': texts.text('usage.type.list'),
    })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .recommendCommands()
    .showHelpOnFail(false)
    .wrap(Math.min(HELP_COLUMNS_MAX, columns));

/** Understands the arguments after the program's name. Throws `option-invalid`. */
export const parseCommandLine = async (args: readonly string[], texts: Texts, columns: number): Promise<CommandLine> => {
  let understood: CommandLine | null = null;
  const commandMissing = texts.text('reason.command-missing');
  const add = (line: Argv, typed: string, name: CommandName): Argv =>
    line.command(
      typed,
      texts.text(COMMANDS[name].shortHelp),
      (command) => withSpec(command, name, texts),
      (parsed) => {
        understood = { kind: 'command', name, args: parsed };
      },
    );
  const line = withCommonOptions(prepare(texts, columns), texts, packageVersion())
    .usage(texts.text('help.app'))
    .epilogue(texts.text('help.app.epilogue'))
    .demandCommand(1, commandMissing);
  add(line, 'migrate', 'migrate');
  add(line, 'backup', 'backup');
  add(line, 'upload <path>', 'upload');
  add(line, 'repack <path>', 'repack');
  add(line, 'repair <path>', 'repair');
  add(line, 'restore <path>', 'restore');
  add(line, 'verify <path>', 'verify');
  add(line, 'drill <path>', 'drill');
  add(line, 'prune <path>', 'prune');
  add(line, 'ls <path> [mailbox]', 'ls');
  add(line, 'cat <path> <id>', 'cat');
  add(line, 'search <path> [words..]', 'search');
  add(line, 'index <path>', 'index');
  add(line, 'probe', 'probe');
  add(line, 'providers [id]', 'providers');
  line.command('contacts', texts.text('help.contacts.short'), (contacts) => {
    contacts.usage(texts.text('help.contacts')).demandCommand(1, commandMissing);
    add(contacts, 'detect <path>', 'contacts detect');
    add(contacts, 'check <path>', 'contacts check');
    add(contacts, 'convert <path>', 'contacts convert');
    add(contacts, 'split <path>', 'contacts split');
    add(contacts, 'merge <path> [more..]', 'contacts merge');
    add(contacts, 'dedupe <path> [more..]', 'contacts dedupe');
    add(contacts, 'template [format]', 'contacts template');
    add(contacts, 'upload <path>', 'contacts upload');
    add(contacts, 'download', 'contacts download');
    add(contacts, 'org-chart <path>', 'contacts org-chart');
  });
  line.command('key', texts.text('help.key.short'), (keys) =>
    add(keys.usage(texts.text('help.key')), 'new <path>', 'key new').demandCommand(1, commandMissing),
  );
  line.command('platform', texts.text('help.platform.short'), (platform) =>
    add(platform.usage(texts.text('help.platform')), 'serve', 'platform serve').demandCommand(1, commandMissing),
  );
  return new Promise((resolve, reject) => {
    line.parse([...args], {}, (error: Error | undefined | null, _args: unknown, output: string) => {
      if (error) reject(optionInvalid(texts.text('usage.command-line'), error.message === output ? output : `${error.message}. ${output}`));
      else if (understood !== null) resolve(understood);
      else resolve({ kind: 'text', text: `${output}\n` });
    });
  });
};
