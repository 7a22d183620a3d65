// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import releaseToml from '../../../installer/manifests/latticra-os-image-release.toml';
import { loadMatrix } from '../../../packages/boot-cases/src/index.js';
import { findOwnParts } from '../../../packages/boot-cases/src/own-parts/find.js';
import { MATRIX } from '../../../packages/boot-cases/test/record.js';
import { loadBootArtifactManifest } from '../../../packages/boot-preview/src/artifact/load.js';
import { loadOperatorConsent } from '../../../packages/boot-preview/src/consent/check.js';
import { holdEvidence } from '../../../packages/boot-preview/src/evidence/load.js';
import { readKernel } from '../../../packages/boot-seed/src/build/kernel.js';
import { checkGrubConfig, grubConfig, readGrubConfig } from '../../../packages/boot-seed/src/grub/config.js';
import { makeKernel } from '../../../packages/boot-seed/src/testing/make-kernel.js';
import { checkRecovery } from '../../../packages/manifest/src/artifact/recovery.js';
import {
  checkRootfs,
  inspectFile,
  loadArtifactManifest,
  loadInputBundle,
  releaseFixture,
} from '../../../packages/manifest/src/index.js';
import { archive } from '../../../packages/tar/test/archive.js';
import { readOwnParts } from '../../../packages/vm-run/src/image.js';
import { readImageKernel } from '../../../packages/vm-run/src/kernel.js';
import { documentValues } from '../../documents/arbitrary.js';
import { DESCRIPTIONS } from '../../documents/descriptions.js';
import { BOOT_ISO, QCOW2_DISK, RAW_DISK } from '../../testing/images.js';
import { type FuzzTarget, isRefusal } from '../engine/target.js';
import { ownFolder } from '../own-folder.js';
import { bytesOf } from './bytes.js';

const NAME = 'file';
const FORMATS = ['iso', 'raw', 'qcow2'] as const;

/** Readers that open a file themselves. */
const TEXTS: readonly ((path: string, folder: string) => Promise<unknown>)[] = [
  (path) => loadMatrix(path),
  (path, folder) => loadBootArtifactManifest(path, folder),
  (path, folder) => loadOperatorConsent(path, folder),
  (path, folder) => holdEvidence(path, { cwd: folder }, async (record) => record),
  (path, folder) => loadArtifactManifest(path, folder),
  (path, folder) => loadInputBundle(path, folder),
  (path, folder) => releaseFixture.load(path, folder),
  async (path) => checkGrubConfig(await readGrubConfig(path), {} as never),
  (_path, folder) => checkRecovery(NAME, folder, {}),
];
const BINARIES: typeof TEXTS = [
  (path) => readKernel(path, 'fuzz'),
  (path) => checkRootfs(path, undefined),
  (path) => inspectFile(path),
  ...FORMATS.map((format) => (path: string) => readImageKernel(path, format)),
  ...FORMATS.map((format) => (path: string) => readOwnParts({ path, format }, findOwnParts)),
];

/** Makes a target that writes its input into a file and gives its path to each reader. */
function fileTarget(name: string, readers: typeof TEXTS, seeds: FuzzTarget['seeds']): FuzzTarget {
  const place = ownFolder('fuzz-file-');
  return {
    name,
    seeds,
    async run({ bytes }) {
      const path = join(place(), NAME);
      writeFileSync(path, bytes);
      for (const read of readers) {
        try {
          await read(path, place());
        } catch (error) {
          if (!isRefusal(error)) throw error;
        }
      }
    },
  };
}

const documents = () =>
  Object.values(DESCRIPTIONS).flatMap((description) =>
    fc
      .sample(documentValues(description), { seed: 3, numRuns: 1 })
      .map((value) => bytesOf(description.format(value))),
  );

/** Readers of files, with all that lies between a path and its content. */
export const fileTargets: readonly FuzzTarget[] = [
  fileTarget('textFile', TEXTS, () => [
    ...documents(),
    ...[MATRIX, releaseToml, grubConfig('quiet')].map(bytesOf),
  ]),
  fileTarget('binaryFile', BINARIES, () => {
    const tar = archive({ name: 'a', content: 'b' });
    return [makeKernel(), tar, gzipSync(tar), BOOT_ISO, RAW_DISK, QCOW2_DISK];
  }),
];
