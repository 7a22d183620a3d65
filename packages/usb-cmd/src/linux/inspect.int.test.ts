// SPDX-License-Identifier: Apache-2.0
import { access, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeFacts } from '../facts.js';
import { linuxInspector } from './inspect.js';
import { mountOf, parseMounts } from './mounts.js';
import { linuxView } from './view.js';

/** The whole disk under `/` of the machine that runs this test, where it can be told. */
async function rootDisk(): Promise<string | undefined> {
  const view = linuxView();
  const mounts = parseMounts((await view.text('/proc/self/mountinfo')) ?? '');
  const folder = await view.follow(`/sys/dev/block/${mountOf('/', mounts ?? [])?.number}`);
  if (folder === undefined) return undefined;
  const isPartition = (await view.text(`${folder}/partition`)) !== undefined;
  return `/dev/${basename(isPartition ? folder.slice(0, folder.lastIndexOf('/')) : folder)}`;
}

const disk = await rootDisk();
const hasNode =
  disk !== undefined &&
  (await access(disk).then(
    () => true,
    () => false,
  ));

describe('on this very machine', () => {
  it.skipIf(!hasNode)(`the disk under / (${disk}) is never free to be written`, async () => {
    const inspector = linuxInspector();
    expect(await inspector.locate(disk ?? '')).toEqual({ node: disk });
    const seen = await inspector.inspect(disk ?? '', { path: '/etc/hostname', size: 1 });
    if (!seen.inspected) throw new Error(`not inspected: ${seen.reason}`);
    expect(seen.facts).toMatchObject({ mounted: 1, backsSystem: 1 });
    expect(seen.facts.sizeBytes).toBeGreaterThan(0);
    expect(judgeFacts(seen.facts, 1)).toBe('backs-system');
  });

  it('no device is found where there is none', async () => {
    const inspector = linuxInspector();
    expect(await inspector.locate('/dev/sdzzz')).toEqual({ reason: 'not-found' });
    expect(await inspector.locate('/dev/null')).toEqual({ reason: 'not-found' });
    expect(await inspector.inspect('/dev/sdzzz', undefined)).toEqual({
      inspected: false,
      reason: 'not-found',
    });
  });

  it.skipIf(process.platform !== 'linux')('mountinfo of this machine is understood', async () => {
    const text = await readFile('/proc/self/mountinfo', 'utf8');
    expect(parseMounts(text)).toHaveLength(text.trimEnd().split('\n').length);
  });
});
