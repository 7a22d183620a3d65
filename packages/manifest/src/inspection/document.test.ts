// SPDX-License-Identifier: Apache-2.0
import { bytesSource, createLayout, layoutSource, readBytes } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import { createGptDisk, GPT_TYPE, UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { inspect } from '@latticra/disk-image/inspect';
import { layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../printable.js';
import { inspectionDocument } from './document.js';

const volume = createFat({
  size: 1 << 20,
  volumeId: 7,
  timestamp: 0,
  label: 'LABEL',
  files: [{ path: 'EFI/BOOT/BOOTX64.EFI', content: bytesSource(Buffer.alloc(3000, 'MZ')) }],
}).layout;
const disk = createGptDisk({
  size: 4 << 20,
  diskGuid: uuidV5(UUID_NAMESPACE.dns, 'disk'),
  partitions: [
    {
      typeGuid: GPT_TYPE.efiSystem,
      uniqueGuid: uuidV5(UUID_NAMESPACE.dns, 'esp'),
      name: 'EFI \u202e',
      content: volume,
    },
  ],
});
const plan = planIso({
  volumeId: 'TEST',
  epoch: 0,
  files: [{ path: 'loader', size: 2048 }],
  boot: [{ platform: 'uefi', path: 'loader', loadSectors: 4 }],
});
const iso = layoutIso(plan, { files: new Map([['loader', bytesSource(new Uint8Array(2048))]]) });

const FILES = Object.entries({ disk, volume, iso, qcow2: encodeQcow2(disk), nothing: createLayout(600, []) });

/** Where labels, names and tables lie in those files. */
const SPOTS = [0, 43, 440, 512, 1024, 1080, 16384, 32768, 65536, 131072, 262144, 1 << 20];

describe('inspectionDocument', () => {
  it.each(FILES)('the document can be written and read, whatever a file says of itself: %s', (_, layout) => {
    const source = layoutSource(layout);
    const whole = readBytes(source, 0, source.size);
    const change = fc.tuple(
      fc.constantFrom(...SPOTS),
      fc.nat(200),
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = whole.slice();
        for (const [spot, index, values] of changes) {
          const at = Math.min(spot + index, bytes.length - values.length);
          bytes.set(values, Math.max(0, at));
        }
        const file = { manifestPath: 'm', path: 'f', sha256: undefined };
        const text = formatDocument(inspectionDocument(inspect(bytesSource(bytes)), file));
        expect(formatDocument(parseDocument(text))).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe('printable', () => {
  it('any text becomes one line of visible characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        expect(printable(text)).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u);
        expect(Buffer.byteLength(printable(text))).toBeLessThan(8000);
      }),
    );
    expect(printable('plain, größe')).toBe('plain, größe');
    expect(printable('\ud800')).toBe('\\u{d800}');
  });

  it('two texts never become the same line', () => {
    expect(printable('\u202e')).not.toBe(printable('\\u{202e}'));
  });
});
