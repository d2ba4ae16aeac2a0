/** Where files can be fetched: plain links, for the session's cookie is enough. Pure. */
import { base } from './api.ts';

export type MailFormat = 'mbox' | 'zip';
export type ReportFormat = 'json' | 'csv';

export function heldContentPath(id: string, messageId: string): string {
  return `${base(id)}/held/${encodeURIComponent(messageId)}/content`;
}

export function outageReportPath(id: string, outageId: string, format: ReportFormat): string {
  return `${base(id)}/outages/${encodeURIComponent(outageId)}/report?format=${format}`;
}

export type OutageMail = { readonly outageId: string; readonly format: MailFormat; readonly quarantined: 'yes' | 'no' };

export function outageExportPath(id: string, { outageId, format, quarantined }: OutageMail): string {
  const also = quarantined === 'yes' ? '&quarantined=yes' : '';
  return `${base(id)}/outages/${encodeURIComponent(outageId)}/export?format=${format}${also}`;
}

/** `address` empty: the box of those whom nobody has entered */
export function mailboxExportPath(id: string, address: string, format: MailFormat): string {
  const box = address === '' ? 'unclaimed' : encodeURIComponent(address);
  return `${base(id)}/mailboxes/${box}/export?format=${format}`;
}
