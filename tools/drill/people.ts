/** The people of Harbour Ltd in the emergency: what they find in the webmail, and what they write there. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { logIn, type Webmail } from '../stack/webmail.ts';
import type { Scene } from './scene.ts';
import type { Accepted } from './sender.ts';
import type { Expected } from './tally.ts';
import { until } from './until.ts';

const READ_LIMIT_MS = 60_000;
const SHOW_LIMIT_MS = 30_000;
const CORRESPONDENT = 'sender3@world.example';
const NOTE = 'Our server';

/** The first message that can be opened, and the person's session to go on with. */
export async function readFirst({
  stack,
  staff,
}: Scene): Promise<{ readonly mailbox: Webmail; readonly subject: string }> {
  const { address, password } = personAt(staff, 0);
  const mailbox = await logIn(stack.url, address, password);
  const look = async () => (await mailbox.list('inbox'))[0];
  const first = await until({ what: 'a message can be read in the webmail', limitMs: READ_LIMIT_MS, look });
  await mailbox.read(first.id);
  return { mailbox, subject: first.subject };
}

/** How many of `kept` their recipients see; ends early when it is all of them. */
export async function countShown(scene: Scene, kept: readonly Accepted[]): Promise<number> {
  const mailboxes = new Map<string, Webmail>();
  for (const { address, password } of scene.staff) {
    mailboxes.set(address, await logIn(scene.stack.url, address, password));
    scene.screen.progress('people logged in', mailboxes.size, scene.staff.length);
  }
  const end = Date.now() + SHOW_LIMIT_MS;
  for (;;) {
    const shown = await countOnce(mailboxes, kept);
    if (shown === kept.length || Date.now() > end) return shown;
    await wait(200);
  }
}

async function countOnce(mailboxes: ReadonlyMap<string, Webmail>, kept: readonly Accepted[]): Promise<number> {
  let shown = 0;
  for (const [address, mailbox] of mailboxes) {
    const subjects = new Set((await mailbox.list('inbox')).map(({ subject }) => subject));
    shown += kept.filter(({ message }) => message.recipient === address && subjects.has(message.subject)).length;
  }
  return shown;
}

/** What must come of the two messages written: at the gateway after the repair, and in the world. */
export type Written = { readonly atGateway: readonly Expected[]; readonly inWorld: readonly Expected[] };

export async function write(scene: Scene, mailbox: Webmail): Promise<Written> {
  const { screen, stack, world, staff } = scene;
  const author = personAt(staff, 0);
  const colleague = personAt(staff, 1);
  const answered = (await mailbox.list('inbox'))[0]?.id ?? null;
  await mailbox.write({
    to: [CORRESPONDENT],
    subject: 'Re: your message',
    text: 'We are here.\n',
    inReplyTo: answered,
  });
  await mailbox.write({ to: [colleague.address], subject: NOTE, text: 'It is being repaired.\n', inReplyTo: null });
  const answer = await identify(mailbox, 'Re: your message');
  const note = await identify(mailbox, NOTE);

  const other = await logIn(stack.url, colleague.address, colleague.password);
  const seen = async () => (await other.list('inbox')).find(({ subject }) => subject === NOTE);
  await until({ what: 'the colleague sees what was written to him', limitMs: SHOW_LIMIT_MS, look: seen });
  screen.step(`${author.name} writes to ${colleague.name}, who has it in his mailbox`);
  const arrived = async () => world.received()[0];
  await until({ what: 'the answer reaches the world', limitMs: SHOW_LIMIT_MS, look: arrived });
  screen.step(
    `${author.name} answers a message from outside; the world has it`,
    'a copy of everything written is kept',
  );
  return {
    atGateway: [
      { ...answer, recipient: author.address, copy: 'sent-copy' },
      { ...note, recipient: author.address, copy: 'sent-copy' },
      { ...note, recipient: colleague.address, copy: 'message' },
    ],
    inWorld: [{ ...answer, recipient: CORRESPONDENT, copy: 'message' }],
  };
}

async function identify(mailbox: Webmail, wanted: string): Promise<Pick<Expected, 'messageId' | 'sha256'>> {
  // Copies are filed in batches, a moment after the sending is confirmed.
  const look = async () => (await mailbox.list('sent')).find(({ subject }) => subject === wanted);
  const { id } = await until({ what: `"${wanted}" lies in the folder of sent messages`, limitMs: SHOW_LIMIT_MS, look });
  const { messageId } = await mailbox.read(id);
  const sha256 = createHash('sha256')
    .update(await mailbox.original(id))
    .digest('hex');
  return { messageId: (messageId ?? '').replace(/^<|>$/g, ''), sha256 };
}

function personAt(staff: Scene['staff'], index: number): Scene['staff'][number] {
  const person = staff[index];
  if (person === undefined) throw new Error('the drill needs two people');
  return person;
}
