// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  type FieldValue,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
} from '@latticra/evidence-format';
import type { Measurement } from '@latticra/held-files';
import { formatCommand } from '@latticra/shell-words';
import type { GrubToolchain } from '../grub/index.js';
import { PREBUILT_PARTS, sumParts } from '../seed/parts.js';
import type { SeedBuild } from './seed.js';
import type { VmImageBuild } from './vm-image.js';

/** The line that the seed's kernel writes to COM1 when it runs. */
export const SEED_SENTINEL = 'LATTICRA_BOOT_SEED_OK';

/** The text before the build id on the line after the sentinel. */
export const SEED_BUILD_ID_PREFIX = 'LATTICRA_BUILD_ID ';

const NOT_REQUIRED = 'not-required';

/** Returns the beginning of a command that makes the same bytes whatever the environment. */
const dated = (epoch: number) => ['env', `SOURCE_DATE_EPOCH=${epoch}`];

/** The effects that neither lane has. */
const NON_EFFECTS = { usb_write_executed: 0, host_mutation_performed: 0, ...READINESS_CLAIMS } as const;

type GrubTool = 'mkrescue' | 'mkstandalone' | 'mkimage' | 'xorriso' | 'mformat' | 'mcopy';

/** Returns the fields of GRUB's tools: the path of each that was `used`, and that of grub-file where it was asked. */
const grubTools = (
  grubFile: string | undefined,
  grub: GrubToolchain | undefined,
  used: readonly GrubTool[],
) => {
  const path = (tool: GrubTool) => (grub && used.includes(tool) ? grub[tool] : NOT_REQUIRED);
  return {
    grub_mkrescue_path: path('mkrescue'),
    grub_mkstandalone_path: path('mkstandalone'),
    grub_mkimage_path: path('mkimage'),
    xorriso_path: path('xorriso'),
    mformat_path: path('mformat'),
    mcopy_path: path('mcopy'),
    grub_file_path: grubFile ?? NOT_REQUIRED,
    grub_version: grub?.version ?? NOT_REQUIRED,
    grub_bios_platform_path: grub?.platforms.bios ?? NOT_REQUIRED,
    grub_uefi_platform_path: grub?.platforms.uefi ?? NOT_REQUIRED,
  };
};

const artifact = (key: string, { path, size, sha256 }: Measurement): Record<string, FieldValue> => ({
  [`${key}_path`]: path,
  [`${key}_bytes`]: size,
  [`${key}_sha256`]: formatDigest(sha256),
});

/** The record that was written beside the files of a build. */
export interface RecordBeside extends Pick<Measurement, 'path' | 'sha256'> {
  /** Undefined where nobody signed it. */
  readonly signature?: { readonly path: string } | undefined;
}

const recordLines = ({ path, sha256, signature }: RecordBeside) => ({
  boot_seed_build_record_path: path,
  boot_seed_build_record_sha256: formatDigest(sha256),
  boot_seed_build_record_signature_path: signature?.path ?? 'none',
});

/** Makes the document that `latticra-boot-seed-build` prints. */
export function seedBuildDocument(build: SeedBuild, record: RecordBeside): EvidenceDocument {
  const { origin, kernelGiven } = build;
  const { rebuiltMatches } = origin;
  return {
    title: 'LATTICRA BOOT SEED BUILD',
    sections: [],
    fields: fields({
      build_status: 'ok',
      latticra_boot_seed_build_script_present: 1,
      boot_seed_source_present: 1,
      boot_seed_bootloader: build.grub ? 'grub' : 'latticra',
      boot_seed_toolchain: build.grub ? 'grub-mkrescue' : origin.toolchain,
      as_path: origin.as ?? NOT_REQUIRED,
      ld_path: origin.ld ?? NOT_REQUIRED,
      ...grubTools(build.grubFile, build.grub, ['mkrescue', 'mkimage', 'xorriso', 'mformat', 'mcopy']),
      boot_seed_prebuilt_sha256: formatDigest(sumParts(PREBUILT_PARTS)),
      boot_seed_machine_code_sha256: formatDigest(build.partsSha256),
      boot_seed_rebuilt_from_source_matches:
        rebuiltMatches === undefined ? 'not-checked' : flag(rebuiltMatches),
      output_dir: build.outputDir,
      boot_seed_kernel_source: kernelGiven ?? 'seed',
      ...artifact('boot_seed_kernel', build.kernel),
      boot_seed_kernel_artifact_created_by_build: 1,
      boot_seed_kernel_multiboot2_verified: 1,
      ...artifact('boot_seed_iso', build.iso),
      boot_seed_iso_artifact_created_by_build: 1,
      iso_build_command: formatCommand([
        ...dated(build.epoch),
        'latticra-boot-seed-build',
        ...['--output-dir', build.outputDir],
        ...(kernelGiven === undefined ? [] : ['--kernel', kernelGiven]),
        ...['--bootloader', build.grub ? 'grub' : 'latticra'],
        ...['--toolchain', origin.toolchain === 'gnu' ? 'gnu' : 'prebuilt'],
        ...(build.buildId === undefined ? [] : ['--build-id', build.buildId]),
      ]),
      boot_seed_serial_sentinel: SEED_SENTINEL,
      boot_seed_build_id: build.buildId ?? 'none',
      source_date_epoch: build.epoch,
      ...recordLines(record),
      ...NON_EFFECTS,
    }),
  };
}

/** Makes the document that `latticra-boot-seed-vm-image-build` prints. */
export function vmImageBuildDocument(build: VmImageBuild, record: RecordBeside): EvidenceDocument {
  const { grub } = build;
  return {
    title: 'LATTICRA BOOT SEED VM IMAGE BUILD',
    sections: [],
    fields: fields({
      build_status: 'ok',
      latticra_boot_seed_vm_image_build_script_present: 1,
      boot_seed_bootloader: grub ? 'grub' : 'latticra',
      boot_seed_toolchain: grub ? 'grub-mkstandalone' : 'embedded',
      qemu_img_path: NOT_REQUIRED,
      ...grubTools(build.grubFile, grub?.tools, ['mkstandalone', 'mkimage']),
      boot_seed_prebuilt_sha256: formatDigest(sumParts(PREBUILT_PARTS)),
      boot_seed_rebuilt_from_source_matches: 'not-checked',
      output_dir: build.outputDir,
      image_size_mib: build.imageSizeMib,
      boot_seed_kernel_path: build.kernelPath,
      boot_seed_kernel_sha256: formatDigest(build.kernelSha256),
      boot_seed_kernel_multiboot2_verified: 1,
      boot_seed_grub_cfg_source: grub ? (grub.configPath ?? 'seed') : NOT_REQUIRED,
      boot_seed_grub_cfg_sha256: grub ? formatDigest(grub.configSha256) : NOT_REQUIRED,
      ...artifact('boot_seed_efi_bootloader', build.uefiLoader),
      ...artifact('boot_seed_esp_raw', build.esp),
      ...artifact('boot_seed_vm_qcow2', build.qcow2),
      boot_seed_vm_qcow2_artifact_created_by_build: 1,
      boot_seed_vm_qcow2_artifact_present: 0,
      vm_image_build_command: formatCommand([
        ...dated(build.epoch),
        'latticra-boot-seed-vm-image-build',
        ...['--kernel', build.kernelPath],
        ...['--output-dir', build.outputDir],
        ...['--image-size-mib', String(build.imageSizeMib)],
        ...['--bootloader', grub ? 'grub' : 'latticra'],
        ...(grub?.configPath === undefined ? [] : ['--grub-cfg', grub.configPath]),
      ]),
      boot_seed_serial_sentinel: SEED_SENTINEL,
      boot_seed_build_id: build.buildId ?? 'none',
      source_date_epoch: build.epoch,
      ...recordLines(record),
      ...NON_EFFECTS,
    }),
  };
}
