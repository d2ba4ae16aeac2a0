/**
 * What the client's people have taught the filter: one model, and of each message what was said of it last, so that a change of mind takes
 * back what was learned before and a repetition teaches nothing. SQL, and the model as core/spam has it.
 */
import type { MessageId } from '../core/ids.ts';
import { EMPTY_MODEL, type Label, learn, pruned, type SpamModel, unlearn } from '../core/spam/model.ts';
import { bytesOfModel, modelOfBytes } from '../core/spam/model-bytes.ts';
import type { Asker, Lesson, Taught } from '../pipeline/quarantine-port.ts';

/** `bytes`: null until something was taught */
type StoredModel = { readonly version: number; readonly bytes: Uint8Array | null };

// Poisoning: who has somebody's password, or a grudge, must not turn the company's filter around in a day. An administrator lets out and
// deletes for many.
const MOST_A_DAY: Readonly<Record<Asker['kind'], number>> = { user: 50, admin: 500 };
// A row holds 2 MB; a bucket takes three to six bytes. The ones seen least often go first.
const MAX_BUCKETS = 200_000;
const DAY_MS = 86_400_000;

export class Lessons {
  readonly #storage: DurableObjectStorage;
  #version: number | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Asked with every look at the client: known without the row, which is large. 0: nothing was ever taught. */
  get version(): number {
    this.#version ??=
      this.#sql.exec<{ version: number }>('SELECT version FROM filter_model').toArray()[0]?.version ?? 0;
    return this.#version;
  }

  stored(): StoredModel {
    const [row] = this.#sql
      .exec<{ version: number; bytes: ArrayBuffer }>('SELECT version, bytes FROM filter_model')
      .toArray();
    return row === undefined ? { version: 0, bytes: null } : { version: row.version, bytes: new Uint8Array(row.bytes) };
  }

  labelOf(id: MessageId): Label | undefined {
    return this.#sql.exec<{ label: Label }>('SELECT label FROM lessons WHERE id = ?', id).toArray()[0]?.label;
  }

  /** One commit; answers in the order of the lessons. */
  teach(asker: Asker, lessons: readonly Lesson[], now: number): readonly Taught[] {
    return this.#storage.transactionSync(() => {
      const before = this.#model();
      let model = before;
      const answers = lessons.map((lesson): Taught => {
        const known = this.labelOf(lesson.id);
        if (known === lesson.as || (known === undefined && lesson.as === 'nothing')) return 'known';
        if (lesson.as !== 'nothing' && !this.#hasRoom(asker, now)) return 'enough';
        const { tokens } = lesson;
        if (known !== undefined) model = unlearn(model, [{ label: known, tokens }]);
        if (lesson.as !== 'nothing') model = learn(model, [{ label: lesson.as, tokens }]);
        this.#remember(asker, lesson, now);
        return 'learned';
      });
      if (model !== before) this.#keep(pruned(model, MAX_BUCKETS));
      return answers;
    });
  }

  /** As if nobody had ever said anything. */
  reset(): number {
    return this.#storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM lessons');
      return this.#keep(EMPTY_MODEL);
    });
  }

  #model(): SpamModel {
    const { bytes } = this.stored();
    return (bytes === null ? undefined : modelOfBytes(bytes)) ?? EMPTY_MODEL;
  }

  #keep(model: SpamModel): number {
    const version = this.version + 1;
    this.#sql.exec(
      `INSERT INTO filter_model (number, version, bytes) VALUES (1, ?, ?)
       ON CONFLICT (number) DO UPDATE SET version = excluded.version, bytes = excluded.bytes`,
      version,
      bytesOfModel(model),
    );
    this.#version = version;
    return version;
  }

  #remember(asker: Asker, { id, as }: Lesson, now: number): void {
    if (as === 'nothing') {
      this.#sql.exec('DELETE FROM lessons WHERE id = ?', id);
      return;
    }
    this.#sql.exec(
      'INSERT INTO lessons (id, label, by, at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET label = excluded.label, by = excluded.by, at = excluded.at',
      id,
      as,
      nameOf(asker),
      now,
    );
    const day = Math.floor(now / DAY_MS);
    this.#sql.exec('DELETE FROM lesson_counts WHERE day < ?', day);
    this.#sql.exec(
      'INSERT INTO lesson_counts (by, day, count) VALUES (?, ?, 1) ON CONFLICT (by, day) DO UPDATE SET count = count + 1',
      nameOf(asker),
      day,
    );
  }

  #hasRoom(asker: Asker, now: number): boolean {
    const [row] = this.#sql
      .exec<{ count: number }>(
        'SELECT count FROM lesson_counts WHERE by = ? AND day = ?',
        nameOf(asker),
        Math.floor(now / DAY_MS),
      )
      .toArray();
    return (row?.count ?? 0) < MOST_A_DAY[asker.kind];
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}

function nameOf(asker: Asker): string {
  return asker.kind === 'admin' ? asker.by : asker.address;
}
