// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundleWorker } from './bundle.js';
import type { Finding } from './engine/fuzz.js';
import { toolSeeds } from './tool-seeds.js';
import { runTargets, targetNames } from './watch.js';

/**
 * Fuzzes the targets that are named, or all, one after the other, and writes a row for each; findings go into
 * `artifacts/fuzz/<target>/`, each as the input and the stack. Returns the exit status: 1 where there are findings.
 */
export async function command(
  root: string,
  wanted: readonly string[],
  values: { readonly minutes: string; readonly runs: string; readonly seed: string },
): Promise<number> {
  const [minutes, runs, seed] = [values.minutes, values.runs, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  // Of its own, so that two runs at once do not change each other's.
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { script } = await bundleWorker(root, folder);
  const known = await targetNames(script);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined || !(minutes > 0 && runs > 0 && Number.isSafeInteger(seed))) {
    const reason = unknown === undefined ? 'expected numbers' : `${unknown}: no target`;
    process.stderr.write(`fuzz: ${reason}; see pnpm fuzz --help. Targets: ${known.join(' ')}\n`);
    return 64;
  }
  const seeds = toolSeeds();
  process.stdout.write(
    '| target | runs | minutes | branches | corpus | findings |\n| --- | --- | --- | --- | --- | --- |\n',
  );
  let status = 0;
  for (const target of wanted.length > 0 ? wanted : known) {
    const start = Date.now();
    const request = { targets: [target], seed, seeds, runs, limitMs: minutes * 60_000 };
    const [answer] = await runTargets(script, request);
    const took = ((Date.now() - start) / 60_000).toFixed(1);
    const { runs: done = 0, findings = [], branches = [], corpus = 0 } = answer ?? {};
    process.stdout.write(
      `| ${target} | ${done} | ${took} | ${branches.length} | ${corpus} | ${findings.length} |\n`,
    );
    for (const finding of findings) {
      status = 1;
      process.stderr.write(`${target}: ${finding.fault}\n  ${relative(root, keep(root, target, finding))}\n`);
    }
  }
  return status;
}

/** Writes a finding, and returns the path of its input. */
function keep(root: string, target: string, { fault, stack, bytes }: Finding): string {
  const folder = join(root, 'artifacts/fuzz', target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(fault).digest('hex').slice(0, 12));
  writeFileSync(path, bytes);
  writeFileSync(`${path}.txt`, `${fault}\n${stack}\n`);
  return path;
}
