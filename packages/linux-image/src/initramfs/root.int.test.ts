// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, bytesSource, layoutSource } from '@latticra/disk-image';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { collectModules } from '../modules/collect.js';
import { type BiosBoot, bootByBios, findDebianKernel, writeLayout } from '../testing/machine.js';
import { driverEntries, installedModules } from '../testing/modules.js';
import {
  BOOT_TOOLS,
  createCd,
  createDisk,
  foreignInitramfs,
  placesOnDisk,
  rootOnCd,
} from '../testing/system.js';
import type { HelperConfig } from './config.js';
import { HELPER_PARAMETER, joinInitramfs, ROOT_DEVICE } from './join.js';

const BLOCK = 4096;
const UUID = '6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2';
const TOOLS = [...BOOT_TOOLS, 'mkfs.erofs', 'veritysetup'];
const TIME_LIMIT = 120_000;
const CONTENT = 'the root of this system\n'.repeat(20_000);

/** What a distribution's initramfs does: finds its drives, waits for its root, mounts it. */
const SCRIPT = `
export PATH=/bin
busybox mount -t proc none /proc
busybox mount -t sysfs none /sys && echo TEST_SYS
busybox mount -t devtmpfs none /dev && echo TEST_DEV
echo "TEST_ARGUMENTS $0 $*"
echo "TEST_PID $$"
for module in $(busybox cat /drivers/order); do busybox insmod $module || echo "TEST_NO $module"; done
tries=0
while [ ! -b ${ROOT_DEVICE} ] && [ $tries -lt 40 ]; do busybox sleep 0.5; tries=$((tries + 1)); done
busybox mount -t erofs -o ro ${ROOT_DEVICE} /mnt && echo TEST_MOUNTED
echo "TEST_FILE $(busybox md5sum /mnt/etc/content)"
busybox ls /latticra
busybox poweroff -f
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-root-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Root {
  readonly image: Buffer;
  /** Without the sectors and modules. */
  readonly config: (
    root: HelperConfig['root'],
    place: Pick<HelperConfig, 'sectors' | 'modules'>,
  ) => HelperConfig;
}

/** Makes a root of EROFS with what verifies it behind, by the field's own tools. */
function makeRoot(): Root {
  const tree = join(folder, 'tree');
  const path = join(folder, 'root.img');
  mkdirSync(join(tree, 'etc'), { recursive: true });
  writeFileSync(join(tree, 'etc/content'), CONTENT);
  execFileSync('mkfs.erofs', ['-U', UUID, '-T', '0', path, tree], { stdio: 'ignore' });
  const blocks = statSync(path).size / BLOCK;
  const formatted = execFileSync(
    'veritysetup',
    ['format', `--data-blocks=${blocks}`, `--hash-offset=${blocks * BLOCK}`, `--uuid=${UUID}`, path, path],
    { encoding: 'utf8', env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' } },
  );
  const value = (name: string) => new RegExp(`^${name}:\\s*(\\S+)$`, 'm').exec(formatted)?.[1] ?? '';
  const image = readFileSync(path);
  return {
    image,
    config: (root, place) => ({
      ...place,
      blocks,
      uuid: UUID,
      ...(root === 'plain'
        ? { root }
        : { root, total: image.length / BLOCK, hash: value('Root hash'), salt: value('Salt') }),
    }),
  };
}

interface Try {
  readonly mode?: HelperConfig['root'];
  readonly attach?: BiosBoot['attach'];
  readonly commandLine?: string;
  /** Changes the root after it was made. */
  readonly damage?: (image: Buffer) => void;
  readonly changeConfig?: (config: HelperConfig) => HelperConfig;
}

/** Boots a foreign initramfs with the helper behind it; returns what came over the serial line. */
async function bootRoot({ mode = 'verity', attach = 'virtio', commandLine = '', damage, changeConfig }: Try) {
  const { image, config } = makeRoot();
  damage?.(image);
  const { release, path } = findDebianKernel();
  const { modules } = await collectModules(mode, release, installedModules());
  const given = bytesSource(foreignInitramfs(SCRIPT, driverEntries()));
  const names = modules.map(({ name }) => name);
  const systemWith = (sectors: readonly number[]) => {
    const told = config(mode, { sectors, modules: names });
    const joined = joinInitramfs(given, { config: changeConfig?.(told) ?? told, modules });
    return {
      kernel: readFileSync(path),
      initramfs: layoutSource(joined) as ByteSource,
      commandLine: `console=ttyS0 panic=-1 ${HELPER_PARAMETER} root=${ROOT_DEVICE} ${commandLine}`,
      root: bytesSource(image),
    };
  };
  // The places follow from sizes, which do not depend on the places.
  const sized = systemWith([0, 0]);
  const system = systemWith([rootOnCd(sized) / 512, placesOnDisk(sized).rootAt / 512]);
  const file = join(folder, 'image.raw');
  writeLayout(file, attach === 'ide-cd' ? createCd(system) : createDisk(system));
  return bootByBios({ folder, image: file, attach });
}

const md5 = execFileSync('md5sum', { input: CONTENT, encoding: 'utf8' }).split(' ', 1)[0];

describe('a foreign initramfs with the helper behind it', () => {
  const media = [
    ['a virtio disk', 'virtio'],
    ['an IDE disk', 'ide-disk'],
    ['a CD', 'ide-cd'],
  ] as const;
  for (const [medium, attach] of media) {
    itWith(
      TOOLS,
      `the helper makes a verified root on ${medium}, and the distribution's own init mounts it`,
      async () => {
        const { exitCode, lines } = await bootRoot({ attach, commandLine: 'single -- given words' });
        expect(lines.filter((line) => /latticra: error/.test(line))).toEqual([]);
        expect(lines.join('\n')).toMatch(
          /latticra: verified root on (vda|sda|sr0) at sector \d+ is \/dev\/dm-1/,
        );
        expect(lines).toContain('TEST_MOUNTED');
        expect(lines).toContain(`TEST_FILE ${md5}  /mnt/etc/content`);
        // It finds everything as the kernel left it.
        for (const line of ['TEST_SYS', 'TEST_DEV', 'TEST_PID 1']) expect(lines).toContain(line);
        expect(lines).toContain('TEST_ARGUMENTS /init single given words');
        expect(exitCode).toBe(0);
      },
      TIME_LIMIT,
    );
  }

  itWith(
    TOOLS,
    'one bit changed in a verified root stops the machine as soon as it is read',
    async () => {
      const flip = (image: Buffer) => {
        // Far from what the kernel reads ahead while it mounts.
        const at = image.indexOf(CONTENT.slice(0, 100)) + CONTENT.length / 2;
        image[at] = (image[at] ?? 0) ^ 1;
      };
      const { lines } = await bootRoot({ damage: flip });
      expect(lines).toContain('TEST_MOUNTED');
      const log = lines.join('\n');
      expect(log).toMatch(/device-mapper: verity: .* is corrupted/);
      expect(log).toMatch(/Kernel panic - not syncing/);
      expect(log).not.toContain('TEST_FILE');
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'the helper makes a root that is not verified, under the same name',
    async () => {
      const { exitCode, lines } = await bootRoot({ mode: 'plain' });
      expect(lines.join('\n')).toMatch(/latticra: root, not verified, on vda at sector \d+ is \/dev\/dm-1/);
      expect(lines).toContain(`TEST_FILE ${md5}  /mnt/etc/content`);
      expect(exitCode).toBe(0);
    },
    TIME_LIMIT,
  );
});
