// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeName } from './name.js';

describe('judgeName', () => {
  it.each(['/dev/sdb', '/dev/sdab', '/dev/vdb', '/dev/hdc', '/dev/xvdf', '/dev/nvme1n1', '/dev/mmcblk1'])(
    'the path %s is one of a whole disk on Linux, and not on macOS',
    (path) => {
      expect(judgeName(path, 'linux')).toEqual({
        valid: true,
        placeholder: false,
        link: false,
        reason: undefined,
      });
      expect(judgeName(path, 'macos')).toMatchObject({ valid: false, reason: 'not-a-disk' });
    },
  );

  it.each(['/dev/disk4', '/dev/rdisk12'])(
    'the path %s is one of a whole disk on macOS, and not on Linux',
    (path) => {
      expect(judgeName(path, 'macos')).toMatchObject({ valid: true, placeholder: false, reason: undefined });
      expect(judgeName(path, 'linux')).toMatchObject({ valid: false, reason: 'not-a-disk' });
    },
  );

  it('each platform has one placeholder', () => {
    const placeholder = { valid: true, placeholder: true, link: false, reason: undefined };
    expect(judgeName('/dev/sdX', 'linux')).toEqual(placeholder);
    expect(judgeName('/dev/rdiskN', 'macos')).toEqual(placeholder);
    expect(judgeName('/dev/sdX', 'macos')).toMatchObject({ valid: false, reason: 'not-a-disk' });
    expect(judgeName('/dev/rdiskN', 'linux')).toMatchObject({ valid: false, reason: 'not-a-disk' });
    expect(judgeName('/dev/sdX1', 'linux')).toMatchObject({ valid: false, reason: 'not-a-disk' });
    expect(judgeName('/dev/../dev/sdX', 'linux')).toMatchObject({ valid: false, placeholder: false });
  });

  it.each([
    ['linux', '/dev/sdb1'],
    ['linux', '/dev/nvme1n1p2'],
    ['linux', '/dev/mmcblk1p1'],
    ['linux', '/dev/mmcblk1boot0'],
    ['linux', '/dev/mmcblk1rpmb'],
    ['macos', '/dev/disk4s1'],
    ['macos', '/dev/rdisk4s2s1'],
  ] as const)('a partition on %s such as %s is never taken', (platform, path) => {
    expect(judgeName(path, platform)).toMatchObject({ valid: false, reason: 'partition' });
  });

  it.each([
    '',
    '/',
    '/dev',
    '/dev/',
    'sdb',
    'dev/sdb',
    '/tmp/sdb',
    '/dev/null',
    '/dev/loop0',
    '/dev/dm-0',
    '/dev/md0',
    '/dev/sr0',
    '/dev/mapper/vg-root',
    '/dev/nvme0',
    '/dev/sdB',
    '/dev/SDB',
    '/dev/sd',
    '/dev/sdb ',
    '/dev/sdb\n',
    '/dev/disk/by-id',
    '/dev/disk/by-id/a/b',
    '/proc/self/root/dev/sdb',
  ])('no whole disk is called %j', (path) => {
    expect(judgeName(path, 'linux')).toMatchObject({ valid: false, placeholder: false, link: false });
    expect(judgeName(path, 'linux').reason).toMatch(/^not-/);
  });

  it.each([
    '/dev/disk/by-id/usb-Maker_Stick-0:0',
    '/dev/disk/by-path/pci-0000:00:14.0',
    '/dev/disk/by-label/a\\x20b',
  ])('a link %s has to be followed', (path) => {
    expect(judgeName(path, 'linux')).toEqual({
      valid: true,
      placeholder: false,
      link: true,
      reason: undefined,
    });
  });

  it.each(['/dev/./sdb', '/dev//sdb', '//dev/sdb', '/dev/sdb/', '/dev/sdb/.', '/dev/x/../sdb'])(
    'the path %s has to be spelled plainly',
    (path) => {
      expect(judgeName(path, 'linux')).toMatchObject({ valid: false, reason: 'not-canonical' });
    },
  );

  it("the system disk's name is blocked on any platform, whole or in part, however it is spelled", () => {
    const disk = fc.constantFrom('sda', 'hda', 'vda', 'xvda', 'nvme0n1', 'mmcblk0', 'disk0', 'rdisk0');
    const part = fc
      .integer({ min: 0, max: 128 })
      .chain((n) => fc.constantFrom('', 'number', 'p', 's').map((kind) => ({ kind, n })));
    const before = fc.array(fc.constantFrom('/', '/.', '/x/..', '/dev/..', '/dev/disk/by-id/../../..'), {
      maxLength: 4,
    });
    const after = fc.constantFrom('', '/', '//', '/.', '/x/..');
    fc.assert(
      fc.property(
        disk,
        part,
        before,
        after,
        fc.constantFrom('linux', 'macos'),
        (name, { kind, n }, head, tail, platform) => {
          const separator = name.includes('disk') ? 's' : /\d$/.test(name) ? 'p' : '';
          const suffix = kind === '' ? '' : `${separator}${n}`;
          const path = `${head.join('')}/dev/${name}${suffix}${tail}`;
          const verdict = judgeName(path, platform);
          expect(verdict.reason).toBe('system-disk-name');
          expect(verdict.placeholder).toBe(false);
          if (suffix !== '' || tail !== '' || head.length > 0) expect(verdict.valid).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a name passes only in one exact form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.constantFrom('linux', 'macos'),
        (text, platform) => {
          const { valid, link, placeholder } = judgeName(`/dev/${text}`, platform);
          const form =
            platform === 'linux' ? /^((sd|hd|vd|xvd)[a-z]+|nvme\d+n\d+|mmcblk\d+)$/ : /^r?disk\d+$/;
          if (valid && !link && !placeholder) expect(text).toMatch(form);
        },
      ),
      { numRuns: 300 },
    );
  });
});
