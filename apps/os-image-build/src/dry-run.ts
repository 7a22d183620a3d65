// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, READINESS_CLAIMS } from '@latticra/evidence-format';
import { type BuildOptions, RELEASE_FILE } from '@latticra/linux-release';

/** Makes the document of a build that is only looked at: what it would take, and what it would write. */
export function planDocument(options: BuildOptions, manifestPath: string): EvidenceDocument {
  const { kernel, initramfs, rootfs, formats } = options;
  const images = [...formats].flatMap((format) => [RELEASE_FILE[format], `${RELEASE_FILE[format]}.sha256`]);
  const files = [...images, RELEASE_FILE.uki, RELEASE_FILE.sbom, RELEASE_FILE.manifest, RELEASE_FILE.record];
  return {
    title: 'LATTICRA OS IMAGE BUILD PLAN',
    fields: fields({
      build_status: 'planned',
      manifest_path: manifestPath,
      os_image_build_performed: 0,
      kernel_image_path: kernel.path,
      initramfs_path: initramfs.path,
      rootfs_path: rootfs?.path ?? 'none',
      root_mode: options.root,
      output_dir: options.shownOutputDir,
      build_id: options.buildId,
      source_date_epoch: options.epoch,
      ...READINESS_CLAIMS,
    }),
    sections: [
      {
        name: 'files_to_be_written',
        fields: fields(
          Object.fromEntries(
            files.map((name, index) => [`file_${String(index + 1).padStart(2, '0')}`, name]),
          ),
        ),
      },
    ],
  };
}
