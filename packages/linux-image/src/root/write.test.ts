// SPDX-License-Identifier: Apache-2.0
import { bytesSource, readBytes } from '@latticra/disk-image';
import { openErofs } from '@latticra/disk-image/erofs';
import { digestHere } from '@latticra/held-files/digest';
import { createArchiveFeed, createArchiveReplay } from '@latticra/tar';
import { describe, expect, it } from 'vitest';
import { archive, octal, type TestMember } from '../../../tar/test/archive.js';
import { scanRoot } from './scan.js';
import { planRoot, writeRoot } from './write.js';

/** Makes the image of a root of `first`, while its archive is `second` by the time that contents are read. */
async function make(first: Uint8Array, second = first, wanted: readonly string[] = []) {
  const scan = scanRoot();
  const feed = createArchiveFeed(scan);
  await feed.push(first);
  await feed.end();
  const plan = planRoot(scan.finish(), 'verity', 0);
  const image = new Uint8Array(plan.size);
  const target = {
    write: (bytes: Uint8Array, offset: number) => image.set(bytes, offset),
    readInto: (into: Uint8Array, offset: number) => into.set(image.subarray(offset, offset + into.length)),
  };
  const writer = writeRoot(plan, new Set(wanted), target, digestHere());
  const replay = createArchiveReplay(writer);
  for (let at = 0; at < second.length; at += 1000) await replay.push(second.subarray(at, at + 1000));
  await replay.end();
  const { files } = writer.finish();
  const root = openErofs(bytesSource(image.subarray(0, plan.erofs.size)));
  const contents = new Map<string, string>();
  for (const { name, inode } of root.walk()) {
    if (inode.type !== 'file') continue;
    contents.set(name, Buffer.from(readBytes(root.open(inode), 0, inode.size)).toString('latin1'));
  }
  return { contents, files };
}

const MEMBERS: readonly TestMember[] = [
  { name: 'empty' },
  { name: 'one', content: 'x'.repeat(5000) },
  { name: 'folder/', type: '5' },
  { name: 'folder/two', content: 'second' },
  { name: 'link', type: '1', link: 'one' },
  { name: 'last', content: '' },
];
const changed = { code: 'rootfs-changed' };

describe('writeRoot', () => {
  it('a root has every content where its name is, and those that were wanted are returned', async () => {
    const { contents, files } = await make(archive(...MEMBERS), undefined, ['empty', 'folder/two']);
    expect(contents.get('one')).toBe('x'.repeat(5000));
    expect(contents.get('link')).toBe('x'.repeat(5000));
    expect([contents.get('empty'), contents.get('folder/two'), contents.get('last')]).toEqual([
      '',
      'second',
      '',
    ]);
    expect([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['empty', ''],
      ['folder/two', 'second'],
    ]);
  });

  it('a root has the holes of sparse files as zeros', async () => {
    const map = '2\n4096\n512\n9216\n5\n'.padEnd(512, '\0');
    const text = (record: string) => `${record.length + 4} ${record}\n`;
    const records = [
      'GNU.sparse.major=1',
      'GNU.sparse.minor=0',
      'GNU.sparse.name=s',
      'GNU.sparse.realsize=9221',
    ].map(text);
    const sparse = [
      { name: 'h', type: 'x', content: records.join('') },
      { name: 'GNUSparseFile/s', content: `${map}${'a'.repeat(512)}bcdef`, size: octal(1029) },
    ];
    const { contents, files } = await make(archive(...MEMBERS, ...sparse), undefined, ['s']);
    const expected = `${'\0'.repeat(4096)}${'a'.repeat(512)}${'\0'.repeat(4608)}bcdef`;
    expect(contents.get('s')).toBe(expected);
    expect(Buffer.from(files.get('s') ?? '').toString('latin1')).toBe(expected);
  });

  it('a root is refused where a header became another, or the archive longer or shorter', async () => {
    const bytes = archive(...MEMBERS);
    const renamed = archive(...MEMBERS.map((one) => (one.name === 'last' ? { ...one, name: 'lost' } : one)));
    await expect(make(bytes, renamed)).rejects.toMatchObject(changed);
    await expect(make(bytes, Buffer.concat([bytes, Buffer.alloc(512)]))).rejects.toMatchObject(changed);
    await expect(make(bytes, bytes.subarray(0, 2048))).rejects.toMatchObject(changed);
  });
});
