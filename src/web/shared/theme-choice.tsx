/** Light or dark, as a part of a menu. */
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import type { ReactElement } from 'react';
import { isTheme, useTheme } from './theme.ts';

export function ThemeChoice(): ReactElement {
  const [theme, setTheme] = useTheme();
  return (
    <DropdownMenu.RadioGroup value={theme} onValueChange={(value: unknown) => isTheme(value) && setTheme(value)}>
      <ThemeItem value="system" words="Light or dark, as the system" />
      <ThemeItem value="light" words="Always light" />
      <ThemeItem value="dark" words="Always dark" />
    </DropdownMenu.RadioGroup>
  );
}

function ThemeItem({ value, words }: { readonly value: string; readonly words: string }): ReactElement {
  return (
    <DropdownMenu.RadioItem value={value}>
      {words}
      <DropdownMenu.RadioItemIndicator />
    </DropdownMenu.RadioItem>
  );
}
