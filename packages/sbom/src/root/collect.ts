// SPDX-License-Identifier: Apache-2.0
import type { TarMember, TarVisitor } from '@latticra/tar';
import { SbomError } from '../error.js';
import { readCopyright } from './copyright.js';
import type { DeclaredLicence } from './package.js';
import { type UnreadDatabase, unreadManager } from './unread.js';

/** What of a root file system tells which packages are in it. */
export interface RootRecords {
  /** Databases and os-release files, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the copyright files say, by path. */
  readonly licences: ReadonlyMap<string, DeclaredLicence>;
  /** Symbolic links, targets by path. */
  readonly links: ReadonlyMap<string, string>;
  /** Databases that are not read, one of a manager. */
  readonly unread: readonly UnreadDatabase[];
  /** Names of files in `var/lib/dpkg/updates`, which an interrupted dpkg leaves. */
  readonly unfinished: readonly string[];
}

/** What of a member is looked at; an archive has it, and a file system as well. */
export type RecordMember = Pick<TarMember, 'path' | 'type' | 'size' | 'storedSize' | 'target'>;

/** Looks at the members of a root while they go by. */
export interface RecordCollector extends Required<Omit<TarVisitor, 'onHeader'>> {
  onMember(member: RecordMember): void;
  /** Returns whether the content of the last member is looked at. Who can leave it out may. */
  wantsContent(): boolean;
  /** Returns what was found, after the last member. @throws SbomError `unreadable` for what is no UTF-8 */
  finish(): RootRecords;
}

const TEXTS =
  /^(?:var\/lib\/dpkg\/status|var\/lib\/dpkg\/status\.d\/[^/]+|(?:usr\/)?lib\/apk\/db\/installed|etc\/os-release|usr\/lib\/os-release)$/;
const COPYRIGHT = /^usr\/share\/doc\/[^/]+\/copyright$/;
const UNFINISHED = /^var\/lib\/dpkg\/updates\/(\d+)$/;
/** A database of ten thousand packages has some ten MiB; of the largest copyright files one has two. */
const MAX_TEXT_BYTES = 64 << 20;
const MAX_COPYRIGHT_BYTES = 4 << 20;

/** Starts to gather the records of a root. Holds the databases whole, and of a copyright file what it comes to. */
export function collectRecords(): RecordCollector {
  const texts = new Map<string, string>();
  const licences = new Map<string, DeclaredLicence>();
  const links = new Map<string, string>();
  const unfinished: string[] = [];
  /** By manager, the first of the paths in their order: an archive has its members in any. */
  const foreign = new Map<string, string>();
  let total = 0;
  let current: { readonly path: string; readonly pieces: Buffer[] } | undefined;

  const close = () => {
    if (current === undefined) return;
    const { path, pieces } = current;
    current = undefined;
    const bytes = Buffer.concat(pieces);
    if (COPYRIGHT.test(path)) licences.set(path, licenceOf(bytes, path));
    else texts.set(path, utf8(bytes, path));
  };
  const noteUnread = (path: string) => {
    const manager = unreadManager(path);
    if (manager === undefined) return;
    const first = foreign.get(manager);
    if (first === undefined || path < first) foreign.set(manager, path);
  };
  const copyLink = (from: string, to: string) => {
    const text = texts.get(from);
    const licence = licences.get(from);
    if (text !== undefined && TEXTS.test(to)) texts.set(to, text);
    if (licence !== undefined && COPYRIGHT.test(to)) licences.set(to, licence);
  };

  return {
    onMember(member: RecordMember) {
      close();
      const { type, size, storedSize, target = '' } = member;
      const path = asText(member.path);
      const [, update] = UNFINISHED.exec(path) ?? [];
      if (update !== undefined) unfinished.push(update);
      if (type === 'file' || type === 'hard-link') noteUnread(path);
      if (type === 'symbolic-link') links.set(path, asText(target));
      if (type === 'hard-link') copyLink(asText(target), path);
      if (type !== 'file') return;
      if (COPYRIGHT.test(path) && (size > MAX_COPYRIGHT_BYTES || size !== storedSize)) {
        licences.set(path, unread(`${path} has ${size} bytes, too many for a copyright file`));
      } else if (COPYRIGHT.test(path) || (TEXTS.test(path) && !path.endsWith('.md5sums'))) {
        if (!COPYRIGHT.test(path)) total += size;
        if (total > MAX_TEXT_BYTES || size !== storedSize) throw tooLong(path);
        current = { path, pieces: [] };
      }
    },
    onContent(piece) {
      current?.pieces.push(Buffer.from(piece));
    },
    wantsContent: () => current !== undefined,
    finish() {
      close();
      const databases = [...foreign].map(([manager, path]) => ({ manager, path }));
      databases.sort((a, b) => (a.manager < b.manager ? -1 : 1));
      return { texts, licences, links, unread: databases, unfinished };
    },
  };
}

const asText = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Returns the text of bytes, or undefined where they are no UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function utf8(bytes: Uint8Array, path: string): string {
  const text = decoded(bytes);
  if (text === undefined) throw new SbomError('unreadable', `${path}: is no UTF-8 text`);
  return text;
}

function licenceOf(bytes: Uint8Array, path: string): DeclaredLicence {
  const text = decoded(bytes);
  return text === undefined ? unread(`${path} is no UTF-8 text`) : readCopyright(text, path);
}

const unread = (comment: string): DeclaredLicence => ({ expression: undefined, texts: [], comment });

const tooLong = (path: string) =>
  new SbomError(
    'unreadable',
    `${path}: the databases of the root have over ${MAX_TEXT_BYTES >> 20} MiB, or are sparse`,
    {
      fix: 'see what is in that file: a database of ten thousand packages has ten MiB',
    },
  );
