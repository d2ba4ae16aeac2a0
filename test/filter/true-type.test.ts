import { describe, expect, it } from 'vitest';
import { tricksOf } from '../../src/filter/name-tricks.ts';
import { detect } from '../../src/filter/true-type.ts';
import { attached, text, zip } from './archives.ts';
import { inspect } from './inspected.ts';

describe('what bytes truly are', () => {
  const cases: readonly { readonly head: string; readonly type: string }[] = [
    { head: `MZ\x90\0\x03${'\0'.repeat(60)}`, type: 'executable application/vnd.microsoft.portable-executable' },
    { head: 'MZ is how this letter begins', type: 'text text/plain' },
    { head: '\x7fELF\x02', type: 'executable application/x-elf' },
    { head: 'L\0\0\0\x01\x14\x02\0', type: 'shortcut application/x-ms-shortcut' },
    { head: '[InternetShortcut]\r\nURL=', type: 'shortcut application/x-mswinurl' },
    { head: '#!/bin/sh', type: 'script text/x-script' },
    { head: '@echo off', type: 'script text/x-script' },
    { head: '<html><hta:application id=x>', type: 'script text/x-script' },
    { head: '<?xml version="1.0"?>\n<job>', type: 'script text/x-script' },
    { head: '7z\xbc\xaf\x27\x1c', type: 'archive application/x-7z-compressed' },
    { head: 'junk\n%PDF-1.7', type: 'pdf application/pdf' },
    { head: '\x89PNG\r\n\x1a\n', type: 'image image/png' },
    { head: '<?xml version="1.0"?><!-- x --><svg xmlns="x">', type: 'image image/svg+xml' },
    { head: '\xef\xbb\xbf <!-- x --><!DOCTYPE html>', type: 'html text/html' },
    { head: '\xff\xfe<\0h\0t\0m\0l\0>\0', type: 'html text/html' },
    { head: 'Received: x\r\n\tby y\r\nFrom: z', type: 'message message/rfc822' },
    { head: '{\\rtf1', type: 'text application/rtf' },
    { head: 'gr\xfc\xdfe', type: 'text text/plain' },
    { head: '\x01\x02\x03', type: 'unknown ' },
    { head: '', type: 'unknown ' },
  ];
  it.each(cases)('$head: $type', ({ head, type }) => {
    const detected = detect(text(head));
    expect(`${detected.type} ${detected.mime ?? ''}`).toBe(type);
  });

  const containers: readonly { readonly entry: string; readonly type: string }[] = [
    { entry: '[Content_Types].xml', type: 'ooxml' },
    { entry: 'content.xml', type: 'odf' },
    { entry: 'META-INF/MANIFEST.MF', type: 'executable' },
    { entry: 'readme', type: 'archive' },
  ];
  it.each(containers)('a zip with $entry: $type', ({ entry, type }) => {
    expect(inspect(attached('a', zip({ [entry]: text('x') }))).parts[0]?.trueType).toBe(type);
  });

  it('a disk image is known by its sixteenth sector', () => {
    const image = Buffer.alloc(40_000);
    image.write('CD001', 32_769, 'latin1');
    expect(inspect(attached('a.txt', image)).parts[0]?.trueType).toBe('disk-image');
  });
});

describe('tricks with names', () => {
  const cases: readonly { readonly name: string; readonly tricks: readonly string[] }[] = [
    { name: 'report.pdf', tricks: [] },
    { name: 'backup.tar.gz', tricks: [] },
    { name: 'setup.v2.exe', tricks: [] },
    { name: 'invoice.pdf.exe', tricks: ['double-extension'] },
    { name: 'scan.JPG .scr', tricks: ['double-extension'] },
    { name: 'annual\u202efdp.exe', tricks: ['direction-override'] },
    { name: '\u05d3\u05d5\u05d7\u200f.pdf', tricks: [] },
    { name: `photo.jpg${' '.repeat(80)}.exe`, tricks: ['double-extension', 'padded'] },
    { name: `notes${'\u2800'.repeat(9)}.exe`, tricks: ['padded'] },
    { name: 'p\u0430yment.pdf', tricks: ['look-alike-letters'] },
    { name: 'договор.pdf', tricks: [] },
    { name: 'file\u2024exe', tricks: ['look-alike-letters'] },
    { name: 'run.exe.', tricks: ['trailing-dot-or-space'] },
    { name: 'run.exe ', tricks: ['trailing-dot-or-space'] },
  ];
  it.each(cases)('$name: $tricks', ({ name, tricks }) => {
    expect(tricksOf(name)).toEqual(tricks);
  });

  it('are seen in the name as it was sent, and in the names within an archive', () => {
    expect(inspect(attached('a\u202efdp.exe', text('x'))).parts[0]?.tricks).toEqual(['direction-override']);
    expect(inspect(attached('a.zip', zip({ 'b.pdf.exe': text('x') }))).parts[0]?.tricks).toEqual(['double-extension']);
  });
});
