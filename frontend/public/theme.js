// Runs before the first paint, so that a chosen theme never flashes. The page's own code reads the same key.
try {
  const theme = JSON.parse(localStorage.getItem('revops.theme') ?? 'null');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be off; the system's theme then holds.
}
