// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fields, type Section } from '@latticra/evidence-format';
import { formatCommand, quote, quoteWord } from '@latticra/shell-words';
import { UNSIGNED_LOCAL } from '../file-path.js';
import type { ReleaseFixture } from '../fixture/release.js';
import type { BuildPaths } from './build-inputs.js';

/**
 * What GRUB does with the kernel, whichever kind of kernel it is: Linux on the first serial port with its initramfs, one that is
 * loaded by Multiboot 2 or 1, or an EFI program.
 */
const GRUB_CONFIG = [
  'if linux /boot/kernel console=ttyS0,115200; then initrd /boot/initramfs.img',
  'elif multiboot2 /boot/kernel; then module2 /boot/initramfs.img',
  'elif multiboot /boot/kernel; then module /boot/initramfs.img',
  'else chainloader /boot/kernel; fi',
  'boot',
];

/**
 * Makes the section that shows which commands a build would consist of, in the order in which they are to be run; nothing here
 * runs them. Each is a line for a POSIX shell, whatever is in the paths.
 */
export function futureCommandShapes(paths: BuildPaths, fixture: ReleaseFixture): Section {
  const { iso, vm_image: vmImage, manifest } = fixture.required_future_artifacts;
  const output = (...names: string[]) => join(paths.outputDir, ...names);
  const [rootfs, isoRoot] = [output('staging', 'rootfs'), output('staging', 'iso-root')];
  const install = (from: string, name: string) =>
    `install -m 0644 ${word(from)} ${word(join(isoRoot, 'boot', name))}`;
  const grub = join(isoRoot, 'boot', 'grub');
  return {
    name: 'future_command_shapes',
    fields: fields({
      future_input_bundle_validation_command: `latticra-os-image-input-bundle-validate --input-manifest ${word(paths.inputManifest)}`,
      future_staging_folders_command: `mkdir -p ${word(rootfs)} ${word(grub)}`,
      future_stage_rootfs_command: `tar -xf ${word(paths.rootfs)} -C ${word(rootfs)}`,
      future_kernel_install_command: install(paths.kernel, 'kernel'),
      future_initramfs_install_command: install(paths.initramfs, 'initramfs.img'),
      future_grub_config_command: `${formatCommand(['printf', '%s\\n', ...GRUB_CONFIG])} > ${word(join(grub, 'grub.cfg'))}`,
      future_iso_build_command: `grub-mkrescue -o ${word(output(iso))} ${word(isoContent(isoRoot))}`,
      future_vm_image_create_command: `qemu-img create -f qcow2 ${word(output(vmImage))} 16G`,
      future_artifact_manifest_path: quoteWord(output(manifest)),
      future_artifact_manifest_command: `latticra-os-image-artifact-manifest-from-files --relative-to ${word(paths.outputDir)} --iso ${word(output(iso))} --iso-signature ${UNSIGNED_LOCAL} > ${word(output(manifest))}`,
      future_artifact_manifest_validation_command: `latticra-os-image-artifact-manifest-validate --artifact-manifest ${word(output(manifest))}`,
      future_output_dir: quoteWord(paths.outputDir),
      ...linuxReleaseCommands(paths, fixture),
    }),
  };
}

/**
 * Makes the lines of the commands that take the same inputs to a whole release, where the kernel is Linux: its images have the
 * root file system in them, and it lies in a folder of its own, which the build makes.
 */
function linuxReleaseCommands(paths: BuildPaths, fixture: ReleaseFixture): Record<string, string> {
  const { iso, vm_image: vmImage, sbom } = fixture.required_future_artifacts;
  const folder = join(paths.outputDir, 'linux-release');
  const release = (name: string) => word(join(folder, name));
  const inputs = `--rootfs ${word(paths.rootfs)} --kernel ${word(paths.kernel)} --initramfs ${word(paths.initramfs)}`;
  const images = `--iso ${release(iso)} --vm-image ${release(vmImage)} --efi ${release('latticra.efi')}`;
  const list = word(join(paths.outputDir, sbom));
  return {
    future_linux_release_dir: quoteWord(folder),
    future_linux_release_build_command: `latticra-os-image-build --input-manifest ${word(paths.inputManifest)} --output-dir ${word(folder)}`,
    future_linux_release_validation_command: `latticra-os-image-build-validate --build-record ${release('os-image-build.txt')} --inputs`,
    future_linux_release_sbom_command: `latticra-os-image-sbom ${inputs} ${images} --output ${list}`,
    future_linux_release_sbom_check_command: `latticra-os-image-sbom-check ${list}`,
  };
}

/** What these commands do not do, and what a release needs beside them. */
const LEFT_OUT = [
  'the root file system is unpacked into the staging folder and put into no image: the kernel starts with its initramfs alone',
  'the VM image is an empty disk: it starts nothing, and the artifact manifest does not record it',
  'the ISO is not signed, and has no SBOM and no recovery runbook: its manifest is not ready for review',
  'a Linux release, of the commands future_linux_release_…, needs a Linux kernel for x86-64; it is not signed, and has no runbook',
];

/** Makes the section of what the recipe leaves to others, so that nobody takes one that is ready for a release. */
export function leftOutOfRecipe(): Section {
  return {
    name: 'left_out_of_recipe',
    fields: LEFT_OUT.map((value, index) => ({ key: `left_out_0${index + 1}`, value })),
  };
}

/**
 * Quotes a path for a shell so that no program takes it for anything else: programs read `-x` as an option, tar and
 * qemu-img read `host:x` as a place on the network.
 */
function word(path: string): string {
  return quote(/^-|^[^/]*:/.test(path) ? `./${path}` : path);
}

/**
 * Writes a folder as grub-mkrescue hands it on to xorriso: its content is the ISO's. Of `a=b` xorriso would take b for the folder, so
 * a path with such a sign is given with the place that it goes to.
 */
function isoContent(path: string): string {
  return path.includes('=') ? `/=${path.replace(/[\\=]/g, '\\$&')}` : path;
}
