// SPDX-License-Identifier: Apache-2.0
// The back end of a desktop tool that has a person write an image to a stick: one JSON request a line on stdin, one answer a line on
// stdout. It lists disks and says what to run; it opens no device and runs nothing, so it needs no privilege.
//   {"do":"list"}   {"do":"plan","iso":"os.iso","device":"/dev/sdb"}
import { createInterface } from 'node:readline';
import { Failure } from '@latticra/failure';
import { listDevices, planUsbWrite } from '@latticra/usb-cmd';

type Request =
  | { readonly do: 'list' }
  | { readonly do: 'plan'; readonly iso: string; readonly device: string };

async function answer(request: Request): Promise<unknown> {
  if (request.do === 'list') {
    const devices = await listDevices();
    return devices.map(({ path, vendor, model, sizeBytes, assessment }) => ({
      path,
      title: `${vendor} ${model}`.trim(),
      sizeBytes,
      blocked: assessment.reason ?? null,
    }));
  }
  const { ready, reason, nextStep, commands } = await planUsbWrite({
    isoPath: request.iso,
    devicePath: request.device,
    platform: 'linux',
  });
  return { ready, reason: reason ?? null, nextStep: nextStep ?? null, commands };
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ ok: await answer(JSON.parse(line)) }));
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof SyntaxError)) throw error;
    console.log(JSON.stringify({ error: error.message }));
  }
}
