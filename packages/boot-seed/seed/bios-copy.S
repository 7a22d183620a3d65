# SPDX-License-Identifier: Apache-2.0
#
# How a BIOS loader brings a file to where real mode does not reach: left_to_read bytes from block next_block on,
# to copy_to on, through BOUNCE; the packet's address is that of BOUNCE. Reading begins at .Lread_on. The loader
# has copy_state among its data.

.macro copy_state
copy_to:
    .long   0
left_to_read:
    .long   0
next_block:
    .long   0
gdt_pointer:
    .short  gdt_end - gdt - 1
    .long   gdt
.endm

.Lread_on:
    mov     left_to_read, %ecx
    jecxz   .Lkernel_read
    cmp     $BOUNCE_SIZE, %ecx
    jbe     .Lpart
    mov     $BOUNCE_SIZE, %ecx
.Lpart:
    push    %ecx
    mov     next_block, %eax
    call    read_blocks
    pop     %ecx
    mov     copy_to, %edi
    sub     %ecx, left_to_read
    add     %ecx, copy_to
    addl    $BOUNCE_SIZE / 512, next_block
    call    copy_up
    jmp     .Lread_on
.Lkernel_read:
    ret

# Copies ecx bytes from BOUNCE to edi, which real mode does not reach: into protected mode and back. The
# firmware may leave protected mode's traces in the segment registers, so nothing is kept between calls.
copy_up:
    cli
    lgdt    gdt_pointer
    mov     %cr0, %eax
    or      $1, %al
    mov     %eax, %cr0
    ljmp    $CODE32, $.Lcopy
    .code32
.Lcopy:
    mov     $DATA32, %ax
    mov     %ax, %ds
    mov     %ax, %es
    mov     $BOUNCE, %esi
    mov     %ecx, %edx
    shr     $2, %ecx                    # an emulator takes as long for four bytes as for one
    rep movsl
    mov     %edx, %ecx
    and     $3, %ecx
    rep movsb
    ljmp    $CODE16, $.Lcopied
    .code16
.Lcopied:
    mov     $DATA16, %ax
    mov     %ax, %ds
    mov     %ax, %es
    mov     %cr0, %eax
    and     $0xfe, %al
    mov     %eax, %cr0
    ljmp    $0, $.Lreal_mode
.Lreal_mode:
    xor     %ax, %ax
    mov     %ax, %ds
    mov     %ax, %es
    sti
    ret
