// SPDX-License-Identifier: Apache-2.0

import { NONE } from '@latticra/evidence-format/define';
import { defineLane } from '@latticra/lane';
import {
  inputBundle,
  inputBundleFromFiles,
  ROOTFS_FORMATS,
  recordingOf,
  releaseFixture,
} from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-input-bundle-from-files',
  version,
  summary: 'record what an OS image is to be built from: which files, and what they measure',
  details: `
Reads each file once and prints the input bundle manifest, to be redirected into a file. The kernel and the
initramfs are looked into: what is something else is refused by what was found. The root file system
is told by its content, not by its name, and in the same pass checked to the end of its archive without being
unpacked: a damaged archive, and a member that would land outside, are refused.`,
  examples: [
    '--kernel kernel --initramfs initramfs.img --rootfs rootfs.tar > input-bundle.txt',
    '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tgz --rootfs-format tar.gz --relative-to .',
  ],
  fixture: releaseFixture,
  flags: {
    kernel: { value: 'path', required: true, help: 'the kernel image' },
    initramfs: { value: 'path', required: true, help: 'the initial RAM file system' },
    rootfs: { value: 'path', required: true, help: 'the root file system, a tar or tar.gz archive' },
    'rootfs-format': {
      value: 'choice',
      choices: ROOTFS_FORMATS,
      help: 'its format (default: what its content says)',
    },
    'source-commit': {
      value: 'text',
      help: 'commit it was built from (default: the one checked out here, else unknown)',
    },
    'build-environment': { value: 'text', help: 'where it was built (default: local-<os>-<arch>)' },
    'operator-recovery-path': {
      value: 'path',
      default: NONE,
      help: 'runbook for when things go wrong: a text file or an https URL',
    },
    'relative-to': {
      value: 'path',
      placeholder: 'folder',
      help: 'write paths relative to this folder (default: absolute)',
    },
  },
  async run(context) {
    const { flags } = context;
    const { common, options } = await recordingOf(context);
    const manifest = await inputBundleFromFiles(
      {
        ...common,
        kernel: flags.kernel,
        initramfs: flags.initramfs,
        rootfs: flags.rootfs,
        rootfsFormat: flags['rootfs-format'],
      },
      options,
    );
    return inputBundle.document(manifest);
  },
});
