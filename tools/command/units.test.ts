// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { unitOf } from './units.js';

it.each([
  ['packages/manifest/src/artifact/validate.ts', 'unit-manifest-artifact'],
  ['packages/manifest/src/inspected.ts', 'unit-manifest'],
  ['packages/manifest/src/fixture/guard.ts', 'unit-guard'],
  ['packages/held-files/src/read.ts', 'unit-guard'],
  ['packages/held-files/src/anchor/open.ts', 'unit-held-files-anchor'],
  ['packages/lane/src/run.ts', 'unit-kernel'],
  ['packages/toolchain/src/program.ts', 'unit-kernel'],
  ['packages/toolchain/src/image-tools.ts', 'unit-toolchain'],
  ['packages/disk-image/src/fat/table.ts', 'unit-disk-image'],
  ['packages/seal-integrity/src/scope/walk/deep.ts', 'unit-seal-integrity-scope'],
  ['node_modules/.pnpm/smol-toml@1.9.1/node_modules/smol-toml/dist/date.js', 'unit-smol-toml'],
  ['node_modules/@scope/name/index.js', 'unit--scope-name'],
  ['apps/seal/src/lane.ts', undefined],
])('the unit of %s is %s', (path, unit) => {
  expect(unitOf(`/work/${path}`)).toBe(unit);
});
