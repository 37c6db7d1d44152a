// Stores the choice and asks theme.js, which owns the attribute, to look again.
export function remember(cookie, choice) {
  document.cookie = `${cookie}=${choice}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new Event("themechosen"));
}
