# SPDX-License-Identifier: Apache-2.0
#
# The boot seed's kernel: says on COM1 and on the screen that it runs, and ends the virtual machine.
#
# The ELF file is written out byte for byte here, headers included, and linked as one flat piece. So its
# bytes depend on nothing but the encoding of instructions, and every recent binutils makes the same file.
#
# Multiboot 0.6.96 section 3, Multiboot 2.0 section 3; ELF: System V ABI, chapter 4.

.include "serial.S"

.set LOAD_ADDRESS, 0x100000     # also given to the linker
.set EXIT_OK, 0x10              # QEMU exits with 33
.set STACK_SIZE, 4096

.set MULTIBOOT1_HEADER, 0x1badb002
.set MULTIBOOT1_ENTRY, 0x2badb002
.set MULTIBOOT2_HEADER, 0xe85250d6
.set MULTIBOOT2_ENTRY, 0x36d76289

.text
.code32

# --- ELF header -------------------------------------------------------------------------------------
file_start:
    .byte   0x7f, 'E', 'L', 'F', 1, 1, 1, 0     # 32 bits, little endian, System V
    .fill   8, 1, 0
    .short  2, 3                                # executable, 80386
    .long   1, entry
    .long   program_headers - file_start, section_headers - file_start
    .long   0
    .short  52, 32, 2, 40, (section_headers_end - section_headers) / 40, 4

program_headers:
    # One segment holds the whole file and, past its end, the stack.
    .long   1, 0, LOAD_ADDRESS, LOAD_ADDRESS, file_end - file_start, memory_end - file_start, 7, 0x1000
    .long   0x6474e551, 0, 0, 0, 0, 0, 6, 16    # PT_GNU_STACK: nobody executes it

    .balign 8
multiboot1_header:
    .long   MULTIBOOT1_HEADER, 0, -MULTIBOOT1_HEADER

    .balign 8
multiboot2_header:
    .long   MULTIBOOT2_HEADER, 0, multiboot2_header_end - multiboot2_header
    .long   -(MULTIBOOT2_HEADER + 0 + (multiboot2_header_end - multiboot2_header))
    .short  0, 0                                # the end tag; the seed asks for nothing
    .long   8
multiboot2_header_end:

    error   not_multiboot, 0x11, "LATTICRA_BOOT_SEED_ERROR not entered through Multiboot\r\n"
sentinel:
    .asciz  "\r\nLATTICRA_BOOT_SEED_OK\r\nLATTICRA_BUILD_ID "
line_end:
    .asciz  "\r\n"

# The line for the screen, as indices into the font, so that both ways of drawing share it.
.set MESSAGE_LENGTH, 21
message:
    .byte   1, 2, 3, 3, 4, 5, 6, 2, 0, 7, 8, 8, 3, 0, 9, 10, 10, 11, 0, 8, 12
letters:
    .ascii  " LATICRBOSEDK"

# 8 by 8 pixels a letter, top row first, the leftmost pixel in the highest bit.
font:
    .byte   0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00      # space
    .byte   0x60, 0x60, 0x60, 0x60, 0x60, 0x60, 0x7e, 0x00      # L
    .byte   0x18, 0x3c, 0x66, 0x66, 0x7e, 0x66, 0x66, 0x00      # A
    .byte   0x7e, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x00      # T
    .byte   0x3c, 0x18, 0x18, 0x18, 0x18, 0x18, 0x3c, 0x00      # I
    .byte   0x3c, 0x66, 0x60, 0x60, 0x60, 0x66, 0x3c, 0x00      # C
    .byte   0x7c, 0x66, 0x66, 0x7c, 0x78, 0x6c, 0x66, 0x00      # R
    .byte   0x7c, 0x66, 0x66, 0x7c, 0x66, 0x66, 0x7c, 0x00      # B
    .byte   0x3c, 0x66, 0x66, 0x66, 0x66, 0x66, 0x3c, 0x00      # O
    .byte   0x3c, 0x66, 0x60, 0x3c, 0x06, 0x66, 0x3c, 0x00      # S
    .byte   0x7e, 0x60, 0x60, 0x7c, 0x60, 0x60, 0x7e, 0x00      # E
    .byte   0x78, 0x6c, 0x66, 0x66, 0x66, 0x6c, 0x78, 0x00      # D
    .byte   0x66, 0x6c, 0x78, 0x70, 0x78, 0x6c, 0x66, 0x00      # K

# --- entry: eax says which Multiboot, ebx points to what the loader tells us ---------------------------
entry:
    cli
    cld
    mov     $stack_top, %esp
    mov     %eax, %edi
    call    serial_init32
    cmp     $MULTIBOOT1_ENTRY, %edi
    je      entered_by_1
    cmp     $MULTIBOOT2_ENTRY, %edi
    je      entered_by_2
    mov     $error_not_multiboot, %esi
    call    serial_write32
    mov     $exit_not_multiboot, %bl
    jmp     leave_machine32

entered_by_1:
    # Multiboot 1 promises text mode to a kernel that asked for no video mode.
    mov     $0xb8000, %edi
    mov     $80 * 25, %ecx
    call    show_text
    jmp     report

entered_by_2:
    call    show_by_tag

report:
    mov     $sentinel, %esi
    call    serial_write32
    mov     $build_id, %esi
    call    serial_write32
    mov     $line_end, %esi
    call    serial_write32
    mov     $EXIT_OK, %bl
    jmp     leave_machine32

# --- the screen -------------------------------------------------------------------------------------
# Looks for the framebuffer tag (8) in the information at ebx and writes the line there. A machine without
# a screen has no such tag, and is none the worse for it.
show_by_tag:
    mov     (%ebx), %edx
    add     %ebx, %edx                  # where the tags end
    lea     8(%ebx), %esi
.Ltag:
    lea     8(%esi), %eax
    cmp     %edx, %eax
    ja      .Lno_tag
    cmpl    $8, (%esi)
    je      .Lframebuffer
    cmpl    $0, (%esi)
    je      .Lno_tag
    mov     4(%esi), %eax
    cmp     $8, %eax
    jb      .Lno_tag
    add     $7, %eax
    and     $~7, %eax
    add     %eax, %esi
    jmp     .Ltag
.Lframebuffer:
    cmpl    $0, 12(%esi)                # beyond what 32 bits reach
    jne     .Lno_tag
    mov     8(%esi), %edi
    cmpb    $2, 29(%esi)
    je      .Ltext
    cmpb    $1, 29(%esi)
    jne     .Lno_tag
    cmpb    $32, 28(%esi)
    jne     .Lno_tag
    cmpl    $16 * (MESSAGE_LENGTH + 2), 20(%esi)
    jb      .Lno_tag
    cmpl    $16 * 3, 24(%esi)
    jb      .Lno_tag
    jmp     show_pixels
.Ltext:
    mov     20(%esi), %ecx
    imul    24(%esi), %ecx
    cmp     $MESSAGE_LENGTH, %ecx
    jae     show_text
.Lno_tag:
    ret

# Clears ecx characters of the text screen at edi and writes the line at its start, grey on black.
show_text:
    push    %edi
    mov     $0x0720, %ax
    rep stosw
    pop     %edi
    xor     %ecx, %ecx
.Lcharacter:
    movzbl  message(%ecx), %eax
    mov     letters(%eax), %al
    mov     %al, (%edi, %ecx, 2)
    inc     %ecx
    cmp     $MESSAGE_LENGTH, %ecx
    jb      .Lcharacter
    ret

# Draws the line at twice its size near the upper left corner of the framebuffer that the tag at esi
# describes and edi points to. White and black look the same in every order of the colours.
show_pixels:
    mov     16(%esi), %ebx              # bytes a row
    mov     %ebx, %eax
    shl     $4, %eax
    lea     64(%edi, %eax), %edi        # 16 pixels down, 16 to the right
    xor     %edx, %edx                  # dl: the row of the letters, in half pixels
.Lrow:
    push    %edi
    xor     %ecx, %ecx                  # which letter of the line
.Lletter:
    movzbl  message(%ecx), %eax
    mov     %edx, %esi
    shr     $1, %esi
    movzbl  font(%esi, %eax, 8), %esi
    shl     $24, %esi
    push    %ecx
    mov     $8, %ecx
.Lpixel:
    shl     $1, %esi
    sbb     %eax, %eax                  # all ones where the bit was set
    and     $0x00ffffff, %eax
    stosl
    stosl
    loop    .Lpixel
    pop     %ecx
    inc     %ecx
    cmp     $MESSAGE_LENGTH, %ecx
    jb      .Lletter
    pop     %edi
    add     %ebx, %edi
    inc     %edx
    cmp     $16, %edx
    jb      .Lrow
    ret

    serial_routines 32

# --- the build id: a slot of fixed size that the builder fills in, found by its magic ----------------------
    .balign 16
build_id_section:
    .ascii  "LATTICRA BUILDID"
build_id:
    .ascii  "unset"
    .fill   112 - (. - build_id), 1, 0
build_id_section_end:

# --- section headers, for readelf and other readers; no loader looks at them ---------------------------
section_names:
    .byte   0
name_text:
    .asciz  ".text"
name_build_id:
    .asciz  ".latticra.build_id"
name_bss:
    .asciz  ".bss"
name_names:
    .asciz  ".shstrtab"
section_names_end:

    .balign 4
section_headers:
    .fill   10, 4, 0
    .long   name_text - section_names, 1, 7, multiboot1_header, multiboot1_header - file_start
    .long   build_id_section - multiboot1_header, 0, 0, 8, 0
    .long   name_build_id - section_names, 1, 3, build_id_section, build_id_section - file_start
    .long   build_id_section_end - build_id_section, 0, 0, 16, 0
    .long   name_bss - section_names, 8, 3, file_end, file_end - file_start
    .long   memory_end - file_end, 0, 0, 4, 0
    .long   name_names - section_names, 3, 0, 0, section_names - file_start
    .long   section_names_end - section_names, 0, 0, 1, 0
section_headers_end:

file_end:
.set memory_end, ((file_end - file_start + 15) & ~15) + STACK_SIZE + file_start
.set stack_top, memory_end
