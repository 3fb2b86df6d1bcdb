import { isMailferryError, MailferryError } from '@mailferry/core/errors';
import type { CommandContext } from './command-context.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError, exitCodeOfReport, type Report } from './exit-code.ts';
import { Output, ReaderGone } from './output.ts';
import { errorText } from './render/error-text.ts';
import { errorContent, errorJson, platformEventJson, platformJson, reportJson } from './render/json.ts';
import { platformEventText, platformText } from './render/platform-text.ts';
import { openProgressDisplay } from './render/progress-display.ts';
import { reportText } from './render/report.ts';
import { Secrets } from './secrets.ts';
import type { StreamContext } from './stream-context.ts';
import type { Terminal } from './terminal.ts';
import { chooseLanguage, type Texts, textsOf } from './texts.ts';

type Command = CommandLine & { readonly kind: 'command' };
type StreamCommand = Command & { readonly name: 'ls' | 'cat' | 'search' | 'index' | 'contacts check' | 'contacts template' };
type ReportCommand = Command & { readonly name: Exclude<Command['name'], 'platform serve' | StreamCommand['name']> };

/** What one run shares. */
interface Run {
  readonly terminal: Terminal;
  readonly texts: Texts;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

const HELP_COLUMNS_DEFAULT = 80;

// Imported on demand: the drivers behind them take most of the start-up time.
const runReportCommand = async ({ name, args }: ReportCommand, context: CommandContext): Promise<Report> => {
  switch (name) {
    case 'migrate':
      return (await import('./commands/migrate.ts')).runMigrate(args, context);
    case 'backup':
      return (await import('./commands/backup.ts')).runBackup(args, context);
    case 'upload':
      return (await import('./commands/upload.ts')).runUpload(args, context);
    case 'repack':
      return (await import('./commands/repack.ts')).runRepack(args, context);
    case 'repair':
      return (await import('./commands/repair.ts')).runRepair(args, context);
    case 'restore':
      return (await import('./commands/restore.ts')).runRestore(args, context);
    case 'verify':
      return (await import('./commands/verify.ts')).runVerify(args, context);
    case 'probe':
      return (await import('./commands/probe.ts')).runProbe(args, context);
    case 'drill':
      return (await import('./commands/drill.ts')).runDrill(args, context);
    case 'prune':
      return (await import('./commands/prune.ts')).runPrune(args, context);
    case 'key new':
      return (await import('./commands/key-new.ts')).runKeyNew(args, context);
    case 'contacts detect':
      return (await import('./commands/contacts/detect.ts')).runContactsDetect(args, context);
    case 'contacts convert':
    case 'contacts merge':
      return (await import('./commands/contacts/convert.ts')).runContactsConvert(args, context);
    case 'contacts split':
      return (await import('./commands/contacts/convert.ts')).runContactsSplit(args, context);
    case 'contacts dedupe':
      return (await import('./commands/contacts/dedupe.ts')).runContactsDedupe(args, context);
    case 'contacts upload':
      return (await import('./commands/contacts/upload.ts')).runContactsUpload(args, context);
    case 'contacts download':
      return (await import('./commands/contacts/download.ts')).runContactsDownload(args, context);
    case 'contacts org-chart':
      return (await import('./commands/contacts/org-chart.ts')).runContactsOrgChart(args, context);
    case 'providers':
      return (await import('./commands/providers.ts')).runProviders(args, context);
  }
};

const report = async (command: ReportCommand, run: Run): Promise<ExitCode> => {
  const { terminal, texts, secrets, signal } = run;
  const display = openProgressDisplay(terminal.stderr, texts, command.args.quiet === true);
  signal.addEventListener('abort', () => display.note(texts.text('note.stopping')), { once: true });
  const context = { ...run, onProgress: display.onProgress, note: display.note };
  const outcome = await runReportCommand(command, context).finally(() => display.close());
  // A file or a pipe has no width to keep to.
  const columns = terminal.stdout.columns || Number.POSITIVE_INFINITY;
  terminal.stdout.write(command.args.json === true ? reportJson(outcome, secrets) : reportText(outcome, texts, secrets, columns));
  return exitCodeOfReport(outcome);
};

const runStreamCommand = async ({ name, args }: StreamCommand, context: StreamContext): Promise<ExitCode> => {
  switch (name) {
    case 'ls':
      return (await import('./commands/ls.ts')).runLs(args, context);
    case 'cat':
      return (await import('./commands/cat.ts')).runCat(args, context);
    case 'search':
      return (await import('./commands/search.ts')).runSearch(args, context);
    case 'index':
      return (await import('./commands/index-archive.ts')).runIndex(args, context);
    case 'contacts check':
      return (await import('./commands/contacts/check.ts')).runContactsCheck(args, context);
    case 'contacts template':
      return (await import('./commands/contacts/template.ts')).runContactsTemplate(args, context);
  }
};

/** Commands that write their result as it comes. An error within a JSON document ends it, so that it is one all the same. */
const stream = async (command: StreamCommand, run: Run): Promise<ExitCode> => {
  const { terminal, texts, secrets, signal } = run;
  const display = openProgressDisplay(terminal.stderr, texts, command.args.quiet === true);
  signal.addEventListener('abort', () => display.note(texts.text('note.stopping')), { once: true });
  const output = new Output(terminal.stdout, display.above);
  const context = { ...run, onProgress: display.onProgress, note: display.note, output, json: command.args.json === true };
  try {
    return await runStreamCommand(command, context);
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT_CODES.done;
    if (!output.isInList) throw error;
    const content = errorContent(explain(error, signal), texts, secrets);
    await output.endList(content);
    return content.exitCode;
  } finally {
    display.close();
  }
};

const servePlatform = async (command: Command, run: Run): Promise<ExitCode> => {
  const { terminal, texts } = run;
  const json = command.args.json === true;
  const note = (line: string) => terminal.stderr.write(`${line}\n`);
  const { runPlatformServe } = await import('./commands/platform-serve.ts');
  await runPlatformServe(
    command.args,
    { ...run, onProgress: () => undefined, note },
    (platform) => terminal.stdout.write(json ? platformJson(platform) : platformText(platform, texts)),
    (event) => note(json ? platformEventJson(event) : platformEventText(event, texts)),
  );
  note(texts.text('serve.stopped'));
  return EXIT_CODES.done;
};

const STREAM_COMMANDS: ReadonlySet<string> = new Set<StreamCommand['name']>([
  ...(['ls', 'cat', 'search', 'index'] as const),
  ...(['contacts check', 'contacts template'] as const),
]);
const isStreamCommand = (command: Command): command is StreamCommand => STREAM_COMMANDS.has(command.name);
const isReportCommand = (command: Command): command is ReportCommand => command.name !== 'platform serve' && !isStreamCommand(command);

const runCommand = (command: Command, run: Run): Promise<ExitCode> => {
  if (isStreamCommand(command)) return stream(command, run);
  return isReportCommand(command) ? report(command, run) : servePlatform(command, run);
};

const explain = (error: unknown, signal: AbortSignal): MailferryError => {
  if (isMailferryError(error)) return error;
  if (signal.aborted) return new MailferryError('cancelled', {}, { cause: error });
  return new MailferryError('internal', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
};

/**
 * Runs one command line (without the program's name) and writes its outcome: the report or a single
 * JSON document to stdout, everything else to stderr. Never throws. `signal` stops it cleanly.
 */
export const runCli = async (args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<ExitCode> => {
  const run = { terminal, texts: textsOf(chooseLanguage(args, terminal.env)), secrets: new Secrets(), signal };
  try {
    const line = await parseCommandLine(args, run.texts, terminal.stdout.columns || HELP_COLUMNS_DEFAULT);
    if (line.kind === 'command') return await runCommand(line, run);
    terminal.stdout.write(line.text);
    return EXIT_CODES.done;
  } catch (error) {
    const known = explain(error, signal);
    if (args.includes('--json')) terminal.stdout.write(errorJson(known, run.texts, run.secrets));
    else terminal.stderr.write(errorText(known, run.texts, run.secrets, terminal.stderr.columns || Number.POSITIVE_INFINITY));
    return exitCodeOfError(known.code);
  }
};
