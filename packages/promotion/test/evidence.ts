// SPDX-License-Identifier: Apache-2.0
/** A folder with all the evidence that a release of a made-up Linux system can have. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bootRecord, judge } from '@latticra/boot-cases';
import { type BuildRecord, buildRelease } from '@latticra/linux-release';
import { NAMESPACES } from '@latticra/signature';
import { type HostFacts, readSerial } from '@latticra/vm-run';
import { commandOf, goodRecord, type RecordChanges } from '../../boot-cases/test/record.js';
import { optionsIn, writeInputs } from '../../linux-release/src/testing/release.js';
import { evaluationOf } from '../src/evaluation/document.js';
import { evaluatePromotion } from '../src/evaluation/evaluate.js';
import type { EvaluateOptions, WholeOptions } from '../src/evaluation/options.js';
import type { Cited } from '../src/fields/outcome.js';
import { type Review, review } from '../src/review/schema.js';
import { AT, KEYS, policyOf, signFile, type Who } from './keys.js';
import { layTranscript, SAID, sum } from './transcripts.js';

export const COMMIT = 'c'.repeat(40);
export const TAG = 'v1.0';
const LOG = 'OK\nID 1\n';
const RUNBOOK = 'Write the last image again.\n';

/** The evidence as it is laid out, and what was built. */
export interface Laid {
  /** The folder that holds the evidence as `evidence`, the reviews as `reviews`. */
  readonly home: string;
  readonly record: BuildRecord;
}

let prepared: Promise<Laid> | undefined;

/** Lays out the evidence once for the tests of a file, each of which copies it; to be called in the file itself. */
export function completeEvidence(): Promise<Laid> {
  prepared ??= lay();
  return prepared;
}

/** Copies the evidence into a folder of its own, which the caller changes as it likes, and removes. */
export async function copyEvidence(): Promise<Laid> {
  const whole = await completeEvidence();
  const home = mkdtempSync(join(tmpdir(), 'latticra-promotion-copy-'));
  cpSync(join(whole.home, 'evidence'), join(home, 'evidence'), { recursive: true });
  return { ...whole, home };
}

/** Removes what was laid out, when the tests of a file are through. */
export function removeEvidence(): void {
  void prepared?.then(({ home }) => rmSync(home, { recursive: true, force: true }));
  prepared = undefined;
  cited = undefined;
}

async function lay(): Promise<Laid> {
  const home = mkdtempSync(join(tmpdir(), 'latticra-promotion-'));
  const inputs = join(home, 'inputs');
  writeInputs(inputs);
  writeFileSync(join(inputs, 'recovery.md'), RUNBOOK);
  const build = (folder: string) =>
    buildRelease(
      optionsIn(inputs, {
        operatorRecoveryPath: 'recovery.md',
        resolvedRecoveryPath: join(inputs, 'recovery.md'),
        sourceTag: TAG,
        sourceCommit: COMMIT,
        sourceTagObject: 'd'.repeat(40),
        outputDir: join(home, 'evidence', folder),
        shownOutputDir: folder,
      }),
    );
  mkdirSync(join(home, 'evidence'), { recursive: true });
  const record = await build('one');
  await build('two');
  const evidence = join(home, 'evidence');
  for (const folder of ['one', 'two'])
    signFile(join(evidence, folder, 'os-image-build.txt'), NAMESPACES.build, KEYS['builder@example.org']);
  const iso = record.iso ?? { sha256: '', size: 0 };
  layBoot(join(evidence, 'boots/first'), iso, 'machine-1', { host: hostOf('1') });
  layBoot(join(evidence, 'boots/second'), iso, 'machine-2', { host: hostOf('2') });
  for (const kind of ['usb-write', 'install', 'post-install', 'recovery'] as const) {
    const said = {
      kind,
      image: { size: iso.size, sha256: iso.sha256 },
      recoverySha256: sum(RUNBOOK),
      observed: `${kind} went well`,
    };
    const command = `${SAID.command} # ${kind}`;
    const path = layTranscript(join(evidence, 'transcripts'), kind, { ...said, command });
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
  }
  return { home, record };
}

/** Returns what the record of a boot says of its host, of which there are as many as there are digits. */
export const hostOf = (digit: string, changes: Partial<HostFacts> = {}): HostFacts => ({
  kernel: 'Linux 6.1.0-32-amd64',
  architecture: 'x86_64',
  cpuModel: 'Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz',
  cpuCount: 8,
  vendor: 'LENOVO',
  product: '20L5CTO1WW',
  machineId: digit.repeat(64),
  bootId: digit.repeat(64),
  ...changes,
});

/** Writes the record of a boot, signed by a machine. */
export function layBoot(
  folder: string,
  image: { readonly sha256: string; readonly size: number },
  who: Who | undefined,
  changes: RecordChanges = {},
): string {
  mkdirSync(folder, { recursive: true });
  const record = goodRecord(LOG, {
    imageBefore: image.sha256,
    imageAfter: image.sha256,
    imageBytes: image.size,
    ...changes,
  });
  writeFileSync(join(folder, 'serial.log'), LOG);
  writeFileSync(join(folder, 'qemu-argv.txt'), commandOf(changes));
  const path = join(folder, 'record.txt');
  writeFileSync(path, bootRecord.format({ record, verdict: judge(record, readSerial(Buffer.from(LOG))) }));
  if (who !== undefined) signFile(path, NAMESPACES.boot, KEYS[who]);
  return path;
}

/** Returns the options of an evaluation of the evidence in a folder. */
export const optionsFor = (home: string, changes: Partial<EvaluateOptions> = {}): WholeOptions => ({
  evidenceDir: join(home, 'evidence'),
  reviewsDir: undefined,
  artifactManifest: undefined,
  policy: policyOf(),
  pins: undefined,
  pinsSha256: undefined,
  allowedSignersSha256: undefined,
  revokedKeysSha256: undefined,
  at: AT,
  checkTag: async () => 'verified',
  env: { PATH: '' },
  tracker: { track: (_, work) => work(() => undefined) },
  signal: new AbortController().signal,
  ...changes,
});

/** Evaluates the evidence in a folder, and returns what its document says. */
export async function evaluate(home: string, changes: Partial<EvaluateOptions> = {}) {
  const options = optionsFor(home, changes);
  const found = await evaluatePromotion(options);
  return { found, said: evaluationOf(found, options) };
}

let cited: Promise<readonly Cited[]> | undefined;

/** Returns everything that there is to review in the evidence as it was laid out. */
export function citedWhole(): Promise<readonly Cited[]> {
  cited ??= completeEvidence().then(({ home }) => citedIn(home));
  return cited;
}

async function citedIn(home: string): Promise<readonly Cited[]> {
  const { found } = await evaluate(home);
  return found.evidence.pieces.filter(
    ({ content }) => content.kind !== 'signature' && content.kind !== 'review',
  );
}

/** Writes a review of evidence, signed by its reviewer. */
export async function layReview(
  { home, record }: Laid,
  name: string,
  who: Who,
  changes: Partial<Review> = {},
  key = KEYS[who],
): Promise<string> {
  const all = await citedWhole();
  const manifest = sum(readFileSync(join(home, 'evidence/one/manifest.txt')));
  const path = join(home, 'reviews', `${name}.txt`);
  mkdirSync(dirname(path), { recursive: true });
  const said: Review = {
    release: { version: '1.0', tag: TAG, iso: record.iso?.sha256, vmImage: record.qcow2?.sha256 },
    manifestSha256: manifest,
    reviewer: who,
    decision: 'approve',
    reason: undefined,
    reviewedAt: '2026-11-20T00:00:00Z',
    evidence: all.map(({ sha256 }) => sha256),
    ...changes,
  };
  writeFileSync(path, review.format(said));
  signFile(path, NAMESPACES.review, key);
  return path;
}
