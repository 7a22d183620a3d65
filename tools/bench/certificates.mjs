// SPDX-License-Identifier: Apache-2.0
/**
 * Takes out of the environment, when it is loaded, the certificates that it names besides Node's own (`NODE_EXTRA_CA_CERTS`). Each start of Node would
 * read them, which may take longer than all the rest of it: every ratio to a start would look better, and every run of many starts worse, than where
 * nobody names any, as on most machines.
 */
const { NODE_EXTRA_CA_CERTS: named } = process.env;
delete process.env.NODE_EXTRA_CA_CERTS;

/** Returns the environment for what asks the network, as it was. */
export const networkEnvironment = () =>
  named === undefined ? process.env : { ...process.env, NODE_EXTRA_CA_CERTS: named };
