// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { UUID_NAMESPACE, uuidV5 } from './gpt/index.js';

const bundle = async (contents: string) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    conditions: ['@latticra/source'],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

it('volumes are written and read where there is nothing of Node', async () => {
  const script = await bundle(`
    import { asyncReader, blobSource, bytesSource, layoutSource, readBytes } from './layout/index.js';
    import { createFat, openFat } from './fat/index.js';
    import { checkErofs, ErofsTree, openErofs, planErofs, writeErofs } from './erofs/index.js';
    import { layoutIso, openIso, planIso } from './iso9660/index.js';
    const content = new TextEncoder().encode('content');
    const text = (source) => new TextDecoder().decode(readBytes(source, 0, source.size));
    const file = { path: 'Some/Näme.text', size: content.length };
    const fat = createFat({ size: 1 << 20, label: 'X', volumeId: 1, timestamp: 0, files: [{ ...file, content: bytesSource(content) }] });
    const iso = layoutIso(planIso({ volumeId: 'X', epoch: 0, files: [file] }), { files: new Map([[file.path, bytesSource(content)]]) });
    const tree = new ErofsTree();
    const owned = { uid: 0, gid: 0, mtime: { seconds: 0, nanoseconds: 0 }, xattrs: new Map([['user.x', content]]) };
    tree.add({ ...owned, path: 'file', type: 'file', mode: 0o644, size: content.length });
    tree.add({ ...owned, path: 'link', type: 'symbolic-link', mode: 0o777, size: 0, target: 'file' });
    const plan = planErofs(tree, { uuid: 'c1a5b6f8-9a52-4d6e-8d53-6a4f5cf2b2a1', volumeName: 'X', epoch: 0 });
    const image = new Uint8Array(plan.size);
    let at = 0;
    const writer = writeErofs(plan, (bytes) => { image.set(bytes, at); at += bytes.length; });
    writer.file('file');
    writer.content(content);
    writer.end();
    const erofs = openErofs(bytesSource(image));
    checkErofs(bytesSource(image));
    const isoImage = openIso(layoutSource(iso));
    globalThis.found = [
      text(openFat(layoutSource(fat.layout)).open('Some/Näme.text')),
      text(isoImage.open(isoImage.find('Some/Näme.text'))),
      text(erofs.open(erofs.find('file'))),
      [...erofs.walk()].map(({ target }) => target).join(),
      erofs.uuid, typeof asyncReader, typeof blobSource,
    ];`);
  const context = createContext({ TextEncoder, TextDecoder, crypto });
  runInContext(script, context);
  expect([...(context.found as string[])]).toEqual([
    'content',
    'content',
    'content',
    ',file',
    'c1a5b6f8-9a52-4d6e-8d53-6a4f5cf2b2a1',
    'function',
    'function',
  ]);
});

it('a partitioned disk is made, packed as qcow2 and read again where there is nothing of Node', async () => {
  const script = await bundle(`
    import { bytesSource, layoutSource, readBytes } from './layout/index.js';
    import { createGptDisk, GPT_TYPE, partitionSource, readGpt, UUID_NAMESPACE, uuidV5 } from './gpt/index.js';
    import { encodeQcow2, openQcow2 } from './qcow2/index.js';
    import { readBzImage } from './bzimage/index.js';
    const content = new TextEncoder().encode('content');
    const disk = createGptDisk({
      size: 4 << 20,
      diskGuid: uuidV5(UUID_NAMESPACE.url, 'disk'),
      partitions: [
        { typeGuid: GPT_TYPE.linuxFilesystem, uniqueGuid: uuidV5(UUID_NAMESPACE.dns, 'x'), name: 'Näme', content: bytesSource(content) },
      ],
    });
    const qcow2 = openQcow2(layoutSource(encodeQcow2(disk)));
    const [partition] = readGpt(qcow2).partitions;
    globalThis.found = [
      partition.name,
      partition.uniqueGuid,
      new TextDecoder().decode(readBytes(partitionSource(qcow2, partition), 0, content.length)),
      String(readBzImage(qcow2)),
    ];`);
  const context = createContext({ TextEncoder, TextDecoder });
  runInContext(script, context);
  expect([...(context.found as string[])]).toEqual([
    'Näme',
    uuidV5(UUID_NAMESPACE.dns, 'x'),
    'content',
    'undefined',
  ]);
});

/** Entries that import something of Node: files are written, SHA-256 is computed, gzip data looked into. `files` takes its Buffer alone. */
const OF_NODE = ['', 'inspect', 'pe', 'verity'];

const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const ENTRIES = Object.entries<unknown>(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([entry]) => entry.slice(2));

it.each(ENTRIES.map((entry) => ({ entry, needsNode: OF_NODE.includes(entry) })))(
  'the entry /$entry imports something of Node: $needsNode',
  async ({ entry, needsNode }) => {
    const bundled = bundle(`export * from './${entry === '' ? '' : `${entry}/`}index.js'`);
    if (needsNode) await expect(bundled).rejects.toThrow(/node:(crypto|fs|zlib)/);
    else await expect(bundled).resolves.toMatch(/\S/);
  },
);
