// SPDX-License-Identifier: Apache-2.0
/**
 * One thing that a library does, as a process: what the rows of `bench.mjs --images` time.
 *
 *   node tools/bench/library.mjs qcow2-write disk.raw disk.qcow2
 *   node tools/bench/library.mjs qcow2-read disk.qcow2 disk.raw
 *   node tools/bench/library.mjs iso-file image.iso data file
 *   node tools/bench/library.mjs iso-make folder image.iso
 *   node tools/bench/library.mjs tar-walk archive.tar
 *
 * Nothing is synced, as by what stands beside it; with `LATTICRA_SYNC=1` a target is given by its path, which the library syncs.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const built = (path, entry = 'index') =>
  import(new URL(`../../packages/${path}/dist/${entry}.js`, import.meta.url));
const [what, from, ...rest] = process.argv.slice(2);

/** Writes to a new file. */
async function write({ writeLayout }, path, layout) {
  if (process.env.LATTICRA_SYNC === '1') return writeLayout(path, layout);
  const fd = openSync(path, 'wx');
  await writeLayout(fd, layout);
  closeSync(fd);
}

/** Opens a file as a source. */
function open({ fileSource }, path) {
  const fd = openSync(path, 'r');
  return fileSource(fd, fstatSync(fd).size);
}

const WORK = {
  async 'qcow2-write'(to) {
    const image = await built('disk-image');
    const { encodeQcow2 } = await built('disk-image', 'qcow2/index');
    const source = open(image, from);
    await write(image, to, encodeQcow2(image.createLayout(source.size, [{ offset: 0, source }])));
  },
  async 'qcow2-read'(to) {
    const image = await built('disk-image');
    const { openQcow2 } = await built('disk-image', 'qcow2/index');
    const source = openQcow2(open(image, from));
    await write(image, to, image.createLayout(source.size, [{ offset: 0, source }]));
  },
  async 'iso-file'(path, to) {
    const image = await built('disk-image');
    const { openFiles } = await built('disk-image', 'files/index');
    const source = openFiles(open(image, from)).find(path).open();
    await write(image, to, image.createLayout(source.size, [{ offset: 0, source }]));
  },
  async 'iso-make'(to) {
    const image = await built('disk-image');
    const { layoutIso, planIso } = await built('disk-image', 'iso9660/index');
    const files = readdirSync(from).flatMap((folder) =>
      readdirSync(join(from, folder)).map((name) => {
        const path = `${folder}/${name}`;
        return { path, size: statSync(join(from, path)).size };
      }),
    );
    // Of a class, so that a file has no functions of its own: it is the library's memory that is measured.
    class Opened {
      constructor({ path, size }) {
        this.path = path;
        this.size = size;
      }

      readInto(into, offset) {
        const fd = openSync(`${from}/${this.path}`, 'r');
        try {
          image.fileSource(fd, this.size).readInto(into, offset);
        } finally {
          closeSync(fd);
        }
      }
    }
    const contents = { files: new Map(files.map((file) => [file.path, new Opened(file)])) };
    const plan = planIso({ volumeId: 'BENCH', epoch: 0, files });
    await write(image, to, layoutIso(plan, contents));
  },
  async 'tar-walk'() {
    const { createArchiveFeed } = await built('tar');
    const feed = createArchiveFeed();
    const fd = openSync(from, 'r');
    const buffer = new Uint8Array(1 << 20);
    for (let at = 0, { size } = fstatSync(fd); at < size; ) {
      const count = readSync(fd, buffer, 0, buffer.length, at);
      if (count === 0) throw new Error(`${from} became shorter`);
      await feed.push(buffer.subarray(0, count));
      at += count;
    }
    process.stdout.write(`${(await feed.end()).members}\n`);
  },
};
await WORK[what](...rest);
