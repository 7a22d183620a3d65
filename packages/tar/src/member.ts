// SPDX-License-Identifier: Apache-2.0
import type { Extensions } from './extension.js';
import type { TarHeader } from './header.js';
import { type ByteString, MAX_PATH_BYTES, nameProblem, normalName, showName } from './name.js';
import type { TarTime } from './number.js';
import type { SparseRun } from './sparse.js';

/** What a member is. */
export type TarMemberType =
  | 'file'
  | 'hard-link'
  | 'symbolic-link'
  | 'character-device'
  | 'block-device'
  | 'folder'
  | 'fifo';

/** Where the parts of a member stand in the archive, in bytes from its beginning. */
export interface TarPlaces {
  /** Of the first block that is about it: its header, or an extended header ahead of it. */
  readonly start: number;
  readonly header: number;
  /** Of its stored content. */
  readonly content: number;
  /** Behind its content and the padding: where the next one starts. */
  readonly end: number;
}

/** A member as every tar unpacks it. */
export interface TarMember {
  /** Relative, without `./` in front, doubled slashes or one at the end; `.` for the root itself. */
  readonly path: ByteString;
  readonly type: TarMemberType;
  /** Permissions with the set-id and sticky bits: twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The names of both; empty where the archive does not say them. */
  readonly uname: ByteString;
  readonly gname: ByteString;
  readonly mtime: TarTime;
  /** Bytes of the file as it is unpacked. */
  readonly size: number;
  /** Bytes of it in the archive: less than `size` for a sparse file. */
  readonly storedSize: number;
  /** Where the stored bytes belong in a sparse file; undefined for any other, whose bytes are all stored. */
  readonly sparse: readonly SparseRun[] | undefined;
  /** What a symbolic link says, as it says it; the path of the member that a hard link is another name of. */
  readonly target: ByteString | undefined;
  /** The numbers of a device. */
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** Extended attributes by name, such as `security.capability`. */
  readonly xattrs: ReadonlyMap<ByteString, Uint8Array>;
  readonly places: TarPlaces;
}

/** A member before its map was read and its places were known. */
export type PlainMember = Omit<TarMember, 'places' | 'sparse'>;

const TYPES: ReadonlyMap<string, TarMemberType> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  // Contiguous and sparse files.
  ['7', 'file'],
  ['S', 'file'],
  ['1', 'hard-link'],
  ['2', 'symbolic-link'],
  ['3', 'character-device'],
  ['4', 'block-device'],
  ['5', 'folder'],
  ['6', 'fifo'],
]);

/** A type in words. */
export const TYPE_WORDS: Readonly<Record<TarMemberType, string>> = {
  file: 'a file',
  'hard-link': 'a hard link',
  'symbolic-link': 'a symbolic link',
  'character-device': 'a character device',
  'block-device': 'a block device',
  folder: 'a folder',
  fifo: 'a FIFO',
};

/** From this many bytes on, eleven octal digits do not suffice, and only a pax header says the size. */
const BEYOND_OCTAL = 2 ** 33;
/** Returns whether only a folder can be called so: some readers look for one, some drop the end. */
const isFolderName = (name: ByteString) =>
  name.endsWith('/') || name.endsWith('/.') || name === '' || name === '.';
const NO_XATTRS: TarMember['xattrs'] = new Map();

/** Returns what a member is called before it was looked at closely: for a message. */
export function memberName(header: TarHeader, { pax, longName }: Extensions): ByteString {
  if (pax === undefined) return longName ?? header.name;
  const [, sparseName] = pax.sparse.find(([key]) => key === 'name') ?? [];
  return sparseName ?? pax.path ?? longName ?? header.name;
}

/**
 * Puts a header and what stood ahead of it together. Where two of them decide the same thing, readers that know
 * only one would see another member, and it is refused.
 * @returns what is wrong with it, in words, where something is
 */
export function resolveMember(header: TarHeader, extensions: Extensions): PlainMember | string {
  const { pax, longName, longLink } = extensions;
  if (pax?.path !== undefined && longName !== undefined) return 'has two long names';
  if (pax?.linkPath !== undefined && longLink !== undefined) return 'has two long link targets';
  if (header.hasStrayPrefix) return 'has something where the prefix of its name would stand';
  const name = memberName(header, extensions);
  const stored = pax?.path ?? longName ?? header.name;
  const wrongName = nameProblem(stored) ?? (stored === name ? undefined : nameProblem(name));
  if (wrongName !== undefined) return wrongName;
  const type = typeOf(header, name, extensions);
  if (type === undefined) return `is of type ${showName(header.type)}, which no root file system needs`;
  const path = normalName(name);
  if (type !== 'folder' && path === '.') return `is the root, and ${TYPE_WORDS[type]}`;
  if (type !== 'folder' && isFolderName(name)) return `is ${TYPE_WORDS[type]} with the name of a folder`;
  const target = pax?.linkPath ?? longLink ?? header.linkName;
  const wrongTarget = targetProblem(type, target);
  if (wrongTarget !== undefined) return wrongTarget;
  const wrongNumber = numberProblem(header);
  if (wrongNumber !== undefined) return wrongNumber;
  const numbers = readNumbers(header, extensions, type);
  if (typeof numbers === 'string') return numbers;
  if (type !== 'file' && numbers.size > 0)
    return `is ${TYPE_WORDS[type]} with ${numbers.size} bytes of content`;
  // Written out: spreading takes longer than all the rest, and there are millions of members.
  return {
    path,
    type,
    mode: numbers.mode,
    uid: numbers.uid,
    gid: numbers.gid,
    uname: pax?.uname ?? header.uname,
    gname: pax?.gname ?? header.gname,
    mtime: numbers.mtime,
    size: numbers.size,
    storedSize: numbers.size,
    target: type === 'symbolic-link' ? target : type === 'hard-link' ? normalName(target) : undefined,
    device: numbers.device,
    xattrs: pax?.xattrs ?? NO_XATTRS,
  };
}

/**
 * Tells the type of a member. Old archives have no type for folders but the slash; a name from an extended header
 * says nothing by its slash.
 */
function typeOf(
  { type, isGnu }: TarHeader,
  name: ByteString,
  { pax, longName }: Extensions,
): TarMemberType | undefined {
  const isLong = pax?.path !== undefined || longName !== undefined;
  if (type === '\0' && name.endsWith('/') && !isLong) return 'folder';
  return type === 'S' && !isGnu ? undefined : TYPES.get(type);
}

/**
 * Says what is wrong with the target of a link. A symbolic link may point anywhere: it means something only inside
 * the root that is booted.
 */
function targetProblem(type: TarMemberType, target: ByteString): string | undefined {
  if (type === 'symbolic-link') {
    if (target === '' || target.includes('\0')) return 'is a symbolic link without a target';
    return target.length > MAX_PATH_BYTES ? 'has a target that is longer than file systems allow' : undefined;
  }
  if (type !== 'hard-link') return undefined;
  const problem = nameProblem(target) ?? (isFolderName(target) ? 'has the name of a folder' : undefined);
  return problem === undefined ? undefined : `is a hard link to ${showName(target)}, which ${problem}`;
}

/**
 * Says which field of a header holds no number, where one does: some readers look at all of them, those of devices too,
 * whatever the header is of.
 */
export function numberProblem(header: TarHeader): string | undefined {
  const { mode, uid, gid, mtime, size, major, minor } = header;
  if (size === undefined) return 'has a size that is no length of a file';
  const isWhole = mode !== undefined && uid !== undefined && gid !== undefined && mtime !== undefined;
  if (isWhole && major !== undefined && minor !== undefined) return undefined;
  const fields = {
    mode,
    owner: uid,
    group: gid,
    time: mtime,
    'major device number': major,
    'minor device number': minor,
  };
  const [name] = Object.entries(fields).find(([, value]) => value === undefined) ?? [];
  return name === undefined ? undefined : `has ${name === 'owner' ? 'an' : 'a'} ${name} that is no number`;
}

function readNumbers(
  { mode = 0, uid = 0, gid = 0, mtime = 0, size = 0, major = 0, minor = 0 }: TarHeader,
  { pax }: Extensions,
  type: TarMemberType,
): Pick<PlainMember, 'mode' | 'uid' | 'gid' | 'mtime' | 'size' | 'device'> | string {
  const isDevice = type === 'character-device' || type === 'block-device';
  const { major: otherMajor = major, minor: otherMinor = minor } = pax ?? {};
  if (isDevice && (otherMajor !== major || otherMinor !== minor)) return 'has two device numbers';
  // Whoever does not know the record takes the header's word, and another place for the next header.
  if (pax?.size !== undefined && pax.size !== size && pax.size < BEYOND_OCTAL) {
    return `has a size of ${pax.size} in its extended header, and of ${size} in its header`;
  }
  const actual = pax?.size ?? size;
  if (pax?.realSize !== undefined && pax.realSize !== actual) return 'has two sizes';
  return {
    mode: mode & 0o7777,
    uid: pax?.uid ?? uid,
    gid: pax?.gid ?? gid,
    mtime: pax?.mtime ?? { seconds: mtime, nanoseconds: 0 },
    size: actual,
    device: isDevice ? { major, minor } : undefined,
  };
}
