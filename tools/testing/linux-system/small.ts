// SPDX-License-Identifier: Apache-2.0
/** A whole system of a few MiB around Debian's kernel: an initramfs and a root of busybox, with every kind of file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModuleFiles } from '../../../packages/linux-image/src/modules/collect.js';
import { findDebianKernel } from '../../../packages/linux-image/src/testing/machine.js';
import { driverEntries } from '../../../packages/linux-image/src/testing/modules.js';
import { foreignInitramfs } from '../../../packages/linux-image/src/testing/system.js';
import { archive, member, octal, pax } from '../../../packages/tar/test/archive.js';

const BUSYBOX = '/bin/busybox';
/** What a test of this system needs to make it. */
export const SMALL_SYSTEM_TOOLS = [findDebianKernel().path, BUSYBOX];

/** Does what the initramfs of a distribution does: drivers, the root as the command line names it, and into it. */
const INITRAMFS_INIT = `
export PATH=/bin
busybox mount -t proc none /proc
busybox mount -t sysfs none /sys
busybox mount -t devtmpfs none /dev
for module in $(busybox cat /drivers/order); do busybox insmod $module; done
word() { busybox tr ' ' '\\n' </proc/cmdline | busybox sed -n "s/^$1=//p"; }
tries=0
while [ ! -b $(word root) ] && [ $tries -lt 200 ]; do busybox sleep 0.2; tries=$((tries + 1)); done
busybox mount -t $(word rootfstype) -o ro $(word root) /mnt
busybox mount --move /dev /mnt/dev
busybox umount /sys /proc
exec busybox switch_root /mnt /sbin/init
`;

/** Lists what is mounted as root on the second serial line, and asks for a name on the first. */
const INIT = `#!/bin/busybox sh
export PATH=/bin:/sbin
mount -t proc none /proc
mount -t erofs -o ro /dev/dm-1 /mnt
stty -F /dev/ttyS1 -opost
/sbin/list-root /mnt >/dev/ttyS1 2>&1
hostname small
exec getty -L 115200 ttyS0
`;

/** Lists a tree, then the digests of its files; runs in busybox's shell as in any other. */
export const LIST_ROOT = `#!/bin/sh
echo LISTING
/sbin/lister "$1"
echo DIGESTS
cd "$1" && find . -xdev -type f -print0 | xargs -0 sha256sum
echo END
`;

/** A file as a test describes it. */
interface Entry {
  readonly path: string;
  readonly type?: '0' | '1' | '2' | '3' | '4' | '5' | '6';
  readonly mode?: number;
  readonly owner?: readonly [uid: number, gid: number];
  readonly content?: string | Uint8Array;
  readonly link?: string;
  readonly device?: readonly [major: number, minor: number];
  /** Records of a pax header. */
  readonly pax?: Readonly<Record<string, string>>;
}

const digits = (value: number) => `${value.toString(8).padStart(7, '0')}\0`;
const TIME = 1_700_000_000;

function membersOf({ path, type = '0', mode = 0o644, owner = [0, 0], device, ...rest }: Entry) {
  const [major, minor] = device ?? [0, 0];
  const raw = {
    100: digits(mode),
    108: digits(owner[0]),
    116: digits(owner[1]),
    136: octal(TIME),
    329: digits(major),
    337: digits(minor),
  };
  const { content, link } = rest;
  const own = member({
    name: path,
    type,
    raw,
    ...(content !== undefined && { content }),
    ...(link !== undefined && { link }),
  });
  return rest.pax === undefined ? [own] : [member(pax(rest.pax)), own];
}

const folder = (path: string, mode = 0o755): Entry => ({ path: `${path}/`, type: '5', mode });
const program = (path: string, content: string | Uint8Array): Entry => ({ path, mode: 0o755, content });
const link = (path: string, target: string): Entry => ({ path, type: '2', mode: 0o777, link: target });

/** Bytes that look like nothing, the same every time. */
function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = 1; at < size; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Files of every kind that a root may have, of sizes around a block. */
function everyKind(): Entry[] {
  const sizes = [0, 1, 4095, 4096, 4097, 8192, 70_000, 1 << 20];
  return [
    folder('kinds'),
    ...sizes.map((size): Entry => ({ path: `kinds/of-${size}`, content: noise(size) })),
    { path: 'kinds/setuid', mode: 0o4755, owner: [1000, 1000], content: 'setuid\n' },
    { path: 'kinds/nobody', mode: 0o640, owner: [65534, 65534], content: 'nobody\n' },
    { path: 'kinds/far', content: 'far\n', pax: { uid: '4000000000', gid: '70000' } },
    { path: 'kinds/time', content: 'time\n', pax: { mtime: '1234567890.123456789' } },
    { path: 'kinds/again', type: '1', link: 'kinds/time' },
    { path: 'kinds/pipe', type: '6', mode: 0o600 },
    { path: 'kinds/null', type: '3', mode: 0o666, device: [1, 3] },
    { path: 'kinds/block', type: '4', mode: 0o660, owner: [0, 6], device: [259, 70_000] },
    link('kinds/dangling', '../nowhere'),
    // Linux makes no link with other permissions than all.
    { ...link('kinds/restricted', 'null'), mode: 0o644 },
    { path: 'kinds/back\\slash', content: 'named\n' },
    { path: 'kinds/long', type: '2', mode: 0o777, link: 'x', pax: { linkpath: 'target/'.repeat(100) } },
    { path: 'kinds/named', content: 'named\n', pax: { path: `kinds/${'n'.repeat(255)}` } },
    { path: 'kinds/umlaut', content: 'umlaut\n', pax: { path: 'kinds/ü = 100 % größer' } },
    {
      path: 'kinds/attributes',
      content: 'attributes\n',
      pax: {
        'SCHILY.xattr.user.text': 'a text',
        'SCHILY.xattr.user.empty': '',
        'SCHILY.xattr.trusted.long': 'v'.repeat(3000),
        'SCHILY.xattr.security.capability': '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
      },
    },
    folder('kinds/sticky', 0o1777),
    folder('kinds/many'),
    // More names than one block holds.
    ...Array.from(
      { length: 600 },
      (_, index): Entry => ({ path: `kinds/many/${index}`, content: `${index}` }),
    ),
  ];
}

/** The fields of a package in the order in which apk-tools 2 writes them (`apk_pkg_write_info`, then `apk_db_write_fdb`). */
const apkPackage = (name: string, version: string, more: readonly string[]) =>
  [
    `C:Q1${Buffer.from(name.padEnd(20, '='), 'latin1').toString('base64')}`,
    ...[`P:${name}`, `V:${version}`, 'A:x86_64', 'S:1000', 'I:4096', `T:${name}: what P:it V:is A:for`],
    ...more,
    '',
    '',
  ].join('\n');

/** What apk would have noted down of this root; no registry that tests may use has an Alpine, nor Debian 12 an apk. */
const APK_INSTALLED = [
  apkPackage('small-baselayout', '3.4.3-r1', [
    'U:https://example.org/',
    'L:GPL-2.0-only',
    'o:small-baselayout',
    'm:Somebody <s@example.org>',
    't:1700000000',
    'c:0123456789abcdef',
    'D:busybox',
    'p:etc',
    'i:x y',
    'F:',
    'F:etc',
    'M:0:0:750',
    'R:passwd',
    'a:0:0:640',
    'Z:Q1AAAA=',
  ]),
  apkPackage('busybox', '1.36.1-r15', [
    'U:https://busybox.net/',
    'L:GPL-2.0-only',
    'o:busybox',
    't:1700000000',
    'D:so:libc.musl-x86_64.so.1',
    'F:bin',
    'R:busybox',
    'a:0:0:755',
    'Z:Q1AAAB=',
  ]),
  apkPackage('ssl_client', '1.36.1-r15', ['L:GPL-2.0-only', 'o:busybox', 't:1700000000']),
  apkPackage('libstdc++', '12.2.1_git20220924-r10', [
    'L:GPL-2.0-or-later AND LGPL-2.1-or-later',
    'o:gcc',
    't:1700000000',
  ]),
].join('');

/** Makes the root, with the program that lists it. */
function rootArchive(lister: Uint8Array): Buffer {
  const { release, modules } = findDebianKernel();
  const base = `lib/modules/${release}`;
  const read = (path: string) => readFileSync(join(modules, path));
  const lists = ['modules.dep', 'modules.builtin'].map((name) => `${base}/${name}`);
  const names = read('modules.dep')
    .toString()
    .split('\n')
    .map((line) => `${base}/${line.split(':')[0]}`);
  const { load } = findModuleFiles('verity', release, [...names, ...lists], (path) =>
    read(path.slice(base.length + 1)),
  );
  const folders = new Set(['./']);
  for (const path of [
    ...load,
    ...lists,
    ...'bin dev etc lib/apk/db mnt proc run sbin sys tmp'.split(' ').map((name) => `${name}/x`),
  ]) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(`${parts.slice(0, depth).join('/')}/`);
  }
  const entries: Entry[] = [
    ...[...folders].map((path): Entry => ({ path, type: '5', mode: path === 'tmp/' ? 0o1777 : 0o755 })),
    ...[...lists, ...load].map((path) => ({ path, content: read(path.slice(base.length + 1)) })),
    program('bin/busybox', readFileSync(BUSYBOX)),
    ...'find getty hostname login mount sh sha256sum stty xargs'
      .split(' ')
      .map((name) => link(`bin/${name}`, 'busybox')),
    program('sbin/init', INIT),
    program('sbin/list-root', LIST_ROOT),
    program('sbin/lister', lister),
    { path: 'etc/os-release', content: 'ID=small\nNAME="Small"\nVERSION_ID="1"\n' },
    { path: 'lib/apk/db/installed', content: APK_INSTALLED },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/:/bin/sh\n' },
    ...everyKind(),
  ];
  return archive(...entries.flatMap(membersOf));
}

/** The three inputs of a build. */
export interface SmallSystem {
  /** A path. */
  readonly kernel: string;
  readonly initramfs: Uint8Array;
  readonly rootfs: Buffer;
}

/** Makes the system. */
export function smallSystem(lister: Uint8Array): SmallSystem {
  return {
    kernel: findDebianKernel().path,
    initramfs: foreignInitramfs(INITRAMFS_INIT, driverEntries()),
    rootfs: rootArchive(lister),
  };
}
