// SPDX-License-Identifier: Apache-2.0
/** Set up before every test file: its properties run from one seed, and report before their test's time is over. */
import fc from 'fast-check';
import { beforeEach } from 'vitest';
import { propertyParameters } from './property-parameters.js';

beforeEach(({ task }) => {
  fc.configureGlobal(propertyParameters(process.env.FC_SEED, task.timeout));
});
