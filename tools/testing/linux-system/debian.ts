// SPDX-License-Identifier: Apache-2.0
/** Makes Debian systems with mmdebstrap, once a day, and keeps them for later runs. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a test needs that makes a Debian. */
export const DEBIAN_TOOLS = ['mmdebstrap', 'tar'];

const SUITE = 'bookworm';
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/latticra-debian', import.meta.url));

/** The three inputs of a build, as paths. */
export interface DebianSystem {
  readonly kernel: string;
  readonly initramfs: string;
  readonly rootfs: string;
}

/**
 * Returns a Debian with a kernel, of at most a day ago; making one takes network and minutes.
 * @param kernel the package: `linux-image-amd64`
 */
export function debianSystem(kernel: string): DebianSystem {
  const packages = ['systemd-sysv', kernel, 'initramfs-tools'].join(',');
  const today = new Date().toISOString().slice(0, 10);
  const list = createHash('sha256').update(`${SUITE} ${packages}`).digest('hex').slice(0, 12);
  const folder = join(CACHE, `${list}-${today}`);
  const rootfs = join(folder, 'rootfs.tar');
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    for (const name of readdirSync(CACHE)) {
      if (name.startsWith(list)) rmSync(join(CACHE, name), { recursive: true, force: true });
    }
    const making = `${folder}.new-${process.pid}`;
    mkdirSync(making);
    const quietly: ExecFileSyncOptions = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    };
    const archive = join(making, 'rootfs.tar');
    execFileSync(
      'mmdebstrap',
      ['--quiet', '--variant=minbase', `--include=${packages}`, SUITE, archive],
      quietly,
    );
    const boot = ['--wildcards', '--strip-components=2', './boot/vmlinuz-*', './boot/initrd.img-*'];
    execFileSync('tar', ['-C', making, '-xf', archive, ...boot], quietly);
    renameSync(making, folder);
  }
  const find = (start: string) => {
    const name = readdirSync(folder).find((file) => file.startsWith(start));
    if (name === undefined) throw new Error(`${folder} has no ${start}*`);
    return join(folder, name);
  };
  return { kernel: find('vmlinuz-'), initramfs: find('initrd.img-'), rootfs };
}
