/** knip says nothing when it is content, not even that it looked: this reporter adds the number. */

// biome-ignore lint/style/noDefaultExport: knip loads a reporter by its default export
export default function count({ counters }: { readonly counters: { readonly processed: number } }): void {
  process.stdout.write(`knip processed ${counters.processed} files\n`);
}
