# SPDX-License-Identifier: Apache-2.0
#
# COM1 and the end of the virtual machine, for code of any width.
#
# The routines use al, ah, (e/r)cx, dx and (e/r)si and no stack beyond their return address, so one text
# serves real mode, 32-bit protected mode and long mode: `serial_routines 16` makes serial_init16 and so on.

.set COM1, 0x3f8
.set DEBUG_EXIT, 0xf4           # QEMU's isa-debug-exit; a port nobody answers on a real machine

.macro serial_out register, value
    mov     $COM1 + \register, %dx
    mov     $\value, %al
    out     %al, %dx
.endm

# Waits until the line status register shows all of \mask. Bounded: without a UART the port may read
# anything, and a machine without a serial line has to boot all the same.
.macro serial_wait mask
    mov     $COM1 + 5, %dx
    mov     $0xffff, %ecx
.Lwait\@:
    in      %dx, %al
    and     $\mask, %al
    cmp     $\mask, %al
    loopne  .Lwait\@
.endm

.macro serial_routines width
# 115200 baud, 8 data bits, no parity, one stop bit, FIFOs on, no interrupts.
serial_init\width:
    serial_out 1, 0x00
    serial_out 3, 0x80          # the divisor latch
    serial_out 0, 0x01          # 115200 / 1
    serial_out 1, 0x00
    serial_out 3, 0x03
    serial_out 2, 0xc7
    serial_out 4, 0x03          # data terminal ready, request to send
    ret

# Writes the NUL-terminated string at si/esi/rsi.
serial_write\width:
    lodsb
    test    %al, %al
    jz      .Lwritten\@
    mov     %al, %ah
    serial_wait 0x20            # room for one more byte
    mov     $COM1, %dx
    mov     %ah, %al
    out     %al, %dx
    jmp     serial_write\width
.Lwritten\@:
    ret

# Waits until the last bit has left (buffer and shift register empty), then ends the virtual machine with
# the value in bl: QEMU exits with (value << 1) | 1. Anything else has no such port and halts here.
leave_machine\width:
    serial_wait 0x60
    mov     $DEBUG_EXIT, %dx
    mov     %bl, %al
    out     %al, %dx
.Lhalt\@:
    cli
    hlt
    jmp     .Lhalt\@
.endm

# Names an error: the text of its line on COM1, and the value for isa-debug-exit.
.macro error name, value, text
    .set    exit_\name, \value
error_\name:
    .asciz  "\text"
.endm
