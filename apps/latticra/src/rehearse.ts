// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  buildSeed,
  buildVmImage,
  findOwnParts,
  isOwnPart,
  readBuildId,
  readEpoch,
  SEED_BUILD_ID_PREFIX,
  SEED_EXIT_CODE,
  SEED_SENTINEL,
  SEED_SOURCES,
  seedBuildDocument,
  vmImageBuildDocument,
} from '@latticra/boot-seed';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import {
  artifactManifest,
  currentCommit,
  loadArtifactManifest,
  localBuildEnvironment,
  manifestFromFiles,
  type ReleaseFixture,
  releasePreflightDocument,
  UNSIGNED_LOCAL,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';

import { stageOperatorBundle, verifyOperatorBundle } from '@latticra/operator-bundle';
import { checkSbom, formatCreated, formatSbom, measureSeed, seedSbom } from '@latticra/sbom';
import { findProgram } from '@latticra/toolchain';
import { PLACEHOLDER } from '@latticra/usb-cmd';
import { runSmoke, type SmokeChoice } from '@latticra/vm-run';
import runbook from '../../../docs/recovery.md';
import type { Account } from './account.js';
import { RehearsalError } from './error.js';

/** The options of a rehearsal. */
export interface RehearsalOptions {
  /**
   * The folder that takes all files; it exists and is empty. Reports name their files below it as it is named here.
   */
  readonly folder: string;
  readonly version: string;
  readonly emulator: SmokeChoice['emulator'];
  readonly manifestPath: string;
  readonly fixture: ReleaseFixture;
  readonly tool: { readonly name: string; readonly version: string };
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The names of the files that a rehearsal leaves, relative to its folder. */
export const REHEARSAL_FILE = {
  preflight: 'release-preflight.txt',
  seed: 'boot-seed-build.txt',
  vmImage: 'boot-seed-vm-image-build.txt',
  isoSmoke: 'iso-smoke.txt',
  vmSmoke: 'vm-smoke.txt',
  sbom: 'sbom.spdx.json',
  manifest: 'manifest.txt',
  validation: 'artifact-manifest-validation.txt',
  recovery: 'recovery.md',
  bundle: 'operator-bundle',
} as const;

/**
 * Takes the boot seed from nothing to a review bundle: each step by the library that its lane uses, each on what the
 * step before left on disk.
 * @returns the folder of the bundle
 * @throws whatever the first step that does not hold throws
 */
export async function rehearse(options: RehearsalOptions, account: Account): Promise<string> {
  const { folder, fixture, manifestPath, cwd, env, signal, version } = options;
  const at = (name: string) => join(folder, name);
  const save = (name: string, document: EvidenceDocument) =>
    writeFileAtomic(at(name), formatDocument(document));
  const epoch = readEpoch(env);
  const seedFolder = at('boot-seed');

  await account.step('release preflight', REHEARSAL_FILE.preflight, async () => {
    const document = releasePreflightDocument(
      manifestPath,
      fixture,
      (tool) => findProgram(tool, env) !== undefined,
    );
    await save(REHEARSAL_FILE.preflight, document);
    return { value: undefined, result: 'fixture holds, nothing is claimed' };
  });

  const seed = await account.step('seed build', REHEARSAL_FILE.seed, async () => {
    const value = await buildSeed({ outputDir: seedFolder, epoch, env, signal });
    await save(REHEARSAL_FILE.seed, seedBuildDocument(value));
    const { rebuiltMatches } = value.origin;
    if (rebuiltMatches === false) {
      throw new RehearsalError(
        'the machine code that ships is not what GNU as and ld make of its sources here',
        'compare with latticra-boot-seed-build --toolchain gnu on another machine before you trust either',
      );
    }
    return {
      value,
      result: `ISO of ${kibibytes(value.iso.size)}${rebuiltMatches === true ? ', equals its sources' : ''}`,
    };
  });

  const vm = await account.step('VM image', REHEARSAL_FILE.vmImage, async () => {
    const value = await buildVmImage({ kernel: seed.kernel.path, outputDir: seedFolder, epoch, env, signal });
    await save(REHEARSAL_FILE.vmImage, vmImageBuildDocument(value));
    return { value, result: `qcow2 of ${kibibytes(value.qcow2.size)}` };
  });

  const smoke = (name: string, report: string, image: SmokeChoice['image']) =>
    account.step(name, report, async () => {
      const logs = at(report.replace('.txt', ''));
      const document = await runSmoke(
        {
          image,
          emulator: options.emulator,
          firmware: 'auto',
          outputDir: logs,
          timeoutMs: 60_000,
          env,
          signal,
        },
        {
          sentinel: SEED_SENTINEL,
          buildIdPrefix: SEED_BUILD_ID_PREFIX,
          exitCode: SEED_EXIT_CODE,
          buildId: readBuildId,
          findOwnParts,
        },
      );
      await save(report, document);
      const emulator = document.fields.find(({ key }) => key === 'boot_seed_smoke_emulator')?.value;
      return { value: undefined, result: `${SEED_SENTINEL}, right build id, in ${emulator}` };
    });
  await smoke('smoke of the ISO', REHEARSAL_FILE.isoSmoke, { path: seed.iso.path, format: 'iso' });
  await smoke('smoke of the qcow2', REHEARSAL_FILE.vmSmoke, { path: vm.qcow2.path, format: 'qcow2' });

  const commit = await currentCommit(cwd, env);
  await account.step('SBOM', REHEARSAL_FILE.sbom, async () => {
    const measured = await measureSeed(
      {
        iso: seed.iso.path,
        vmImage: vm.qcow2.path,
        kernel: seed.kernel.path,
        efiBootloader: vm.uefiLoader.path,
        espRaw: vm.esp.path,
      },
      { isFromSources: isOwnPart },
    );
    const document = seedSbom({
      ...measured,
      artifactVersion: version,
      sourceCommit: commit,
      created: formatCreated(epoch),
      tool: options.tool,
      sources: Object.entries(SEED_SOURCES).map(([name, content]) => ({ name, content })),
    });
    const text = formatSbom(document);
    await writeFileAtomic(at(REHEARSAL_FILE.sbom), text);
    const [finding] = checkSbom(text).findings;
    if (finding !== undefined) {
      throw new RehearsalError(
        `the SBOM breaks clause ${finding.clause} at ${finding.pointer}: ${finding.message}`,
        `look into ${at(REHEARSAL_FILE.sbom)}`,
      );
    }
    return {
      value: undefined,
      result: `SPDX 2.3, ${document.files?.length} files, 0 findings`,
    };
  });

  await writeFileAtomic(at(REHEARSAL_FILE.recovery), runbook);
  await account.step('artifact manifest', REHEARSAL_FILE.manifest, async () => {
    const sidecars = { signature: UNSIGNED_LOCAL, sbom: at(REHEARSAL_FILE.sbom) };
    const manifest = await manifestFromFiles(
      {
        artifactVersion: version,
        sourceCommit: commit,
        sourceTag: 'none',
        buildEnvironment: localBuildEnvironment(),
        iso: { path: seed.iso.path, ...sidecars },
        vmImage: { path: vm.qcow2.path, format: 'qcow2', ...sidecars },
        operatorRecoveryPath: at(REHEARSAL_FILE.recovery),
        relativeTo: folder,
      },
      { cwd },
    );
    await save(REHEARSAL_FILE.manifest, artifactManifest.document(manifest));
    return { value: undefined, result: `both images, ${UNSIGNED_LOCAL}` };
  });

  await account.step('validation', REHEARSAL_FILE.validation, async () => {
    const validation = await validateArtifacts(await loadArtifactManifest(at(REHEARSAL_FILE.manifest), cwd));
    await save(REHEARSAL_FILE.validation, validationDocument(manifestPath, validation));
    const missing = validation.missingForReview;
    if (missing.length > 0) {
      throw new RehearsalError(
        `not ready for review: ${missing.join('; ')}`,
        `look into ${at(REHEARSAL_FILE.validation)}`,
      );
    }
    return {
      value: undefined,
      result: 'ready for operator review',
    };
  });

  return account.step('operator bundle', `${REHEARSAL_FILE.bundle}/`, async () => {
    const bundle = at(REHEARSAL_FILE.bundle);
    await stageOperatorBundle(
      {
        artifactManifestPath: at(REHEARSAL_FILE.manifest),
        outputDir: bundle,
        manifestPath,
        devices: PLACEHOLDER,
        firmware: { kind: 'seabios' },
        serialLog: 'vm-serial.log',
      },
      { cwd },
    );
    await verifyOperatorBundle(bundle);
    return { value: bundle, result: 'staged whole, and every file verified again' };
  });
}

function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
