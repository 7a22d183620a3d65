// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fields, type Section } from '@latticra/evidence-format';
import { quote, quoteWord } from '@latticra/shell-words';
import type { ReleaseFixture } from '../fixture/release.js';
import type { BuildPaths } from './build-inputs.js';

/** Makes the section that shows which commands a build would consist of; nothing runs them. */
export function futureCommandShapes(paths: BuildPaths, fixture: ReleaseFixture): Section {
  const { iso, vm_image: vmImage, manifest } = fixture.required_future_artifacts;
  const output = (...names: string[]) => join(paths.outputDir, ...names);
  const [rootfs, isoRoot] = [output('staging', 'rootfs'), output('staging', 'iso-root')];
  const install = (from: string, name: string) =>
    `install -m 0644 ${word(from)} ${word(join(isoRoot, 'boot', name))}`;
  return {
    name: 'future_command_shapes',
    fields: fields({
      future_input_bundle_validation_command: `latticra-os-image-input-bundle-validate --input-manifest ${word(paths.inputManifest)}`,
      future_stage_rootfs_command: `tar -xf ${word(paths.rootfs)} -C ${word(rootfs)}`,
      future_kernel_install_command: install(paths.kernel, 'kernel'),
      future_initramfs_install_command: install(paths.initramfs, 'initramfs.img'),
      future_iso_build_command: `grub-mkrescue -o ${word(output(iso))} ${word(isoRoot)}`,
      future_vm_image_create_command: `qemu-img create -f qcow2 ${word(output(vmImage))} 16G`,
      future_artifact_manifest_path: quoteWord(output(manifest)),
      future_artifact_manifest_validation_command: `latticra-os-image-artifact-manifest-validate --artifact-manifest ${word(output(manifest))}`,
      future_output_dir: quoteWord(paths.outputDir),
    }),
  };
}

/**
 * Quotes a path for a shell so that no program takes it for anything else: programs read `-x` as an option, tar and
 * qemu-img read `host:x` as a place on the network.
 */
function word(path: string): string {
  return quote(/^-|^[^/]*:/.test(path) ? `./${path}` : path);
}
