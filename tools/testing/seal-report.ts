// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { FlagSpecs, Lane } from '../../packages/lane/src/index.js';
import { documentValues, tryLane } from './lane.js';

/** No such folder: a report has no business there. */
const cwd = '/nowhere';

/** Runs a lane that only reports, for what it says beyond {@link itOnlyDenies}. */
export async function sealReport<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  argv: readonly string[] = [],
): Promise<{ text: string; values: Record<string, string> }> {
  const { status, stdout, stderr } = await tryLane(lane, argv, { cwd });
  expect([status, stderr]).toEqual([0, '']);
  return { text: stdout, values: documentValues(stdout) };
}

/** Declares the tests that hold for each of Latticra Seal's reports. */
export function itOnlyDenies<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  { title, surface }: { readonly title: string; readonly surface: string },
): void {
  it('the report denies, the same every time, as text and as JSON', async () => {
    const { text, values } = await sealReport(lane);
    expect(text.startsWith(`${title}\nseal_${surface}_report=1\n`)).toBe(true);
    expect(values).toMatchObject({
      [`${surface}_profile`]: `latticra-seal-${surface.replaceAll('_', '-')}/0.1`,
      default_action_deny: '1',
      would_allow: '0',
      would_deny: '1',
      would_execute_tool: '0',
      report_only: '1',
      mode: 'report-only',
    });
    expect((await sealReport(lane)).text).toBe(text);
    const json = await tryLane(lane, ['--json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ title, fields: values });
  });

  it.each(['--manifest=a.toml', '--allow', 'allow'])('the report takes no %s', async (argument) => {
    const { status, stdout, stderr } = await tryLane(lane, [argument], { cwd });
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^[a-z-]+: [^\n]+\n$/);
  });
}
