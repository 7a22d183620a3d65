// SPDX-License-Identifier: Apache-2.0
import type { Extensions } from './extension.js';
import type { TarHeader } from './header.js';
import { type ByteString, nameProblem, showName } from './name.js';

/** A member as it would be unpacked. */
export interface TarMember {
  readonly name: ByteString;
  /** Bytes of content in the archive. */
  readonly size: number;
}

/** Types that have no content. With some, readers disagree about where the next header stands. */
const WITHOUT_CONTENT: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a folder',
  '6': 'a FIFO',
};

/** Regular, contiguous and sparse files. */
const WITH_CONTENT: ReadonlySet<string> = new Set(['0', '7', 'S']);

/** What a member is called before it was looked at closely: for a message. */
export function memberName(header: TarHeader, { pax, longName }: Extensions): ByteString {
  return pax?.path ?? longName ?? header.name;
}

/**
 * A header and what stood ahead of it, put together. Where two of them decide the same thing, readers that know
 * only one would see another member, and it is refused.
 * @returns what is wrong with it, in words, where something is
 */
export function resolveMember(header: TarHeader, extensions: Extensions): TarMember | string {
  const { pax, longName, longLink } = extensions;
  if (pax?.path !== undefined && longName !== undefined) return 'has two long names';
  if (pax?.linkPath !== undefined && longLink !== undefined) return 'has two long link targets';
  const name = memberName(header, extensions);
  const problem =
    nameProblem(name) ?? (pax?.sparseName === undefined ? undefined : nameProblem(pax.sparseName));
  if (problem !== undefined) return problem;
  const linkProblem = targetProblem(header.type, pax?.linkPath ?? longLink ?? header.linkName);
  if (linkProblem !== undefined) return linkProblem;
  if (header.size === undefined) return 'has a size that is no length of a file';
  const size = pax?.size ?? header.size;
  const bare = WITHOUT_CONTENT[header.type] ?? (name.endsWith('/') ? 'a folder' : undefined);
  if (bare === undefined && !WITH_CONTENT.has(header.type)) {
    return `is of type ${showName(header.type)}, which no root file system needs`;
  }
  if (bare !== undefined && size > 0) return `is ${bare} with ${size} bytes of content`;
  return { name, size };
}

/** A symbolic link may point anywhere: it means something only inside the root that is booted. */
function targetProblem(type: string, target: ByteString): string | undefined {
  if (type === '2')
    return target === '' || target.includes('\0') ? 'is a symbolic link without a target' : undefined;
  const problem = type === '1' ? nameProblem(target) : undefined;
  return problem === undefined ? undefined : `is a hard link to ${showName(target)}, which ${problem}`;
}
