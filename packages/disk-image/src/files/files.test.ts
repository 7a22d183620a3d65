// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ErofsTree, planErofs, writeErofs } from '../erofs/index.js';
import { createFat } from '../fat/index.js';
import { createGptDisk, GPT_TYPE } from '../gpt/index.js';
import { layoutIso, planIso } from '../iso9660/index.js';
import { createLayout, type Layout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { encodeQcow2 } from '../qcow2/index.js';
import { tolerate } from '../testing/damage.js';
import { openFiles } from './index.js';

const text = (value: string) => bytesSource(new TextEncoder().encode(value));
const textOf = (source: ByteSource) => new TextDecoder().decode(readBytes(source, 0, source.size));
const guid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

const CONTENTS: Readonly<Record<string, string>> = {
  'EFI/BOOT/BOOTX64.EFI': 'MZ',
  'loader/loader.conf': 'timeout 3',
};

const fat = () =>
  createFat({
    size: 2 << 20,
    volumeId: 1,
    timestamp: 0,
    files: Object.entries(CONTENTS).map(([path, content]) => ({ path, content: text(content) })),
  }).layout;

function iso(): Layout {
  const files = Object.entries(CONTENTS).map(([path, { length }]) => ({ path, size: length }));
  const plan = planIso({ volumeId: 'X', epoch: 0, files });
  return layoutIso(plan, {
    files: new Map(Object.entries(CONTENTS).map(([path, content]) => [path, text(content)])),
  });
}

function erofs(): Layout {
  const tree = new ErofsTree();
  const owned = { uid: 0, gid: 0, mtime: { seconds: 0, nanoseconds: 0 }, xattrs: new Map(), size: 0 };
  for (const [path, { length }] of Object.entries(CONTENTS)) {
    tree.add({ ...owned, path, type: 'file', mode: 0o755, size: length });
  }
  tree.add({ ...owned, path: 'n\u00c3\u00a4', type: 'symbolic-link', mode: 0o777, target: 'loader' });
  const plan = planErofs(tree, { uuid: guid(1), epoch: 0 });
  const image = new Uint8Array(plan.size);
  let at = 0;
  const writer = writeErofs(plan, (bytes) => {
    image.set(bytes, at);
    at += bytes.length;
  });
  for (const [path, content] of Object.entries(CONTENTS)) {
    writer.file(path);
    writer.content(new TextEncoder().encode(content));
  }
  writer.end();
  return createLayout(image.length, [{ offset: 0, source: bytesSource(image) }]);
}

const disk = (...contents: Layout[]) =>
  createGptDisk({
    size: 16 << 20,
    diskGuid: guid(9),
    partitions: contents.map((content, index) => ({
      typeGuid: GPT_TYPE.linuxFilesystem,
      uniqueGuid: guid(index + 1),
      name: '',
      content,
    })),
  });

const IMAGES = { iso9660: iso(), fat: fat(), erofs: erofs() };

it.each(Object.entries(IMAGES))(
  'the files of %s are the same alone, in a partition, and in a qcow2 file',
  (format, layout) => {
    const held: [Layout, string[]][] = [
      [layout, []],
      [encodeQcow2(layout), ['qcow2']],
      [disk(layout), ['partition 1']],
      [encodeQcow2(disk(layout)), ['qcow2', 'partition 1']],
    ];
    for (const [image, within] of held) {
      const files = openFiles(layoutSource(image));
      expect({ format: files.format, within: files.within }).toEqual({ format, within });
      const found = [...files.walk()].filter(({ type }) => type === 'file');
      expect(Object.fromEntries(found.map((entry) => [entry.path, textOf(entry.open())]))).toEqual(CONTENTS);
      expect(textOf(files.find('/loader/loader.conf').open())).toBe('timeout 3');
      for (const path of ['loader/none', '..', 'loader/../loader', 'loader/loader.conf/x']) {
        expect(() => files.find(path)).toThrow(expect.objectContaining({ code: 'not-found' }));
      }
      expect(() => files.find('loader').open()).toThrow(expect.objectContaining({ code: 'not-found' }));
      expect(() => files.find('loader/loader.conf').list()).toThrow(
        expect.objectContaining({ code: 'not-found' }),
      );
    }
  },
);

it('names are found as their file system finds them', () => {
  expect(openFiles(layoutSource(IMAGES.fat)).find('efi/boot/bootx64.efi').size).toBe(2);
  for (const format of ['iso9660', 'erofs'] as const) {
    const files = openFiles(layoutSource(IMAGES[format]));
    expect(() => files.find('efi/boot/bootx64.efi')).toThrow(expect.objectContaining({ code: 'not-found' }));
  }
  expect(openFiles(layoutSource(IMAGES.iso9660), { names: 'plain' }).find('efi/boot/bootx64.efi').size).toBe(
    2,
  );
});

it('links are told with what they say, and names of bytes as text', () => {
  const files = openFiles(layoutSource(IMAGES.erofs));
  const link = files.find('nä');
  expect([link.type, link.target]).toEqual(['symbolic-link', 'loader']);
  expect(() => link.open()).toThrow(expect.objectContaining({ code: 'not-found' }));
});

it('one partition has to be chosen where several have files', () => {
  const image = layoutSource(disk(IMAGES.fat, IMAGES.erofs));
  expect(() => openFiles(image)).toThrow(
    expect.objectContaining({ code: 'ambiguous', message: expect.stringMatching(/1, 2/) }),
  );
  expect(openFiles(image, { partition: 2 }).format).toBe('erofs');
  expect(() => openFiles(image, { partition: 3 })).toThrow(expect.objectContaining({ code: 'not-found' }));
});

it('what has no files is refused as something else', () => {
  const refusal = expect.objectContaining({ code: 'other-format' });
  const empty = disk(createLayout(1 << 20, []));
  for (const layout of [createLayout(0, []), createLayout(1 << 20, []), empty]) {
    expect(() => openFiles(layoutSource(layout))).toThrow(refusal);
  }
  expect(() => openFiles(layoutSource(empty), { partition: 1 })).toThrow(refusal);
});

it('a walk ends by the entries that are allowed', () => {
  const files = openFiles(layoutSource(IMAGES.iso9660), { maxEntries: 3 });
  expect(() => [...files.walk()]).toThrow(expect.objectContaining({ code: 'too-large' }));
});

it('a damaged image is read or refused, whatever bytes change', () => {
  const patches = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(IMAGES)), patches, (layout, changes) => {
      const bytes = readBytes(layoutSource(layout), 0, layout.size);
      for (const [at, value] of changes) bytes[Math.floor(at * 100_000) % bytes.length] = value;
      tolerate(() => {
        for (const entry of openFiles(bytesSource(bytes)).walk()) {
          void entry.target;
          if (entry.type === 'file' && entry.size < 1 << 20) textOf(entry.open());
        }
      });
    }),
    { numRuns: 60 },
  );
});
