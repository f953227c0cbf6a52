// The person's theme, as the server knows it, before anything is drawn. Django's theme.js keeps the same key.
(() => {
  "use strict";
  const theme = document.querySelector("meta[name=voronka-theme]").content;
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem("theme", theme); } catch { /* no storage */ }
})();
