// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bytesSource, createLayout } from '@latticra/disk-image';
import { createIdentity, type Identity } from '../image/identity.js';
import { GRUB_CONFIG_PATH, IMAGE_PATH, VOLUME_LABEL } from '../image/names.js';
import { inTemporaryFolder } from '../temporary.js';
import { checkGrubConfig, grubConfig } from './config.js';
import type { GrubImage, GrubImageOptions } from './image.js';
import { normalizeIso } from './iso-parts.js';
import { assertStartable } from './kernel.js';
import { GRUB_MODULES, NO_EXTRAS } from './modules.js';
import { runGrub, toolEpoch } from './run.js';

/**
 * Builds an ISO that starts by BIOS and by UEFI, as a CD and as a USB disk; grub-mkrescue makes it around the kernel
 * and grub.cfg.
 * @throws BootSeedError for a kernel that cannot be started, a bad epoch or configuration, `grub-failed` for a tool
 *   that fails
 */
export async function buildGrubIso(options: GrubImageOptions): Promise<GrubImage> {
  const { kernel, config = grubConfig(), epoch = 0, tools, host = {} } = options;
  assertStartable(kernel);
  await checkGrubConfig(config, tools, host);
  const digest = createHash('sha256').update(config).digest('hex');
  const identity = createIdentity(`grub iso, ${digest}`, { kernel, epoch });
  const iso = await inTemporaryFolder(async (cwd) => {
    await writeTree(join(cwd, 'tree'), { [IMAGE_PATH.kernel]: kernel, [GRUB_CONFIG_PATH]: config });
    await runGrub(
      tools.mkrescue,
      [
        ...['--output=image.iso', `--xorriso=${tools.xorriso}`, ...NO_EXTRAS],
        `--install-modules=${GRUB_MODULES.join(' ')}`,
        'tree',
        ...fixedIdentity(identity, epoch),
      ],
      { cwd, epoch, tools, host },
    );
    return readFile(join(cwd, 'image.iso'));
  });
  const parts = normalizeIso(iso, identity.serial('efi system partition'));
  const image = createLayout(iso.length, [{ offset: 0, source: bytesSource(iso) }]);
  return { image, config, parts, grubVersion: tools.version };
}

async function writeTree(root: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/**
 * Returns the arguments that fix what xorriso would otherwise take from the clock, from chance or from its own
 * version.
 */
function fixedIdentity(identity: Identity, epoch: number): string[] {
  const digits = new Date(toolEpoch(epoch) * 1000).toISOString().replace(/\D/g, '').slice(0, 16);
  return [
    ...[`--modification-date=${digits}`, '--set_all_file_dates', digits],
    ...['-volid', VOLUME_LABEL, '-preparer', 'LATTICRA', '-appid', 'LATTICRA BOOT SEED'],
    ...['--gpt_disk_guid', identity.uuid('disk').replaceAll('-', '').toLowerCase()],
    ...['-hfsplus-serial-no', identity.uuid('hfsplus').replaceAll('-', '').slice(0, 16)],
  ];
}
