// SPDX-License-Identifier: Apache-2.0
/**
 * Real Linux systems, small ones: Debian's kernel for clouds, and an initramfs of busybox alone, on an ISO of grub-mkrescue's that
 * a BIOS starts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUSYBOX = '/bin/busybox';
/** The newest of those that are installed; a name that nobody has where there is none. */
const KERNEL = join(
  '/boot',
  (existsSync('/boot') ? readdirSync('/boot') : [])
    .filter((name) => /^vmlinuz-.*-cloud-amd64$/.test(name))
    .sort()
    .at(-1) ?? 'vmlinuz-cloud-amd64',
);

/** What a test names as the tools it needs when it makes such an ISO. */
export const LINUX_ISO_TOOLS = [
  'grub-mkrescue',
  'xorriso',
  '/usr/lib/grub/i386-pc/kernel.img',
  KERNEL,
  BUSYBOX,
];

/**
 * What a system does: asks who is there, writes a line and has the machine end, panics, says nothing on the serial port, or gets
 * stuck before its init has written anything.
 */
export type LinuxDoes = 'login' | 'panic' | 'silence' | 'hang';

const ENDS: Record<LinuxDoes, string> = {
  login: 'echo; echo "Kiosk 1.0 ttyS0"; echo; echo -n "kiosk login: "; while :; do sleep 60; done',
  panic: 'exit 3',
  silence: 'while :; do sleep 60; done',
  hang: 'while :; do sleep 60; done',
};

/** Makes one member of a cpio archive of the form `newc`. */
function member(inode: number, name: string, mode: number, content: Uint8Array, device = [0, 0]): Buffer {
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length + 1, 0];
  const head = `070701${numbers.map((each) => each.toString(16).padStart(8, '0')).join('')}${name}\0`;
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([padded(Buffer.from(head)), padded(content)]);
}

function initramfs(does: LinuxDoes): Buffer {
  const init = `#!/bin/busybox sh\n${ENDS[does]}\n`;
  return Buffer.concat([
    member(1, 'dev', 0o040755, Buffer.alloc(0)),
    member(2, 'dev/console', 0o020600, Buffer.alloc(0), [5, 1]),
    member(3, 'bin', 0o040755, Buffer.alloc(0)),
    member(4, 'bin/busybox', 0o100755, readFileSync(BUSYBOX)),
    member(5, 'bin/sleep', 0o120777, Buffer.from('busybox')),
    member(6, 'init', 0o100755, Buffer.from(init)),
    member(0, 'TRAILER!!!', 0, Buffer.alloc(0)),
  ]);
}

/**
 * Writes `<does>.iso` into a folder, started with that build id, and beside it `<does>-tree`, of which it is made; returns
 * its path.
 * @param platforms those that it starts on; a BIOS alone is quicker
 */
export function writeLinuxIso(
  folder: string,
  does: LinuxDoes,
  buildId: string,
  platforms: 'bios' | 'all' = 'bios',
): string {
  const tree = join(folder, `${does}-tree`);
  const boot = join(tree, 'boot');
  mkdirSync(join(boot, 'grub'), { recursive: true });
  const isSilent = does === 'silence';
  const serial = 'serial --unit=0 --speed=115200\nterminal_output serial\necho "Loading Linux ..."\n';
  writeFileSync(
    join(boot, 'grub/grub.cfg'),
    `${isSilent ? '' : serial}linux /boot/vmlinuz console=${isSilent ? 'tty0' : 'ttyS0'} panic=-1 no_timer_check latticra.build=${buildId}
initrd /boot/initrd
boot
`,
  );
  writeFileSync(join(boot, 'vmlinuz'), readFileSync(KERNEL));
  writeFileSync(join(boot, 'initrd'), initramfs(does));
  const iso = join(folder, `${does}.iso`);
  const only = platforms === 'bios' ? ['-d', '/usr/lib/grub/i386-pc'] : [];
  execFileSync('grub-mkrescue', [...only, '-o', iso, tree], { stdio: 'pipe' });
  return iso;
}
