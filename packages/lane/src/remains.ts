// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';

/** What an earlier process left half-written, as `@latticra/held-files` tells of it. */
export interface LeftHalfWritten {
  readonly path: string;
  readonly process: number;
}

/** The channel on which that is told: by its name, so that a lane that writes nothing loads nothing of what writes. */
const CHANNEL = 'latticra:remains';

/** Says in one line what an earlier process left half-written, and when it is safe to remove. */
export function formatRemains({ path, process }: LeftHalfWritten): string {
  return `${quoteText(path)} is what process ${process} had half-written when it was killed; remove it with rm -r, unless that process runs in another container or on another machine`;
}

/** Does `work`, and says of each thing that an earlier process left half-written where this one writes, once. */
export async function withRemainsTold<T>(warn: (text: string) => void, work: () => Promise<T>): Promise<T> {
  const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel');
  const told = new Set<string>();
  const listen = (message: unknown) => {
    const remains = message as LeftHalfWritten;
    if (told.has(remains.path)) return;
    told.add(remains.path);
    warn(formatRemains(remains));
  };
  subscribe(CHANNEL, listen);
  try {
    return await work();
  } finally {
    unsubscribe(CHANNEL, listen);
  }
}
