// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { buildSeed, readEpoch, seedBuildDocument, writeSeedRecord } from '@latticra/boot-seed';
import { defineLane } from '@latticra/lane';
import { buildSource, releaseFixture, SOURCE_FLAGS } from '@latticra/manifest';
import { NAMESPACES, namedSigner, SIGN_KEY_FLAG } from '@latticra/signature';
import { version } from '../package.json';

const BIN = 'latticra-boot-seed-build';

export const lane = defineLane({
  bin: BIN,
  version,
  summary: 'build the boot seed: its kernel and an ISO that starts it',
  details: `
Writes latticra-boot-seed.elf, latticra-boot-seed.iso and the record of the build, boot-seed-build-record.txt, which
latticra-os-image-build-validate takes apart again. The ISO starts by BIOS and by UEFI, as a CD and as a
USB disk. The same SOURCE_DATE_EPOCH (0 unless set) and build id give the same bytes anywhere. Nothing but
Node is needed, unless GRUB shall start the kernel (--bootloader grub): that takes grub-common, grub-pc-bin,
grub-efi-amd64-bin, xorriso and mtools, whose versions then decide the bytes too. Where GNU as and ld are at hand,
the machine code that ships is compared with its sources.`,
  examples: [
    '',
    '--output-dir out --build-id nightly.42',
    '--toolchain gnu',
    '--bootloader grub',
    '--kernel my-kernel.elf --json',
  ],
  fixture: releaseFixture,
  flags: {
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      default: 'build/boot-seed',
      help: 'where to write',
    },
    kernel: { value: 'path', help: "another Multiboot 2 kernel of up to 16 MiB (default: the seed's own)" },
    bootloader: {
      value: 'choice',
      choices: ['latticra', 'grub'],
      default: 'latticra',
      help: 'what starts the kernel: our own loaders, or GRUB by way of grub-mkrescue',
    },
    toolchain: {
      value: 'choice',
      choices: ['auto', 'prebuilt', 'gnu'],
      default: 'auto',
      help: 'machine code that ships (prebuilt), that and a comparison with the sources (auto), or the sources (gnu)',
    },
    'build-id': {
      value: 'text',
      placeholder: 'id',
      help: "what the kernel reports (default: the given kernel's own, else made of the seed's digest)",
    },
    ...SOURCE_FLAGS,
    ...SIGN_KEY_FLAG,
  },
  async run({ flags, cwd, env, signal, progress, tell }) {
    const epoch = readEpoch(env);
    const signer = await namedSigner(flags['sign-key'], { cwd, env, signal, tell });
    const source = await buildSource(flags, cwd, env);
    const build = await progress.track(
      'building the seed',
      (onBytes) =>
        buildSeed({
          outputDir: resolve(cwd, flags['output-dir']),
          bootloader: flags.bootloader,
          toolchain: flags.toolchain,
          epoch,
          env,
          signal,
          onBytes,
          ...(flags.kernel === undefined ? {} : { kernel: resolve(cwd, flags.kernel) }),
          ...(flags['build-id'] === undefined ? {} : { buildId: flags['build-id'] }),
        }),
      undefined,
    );
    const record = await writeSeedRecord(build, {
      ...source,
      tool: { name: BIN, version },
      outputDir: flags['output-dir'],
      kernel: flags.kernel,
      grubConfig: undefined,
    });
    const signed = await signer?.sign(record.path, NAMESPACES.build);
    return seedBuildDocument(build, { ...record, signature: signed });
  },
});
