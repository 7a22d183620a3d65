// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, type Case, STICK, SYSTEM, SYSTEM_MOUNTS } from '../../test/cases.js';
import { BUS, writeMachine } from '../../test/machine.js';
import { assessDevice } from '../assess.js';
import { linuxInspector } from './inspect.js';
import type { LinuxView } from './view.js';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

async function machineOf(spec: Partial<Case>): Promise<{ root: string; view: LinuxView }> {
  const root = await mkdtemp(join(tmpdir(), 'usb-machine-'));
  roots.push(root);
  const view = await writeMachine(root, {
    disks: [SYSTEM, ...(spec.disks ?? [STICK])],
    mounts: [...(spec.onlyMounts === true ? [] : SYSTEM_MOUNTS), ...(spec.mounts ?? [])],
    swaps: spec.swaps ?? [],
    links: spec.links ?? {},
    files: spec.files ?? {},
  });
  return { root, view };
}

const assess = (view: LinuxView, { device = '/dev/sdb', isoPath = '/home/me/os.iso' }: Partial<Case> = {}) =>
  assessDevice(device, 'linux', { path: isoPath, size: 1024 * 1024 }, linuxInspector(view));

describe('linuxInspector', () => {
  it.each(CASES)('$title: $reason', async (spec) => {
    const { view } = await machineOf(spec);
    const found = await assess(view, spec);
    expect(found.reason).toBe(spec.reason);
    expect(found.facts).toMatchObject(spec.facts ?? {});
    if (spec.reason === undefined) expect(found).toMatchObject({ valid: true, inspected: true });
  });

  it('keeps the table of docs/usb.md (vitest -u writes it)', async () => {
    const page = fileURLToPath(new URL('../../../../docs/usb.md', import.meta.url));
    const cells = CASES.map(({ title, reason }) => [title, reason ?? 'ready'] as const);
    const [first, second] = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    const line = (a: string, b: string, fill = ' ') =>
      `| ${a.padEnd(first ?? 0, fill)} | ${b.padEnd(second ?? 0, fill)} |\n`;
    const rows = cells.map(([title, verdict]) => line(title, verdict));
    const table = `${line('device', 'verdict')}${line('', '', '-')}${rows.join('')}`;
    const text = await readFile(page, 'utf8');
    const fresh = text.replace(
      /(<!-- devices -->\n)[\s\S]*(?=<!-- end of devices -->)/,
      (_, mark) => `${mark}\n${table}\n`,
    );
    expect(fresh).toContain(table);
    await expect(fresh).toMatchFileSnapshot(page);
  });

  /** A machine to which something happens while it is looked at. */
  const disturbed = (view: LinuxView, disturb: () => Promise<unknown>): LinuxView => ({
    ...view,
    text: async (path) => {
      if (path === '/proc/swaps') await disturb();
      return view.text(path);
    },
  });

  it('notices a stick that is pulled out meanwhile', async () => {
    const { root, view } = await machineOf({});
    const pulled = disturbed(view, () => rm(join(root, '/sys/class/block/sdb')));
    expect(await assess(pulled)).toMatchObject({ reason: 'changed', inspected: false });
  });

  it('notices another stick that takes its place meanwhile', async () => {
    const { root, view } = await machineOf({});
    const swapped = disturbed(view, () => writeFile(join(root, BUS.usb, 'sdb/diskseq'), '2\n'));
    expect(await assess(swapped)).toMatchObject({ reason: 'changed', inspected: false });
    const renumbered = disturbed(view, () => writeFile(join(root, '/dev/sdb'), '8:99'));
    expect(await assess(renumbered)).toMatchObject({ reason: 'changed' });
  });

  it('takes a holder that it cannot see for an unknown one', async () => {
    const { view } = await machineOf({ disks: [{ ...STICK, holders: { sdb1: ['dm-9'] } }] });
    expect((await assess(view)).reason).toMatch(/-unknown$/);
  });
});
