import { Button } from '@cloudflare/kumo/components/button';
import { CheckIcon, CopyIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';

export function CopyButton({ text, words }: { readonly text: string; readonly words: string }): ReactElement {
  const [result, setResult] = useState<'none' | 'copied' | 'failed'>('none');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };
  return (
    <>
      <Button
        onClick={() => void copy()}
        icon={result === 'copied' ? <CheckIcon size={18} aria-hidden /> : <CopyIcon size={18} aria-hidden />}
      >
        {result === 'copied' ? 'Copied' : words}
      </Button>
      <span role="status" className={result === 'failed' ? 'self-center' : 'sr-only'}>
        {result === 'copied'
          ? 'Copied'
          : result === 'failed'
            ? 'The browser did not allow it: select the text and copy it by hand.'
            : ''}
      </span>
    </>
  );
}
