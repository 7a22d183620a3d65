// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import type { VmImageFormat } from '@latticra/manifest';
import { type ArtifactNames, BUNDLE_FILE, type ByArtifact, checksumName } from './names.js';
import { type BundleOptions, optionsSection } from './options.js';

/** What the report on a staged bundle says. */
export interface BundleReport {
  /** The manifest that the bundle was made from, as it was named. */
  readonly artifactManifestPath: string;
  /** The folder, as it was named. */
  readonly bundleDir: string;
  readonly artifactVersion: string;
  readonly artifacts: ArtifactNames;
  readonly vmImageFormat: VmImageFormat | undefined;
  readonly sboms: ByArtifact<string>;
  readonly options: BundleOptions;
}

/** Makes the report on a staged bundle, which is also a file of it. */
export function bundleReport(report: BundleReport): EvidenceDocument {
  const { artifacts, sboms } = report;
  const at = (name: string) => `${report.bundleDir.replace(/\/+$/, '')}/${name}`;
  const { iso, vmImage } = artifacts;
  /** A path, or the word where the release has no such artifact. */
  const of = (artifact: string | undefined, name: string | undefined) =>
    artifact === undefined || name === undefined ? NONE : at(name);
  const { usb_write_execution_allowed, usb_write_executed, qemu_execution_allowed_by_guard } =
    WITHHELD_AUTHORITY;
  return {
    title: 'LATTICRA OS IMAGE OPERATOR BUNDLE',
    fields: fields({
      bundle_status: 'ok',
      latticra_os_image_operator_bundle_generator_present: 1,
      bundle_mode: 'local-artifact-handoff-no-install',
      artifact_manifest_path: report.artifactManifestPath,
      artifact_manifest_ready_for_operator_review: 1,
      bundle_dir: report.bundleDir,
      artifact_version: report.artifactVersion,
      iso_artifact_path: of(iso, iso),
      iso_sha256_path: of(iso, iso && checksumName(iso)),
      iso_sbom_path: of(iso, sboms.iso),
      vm_image_path: of(vmImage, vmImage),
      vm_image_format: report.vmImageFormat ?? NONE,
      vm_sha256_path: of(vmImage, vmImage && checksumName(vmImage)),
      vm_sbom_path: of(vmImage, sboms.vmImage),
      artifact_manifest_copy_path: at(BUNDLE_FILE.manifest),
      artifact_manifest_validation_path: at(BUNDLE_FILE.validation),
      usb_write_linux_template_path: of(iso, BUNDLE_FILE.usbLinux),
      usb_write_macos_template_path: of(iso, BUNDLE_FILE.usbMacos),
      vm_test_command_template_path: of(vmImage, BUNDLE_FILE.vmTest),
      operator_recovery_reference_path: at(BUNDLE_FILE.recovery),
      operator_bundle_readme_path: at(BUNDLE_FILE.readme),
      operator_bundle_ready_for_local_review: 1,
      usb_write_execution_allowed,
      usb_write_executed,
      qemu_execution_allowed_by_guard,
      qemu_run_performed: 0,
      qemu_boot_execution_recorded: 0,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
    sections: [optionsSection(report.options)],
  };
}
