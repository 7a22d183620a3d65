// SPDX-License-Identifier: Apache-2.0
/** A small system from three inputs to a prompt, by this lane alone; `pnpm linux` does the same with whole Debians. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import {
  bootSystem,
  LOGIN_PROMPT,
  SYSTEM_BOOT_TOOLS,
  type SystemBoot,
} from '../../../tools/testing/linux-system/boot.js';
import {
  buildLister,
  expectedListing,
  LISTING_TOOLS,
  seenListing,
} from '../../../tools/testing/linux-system/listing.js';
import {
  flipBit,
  lookFromOutside,
  partition,
  RELEASE_TOOLS,
  said,
} from '../../../tools/testing/linux-system/release.js';
import { SMALL_SYSTEM_TOOLS, smallSystem } from '../../../tools/testing/linux-system/small.js';
import { describeWith, itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

const BUILD_TOOLS = [...SMALL_SYSTEM_TOOLS, ...LISTING_TOOLS];
const BOOT = { machine: 'pc', memoryMib: 512, until: LOGIN_PROMPT, timeLimitMs: 150_000 } as const;
const TIME_LIMIT = 200_000;
/** A machine without KVM on a busy host fails the trial of its timer that Linux makes. */
const COMMAND_LINE = 'panic=-1 no_timer_check';

/** What of a package in SPDX is looked at. */
interface SbomPackage {
  readonly name: string;
  readonly versionInfo?: string;
  readonly licenseDeclared?: string;
  readonly externalRefs?: readonly { readonly referenceLocator: string }[];
}

describeWith(BUILD_TOOLS, 'a small system', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const build = async (output: string, ...more: string[]) => {
    const inputs = ['--kernel', smallKernel, '--initramfs', 'initrd.img'];
    const rootfs = more.includes('--rootfs') ? [] : ['--rootfs', 'rootfs.tar'];
    const given = [...inputs, ...rootfs, '--output-dir', output, '--build-id', 'small.1', ...more];
    return tryLane(lane, given, { cwd: folder, env: { PATH: '', SOURCE_DATE_EPOCH: '1700000000' } });
  };
  const iso = () => at('release/latticra-x86_64.iso');
  const qcow2 = () => at('release/latticra-x86_64.qcow2');
  let smallKernel: string;
  let record: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-small-system-'));
    const { kernel, initramfs, rootfs } = smallSystem(buildLister(folder));
    smallKernel = kernel;
    writeFileSync(at('initrd.img'), initramfs);
    writeFileSync(at('rootfs.tar'), rootfs);
    writeFileSync(at('rootfs.tar.gz'), gzipSync(rootfs));
    const { status, stdout, stderr } = await build('release', '--command-line', COMMAND_LINE);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    record = stdout;
  }, TIME_LIMIT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  itWith(
    SYSTEM_BOOT_TOOLS,
    'a system that booted from its disk finds in its root every file as the archive has it',
    async () => {
      const disk: SystemBoot = {
        ...BOOT,
        image: qcow2(),
        format: 'qcow2',
        attach: 'virtio',
        firmware: 'bios',
      };
      const { log, second } = await bootSystem(disk);
      expect(log).toMatch(LOGIN_PROMPT);
      expect(log).toContain('latticra.build=small.1');
      const expected = expectedListing(at('rootfs.tar'));
      expect(expected.length).toBeGreaterThan(650);
      expect(seenListing(second)).toEqual(expected);
    },
    TIME_LIMIT,
  );

  const others = [
    { name: 'the ISO as a CD by BIOS', file: iso, format: 'raw', attach: 'cd', firmware: 'bios' },
    { name: 'the disk by UEFI', file: qcow2, format: 'qcow2', attach: 'virtio', firmware: 'uefi' },
  ] as const;
  for (const { name, file, ...medium } of others) {
    itWith(
      SYSTEM_BOOT_TOOLS,
      `the system starts from ${name}, up to where it asks for a name`,
      async () => {
        const { log } = await bootSystem({ ...BOOT, ...medium, image: file() });
        expect(log).toMatch(LOGIN_PROMPT);
        expect(log).toMatch(/latticra: verified root on (vda|sr0) at sector \d+ is \/dev\/dm-1/);
      },
      TIME_LIMIT,
    );
  }

  itWith(
    [...SYSTEM_BOOT_TOOLS, ...RELEASE_TOOLS],
    'one bit changed in the root of a disk stops the machine, and the log says that it is corrupted',
    async () => {
      said('qemu-img', ['convert', '-O', 'raw', qcow2(), at('changed.raw')]);
      const { offset, size } = partition(at('changed.raw'), 'Latticra root');
      const root = readFileSync(at('changed.raw')).subarray(offset, offset + size);
      // In the middle of the largest file, which only the listing reads.
      const content = readFileSync(at('rootfs.tar'));
      const name = content.indexOf(`kinds/of-${1 << 20}\0`);
      const inFile = root.indexOf(content.subarray(name + 512 + 4096, name + 512 + 8192));
      expect(inFile).toBeGreaterThan(0);
      flipBit(at('changed.raw'), offset + inFile + (1 << 19));
      const { log } = await bootSystem({
        ...BOOT,
        image: at('changed.raw'),
        format: 'raw',
        attach: 'virtio',
        firmware: 'bios',
      });
      expect(log).toMatch(/device-mapper: verity: .* is corrupted/);
      expect(log).toMatch(/Kernel panic - not syncing/);
      expect(log).not.toMatch(LOGIN_PROMPT);
    },
    TIME_LIMIT,
  );

  itWith(
    ['/bin/busybox', 'tar'],
    'the SBOM names the packages of apk as an awk reads them in the archive',
    () => {
      const awk = `/^P:/ { name = substr($0, 3) } /^V:/ { version = substr($0, 3) } /^$/ { print name, version }`;
      const database = execFileSync('tar', ['-xOf', at('rootfs.tar'), 'lib/apk/db/installed']);
      const read = execFileSync('/bin/busybox', ['awk', awk], { input: database, encoding: 'latin1' });
      const { packages }: { packages: SbomPackage[] } = JSON.parse(
        readFileSync(at('release/sbom.spdx.json'), 'utf8'),
      );
      const named = packages.filter(({ externalRefs }) =>
        externalRefs?.some(({ referenceLocator }) => referenceLocator.startsWith('pkg:apk/')),
      );
      const lines = named.map(({ name, versionInfo }) => `${name} ${versionInfo}`);
      expect(lines.length).toBe(4);
      expect(lines.sort()).toEqual(read.trim().split('\n').sort());
      expect(named.find(({ name }) => name === 'libstdc++')?.licenseDeclared).toBe(
        'GPL-2.0-or-later AND LGPL-2.1-or-later',
      );
    },
  );

  itWith([], 'the record names the media that the kernel has no driver for', () => {
    const warnings = record.slice(record.indexOf('[warnings]'), record.indexOf('[non_effects]'));
    for (const medium of ['SATA drives (ahci)', 'USB drives (usb_storage or uas']) {
      expect(warnings).toContain(`the kernel has no driver for ${medium}`);
    }
    expect(warnings).not.toContain('virtio drives');
  });

  itWith(
    [],
    'the same system is the same files in another folder, from the same archive compressed',
    async () => {
      mkdirSync(at('elsewhere'));
      const umask = process.umask(0o077);
      const zone = process.env.TZ;
      process.env.TZ = 'Pacific/Chatham';
      try {
        const again = ['--command-line', COMMAND_LINE, '--rootfs', 'rootfs.tar.gz'];
        expect((await build('elsewhere/again', ...again)).stderr).toBe('');
      } finally {
        process.umask(umask);
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
      }
      // The other two name the archive, with its digest.
      const same = readdirSync(at('release')).filter((name) => !/^(sbom|os-image-build)/.test(name));
      expect(same.length).toBe(6);
      for (const name of same) {
        expect(
          readFileSync(at(`elsewhere/again/${name}`)).equals(readFileSync(at(`release/${name}`))),
          name,
        ).toBe(true);
      }
    },
  );

  itWith(RELEASE_TOOLS, 'the programs of others find the same in the release, and no fault', () => {
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
  });
});
