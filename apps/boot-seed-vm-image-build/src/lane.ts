// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  buildVmImage,
  readEpoch,
  VM_IMAGE_MIB,
  vmImageBuildDocument,
  writeVmImageRecord,
} from '@latticra/boot-seed';
import { defineLane, LaneError } from '@latticra/lane';
import { buildSource, releaseFixture, SOURCE_FLAGS } from '@latticra/manifest';
import { NAMESPACES, namedSigner, SIGN_KEY_FLAG } from '@latticra/signature';
import { version } from '../package.json';

const BIN = 'latticra-boot-seed-vm-image-build';

export const lane = defineLane({
  bin: BIN,
  version,
  summary: 'build a virtual disk that starts a kernel by BIOS and by UEFI',
  details: `
Writes BOOTX64.EFI, latticra-boot-seed-esp.raw and latticra-boot-seed.qcow2: a GPT disk with an EFI system
partition that holds the loader and the kernel;
and the record of the build, boot-seed-vm-image-build-record.txt. Any Multiboot 2 kernel of up to 16 MiB will do that asks for
nothing the loaders do not give; what it may not ask for is refused by name. The same kernel, size and
SOURCE_DATE_EPOCH (0 unless set) give the same bytes anywhere; with --bootloader grub, wherever GRUB is of the
same version. GRUB needs grub-common, grub-pc-bin, grub-efi-amd64-bin, xorriso and mtools.`,
  examples: [
    '--kernel build/boot-seed/latticra-boot-seed.elf',
    '--kernel my-kernel.elf --image-size-mib 65536 --output-dir out',
    '--kernel my-kernel.elf --bootloader grub --grub-cfg grub.cfg',
  ],
  fixture: releaseFixture,
  flags: {
    kernel: { value: 'path', required: true, help: 'the kernel' },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      default: 'build/boot-seed',
      help: 'where to write',
    },
    'image-size-mib': {
      value: 'integer',
      default: VM_IMAGE_MIB.usual,
      min: VM_IMAGE_MIB.least,
      max: VM_IMAGE_MIB.most,
      help: 'size of the disk; the file holds only what is on it',
    },
    bootloader: {
      value: 'choice',
      choices: ['latticra', 'grub'],
      default: 'latticra',
      help: 'what starts the kernel: our own loaders, or GRUB by way of grub-mkimage and grub-mkstandalone',
    },
    'grub-cfg': {
      value: 'path',
      help: 'another grub.cfg than the one that starts the kernel at once; only with --bootloader grub',
    },
    ...SOURCE_FLAGS,
    ...SIGN_KEY_FLAG,
  },
  async run({ flags, cwd, env, signal, progress, tell }) {
    if (flags['grub-cfg'] !== undefined && flags.bootloader !== 'grub') {
      throw new LaneError('usage', '--grub-cfg: goes with --bootloader grub only');
    }
    const epoch = readEpoch(env);
    const signer = await namedSigner(flags['sign-key'], { cwd, env, signal, tell });
    const source = await buildSource(flags, cwd, env);
    const build = await progress.track(
      'building the image',
      (onBytes) =>
        buildVmImage({
          kernel: resolve(cwd, flags.kernel),
          outputDir: resolve(cwd, flags['output-dir']),
          imageSizeMib: flags['image-size-mib'],
          bootloader: flags.bootloader,
          epoch,
          env,
          signal,
          onBytes,
          ...(flags['grub-cfg'] === undefined ? {} : { grubConfig: resolve(cwd, flags['grub-cfg']) }),
        }),
      undefined,
    );
    const record = await writeVmImageRecord(build, {
      ...source,
      tool: { name: BIN, version },
      outputDir: flags['output-dir'],
      kernel: flags.kernel,
      grubConfig: flags['grub-cfg'],
    });
    const signed = await signer?.sign(record.path, NAMESPACES.build);
    return vmImageBuildDocument(build, { ...record, signature: signed });
  },
});
