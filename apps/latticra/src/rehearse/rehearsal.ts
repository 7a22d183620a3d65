// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import type { ReleaseFixture } from '@latticra/manifest';
import type { SmokeChoice } from '@latticra/vm-run';
import type { Account } from '../steps/account.js';

/** The options of a rehearsal. */
export interface RehearsalOptions {
  /**
   * The folder that takes all files; it exists and is empty. Reports name their files below it as it is named here.
   */
  readonly folder: string;
  readonly version: string;
  readonly emulator: SmokeChoice['emulator'];
  /** The tag that is built from; `none` where there is none. */
  readonly sourceTag: string;
  readonly manifestPath: string;
  readonly fixture: ReleaseFixture;
  readonly tool: { readonly name: string; readonly version: string };
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** A rehearsal under way. */
export interface Rehearsal extends RehearsalOptions {
  readonly account: Account;
  /** Returns the path of a file in the rehearsal's folder. */
  at(name: string): string;
  /** Writes a report into the rehearsal's folder. */
  save(name: string, document: EvidenceDocument): Promise<void>;
}

/** The names of the files that every rehearsal leaves, relative to its folder. */
export const REHEARSAL_FILE = {
  preflight: 'release-preflight.txt',
  isoSmoke: 'iso-smoke.txt',
  vmSmoke: 'vm-smoke.txt',
  validation: 'artifact-manifest-validation.txt',
  bundle: 'operator-bundle',
  page: 'report.html',
} as const;

const EVIDENCE = 'promotion/evidence';

/** The names of what a promotion is evaluated from, and of what came of it, relative to the rehearsal's folder. */
export const PROMOTION_FILE = {
  folder: 'promotion',
  evidence: EVIDENCE,
  manifest: `${EVIDENCE}/manifest.txt`,
  recovery: `${EVIDENCE}/recovery.md`,
  boots: `${EVIDENCE}/boots`,
  reviews: `${EVIDENCE}/reviews`,
  review: `${EVIDENCE}/reviews/review.txt`,
  attestations: 'promotion/attestations',
  allowedSigners: 'promotion/allowed-signers',
  evaluation: 'promotion/promotion-evaluation.txt',
  page: 'promotion/report.html',
} as const;

/** Begins a rehearsal: its folder is written to, and its steps go into the account. */
export function beginRehearsal(options: RehearsalOptions, account: Account): Rehearsal {
  const at = (name: string) => join(options.folder, name);
  return {
    ...options,
    account,
    at,
    save: async (name, document) => {
      await writeFileAtomic(at(name), formatDocument(document));
    },
  };
}
