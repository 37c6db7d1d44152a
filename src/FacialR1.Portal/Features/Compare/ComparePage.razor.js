// Single keys: j and k step through samples, / searches, ? shows the keys. They can be turned off, for those whose speech software types letters.
const switchName = "facialr1-single-keys";
const dialog = () => document.getElementById("compare-keys");
const isOn = () => { try { return localStorage.getItem(switchName) !== "off"; } catch { return true; } };

export function showKeys() {
  const shown = dialog();
  if (!shown || shown.open) return;
  shown.querySelector("[data-key-switch]").checked = isOn();
  shown.showModal();
}

export function reveal(id) {
  const link = document.getElementById(id);
  if (!link) return;
  link.focus({ preventScroll: true });
  link.closest("tr").scrollIntoView({ block: "nearest" });
  link.closest("tr").nextElementSibling?.scrollIntoView({ block: "nearest" });
}

export function listen(page) {
  const heard = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog()?.open) return;
    const typed = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (typed) {
      if (event.key === "Escape") typed.blur();
      return;
    }
    if (event.key === "?") { event.preventDefault(); showKeys(); return; }
    if (!isOn()) return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); page.invokeMethodAsync("Step", event.key === "j" ? 1 : -1).catch(() => { }); }
    if (event.key === "/") {
      const search = document.getElementById("sample-search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  };
  const switched = event => {
    if (!event.target.matches?.("[data-key-switch]")) return;
    try { localStorage.setItem(switchName, event.target.checked ? "on" : "off"); } catch { /* no storage: on until the page is left */ }
  };
  document.addEventListener("keydown", heard);
  document.addEventListener("change", switched);
  return { stop() { document.removeEventListener("keydown", heard); document.removeEventListener("change", switched); } };
}
