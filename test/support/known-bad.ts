/** What every scanner knows for a test: put together here, so that no scanner of a developer's machine finds it in this file. */

/** https://www.eicar.org/download-anti-malware-testfile/ */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
/** https://spamassassin.apache.org/gtube/ */
export const GTUBE = ['XJS*C4JDBQADN1.NSBN3*2IDNEN*', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join('');

/** A message with an attachment, as `write` makes those without. */
export function writeWithFile(fileName: string, content: string): string {
  return [
    `Message-ID: <${crypto.randomUUID()}@world.example>`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'From: Sender <sender@world.example>',
    'To: anna@harbour.example',
    'Subject: The file',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain',
    '',
    'Here it is.',
    '--cut',
    `Content-Type: application/octet-stream; name="${fileName}"`,
    `Content-Disposition: attachment; filename="${fileName}"`,
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(content, 'latin1')
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '--cut--',
    '',
  ].join('\r\n');
}

export function holdsEicar(message: string): boolean {
  const encoded = message.replaceAll(/\s/g, '');
  return message.includes(EICAR) || encoded.includes(Buffer.from(EICAR, 'latin1').toString('base64'));
}
