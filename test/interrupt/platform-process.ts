/** A platform in a process of its own, to be killed. Prints its ports as JSON when it is ready. */
import { type PlatformOptions, startPlatform } from '@mailferry/platform';

const options = JSON.parse(process.argv[2] ?? '') as PlatformOptions;
const { imapPort, pop3Port, smtpPort } = await startPlatform(options);
process.stdout.write(`${JSON.stringify({ imapPort, pop3Port, smtpPort })}\n`);
