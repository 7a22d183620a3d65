// SPDX-License-Identifier: Apache-2.0
import type { DeviceInspector } from '@latticra/usb-cmd';
import { describe, expect, it } from 'vitest';
import { optionsSection, readOptions, recordingInspector, replayingInspector } from './options.js';

const facts = {
  wholeDisk: 1,
  removable: 1,
  readOnly: 0,
  mounted: 1,
  backsSystem: 0,
  storageMember: 0,
  holdsIso: 0,
  sizeBytes: 1 << 30,
  mountedNodes: ['/dev/sdb1'],
} as const;

describe('the options of a bundle', () => {
  it('the options are read back as they were written', () => {
    const common = {
      manifestPath: 'release.toml',
      devices: { linux: '/dev/sdX', macos: '/dev/rdiskN' },
      seen: { linux: 'none', macos: '{"location":{"reason":"not-found"}}' },
      serialLog: 'reports/serial.log',
    };
    for (const options of [
      {
        ...common,
        firmware: { kind: 'seabios' as const },
        bootRecords: [],
        verifiedBy: undefined,
        checksumsSigned: false,
        keysProveNothing: false,
        promotion: undefined,
        pageVersion: undefined,
        documentsVersion: undefined,
      },
      {
        ...common,
        firmware: { kind: 'seabios' as const },
        bootRecords: [],
        verifiedBy: {
          allowedSigners: 'c'.repeat(64),
          revokedKeys: undefined,
          signer: 'none',
          time: '2026-01-01T00:00:00Z',
        },
        checksumsSigned: true,
        keysProveNothing: true,
        promotion: 'e'.repeat(64),
        pageVersion: '1.2.3-rc.1',
        documentsVersion: '0.1.0',
      },
      {
        ...common,
        firmware: {
          kind: 'uefi' as const,
          code: '/f',
          codeFormat: 'qcow2' as const,
          codeExists: true,
          vars: undefined,
          varsFormat: 'raw' as const,
          requiresSmm: true,
        },
        bootRecords: Array.from({ length: 101 }, (_, index) => `${index}`.padStart(64, 'a')),
        verifiedBy: {
          allowedSigners: 'c'.repeat(64),
          revokedKeys: 'd'.repeat(64),
          signer: undefined,
          time: '2026-01-01T00:00:00Z',
        },
        checksumsSigned: false,
        keysProveNothing: false,
        promotion: undefined,
        pageVersion: undefined,
        documentsVersion: undefined,
      },
    ]) {
      expect(readOptions({ title: 'T', fields: [], sections: [optionsSection(options)] })).toEqual(options);
    }
    expect(readOptions({ title: 'T', fields: [], sections: [] })).toBeUndefined();
  });

  it.each<[string, (key: string, value: string) => [string, string] | undefined]>([
    ['fewer records than there are', (key, value) => [key, key === 'boot_record_count' ? '1' : value]],
    ['no number of records', (key, value) => (key === 'boot_record_count' ? undefined : [key, value])],
    ['a record that is left out', (key, value) => (key === 'boot_record_01' ? undefined : [key, value])],
    ['a record that is a path', (key, value) => [key, key === 'boot_record_02' ? '../../etc' : value]],
  ])('options with %s are not read', (_, change) => {
    const { fields, name } = optionsSection({
      manifestPath: 'release.toml',
      devices: { linux: '/dev/sdX', macos: '/dev/rdiskN' },
      seen: { linux: 'none', macos: 'none' },
      serialLog: 'serial.log',
      firmware: { kind: 'seabios' },
      bootRecords: ['a'.repeat(64), 'b'.repeat(64)],
      verifiedBy: undefined,
      checksumsSigned: false,
      keysProveNothing: false,
      promotion: undefined,
      pageVersion: undefined,
      documentsVersion: undefined,
    });
    const changed = fields.flatMap(({ key, value }) => {
      const [left, right] = change(key, value) ?? [];
      return left === undefined || right === undefined ? [] : [{ key: left, value: right }];
    });
    expect(readOptions({ title: 'T', fields: [], sections: [{ name, fields: changed }] })).toBeUndefined();
  });
});

describe('what was seen of a device', () => {
  it('a record shows what was seen again, and no serial number', async () => {
    const inspector: DeviceInspector = {
      locate: async () => ({ node: '/dev/sdb' }),
      inspect: async () => ({ inspected: true, facts, serials: ['SECRET'] }),
    };
    const { inspector: recording, seen } = recordingInspector(inspector);
    expect(seen()).toBe('none');
    await recording.locate('/dev/disk/by-id/x');
    await recording.inspect('/dev/sdb', undefined);
    expect(seen()).not.toContain('SECRET');
    const replaying = replayingInspector(seen());
    expect(await replaying.locate('/dev/disk/by-id/x')).toEqual({ node: '/dev/sdb' });
    expect(await replaying.inspect('/dev/sdb', undefined)).toEqual({ inspected: true, facts });
  });

  it.each([
    'none',
    '',
    '1',
    'null',
    '{}',
    '{"location":"x"}',
    '{"location":{"node":1}}',
    '{"location":{"node":"/dev/sdb"},"inspection":{"inspected":true,"facts":{}}}',
    '{"location":{"node":"/dev/sdb"},"inspection":{"inspected":true,"facts":{"mountedNodes":[1]}}}',
    '{"location":{"node":"/dev/sdb"},"inspection":{"inspected":"yes"}}',
  ])('the record %j shows nothing', async (recorded) => {
    const replaying = replayingInspector(recorded);
    expect(await replaying.locate('/dev/sdb')).toEqual({ reason: 'not-inspected' });
    expect(await replaying.inspect('/dev/sdb', undefined)).toMatchObject({ inspected: false });
  });
});
