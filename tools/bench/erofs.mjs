// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the image of a root out of its archive, with the hash tree behind it, as a build does, and nothing else:
 *
 *   node tools/bench/erofs.mjs rootfs.tar root.img
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const built = (path) => import(new URL(`../../packages/${path}/dist/index.js`, import.meta.url));
const { planRoot, scanRoot, writeRoot } = await built('linux-image');
const { createArchiveFeed } = await built('tar');
const [archive, image] = process.argv.slice(2);

/** Shows an archive to a visitor, in one pass. */
async function pass(visitor, onPiece = () => undefined) {
  const fd = openSync(archive, 'r');
  const feed = createArchiveFeed(visitor);
  const buffer = new Uint8Array(1 << 20);
  for (let at = 0, count = 1; count > 0; at += count) {
    count = readSync(fd, buffer, 0, buffer.length, at);
    onPiece(buffer.subarray(0, count));
    if (count > 0) await feed.push(buffer.subarray(0, count));
  }
  closeSync(fd);
  await feed.end();
}

const scan = scanRoot();
await pass(scan);
const fd = openSync(image, 'w+');
const writer = writeRoot(planRoot(scan.finish(), 'verity', 0), new Set(), {
  write: (bytes, offset) => writeSync(fd, bytes, 0, bytes.length, offset),
  readInto: (into, offset) => readSync(fd, into, 0, into.length, offset),
});
const sum = createHash('sha256');
await pass(writer, (bytes) => sum.update(bytes));
const { sha256, rootHash } = writer.finish();
closeSync(fd);
process.stdout.write(`${sum.digest('hex')}\n${sha256}\n${rootHash}\n`);
