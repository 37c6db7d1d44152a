// The file input lies over the zone, so dropping works by itself. This adds pasting, and a highlight while something hangs over the zone.
let stopListening = () => {};

export function listen(zone) {
  const input = zone.querySelector("input[type=file]");
  const controller = new AbortController();
  const { signal } = controller;
  let depth = 0;
  const highlight = () => zone.classList.toggle("over", depth > 0);
  zone.addEventListener("dragenter", () => { depth++; highlight(); }, { signal });
  zone.addEventListener("dragleave", () => { depth--; highlight(); }, { signal });
  zone.addEventListener("drop", () => { depth = 0; highlight(); }, { signal });

  document.addEventListener("paste", event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || input.disabled) return;
    event.preventDefault();
    const pasted = new DataTransfer();
    files.forEach(file => pasted.items.add(file));
    input.files = pasted.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, { signal });
  stopListening = () => controller.abort();
}

export function leave() { stopListening(); }
