/** The message itself: plain text, or HTML in a frame that can run nothing and knows nothing of this page. */
import { Button, buttonVariants } from '@cloudflare/kumo/components/button';
import { DownloadSimpleIcon, FileTextIcon, ImageIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { fileSize } from '../shared/format.ts';
import { Notice } from '../shared/notice.tsx';
import { SafeFrame } from '../shared/safe-frame.tsx';
import { htmlPath, type Message, originalPath } from './api.ts';
import { linkify } from './linkify.ts';
import { nameOf } from './recipients.ts';

export function MessageBody({ message }: { readonly message: Message }): ReactElement {
  if (message.notShown !== null) return <NotShown message={message} reason={message.notShown} />;
  if (message.hasHtml) return <HtmlBody message={message} />;
  if (message.text === null || message.text.trim() === '')
    return <p className="text-kumo-subtle">This message has no text.</p>;
  return <PlainText text={message.text} />;
}

function PlainText({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="max-w-[80ch] text-[15px] leading-relaxed break-words whitespace-pre-wrap">
      {linkify(text).map((piece) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a
            key={piece.at}
            href={piece.text}
            target="_blank"
            rel="noopener noreferrer"
            className="text-kumo-link underline"
          >
            {piece.text}
          </a>
        ),
      )}
    </div>
  );
}

function HtmlBody({ message }: { readonly message: Message }): ReactElement {
  const [images, setImages] = useState<'blocked' | 'shown'>('blocked');
  const [form, setForm] = useState<'html' | 'text'>('html');
  const hasText = message.text !== null && message.text.trim() !== '';
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-kumo-tint px-3 py-2">
        <p className="flex min-w-60 flex-1 items-start gap-2 text-pretty">
          <ImageIcon size={18} aria-hidden className="mt-0.5 shrink-0" />
          {images === 'blocked'
            ? 'Remote images are not loaded: they would tell the sender that you read this.'
            : 'Remote images are loaded for this message.'}
        </p>
        <div className="flex flex-wrap gap-2">
          {images === 'blocked' && form === 'html' ? (
            <Button size="sm" onClick={() => setImages('shown')}>
              Show remote images
            </Button>
          ) : null}
          {hasText ? (
            <Button
              size="sm"
              icon={<FileTextIcon size={16} aria-hidden />}
              onClick={() => setForm(form === 'html' ? 'text' : 'html')}
            >
              {form === 'html' ? 'Plain text' : 'Formatted'}
            </Button>
          ) : null}
        </div>
      </div>
      {form === 'html' ? (
        <SafeFrame
          key={images}
          title={`Message from ${nameOf(message.from)}`}
          src={htmlPath(message.id, images)}
          links="open-beside"
        />
      ) : (
        <PlainText text={message.text ?? ''} />
      )}
    </>
  );
}

function NotShown({
  message,
  reason,
}: {
  readonly message: Message;
  readonly reason: 'too-large' | 'too-complex';
}): ReactElement {
  const why =
    reason === 'too-large'
      ? `It is too large for that (${fileSize(message.sizeBytes)}).`
      : 'It is built from too many parts for that.';
  const download = (
    <a href={originalPath(message.id)} download="message.eml" className={buttonVariants({ variant: 'secondary' })}>
      <DownloadSimpleIcon size={18} aria-hidden />
      Download the original
    </a>
  );
  return (
    <Notice tone="plain" icon={FileTextIcon} title="This message cannot be shown here" action={download}>
      {why} Nothing of it is missing: the whole message is kept, and any mail program opens the original.
    </Notice>
  );
}
