// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFat } from '../fat/index.js';
import { createGptDisk, GPT_TYPE, UUID_NAMESPACE, uuidV5 } from '../gpt/index.js';
import { createLayout, layoutSource } from '../layout/layout.js';
import { bytesSource, readBytes } from '../layout/source.js';
import { formatMbr } from '../mbr/index.js';
import { encodeQcow2 } from '../qcow2/index.js';
import { buildErofs, erofsTrees, OPTIONS } from '../testing/erofs.js';
import { optionsFor, trees } from '../testing/fat-sample.js';
import { buildIso } from '../testing/iso.js';
import { growTree, SALT, UUID } from '../testing/verity.js';
import { inspect } from './index.js';

const MIB = 1 << 20;
const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);
const sound = { problems: [], unread: [], also: [] };

describe('what the writers of this package made is found to be just that', () => {
  it('a FAT volume, alone, on a GPT disk, and in a qcow2 file', () => {
    fc.assert(
      fc.property(trees, fc.constantFrom(undefined, 'LABEL'), fc.nat(0xffffffff), (tree, label, volumeId) => {
        const options = { size: MIB, volumeId, ...(label ? { label } : {}) };
        const volume = createFat({ ...optionsFor(tree, options), sectorsPerCluster: 1 }).layout;
        const disk = createGptDisk({
          size: 4 * MIB,
          diskGuid: guid('disk'),
          partitions: [
            { typeGuid: GPT_TYPE.basicData, uniqueGuid: guid('one'), name: 'one', content: volume },
          ],
        });
        const fileSystem = { type: 'fat', label: label ?? '', size: MIB };
        expect(inspect(layoutSource(volume))).toMatchObject({
          kind: 'file-system',
          facts: fileSystem,
          ...sound,
        });
        const facts = { scheme: 'gpt', bootCode: false, partitions: [{ name: 'one', fileSystem }] };
        expect(inspect(layoutSource(disk))).toMatchObject({ kind: 'disk', facts, ...sound });
        const file = inspect(layoutSource(encodeQcow2(disk)));
        expect(file).toMatchObject({ kind: 'qcow2', facts: { disk: facts, check: { errors: 0 } }, ...sound });
      }),
      { numRuns: 25 },
    );
  });

  it('an EROFS file system, alone and with its hash tree behind it, in a partition too', () => {
    fc.assert(
      fc.property(erofsTrees, (samples) => {
        const { bytes } = buildErofs(samples);
        const { area } = growTree(bytes);
        const fileSystem = { type: 'erofs', label: 'TEST', uuid: OPTIONS.uuid, size: bytes.length };
        const facts = { ...fileSystem, verity: undefined };
        expect(inspect(bytesSource(bytes))).toMatchObject({ kind: 'file-system', facts, ...sound });
        const volume = createLayout(bytes.length + area.length, [
          { offset: 0, source: bytesSource(bytes) },
          { offset: bytes.length, source: bytesSource(area) },
        ]);
        const verity = { uuid: UUID, dataBlocks: bytes.length / 4096, salt: SALT };
        const both = inspect(layoutSource(volume));
        expect(both).toMatchObject({ kind: 'file-system', facts: { ...fileSystem, verity }, ...sound });
        const disk = createGptDisk({
          size: 2 * MIB + Math.ceil(volume.size / MIB) * MIB,
          diskGuid: guid('disk'),
          partitions: [
            { typeGuid: GPT_TYPE.linuxFilesystem, uniqueGuid: guid('root'), name: 'root', content: volume },
          ],
        });
        const found = inspect(layoutSource(disk));
        const partitions = [{ name: 'root', fileSystem: { ...fileSystem, verity } }];
        expect(found).toMatchObject({ kind: 'disk', facts: { partitions }, ...sound });
      }),
      { numRuns: 20 },
    );
  });

  it('an MBR disk', () => {
    const types = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 440 }), (all, bootCode) => {
        fc.pre(!all.some((type) => [0xee, 0x05, 0x0f, 0x85].includes(type)));
        const partitions = all.map((type, index) => ({ type, firstLba: 8 + 8 * index, sectors: 8 }));
        const bytes = new Uint8Array(64 * 512);
        bytes.set(formatMbr({ bootCode, partitions }));
        const found = inspect(bytesSource(bytes));
        // Boot code may begin like anything: a file that is two things is not this test's.
        fc.pre(found.kind === 'disk');
        expect(found.facts).toMatchObject({
          scheme: 'mbr',
          bootCode: bootCode.some((byte) => byte !== 0),
          partitions: partitions.map(({ firstLba }) => ({ offset: firstLba * 512, size: 4096 })),
        });
        expect(found).toMatchObject(sound);
      }),
      { numRuns: 50 },
    );
  });

  it('an ISO 9660 image, and one that was cut is found cut', () => {
    const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.nat(5000), { maxKeys: 5 });
    fc.assert(
      fc.property(files, fc.nat({ max: 999 }), (sizes, cut) => {
        const { image } = buildIso(sizes);
        const found = inspect(image);
        const facts = { volume: { volumeId: 'TEST', size: image.size }, rockRidge: true, starts: [] };
        expect(found).toMatchObject({ kind: 'iso9660', facts, ...sound });
        const length = 34_816 + Math.floor(((image.size - 34_816) * cut) / 1000);
        const damaged = inspect(bytesSource(readBytes(image, 0, length)));
        expect(damaged).toMatchObject({ kind: 'iso9660', problems: [{ code: 'truncated' }] });
      }),
      { numRuns: 30 },
    );
  });
});
