// SPDX-License-Identifier: Apache-2.0
import { basename, join, resolve } from 'node:path';
import { requireRecords, type VerifiedRecord } from '@latticra/boot-cases/record';
import type { EvidenceDocument } from '@latticra/evidence-format';
import { bytesIn, pathOf, stageFolder, withKeptMeasurements } from '@latticra/held-files';
import {
  type ArtifactManifest,
  type ArtifactSurvey,
  artifactManifest,
  loadArtifactManifest,
  measureArtifacts,
  surveyArtifacts,
} from '@latticra/manifest';
import { anyMachine, takeSigningKey } from '@latticra/signature';
import { inspectorFor } from '@latticra/usb-cmd';
import { version } from '../package.json';
import { bundleManifest, notReady, requireReady, validateStaged } from './bundle-manifest.js';
import { assertApart, defaultOutputDir, inputPaths } from './destination.js';
import { deriveDocuments } from './documents.js';
import { OperatorBundleError } from './error.js';
import { findChosenFirmware } from './firmware.js';
import { type ArtifactNames, artifactNames, BUNDLE_FILE, bundleNames } from './names.js';
import { refuseNamesakes } from './namesakes.js';
import { recordingInspector } from './options.js';
import { pageOf } from './page.js';
import { evaluatingOf } from './promotion/derive.js';
import { type CarriedPromotion, stagedNames, stagePromotion, takePromotion } from './promotion/stage.js';
import { artifactsOf } from './promotion/verify.js';
import { recordsOf } from './records/evidence.js';
import { bundledFiles, recordFolder } from './records/files.js';
import { recoveryReference } from './recovery.js';
import { commandsOf, type OperatorBundleOptions, type OperatorBundleRequest } from './request.js';
import { stageSboms } from './sboms.js';
import { stageLists, stageSignature } from './sidecars.js';
import { verifiedBy } from './signatures.js';
import { Staging } from './staging.js';

/** A bundle that was staged: what lies there, as values. */
export interface StagedBundle {
  /** Absolute. */
  readonly folder: string;
  /** As it lies in the bundle: its paths are the names of files there. */
  readonly manifest: ArtifactManifest;
  /** Every file under the checksums, by its name in the bundle, with its digest of 64 hexadecimal digits; in byte order. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** The records of boots that it carries. */
  readonly records: readonly VerifiedRecord[];
  /** What it was promoted by; undefined where it carries nothing of that. */
  readonly promotion: CarriedPromotion | undefined;
  /** Whether SHA256SUMS.sig lies beside the checksums. */
  readonly isSigned: boolean;
  /** The report, which also lies in the folder. */
  readonly report: EvidenceDocument;
}

/**
 * Makes a folder that an operator can carry to another machine, from artifacts whose manifest is ready for
 * review. Each artifact is read once: checked, copied and hashed in the same pass. The folder appears whole
 * or not at all.
 *
 * @example
 * import { stageOperatorBundle } from '@latticra/operator-bundle';
 *
 * const { folder, files } = await stageOperatorBundle({ artifactManifestPath: 'artifacts/manifest.txt' });
 * console.log(folder, files.length);
 *
 * @throws SignatureError for a signature that is to be verified, and for a bundle that is to be signed
 * @throws OperatorBundleError; HeldFileError; ManifestError and EvidenceError for the manifest; BootCaseError for a record of a boot
 */
export async function stageOperatorBundle(
  request: OperatorBundleRequest,
  given: OperatorBundleOptions = {},
): Promise<StagedBundle> {
  const options = { ...given, cwd: given.cwd ?? process.cwd() };
  const key = request.signKey === undefined ? undefined : resolve(options.cwd, request.signKey);
  // Before gigabytes are copied.
  const signer =
    key === undefined
      ? options.signer
      : await takeSigningKey(key, { env: process.env, ...options.signing, cwd: options.cwd });
  const loaded = await loadArtifactManifest(request.artifactManifestPath, options.cwd);
  const survey = await surveyArtifacts(loaded, options);
  const names = artifactNames(loaded.manifest);
  if (survey.missingForReview.length > 0) throw notReady(loaded.path, survey);
  const records = await recordsToStage(request.bootRecords, loaded.manifest, options);
  const { promotionDir } = request;
  const promotion =
    promotionDir === undefined
      ? undefined
      : await takePromotion(
          resolve(options.cwd, promotionDir),
          promotionDir,
          loaded.manifest,
          evaluatingOf(options),
        );
  const bundleDir = request.outputDir ?? defaultOutputDir(loaded.manifest.artifactVersion);
  const output = resolve(options.cwd, bundleDir);
  await assertApart(output, [
    resolve(options.cwd, loaded.path),
    ...inputPaths(loaded.manifest, loaded.folder),
    ...(key === undefined ? [] : [key]),
    ...[request.bootRecords, promotionDir].flatMap((path) =>
      path === undefined ? [] : [resolve(options.cwd, path)],
    ),
  ]);
  refuseNamesakes([
    ...bundleNames(loaded.manifest),
    ...records.flatMap(bundledFiles).map(([name]) => name),
    ...(promotion === undefined ? [] : stagedNames(promotion)),
  ]);
  const firmware = findChosenFirmware(
    request.firmware ?? { kind: 'uefi', code: 'auto' },
    options.cwd,
    options.firmwareRoots,
  );
  return stageFolder(output, (folder) =>
    withKeptMeasurements(async (kept) => {
      const staging = new Staging(folder, kept, options.taken);
      const { manifest, ready } = await stageRelease(staging, survey, names, options);
      const staged = await validateStaged(folder, manifest, ready, options.signers);
      if (options.signers !== undefined) await stageLists(staging, options.signers);
      const stagedRecords: VerifiedRecord[] = [];
      for (const record of records) stagedRecords.push(await staging.copyRecord(record));
      const carried = promotion && (await stagePromotion(staging, promotion, artifactsOf(manifest)));
      const look = options.inspectorFor ?? inspectorFor;
      const views = {
        linux: recordingInspector(look('linux')),
        macos: recordingInspector(look('macos')),
      };
      const { texts, report } = await deriveDocuments(
        {
          manifest,
          validation: staged,
          names,
          artifactManifestPath: loaded.path,
          bundleDir,
          options: {
            ...commandsOf(request),
            firmware,
            verifiedBy: verifiedBy(options.signers),
            checksumsSigned: signer !== undefined,
            keysProveNothing: request.keysProveNothing === true,
            pageVersion: options.page?.version,
            documentsVersion: version,
          },
          records: stagedRecords,
          promotion: carried,
        },
        {
          inspectorFor: (platform) => views[platform].inspector,
          isoPath: ready.iso?.resolvedPath ?? '',
          seen: () => ({ linux: views.linux.seen(), macos: views.macos.seen() }),
        },
      );
      for (const [name, text] of texts) await staging.write(name, text);
      if (options.page !== undefined)
        await staging.write(BUNDLE_FILE.page, await pageOf(folder, options.page, staging.kept));
      const files = staging.files();
      await staging.writeChecksums();
      if (signer !== undefined) await staging.signChecksums(signer);
      return {
        folder: output,
        manifest,
        files,
        // Where the folder appears.
        records: stagedRecords.map((record) => ({
          ...record,
          folder: join(output, recordFolder(record.sha256)),
        })),
        promotion: carried,
        isSigned: signer !== undefined,
        report,
      };
    }),
  );
}

/**
 * Verifies the records in a folder and returns those of the manifest's artifacts, before any artifact is read.
 * @throws OperatorBundleError `no-records` where there is none of them; BootCaseError for a record that does not hold
 */
async function recordsToStage(
  folder: string | undefined,
  manifest: ArtifactManifest,
  { cwd, signers }: Pick<OperatorBundleOptions, 'signers'> & { readonly cwd: string },
): Promise<VerifiedRecord[]> {
  if (folder === undefined) return [];
  const { iso = [], vmImage = [] } = recordsOf(
    manifest,
    await requireRecords(resolve(cwd, folder), { signers: anyMachine(signers) }),
  );
  // An ISO that is the VM image as well has its records once.
  const records = [...new Map([...iso, ...vmImage].map((record) => [record.sha256, record])).values()];
  if (records.length > 0) return records;
  throw new OperatorBundleError('no-records', `${folder}: holds no record of a boot of these artifacts`, {
    fix: 'boot them with latticra-boot-matrix, or leave --boot-records out',
  });
}

/** Copies and verifies everything that comes from elsewhere, and writes the manifest of it as it lies in the bundle. */
async function stageRelease(
  staging: Staging,
  survey: ArtifactSurvey,
  names: ArtifactNames,
  { onBytes, onTotal }: OperatorBundleOptions,
) {
  const copying = onBytes === undefined ? {} : { onBytes };
  const { loaded, iso, vmImage } = survey;
  onTotal?.(bytesIn(...[iso, vmImage].flatMap((artifact) => artifact?.resolvedPath ?? [])));
  const validation = await measureArtifacts(survey, {
    inspect: (file, role, hashes) =>
      staging.copyInspected(file, (role === 'iso' ? names.iso : names.vmImage) ?? basename(pathOf(file)), {
        ...copying,
        ...hashes,
      }),
  });
  const ready = requireReady(loaded.path, validation);
  await stageSignature(staging, names.iso, ready.iso);
  await stageSignature(staging, names.vmImage, ready.vmImage);
  const sboms = await stageSboms(staging, { iso: ready.iso?.sbom, vmImage: ready.vmImage?.sbom });
  const { operatorRecoveryPath } = loaded.manifest;
  const recovery = await recoveryReference(operatorRecoveryPath, validation.recovery);
  await staging.write(BUNDLE_FILE.recovery, recovery.text, recovery.mode);
  const manifest = bundleManifest(loaded.manifest, ready, names, sboms);
  await staging.writeDocument(BUNDLE_FILE.manifest, artifactManifest.document(manifest));
  return { manifest, ready };
}
