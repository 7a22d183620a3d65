// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDocument, parseDocument } from '../../../packages/evidence-format/src/index.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd: folder, env: { HOME: folder } });
/** Some tools lie where only root looks by default. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
const tool = (name: string, ...argv: string[]) =>
  execFileSync(name, argv, { cwd: folder, env, stdio: 'pipe' });
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

/** Inspects a file and returns the values of the document, and those of its sections by name. */
async function look(file: string, ...argv: string[]) {
  const { status, stdout, stderr } = await run('--file', file, ...argv);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const document = parseDocument(stdout);
  expect(formatDocument(document)).toBe(stdout);
  const valuesOf = (fields: typeof document.fields) =>
    Object.fromEntries(fields.map(({ key, value }) => [key, value]));
  return {
    values: documentValues(stdout),
    sections: Object.fromEntries(document.sections.map(({ name, fields }) => [name, valuesOf(fields)])),
  };
}

describe(lane.bin, () => {
  it('the document says what a file is, and that it measured nothing', async () => {
    write('x.iso', '<!DOCTYPE html><html>not found</html>');
    expect((await look('x.iso')).values).toMatchObject({
      manifest_path: expect.stringMatching(/latticra-os-image-release\.toml$/),
      file_path: 'x.iso',
      file_size_bytes: '37',
      file_measurement: 'none',
      file_kind: 'html',
      file_description: 'an HTML page',
      starts_bios_cd: '0',
      unread_count: '0',
      bootable_os_ready: '0',
    });
    expect((await look('x.iso', '--digest')).values.file_measurement).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('a file in no known format is reported as unknown, and nothing more is claimed of it', async () => {
    write('noise', Uint8Array.of(0, 1, 2, 3));
    expect((await look('noise')).values).toMatchObject({ file_kind: 'unknown', starts_uefi_usb: 'unknown' });
    write('empty', '');
    expect((await look('empty')).values).toMatchObject({ file_kind: 'empty', file_size_bytes: '0' });
  });

  it('a folder is refused by its name, with the command that looks into one', async () => {
    mkdirSync(join(folder, 'release'));
    const { status, stdout, stderr } = await run('--file', 'release');
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toBe(
      `${lane.bin}: release: is a folder, expected a regular file; latticra status tells what a folder has of a release\n`,
    );
  });

  itWith(
    ['xorriso', 'xorrisofs', '/usr/lib/grub/i386-pc/boot_hybrid.img'],
    'a disc image is told from an image for a USB stick',
    async () => {
      mkdirSync(join(folder, 'tree'));
      write('tree/loader', new Uint8Array(4096).fill(0x90));
      const make = (name: string, ...options: string[]) =>
        tool(
          'xorrisofs',
          '-quiet',
          '-V',
          'PLAIN',
          ...options,
          '-b',
          'loader',
          '-no-emul-boot',
          '-o',
          name,
          'tree',
        );
      make('disc.iso');
      const disc = await look('disc.iso');
      expect(disc.values).toMatchObject({ file_kind: 'iso9660', starts_bios_cd: '1', starts_bios_usb: '0' });
      expect(disc.sections).toMatchObject({
        iso9660: { volume_id: 'PLAIN', system_area: 'none', boot_code: '0' },
        'boot_entry:1': { platform: 'bios', emulation: 'none', bootable: '1' },
        'start:1': { firmware: 'bios', medium: 'cd', architecture: 'x86' },
      });
      make('stick.iso', '--grub2-mbr', '/usr/lib/grub/i386-pc/boot_hybrid.img', '-partition_offset', '16');
      expect((await look('stick.iso')).values).toMatchObject({ starts_bios_cd: '1', starts_bios_usb: '1' });
      const isohybrid = readFileSync(join(folder, 'stick.iso'));
      // The record of isohybrid: the whole image, from sector 0 on, of type 0.
      isohybrid.writeUInt8(0, 450);
      isohybrid.writeUInt32LE(0, 454);
      isohybrid.writeUInt32LE(isohybrid.length / 512, 458);
      write('isohybrid.iso', isohybrid);
      expect((await look('isohybrid.iso')).sections).toMatchObject({
        iso9660: { system_area: 'mbr' },
        'partition:1': { type: '0x00', offset_bytes: '0', active: '1' },
      });
      write('cut.iso', isohybrid.subarray(0, 300_000));
      const cut = await run('--file', 'cut.iso');
      expect([cut.status, cut.stdout]).toEqual([65, '']);
      expect(cut.stderr).toMatch(
        /^latticra-os-image-inspect: cut\.iso: the volume has \d+ bytes, but the image only 300000/,
      );
    },
  );

  itWith(['qemu-img', 'sgdisk', 'mkfs.fat'], 'a qcow2 file is read as its disk', async () => {
    write('disk.raw', '');
    truncateSync(join(folder, 'disk.raw'), 64 << 20);
    tool('sgdisk', '-n', '1:2048:+40M', '-t', '1:ef00', '-c', '1:boot', 'disk.raw');
    tool('mkfs.fat', '-F', '16', '-n', 'ESP', '--offset', '2048', 'disk.raw', '40960');
    tool('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'disk.raw', 'disk.img');
    const { values, sections } = await look('disk.img');
    expect(values).toMatchObject({ file_kind: 'qcow2', starts_uefi_disk: '0' });
    expect(sections).toMatchObject({
      qcow2: { virtual_size_bytes: String(64 << 20), backing_file: 'none', compression: 'zlib' },
      disk: { partition_table: 'gpt' },
      'partition:1': {
        name: 'boot',
        efi_system: '1',
        file_system: 'fat',
        file_system_label: 'ESP',
        loaders: 'none',
      },
    });
    tool('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', 'disk.raw', '-F', 'raw', 'overlay.qcow2');
    const overlay = await look('overlay.qcow2');
    expect(overlay.values).toMatchObject({ unread_count: '2', starts_uefi_disk: 'unknown' });
    expect(overlay.sections).toMatchObject({
      qcow2: { backing_file: 'disk.raw', backing_format: 'raw' },
      unread: { 'item.1': expect.stringContaining('backing file') },
    });
    for (const format of ['vpc', 'vhdx', 'vmdk', 'vdi']) {
      tool('qemu-img', 'convert', '-f', 'raw', '-O', format, 'disk.raw', 'foreign.raw');
      const kind = format === 'vpc' ? 'vhd' : format;
      expect((await look('foreign.raw')).values).toMatchObject({
        file_kind: kind,
        starts_bios_disk: 'unknown',
      });
    }
    tool(
      'qemu-img',
      'convert',
      '-f',
      'raw',
      '-O',
      'vpc',
      '-o',
      'subformat=fixed,force_size',
      'disk.raw',
      'fixed',
    );
    expect((await look('fixed')).sections['partition:1']).toMatchObject({ file_system: 'fat' });
  });

  itWith(['gzip', 'xz', 'zstd', 'lz4', 'bzip2'], 'compressed data is known by its bytes', async () => {
    for (const name of ['gzip', 'xz', 'zstd', 'lz4', 'bzip2']) {
      write('packed.iso', execFileSync(name, ['-c'], { input: 'content '.repeat(1000) }));
      expect((await look('packed.iso')).values).toMatchObject({
        file_kind: 'compressed',
        file_description: `${name} data`,
        unread_count: '1',
      });
    }
  });

  itWith(['mkfs.ext4', 'mkswap'], 'file systems are recognized', async () => {
    write('volume', '');
    truncateSync(join(folder, 'volume'), 16 << 20);
    tool('mkfs.ext4', '-q', '-L', 'root', 'volume');
    expect((await look('volume')).sections).toMatchObject({
      file_system: {
        file_system: 'ext4',
        file_system_label: 'root',
        file_system_size_bytes: String(16 << 20),
      },
    });
    truncateSync(join(folder, 'volume'), 8 << 20);
    expect((await run('--file', 'volume')).status).toBe(65);
  });

  it('what a file says of itself is shown printable, and no list is longer than a hundred', async () => {
    const name = 'a\u001b[2J\u202eb\\c\nkey=1';
    const bytes = Buffer.alloc(1 << 16);
    bytes.write('QFI\xfb', 0, 'latin1');
    bytes.writeUInt32BE(2, 4);
    bytes.writeBigUInt64BE(512n, 8);
    bytes.writeUInt32BE(Buffer.byteLength(name), 16);
    bytes.write(name, 512, 'utf8');
    bytes.writeUInt32BE(12, 20);
    bytes.writeUInt32BE(1, 36);
    bytes.writeBigUInt64BE(4096n, 40);
    bytes.writeBigUInt64BE(8192n, 48);
    bytes.writeUInt32BE(1, 56);
    bytes.writeUInt32BE(500, 60);
    bytes.writeBigUInt64BE(16384n, 64);
    write('named.qcow2', bytes);
    const { sections } = await look('named.qcow2');
    expect(sections.qcow2?.backing_file).toBe('a\\u{1b}[2J\\u{202e}b\\u{5c}c\\u{a}key=1');
    expect(sections.snapshots).toEqual({ count: '500', shown: '100' });
    expect(Object.keys(sections)).toContain('snapshot:100');
    expect(Object.keys(sections)).not.toContain('snapshot:101');
  });
});
