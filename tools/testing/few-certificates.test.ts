// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it, vi } from 'vitest';
import setUp from './few-certificates.js';

afterEach(() => vi.unstubAllEnvs());

it('certificates that a machine names are out of sight of a run, and there again behind it', () => {
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '/etc/ssl/certs/of-the-machine.pem');
  const takeBack = setUp();
  expect(process.env).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
  takeBack();
  expect(process.env.NODE_EXTRA_CA_CERTS).toBe('/etc/ssl/certs/of-the-machine.pem');
});

it('a machine that names no certificates is left as it is', () => {
  vi.stubEnv('NODE_EXTRA_CA_CERTS', undefined);
  setUp()();
  expect(process.env).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
});
