import type { MailferryError } from '@mailferry/core/errors';
import type { PlatformEvent } from '@mailferry/platform';
import type { RunningPlatform } from '../commands/platform-serve.ts';
import { type ExitCode, exitCodeOfError, exitCodeOfReport, type Report } from '../exit-code.ts';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { providerAdvice } from './error-text.ts';

/** One document, with how the run ends. */
export const jsonText = (content: object, exitCode: ExitCode): string => `${JSON.stringify({ ...content, exitCode }, null, 2)}\n`;

export const reportJson = (report: Report, secrets: Secrets): string => {
  const exitCode = exitCodeOfReport(report);
  if (!('failed' in report)) return jsonText(report, exitCode);
  const failed = report.failed.map((message) => ({ ...message, details: secrets.redactDetails(message.details) }));
  return jsonText({ ...report, failed }, exitCode);
};

/** An error as part of a document. */
export const errorContent = (error: MailferryError, texts: Texts, secrets: Secrets) => {
  const { code, scope, retry } = error;
  const details = secrets.redactDetails(error.details);
  const advice = providerAdvice(error, texts);
  const hint = advice === null ? texts.errorHint(code) : `${texts.errorHint(code)} ${advice}`;
  return { error: { code, message: texts.errorMessage(code, details), hint, scope, retry, details }, exitCode: exitCodeOfError(code) };
};

export const errorJson = (error: MailferryError, texts: Texts, secrets: Secrets): string => {
  const { exitCode, ...content } = errorContent(error, texts, secrets);
  return jsonText(content, exitCode);
};

/** One line of JSON, as the events of a running platform are told. */
export const platformEventJson = (event: PlatformEvent): string => JSON.stringify({ at: new Date().toISOString(), ...event });

/** The platform runs on after this document: it has no exit code yet. */
export const platformJson = (platform: RunningPlatform): string => `${JSON.stringify(platform, null, 2)}\n`;
