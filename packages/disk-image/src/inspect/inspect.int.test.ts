// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { fileSource } from '../layout/file.js';
import { cpio, pe } from '../testing/files.js';
import { inFolder, output } from '../testing/run.js';
import { type Inspection, inspect, requireSignature } from './index.js';

function look(path: string): Inspection {
  const fd = openSync(path, 'r');
  try {
    return inspect(fileSource(fd, fstatSync(fd).size));
  } finally {
    closeSync(fd);
  }
}

const GRUB = ['/usr/lib/grub/i386-pc/boot.img', '/usr/lib/grub/x86_64-efi/moddep.lst'];

describe('what others made', () => {
  itWith(['grub-mkrescue', 'xorriso', 'mformat', ...GRUB], 'an ISO of GRUB starts all four ways', () => {
    inFolder((folder) => {
      const path = join(folder, 'grub.iso');
      mkdirSync(join(folder, 'tree'));
      output('grub-mkrescue', '--output', path, join(folder, 'tree'));
      const found = look(path);
      expect(found).toMatchObject({ kind: 'iso9660', problems: [], also: [] });
      if (found.kind !== 'iso9660') return;
      const ways = found.facts?.starts.map(({ firmware, medium, architecture }) => [
        firmware,
        medium,
        architecture,
      ]);
      for (const way of [
        ['bios', 'cd', 'x86'],
        ['uefi', 'cd', 'x86_64'],
        ['bios', 'usb', 'x86'],
        ['uefi', 'usb', 'x86_64'],
      ]) {
        expect(ways).toContainEqual(way);
      }
    });
  });

  itWith(['genisoimage'], 'an ISO without a boot record starts nowhere', () => {
    inFolder((folder) => {
      const path = join(folder, 'plain.iso');
      mkdirSync(join(folder, 'tree'));
      writeFileSync(join(folder, 'tree/file'), 'content');
      output('genisoimage', '-quiet', '-V', 'PLAIN', '-o', path, join(folder, 'tree'));
      expect(look(path)).toMatchObject({
        kind: 'iso9660',
        facts: { volume: { volumeId: 'PLAIN' }, boot: [], starts: [], system: { scheme: 'none' } },
        problems: [],
      });
    });
  });

  itWith(['sgdisk', 'mkfs.ext4', 'mkfs.fat', 'mcopy', 'mmd'], 'file systems in partitions', () => {
    inFolder((folder) => {
      const path = join(folder, 'disk.raw');
      writeFileSync(path, '');
      truncateSync(path, 64 << 20);
      output(
        'sgdisk',
        '-n',
        '1:2048:+16M',
        '-t',
        '1:ef00',
        '-n',
        '2:0:+16M',
        '-n',
        '3:0:+8M',
        '-n',
        '4:0:+1M',
        path,
      );
      output('mkfs.fat', '-F', '12', '-n', 'ESP', '--offset', '2048', path, '16384');
      writeFileSync(join(folder, 'loader'), pe({ machine: 0xaa64 }));
      output('mmd', '-i', `${path}@@1M`, '::EFI', '::EFI/BOOT');
      output('mcopy', '-i', `${path}@@1M`, join(folder, 'loader'), '::EFI/BOOT/BOOTAA64.EFI');
      output('mkfs.ext4', '-q', '-L', 'root', '-E', `offset=${17 << 20}`, path, '16M');
      expect(look(path)).toMatchObject({
        kind: 'disk',
        facts: {
          scheme: 'gpt',
          partitions: [
            {
              fileSystem: { type: 'fat', label: 'ESP' },
              loaders: [{ architecture: 'aarch64', signed: false }],
            },
            { fileSystem: { type: 'ext4', label: 'root', size: 16 << 20 } },
            {},
            { fileSystem: undefined },
          ],
        },
        problems: [],
      });
    });
  });

  itWith(['mkswap'], 'a swap area', () => {
    inFolder((folder) => {
      const path = join(folder, 'swap');
      writeFileSync(path, new Uint8Array(1 << 20), { mode: 0o600 });
      output('mkswap', '-L', 'swapped', path);
      expect(look(path)).toMatchObject({
        kind: 'file-system',
        facts: { type: 'swap', label: 'swapped', size: 1 << 20 },
        problems: [],
      });
    });
  });

  itWith(['ssh-keygen', 'gpg', 'gpgconf'], 'signatures, armoured and not', () => {
    inFolder((folder) => {
      const at = (name: string) => join(folder, name);
      writeFileSync(at('file'), 'content');
      output('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', at('key'));
      output('ssh-keygen', '-q', '-Y', 'sign', '-f', at('key'), '-n', 'test', at('file'));
      expect(requireSignature(look(at('file.sig')))).toEqual({ format: 'ssh' });
      mkdirSync(at('home'), { mode: 0o700 });
      const gpg = (...argv: string[]) =>
        execFileSync('gpg', ['--homedir', at('home'), '--batch', '--quiet', '--passphrase', '', ...argv], {
          stdio: 'pipe',
        });
      try {
        gpg('--quick-generate-key', 'test', 'ed25519', 'sign');
        gpg('--output', at('binary'), '--detach-sign', at('file'));
        gpg('--output', at('armour'), '--armor', '--detach-sign', at('file'));
      } finally {
        execFileSync('gpgconf', ['--homedir', at('home'), '--kill', 'all']);
      }
      expect(requireSignature(look(at('binary')))).toEqual({ format: 'pgp-binary' });
      expect(requireSignature(look(at('armour')))).toEqual({ format: 'pgp' });
    });
  });

  itWith(['gzip', 'xz', 'zstd', 'lz4', 'bzip2'], 'compressed initramfs', () => {
    inFolder((folder) => {
      const path = join(folder, 'initrd');
      const archive = cpio({ init: Buffer.from('#!/bin/sh\n') });
      for (const [name, argv] of [
        ['gzip', ['-9n']],
        ['xz', ['--check=crc32']],
        ['zstd', ['-q']],
        ['lz4', ['-l']],
        ['bzip2', []],
      ] as const) {
        const packed = execFileSync(name, [...argv, '-c'], { input: archive });
        writeFileSync(path, packed);
        expect(look(path)).toMatchObject({ kind: 'compressed', facts: { compression: name }, problems: [] });
        writeFileSync(
          path,
          Buffer.concat([cpio({ 'kernel/x86/microcode/AuthenticAMD.bin': archive }), packed]),
        );
        expect(look(path)).toMatchObject({
          kind: 'cpio',
          facts: {
            segments: [
              { format: 'newc', microcode: true },
              { format: name, microcode: false },
            ],
          },
        });
        if (name !== 'xz') continue;
        writeFileSync(path, packed.subarray(0, packed.length - 4));
        expect(look(path).problems).toMatchObject([{ code: 'truncated' }]);
      }
    });
  });
});
