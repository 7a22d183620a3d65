// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SEED, propertyParameters } from './property-parameters.js';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs the properties that fail on purpose and returns what was reported of each, by title. */
function reports(seed: string): Record<string, string> {
  const config = join(import.meta.dirname, 'failing-properties/vitest.config.ts');
  const { stdout } = spawnSync(process.execPath, [vitest, 'run', '--config', config, '--reporter', 'json'], {
    env: { ...process.env, FC_SEED: seed, VITEST: undefined, VITEST_POOL_ID: undefined },
    encoding: 'utf8',
  });
  const { testResults } = JSON.parse(stdout) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return Object.fromEntries(tests.map(({ title, failureMessages }) => [title, failureMessages.join('\n')]));
}

describe('a property that fails', () => {
  it('a failing property is reported with its seed, path and counterexample before its time is over', () => {
    const told = reports('12345');
    expect(told['the property is wrong']).toMatch(
      /seed: 12345, path: "[\d:]+"[\s\S]*Counterexample: \[1000\]/,
    );
    expect(told['the property hangs']).toMatch(
      /seed: 12345, path: "[\d:]+"[\s\S]*Counterexample: \[\d{4,}\]/,
    );
    expect(told['the property has cases without end']).toMatch(
      /Property interrupted after \d+ tests\n\{ seed: 12345 \}/,
    );
    expect(told['the property shrinks without end']).toMatch(
      /seed: 12345, path: "[\d:]+"[\s\S]*Counterexample: \[\[\d/,
    );
    expect(Object.values(told).join('\n')).not.toContain('Test timed out');
  });
});

describe('the seed', () => {
  const seeds = (choice: string | undefined) => propertyParameters(choice, 60_000).seed;

  it('the seed is what FC_SEED says, and always the same without', () => {
    expect(['7', '-2147483648', '', undefined].map(seeds)).toEqual([
      7,
      -2147483648,
      DEFAULT_SEED,
      DEFAULT_SEED,
    ]);
    expect(seeds('random')).toBeUndefined();
    expect(fc.readConfigureGlobal()).toEqual(propertyParameters(process.env.FC_SEED, 60_000));
  });

  it.each(['2147483648', '1.5', 'x', 'Random', ' 1'])('the seed %j is refused', (choice) => {
    expect(() => propertyParameters(choice, 60_000)).toThrow('FC_SEED: expected');
  });
});

it('a property has no limit of time where its test has none', () => {
  expect([0, Number.POSITIVE_INFINITY].map((limit) => propertyParameters('1', limit))).toEqual([
    { seed: 1 },
    { seed: 1 },
  ]);
});
