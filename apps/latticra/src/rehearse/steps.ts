// SPDX-License-Identifier: Apache-2.0
/** The steps that a rehearsal of the seed and one of a Linux system have in common. */
import { ensureFolder, type Measurement, writeFileAtomic } from '@latticra/held-files';
import {
  loadArtifactManifest,
  releasePreflightDocument,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';
import { stageOperatorBundle, verifyOperatorBundle } from '@latticra/operator-bundle';
import { findProgram } from '@latticra/toolchain';
import { PLACEHOLDER } from '@latticra/usb-cmd';
import runbook from '../../../../docs/recovery.md';
import { bundlePage } from '../steps/bundle-page.js';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, REHEARSAL_FILE, type Rehearsal } from './rehearsal.js';

/** Says what there is and what is allowed, before anything is done. */
export function preflight({ account, save, manifestPath, fixture, env }: Rehearsal): Promise<void> {
  return account.step('release preflight', REHEARSAL_FILE.preflight, async () => {
    const document = releasePreflightDocument(
      manifestPath,
      fixture,
      (tool) => findProgram(tool, env) !== undefined,
    );
    await save(REHEARSAL_FILE.preflight, document);
    return { value: undefined, result: 'fixture holds, nothing is claimed' };
  });
}

/** Writes the runbook that a release is handed over with. Returns its path. */
export async function writeRunbook({ at }: Rehearsal): Promise<string> {
  const path = at(PROMOTION_FILE.recovery);
  await ensureFolder(at(PROMOTION_FILE.evidence));
  await writeFileAtomic(path, runbook);
  return path;
}

/** An image by its path and digest. */
type Summed = Pick<Measurement, 'path' | 'sha256'>;

/** Refuses a second build that made other bytes. @throws RehearsalError `not-held` */
export function assertSameImages(
  pairs: readonly (readonly [Summed | undefined, Summed | undefined])[],
): void {
  const other = pairs.find(([first, second]) => first?.sha256 !== second?.sha256);
  if (other === undefined) return;
  const [first, second] = other;
  throw new RehearsalError(
    'not-held',
    `the second build is another: ${second?.path} has sha256:${second?.sha256}, the first sha256:${first?.sha256}`,
    'compare the two with cmp -l, and find out what the build depends on',
  );
}

/** Validates an artifact manifest, and refuses one that is not ready for review. */
export function validateManifest(
  { account, at, save, manifestPath, cwd }: Rehearsal,
  path: string,
): Promise<void> {
  return account.step('validation', REHEARSAL_FILE.validation, async () => {
    const validation = await validateArtifacts(await loadArtifactManifest(path, cwd));
    await save(REHEARSAL_FILE.validation, validationDocument(manifestPath, validation));
    const missing = validation.missingForReview;
    if (missing.length > 0) {
      throw new RehearsalError(
        'not-held',
        `not ready for review: ${missing.join('; ')}`,
        `look into ${at(REHEARSAL_FILE.validation)}`,
      );
    }
    return { value: undefined, result: 'ready for operator review' };
  });
}

/**
 * Stages the operator bundle with its USB and VM commands, what it was promoted by and a page of it all, signs it, and verifies every file of
 * it. Returns its folder.
 */
export function bundle(
  { account, at, manifestPath, cwd, env, signal }: Rehearsal,
  path: string,
  { builder, areThrowAway }: Parties,
): Promise<string> {
  return account.step('operator bundle', `${REHEARSAL_FILE.bundle}/`, async () => {
    const folder = at(REHEARSAL_FILE.bundle);
    await stageOperatorBundle(
      {
        artifactManifestPath: path,
        outputDir: folder,
        manifestPath,
        devices: PLACEHOLDER,
        firmware: { kind: 'seabios' },
        serialLog: 'vm-serial.log',
        promotionDir: at(PROMOTION_FILE.folder),
        keysProveNothing: areThrowAway,
      },
      { cwd, env, signal, page: bundlePage, signer: builder.signer },
    );
    await verifyOperatorBundle(folder, { env, signal });
    return { value: folder, result: 'staged whole, signed, and every file verified again' };
  });
}
