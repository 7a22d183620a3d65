// SPDX-License-Identifier: Apache-2.0
/**
 * No test asks a network for anything. Where a machine names certificates of its own, each of some thousand processes of Node
 * that a run starts would read them all the same: two thirds of what a start takes.
 */

const VARIABLE = 'NODE_EXTRA_CA_CERTS';

/** Takes the variable out of what a run and its processes see, for vitest's `globalSetup`. Returns what puts it back. */
export default function setUp(): () => void {
  const { [VARIABLE]: named } = process.env;
  delete process.env[VARIABLE];
  return () => {
    if (named !== undefined) process.env[VARIABLE] = named;
  };
}
