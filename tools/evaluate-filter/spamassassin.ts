import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.ts';
import type { Peer, PeerTask } from './peer.ts';

// Its own command line takes a second to start for each message; this asks the same library, once started.
const JUDGE = `use Mail::SpamAssassin;
my $filter = Mail::SpamAssassin->new({ local_tests_only => 1, userprefs_filename => $ARGV[0], dont_copy_prefs => 1 });
$filter->init(1);
while (my $path = <STDIN>) {
  chomp $path;
  open(my $file, '<', $path) or next;
  my $text = do { local $/; <$file> };
  my $message = $filter->parse($text);
  my $status = $filter->check($message);
  printf "%d %s\\n", $status->is_spam(), $path;
  $status->finish();
  $message->finish();
}`;

/**
 * Version 4 without the network, its Bayes taught by sa-learn. At its threshold of 5.0 it says "spam", below "ham"; it is never unsure,
 * which is to its advantage in that column.
 */
export const judgeWithSpamAssassin: Peer = async (task) => {
  const preferences = preferencesIn(task);
  await learn(task, preferences);
  const before = performance.now();
  const { code, output } = await run(
    'perl',
    ['-e', JUDGE, preferences],
    task.files.map(({ path }) => `${path}\n`).join(''),
  );
  const totalMs = performance.now() - before;
  if (code !== 0) throw new Error('SpamAssassin is not installed, or failed');
  const caught = new Set(output.split('\n').flatMap((line) => (line.startsWith('1 ') ? [line.slice(2)] : [])));
  return {
    judged: task.files.map(({ path, label }) => ({ path, label, answer: caught.has(path) ? 'spam' : 'ham' })),
    totalMs,
  };
};

function preferencesIn({ home }: PeerTask): string {
  const path = join(home, 'user_prefs');
  writeFileSync(path, `use_bayes 1\nbayes_auto_learn 0\nbayes_path ${join(home, 'bayes')}\nskip_rbl_checks 1\n`);
  return path;
}

async function learn({ home, training }: PeerTask, preferences: string): Promise<void> {
  for (const label of ['ham', 'spam'] as const) {
    const files = training.filter((file) => file.label === label);
    if (files.length === 0) continue;
    const list = join(home, `learn-${label}`);
    writeFileSync(list, files.map(({ path }) => `${path}\n`).join(''));
    await run('sa-learn', ['-p', preferences, '-L', `--${label}`, '--no-sync', '-f', list]);
  }
  await run('sa-learn', ['-p', preferences, '--sync']);
}
