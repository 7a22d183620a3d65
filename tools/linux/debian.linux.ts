// SPDX-License-Identifier: Apache-2.0
/** Debian as mmdebstrap makes it, built by the command as it ships, and started from every medium by both firmwares. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archive } from '../../packages/tar/test/archive.js';
import { bundleScript } from '../testing/bundle.js';
import { documentValues } from '../testing/lane.js';
import {
  bootSystem,
  LOGIN_PROMPT,
  SYSTEM_BOOT_TOOLS,
  type SystemBoot,
} from '../testing/linux-system/boot.js';
import { DEBIAN_TOOLS, type DebianSystem, debianSystem } from '../testing/linux-system/debian.js';
import { buildLister, expectedListing, LISTING_TOOLS, seenListing } from '../testing/linux-system/listing.js';
import { lookFromOutside, partition, RELEASE_TOOLS } from '../testing/linux-system/release.js';
import { LIST_ROOT } from '../testing/linux-system/small.js';
import { describeWith } from '../testing/tools.js';

const BOOT = { memoryMib: 1024, until: LOGIN_PROMPT, timeLimitMs: 900_000 } as const;
const TOOLS = [...DEBIAN_TOOLS, ...LISTING_TOOLS, ...RELEASE_TOOLS, ...SYSTEM_BOOT_TOOLS];

let scratch: string;
let script: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-debian-'));
  script = await bundleScript(
    new URL('../../apps/os-image-build/src/main.ts', import.meta.url),
    join(scratch, 'bin'),
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs the command in a process of its own, which inherits the time zone and umask of `as`; returns the record. */
function build(system: DebianSystem, output: string, as = 'umask 022', more: readonly string[] = []): string {
  const argv = [
    ...[process.execPath, script, '--kernel', system.kernel, '--initramfs', system.initramfs],
    ...['--rootfs', system.rootfs, '--output-dir', output, '--build-id', 'debian.1', ...more],
    // A machine without KVM on a busy host fails the trial of its timer that Linux makes.
    ...['--command-line', 'no_timer_check'],
  ];
  const env = { PATH: '', SOURCE_DATE_EPOCH: '1700000000' };
  return execFileSync('/bin/sh', ['-c', `${as}; exec "$@"`, 'sh', ...argv], {
    cwd: scratch,
    env,
    encoding: 'utf8',
  });
}

const warningsOf = (record: string) =>
  record.slice(record.indexOf('[warnings]'), record.indexOf('[non_effects]'));

/** Returns the digest of a file. */
async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

describeWith(TOOLS, 'a Debian with the kernel for everything', () => {
  const at = (name: string) => join(scratch, 'everything', name);
  let system: DebianSystem;
  let record: string;
  beforeAll(() => {
    system = debianSystem('linux-image-amd64');
    mkdirSync(at('.'), { recursive: true });
    record = build(system, at('release'));
  });

  const media = [
    { image: 'iso', format: 'raw', attach: 'cd', what: 'the ISO as a CD' },
    { image: 'iso', format: 'raw', attach: 'usb', what: 'the ISO as a USB disk' },
    { image: 'qcow2', format: 'qcow2', attach: 'virtio', what: 'the disk as a virtio disk' },
  ] as const;
  for (const { image, format, attach, what } of media) {
    for (const firmware of ['bios', 'uefi'] as const) {
      it(`Debian starts from ${what} by ${firmware === 'bios' ? 'SeaBIOS' : 'OVMF'}, up to where it asks for a name`, async () => {
        const path = at(`release/latticra-x86_64.${image}`);
        const boot: SystemBoot = { ...BOOT, machine: 'q35', image: path, format, attach, firmware };
        const { log, seconds } = await bootSystem(boot);
        process.stdout.write(`boot | ${what} | ${firmware} | ${seconds.toFixed(0)} s\n`);
        expect(log).toMatch(LOGIN_PROMPT);
        expect(log).toContain('latticra.build=debian.1');
        expect(log).toMatch(/latticra: verified root on (vda|sda|sr0) at sector \d+ is \/dev\/dm-1/);
      });
    }
  }

  it('the record of a kernel for everything warns of no medium', () => {
    expect(warningsOf(record)).not.toContain('the kernel has no driver');
  });

  it('the programs of others find the same in the release, and no fault', () => {
    mkdirSync(at('outside'));
    const view = lookFromOutside(at('release'), documentValues(record).root_verity_hash ?? '', at('outside'));
    expect(view.qemuImg).toContain('No errors were found on the image.');
    expect(view.gptOfDisk).toContain('No problems found.');
    expect(view.gptOfIso).toContain('No problems found.');
    expect(view.elTorito).toMatch(/El Torito boot img : +1 +BIOS +y/);
    expect(view.elTorito).toMatch(/El Torito boot img : +2 +UEFI +y/);
    expect(view.erofs).not.toMatch(/error|corrupt|fail/i);
    expect(view.fat).not.toMatch(/differ|dirty|error|bad/i);
    expect(view.isUkiOnEsp).toBe(true);
    for (const section of ['.osrel', '.cmdline', '.linux', '.initrd'])
      expect(view.sections).toContain(section);
    expect(view.signature).toContain('No signature table present');
    rmSync(at('outside'), { recursive: true });
  });

  it('the same Debian is the same files in another folder, time zone and umask, from its archive compressed', async () => {
    const rootfs = at('other name.tar.gz');
    await pipeline(createReadStream(system.rootfs), createGzip({ level: 1 }), createWriteStream(rootfs));
    build(
      { ...system, rootfs },
      at('elsewhere/again'),
      'umask 077; export TZ=Pacific/Chatham LC_ALL=tr_TR.UTF-8',
    );
    // The other two name the archive, with its digest.
    const same = readdirSync(at('release')).filter((name) => !/^(sbom|os-image-build)/.test(name));
    expect(same.length).toBe(6);
    for (const name of same)
      expect(await sumOf(at(`elsewhere/again/${name}`)), name).toBe(await sumOf(at(`release/${name}`)));
    rmSync(at('elsewhere'), { recursive: true });
    rmSync(rootfs);
  });
});

/** Lists the root as the system sees it, on the second serial line, before anybody may log in. */
const UNIT = `[Unit]
DefaultDependencies=no
After=dev-ttyS1.device
Before=getty.target serial-getty@ttyS0.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mount -t erofs -o ro /dev/dm-1 /mnt; stty -F /dev/ttyS1 -opost; sh /opt/list-root /mnt >/dev/ttyS1 2>&1; umount /mnt'
TimeoutStartSec=infinity
`;

/** Appends the program that lists a root to an uncompressed archive. */
function addLister(rootfs: string, to: string, lister: Uint8Array): void {
  copyFileSync(rootfs, to);
  // Behind the last member come zeros alone.
  const fd = openSync(to, 'r+');
  let end = statSync(to).size;
  const block = Buffer.alloc(512);
  while (readSync(fd, block, 0, 512, end - 512) === 512 && block.every((byte) => byte === 0)) end -= 512;
  const unit = './etc/systemd/system/list-root.service';
  const more = archive(
    { name: './opt/lister', content: lister, raw: { 100: '0000755\0' } },
    { name: './opt/list-root', content: LIST_ROOT.replace('/sbin/lister', '/opt/lister') },
    { name: unit, content: UNIT },
    {
      name: './etc/systemd/system/sysinit.target.wants/list-root.service',
      type: '2',
      link: '../list-root.service',
    },
  );
  writeSync(fd, more, 0, more.length, end);
  closeSync(fd);
  truncateSync(to, end + more.length);
}

describeWith(TOOLS, 'a Debian with the kernel for clouds', () => {
  const at = (name: string) => join(scratch, 'cloud', name);
  const disk = () => ({ ...BOOT, machine: 'q35', attach: 'virtio' }) as const;
  let record: string;
  beforeAll(() => {
    const system = debianSystem('linux-image-cloud-amd64');
    mkdirSync(at('.'), { recursive: true });
    addLister(system.rootfs, at('rootfs.tar'), buildLister(at('.')));
    record = build({ ...system, rootfs: at('rootfs.tar') }, at('release'), undefined, ['--formats', 'raw']);
  });

  it('the record of a kernel for clouds warns by name of the media that it has no driver for', () => {
    expect(warningsOf(record)).toContain('the kernel has no driver for SATA drives (ahci)');
    expect(warningsOf(record)).toContain('the kernel has no driver for USB drives (usb_storage or uas');
    expect(warningsOf(record)).not.toContain('virtio drives');
  });

  for (const firmware of ['bios', 'uefi'] as const) {
    it(`Debian started by ${firmware === 'bios' ? 'SeaBIOS' : 'OVMF'} finds in its root every file as the archive has it`, async () => {
      const image = at('release/latticra-x86_64.raw');
      const { log, second, seconds } = await bootSystem({ ...disk(), image, format: 'raw', firmware });
      process.stdout.write(`boot | with a listing of all files | ${firmware} | ${seconds.toFixed(0)} s\n`);
      expect(log).toMatch(LOGIN_PROMPT);
      const expected = expectedListing(at('rootfs.tar'));
      expect(expected.length).toBeGreaterThan(10_000);
      expect(seenListing(second)).toEqual(expected);
    });
  }

  it('one bit changed in what Debian starts by stops the machine, and the log says that it is corrupted', async () => {
    const changed = at('changed.raw');
    copyFileSync(at('release/latticra-x86_64.raw'), changed);
    const { offset, size } = partition(changed, 'Latticra root');
    const mark = '[Unit]\nDefaultDependencies=no\nAfter=dev-ttyS1.device';
    const fd = openSync(changed, 'r+');
    const root = Buffer.alloc(size);
    readSync(fd, root, 0, size, offset);
    const inRoot = root.indexOf(mark);
    expect(inRoot).toBeGreaterThan(0);
    writeSync(fd, Buffer.from([(root[inRoot] ?? 0) ^ 1]), 0, 1, offset + inRoot);
    closeSync(fd);
    const { log } = await bootSystem({ ...disk(), image: changed, format: 'raw', firmware: 'bios' });
    expect(log).toMatch(/device-mapper: verity: .* is corrupted/);
    expect(log).toMatch(/Kernel panic - not syncing/);
    expect(log).not.toMatch(LOGIN_PROMPT);
  });
});
