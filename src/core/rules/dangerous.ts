/** What runs when it is opened: by content, or by a name that Windows, macOS or a desktop treats as a program. Pure names, no bytes. */
import type { ArchiveEntry, ArchiveFacts, PartFacts, TrueType } from '../message-facts.ts';

const RUNS: ReadonlySet<TrueType> = new Set(['executable', 'script', 'shortcut', 'disk-image']);

// Microsoft's "Blocked attachments in Outlook" (level 1), less what is only data here (.mdb, .crt), and what has been abused since:
// disk images (contents escape the mark of the web), OneNote, XLL, and the program formats of macOS and Linux.
const EXTENSIONS: ReadonlySet<string> = new Set(
  `ade adp appcontent-ms application appref-ms appx appxbundle bas bat cab chm cmd com command cpl deb desktop diagcab dll dmg exe fxp gadget
  grp hlp hpj hta img inf ins iso isp its jar jnlp js jse ksh lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdt mdw mdz mhtml msc
  msh msh1 msh2 mshxml msh1xml msh2xml msi msix msixbundle msp mst msu ops one osd pcd pif pkg pl plg prf prg printerexport ps1 ps1xml ps2
  ps2xml psc1 psc2 psd1 psdm1 pst py pyc pyo pyw pyz pyzw reg rpm run scf scr scpt sct search-ms settingcontent-ms sh shb shs sys theme tmp
  udl url vb vbe vbp vbs vbscript vhd vhdx vxd webpnp website workflow ws wsb wsc wsf wsh xbap xll xnk`.split(/\s+/),
);

// Claimed sizes of a log of zeros reach 1,000 to 1 and harm nobody; what fills a disk is large as well.
const BOMB_RATIO = 100;
const BOMB_BYTES = 100 * 1024 ** 2;

/** The name of what runs, or undefined. */
export function dangerousName(part: PartFacts): string | undefined {
  const name = part.fileName ?? part.path;
  if (RUNS.has(part.trueType) || runsByName(part.fileName ?? '')) return name;
  const entry = part.archive?.entries.find((one) => RUNS.has(one.trueType ?? 'unknown') || runsByName(one.name));
  return entry === undefined ? undefined : `${entry.name} in ${name}`;
}

export function runsByName(name: string): boolean {
  const bare = withoutEnd(name.toLowerCase());
  return EXTENSIONS.has(bare.slice(bare.lastIndexOf('.') + 1)) && bare.includes('.');
}

/** Windows drops dots and spaces at the end, so "a.exe. ." runs. A loop: a pattern for the end of a run of dots is quadratic. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && '. '.includes(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end);
}

export function isBomb(archive: ArchiveFacts): boolean {
  return archive.ratio >= BOMB_RATIO && claimedBytes(archive.entries) >= BOMB_BYTES;
}

function claimedBytes(entries: readonly ArchiveEntry[]): number {
  return entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
