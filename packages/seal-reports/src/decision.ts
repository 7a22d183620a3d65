// SPDX-License-Identifier: Apache-2.0
import { READINESS_CLAIMS } from '@latticra/evidence-format';

/**
 * The fields of every report, whatever was asked: everything is denied, nothing is done, and a person has to look.
 * The literal types make another value a compile error where a report is built.
 */
export const DENIAL = {
  default_action_deny: 1,
  would_allow: 0,
  would_deny: 1,
  would_require_operator_review: 1,
  would_execute_tool: 0,
  would_read_host: 0,
  would_write_host: 0,
  would_use_network: 0,
  would_grant_runtime_authority: 0,
  unknown_tool_denied: 1,
  unsigned_request_denied: 1,
  invalid_schema_denied: 1,
  stale_request_denied: 1,
  replayed_request_denied: 1,
  invalid_signature_denied: 1,
  report_only: 1,
  mode: 'report-only',
  ...READINESS_CLAIMS,
} as const;

/** The section of the authority that a report does not use. */
export const AUTHORITY_NOT_USED = {
  network_authority: 0,
  root_authority: 0,
  runtime_enforcement_authority: 0,
} as const;
