// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesSource, createLayout, layoutSource } from '@latticra/disk-image';
import type { HelperConfig } from '../initramfs/config.js';
import type { ArchiveEntry } from '../initramfs/entry.js';
import { HELPER_PARAMETER, joinInitramfs, ROOT_DEVICE } from '../initramfs/join.js';
import { createArchive } from '../initramfs/write.js';
import { collectModules } from '../modules/collect.js';
import {
  type BiosBoot,
  bootByBios,
  type DebianKernel,
  findDebianKernel,
  TEST_PARAMETERS,
  writeLayout,
} from './machine.js';
import { driverEntries, installedModules } from './modules.js';
import { BOOT_TOOLS, createCd, createDisk, foreignInitramfs, placesOnDisk, rootOnCd } from './system.js';

const BLOCK = 4096;
const UUID = '6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2';
/** What a test of a whole root needs. */
export const ROOT_TOOLS = [...BOOT_TOOLS, 'mkfs.erofs', 'veritysetup'];
/** What the root has in `etc/content`. */
export const CONTENT = 'the root of this system\n'.repeat(20_000);

/**
 * What a distribution's initramfs does: finds its drives, waits for its root, mounts it. What it has to say it says once the
 * kernel says no more than errors, whose messages would come into the middle of its lines.
 */
const SCRIPT = `
export PATH=/bin
exec 3>&1 > /out
busybox mount -t proc none /proc
busybox mount -t sysfs none /sys && echo add > /sys/bus/acpi/uevent && echo TEST_SYS
busybox mount -t devtmpfs none /dev && echo TEST_DEV
echo "TEST_ARGUMENTS $0 $*"
echo "TEST_PID $$"
for module in $(busybox cat /drivers/order); do busybox insmod $module || echo "TEST_NO $module"; done
tries=0
failed() { busybox dmesg | busybox grep -q 'latticra: error'; }
while [ ! -b ${ROOT_DEVICE} ] && [ $tries -lt 200 ] && ! failed; do busybox sleep 0.5; tries=$((tries + 1)); done
exec >&3
busybox dmesg -n 5
busybox cat /out
busybox mount -t erofs -o ro ${ROOT_DEVICE} /mnt && echo TEST_MOUNTED
echo "TEST_FILE $(busybox md5sum /mnt/etc/content)"
busybox ls /latticra
busybox poweroff -f
`;

/** What the system in the root does, once it was started. */
const ROOT_SCRIPT = `#!/bin/busybox sh
/bin/busybox dmesg -n 5
echo "TEST_ROOT $(/bin/busybox md5sum /etc/content)"
/bin/busybox grep ' / ' /proc/mounts
/bin/busybox poweroff -f
`;

interface Root {
  readonly image: Buffer;
  /** Without the sectors and modules. */
  readonly config: (
    root: HelperConfig['root'],
    place: Pick<HelperConfig, 'sectors' | 'modules'>,
  ) => HelperConfig;
}

/** Makes a root of EROFS with what verifies it behind, by the field's own tools. */
function makeRoot(folder: string): Root {
  const tree = join(folder, 'tree');
  const path = join(folder, 'root.img');
  for (const path of ['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp']) {
    mkdirSync(join(tree, path), { recursive: true });
  }
  copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
  writeFileSync(join(tree, 'sbin/init'), ROOT_SCRIPT, { mode: 0o755 });
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

export interface RootTry {
  readonly mode?: HelperConfig['root'];
  readonly attach?: BiosBoot['attach'];
  readonly commandLine?: string;
  /** Changes the root after it was made. */
  readonly damage?: (image: Buffer) => void;
  readonly changeConfig?: (config: HelperConfig) => HelperConfig;
  /** Files of an archive behind it all, which the kernel unpacks over what is there. */
  readonly over?: readonly ArchiveEntry[];
  /** The foreign initramfs, where it is another than usual. */
  readonly given?: Uint8Array;
  readonly passesTime?: boolean;
  readonly memoryMib?: number;
  readonly kernel?: DebianKernel;
}

/** Boots a foreign initramfs with the helper behind it; returns what came over the serial line. */
export async function bootRoot(folder: string, tried: RootTry) {
  const { mode = 'verity', attach = 'virtio', commandLine = '', damage, changeConfig, over = [] } = tried;
  const { image, config } = makeRoot(folder);
  damage?.(image);
  const { kernel = findDebianKernel() } = tried;
  const { modules } = await collectModules(mode, kernel.release, installedModules(kernel));
  const given = bytesSource(tried.given ?? foreignInitramfs(SCRIPT, driverEntries()));
  const names = modules.map(({ name }) => name);
  const systemWith = (sectors: readonly number[]) => {
    const told = config(mode, { sectors, modules: names });
    const joined = joinInitramfs(given, { config: changeConfig?.(told) ?? told, modules });
    const more = createArchive(over);
    const initramfs = createLayout(joined.size + more.size, [
      { offset: 0, source: layoutSource(joined) },
      { offset: joined.size, source: layoutSource(more) },
    ]);
    return {
      kernel: readFileSync(kernel.path),
      initramfs: layoutSource(initramfs),
      commandLine: `${TEST_PARAMETERS} ${HELPER_PARAMETER} root=${ROOT_DEVICE} ${commandLine}`,
      root: bytesSource(image),
    };
  };
  // The places follow from sizes, which do not depend on the places.
  const sized = systemWith([0, 0]);
  const system = systemWith([rootOnCd(sized) / 512, placesOnDisk(sized).rootAt / 512]);
  const file = join(folder, 'image.raw');
  writeLayout(file, attach.endsWith('-cd') ? createCd(system) : createDisk(system));
  return bootByBios({
    folder,
    image: file,
    attach,
    passesTime: tried.passesTime ?? false,
    memoryMib: tried.memoryMib ?? 256,
  });
}

export const CONTENT_SUM = createHash('md5').update(CONTENT).digest('hex');
