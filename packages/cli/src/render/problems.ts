import { ERROR_KINDS, type ErrorCode } from '@mailferry/core/errors';
import type { FailedMessage, UnreadEntry, VerifyReport } from '@mailferry/core/operations';
import type { Difference } from '@mailferry/core/reconcile';
import type { TransferReport } from '../exit-code.ts';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';

const SHOWN_MAX = 20;
const INDENT = 4;

/** Something that keeps a run from being complete, in words. */
export interface Problem {
  readonly place: string;
  /** Entry in the archive, or further detail. */
  readonly below: string | null;
  readonly reason: string;
  readonly code: string;
  readonly hint: string | null;
}

type Place = Pick<FailedMessage, 'mailbox' | 'locator' | 'entryName'>;

const placeText = ({ mailbox, locator, entryName }: Place, texts: Texts): string =>
  locator === null ? (entryName ?? mailbox) : texts.text('report.problem-place', { mailbox, locator: String(locator) });

const belowText = ({ locator, entryName }: Place): string | null => (locator === null ? null : entryName);

const failedProblem = (failed: FailedMessage, texts: Texts, secrets: Secrets): Problem => ({
  place: placeText(failed, texts),
  below: belowText(failed),
  reason: texts.errorMessage(failed.code, secrets.redactDetails(failed.details)),
  code: failed.code,
  hint: texts.errorHint(failed.code),
});

/** A message of an archive that can't be read. */
export const unreadProblem = ({ name, part, code, details }: UnreadEntry, texts: Texts, secrets: Secrets): Problem => ({
  place: name,
  below: part,
  reason: texts.errorMessage(code, secrets.redactDetails(details)),
  code,
  hint: texts.errorHint(code),
});

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_KINDS, code);

const differenceProblem = (difference: Difference, texts: Texts): Problem => ({
  place: placeText(difference, texts),
  below: belowText(difference),
  reason: texts.text(`difference.${difference.code}`),
  code: difference.reason ?? difference.code,
  hint: difference.reason !== null && isErrorCode(difference.reason) ? texts.errorHint(difference.reason) : null,
});

const damageProblem = (damage: VerifyReport['damages'][number], texts: Texts): Problem => ({
  place: damage.entryName ?? damage.part,
  below: [damage.entryName === null ? '' : damage.part, damage.detail].filter((piece) => piece !== '').join(': ') || null,
  reason: texts.text(`damage.${damage.code}`),
  code: damage.code,
  hint: null,
});

const messageKey = ({ mailbox, locator, entryName }: Place): string => JSON.stringify([mailbox, locator ?? entryName]);

/** Messages that did not get where they should. */
export const failedProblems = (failed: readonly FailedMessage[], texts: Texts, secrets: Secrets): Problem[] =>
  failed.map((one) => failedProblem(one, texts, secrets));

/** Failures of earlier runs are in the reconciliation only; those of this run are in both, and are told once, with their details. */
export const findProblems = (report: TransferReport | VerifyReport, texts: Texts, secrets: Secrets): Problem[] => {
  if (report.kind === 'verify') return report.damages.map((damage) => damageProblem(damage, texts));
  const told = new Set(report.failed.map(messageKey));
  const differences = report.reconciliation?.differences ?? [];
  return [
    ...report.failed.map((failed) => failedProblem(failed, texts, secrets)),
    ...differences
      .filter((difference) => difference.code !== 'failed' || !told.has(messageKey(difference)))
      .map((difference) => differenceProblem(difference, texts)),
  ];
};

/** Lines that name the problems, and what can be done about them; none without problems. */
export const problemLines = (problems: readonly Problem[], texts: Texts, columns: number): string[] => {
  if (problems.length === 0) return [];
  const shown = problems.slice(0, SHOWN_MAX);
  const hints = new Set(shown.flatMap(({ hint }) => (hint === null ? [] : [hint])));
  return [
    texts.text('report.problems', { count: problems.length }),
    ...shown.flatMap(({ place, below, reason, code }) => [
      ...wrapToWidth(`  ${printable(place)}: ${printable(reason)} [${code}]`, columns, INDENT),
      ...(below === null ? [] : [`      ${printable(below)}`]),
    ]),
    ...(problems.length > SHOWN_MAX ? [`  ${texts.text('report.more', { count: problems.length - SHOWN_MAX })}`] : []),
    ...(hints.size > 0 ? [texts.text('report.advice'), ...[...hints].flatMap((hint) => wrapToWidth(`  ${hint}`, columns, INDENT))] : []),
  ];
};
