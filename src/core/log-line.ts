/**
 * One line of a mail log, a bounce or a queue listing: what the peer said, or what the sender says happened. Logs wrap a reply in
 * words of their own; only a reply at the start of the line or behind the words that introduce one is taken for it.
 */

import type { Said } from './finding.ts';
import type { Stage } from './outcome.ts';

// `smtp; 550 …`, `Diagnostic-Code: smtp;550 …`, `(421, b'4.7.0 …')`, `<452 …>`
const AT_START = /^(?:diagnostic-code:)?\s*(?:(?:x-)?[a-z]+\s?;)?[\s"'<([]*([2-5]\d\d)(?![\d.])[-,\s]*(.*)$/is;
// An enhanced code alone, as delivery reports have it in their Status field.
const STATUS_AT_START = /^(?:status:)?\s*[#"'<([]*([45]\.\d{1,3}\.\d{1,3})(?![\d.])[\s:;)-]*(.*)$/is;
// The words that introduce a reply, by who writes them.
const INTRODUCTIONS: readonly string[] = [
  // Postfix, qmail: "host x said: 450 …", "Remote host said: 550 …", "refused to talk to me: 421 …"
  'said|says|refused to talk to me',
  // Exchange: "Remote Server returned '550 …'", "responded with: "421 …", "LED=450 …"
  'returned|responded with|LED',
  // nodemailer: "Message failed: 451 …", "Invalid login: 535 …", "all recipients were rejected: 550 …"
  'failed|rejected|invalid (?:login|greeting(?: from server)?)',
  // Sendmail: "Deferred: 450 …", "stat=450 …"
  'deferred|stat',
  'response|repl(?:y|ied)|answered|error',
  // Exim: "SMTP error from remote mail server after RCPT TO:<a>: 550 …", once with "host x [192.0.2.1]:" before the reply
  '(?:after (?:initial connection|(?:MAIL FROM|RCPT TO):?\\S*|DATA|end of data|(?:EHLO|HELO|AUTH) \\S*|STARTTLS|QUIT)):?(?: *host \\S+ \\[\\S+\\]:)?',
];
// A colon or a quote must stand between, so that "failed 451" is no reply; and words or an enhanced code must follow.
const INTRODUCED = new RegExp(
  `\\b(?:${INTRODUCTIONS.join('|')})(?:\\s*[:=]\\s*(?:b?["'<([])*|(?<=:)\\s*|\\s+["'<([]+)([2-5]\\d\\d)[- ,]\\s*(?=\\S*[A-Za-z<#.])(.*)$`,
  'is',
);
const ENHANCED = /^[\s"'b]*#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])[\s:;"'-]*(.*)$/is;
// qmail's HCMSSC in brackets at the end of its sentence; Postfix's dsn= field
const ENHANCED_ASIDE = /\(#([45]\.\d{1,3}\.\d{1,3})\)|\bdsn=([45]\.\d{1,3}\.\d{1,3})\b/;

const STAGES: readonly (readonly [RegExp, Stage])[] = [
  [/initial (?:server )?(?:greeting|connection)|greeting never/i, 'banner'],
  [/(?:in reply to|performing the|after) (?:the )?(?:EHLO|HELO)|helo command/i, 'ehlo'],
  [/(?:in reply to|after) STARTTLS/i, 'tls'],
  [/(?:in reply to|after) AUTH|invalid login/i, 'auth'],
  [/(?:in reply to|sending|after|to) (?:pipelined )?MAIL(?: FROM)?\b/i, 'mail'],
  [/(?:in reply to|sending|after|to) (?:pipelined )?RCPT(?: TO)?\b/i, 'rcpt'],
  [/end of (?:DATA|message)|end of data|sending message body/i, 'dot'],
  [/(?:in reply to|sending|after) (?:pipelined )?DATA\b/i, 'data'],
];

// A reply is 512 octets (RFC 5321 §4.5.3.1.5); a line many times that was made to keep us busy.
const MAX_LINE = 2000;

export function readLine(line: string): Said {
  const read = line.slice(0, MAX_LINE).trim();
  const stage = STAGES.find(([words]) => words.test(read))?.[1];
  return { ...readCodes(read), ...(stage === undefined ? {} : { stage }) };
}

function readCodes(line: string): Said {
  const [, code, said] = AT_START.exec(line) ?? INTRODUCED.exec(line) ?? [];
  if (code !== undefined && said !== undefined) return withEnhanced(Number(code), said);
  const [, status, text] = STATUS_AT_START.exec(line) ?? [];
  if (status !== undefined && text !== undefined) return { enhanced: status, text };
  const aside = enhancedAside(line);
  return { text: line, ...(aside === undefined ? {} : { enhanced: aside }) };
}

function withEnhanced(code: number, said: string): Said {
  const [, enhanced, text] = ENHANCED.exec(said) ?? [];
  if (enhanced !== undefined && text !== undefined) return { code, enhanced, text };
  const aside = enhancedAside(said);
  return { code, text: said, ...(aside === undefined ? {} : { enhanced: aside }) };
}

function enhancedAside(text: string): string | undefined {
  const [, bracketed, field] = ENHANCED_ASIDE.exec(text) ?? [];
  return bracketed ?? field;
}
