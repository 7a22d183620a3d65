// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { bytesSource } from '../../../packages/disk-image/src/index.js';
import { inspect } from '../../../packages/disk-image/src/inspect/index.js';
import { requireRootfs } from '../../../packages/manifest/src/input-bundle/content.js';
import {
  createGunzipFeed,
  gunzip,
  readTar,
  type TarMember,
  walkTar,
} from '../../../packages/tar/src/index.js';
import { archive, gnuLong, member, pax } from '../../../packages/tar/test/archive.js';
import { type FuzzTarget, hold, isRefusal, unlessRefused } from '../engine/target.js';

const sample = () =>
  archive(
    { name: 'etc/', type: '5' },
    { name: 'etc/passwd', content: 'root:x:0:0::/:/bin/sh\n' },
    { name: 'link', type: '2', link: 'etc/passwd' },
    { name: 'hard', type: '1', link: 'etc/passwd' },
  );
const extended = () =>
  archive(
    pax({ comment: 'all' }, 'g'),
    pax({ path: 'ä'.repeat(80), mtime: '1.5', 'SCHILY.xattr.user.a': 'b' }),
    { name: 'a', content: 'x' },
    gnuLong('L', 'n'.repeat(150)),
    { name: 'n', content: 'y' },
    gnuLong('K', 't'.repeat(150)),
    { name: 'l', type: '2', link: 't' },
  );
const sparse = () =>
  archive(
    pax({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 's',
      'GNU.sparse.realsize': '2000',
    }),
    { name: 'GNUSparseFile.0/s', content: `1\n1000\n3\n${'\0'.repeat(503)}abc` },
    pax({ 'GNU.sparse.size': '9', 'GNU.sparse.numblocks': '1', 'GNU.sparse.map': '0,3' }),
    { name: 'm', content: 'abc' },
  );
const oldSparse = () =>
  archive(
    member({
      name: 'old',
      type: 'S',
      content: 'abc',
      magic: 'ustar  \0',
      raw: { 386: '00000000000\x0000000000003\0', 483: '00000002000\0' },
    }),
  );

const WORDS = [
  'ustar\x0000',
  'ustar  \0',
  'GNU.sparse.',
  'path=',
  'linkpath=',
  'size=',
  'mtime=',
  'SCHILY.xattr.',
  '\x80\0\0\0',
  '\xff\xff',
  '../',
  '/',
  '00000000000\0',
  '77777777777\0',
  '7',
  'x',
  'g',
  'L',
  'K',
  'S',
];

/** Reads an archive in pieces of a length; what came of it, as text. */
function walked(bytes: Uint8Array, piece: number): string {
  const seen: TarMember[] = [];
  let content = 0;
  try {
    const walk = walkTar({
      onMember: (found) => seen.push(found),
      onContent: (part) => {
        content += part.length;
      },
    });
    for (let at = 0; at < bytes.length; at += piece) walk.push(bytes.subarray(at, at + piece));
    return `${walk.end().members} ${content} ${seen.map(({ path, storedSize }) => `${path}:${storedSize}`)}`;
  } catch (error) {
    if (isRefusal(error)) return String(error);
    throw error;
  }
}

/** Readers of archives, compressed or not. */
export const archiveTargets: readonly FuzzTarget[] = [
  {
    name: 'tar',
    seeds: () => [sample(), extended(), sparse(), oldSparse()],
    words: WORDS,
    async run({ bytes }) {
      unlessRefused(() => requireRootfs(inspect(bytesSource(bytes))));
      const whole = walked(bytes, Math.max(1, bytes.length));
      hold(walked(bytes, 509) === whole, 'an archive reads otherwise in pieces than at once');
      try {
        for await (const { content } of readTar([bytes])) for await (const piece of content()) piece.at(0);
        hold(!whole.startsWith('TarError'), 'an archive is read that a walk refuses');
      } catch (error) {
        hold(
          isRefusal(error) && String(error) === whole,
          `an archive is refused that a walk accepts: ${error}`,
        );
      }
    },
  },
  {
    name: 'gunzip',
    seeds: () => [
      gzipSync(sample()),
      Buffer.concat([gzipSync('a'), gzipSync(Buffer.alloc(3000, 'b')), Buffer.alloc(512)]),
      gzipSync('stored', { level: 0 }),
    ],
    words: ['\x1f\x8b\x08', '\x1f\x8b\x08\x1f', '\0\0\0\0\0\0\0\x03', '\x03\0'],
    async run({ bytes }) {
      const one = await inflated(bytes, 1 + (bytes.length % 97) + (bytes.length >> 9));
      const other = await inflated(bytes, Math.max(1, bytes.length));
      hold(
        one.slice(0, 8) === other.slice(0, 8),
        'gzip data are accepted in pieces and refused at once, or the reverse',
      );
      let length = 0;
      for await (const piece of gunzip([bytes])) length += piece.length;
      hold(other === `good ${length}`, 'gzip data have two lengths');
    },
  },
];

async function inflated(bytes: Uint8Array, piece: number): Promise<string> {
  let length = 0;
  try {
    const feed = createGunzipFeed((part) => {
      length += part.length;
    });
    for (let at = 0; at < bytes.length; at += piece) await feed.push(bytes.subarray(at, at + piece));
    await feed.end();
    return `good ${length}`;
  } catch (error) {
    if (isRefusal(error)) return `refused ${error}`;
    throw error;
  }
}
