// SPDX-License-Identifier: Apache-2.0
import { bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import { expect, it } from 'vitest';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { makeKernel } from '../testing/make-kernel.js';
import { buildBootDisk } from './disk.js';
import { buildBootIso } from './iso.js';
import { findSeedParts } from './own-image.js';

const KERNEL = setBuildId(PREBUILT_PARTS.kernel, 'any-build');
const SIZE = 8 << 20;

type Format = 'iso' | 'disk';
function build(format: Format, kernel: Uint8Array, commandLine = ''): Uint8Array {
  const options = { kernel, commandLine };
  const layout = format === 'iso' ? buildBootIso(options) : buildBootDisk({ ...options, size: SIZE }).disk;
  const image = layoutSource(layout);
  return readBytes(image, 0, image.size);
}
const own = (image: Uint8Array, format: Format) => findSeedParts(bytesSource(image), format);

/** Returns the places of some bytes in an image. */
function placesOf(image: Uint8Array, bytes: Uint8Array): number[] {
  const places: number[] = [];
  const buffer = Buffer.from(image.buffer, image.byteOffset, image.length);
  for (let at = buffer.indexOf(bytes); at >= 0; at = buffer.indexOf(bytes, at + 1)) places.push(at);
  return places;
}

for (const format of ['iso', 'disk'] as const) {
  it(`loader and kernel of our ${format} are ours, whatever was filled in`, () => {
    expect(own(build(format, KERNEL), format)).toEqual({ loader: true, kernel: true });
    expect(own(build(format, KERNEL, 'quiet debug'), format)).toEqual({ loader: true, kernel: true });
  });

  it(`our loader in an ${format} starts a kernel that is not ours`, () => {
    expect(own(build(format, makeKernel()), format)).toEqual({ loader: true, kernel: false });
  });

  it(`a boot sector of an ${format} that prints everything itself is not ours`, () => {
    const image = build(format, KERNEL);
    image.set([0xeb, 0xfe], 0);
    expect(own(image, format)).toEqual({ loader: false, kernel: true });
  });

  it(`one changed byte of any loader or kernel in an ${format} makes it foreign`, () => {
    for (const [part, name] of [
      [PREBUILT_PARTS.biosLoader, 'loader'],
      [PREBUILT_PARTS.uefiLoader, 'loader'],
      [PREBUILT_PARTS.kernel, 'kernel'],
    ] as const) {
      const places = placesOf(build(format, KERNEL), part.subarray(0, 64));
      expect(places.length).toBeGreaterThan(0);
      const results = places.map((at) => {
        const image = build(format, KERNEL);
        image.set([0xcc], at + 48);
        return own(image, format)[name];
      });
      // The UEFI loader lies in an ISO a second time, as a file that no firmware starts.
      const unused = format === 'iso' && part === PREBUILT_PARTS.uefiLoader ? 1 : 0;
      expect(results.filter((isOwn) => isOwn)).toHaveLength(unused);
    }
  });

  it(`a master boot code of ours that starts another place of an ${format} is foreign`, () => {
    const image = build(format, KERNEL);
    const [at = 0] = placesOf(image, Buffer.from('LATTICRA_MBR_LBA'));
    image.set([1], at + 16 + 8 + 2);
    expect(own(image, format).loader).toBe(false);
  });
}

it('an El Torito entry that starts something else is foreign', () => {
  const image = build('iso', KERNEL);
  const loader = new DataView(image.buffer).getUint32(17 * 2048 + 0x47, true) * 2048;
  // The default entry of the catalog: the block that is loaded.
  image.set([1], loader + 32 + 8 + 3);
  expect(own(image, 'iso').loader).toBe(false);
});

it('bytes that are no image hold nothing of ours', () => {
  for (const format of ['iso', 'disk'] as const) {
    expect(own(new Uint8Array(1 << 20), format)).toEqual({ loader: false, kernel: false });
    expect(own(new Uint8Array(), format)).toEqual({ loader: false, kernel: false });
  }
});
