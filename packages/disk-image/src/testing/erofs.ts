// SPDX-License-Identifier: Apache-2.0
/** Small EROFS file systems for tests, random trees, and all that is in one. */
import fc from 'fast-check';
import {
  type ErofsEntry,
  type ErofsImage,
  type ErofsInode,
  type ErofsOptions,
  ErofsTree,
  planErofs,
  writeErofs,
} from '../erofs/index.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';

export const OPTIONS: ErofsOptions = {
  uuid: '00112233-4455-6677-8899-aabbccddeeff',
  volumeName: 'TEST',
  epoch: 1_700_000_000,
};

/** An entry with what little it has to say, and its content. */
export type Sample = Partial<ErofsEntry> & Pick<ErofsEntry, 'path'> & { readonly content?: Uint8Array };

/** Completes an entry: a file with its content, unless it says otherwise. */
export const entryOf = ({ content = new Uint8Array(), ...entry }: Sample): ErofsEntry => ({
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: { seconds: 1_600_000_000, nanoseconds: 5 },
  size: content.length,
  xattrs: new Map(),
  ...entry,
});

/** Writes a file system of these entries into memory, contents in pieces of `piece` bytes. */
export function buildErofs(
  samples: readonly Sample[],
  options: Partial<ErofsOptions> = {},
  piece = 1 << 16,
): { readonly bytes: Uint8Array; readonly image: ByteSource } {
  const tree = new ErofsTree();
  for (const sample of samples) tree.add(entryOf(sample));
  const plan = planErofs(tree, { ...OPTIONS, ...options });
  const bytes = new Uint8Array(plan.size);
  let at = 0;
  const writer = writeErofs(plan, (blocks) => {
    bytes.set(blocks, at);
    at += blocks.length;
  });
  for (const { path, type = 'file', content = new Uint8Array() } of samples) {
    if (type !== 'file') continue;
    writer.file(path);
    for (let from = 0; from < content.length; from += piece)
      writer.content(content.subarray(from, from + piece));
  }
  writer.end();
  if (at !== plan.size) throw new Error(`${at} bytes were written of ${plan.size}`);
  return { bytes, image: bytesSource(bytes) };
}

/** What a test compares of one inode. */
export interface Seen {
  readonly type: string;
  readonly mode: number;
  readonly owner: string;
  readonly mtime: string;
  readonly device: string;
  readonly links: number;
  /** Bytes of a file or the target of a link, in hexadecimal. */
  readonly content: string;
  readonly xattrs: readonly (readonly [string, string])[];
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function seen(image: ErofsImage, inode: ErofsInode): Seen {
  const { type, mode, uid, gid, mtime, device, links } = inode;
  const content =
    type === 'file'
      ? hex(readBytes(image.open(inode), 0, inode.size))
      : type === 'symbolic-link'
        ? hex(Buffer.from(image.target(inode), 'latin1'))
        : '';
  return {
    type,
    mode,
    owner: `${uid}:${gid}`,
    mtime: `${mtime.seconds}.${mtime.nanoseconds}`,
    device: device === undefined ? '' : `${device.major}:${device.minor}`,
    links,
    content,
    xattrs: [...image.xattrs(inode)].map(([name, value]) => [name, hex(value)] as const).sort(),
  };
}

/** Reads everything in a file system, by path; the root is `.`. */
export function readErofs(image: ErofsImage): Map<string, Seen> {
  const found = new Map([['.', seen(image, image.root)]]);
  for (const { name, inode } of image.walk()) found.set(name, seen(image, inode));
  return found;
}

/** Tells what reading a file system of these entries has to find: hard links are their targets, folders on the way are there. */
export function expectErofs(samples: readonly Sample[], epoch = OPTIONS.epoch): Map<string, Seen> {
  const folder = {
    type: 'folder',
    mode: 0o755,
    owner: '0:0',
    mtime: `${epoch}.0`,
    device: '',
    content: '',
    xattrs: [],
  };
  const inodes = new Map<string, Omit<Seen, 'links'>>([['.', folder]]);
  const names = new Map<Omit<Seen, 'links'>, number>();
  for (const sample of samples) {
    const { path, type, mode, uid, gid, mtime, device, target, xattrs } = entryOf(sample);
    const parts = path.split('/');
    for (let end = 1; end < parts.length; end++) {
      const above = parts.slice(0, end).join('/');
      if (!inodes.has(above)) inodes.set(above, { ...folder });
    }
    if (type === 'hard-link') {
      inodes.set(path, inodes.get(target ?? '') ?? folder);
      continue;
    }
    const isDevice = type === 'character-device' || type === 'block-device';
    inodes.set(path, {
      type,
      mode,
      owner: `${uid}:${gid}`,
      mtime: `${mtime.seconds}.${mtime.nanoseconds}`,
      device: isDevice ? `${device?.major}:${device?.minor}` : '',
      content:
        type === 'file'
          ? hex(sample.content ?? new Uint8Array())
          : type === 'symbolic-link'
            ? hex(Buffer.from(target ?? '', 'latin1'))
            : '',
      xattrs: [...xattrs].map(([name, value]) => [name, hex(value)] as const).sort(),
    });
  }
  for (const inode of inodes.values()) names.set(inode, (names.get(inode) ?? 0) + 1);
  const parentOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');
  const links = (path: string, inode: Omit<Seen, 'links'>) =>
    inode.type !== 'folder'
      ? (names.get(inode) ?? 0)
      : 2 +
        [...inodes].filter(
          ([other, { type }]) => type === 'folder' && other !== '.' && parentOf(other) === path,
        ).length;
  return new Map(
    [...inodes].map(([path, inode]) => [path, { ...inode, links: links(path, inode) }] as const),
  );
}

/** Compares maps whatever their order. */
export const byPath = (found: ReadonlyMap<string, Seen>) =>
  [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** An ACL in the kernel's form: what chmod 640 would say, and one more user. */
export const ACL = Buffer.from(
  '02000000' +
    '01000600ffffffff' +
    '02000400e8030000' +
    '04000400ffffffff' +
    '10000400ffffffff' +
    '20000000ffffffff',
  'hex',
);

const name = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom('a', 'b', 'B', '.', '-', '!', '\xe4', '\xff', '\x01'),
      minLength: 1,
      maxLength: 5,
    }),
    fc.constantFrom('x'.repeat(255), 'usr', 'lib', '...', '..a', '.a'),
  )
  .filter((text) => text !== '.' && text !== '..');

/** Lengths around those at which something else becomes of the content. */
const size = fc.oneof(
  fc.nat({ max: 300 }),
  fc.constantFrom(0, 4031, 4032, 4033, 4095, 4096, 4097, 8127, 8128, 8129, 12_288),
  fc.nat({ max: 20_000 }),
);
const content = fc
  .tuple(size, fc.nat(255))
  .map(([length, seed]) =>
    new Uint8Array(length).map((_, index) => (index * 7 + seed + (index >> 8)) & 0xff),
  );
const xattrs = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('user.a', 'user.b', 'trusted.c', 'security.selinux', 'user.\xe4'),
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(new Uint8Array(4000), new Uint8Array(9000))),
    ),
    { selector: ([key]) => key, maxLength: 3 },
  )
  .chain((pairs) =>
    fc
      .boolean()
      .map((acl) => new Map<string, Uint8Array>(acl ? [...pairs, ['system.posix_acl_access', ACL]] : pairs)),
  );
const metadata = fc.record({
  mode: fc.nat(0o7777),
  uid: fc.oneof(fc.nat(3), fc.constant(0xffff_fffe)),
  gid: fc.oneof(fc.nat(3), fc.constant(0xffff_fffe)),
  mtime: fc.record({
    seconds: fc.oneof(fc.nat(), fc.constantFrom(-1, 2 ** 40)),
    nanoseconds: fc.nat(999_999_999),
  }),
  xattrs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(new Map<string, Uint8Array>()) },
    { weight: 1, arbitrary: xattrs },
  ),
});
const kind = fc.oneof(
  fc.record({ type: fc.constant('file' as const), content }),
  fc.record({ type: fc.constant('file' as const), content }),
  fc.record({ type: fc.constant('folder' as const) }),
  fc.record({
    type: fc.constant('symbolic-link' as const),
    target: fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '/', '.', '\xff'), minLength: 1, maxLength: 40 }),
      fc.constantFrom('t'.repeat(4032), 't'.repeat(4033), 't'.repeat(4095)),
    ),
  }),
  fc.record({
    type: fc.constantFrom('character-device' as const, 'block-device' as const),
    device: fc.record({ major: fc.nat(0xfff), minor: fc.nat(0xf_ffff) }),
  }),
  fc.record({ type: fc.constantFrom('fifo' as const, 'socket' as const) }),
  fc.record({ type: fc.constant('hard-link' as const), pick: fc.nat(20) }),
);

/** Trees of up to 30 entries, without paths that clash; hard links point to what was there before them. */
export const erofsTrees: fc.Arbitrary<Sample[]> = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), metadata, kind), { maxLength: 30 })
  .map((all) => {
    const kinds = new Map<string, string>();
    const samples: Sample[] = [];
    for (const [parts, about, what] of all) {
      const path = parts.join('/');
      const above = parts.map((_, end) => parts.slice(0, end).join('/')).slice(1);
      if (kinds.has(path) || above.some((folder) => (kinds.get(folder) ?? 'folder') !== 'folder')) continue;
      if (what.type === 'hard-link') {
        const others = [...kinds].filter(([, type]) => type !== 'folder');
        const target = others[what.pick % Math.max(1, others.length)]?.[0];
        if (target === undefined) continue;
        samples.push({ path, type: 'hard-link', target });
      } else samples.push({ path, ...about, ...what });
      for (const folder of above) kinds.set(folder, 'folder');
      kinds.set(path, what.type);
    }
    return samples;
  });
