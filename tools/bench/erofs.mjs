// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the image of a root out of its archive, with the hash tree behind it, as a build does, and nothing else:
 *
 *   node tools/bench/erofs.mjs rootfs.tar root.img
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const built = (path, entry = 'index') =>
  import(new URL(`../../packages/${path}/dist/${entry}.js`, import.meta.url));
const { withDigests } = await built('held-files', 'digest/index');
const [archive, image] = process.argv.slice(2);

const fd = openSync(archive, 'r');
const { size } = fstatSync(fd);

/** Shows an archive to whoever takes it, in one pass; what nobody looks at is passed over. */
async function pass(feed, room, onPiece = () => undefined) {
  let length = 1 << 13;
  for (let at = 0; at < size; ) {
    const ahead = Math.min(feed.ahead?.() ?? 0, size - at);
    if (ahead > 0) {
      feed.skip(ahead);
      at += ahead;
      length = 1 << 13;
      continue;
    }
    const memory = room();
    const count = readSync(fd, memory, 0, Math.min(length, memory.length), at);
    onPiece(memory.subarray(0, count), at);
    await feed.push(memory.subarray(0, count));
    at += count;
    length *= 2;
  }
  await feed.end();
}

await withDigests({ bytes: size }, async (digests) => {
  const sum = digests.file(fd);
  // What a build loads when it needs it is loaded while the archive is digested.
  const { planRoot, scanRoot, writeRoot } = await built('linux-image');
  const { createArchiveFeed, createArchiveReplay } = await built('tar');
  const scan = scanRoot();
  const memory = new Uint8Array(1 << 20);
  await pass(createArchiveFeed(scan), () => memory);
  const to = openSync(image, 'wx+');
  const target = {
    write: (bytes, offset) => writeSync(to, bytes, 0, bytes.length, offset),
    readInto: (into, offset) => readSync(to, into, 0, into.length, offset),
  };
  const writer = writeRoot(planRoot(scan.finish(), 'verity', 0), new Set(), target, digests);
  const digested = sum.reached();
  const add = (bytes, at) => sum.add(bytes.subarray(Math.max(0, digested - at)));
  await pass(createArchiveReplay(writer), digests.rooms[0], add);
  const { sha256, rootHash } = writer.finish();
  closeSync(to);
  process.stdout.write(`${sum.end()}\n${sha256}\n${rootHash}\n`);
});
closeSync(fd);
