// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { fileSource } from '../layout/file.js';
import { createLayout } from '../layout/layout.js';
import { bytesSource } from '../layout/source.js';
import { examine, inFolder, output, writeImage } from '../testing/run.js';
import { createGptDisk, createGptTables, GPT_TYPE, readGpt, UUID_NAMESPACE, uuidV5 } from './index.js';

const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);
const esp = { typeGuid: GPT_TYPE.efiSystem, uniqueGuid: guid('esp'), name: 'EFI system' };
const content = bytesSource(Buffer.from('content'));

describe('GPT against sgdisk', () => {
  itWith(['sgdisk'], 'sgdisk finds no problem in a 64 GiB disk and reads the same names and GUIDs', () => {
    inFolder((folder) => {
      const size = 2 ** 36;
      const root = {
        typeGuid: GPT_TYPE.linuxFilesystem,
        uniqueGuid: guid('root'),
        name: 'rööt',
        size: 2 ** 35,
      };
      const layout = createGptDisk({
        size,
        diskGuid: guid('disk'),
        partitions: [{ ...esp, size: 1 << 26, content }, root],
      });
      const path = writeImage(join(folder, 'disk.raw'), layout);
      const verdict = examine('sgdisk', '-v', path);
      expect(verdict.said).toContain('No problems found.');
      expect(verdict.said).not.toMatch(/caution|warning/i);
      expect(output('sgdisk', '-p', path).toString()).toContain(guid('disk'));
      const second = output('sgdisk', '-i', '2', path).toString();
      for (const fact of [guid('root'), 'rööt', GPT_TYPE.linuxFilesystem]) expect(second).toContain(fact);
    });
  });

  itWith(['sgdisk'], 'sgdisk finds no problem in tables around a foreign volume', () => {
    inFolder((folder) => {
      const size = 1 << 20;
      const { primary, backup } = createGptTables({
        size,
        diskGuid: guid('hybrid'),
        alignment: 2048,
        firstUsableLba: 64,
        partitions: [{ ...esp, firstLba: 100, size: 300 * 1024 }],
      });
      const volume = { offset: 32768, source: bytesSource(new Uint8Array(900_000).fill(7)) };
      const path = writeImage(join(folder, 'hybrid.iso'), createLayout(size, [primary, volume, backup]));
      expect(examine('sgdisk', '-v', path).said).toContain('No problems found.');
    });
  });

  itWith(['sgdisk'], 'a disk that sgdisk wrote is read', () => {
    inFolder((folder) => {
      const path = writeImage(join(folder, 'disk.raw'), { size: 1 << 26, extents: [] });
      output(
        'sgdisk',
        '-n',
        '1:2048:+8M',
        '-t',
        '1:ef00',
        '-c',
        '1:boot',
        '-u',
        `1:${guid('esp')}`,
        '-n',
        '3:40960:+1M',
        path,
      );
      const fd = openSync(path, 'r');
      try {
        const { partitions } = readGpt(fileSource(fd, 1 << 26));
        expect(
          partitions.map(({ number, name, firstLba, sectors }) => [number, name, firstLba, sectors]),
        ).toEqual([
          [1, 'boot', 2048, 16384],
          [3, '', 40960, 2048],
        ]);
        expect(partitions[0]).toMatchObject({ typeGuid: GPT_TYPE.efiSystem, uniqueGuid: guid('esp') });
      } finally {
        closeSync(fd);
      }
    });
  });

  itWith(['sgdisk'], 'a hybrid MBR that sgdisk wrote is read', () => {
    inFolder((folder) => {
      const path = writeImage(join(folder, 'disk.raw'), { size: 1 << 26, extents: [] });
      output('sgdisk', '-n', '1:2048:+8M', '-t', '1:ef00', '-n', '2:32768:+8M', path);
      output('sgdisk', '-h', '1:EE', path);
      const fd = openSync(path, 'r');
      try {
        const { partitions, hybrid } = readGpt(fileSource(fd, 1 << 26));
        expect(partitions.map(({ number }) => number)).toEqual([1, 2]);
        expect(hybrid.map(({ firstLba }) => firstLba)).toContain(2048);
      } finally {
        closeSync(fd);
      }
    });
  });
});
