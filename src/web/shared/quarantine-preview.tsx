/** A message in quarantine, looked at safely: nothing of it runs, loads or leads anywhere, and a file leaves only after a warning. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { DownloadSimpleIcon, FileTextIcon, ShieldWarningIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { fileSize } from './format.ts';
import { Notice } from './notice.tsx';
import { ProblemBelow } from './problem-below.tsx';
import type { QuarantinedContent } from './quarantine-shapes.ts';
import { senderWords, warningWords } from './quarantine-words.ts';
import { SafeFrame } from './safe-frame.tsx';
import { startDownload } from './start-download.ts';

/** Where its parts are fetched; `files` undefined: this person takes none out */
export type PreviewPaths = {
  readonly html: string;
  readonly files: { readonly attachment: (index: number) => string; readonly original: string } | undefined;
};

type PreviewProps = { readonly message: QuarantinedContent; readonly paths: PreviewPaths };

export function QuarantinePreview({ message, paths }: PreviewProps): ReactElement {
  const { text, hasHtml, notShown } = message;
  const [form, setForm] = useState<'text' | 'html'>(text === null && hasHtml ? 'html' : 'text');
  return (
    <div className="flex min-h-0 flex-col gap-3">
      <p className="flex items-start gap-2 rounded-lg bg-kumo-tint px-3 py-2 text-pretty">
        <ShieldWarningIcon size={18} aria-hidden className="mt-0.5 shrink-0" />
        Shown safely: nothing of it runs, no picture is loaded, and its links do not work.
      </p>
      <Files message={message} files={paths.files} />
      {notShown === null ? null : <TooMuch sizeBytes={message.sizeBytes} />}
      {hasHtml && text !== null ? (
        <div>
          <Button
            size="sm"
            icon={<FileTextIcon size={16} aria-hidden />}
            onClick={() => setForm(form === 'html' ? 'text' : 'html')}
          >
            {form === 'html' ? 'Plain text' : 'Formatted'}
          </Button>
        </div>
      ) : null}
      {notShown === null ? <Body message={message} form={form} html={paths.html} /> : null}
    </div>
  );
}

type BodyProps = { readonly message: QuarantinedContent; readonly form: 'text' | 'html'; readonly html: string };

function Body({ message, form, html }: BodyProps): ReactElement {
  if (form === 'html') return <SafeFrame title={`Message from ${senderWords(message)}`} src={html} links="dead" />;
  if (message.text === null || message.text.trim() === '')
    return <p className="text-kumo-subtle">This message has no text.</p>;
  return (
    <div className="max-h-[60dvh] max-w-[80ch] overflow-y-auto rounded-lg border border-kumo-line p-3 leading-relaxed break-words whitespace-pre-wrap">
      {message.text}
    </div>
  );
}

function TooMuch({ sizeBytes }: { readonly sizeBytes: number }): ReactElement {
  return (
    <Notice tone="plain" icon={FileTextIcon} title="This message cannot be shown here">
      It has {fileSize(sizeBytes)} or too many parts for that. It is kept whole.
    </Notice>
  );
}

type File = { readonly name: string; readonly href: string };

function Files({ message, files }: { readonly message: QuarantinedContent; readonly files: PreviewPaths['files'] }) {
  const [asked, setAsked] = useState<File | undefined>(undefined);
  return (
    <>
      <ul className="flex flex-wrap items-center gap-2">
        {message.attachments.map(({ index, fileName, sizeBytes }) => (
          <li
            key={index}
            className="flex max-w-full flex-wrap items-center gap-x-2 rounded-lg border border-kumo-line px-3 py-1.5"
          >
            <span className="min-w-0 break-all">{fileName}</span>
            <span className="text-sm">{fileSize(sizeBytes)}</span>
            {files === undefined ? null : (
              <SaveButton name={fileName} onAsk={() => setAsked({ name: fileName, href: files.attachment(index) })} />
            )}
          </li>
        ))}
        {files === undefined ? null : (
          <li>
            <SaveButton name="the whole message" onAsk={() => setAsked({ name: 'message.eml', href: files.original })}>
              Whole message (.eml)
            </SaveButton>
          </li>
        )}
      </ul>
      <WarningDialog message={message} file={asked} onClose={() => setAsked(undefined)} />
    </>
  );
}

type SaveButtonProps = { readonly name: string; readonly onAsk: () => void; readonly children?: string };

function SaveButton({ name, onAsk, children = 'Save…' }: SaveButtonProps): ReactElement {
  return (
    <Button variant="ghost" icon={<DownloadSimpleIcon size={18} aria-hidden />} onClick={onAsk}>
      {children}
      <span className="sr-only">: {name}</span>
    </Button>
  );
}

type WarningDialogProps = {
  readonly message: QuarantinedContent;
  readonly file: File | undefined;
  readonly onClose: () => void;
};

function WarningDialog({ message, file, onClose }: WarningDialogProps): ReactElement {
  const saving = useMutation({ mutationFn: startDownload, onSuccess: onClose });
  return (
    <Dialog.Root role="alertdialog" open={file !== undefined} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog className="p-6">
        <Dialog.Title className="text-lg font-semibold">Take “{file?.name}” out of the quarantine?</Dialog.Title>
        <Dialog.Description className="mt-1 text-pretty">{warningWords(message.cause)}</Dialog.Description>
        <ProblemBelow error={saving.error} />
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Dialog.Close render={<Button>Leave it there</Button>} />
          <Button
            variant="destructive"
            loading={saving.isPending}
            onClick={() => (file === undefined ? undefined : saving.mutate(`${file.href}?warned=yes`))}
          >
            I know, save it
          </Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}
