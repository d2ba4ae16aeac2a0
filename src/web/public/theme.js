// Runs before the first paint, so that nobody in the dark is dazzled. The choice itself is made in shared/theme.ts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('breakwater.theme');
  } catch {
    // Storage may be forbidden; then the system decides.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mode = dark ? 'dark' : 'light';
})();
