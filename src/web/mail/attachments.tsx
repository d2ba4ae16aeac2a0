import { FileIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { counted, fileSize } from '../shared/format.ts';
import { attachmentPath, type Message } from './api.ts';

export function Attachments({ message }: { readonly message: Message }): ReactElement | null {
  const { attachments, id } = message;
  if (attachments.length === 0) return null;
  return (
    <section aria-label={counted(attachments.length, 'attachment')}>
      <ul className="flex flex-wrap gap-2">
        {attachments.map((attachment) => (
          <li key={attachment.index} className="max-w-full">
            <a
              href={attachmentPath(id, attachment.index)}
              download={attachment.fileName}
              className="flex min-h-11 max-w-full items-center gap-2.5 rounded-lg border border-kumo-line px-3 py-1.5 hover:bg-kumo-tint"
            >
              <FileIcon size={20} weight="duotone" aria-hidden className="shrink-0 text-(--bw-mark)" />
              <span className="sr-only">Download </span>
              <span className="min-w-0 truncate">
                {attachment.fileName === '' ? 'Attachment without a name' : attachment.fileName}
              </span>
              <span className="shrink-0 text-sm">{fileSize(attachment.sizeBytes)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
