// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { nxEnv } from './nx-env.mjs';

it('Nx starts no processes for plugins, unless somebody asked for them', () => {
  expect(nxEnv({ PATH: '/bin' })).toEqual({ PATH: '/bin', NX_ISOLATE_PLUGINS: 'false' });
  expect(nxEnv({ NX_ISOLATE_PLUGINS: 'true' })).toEqual({ NX_ISOLATE_PLUGINS: 'true' });
});
