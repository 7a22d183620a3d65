// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { provenanceStatement } from '@latticra/attestation';
import { recordedSeedBuild, seedBuildRecord, validateSeedBuild } from '@latticra/boot-seed';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { recordedBuild, validateRelease } from '@latticra/linux-release';
import type { Tracker } from '@latticra/manifest';
import { checkRecordSignature, NAMESPACES, type SignerPolicy } from '@latticra/signature';
import type { NamedStatement } from './statements.js';

/** A record of a build, and who built. */
export interface BuildChoice {
  readonly path: string;
  readonly resolvedPath: string;
  readonly builder: string;
  readonly signers: SignerPolicy | undefined;
}

/** What validating takes of the outside. */
interface Outside {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Tracker;
}

/**
 * Makes the statement of a build, once its record was held against the images that lie beside it.
 * @throws BootSeedError, LinuxReleaseError, HeldFileError; SignatureError where it is to be signed and is not
 */
export async function buildStatement(
  { path, resolvedPath, builder, signers }: BuildChoice,
  { env, signal, progress }: Outside,
): Promise<NamedStatement> {
  const { bytes } = await readStableFile(resolvedPath, { maxBytes: MAX_DOCUMENT_BYTES });
  const isSeed = Buffer.from(bytes).toString('latin1').startsWith(`${seedBuildRecord.title}\n`);
  const choice = { path, resolvedPath, inputsFrom: undefined };
  const name = basename(path);
  const validation = isSeed
    ? await progress
        .track(
          `taking apart ${path}`,
          (onBytes) => validateSeedBuild({ ...choice, env, signal, onBytes }),
          undefined,
        )
        .then(({ record, sha256 }) => ({ sha256, build: recordedSeedBuild(record, { name, sha256 }) }))
    : await validateRelease({ ...choice, tracker: progress, signal }).then(({ record, sha256 }) => ({
        sha256,
        build: recordedBuild(record, { name, sha256 }),
      }));
  const { sha256, build } = validation;
  await checkRecordSignature(
    { path: resolvedPath, sha256, maxBytes: MAX_DOCUMENT_BYTES },
    NAMESPACES.build,
    signers,
  );
  return { name: 'provenance', statement: provenanceStatement(build, builder) };
}
