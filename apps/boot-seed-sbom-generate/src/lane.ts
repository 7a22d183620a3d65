// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { isOwnPart, readEpoch, SEED_SOURCES } from '@latticra/boot-seed';
import { bytesIn, writeFileAtomic } from '@latticra/held-files';
import { assertOtherFile, defineLane, LaneError } from '@latticra/lane';
import { currentCommit, releaseFixture } from '@latticra/manifest';
import { formatCreated, formatSbom, isSpdxTime, measureSeed, seedSbom } from '@latticra/sbom';
import { version } from '../package.json';

const BIN = 'latticra-boot-seed-sbom-generate';

export const lane = defineLane({
  bin: BIN,
  version,
  summary: 'write the SPDX 2.3 document of a boot seed',
  details: `
Measures the five files of a boot seed release, each once, and prints the SPDX 2.3 document that lists them:
SHA1 and SHA256 of each, what was found inside which image, and the seed's sources for a kernel and a UEFI
loader that are made of them. The same files give the same document. With --output it is written to a file
and nothing is printed.`,
  examples: [
    '--iso seed.iso --vm-image seed.qcow2 --kernel seed.elf --efi-bootloader BOOTX64.EFI --esp-raw esp.raw > sbom.spdx.json',
  ],
  fixture: releaseFixture,
  flags: {
    iso: { value: 'path', required: true, help: 'the ISO image' },
    'vm-image': { value: 'path', required: true, help: 'the VM image, qcow2 or raw' },
    kernel: { value: 'path', required: true, help: 'the Multiboot kernel' },
    'efi-bootloader': { value: 'path', required: true, help: 'the UEFI loader, BOOTX64.EFI' },
    'esp-raw': { value: 'path', required: true, help: 'the raw EFI system partition' },
    'artifact-version': {
      value: 'text',
      insteadOf: 'version',
      default: 'local-candidate',
      help: 'what this release is called',
    },
    'source-commit': {
      value: 'text',
      help: 'commit it was built from (default: the one checked out here, else unknown)',
    },
    created: {
      value: 'text',
      placeholder: 'time',
      help: 'YYYY-MM-DDThh:mm:ssZ (default: SOURCE_DATE_EPOCH, else 1970-01-01T00:00:00Z)',
    },
    output: { value: 'path', placeholder: 'file', help: 'write the document here (default: stdout)' },
  },
  async run({ flags, cwd, env, progress }) {
    const created = flags.created ?? formatCreated(readEpoch(env));
    if (!isSpdxTime(created)) {
      throw new LaneError(
        'usage',
        `--created: expected YYYY-MM-DDThh:mm:ssZ, found ${JSON.stringify(created)}`,
      );
    }
    const paths = {
      iso: resolve(cwd, flags.iso),
      vmImage: resolve(cwd, flags['vm-image']),
      kernel: resolve(cwd, flags.kernel),
      efiBootloader: resolve(cwd, flags['efi-bootloader']),
      espRaw: resolve(cwd, flags['esp-raw']),
    };
    const output = flags.output === undefined ? undefined : resolve(cwd, flags.output);
    if (output !== undefined) await assertOtherFile(output, Object.values(paths));
    const measured = await progress.track(
      'measuring the release',
      (onBytes) => measureSeed(paths, { isFromSources: isOwnPart, onBytes }),
      () => bytesIn(...Object.values(paths)),
    );
    const text = formatSbom(
      seedSbom({
        ...measured,
        artifactVersion: flags['artifact-version'],
        sourceCommit: flags['source-commit'] ?? (await currentCommit(cwd, env)),
        created,
        tool: { name: BIN, version },
        sources: Object.entries(SEED_SOURCES).map(([name, content]) => ({ name, content })),
      }),
    );
    if (output === undefined) return { text, json: text };
    await writeFileAtomic(output, text);
    return { text: '', json: '' };
  },
});
