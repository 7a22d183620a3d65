// SPDX-License-Identifier: Apache-2.0
/** The versions of Node that the packages have to work with. */

/** Each major version that is supported; the workflow of CI has the same. */
export const SUPPORTED = ['20', '22', '24'];

/**
 * Lists the versions of Node to fetch: those that were asked for, and with `supported` each that is, but that which runs.
 * @param running as `process.version`
 */
export function versionsToRun({ node, supported }, running) {
  const [, major] = /^v(\d+)\./.exec(running) ?? [];
  const wanted = [...node, ...(supported ? SUPPORTED.filter((each) => each !== major) : [])];
  return [...new Set(wanted)];
}
