// Runs before the first paint: decides between the two palettes that are both on the page.
(() => {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = document.cookie.match(/(?:^|; )facialr1-theme=(\w+)/)?.[1] ?? "system";
    const isDark = choice === "dark" || (choice !== "light" && device.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  apply();
  device.addEventListener("change", apply);
  document.addEventListener("themechosen", apply);

  // A restarted portal does not know this page any more. Everything worth keeping is stored and in the address, so start afresh.
  // The event does not bubble, so it is caught on its way down.
  document.addEventListener("components-reconnect-state-changed", event => {
    if (event.detail?.state === "rejected") location.reload();
  }, true);
  document.addEventListener("click", event => {
    if (event.target.closest?.(".reconnect-reload")) location.reload();
  });
})();
