// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import {
  type BootExpectation,
  type BootFacts,
  bootVerdict,
  parseEnd,
  type RefusalExpectation,
  type SerialText,
} from '@latticra/vm-run';
import type { BootRecord, FirmwareDigests, Verdict } from './record.js';

/** A text of Linux, and of others, that no boot has that went well. */
const PANIC = 'Kernel panic';

/** The beginning of every line that the boot seed or one of its loaders writes. */
const SEED_LINE = 'LATTICRA_';

/**
 * Returns the verdict on the facts of a record and its log. Whether that verdict was wanted is another question: an
 * unsigned loader that boots under secure boot has `booted`.
 * @param log see `readSerial`
 */
export function judge(record: BootRecord, log: SerialText): Verdict {
  const facts = factsOf(record, log);
  const [wanted, otherwise] =
    record.expect === 'boot' ? [bootOf(record), refusalOf(record)] : [refusalOf(record), bootOf(record)];
  const verdict = bootVerdict(facts, wanted);
  if (verdict.outcome !== 'failed') return { outcome: verdict.outcome, reason: undefined };
  const { outcome } = bootVerdict(facts, otherwise);
  if (outcome !== 'failed') return { outcome, reason: undefined };
  return { outcome: 'failed', reason: `${verdict.code}: ${verdict.reason}` };
}

function factsOf(record: BootRecord, log: SerialText): BootFacts {
  const end = parseEnd(record.end);
  const code = end?.kind === 'exit' ? end.code : undefined;
  const firmware = (digest: (files: FirmwareDigests) => string | undefined) =>
    ({
      what: 'firmware',
      before: digest(record.firmwareBefore),
      after: digest(record.firmwareAfter),
    }) as const;
  return {
    log,
    // Where a record says two things of it, it says nothing.
    end: end?.kind === record.endKind && code === record.endCode ? end : undefined,
    firmware: record.firmware === 'seabios' ? 'seabios' : 'uefi',
    files: [
      { what: 'image', before: record.imageBefore, after: record.imageAfter },
      firmware(({ code }) => code),
      firmware(({ variables }) => variables),
    ],
  };
}

function bootOf({ evidence: { lines, exitCode } }: BootRecord): BootExpectation {
  const hasBuildId = lines.some((line) => line.startsWith(SEED_BUILD_ID_PREFIX));
  return {
    kind: 'boot',
    lines,
    reserved: hasBuildId ? [SEED_BUILD_ID_PREFIX] : [],
    // Unless it is what the matrix waits for.
    forbidden: lines.some((line) => line.includes(PANIC)) ? [] : [PANIC],
    end: exitCode === undefined ? { kind: 'stopped', at: lines } : { kind: 'exit', code: exitCode },
  };
}

function refusalOf({ evidence: { lines } }: BootRecord): RefusalExpectation {
  const isSeed = lines.some((line) => line === SEED_SENTINEL || line.startsWith(SEED_BUILD_ID_PREFIX));
  return { kind: 'refusal', neverStarted: isSeed ? [...lines, SEED_LINE] : lines };
}
