// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { MAC_CASES, viewOf } from '../../test/macos/cases.js';
import { assessDevice } from '../assess.js';
import { usbCommands, WITHHELD } from '../command.js';
import { macosInspector } from './inspect.js';

const ISO = '/Users/me/os.iso';

describe('macosInspector', () => {
  it.each(MAC_CASES)('the assessment of "$title" on a Mac gives reason $reason', async (spec) => {
    const { device = '/dev/disk4', isoPath = ISO } = spec;
    const inspector = macosInspector(viewOf(spec));
    const found = await assessDevice(device, 'macos', { path: isoPath, size: 1024 * 1024 }, inspector);
    expect(found.reason).toBe(spec.reason);
    expect(found.facts).toMatchObject(spec.facts ?? {});
    if (spec.reason === undefined) expect(found).toMatchObject({ valid: true, inspected: true });
  });

  it.each([
    ['USB stick', "diskutil unmountDisk '/dev/disk4'"],
    ['USB stick with mounted volumes', "diskutil unmountDisk '/dev/disk4'"],
    ['USB disk that the Mac runs from, through an APFS container', WITHHELD],
  ])('the unmount command for a %s is %s', async (title, expected) => {
    const spec = MAC_CASES.find((candidate) => candidate.title === title);
    if (spec === undefined) throw new Error(`no case ${title}`);
    const found = await assessDevice('/dev/rdisk4', 'macos', undefined, macosInspector(viewOf(spec)));
    expect(usbCommands(found, 'os.iso', 1).unmount).toBe(expected);
  });

  it('diskutil is asked for nothing but what it says of disks', async () => {
    const asked: string[] = [];
    const view = viewOf({ title: '', reason: undefined });
    const listening = {
      ...view,
      diskutil: (argv: readonly string[]) => {
        asked.push(argv.join(' '));
        return view.diskutil(argv);
      },
    };
    await macosInspector(listening).inspect('/dev/rdisk4', undefined);
    expect(new Set(asked)).toEqual(new Set(['info -plist disk4', 'list -plist', 'info -plist /']));
  });
});
