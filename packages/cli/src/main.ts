import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { MailferryError } from '@mailferry/core/errors';
import { EXIT_CODES } from './exit-code.ts';
import { errorText } from './render/error-text.ts';
import { runCli } from './run-cli.ts';
import { Secrets } from './secrets.ts';
import { chooseLanguage, textsOf } from './texts.ts';

const LINGER_MS = 2_000;

// Message bodies live outside V8's heap, and are given back only when it collects. As it is set up for a big machine, a run
// would hold a hundred megabytes of bodies that nobody needs any more.
const args = process.argv.slice(2);
setFlagsFromString('--semi-space-growth-factor=1');
// Address books are made of small objects that die young: they don't pile up, and collecting them more often only takes time.
if (args[0] !== 'contacts') setFlagsFromString('--heap-growing-percent=100');

const stop = new AbortController();

/** The first signal stops cleanly, the second one at once. */
const onSignal = (signal: NodeJS.Signals): void => {
  if (stop.signal.aborted) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  stop.abort();
};

/** The event loop ran empty while the run was still waiting for something: that must not look like success. */
const onIdle = (): void => {
  const texts = textsOf(chooseLanguage(args, process.env));
  const error = new MailferryError('internal', { reason: texts.text('note.ended-without-result') });
  process.stderr.write(errorText(error, texts, new Secrets()));
};

process.exitCode = EXIT_CODES.fatal;
process.on('SIGINT', onSignal).on('SIGTERM', onSignal).once('beforeExit', onIdle);
// A reader that has gone away (`| head`) is its own business; the exit code still says how the run went.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const exitCode = await runCli(args, process, stop.signal);
process.exitCode = exitCode;
process.off('beforeExit', onIdle);
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
// The result is out. Something that was left open must not keep the program from ending.
setTimeout(() => process.exit(), LINGER_MS).unref();
