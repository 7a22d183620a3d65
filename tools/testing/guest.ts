// SPDX-License-Identifier: Apache-2.0
/**
 * The smallest guests that a virtual machine can run, for tests of what runs them: each writes a text to COM1 by
 * polling, then ends in the way that was asked for.
 */

/** How a guest ends: 0x31 to isa-debug-exit (exit code 0x63), ACPI power-off, triple fault, reset, idle, text without end. */
export type GuestEnd = 'exit' | 'power-off' | 'triple-fault' | 'reset' | 'hang' | 'flood';

/** What QEMU's exit code is after `exit`: `(0x31 << 1) | 1`. */
export const GUEST_EXIT_CODE = 0x63;

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

const ENDS: Record<GuestEnd, string> = {
  exit: 'b031 e6f4', // mov al,31h; out 0f4h,al
  'power-off': 'ba0406 b80020 ef', // mov dx,604h; mov ax,2000h; out dx,ax
  'triple-fault': '0f011e0005 cc', // lidt [500h] (zeros: no entry fits); int3
  reset: 'baf90c b006 ee', // mov dx,0cf9h; mov al,6; out dx,al
  hang: '',
  flood: 'e9d5ff', // jmp to the first instruction
};

/**
 * Makes a disk of 1 MiB with a boot sector that runs at 0000:7c00; the word at `textAt` is made the address of
 * the text.
 */
function bootDisk(code: Uint8Array, textAt: number, text: string): Uint8Array {
  new DataView(code.buffer).setUint16(textAt, 0x7c00 + code.length, true);
  const disk = new Uint8Array(1 << 20);
  disk.set(concat(code, Buffer.from(`${text}\0`, 'latin1')));
  disk.set([0x55, 0xaa], 510);
  return disk;
}

/** What writes the boot sector to the block behind it; a disk that refuses is where the guest stays. */
const WRITE = concat(
  hex('31c0 8ed8 8ec0 bb007c'), // xor ax,ax; mov ds,ax; mov es,ax; mov bx,7c00h
  hex('b80103 b90200 ba8000 cd13'), // mov ax,301h (write one); mov cx,2 (block 1); mov dx,80h (the disk); int 13h
  hex('7304 fa f4 ebfd'), // jnc on; cli; idle: hlt; jmp idle
);

/** Makes a disk whose boot sector writes the text to COM1; `writes`: after it wrote to its disk. */
export function biosGuest(text: string, end: GuestEnd = 'exit', writes = false): Uint8Array {
  const first = writes ? WRITE : new Uint8Array();
  const code = concat(
    first,
    hex('fa 31c0 8ed8 be0000'), // cli; xor ax,ax; mov ds,ax; mov si,text
    hex('ac 84c0 7412 88c4'), // next: lodsb; test al,al; jz end; mov ah,al
    hex('bafd03 ec a820 74fb'), // mov dx,3fdh; wait: in al,dx; test al,20h; jz wait
    hex('88e0 baf803 ee ebe9'), // mov al,ah; mov dx,3f8h; out dx,al; jmp next
    hex(ENDS[end]),
    hex('fa f4 ebfd'), // cli; idle: hlt; jmp idle
  );
  return bootDisk(code, first.length + 6, text);
}

/** Makes a disk whose boot sector writes the text to the screen alone, through the BIOS, and ends by isa-debug-exit. */
export function screenGuest(text: string): Uint8Array {
  const code = concat(
    hex('31c0 8ed8 be0000 fc'), // xor ax,ax; mov ds,ax; mov si,text; cld
    hex('ac 84c0 7409 b40e bb0700 cd10 ebf2'), // next: lodsb; test al,al; jz end; teletype output; jmp next
    hex(ENDS.exit),
    hex('fa f4 ebfd'),
  );
  return bootDisk(code, 5, text);
}

/** Makes a Multiboot 1 kernel (ELF32, one segment at 1 MiB) that also puts a G into the corner of the text screen. */
export function multibootGuest(text: string, end: 'exit' | 'hang' | 'flood' = 'exit'): Uint8Array {
  const base = 0x100000;
  const headers = 84; // of the ELF file and its one segment
  const code = concat(
    hex('02b0ad1b 00000000 fe4f52e4'), // Multiboot header: magic, no flags, checksum
    hex('fa be00000000 fc'), // cli; mov esi,text; cld
    hex('ac 84c0 7414 88c4'), // the same loop in 32-bit mode
    hex('66bafd03 ec a820 74fb'),
    hex('88e0 66baf803 ee ebe7'),
    hex('c60500800b0047'), // mov byte [b8000h],'G'
    hex({ exit: 'b031 e6f4', hang: '', flood: 'e9d4ffffff' }[end]),
    hex('f4 ebfd'),
  );
  const file = concat(new Uint8Array(headers), code, Buffer.from(`${text}\0`, 'latin1'));
  const view = new DataView(file.buffer);
  view.setUint32(headers + 14, base + headers + code.length, true);
  file.set(hex('7f454c46 010101'), 0); // ELF, 32-bit, little-endian
  view.setUint32(16, 0x0003_0002, true); // executable for i386
  [1, base + headers + 12, 52, 0, 0].forEach((value, index) => {
    view.setUint32(20 + 4 * index, value, true); // version, entry, program headers, no sections, flags
  });
  view.setUint32(40, 0x0020_0034, true); // sizes of header and program header
  view.setUint32(44, 0x0028_0001, true); // one of them; size of a section header
  [1, 0, base, base, file.length, file.length, 7, 0x1000].forEach((value, index) => {
    view.setUint32(52 + 4 * index, value, true); // load all of the file at 1 MiB
  });
  return file;
}

/** Makes a UEFI application (PE32+, one section) for `\EFI\BOOT\BOOTX64.EFI`; it ends by isa-debug-exit. */
export function uefiGuest(text: string): Uint8Array {
  const code = concat(
    hex('fa 488d3521000000 fc'), // cli; lea rsi,[rip+text]; cld
    hex('ac 84c0 7414 88c4'), // the same loop in 64-bit mode
    hex('66bafd03 ec a820 74fb'),
    hex('88e0 66baf803 ee ebe7'),
    hex('b031 e6f4 f4 ebfd'),
    Buffer.from(`${text}\0`, 'latin1'),
  );
  const file = new Uint8Array(0x200 + Math.ceil(code.length / 0x200) * 0x200);
  const view = new DataView(file.buffer);
  const put16 = (at: number, ...values: number[]) =>
    values.forEach((value, index) => {
      view.setUint16(at + 2 * index, value, true);
    });
  const put32 = (at: number, ...values: number[]) =>
    values.forEach((value, index) => {
      view.setUint32(at + 4 * index, value, true);
    });
  put16(0, 0x5a4d); // MZ
  put32(0x3c, 0x40); // the PE header follows
  put32(0x40, 0x4550); // PE
  put16(0x44, 0x8664, 1); // x86-64, one section
  put16(0x54, 0xf0, 0x0022); // optional header size; executable, large addresses
  put16(0x58, 0x20b); // PE32+
  put32(0x5c, file.length - 0x200, 0, 0, 0x1000, 0x1000); // code size, data, bss, entry, code base
  put32(0x78, 0x1000, 0x200); // section and file alignment
  put32(0x90, 0x2000, 0x200); // image and header size
  put16(0x9c, 10); // EFI application
  put32(0xc4, 16); // data directories, all empty
  file.set(Buffer.from('.text'), 0x148);
  put32(0x150, code.length, 0x1000, file.length - 0x200, 0x200); // sizes and places in memory and file
  put32(0x16c, 0x60000020); // code, execute, read
  file.set(code, 0x200);
  return file;
}
