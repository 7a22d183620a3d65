// SPDX-License-Identifier: Apache-2.0
import { ImageError, type ImageErrorCode } from '../error.js';
import type { GptPartition } from './gpt.js';
import { NIL_GUID } from './guid.js';

/** The sectors that partitions may use, both ends included. */
interface UsableRange {
  readonly firstUsableLba: number;
  readonly lastUsableLba: number;
}

/**
 * Refuses partitions that no table may have, written or read: outside the usable sectors, overlapping, without a GUID
 * of their own.
 * @throws ImageError with one of `codes`
 */
export function checkPartitions(
  partitions: readonly (GptPartition & { readonly number?: number })[],
  { firstUsableLba, lastUsableLba }: UsableRange,
  codes: { readonly outside: ImageErrorCode; readonly clash: ImageErrorCode },
): void {
  const guids = new Set<string>();
  const named = partitions.map((partition, index) => ({
    ...partition,
    what: `GPT partition ${partition.number ?? index + 1} ${JSON.stringify(partition.name)}`,
  }));
  for (const { what, uniqueGuid, firstLba, sectors } of named) {
    const guid = uniqueGuid.toUpperCase();
    if (guid === NIL_GUID || guids.has(guid)) {
      throw new ImageError(codes.clash, `${what} has the unique GUID ${guid}, which is nil or taken`);
    }
    guids.add(guid);
    if (firstLba < firstUsableLba || firstLba + sectors - 1 > lastUsableLba) {
      throw new ImageError(
        codes.outside,
        `${what} takes sectors ${firstLba} to ${firstLba + sectors - 1}, usable are ${firstUsableLba} to ${lastUsableLba}`,
      );
    }
  }
  named.sort((a, b) => a.firstLba - b.firstLba);
  named.forEach(({ what, firstLba }, index) => {
    const before = named[index - 1];
    if (before && before.firstLba + before.sectors > firstLba) {
      throw new ImageError(codes.clash, `${what} begins at sector ${firstLba}, inside ${before.what}`);
    }
  });
}
