/** A file that is written while it is sent. Always a download, never something a browser shows: its content is a stranger's. */
import type { LogEvent } from '../core/event.ts';
import { problemOf } from '../core/problem-of.ts';

export type Download = {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: AsyncGenerator<Uint8Array>;
};

/** A failure in the middle breaks the connection: the browser shows a failed download, curl an error, and nobody half a file. */
export function download({ fileName, contentType, bytes }: Download, log: (event: LogEvent) => void): Response {
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await bytes.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          log({ kind: 'trouble', where: 'export', problem: problemOf(cause) });
          controller.error(cause);
        }
      },
      async cancel() {
        await bytes.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, {
    headers: {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName.replace(/[^\w.@+-]/g, '_')}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
    },
  });
}
