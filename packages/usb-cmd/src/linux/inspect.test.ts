// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, type Case, STICK, SYSTEM, SYSTEM_MOUNTS } from '../../test/linux/cases.js';
import { writeMachine } from '../../test/linux/machine.js';
import { assessDevice } from '../assess.js';
import { listDevices } from '../list.js';
import { linuxInspector } from './inspect.js';
import type { LinuxView } from './view.js';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

async function machineOf(spec: Partial<Case>): Promise<{ root: string; view: LinuxView }> {
  const root = await mkdtemp(join(tmpdir(), 'usb-machine-'));
  roots.push(root);
  const view = await writeMachine(root, {
    disks: [spec.system ?? SYSTEM, ...(spec.disks ?? [STICK])],
    mounts: [...(spec.onlyMounts === true ? [] : SYSTEM_MOUNTS), ...(spec.mounts ?? [])],
    swaps: spec.swaps ?? [],
    links: spec.links ?? {},
    files: spec.files ?? {},
    without: spec.without ?? [],
    ...(spec.pidNamespace === undefined ? {} : { pidNamespace: spec.pidNamespace }),
  });
  return { root, view };
}

const assess = (
  view: LinuxView,
  { device = '/dev/sdb', isoPath = '/home/me/os.iso', accepted }: Partial<Case> = {},
) => assessDevice(device, 'linux', { path: isoPath, size: 1024 * 1024 }, linuxInspector(view), accepted);

/** A machine to which something happens while it is looked at. */
const disturbed = (view: LinuxView, disturb: () => Promise<void> | undefined): LinuxView => ({
  ...view,
  text: async (path) => {
    if (path === '/proc/swaps') await disturb();
    return view.text(path);
  },
});

describe('linuxInspector', () => {
  it.each(CASES)('the assessment of "$title" on Linux gives reason $reason', async (spec) => {
    const { root, view } = await machineOf(spec);
    const found = await assess(
      disturbed(view, () => spec.meanwhile?.(root)),
      spec,
    );
    expect(found.reason).toBe(spec.reason);
    expect(found.facts).toMatchObject(spec.facts ?? {});
    if (spec.reason === undefined) expect(found).toMatchObject({ valid: true, inspected: true });
    if (spec.reason === 'changed') expect(found.inspected).toBe(false);
  });

  it('a holder that cannot be seen makes a fact unknown', async () => {
    const { view } = await machineOf({ disks: [{ ...STICK, holders: { sdb1: ['dm-9'] } }] });
    expect((await assess(view)).reason).toMatch(/-unknown$/);
  });
});

describe('listDevices', () => {
  it('every whole disk is listed, with what speaks against it, and what it says of itself', async () => {
    const { view } = await machineOf({
      disks: [
        { ...STICK, files: { ...STICK.files, 'device/vendor': 'Maker   ', 'device/model': 'Stick 8G' } },
      ],
    });
    const listed = await listDevices({ view, host: 'linux' });
    expect(listed.map(({ path }) => path)).toEqual(['/dev/sda', '/dev/sdb']);
    expect(listed[0]?.assessment.reason).toBe('system-disk-name');
    expect(listed[1]).toMatchObject({ vendor: 'Maker', model: 'Stick 8G', sizeBytes: 8e9 });
    expect(listed[1]?.assessment).toEqual(
      await assessDevice('/dev/sdb', 'linux', undefined, linuxInspector(view)),
    );
    expect(listed[1]?.assessment).toMatchObject({ reason: undefined, inspected: true });
  });

  it('an image that no listed device has room for is a reason against it', async () => {
    const { view } = await machineOf({});
    const iso = { path: '/home/me/os.iso', size: 9e9 };
    const listed = await listDevices({ view, iso, host: 'linux' });
    expect(listed.find(({ path }) => path === '/dev/sdb')?.assessment.reason).toBe('too-small');
  });

  it('a machine without sysfs is refused by name, and a listing ends when it is told to', async () => {
    const { view } = await machineOf({});
    for (const options of [
      { view, host: 'darwin' },
      { view: { ...view, names: async () => undefined }, host: 'linux' },
    ] as const) {
      await expect(listDevices(options)).rejects.toMatchObject({ code: 'unsupported-platform' });
    }
    const aborted = listDevices({ view, host: 'linux', signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });
});
