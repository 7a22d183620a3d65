// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import {
  type BootExpectation,
  type BootFacts,
  bootVerdict,
  parseEnd,
  type RefusalExpectation,
  type SerialText,
  systemExpectation,
} from '@latticra/vm-run';
import type { BootRecord, FirmwareDigests, Verdict } from './record.js';

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

/** Returns what a boot with that evidence is held to: where a build of the seed is expected, no other may show. */
export function bootOf({ evidence }: Pick<BootRecord, 'evidence'>): BootExpectation {
  const hasBuildId = evidence.lines.some((line) => line.startsWith(SEED_BUILD_ID_PREFIX));
  return { ...systemExpectation(evidence), reserved: hasBuildId ? [SEED_BUILD_ID_PREFIX] : [] };
}

function refusalOf(record: BootRecord): RefusalExpectation {
  const { lines } = record.evidence;
  const isSeed = lines.some((line) => line === SEED_SENTINEL || line.startsWith(SEED_BUILD_ID_PREFIX));
  return {
    kind: 'refusal',
    neverStarted: isSeed ? [...lines, SEED_LINE] : lines,
    unseen: bootOf(record),
  };
}
