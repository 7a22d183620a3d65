#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
process.exitCode = require('../dist/main.cjs').runGuard('test-seabios-grub-boot-preview-evidence-template');
