// SPDX-License-Identifier: Apache-2.0
import { readEvidence, renderReport } from '@latticra/evidence-report';
import { writeFileAtomic } from '@latticra/held-files';
import { artifactManifest, localBuildEnvironment, manifestFromFiles, type Tracker } from '@latticra/manifest';
import type { Evaluation } from '@latticra/promotion';
import { signaturePath } from '@latticra/signature';
import { attest } from './attest.js';
import { evaluate } from './evaluate.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';
import { approve } from './review.js';
import { type Made, signAll, writeAllowed } from './sign.js';
import { bundle, validateManifest } from './steps.js';

/** What is concluded from, besides what is signed. */
export interface ConcludeOptions {
  readonly made: Made;
  /** Path of the SBOM of all images. */
  readonly sbom: string;
  /** Path of the record of a boot, absolute; undefined where nothing was booted for a record. */
  readonly bootRecord: string | undefined;
  readonly sourceCommit: string;
  /** Paths of the images; undefined for one that was not built. */
  readonly iso: string | undefined;
  readonly vmImage: string | undefined;
  readonly runbook: string;
}

/** What a rehearsal came to: the folder of its bundle, and each field of the promotion. */
export interface Concluded {
  readonly bundle: string;
  readonly evaluation: Evaluation;
}

/** Takes images from their signatures to an evaluation of all that there is of them, and to the bundle that is handed over. */
export async function conclude(
  rehearsal: Rehearsal,
  parties: Parties,
  tracker: Tracker,
  { made, sbom, bootRecord, ...files }: ConcludeOptions,
): Promise<Concluded> {
  const { account, at, save, cwd, version, sourceTag } = rehearsal;
  await signAll(rehearsal, made, parties);
  await account.step('artifact manifest', PROMOTION_FILE.manifest, async () => {
    const artifact = (path: string | undefined) => ({
      path: path ?? 'none',
      signature: path === undefined ? 'none' : signaturePath(path),
      sbom: path === undefined ? 'none' : sbom,
    });
    const manifest = await manifestFromFiles(
      {
        artifactVersion: version,
        sourceCommit: files.sourceCommit,
        sourceTag,
        buildEnvironment: localBuildEnvironment(),
        iso: artifact(files.iso),
        vmImage: { ...artifact(files.vmImage), format: files.vmImage === undefined ? 'none' : 'qcow2' },
        operatorRecoveryPath: files.runbook,
        relativeTo: at(PROMOTION_FILE.evidence),
      },
      { cwd },
    );
    await save(PROMOTION_FILE.manifest, artifactManifest.document(manifest));
    const count = made.images.length;
    return { value: undefined, result: count === 1 ? 'one image, signed' : 'both images, signed' };
  });
  await validateManifest(rehearsal, at(PROMOTION_FILE.manifest));
  const isBooted = bootRecord !== undefined;
  const isAttested = await attest(rehearsal, made, parties, { sbom, isBooted });
  await approve(rehearsal, parties, tracker);
  await writeAllowed(rehearsal, made, parties, bootRecord);
  const { evaluation } = await evaluate(rehearsal, parties, tracker, isAttested);
  return { bundle: await bundle(rehearsal, at(PROMOTION_FILE.manifest), parties), evaluation };
}

/** Writes the page of a folder into it. Returns its path. */
export async function writePage({ at, folder }: Rehearsal, name: string, of = folder): Promise<string> {
  await writeFileAtomic(at(name), renderReport(await readEvidence(of)));
  return at(name);
}
