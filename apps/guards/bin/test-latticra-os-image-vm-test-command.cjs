#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
require('../dist/main.cjs')
  .runGuard('test-latticra-os-image-vm-test-command')
  .then((status) => process.exit(status));
