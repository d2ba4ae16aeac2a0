/**
 * One line of a mail log, a bounce or a queue listing: what the peer said, or what the sender says happened. Logs wrap a reply in
 * words of their own; only a reply at the start of the line or behind the words that introduce one is taken for it.
 */

import type { Stage } from './outcome.ts';
import type { Said } from './outcome-class.ts';

// `smtp; 550 …`, `Diagnostic-Code: smtp;550 …`, `(421, b'4.7.0 …')`, `<452 …>`
const AT_START = /^(?:diagnostic-code:)?\s*(?:(?:x-)?[a-z]+\s?;)?[\s"'<([]*([2-5]\d\d)(?![\d.])[-,\s]*(.*)$/is;
// An enhanced code alone, as delivery reports have it in their Status field.
const STATUS_AT_START = /^(?:status:)?\s*[#"'<([]*([45]\.\d{1,3}\.\d{1,3})(?![\d.])[\s:;)-]*(.*)$/is;
// Postfix: "host x said: 450 …"; Exim: "SMTP error from remote mail server after RCPT TO:<a>: 550 …"; Exchange: "Remote Server returned
// '550 …'", "responded with: "421 …", "LED=450 …"; qmail: "Remote host said: 550 …"; nodemailer: "Message failed: 451 …"; Sendmail: "Deferred: 450 …"
const INTRODUCED =
  /(?:\bsaid|\bsays|\breturned|\bresponded with|\bresponse|\brepl(?:y|ied)|\banswered|\bfailed|\brejected|\binvalid (?:login|greeting(?: from server)?)|\berror|\bdeferred|\bstat|\bLED|\brefused to talk to me|\bafter (?:initial connection|MAIL FROM:?\S*|RCPT TO:?\S*|DATA|end of data|EHLO \S*|HELO \S*|STARTTLS|AUTH \S*|QUIT)):?(?:\s*host \S+ \[\S+\]:)?\s*[:=]?\s*(?:b?["'<([]\s*)*([2-5]\d\d)[- ,]\s*(?=\S*[A-Za-z<#.])(.*)$/is;
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

export function readLine(line: string): Said {
  const stage = STAGES.find(([words]) => words.test(line))?.[1];
  return { ...readCodes(line.trim()), ...(stage === undefined ? {} : { stage }) };
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
