// Follows the pointer over a plot. The server draws; here only places from 0 to 1 are made of pixels. A move is sent when the last one was answered.
export function follow(plot, chart) {
  const band = plot.querySelector(".chart-selection");
  let begin = null, wanted, sent, isSending = false;
  const place = event => {
    const box = plot.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const send = async at => {
    wanted = at;
    if (isSending) return;
    isSending = true;
    try {
      while (wanted !== sent) { sent = wanted; await chart.invokeMethodAsync("Hover", sent); }
    } catch { /* the circuit is gone */ } finally { isSending = false; }
  };
  const down = event => { if (event.button === 0 && event.pointerType !== "touch") { begin = place(event); plot.setPointerCapture(event.pointerId); } };
  const move = event => {
    const at = place(event);
    send(at);
    if (begin === null) return;
    band.hidden = Math.abs(at - begin) < 0.01;
    band.style.left = `${Math.min(at, begin) * 100}%`;
    band.style.width = `${Math.abs(at - begin) * 100}%`;
  };
  const up = event => {
    const at = place(event), from = begin;
    begin = null;
    band.hidden = true;
    if (from === null) { if (event.pointerType === "touch") send(at); return; }
    chart.invokeMethodAsync(...(Math.abs(at - from) < 0.01 ? ["OpenAsync", at] : ["SelectAsync", from, at])).catch(() => { });
  };
  const leave = () => { if (begin === null) send(null); };
  const cancel = () => { begin = null; band.hidden = true; };
  // Tab leads on to the next chart, and shortcuts of the browser stay the browser's: the server's blanket "prevent default" must not see them.
  const keys = event => {
    const isOurs = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "+", "=", "-", "0", "Escape", "Enter"].includes(event.key);
    if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) event.stopPropagation();
  };
  const heard = [["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointerleave", leave], ["pointercancel", cancel], ["keydown", keys]];
  for (const [name, action] of heard) plot.addEventListener(name, action);
  return { stop() { for (const [name, action] of heard) plot.removeEventListener(name, action); } };
}

// The chart as it is seen, twice as fine: paths, ticks, legend and title on the page's own colours.
export async function savePicture(card, title, fileName) {
  const scale = 2, margin = 12, box = card.getBoundingClientRect(), plot = card.querySelector(".chart-plot"), area = plot.getBoundingClientRect();
  const style = getComputedStyle(card);
  const canvas = document.createElement("canvas");
  const bottom = card.querySelector(".chart-x").getBoundingClientRect().bottom - box.top + margin;
  canvas.width = box.width * scale;
  canvas.height = bottom * scale;
  const draw = canvas.getContext("2d");
  draw.scale(scale, scale);
  draw.fillStyle = style.backgroundColor;
  draw.fillRect(0, 0, box.width, bottom);

  for (const path of plot.querySelectorAll("svg path")) {
    const look = getComputedStyle(path), stretched = new Path2D();
    stretched.addPath(new Path2D(path.getAttribute("d")), new DOMMatrix([area.width / 1000, 0, 0, area.height / 1000, area.left - box.left, area.top - box.top]));
    if (look.fill !== "none") { draw.globalAlpha = Number(look.fillOpacity) * Number(look.opacity); draw.fillStyle = look.fill; draw.fill(stretched); }
    if (look.stroke !== "none") {
      draw.globalAlpha = Number(look.strokeOpacity) * Number(look.opacity);
      draw.strokeStyle = look.stroke;
      draw.lineWidth = parseFloat(look.strokeWidth);
      draw.lineCap = look.strokeLinecap;
      draw.setLineDash(look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(",").map(parseFloat));
      draw.stroke(stretched);
    }
  }
  draw.globalAlpha = 1;
  draw.setLineDash([]);

  for (const text of card.querySelectorAll("h3, .chart-legend li, .chart-y span, .chart-x span")) {
    const look = getComputedStyle(text), place = text.getBoundingClientRect();
    draw.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    draw.fillStyle = look.color;
    draw.textBaseline = "middle";
    const swatch = text.querySelector("svg")?.getBoundingClientRect();
    if (swatch) {
      const line = getComputedStyle(text.querySelector("path"));
      draw.strokeStyle = line.stroke;
      draw.lineWidth = 2;
      draw.setLineDash(line.strokeDasharray === "none" ? [] : line.strokeDasharray.split(",").map(parseFloat));
      draw.beginPath();
      draw.moveTo(swatch.left - box.left, swatch.top + swatch.height / 2 - box.top);
      draw.lineTo(swatch.right - box.left, swatch.top + swatch.height / 2 - box.top);
      draw.stroke();
      draw.setLineDash([]);
    }
    draw.fillText(text.textContent.trim(), (swatch ? swatch.right + 4 : place.left) - box.left, place.top + place.height / 2 - box.top);
  }

  const picture = await new Promise(done => canvas.toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
