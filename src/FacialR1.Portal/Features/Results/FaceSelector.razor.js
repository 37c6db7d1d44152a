// Holding Shift takes everything off the photo, so that the face can be seen; letting go, or leaving the window, puts it back.
const hide = event => document.documentElement.toggleAttribute("data-bare-photos", event.type === "keydown" && event.key === "Shift" && !isWriting(event.target));
const isWriting = target => target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
let users = 0;

export function listen() {
  if (users++ > 0) return;
  addEventListener("keydown", hide);
  addEventListener("keyup", hide);
  addEventListener("blur", hide);
}

export function leave() {
  if (--users > 0) return;
  removeEventListener("keydown", hide);
  removeEventListener("keyup", hide);
  removeEventListener("blur", hide);
  document.documentElement.removeAttribute("data-bare-photos");
}
